# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CcBellMixin(models.AbstractModel):
    """Rows that are part of a PBX's intent: the bridge hears when one is made, changed or removed.

    What the ingest looks up of them is kept in the registry's cache, so that is cleared too.
    """

    _name = "cc.bell.mixin"
    _description = "Part of a PBX's intent"

    # fields whose change concerns the bridge; None: every one
    _bell_fields = None

    def _bell_pbxs(self):
        """PBXs whose bridge has to look again when these rows change."""
        return self.pbx_id

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        rows._bell_pbxs()._cc_ring("intent")
        return rows

    def write(self, vals):
        pbxs = self._bell_pbxs()
        result = super().write(vals)
        self.env.registry.clear_cache()
        if self._bell_fields is None or vals.keys() & self._bell_fields:
            (pbxs | self._bell_pbxs())._cc_ring("intent")
        return result

    def unlink(self):
        pbxs = self._bell_pbxs()
        result = super().unlink()
        self.env.registry.clear_cache()
        pbxs._cc_ring("intent")
        return result
