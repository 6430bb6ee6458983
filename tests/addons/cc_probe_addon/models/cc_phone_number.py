# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CcPhoneNumber(models.Model):
    """Who may read a contact of the probe may have its number dialled."""

    _inherit = "cc.phone.number"

    def _cc_may_call(self):
        contacts = self.link_ids.probe_contact_id
        return bool(contacts._filtered_access("read")) or super()._cc_may_call()
