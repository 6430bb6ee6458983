# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from threading import Event
from unittest.mock import patch

from websocket import create_connection

from odoo.addons.bus.tests.common import WebsocketCase
from odoo.addons.bus.websocket import Websocket

from .browser import PATIENCE_S, PatientCase


class PatientWebsocketCase(PatientCase, WebsocketCase):
    """Odoo's websockets in tests, without its five and ten seconds."""

    def websocket_connect(self, *args, **kwargs):
        def patiently(*more, **options):
            return create_connection(*more, **{**options, "timeout": PATIENCE_S})

        with patch("websocket.create_connection", patiently):
            return super().websocket_connect(*args, **kwargs)

    def subscribe(self, websocket, channels=None, last=None, wait_for_dispatch=True):
        """Odoo's goes on after a while, subscribed or not."""
        done = Event()
        dispatch = Websocket._dispatch_bus_notifications

        def dispatched(*args):
            dispatch(*args)
            done.set()

        with patch.object(Websocket, "_dispatch_bus_notifications", dispatched):
            answer = super().subscribe(websocket, channels, last, wait_for_dispatch)
            if wait_for_dispatch:
                self.assertTrue(done.wait(PATIENCE_S), "not subscribed")
        return answer

    def wait_remaining_websocket_connections(self):
        for closed in self._websocket_events:
            closed.wait(PATIENCE_S)
