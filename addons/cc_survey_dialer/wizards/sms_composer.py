# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class SmsComposer(models.TransientModel):
    """Messages know the template that they were written from."""

    _inherit = "sms.composer"

    def _action_send_sms(self):
        composer = self.with_context(cc_sms_template_id=self.template_id.id)
        return super(SmsComposer, composer)._action_send_sms()
