# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..ingest.manual import register_call

LONGEST_S = 24 * 3600


class CcCallRegister(models.TransientModel):
    """Register a call by hand: one that no telephony saw, for instance from a private mobile."""

    _name = "cc.call.register"
    _description = "Register a call"

    agent_id = fields.Many2one(
        "cc.agent",
        required=True,
        default=lambda self: self._own_agent(),
        help="Agent who took the call.",
    )
    direction = fields.Selection(
        [("inbound", "Inbound"), ("outbound", "Outbound")], required=True, default="inbound"
    )
    number_id = fields.Many2one("cc.phone.number", "Number found")
    number = fields.Char(
        compute="_compute_number",
        inverse="_inverse_number",
        help="The other party's number, in any format.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", store=True, readonly=False
    )
    started_at = fields.Datetime("Start", required=True, default=fields.Datetime.now)
    duration = fields.Float(help="Hours and minutes; 0 if no one answered.")
    purpose_id = fields.Many2one("cc.call.purpose")
    source_id = fields.Many2one("cc.call.source")
    note = fields.Text()

    @api.model
    def _own_agent(self):
        return self.env["cc.agent"]._mine(required=False)

    @api.depends("number_id")
    def _compute_number(self):
        for row in self:
            row.number = row.number_id.display

    def _inverse_number(self):
        links = self.env["cc.phone.link"]
        for row in self:
            if not row.number:
                row.number_id = False
            elif row.number != row.number_id.display:
                country = row.agent_id.pbx_id._country_code()
                row.number_id = links._number_of(row.number, country)

    @api.depends("number")
    def _compute_partner_id(self):
        for row in self:
            if row.partner_id or not row.number:
                continue
            country = row.agent_id.pbx_id._country_code()
            number = self.env["cc.phone.number"]._find(row.number, country or None)
            partners = number._partners() if number else row.partner_id
            row.partner_id = partners if len(partners) == 1 else False

    def action_register(self):
        """Write the call and open it.

        :raise UserError: something is missing or can't be
        :raise AccessError: it is the call of somebody whom the user does not lead
        """
        self.ensure_one()
        own = self._own_agent()
        if self.agent_id != own and not self.agent_id._is_led_by_user():
            raise AccessError(self.env._("You can only register your own calls."))
        if not self.number_id and not self.partner_id:
            raise UserError(self.env._("Enter a number or select a contact."))
        if self.started_at > fields.Datetime.now():
            raise UserError(self.env._("The start time cannot be in the future."))
        seconds = round(self.duration * 3600)
        if not 0 <= seconds <= LONGEST_S:
            raise UserError(self.env._("The duration must be between 0 minutes and 24 hours."))
        if self.partner_id:
            self.partner_id.check_access("read")
        # sudo: cc.call - only the ingest writes calls; what may be written was checked above
        call_sudo = register_call(
            self.sudo().env,
            agent=self.agent_id.sudo(),
            direction=self.direction,
            number=self.number_id.sudo(),
            partner=self.partner_id.sudo(),
            started_at=self.started_at,
            duration_s=float(seconds),
        )
        values = {
            "note": self.note,
            "purpose_id": self.purpose_id.id,
            "source_id": self.source_id.id,
        }
        if any(values.values()):
            call_sudo.with_env(self.env)._cc_write_note(values)
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.call",
            "res_id": call_sudo.id,
            "views": [[False, "form"]],
        }
