# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCall(models.Model):
    """What inspections add to a call."""

    _inherit = "cc.call"

    cc_sheet_ids = fields.One2many(
        "cc.quality.sheet", "call_id", "Inspections", groups="cc_telephony.group_manager"
    )
    kind_id = fields.Many2one(related="note_ids.kind_id")
    summary_id = fields.Many2one(related="note_ids.summary_id")
