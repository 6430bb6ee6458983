# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CcPhoneNumber(models.Model):
    """Whose number it is may be told by a lead."""

    _inherit = "cc.phone.number"

    def _leads(self):
        """:return: open leads with this number that have no customer yet, the newest first"""
        self.ensure_one()
        leads = self.link_ids.lead_id.filtered(
            lambda lead: lead.active and not lead.partner_id and lead.won_status == "pending"
        )
        return leads.sorted("id", reverse=True)

    def _cc_may_call(self):
        return bool(self.link_ids.lead_id._filtered_access("read")) or super()._cc_may_call()
