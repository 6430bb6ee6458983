# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.addons.bus.websocket import wsrequest


class IrWebsocket(models.AbstractModel):
    """Lets a bridge hear its PBX's bell, and say over the same socket whom a call rings."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Replace `cc.pbx:<jwt>` by the bell's channel; a bad token subscribes to nothing."""
        return super()._build_bus_channel_list(self.env["cc.pbx"]._bells(channels))

    def _serve_ir_websocket(self, event_name, data):
        """Take a bridge's hint at a ring. Where Odoo does not pass this on, the fact alone shows the ring."""
        if event_name != "cc.ring":
            return super()._serve_ir_websocket(event_name, data)
        pbx_sudo = self.env["cc.pbx"]._at_socket(wsrequest.ws._channels)
        if pbx_sudo:
            pbx_sudo.env["cc.call"]._cc_hint(pbx_sudo, data)
        return None
