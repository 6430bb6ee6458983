# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...utils.times import to_us

# of the list in the bar
MOST_SHOWN = 30


class CcAnnouncement(models.Model):
    """What leaders tell the agents of their departments; each agent's reading is noted."""

    _name = "cc.announcement"
    _description = "Announcement"
    _order = "published_at desc, id desc"
    _rec_name = "title"

    title = fields.Char(required=True)
    # neither style nor class: either could lay it over the whole page
    body = fields.Html("Text", strip_style=True, strip_classes=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_ids = fields.Many2many(
        "hr.department",
        "cc_announcement_department_rel",
        string="For departments",
        default=lambda self: self.env.user.cc_led_department_ids,
        help="Including sub-departments. Leave empty to inform everyone (managers only).",
    )
    author_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    published_at = fields.Datetime("Published", readonly=True, copy=False, index=True)
    from_at = fields.Datetime("Shown from", help="Leave empty to show it from publication.")
    until_at = fields.Datetime("Shown until", help="Leave empty to show it indefinitely.")
    announced = fields.Boolean(readonly=True, copy=False, help="Agents have been notified.")
    is_current = fields.Boolean(
        "Shown now", compute="_compute_is_current", search="_search_is_current"
    )
    read_ids = fields.One2many("cc.announcement.read", "announcement_id", "Read by")
    read_count = fields.Integer("Readers", compute="_compute_read_count")
    is_read = fields.Boolean("Read", compute="_compute_is_read", search="_search_is_read")

    _times_valid = models.Constraint(
        "CHECK (until_at IS NULL OR from_at IS NULL OR until_at > from_at)",
        "An announcement must end after it begins.",
    )

    @api.depends("published_at", "from_at", "until_at")
    def _compute_is_current(self):
        now = fields.Datetime.now()
        for row in self:
            row.is_current = bool(
                row.published_at
                and (not row.from_at or row.from_at <= now)
                and (not row.until_at or row.until_at > now)
            )

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domain = (
            Domain("published_at", "!=", False)
            & (Domain("from_at", "=", False) | Domain("from_at", "<=", now))
            & (Domain("until_at", "=", False) | Domain("until_at", ">", now))
        )
        return domain if True in value else ~domain

    def _compute_read_count(self):
        # sudo: cc.announcement.read - a count, on rows that the user may read
        counts = dict(
            self.env["cc.announcement.read"]
            .sudo()
            ._read_group([("announcement_id", "in", self.ids)], ["announcement_id"], ["__count"])
        )
        counts = {row.id: count for row, count in counts.items()}
        for row in self:
            row.read_count = counts.get(row.id, 0)

    @api.depends_context("uid")
    def _compute_is_read(self):
        read = self._read_by_user()
        for row in self:
            row.is_read = row.id in read

    def _search_is_read(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("read_ids", "any!", [("user_id", "=", self.env.uid)])
        return mine if True in value else ~mine

    def _read_by_user(self):
        """Ids of those that the user has read."""
        # sudo: cc.announcement.read - the user's own
        reads_sudo = self.env["cc.announcement.read"].sudo()
        return set(
            reads_sudo.search(
                [("announcement_id", "in", self.ids), ("user_id", "=", self.env.uid)]
            ).announcement_id.ids
        )

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for departments that one does not lead, or with what publishing sets"""
        for vals in vals_list:
            self._check_own(vals)
        rows = super().create(vals_list)
        rows._check_departments()
        return rows

    def write(self, vals):
        """:raise AccessError: it is, or becomes, for departments that one does not lead; or with what
        publishing sets"""
        self._check_own(vals)
        self._check_departments()
        result = super().write(vals)
        self._check_departments()
        return result

    def _check_own(self, vals):
        """:raise AccessError: author and date are not people's to write"""
        if self.env.su:
            return
        fixed = vals.keys() & {"published_at", "announced", "read_ids"}
        if (
            fixed
            or vals.get("author_id", self.env.uid) != self.env.uid
            or ("author_id" in vals and self)
        ):
            raise AccessError(
                self.env._(
                    "Author and date of an announcement are set by the system and cannot "
                    "be changed."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unpublished(self):
        self._check_departments()
        if any(row.published_at for row in self) and not self.env.user.has_group(
            "cc_telephony.group_manager"
        ):
            raise UserError(
                self.env._(
                    "Published announcements cannot be deleted. Set “Shown until” to hide them."
                )
            )

    def _check_departments(self):
        """A leader speaks to the departments led, a manager to all. No constraint: those run as superuser.

        :raise AccessError: there are other departments among them
        """
        user = self.env.user
        if self.env.su or user.has_group("cc_telephony.group_manager"):
            return
        # sudo: hr.department - the tree below the departments that the user leads
        led_sudo = self.env["hr.department"].sudo()
        led_sudo = led_sudo.search([("id", "child_of", user.cc_led_department_ids.ids)])
        # sudo: cc.announcement - all its departments, also those that the user may not read
        for row in self.sudo():
            strange = row.department_ids - led_sudo
            if not row.department_ids or strange:
                raise AccessError(
                    self.env._(
                        "You can only inform departments you lead: %(names)s.",
                        names=", ".join(user.cc_led_department_ids.mapped("name")) or "–",
                    )
                )

    def action_publish(self):
        """Show it to the agents, at once or from its time on."""
        self.check_access("write")
        self._check_departments()
        for row in self:
            if row.published_at:
                continue
            if row.until_at and row.until_at <= fields.Datetime.now():
                raise ValidationError(self.env._("“Shown until” is in the past."))
            # sudo: cc.announcement - the date is nobody's to write
            row.sudo().write({"published_at": fields.Datetime.now()})
        self._announce()
        later = [row.from_at for row in self if not row.announced and row.from_at]
        cron = self.env.ref("cc_telephony.ir_cron_announce", raise_if_not_found=False)
        if later and cron:
            # sudo: ir.cron - waking our own job
            cron.sudo()._trigger(at=later)
        return True

    def _announce(self):
        """Tell the agents of what is shown now, once."""
        # sudo: cc.announcement - also from the job, and the agents are others' rows
        for row_sudo in self.sudo().filtered(lambda row: row.is_current and not row.announced):
            row_sudo.announced = True
            for agent_sudo in row_sudo._agents():
                announcements = self.with_user(agent_sudo.user_id)
                agent_sudo._bus_to_user(
                    "cc.announcement/new",
                    {
                        "id": row_sudo.id,
                        "title": row_sudo.title,
                        "author": row_sudo.author_id.name,
                        "unread": announcements._unread_count(),
                    },
                )

    def _agents(self):
        """The agents whom it is for. Call as superuser."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        if self.department_ids:
            domain &= Domain("department_id", "child_of", self.department_ids.ids)
        return self.env["cc.agent"].search(domain)

    @api.model
    def _for_user(self):
        """Domain of what is for the user as an agent, and shown now; leaders read more than that."""
        # sudo: hr.department - the departments above one's own
        departments_sudo = self.env.user.sudo().cc_agent_ids.department_id
        return Domain("is_current", "=", True) & (
            Domain("department_ids", "=", False)
            | Domain("department_ids", "parent_of", departments_sudo.ids)
        )

    @api.model
    def _unread_count(self):
        """How many announcements the user has not read."""
        return self.search_count(self._for_user() & Domain("is_read", "=", False))

    def _mark_read(self):
        """Note that the user has read these."""
        self.check_access("read")
        missing = set(self.ids) - self._read_by_user()
        # sudo: cc.announcement.read - made by reading only
        self.env["cc.announcement.read"].sudo().create(
            [
                {
                    "announcement_id": row_id,
                    "user_id": self.env.uid,
                    "read_at": fields.Datetime.now(),
                }
                for row_id in sorted(missing)
            ]
        )

    def web_read(self, specification):
        """Opening the form is reading it."""
        result = super().web_read(specification)
        if len(self) == 1 and "body" in specification and self.is_current:
            self._mark_read()
        return result

    @api.model
    def _cron_announce(self):
        """Tell the agents of announcements whose time has come."""
        self.search([("is_current", "=", True), ("announced", "=", False)])._announce()

    def _to_bar(self, read):
        self.ensure_one()
        return {
            "id": self.id,
            "title": self.title,
            "body": self.body or "",
            "at": to_us(max(filter(None, (self.published_at, self.from_at)))),
            # sudo: res.users - the author's name
            "author": self.sudo().author_id.name or None,
            "read": self.id in read,
        }
