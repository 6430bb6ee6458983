# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcProbeContact(models.Model):
    """Somebody with a number: one of their own, and links by which calls find them."""

    _name = "cc.probe.contact"
    _description = "Contact of the probe"
    _inherit = ["cc.phone.owner.mixin"]

    name = fields.Char(required=True)
    link_ids = fields.One2many("cc.phone.link", "probe_contact_id", "Numbers")

    def _cc_phone_country(self):
        return "CN"
