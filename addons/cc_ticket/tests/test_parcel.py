# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import TicketMixin


class Carrier(BaseHTTPRequestHandler):
    """A carrier's web service on this machine; what it does depends on the parcel's number."""

    asked = []

    def do_GET(self):
        Carrier.asked.append((self.path, self.headers.get("X-Key")))
        number = self.path.rpartition("=")[2]
        if number == "500":
            return self.answer(b"oops", 500)
        if number == "html":
            return self.answer(b"<html>not json</html>")
        if number == "odd":
            return self.answer(json.dumps({"data": "nothing"}).encode())
        return self.answer(
            json.dumps(
                {
                    "data": {
                        "status": "在途",
                        "traces": [
                            {"when": "2026-03-01 10:00", "what": "Collected"},
                            {"when": "2026-03-02 08:30", "what": "已到达上海"},
                        ],
                    }
                }
            ).encode()
        )

    def answer(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@tagged("post_install", "-at_install")
class TestParcel(TicketMixin, TransactionCase):
    """TIC-11: where a parcel is, asked of a web service that is really there, or no longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.provider = cls.env["cc.parcel.provider"].create(
            {
                "name": "Swift",
                "url": f"http://127.0.0.1:{cls.server.server_port}/track?no={{number}}",
                "header": "X-Key",
                "secret": "k3y",
                "events_path": "data.traces",
                "time_key": "when",
                "text_key": "what",
                "state_path": "data.status",
            }
        )

    def parcel(self, number, provider=None):
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        return (
            self.env["cc.ticket.parcel"]
            .with_user(self.ben.user_id)
            .create(
                {
                    "ticket_id": ticket.id,
                    "number": number,
                    "provider_id": (provider or self.provider).id,
                }
            )
        )

    def test_track(self):
        row = self.parcel("SF 1/2")
        Carrier.asked.clear()
        row.action_track()
        self.assertEqual(Carrier.asked, [("/track?no=SF%201%2F2", "k3y")])
        self.assertEqual(row.state, "在途")
        self.assertEqual(
            row.events_text, "2026-03-01 10:00  Collected\n2026-03-02 08:30  已到达上海"
        )
        self.assertFalse(row.failure)

    def test_carrier_fails(self):
        """It says so, on the ticket and on the provider; the ticket goes on."""
        for number, why in (("500", "500"), ("html", "can't be read"), ("odd", "no events")):
            row = self.parcel(number)
            action = row.action_track()
            self.assertEqual(action["params"]["type"], "warning")
            self.assertIn(why, row.failure)
            self.do(row.ticket_id.with_user(self.env.user), self.ben, "submit")
        self.assertTrue(self.provider.failed_at)
        self.parcel("1").action_track()
        self.assertFalse(self.provider.failed_at)

    def test_dead_carrier(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
        port = server.server_port
        server.server_close()
        dead = self.provider.copy({"url": f"http://127.0.0.1:{port}/?no={{number}}"})
        row = self.parcel("1", dead)
        row.action_track()
        self.assertIn("can't be reached", row.failure)

    def test_link(self):
        page = self.env["cc.parcel.provider"].create(
            {"name": "Page", "kind": "link", "url": "https://carrier.example/{number}"}
        )
        action = self.parcel("A/1", page).action_track()
        self.assertEqual(action["url"], "https://carrier.example/A%2F1")
        with self.assertRaises(ValidationError):
            page.url = "javascript:alert('{number}')"

    def test_access(self):
        """The key is the administrator's to see; a stranger sees no parcel, a reader changes none."""
        row = self.parcel("1")
        with self.assertRaises(AccessError):
            self.provider.with_user(self.ben.user_id).read(["secret"])
        self.assertFalse(row.with_user(self.cai.user_id).has_access("read"))
        self.assertTrue(row.with_user(self.ann.user_id).has_access("read"))
        with self.assertRaises(AccessError):
            row.with_user(self.ann.user_id).number = "2"
