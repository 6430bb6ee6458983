# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcCall(models.Model):
    _inherit = "cc.call"

    long_hold_ids = fields.One2many("cc.long.hold", "call_id")

    @api.model
    def _cc_card_extra(self, call, agent):
        holds = call.long_hold_ids
        return {
            **super()._cc_card_extra(call, agent),
            "cc_long_hold": {"holds": len(holds), "seconds": sum(holds.mapped("seconds"))},
        }
