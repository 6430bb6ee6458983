# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class CcTicketExtension(models.Model):
    """More time for a step, asked for by who handles it and decided by a leader."""

    _name = "cc.ticket.extension"
    _description = "Extension of a deadline"
    _order = "id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="cascade")
    turn_id = fields.Many2one("cc.ticket.turn", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    department_id = fields.Many2one("hr.department", index=True, ondelete="restrict")
    asked_by = fields.Many2one("res.users", "Asked by", required=True, ondelete="restrict")
    hours = fields.Float("More time (h)", required=True, help="Working hours")
    reason = fields.Text(required=True)
    old_deadline = fields.Datetime("Due before")
    state = fields.Selection(
        [("asked", "Asked for"), ("approved", "Approved"), ("refused", "Refused")],
        default="asked",
        required=True,
    )
    decided_by = fields.Many2one("res.users", "Decided by", ondelete="restrict")
    decided_at = fields.Datetime("Decided at")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _one_asked = models.UniqueIndex(
        "(turn_id) WHERE state = 'asked'", "An extension has already been requested."
    )

    @api.constrains("hours")
    def _check_hours(self):
        for row in self:
            if not 0 < row.hours <= 1000:
                raise ValidationError(self.env._("Enter more than 0 and at most 1000 hours."))

    @api.depends_context("uid")
    def _compute_may_decide(self):
        for row in self:
            row.may_decide = row.state == "asked" and row._cc_may_decide()

    def _cc_may_decide(self):
        """:return: whether the user decides: a leader of the department, not who asked; or a manager"""
        self.ensure_one()
        user = self.env.user
        if user.has_group("cc_telephony.group_manager"):
            return True
        return self.asked_by != user and user._cc_leads(self.department_id)

    def action_approve(self):
        """Grant the time asked for."""
        self._cc_decide("approved")

    def action_refuse(self):
        """Leave the deadline as it is."""
        self._cc_decide("refused")

    def _cc_decide(self, state):
        for row in self:
            if not row._cc_may_decide():
                raise AccessError(
                    self.env._("Only a leader of the handler's department can decide.")
                )
            if row.state != "asked":
                raise UserError(self.env._("This was decided already."))
            # sudo: cc.ticket.* - checked above; leaders have no right to write these rows
            row_sudo = row.sudo()
            row_sudo.write(
                {
                    "state": state,
                    "decided_by": self.env.uid,
                    "decided_at": fields.Datetime.now(),
                }
            )
            turn_sudo = row_sudo.turn_id
            if state == "approved" and not turn_sudo.ended_at:
                turn_sudo.allowed_s += round(row.hours * 3600)
                turn_sudo._cc_deadline()
                row_sudo.ticket_id._cc_write({"cc_deadline": turn_sudo.deadline, "cc_warned": 0})
            kind = "extend_yes" if state == "approved" else "extend_no"
            row_sudo.ticket_id._cc_log(kind, to_user=row.asked_by)
            row_sudo.ticket_id._cc_tell(
                row.asked_by,
                _lt("More time was granted.")
                if state == "approved"
                else _lt("More time was refused."),
            )
