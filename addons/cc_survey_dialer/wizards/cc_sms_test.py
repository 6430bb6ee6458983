# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.addons.cc_telephony.utils.phone import phone_key
from odoo.exceptions import UserError

from ..utils import sms_http


class CcSmsTest(models.TransientModel):
    """Sends one message through a gateway and shows what it answers."""

    _name = "cc.sms.test"
    _description = "Test of an SMS gateway"

    gateway_id = fields.Many2one("cc.sms.gateway", required=True)
    number = fields.Char("To", required=True)
    text = fields.Char(
        "Message", required=True, default=lambda self: self.env._("Test message from Odoo")
    )
    result = fields.Char(readonly=True)

    def action_send(self):
        """Send it now; nothing is stored but what the gateway said."""
        self.check_access("write")
        self.ensure_one()
        gateway = self.gateway_id
        gateway.check_access("write")
        key = phone_key(self.number, gateway.company_id.country_id.code or None)
        if not key:
            raise UserError(self.env._("There is no phone number in “%(text)s”.", text=self.number))
        found = gateway._transport()([gateway._number_for(key)], gateway._text(self.text), "test")
        words = {
            sms_http.SENT: self.env._("Sent. Number at the gateway: %(ref)s", ref=found.ref or "–"),
            sms_http.WAIT: self.env._("The gateway asks to wait: %(text)s", text=found.text),
            sms_http.UNKNOWN: self.env._(
                "The answer was not understood; the message may have been sent: %(text)s",
                text=found.text,
            ),
        }
        self.result = words.get(found.state) or self.env._("Refused: %(text)s", text=found.text)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }
