# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcBreakReason(models.Model):
    """Why an agent takes a break."""

    _name = "cc.break.reason"
    _description = "Break reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def _not_answering(self):
        """Name, untranslated, of the break for agents who let calls ring out; the PBX's side knows it so."""
        reason = self.env.ref("cc_telephony.break_reason_not_answering", raise_if_not_found=False)
        return reason.with_context(lang=None).name if reason else "Not answering"
