# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_digits
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

FIXED = {
    "number_id",
    "number",
    "channel",
    "scope",
    "campaign_id",
    "company_id",
    "source",
    "asked_at",
    "attempt_id",
}


class CcDoNotCall(models.Model):
    """Somebody does not want to be called or texted. In force from its creation; never overwritten.

    A request can only be lifted, by those who have the right of its own, with a reason; the row stays
    as the proof of both.
    """

    _name = "cc.do.not.call"
    _description = "Do-not-call entry"
    _inherit = ["cc.phone.owner.mixin"]
    _order = "id desc"
    _rec_name = "number_display"

    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", required=True, index=True, ondelete="restrict"
    )
    channel = fields.Selection(
        [("all", "Calls and messages"), ("call", "Calls"), ("sms", "Messages")],
        required=True,
        default="all",
    )
    scope = fields.Selection(
        [("all", "Everywhere"), ("company", "This company"), ("campaign", "One campaign")],
        required=True,
        default="all",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    campaign_id = fields.Many2one("cc.campaign", index="btree_not_null", ondelete="cascade")
    source = fields.Selection(
        [
            ("agent", "Told an agent"),
            ("sms", "Reply to a message"),
            ("provider", "SMS provider"),
            ("web", "Website or mail"),
            ("register", "Official register"),
            ("manual", "Entered by hand"),
        ],
        required=True,
        default="manual",
    )
    reason = fields.Char(help="What they said, as close to their words as possible.")
    proof = fields.Char(help="Where it can be looked up: call, message, letter.")
    asked_at = fields.Datetime("Asked at", required=True, default=fields.Datetime.now)
    expires_at = fields.Datetime("Valid until", help="Empty: for good.")
    user_id = fields.Many2one(
        "res.users", "Entered by", required=True, index=True, default=lambda self: self.env.user
    )
    attempt_id = fields.Many2one(
        "cc.campaign.attempt", "Asked in", index="btree_not_null", ondelete="set null"
    )
    lifted_at = fields.Datetime("Lifted at", readonly=True)
    lifted_by_id = fields.Many2one("res.users", "Lifted by", readonly=True, index="btree_not_null")
    lift_reason = fields.Char("Reason for lifting", readonly=True)
    in_force = fields.Boolean("In force", compute="_compute_in_force", search="_search_in_force")

    _campaign_scope = models.Constraint(
        "CHECK ((scope = 'campaign') = (campaign_id IS NOT NULL))",
        "Name the campaign if, and only if, the entry is for one campaign.",
    )
    _by_number = models.Index("(number_id) WHERE lifted_at IS NULL")

    @api.depends("lifted_at", "expires_at")
    def _compute_in_force(self):
        now = fields.Datetime.now()
        for entry in self:
            entry.in_force = not entry.lifted_at and not (
                entry.expires_at and entry.expires_at <= now
            )

    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._force_domain() if True in value else ~self._force_domain()

    @api.model
    def _force_domain(self):
        return Domain("lifted_at", "=", False) & (
            Domain("expires_at", "=", False) | Domain("expires_at", ">", fields.Datetime.now())
        )

    # ---- changes ----

    @api.model_create_multi
    def create(self, vals_list):
        country = self.env["cc.phone.number"]._company_country()
        for vals in vals_list:
            text = vals.pop("number", None)
            if text and not vals.get("number_id"):
                vals["number_id"] = self.env["cc.phone.link"]._number_of(text, country)
            for name in ("lifted_at", "lifted_by_id", "lift_reason"):
                vals.pop(name, None)
            if not self.env.su:
                vals["user_id"] = self.env.uid
        entries = super().create(vals_list)
        entries._in_force_now()
        return entries

    def write(self, vals):
        if not self.env.context.get("cc_lifting") or not self.env.su:
            if vals.keys() & FIXED:
                raise UserError(
                    self.env._(
                        "A do-not-call entry cannot be changed. Lift it, with a reason, if it no"
                        " longer holds."
                    )
                )
            if vals.keys() & {"lifted_at", "lifted_by_id", "lift_reason", "user_id"}:
                raise AccessError(self.env._("Use “Lift” to lift entries."))
            if "expires_at" in vals and not self._may_lift():
                # an earlier end would be a lift by another name
                new = fields.Datetime.to_datetime(vals["expires_at"])
                if new and any(not row.expires_at or new < row.expires_at for row in self):
                    raise AccessError(self.env._("You may not shorten a do-not-call entry."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A do-not-call entry is proof of a request: lift it instead of deleting it.")
        )

    def _may_lift(self):
        return self.env.user.has_group("cc_survey_dialer.group_do_not_call_lift")

    def lift(self, reason):
        """End a request not to be called; the row says by whom and why.

        :param str reason: required
        :raise AccessError: without the right of that name
        """
        if not self._may_lift():
            raise AccessError(self.env._("You may not lift do-not-call entries."))
        self.check_access("read")
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why the entry is lifted."))
        open_entries = self.filtered(lambda entry: not entry.lifted_at)
        # sudo: cc.do.not.call - the right was checked; nobody may write these fields otherwise
        open_entries.sudo().with_context(cc_lifting=True).write(
            {
                "lifted_at": fields.Datetime.now(),
                "lifted_by_id": self.env.uid,
                "lift_reason": reason.strip(),
            }
        )
        open_entries.sudo()._mirror()
        open_entries.sudo()._derive_entries()
        return True

    def action_lift(self):
        """Ask for the reason first.

        :raise AccessError: without the right to lift
        """
        if not self._may_lift():
            raise AccessError(self.env._("You may not lift do-not-call entries."))
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lift do-not-call entries"),
            "res_model": "cc.do.not.call.lift",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_entry_ids": [(6, 0, self.ids)]},
        }

    def _in_force_now(self):
        """Take numbers out of what is being dialled, and tell Odoo's own list for messages."""
        # sudo: phone.blacklist, cc.campaign.entry - who may ask for a person is heard at once everywhere
        entries_sudo = self.sudo()
        entries_sudo._mirror()
        entries_sudo._derive_entries()
        entries_sudo._drop_leases()

    def _mirror(self):
        """Keep `phone.blacklist` as this list says, so that Odoo's own mass SMS heeds it too."""
        blacklist = self.env["phone.blacklist"]
        for number in self.filtered(lambda entry: entry.channel != "call").number_id:
            if not number.key.startswith("+"):
                continue  # phone.blacklist would take it for the acting user's own number
            e164 = phone_digits(number.key)
            wanted = self._stops(number, "sms", campaign=None)
            listed = blacklist.search_count([("number", "=", e164)], limit=1)
            if wanted and not listed:
                blacklist._add([e164])
            elif not wanted and listed:
                blacklist._remove([e164])

    def _derive_entries(self):
        entries = self.env["cc.campaign.entry"].search(
            [
                ("number_id", "in", self.number_id.ids),
                ("campaign_id.state", "in", ["running", "paused"]),
            ]
        )
        entries._derive()

    def _drop_leases(self):
        attempts = self.env["cc.campaign.attempt"].search(
            [("number_id", "in", self.number_id.ids), ("state", "=", "leased")]
        )
        attempts.filtered(
            lambda attempt: self._stops(attempt.number_id, "call", attempt.campaign_id)
        )._drop()

    # ---- questions ----

    @api.model
    def _stops(self, number, channel, campaign=None, company=None):
        """The entry in force that stops a call or message to this number; empty if none does.

        :param number: a cc.phone.number
        :param str channel: "call" or "sms"
        :param campaign: the cc.campaign for which it would be
        """
        company = company or (campaign.company_id if campaign else self.env.company)
        scopes = Domain("scope", "=", "all") | (
            Domain("scope", "=", "company") & Domain("company_id", "=", company.id)
        )
        if campaign:
            scopes |= Domain("campaign_id", "=", campaign.id)
        # sudo: cc.do.not.call - a request holds for everybody, whoever may read the list
        return self.sudo().search(
            self._force_domain()
            & scopes
            & Domain("number_id", "=", number.id)
            & Domain("channel", "in", ["all", channel]),
            limit=1,
        )

    @api.model
    def _sql_stops(self, channel, number, campaign, company):
        """The same as a condition in SQL, for sets; the arguments are columns."""
        return SQL(
            """EXISTS (SELECT 1 FROM cc_do_not_call dnc
                        WHERE dnc.number_id = %(number)s AND dnc.lifted_at IS NULL
                          AND (dnc.expires_at IS NULL OR dnc.expires_at > now() AT TIME ZONE 'UTC')
                          AND dnc.channel IN ('all', %(channel)s)
                          AND (dnc.scope = 'all'
                               OR dnc.scope = 'company' AND dnc.company_id = %(company)s
                               OR dnc.scope = 'campaign' AND dnc.campaign_id = %(campaign)s))""",
            channel=channel,
            number=number,
            company=company,
            campaign=campaign,
        )

    @api.model
    def _add(self, number, *, source, reason=None, channel="all", scope="all", **more):
        """List a number, unless an entry at least as wide is in force already.

        :return: the entry that is in force, as superuser
        """
        # sudo: cc.do.not.call - whoever hears the request files it
        entries_sudo = self.sudo()
        present = entries_sudo.search(
            self._force_domain()
            & Domain("number_id", "=", number.id)
            & Domain("scope", "=", "all")
            & Domain("channel", "in", ["all", channel])
            & Domain("expires_at", "=", False),
            limit=1,
        )
        if present:
            return present
        return entries_sudo.create(
            {
                "number_id": number.id,
                "source": source,
                "reason": reason,
                "channel": channel,
                "scope": scope,
                **more,
            }
        )

    @api.model
    def _cron_expired(self):
        """Numbers whose request has run out may be dialled again: their entries are looked at anew."""
        expired = self.search(
            [("lifted_at", "=", False), ("expires_at", "<=", fields.Datetime.now())]
        )
        expired._derive_entries()
        expired._mirror()
