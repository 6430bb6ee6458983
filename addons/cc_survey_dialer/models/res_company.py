# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from ..utils.sms_api import SmsApiGateway


class ResCompany(models.Model):
    """A company with a gateway of ours sends its messages through it."""

    _inherit = "res.company"

    def _cc_sms_gateway(self):
        """The company's first gateway, as superuser; empty without one."""
        # sudo: cc.sms.gateway - whoever sends uses the company's
        gateways_sudo = self.env["cc.sms.gateway"].sudo()
        if not self:
            return gateways_sudo
        return gateways_sudo.search([("company_id", "in", self.ids)], limit=1)

    def _get_sms_api_class(self):
        self.ensure_one()
        return SmsApiGateway if self._cc_sms_gateway() else super()._get_sms_api_class()
