# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A bus message handed to a websocket of this process, past the bus's table.

The table costs an insert, a commit, a NOTIFY and a query: six milliseconds of a ring's hint
(docs/architecture/measured.md). What goes this way may be lost.
"""

from odoo.addons.bus.websocket import ConnectionState, Websocket, acquire_cursor
from odoo.http import root
from odoo.service.security import check_session

# in a socket's queue of commands, after Odoo's CLOSE (0) and before its DISPATCH (1)
SEND = 0.5


def send(websocket, message):
    """Give `message` to the greenlet of a socket: nobody else may write to it."""
    websocket._send_control_command(SEND, message)


def _process_control_command(self, command, data):
    if command == SEND:
        return _send(self, data)
    return process_others(self, command, data)


def _send(websocket, message):
    session = root.session_store.get(websocket._session.sid)
    # whose session is over or was renewed learns of it by the bus's own messages, as ever
    if not session or "next_sid" in session or session.uid is None:
        return
    if websocket.state is not ConnectionState.OPEN:
        return
    with acquire_cursor(session.db) as cr:
        if not check_session(session, websocket.new_env(cr, session)):
            return
    history = websocket._notif_history
    # the browser keeps the last id it was sent, and asks for what is newer: nothing is between
    last = history[-1][0] if history else websocket._last_notif_sent_id
    websocket._send([{"id": last, "message": message}])


process_others = Websocket._process_control_command
Websocket._process_control_command = _process_control_command
