# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcExtensionLive(models.Model):
    """Whether a phone is there right now, one row a phone. Only the ingest writes here.

    Apart from `cc.extension`, whose changes go to the PBX.
    """

    _name = "cc.extension.live"
    _description = "Live phone"
    _rec_name = "extension_id"

    extension_id = fields.Many2one("cc.extension", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="extension_id.company_id")
    there = fields.Boolean("Registered")
    told_at = fields.Datetime("Updated at")

    _extension_unique = models.UniqueIndex("(extension_id)")
