# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

PREFIX = "cc.pbx:"


class IrWebsocket(models.AbstractModel):
    """Lets a bridge hear its PBX's bell."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Replace `cc.pbx:<jwt>` by the bell's channel; a bad token subscribes to nothing."""
        channels = list(channels)
        for channel in [c for c in channels if isinstance(c, str) and c.startswith(PREFIX)]:
            channels.remove(channel)
            pbx_sudo = self.env["cc.pbx"]._from_token(channel.removeprefix(PREFIX))
            if pbx_sudo:
                channels.append((pbx_sudo, pbx_sudo._bell_key()))
        return super()._build_bus_channel_list(channels)
