# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallNote(models.Model):
    """Kind of call and wrap-up summary stand with what people write about a call."""

    _inherit = "cc.call.note"

    kind_id = fields.Many2one(
        "cc.call.kind", "Kind of call", index="btree_not_null", ondelete="restrict"
    )
    summary_id = fields.Many2one("cc.call.summary", index="btree_not_null", ondelete="restrict")
