# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCall(models.Model):
    """A call has recordings."""

    _inherit = "cc.call"

    recording_ids = fields.One2many("cc.recording", "call_id", "Recordings")
