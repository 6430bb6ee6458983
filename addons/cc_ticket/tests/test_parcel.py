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

    def delivery(self, number, state="done", **values):
        """A delivery of Odoo's stock with this number, by a carrier whose page is known."""
        env = self.env
        carrier = values.pop("carrier", None) or self.carrier()
        warehouse = env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        warehouse = warehouse or env["stock.warehouse"].create(
            {"name": "Of the parcels", "code": "PAR", "company_id": self.company.id}
        )
        picking = env["stock.picking"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
                "carrier_id": carrier.id,
                "carrier_tracking_ref": number,
                **values,
            }
        )
        if state == "done":
            picking.write({"date_done": "2026-03-02 02:00:00"})
        return picking

    def carrier(self, url="https://post.example/t/<shipmenttrackingnumber>"):
        product = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        return self.env["delivery.carrier"].create(
            {"name": "Post", "product_id": product.id, "tracking_url": url}
        )

    def test_odoos_carriers(self):
        """A delivery of Odoo's with this number: its state, when it left, its carrier's page."""
        provider = self.env["cc.parcel.provider"].create(
            {"name": "Deliveries", "kind": "delivery", "url": False}
        )
        picking = self.delivery("RR 1,RR 2")
        row = self.parcel("RR 2", provider)
        action = row.action_track()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertTrue(action["url"].startswith("https://post.example/t/"), action["url"])
        self.assertTrue(row.state)
        self.assertIn("2026-03-02", row.events_text)
        self.assertIn(picking.name, row.events_text)
        # a number that only begins like it, and one of another company, are none of it
        for number, company in (
            ("RR", None),
            ("XX 9", self.env["res.company"].create({"name": "Else"})),
        ):
            if company:
                warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
                self.delivery(
                    number,
                    company_id=company.id,
                    picking_type_id=warehouse.out_type_id.id,
                    location_id=warehouse.lot_stock_id.id,
                )
            row = self.parcel(number, provider)
            row.action_track()
            self.assertEqual(row.failure, "No delivery has this number.")
            self.assertFalse(row.state)

    def test_carrier_without_a_delivery(self):
        """A carrier's own page for a number that no delivery has; never another scheme than http."""
        carrier = self.carrier()
        provider = self.env["cc.parcel.provider"].create(
            {"name": "Post", "kind": "delivery", "carrier": f"delivery.carrier,{carrier.id}"}
        )
        row = self.parcel("A/1", provider)
        self.assertEqual(row.action_track()["url"], "https://post.example/t/A%2F1")
        carrier.tracking_url = "javascript:alert('<shipmenttrackingnumber>')"
        row.action_track()
        self.assertEqual(row.failure, "This carrier has no tracking link.")
