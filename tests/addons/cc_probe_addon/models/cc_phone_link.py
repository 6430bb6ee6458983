# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcPhoneLink(models.Model):
    """A number may be one of the probe's contacts'."""

    _inherit = "cc.phone.link"

    probe_contact_id = fields.Many2one(
        "cc.probe.contact", index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _cc_owner_fields(self):
        return [*super()._cc_owner_fields(), "probe_contact_id"]

    @api.depends("probe_contact_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()
