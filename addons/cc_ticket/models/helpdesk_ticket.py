# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..utils.own_fields import ReadersProperties

LIVE = ("open", "progress", "feedback", "visit")
# what only moves change; a raw write is refused
GUARDED = {
    "stage_id",
    "type_id",
    "team_id",
    "user_id",
    "number",
    "company_id",
    "cc_version_id",
    "cc_step_id",
    "cc_state",
    "cc_creator_id",
    "cc_home_department_id",
    "cc_department_id",
    "cc_group_id",
    "cc_deadline",
    "cc_turn_id",
    "cc_rev",
    "cc_urge_count",
    "cc_waiting",
    "cc_result",
    "cc_warned",
    "cc_move_ids",
    "cc_turn_ids",
    "cc_reader_ids",
    "cc_reader_user_ids",
    "cc_extension_ids",
}


class HelpdeskTicket(models.Model):
    """A ticket that walks the flow of a template; tickets without one are left as OCA made them."""

    _inherit = "helpdesk.ticket"
    _order = "priority desc, sequence, id desc"  # by number it would be by text: HT99999, HT100001

    # called as our lists call them: these names are the columns of an Excel file
    number = fields.Char("Ticket no.")
    partner_id = fields.Many2one(string="Customer")
    user_id = fields.Many2one(string="Handler")
    type_id = fields.Many2one(string="Kind")
    priority = fields.Selection(string="Urgency")

    cc_template_id = fields.Many2one(
        "cc.ticket.template", "Template", index="btree_not_null", ondelete="restrict", tracking=True
    )
    cc_version_id = fields.Many2one(
        "cc.ticket.template.version",
        "Version",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    cc_properties = ReadersProperties(
        "Own fields",
        definition="cc_version_id.fields_definition",
        copy=True,
        groups="base.group_user",
    )
    cc_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "To be accepted"),
            ("progress", "In progress"),
            ("feedback", "Feedback given"),
            ("visit", "Return visit done"),
            ("closed", "Closed"),
        ],
        "State",
        copy=False,
        index=True,
    )
    cc_step_id = fields.Many2one("cc.ticket.step", "Step", ondelete="restrict", copy=False)
    cc_turn_id = fields.Many2one("cc.ticket.turn", "Turn", ondelete="set null", copy=False)
    cc_creator_id = fields.Many2one(
        "res.users", "Creator", index="btree_not_null", ondelete="restrict", copy=False
    )
    cc_home_department_id = fields.Many2one(
        "hr.department", "Created in", index="btree_not_null", ondelete="restrict", copy=False
    )
    cc_department_id = fields.Many2one(
        "hr.department",
        "With department",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    cc_group_id = fields.Many2one("res.groups", "With role", ondelete="restrict", copy=False)
    cc_deadline = fields.Datetime("Due", copy=False)
    cc_overdue = fields.Boolean("Overdue", compute="_compute_cc_overdue", search="_search_overdue")
    cc_waiting = fields.Boolean("Waits for the customer", copy=False)
    cc_warned = fields.Integer(
        "Warned of the deadline",
        copy=False,
        aggregator=None,
        help="1: ahead of it, 2: when it was over",
    )
    cc_urge_count = fields.Integer("Urges", copy=False)
    cc_result = fields.Text("Result", copy=False, groups="cc_telephony.group_agent")
    cc_rev = fields.Integer("Revision", default=0, copy=False, aggregator=None)
    cc_seen_rev = fields.Integer(
        "Revision seen", store=False, help="Sent by a form that saves: which revision it shows."
    )
    cc_turn_ids = fields.One2many(
        "cc.ticket.turn", "ticket_id", "Turns", groups="cc_telephony.group_agent"
    )
    cc_move_ids = fields.One2many(
        "cc.ticket.move", "ticket_id", "Handling history", groups="cc_telephony.group_agent"
    )
    cc_reader_ids = fields.One2many("cc.ticket.reader", "ticket_id", "Readers")
    # of its own, for the record rules: whoever may not read readers is still refused by them only
    cc_reader_user_ids = fields.Many2many(
        "res.users",
        "cc_ticket_reader_user_rel",
        "ticket_id",
        "user_id",
        "Readers' users",
        compute="_compute_cc_reader_user_ids",
        store=True,
        compute_sudo=True,
        copy=False,
    )
    cc_done_by_me = fields.Boolean(
        "Done by me", compute="_compute_cc_read_as", search="_search_done_by_me"
    )
    cc_copied_to_me = fields.Boolean(
        "I am in copy", compute="_compute_cc_read_as", search="_search_copied_to_me"
    )
    cc_extension_ids = fields.One2many(
        "cc.ticket.extension", "ticket_id", "Extensions", groups="cc_telephony.group_agent"
    )
    cc_parent_id = fields.Many2one(
        "helpdesk.ticket", "Parent ticket", index="btree_not_null", ondelete="restrict", copy=False
    )
    cc_child_ids = fields.One2many("helpdesk.ticket", "cc_parent_id", "Sub-tickets")
    cc_call_ids = fields.Many2many(
        "cc.call", "cc_ticket_call_rel", "ticket_id", "call_id", "Calls", copy=False
    )
    cc_call_count = fields.Integer("Number of calls", compute="_compute_cc_counts")
    cc_child_count = fields.Integer("Number of sub-tickets", compute="_compute_cc_counts")
    cc_can_edit = fields.Boolean(compute="_compute_cc_can_edit")

    _cc_todo = models.Index(
        "(user_id, cc_department_id) WHERE cc_state IN ('open', 'progress', 'feedback', 'visit')"
    )
    _cc_order = models.Index("(priority DESC, sequence, id DESC) WHERE active")
    _cc_partner = models.Index("(partner_id) WHERE partner_id IS NOT NULL")

    # ---- computes ----

    @api.depends("name", "number")
    def _compute_display_name(self):  # pylint: disable=missing-return
        new = self.filtered(lambda ticket: not ticket._origin.id)
        new.display_name = self.env._("New ticket")
        super(HelpdeskTicket, self - new)._compute_display_name()

    @api.depends("cc_deadline", "cc_state")
    def _compute_cc_overdue(self):
        now = fields.Datetime.now()
        for ticket in self:
            ticket.cc_overdue = bool(
                ticket.cc_state in LIVE and ticket.cc_deadline and ticket.cc_deadline < now
            )

    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("cc_state", "in", LIVE) & Domain("cc_deadline", "<", fields.Datetime.now())
        return late if True in value else ~late

    @api.depends("cc_reader_ids.user_id")
    def _compute_cc_reader_user_ids(self):
        for ticket in self:
            ticket.cc_reader_user_ids = ticket.cc_reader_ids.user_id

    @api.depends_context("uid")
    @api.depends("cc_reader_ids.user_id", "cc_reader_ids.kind")
    def _compute_cc_read_as(self):
        for ticket in self:
            ticket.cc_done_by_me = ticket._cc_reads_as("past")
            ticket.cc_copied_to_me = ticket._cc_reads_as("copy")

    def _search_read_as(self, kind, operator, value):
        """The user's own rows are looked up past their rules: the ticket's rules hold anyway, and asking both
        takes three times as long with 100,000 tickets.
        """
        if operator != "in":
            return NotImplemented
        own = Domain("user_id", "=", self.env.uid) & Domain("kind", "=", kind)
        mine = Domain("cc_reader_ids", "any!", own)
        return mine if True in value else ~mine

    def _search_done_by_me(self, operator, value):
        return self._search_read_as("past", operator, value)

    def _search_copied_to_me(self, operator, value):
        return self._search_read_as("copy", operator, value)

    def _compute_cc_counts(self):
        for ticket in self:
            ticket.cc_call_count = len(ticket.cc_call_ids)
            ticket.cc_child_count = len(ticket.cc_child_ids)

    @api.depends_context("uid")
    @api.depends("cc_state", "user_id", "cc_creator_id", "cc_department_id")
    def _compute_cc_can_edit(self):
        for ticket in self:
            ticket.cc_can_edit = ticket.has_access("write") if ticket._origin.id else True

    @api.depends("team_id")
    def _compute_user_id(self):  # pylint: disable=missing-return
        """The handler of a flow is set by its moves, whatever the team."""
        plain = self.filtered(lambda ticket: not ticket.cc_template_id)
        for ticket in self - plain:
            ticket.user_id = ticket.user_id
        super(HelpdeskTicket, plain)._compute_user_id()

    @api.depends("team_id")
    def _compute_stage_id(self):  # pylint: disable=missing-return
        plain = self.filtered(lambda ticket: not ticket.cc_template_id)
        for ticket in self - plain:
            ticket.stage_id = ticket.stage_id
        super(HelpdeskTicket, plain)._compute_stage_id()

    @api.constrains("cc_parent_id")
    def _check_parent(self):
        if self._has_cycle("cc_parent_id"):
            raise ValidationError(self.env._("A ticket cannot be a sub-ticket of itself."))

    # ---- own fields ----

    @api.onchange("cc_template_id")
    def _onchange_cc_template_id(self):
        """A new ticket shows its template's own fields at once."""
        if self.cc_state in (False, "draft"):
            said = dict(self.cc_properties._values or {})
            self.cc_version_id = self.cc_template_id.version_id
            # named one by one: without a value Odoo takes them for unchanged, and sends none to the page
            self.cc_properties = {
                item["name"]: said.get(item["name"], item.get("default") or False)
                for item in self.cc_version_id.sudo().fields_definition  # sudo: as Odoo reads it
            }

    def get_property_definition(self, full_name):
        """An own field as lists and groups ask for it, without saying of which version: of the newest that
        has it, in the reader's language.
        """
        definition = super().get_property_definition(full_name)
        if definition and full_name.startswith("cc_properties."):
            # sudo: cc.ticket.field - what a field is called, for who may read tickets
            rows_sudo = self.env["cc.ticket.field"].sudo()
            used = [("code", "=", definition["name"]), ("version_id.state", "!=", "draft")]
            row_sudo = rows_sudo.search(used, order="id desc", limit=1)
            for item in row_sudo.version_id.fields_definition:
                if item["name"] == row_sudo.code:
                    return row_sudo._cc_words(item)
        return definition

    # ---- create, write ----

    @api.model_create_multi
    def create(self, vals_list):
        """Tickets with a template begin as drafts of who makes them, in the template's newest version."""
        for vals in vals_list:
            self._cc_check_named(vals)
        if not any(vals.get("cc_template_id") for vals in vals_list):
            return super().create(vals_list)
        if not all(vals.get("cc_template_id") for vals in vals_list):
            return self.browse(ticket.id for vals in vals_list for ticket in self.create([vals]))
        self.check_access("create")
        if not self.env.su and not self.env.user.has_group("cc_telephony.group_agent"):
            raise AccessError(self.env._("Agents make tickets from templates."))
        prepared = [self._cc_prepare(vals) for vals in vals_list]
        # sudo: helpdesk.ticket - OCA's SLA rows are made as the user, who may not; checked above
        model_sudo = self.sudo().with_context(mail_create_nosubscribe=True, cc_move=True)
        tickets_sudo = super(HelpdeskTicket, model_sudo).create(prepared)
        for ticket in tickets_sudo:
            ticket._cc_log("create")
        return tickets_sudo.with_env(self.env)

    @api.model
    def _cc_prepare(self, vals):
        """:return: the values of a new ticket, with what its template says"""
        template = self.env["cc.ticket.template"].browse(vals["cc_template_id"])
        template.check_access("read")
        if not template.version_id:
            raise UserError(
                self.env._("Template “%(name)s” is not published yet.", name=template.name)
            )
        if not (template.active or self.env.su or vals.get("cc_parent_id")):
            raise UserError(
                self.env._("Template “%(name)s” is no longer in use.", name=template.name)
            )
        vals = {key: value for key, value in vals.items() if key not in GUARDED | {"cc_seen_rev"}}
        if not vals.get("description"):
            # OCA wants one; what it is about may say it all
            vals.pop("description", None)
        self._cc_check_parent(vals.get("cc_parent_id"))
        self._cc_check_rows(vals)
        partner = self.env["res.partner"].browse(vals.get("partner_id") or ())
        user = self.env.user
        # sudo: helpdesk.ticket.team - the stages of the template's team
        team_sudo = template.sudo().team_id
        return {
            "name": template.name,
            "description": "<p></p>",
            "priority": template.priority,
            "partner_name": partner.name,
            "partner_email": partner.email,
            **vals,
            "type_id": template.type_id.id,
            "team_id": team_sudo.id,
            "user_id": False,
            "company_id": (template.company_id or team_sudo.company_id or self.env.company).id,
            "stage_id": self._cc_stage_of(team_sudo, "open").id,
            "cc_version_id": template.version_id.id,
            "cc_state": "draft",
            "cc_creator_id": user.id,
            "cc_home_department_id": user._cc_home_department().id,
        }

    def _cc_check_rows(self, vals):
        """A new ticket is made with superuser rights: its rows are looked at here.

        :raise AccessError: rows that are there already would be changed or deleted, or taken from another
            ticket; or the user may not read or make them
        """
        if self.env.su:
            return
        for name in vals:
            field = self._fields.get(name)
            if not field or field.type not in ("one2many", "many2many"):
                continue
            rows = self.env[field.comodel_name]
            commands = vals[name] or ()
            if commands and not isinstance(commands[0], (list, tuple)):
                # Odoo takes bare ids, too
                commands = [Command.set(commands)]
            for command in commands:
                code, id_, more = (*command, False, False)[:3]
                if code == Command.CREATE and name != "cc_child_ids":
                    rows.check_access("create")
                elif code in (Command.LINK, Command.SET) and field.type == "many2many":
                    rows.browse(more if code == Command.SET else id_).check_access("read")
                elif code != Command.CLEAR:
                    raise AccessError(
                        self.env._("These records cannot be changed together with a new ticket.")
                    )

    def _cc_check_parent(self, parent_id):
        """:raise AccessError: the user may not hang a ticket below this one"""
        if parent_id and not self.env.su:
            parent = self.browse(parent_id)
            parent.check_access("read")
            if not parent._cc_may_have_child():
                parent.check_access("write")

    def _cc_check_named(self, vals):
        """:raise AccessError: a ticket is named as the same as one that the user may not read: reading it from
        there would tell its name
        """
        named = self.browse(vals.get("duplicate_id") or ())
        if named and not self.env.su:
            # sudo: helpdesk.ticket - whether it is one of ours; those are asked
            named.sudo().filtered("cc_template_id").sudo(False).check_access("read")

    def _cc_may_have_child(self):
        """:return: whether the user may hang a ticket below this one, which waits for it, or closes with the
        last: who has it, made it, or leads
        """
        self.ensure_one()
        running = self.cc_state in LIVE
        return not running or self.cc_creator_id == self.env.user or self.has_access("write")

    def _cc_check_calls(self, commands):
        """:raise AccessError: a call would be tied to these that the user may not read"""
        calls = self.env["cc.call"]
        for command in () if self.env.su else commands or ():
            code, id_, ids = (*command, False, False)[:3]
            if code in (Command.LINK, Command.SET):
                asked = calls.browse(ids if code == Command.SET else id_)
                known_sudo = self.sudo().cc_call_ids  # sudo: cc.call - those that are there stay
                (asked - known_sudo.sudo(False)).check_access("read")

    def write(self, vals):
        self._cc_check_named(vals)
        seen = vals.get("cc_seen_rev")
        vals = {key: value for key, value in vals.items() if key != "cc_seen_rev"}
        flowing = self.filtered("cc_template_id")
        if flowing and "description" in vals and not vals["description"]:
            vals["description"] = "<p></p>"
        if flowing and not (self.env.su and self.env.context.get("cc_move")):
            guarded = (GUARDED | {"cc_schedule_id"}) & vals.keys()
            if guarded and any(flowing._cc_differs(name, vals[name]) for name in guarded):
                raise UserError(
                    self.env._(
                        "Ticket %(number)s follows a flow. Use its moves (accept, "
                        "submit, pass on …) to change its handler and stage.",
                        number=flowing[0].number,
                    )
                )
            vals = {key: value for key, value in vals.items() if key not in guarded}
            if "cc_template_id" in vals and any(
                ticket.cc_state != "draft" or not vals["cc_template_id"] for ticket in flowing
            ):
                raise UserError(self.env._("The template can only be changed on a draft."))
            if not (vals.get("active", True) or self.env.su) and any(
                ticket.cc_state in LIVE for ticket in flowing
            ):
                raise UserError(
                    self.env._("A running ticket cannot be archived. Close it instead.")
                )
            flowing._cc_check_stale(seen)
            self._cc_check_parent(vals.get("cc_parent_id"))
            flowing._cc_check_calls(vals.get("cc_call_ids"))
        elif "cc_template_id" in vals and not self.env.context.get("cc_move"):
            plain = self - flowing
            if plain and vals["cc_template_id"]:
                raise UserError(
                    self.env._("The template can only be chosen when a ticket is created.")
                )
        result = super().write(vals)
        if "cc_template_id" in vals and not self.env.context.get("cc_move"):
            for ticket in flowing:
                template = ticket.cc_template_id
                ticket.sudo()._cc_write(  # sudo: a draft's own, the template was chosen anew
                    {
                        "cc_version_id": template.version_id.id,
                        "type_id": template.type_id.id,
                        "team_id": template.sudo().team_id.id,
                    }
                )
        if flowing and vals and not self.env.su:
            flowing._cc_bump()
        return result

    def _cc_differs(self, name, value):
        field = self._fields[name]
        return any(
            field.convert_to_cache(value, ticket, validate=False)
            != field.convert_to_cache(ticket[name], ticket, validate=False)
            if field.type not in ("one2many", "many2many")
            else bool(value)
            for ticket in self
        )

    def _cc_check_stale(self, seen):
        """Never overwrite silently what somebody else has written since the form was loaded.

        :param int seen: the revision that the form shows (``cc_seen_rev``); None from elsewhere
        """
        for ticket in self:
            if seen is not None and seen != ticket.cc_rev:
                ticket._cc_raise_stale()

    def _cc_raise_stale(self):
        self.ensure_one()
        # sudo: helpdesk.ticket, cc.ticket.move - who was faster, for the sentence
        ticket_sudo = self.sudo()
        move_sudo = ticket_sudo.cc_move_ids[:1]
        kinds = dict(move_sudo._fields["kind"]._description_selection(self.env))
        # a move is written in the same transaction as its ticket; what was only saved comes later
        if move_sudo and move_sudo.create_date >= ticket_sudo.write_date:
            what = kinds[move_sudo.kind]
            what += f" → {move_sudo.to_step}" if move_sudo.to_step else ""
        else:
            what = self.env._("saved other values")
        raise UserError(
            self.env._(
                "%(who)s has changed ticket %(number)s in the meantime (%(what)s). Your text is "
                "still here; reload the ticket to see the changes.",
                who=(ticket_sudo.write_uid or move_sudo.user_id).name,
                number=self.number,
                what=what,
            )
        )

    def _cc_bump(self):
        """Count a change: who holds an older revision is told when saving."""
        for ticket in self:
            ticket.sudo()._cc_write({"cc_rev": ticket.cc_rev + 1})  # sudo: a counter

    def _cc_write(self, vals):
        """Write what only moves write. On a record with superuser rights, after the checks of the move."""
        return self.with_context(cc_move=True).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_walked(self):
        if any(ticket.cc_template_id and ticket.cc_state != "draft" for ticket in self):
            raise UserError(self.env._("Only drafts can be deleted. Close the ticket instead."))

    def copy(self, default=None):
        if len(self) == 1 and self.cc_template_id:
            default = {"description": self.description, **(default or {})}
        return super().copy(default)

    # ---- followers: handlers and people in copy are rows of ours ----

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        if self.filtered("cc_template_id"):
            return []
        return super()._message_auto_subscribe_followers(updated_values, default_subtype_ids)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Only customers follow a ticket of a template: a follower could never be taken the right."""
        flowing = self.filtered("cc_template_id")
        if not flowing or not partner_ids:
            return super().message_subscribe(partner_ids, subtype_ids)
        result = True
        if self - flowing:
            result = super(HelpdeskTicket, self - flowing).message_subscribe(
                partner_ids, subtype_ids
            )
        # sudo: res.users - whether a partner works here
        staff_sudo = (
            self.env["res.users"]
            .sudo()
            .search([("partner_id", "in", list(partner_ids)), ("share", "=", False)])
        )
        outside = [id_ for id_ in partner_ids if id_ not in staff_sudo.partner_id.ids]
        if outside:
            result = super(HelpdeskTicket, flowing).message_subscribe(outside, subtype_ids)
        return result

    def message_post(self, **kwargs):
        ticket = self
        if self.cc_template_id:
            ticket = self.with_context(
                mail_post_autofollow_author_skip=True, mail_post_autofollow=False
            )
        return super(HelpdeskTicket, ticket).message_post(**kwargs)

    # ---- SLA rows are written by the system ----

    def set_sla(self):  # pylint: disable=missing-return
        flowing = self.filtered("cc_template_id")
        super(HelpdeskTicket, self - flowing).set_sla()
        if flowing:
            flowing.check_access("write")
        # sudo: helpdesk.ticket.sla - rows of the system; agents may not write them
        super(HelpdeskTicket, flowing.sudo()).set_sla()

    def _get_sla_ticket_domain(self):
        """SLA rules also by company, kind and customer."""
        domain = Domain(super()._get_sla_ticket_domain())
        domain &= Domain("company_id", "in", [False, self.company_id.id])
        domain &= Domain("cc_type_ids", "=", False) | Domain("cc_type_ids", "in", self.type_id.ids)
        customers = (self.partner_id | self.commercial_partner_id).ids
        domain &= Domain("cc_partner_ids", "=", False) | Domain("cc_partner_ids", "in", customers)
        return domain

    # ---- views ----

    def get_formview_id(self, access_uid=None):
        if self[:1].cc_template_id:
            return self.env.ref("cc_ticket.helpdesk_ticket_view_form").id
        return super().get_formview_id(access_uid)

    @api.model
    def _cc_todo_domain(self):
        """:return: domain of what the user has to do: the counter in the bar and the list are this"""
        user = self.env.user
        mine = Domain("user_id", "=", user.id)
        free = Domain("user_id", "=", False) & (
            Domain("cc_department_id", "in", user.cc_department_ids.ids)
            | Domain("cc_group_id", "in", user.all_group_ids.ids)
        )
        return Domain("cc_state", "in", LIVE) & Domain("cc_waiting", "=", False) & (mine | free)

    @api.model
    @api.readonly
    def cc_todo_count(self):
        """:return: how many tickets wait for the user"""
        return self.search_count(self._cc_todo_domain())

    @api.model
    def action_cc_todo(self):
        """Open what the user has to do."""
        self.browse().check_access("read")
        return self._cc_list_action(
            self.env._("To do"), list(self._cc_todo_domain()), {"create": True}
        )

    @api.model
    def _cc_list_action(self, name, domain, context=None):
        """:return: an action of its own that opens these tickets in the usual lists; without the id and path
        of *All tickets*, as which a reload would open it
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("cc_ticket.helpdesk_ticket_action")
        for key in ("id", "xml_id", "path"):
            action.pop(key, None)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": domain,
            "context": context or {},
        }
