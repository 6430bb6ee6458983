# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError


class CcMissedCall(models.Model):
    """An inbound call that nobody answered, until somebody has seen to it.

    Made when the call ends; handled by itself when the caller is spoken to, whoever calls whom.
    """

    _name = "cc.missed.call"
    _description = "Missed call"
    _order = "missed_at desc, id desc"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null")
    queue_id = fields.Many2one(
        "cc.queue", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    number_id = fields.Many2one(
        "cc.phone.number", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    number_mask = fields.Char(related="number_id.mask", string="Caller")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    missed_at = fields.Datetime("Missed at", required=True, readonly=True)
    entry = fields.Selection(
        [
            ("ivr", "In the menu"),
            ("queue", "In the queue"),
            ("overflow", "Queue full or too long"),
            ("agent_no_answer", "Agent did not answer"),
            ("out_of_hours", "Out of hours"),
        ],
        "Lost",
        readonly=True,
    )
    state = fields.Selection(
        [("open", "To do"), ("handled", "Handled")], required=True, default="open", readonly=True
    )
    agent_id = fields.Many2one(
        "cc.agent", "Assigned to", index="btree_not_null", ondelete="restrict"
    )
    handled_by_id = fields.Many2one(
        "cc.agent", "Handled by", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    handled_at = fields.Datetime("Handled at", readonly=True)
    handling = fields.Selection(
        [
            ("called_back", "Called back"),
            ("called_again", "The caller called again"),
            ("by_hand", "Marked by hand"),
        ],
        readonly=True,
    )

    _call_unique = models.UniqueIndex("(call_id)", "This call is already in the list.")
    _open = models.Index("(number_id) WHERE state = 'open'")
    _by_time = models.Index("(missed_at DESC, id DESC)")

    def write(self, vals):
        """Leaders assign; all else is the system's: whoever sees the row may have its number dialled."""
        if not self.env.su and vals.keys() - {"agent_id"}:
            raise AccessError(self.env._("Only the assignment of a missed call can be changed."))
        return super().write(vals)

    def action_call_back(self):
        """Have the caller dialled from the user's phone.

        :raise UserError: the user's phone can't dial now; the text says why
        """
        self.ensure_one()
        self.check_access("read")
        self.env["cc.agent"].command("dial", {"phone": self.number_id.id})
        return True

    def action_assign_me(self):
        """The user sees to these calls."""
        self.check_access("read")
        agent = self.env["cc.agent"]._mine(required=False)
        # sudo: cc.missed.call - who may see an open call may take it on; only leaders write freely
        self.sudo().filtered(lambda missed: missed.state == "open").agent_id = agent
        return True

    def action_handle(self):
        """Nothing is left to be done about these calls."""
        self.check_access("read")
        # sudo: cc.missed.call - as above
        self.sudo()._set_handled(
            "by_hand", self.env["cc.agent"]._mine(required=False), fields.Datetime.now()
        )
        return True

    def action_reopen(self):
        """Something is left to be done after all."""
        self.check_access("read")
        # sudo: cc.missed.call - as above
        self.sudo().write(
            {"state": "open", "handled_by_id": False, "handled_at": False, "handling": False}
        )
        return True

    def _set_handled(self, how, agent, moment):
        self.filtered(lambda missed: missed.state == "open").write(
            {
                "state": "handled",
                "handling": how,
                "handled_by_id": agent.id,
                "handled_at": moment,
            }
        )

    @api.model
    def _cron_remind(self):
        """Tell leaders once a day what of the last week is left."""
        since = fields.Datetime.now() - timedelta(days=7)
        counts = self._read_group(
            [("state", "=", "open"), ("missed_at", ">=", since)],
            ["department_id", "company_id"],
            ["__count"],
        )
        leaders = self.env["cc.agent"].search([("led_department_ids", "!=", False)])
        for leader in leaders:
            led = self.env["hr.department"].search(
                [("id", "child_of", leader.led_department_ids.ids)]
            )
            count = sum(
                number
                for department, company, number in counts
                if department in led and company == leader.company_id
            )
            if count:
                leader._remind_of_missed(count)


class CcAgent(models.Model):
    _inherit = "cc.agent"

    def _remind_of_missed(self, count):
        """One notification, without numbers: the list is behind the link."""
        self.ensure_one()
        words = self.with_context(lang=self.user_id.lang)
        action = self.env.ref("cc_telephony.cc_missed_call_action")
        link = Markup('<a href="/odoo/action-%s">%s</a>') % (
            action.id,
            words.env._("Missed calls"),
        )
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=words.env._("%(count)s missed calls are waiting", count=count),
            body=Markup("<p>%s</p><p>%s</p>")
            % (
                words.env._(
                    "%(count)s missed calls to your departments in the last 7 days "
                    "have not been handled.",
                    count=count,
                ),
                link,
            ),
        )


class CcPhoneNumber(models.Model):
    _inherit = "cc.phone.number"

    def _cc_may_call(self):
        """Who sees a missed call may call its number back."""
        return super()._cc_may_call() or bool(
            self.env["cc.missed.call"].search_count(
                [("number_id", "in", self.ids), ("state", "=", "open")], limit=1
            )
        )


class CcCall(models.Model):
    _inherit = "cc.call"

    @api.model
    def _cc_moment_handlers(self):
        return {**super()._cc_moment_handlers(), "cc_telephony": "_cc_missed_moments"}

    @api.model
    def _cc_missed_moments(self, moments, batch):
        """Keep the list of missed calls: what was lost comes in, whose caller was spoken to is done."""
        over = self.browse()
        spoken = self.browse()
        for moment in moments:
            if moment.name in ("ended", "corrected"):
                over |= moment.call
            if moment.name in ("answered", "corrected"):
                spoken |= moment.call
        over = over.filtered(lambda call: call.direction == "inbound" and call.state == "ended")
        if over:
            self._cc_note_missed(over)
        missed = self.env["cc.missed.call"]
        numbers = spoken.filtered("answered_at").number_id
        if not numbers:
            return
        waiting = missed.search([("number_id", "in", numbers.ids), ("state", "=", "open")])
        for call in spoken.filtered("answered_at") if waiting else ():
            waiting.filtered(
                lambda one, call=call: one.number_id == call.number_id
                and one.company_id == call.company_id
                and one.missed_at <= call.answered_at
            )._set_handled(
                "called_back" if call.direction == "outbound" else "called_again",
                call.agent_id,
                call.answered_at,
            )

    @api.model
    def _cc_note_missed(self, over):
        missed = self.env["cc.missed.call"]
        known = missed.search([("call_id", "in", over.ids)])
        # a correction: somebody had answered
        known.filtered("call_id.answered_at").unlink()
        missed.create(
            [
                {
                    "call_id": call.id,
                    "company_id": call.company_id.id,
                    "department_id": call.department_id.id,
                    "queue_id": call.queue_id.id,
                    "number_id": call.number_id.id,
                    "partner_id": call.partner_id.id,
                    "missed_at": call.ended_at or call.started_at,
                    "entry": call.loss,
                }
                for call in over - known.exists().call_id
                if not call.answered_at
            ]
        )
