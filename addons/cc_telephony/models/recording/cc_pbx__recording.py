# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class CcPbx(models.Model):
    """Takes the facts about recordings."""

    _inherit = "cc.pbx"

    def _cc_apply_recording(self, batch, fact):
        self.env["cc.recording"]._cc_ingest(fact["recording"], self)
