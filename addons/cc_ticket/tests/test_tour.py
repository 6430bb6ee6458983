# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.browser import TourCase
from odoo.addons.cc_telephony.tests.fake_bridge import FakeBridge
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTicketTour(TourCase):
    """From the call to a closed ticket in a real browser; only bridge and PBX are played. TIC-01, TIC-10"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        china = cls.env.ref("base.cn")
        cls.user = new_test_user(
            cls.env, "ticket_agent", groups="cc_telephony.group_agent", name="Ticket Agent"
        )
        if "odoobot_state" in cls.user._fields:
            cls.user.odoobot_state = "disabled"
        cls.pbx = cls.env["cc.pbx"].create(
            {"name": "Tour PBX", "code": "tour-ticket", "country_id": china.id}
        )
        cls.department = cls.env["hr.department"].create({"name": "Tour department"})
        cls.agent = cls.env["cc.agent"].create(
            {
                "user_id": cls.user.id,
                "number": "7401",
                "pbx_id": cls.pbx.id,
                "department_id": cls.department.id,
            }
        )
        cls.env["cc.extension"].create({"code": "7402", "name": "Desk", "pbx_id": cls.pbx.id})
        cls.env["cc.queue"].create({"name": "Support", "code": "support", "pbx_id": cls.pbx.id})
        cls.env["res.partner"].create(
            {"name": "Tour Ticket Customer", "phone": "13900007401", "country_id": china.id}
        )
        cls.template = cls.env["cc.ticket.template"].create(
            {
                "name": "Tour complaint",
                "sequence": 0,
                "type_id": cls.env.ref("cc_ticket.type_complaint").id,
            }
        )
        cls.template.draft_id.step_ids = [
            (
                0,
                0,
                {
                    "code": "check",
                    "name": "Check",
                    "sequence": 1,
                    "handler_department_id": cls.department.id,
                    "exit_ids": [(0, 0, {"target": "answer"})],
                },
            ),
            (
                0,
                0,
                {
                    "code": "answer",
                    "name": "Answer",
                    "sequence": 2,
                    "handler_kind": "creator",
                    "may_close": True,
                    "may_submit": False,
                },
            ),
        ]
        cls.template.draft_id.action_publish()

    def test_call_to_closed(self):
        bridge = FakeBridge(self, self.pbx)
        bridge.on_ready = lambda: bridge.ring("8613900007401", "4008001234", "support")
        self.start_tour(
            "/odoo/action-cc_telephony.cc_call_action", "cc_ticket_call", login="ticket_agent"
        )
        ticket = self.env["helpdesk.ticket"].search([("name", "=", "The lamp is broken")])
        self.assertEqual(ticket.cc_state, "closed")
        self.assertEqual(len(ticket.cc_call_ids), 1)
        self.assertEqual(ticket.partner_id.name, "Tour Ticket Customer")
        self.assertEqual(
            ticket.cc_move_ids.sorted("id").mapped("kind"),
            ["create", "start", "accept", "submit", "close"],
        )

    def ticket_of(self, tour):
        """The new ticket with which a tour begins."""
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.user)
            .create({"cc_template_id": self.template.id, "name": "To be written about"})
        )
        ticket.cc_move("start")
        self.start_tour(
            f"/odoo/action-cc_ticket.helpdesk_ticket_action/{ticket.id}", tour, login="ticket_agent"
        )
        return ticket

    def added(self, tour):
        """What is posted on a new ticket in a tour."""
        ticket = self.ticket_of(tour)
        return ticket.cc_move_ids.filtered(lambda move: move.kind == "add")

    def test_typed_text_survives(self):
        """T07 (c), TIC-10: a reload loses nothing; a file is put on the move by its button."""
        added = self.added("cc_ticket_draft")
        self.assertEqual(len(added), 1)
        self.assertIn("Half an hour of writing", added.text)
        file = added.attachment_ids
        self.assertEqual((file.name, file.raw), ("proof.txt", b"proof"))
        self.assertEqual((file.res_model, file.access_token), ("cc.ticket.move", False))

    def test_session_ends(self):
        """T07 (a): the session ends on the server, the text is posted once after signing in again."""
        # what the page still loads by itself then is said in its console
        with mute_logger(f"{__name__}.TestTicketTour.test_session_ends.browser"):
            added = self.added("cc_ticket_session")
        self.assertEqual(len(added), 1)
        self.assertIn("Typed for half an hour", added.text)

    def test_overtaken(self):
        """T07 (d): the step is submitted elsewhere while somebody writes; their words are posted once, as added."""
        added = self.added("cc_ticket_overtaken")
        self.assertEqual(len(added), 1)
        self.assertIn("Written for nothing", added.text)

    def test_saved_by_two(self):
        """T01: who saves second is told, keeps what they typed, and saves it with the other's values in place."""
        # what they are told is logged as a warning
        with mute_logger("odoo.http"):
            ticket = self.ticket_of("cc_ticket_saved_by_two")
        self.assertEqual((ticket.name, ticket.priority), ("Title of the second", "3"))
