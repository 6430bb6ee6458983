# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcPbxPartMixin(models.AbstractModel):
    """Rows that belong to one PBX: the company's first one where nobody says otherwise."""

    _name = "cc.pbx.part.mixin"
    _description = "Part of a PBX"

    pbx_id = fields.Many2one(
        "cc.pbx",
        "PBX",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cc.pbx"]._default_one(),
    )
