# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrWebsocket(models.AbstractModel):
    """Lets a bridge hear its PBX's bell."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Replace `cc.pbx:<jwt>` by the bell's channel; a bad token subscribes to nothing."""
        return super()._build_bus_channel_list(self.env["cc.pbx"]._bells(channels))
