# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.addons.cc_telephony.tests.cases import T0, CentreCase, S
from odoo.addons.cc_telephony.utils.dashboard import make_period
from odoo.addons.cc_telephony.utils.times import from_us
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.cc_call import TROUBLE


@tagged("post_install", "-at_install")
class TestDoors(CentreCase):
    """ALL-09: an addon joins in without a line of cc_telephony changed."""

    def pings(self, kind):
        return self.env["cc.probe.ping"].search([("kind", "=", kind)])

    # ---- facts ----

    def ping(self, text="hello", uid=None, **more):
        return self.fact("probe.ping", ping={"text": text, "call_uid": uid, **more})

    def test_own_fact(self):
        """A fact of the addon's own kind is checked by its own check and applied once."""
        fact = self.ping()
        self.assertEqual(self.ingest(fact), (fact["seq"], 0))
        self.ingest(fact)
        self.assertEqual(self.pings("fact").mapped("text"), ["hello"])

    def test_own_fact_in_its_turn(self):
        """What came before it is applied already, what comes after it not yet."""
        life = self.call_facts()
        uid = life[0]["call"]["call_uid"]
        facts = [life[0], self.ping("first", uid), *life[1:3], self.ping("second", uid), life[3]]
        for seq, fact in enumerate(facts, facts[0]["seq"]):
            fact["seq"] = seq
        type(self).seq = facts[-1]["seq"]
        self.apply(facts)
        self.assertEqual(
            [(ping.text, ping.call_state) for ping in self.pings("fact")],
            [("first", "queued"), ("second", "talking")],
        )
        call = self.call_of(life)
        self.assertEqual((call.state, len(call.leg_ids), len(call.attempt_ids)), ("ended", 2, 1))

    def test_bad_facts_are_set_aside_and_retried(self):
        life = self.call_facts()
        uid = life[0]["call"]["call_uid"]
        early, crooked = self.ping("early", uid), self.ping("crooked", more=1)
        later = self.ping("later")
        with mute_logger("odoo.addons.cc_telephony.ingest.apply"):
            self.assertEqual(self.ingest(early, crooked, later), (later["seq"], 2))
        self.assertEqual(self.pings("fact").mapped("text"), ["later"])
        rows = self.env["cc.fact.rejected"].sudo().search([("kind", "=", "probe.ping")])
        self.assertEqual(
            set(rows.mapped("error")),
            {"a ping of no known call", "a ping has a text and a call_uid"},
        )
        type(self).seq += 100
        for fact in life:
            fact["seq"] = self.seq = self.seq + 1
        self.apply(life)
        rows.action_retry()
        self.assertEqual(sorted(rows.mapped("state")), ["applied", "open"])
        self.assertEqual(self.pings("fact").mapped("text"), ["later", "early"])

    # ---- moments ----

    def test_moments(self):
        """Each moment with the call as it was then, though all came in one request."""
        call = self.play_call()
        pings = self.pings("moment")
        self.assertEqual(
            pings.mapped("text"),
            ["queued queued", "ringing ringing", "answered talking", "ended ended"],
        )
        self.assertEqual((pings.call_id, set(pings.mapped("call_state"))), (call, {"ended"}))

    def test_browsers_are_told_once(self):
        self.bus_messages()
        call = self.play_call()
        self.assertEqual(self.told(self.ann, "cc_probe/answered"), [{"call": call.id}])

    def test_failing_addon(self):
        """It loses its own rows and messages of the moment at which it failed, and nothing else."""
        self.bus_messages()
        with (
            mute_logger("odoo.sql_db", "odoo.addons.cc_telephony"),
            self.assertLogs("odoo.addons.cc_telephony", "ERROR") as log,
        ):
            call = self.play_call(name=TROUBLE)
        self.assertIn("cc_probe_addon failed at moment answered of call", log.output[0])
        self.assertNotIn("13800138000", "".join(log.output))
        self.assertEqual((call.state, call.talk_s), ("ended", 53))
        self.assertEqual(
            self.pings("moment").mapped("text"), ["queued queued", "ringing ringing", "ended ended"]
        )
        kinds = {kind for _channel, kind, _payload in self.bus_messages()}
        self.assertIn("cc.call/changed", kinds)
        self.assertFalse({kind for kind in kinds if kind.startswith("cc_probe/")})

    def test_batch_that_goes_one_by_one_tells_once(self):
        """A request with one bad fact is applied twice in part; nobody hears anything twice."""
        self.bus_messages()
        life = self.call_facts()
        bad = self.ping("bad", "9" * 8)
        with mute_logger("odoo.addons.cc_telephony.ingest.apply"):
            self.assertEqual(self.ingest(*life, bad)[1], 1)
        messages = [kind for _channel, kind, _payload in self.bus_messages()]
        self.assertEqual(messages.count("cc_probe/answered"), 1)
        self.assertEqual(messages.count("cc_probe/straight"), 1)
        self.assertEqual(len(self.pings("moment")), 4)

    def test_states(self):
        self.apply(
            self.agent_fact(self.ann, "ready", T0), self.agent_fact(self.ann, "busy", T0 + S)
        )
        pings = self.pings("state")
        self.assertEqual((pings.mapped("text"), pings.agent_id), (["ready", "busy"], self.ann))

    # ---- card, snapshot, command, intent ----

    def test_card(self):
        call = self.play_call(until="ringing")
        card = call.sudo()._cc_card(self.ann)
        self.assertEqual(card["extra"]["cc_probe_addon"], {"pings": 2})

    def test_card_of_a_failing_addon(self):
        """The phone rings all the same, and the cards of the same request keep what is theirs."""
        self.bus_messages()
        bad = self.call_facts(until="ringing", name=TROUBLE)
        good = self.call_facts(until="ringing", agent=self.ben)
        with (
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.cc_telephony.utils.guard", "ERROR"),
        ):
            self.apply(*bad, *good)
        cards = {
            tuple(channel): payload
            for channel, kind, payload in self.bus_messages()
            if kind == "cc.call/changed"
        }
        ann, ben = (
            cards["res.partner", agent.user_id.partner_id.id] for agent in (self.ann, self.ben)
        )
        self.assertEqual((ann["extra"], ann["mine"]), ({}, "ringing"))
        self.assertEqual(ben["extra"]["cc_probe_addon"], {"pings": 2})

    def test_snapshot(self):
        self.apply(self.agent_fact(self.ann, "ready", T0))
        phone = self.env["cc.agent"].with_user(self.user_of(self.ann)).my_phone()
        self.assertEqual(phone["extra"]["cc_probe_addon"], {"pings": 1})
        self.bus_messages()
        self.ann._cc_tell_extra()
        [told] = self.told(self.ann, "cc.agent/extra")
        self.assertEqual(told["extra"]["cc_probe_addon"], {"pings": 1})

    def test_command(self):
        self.sign_in(self.ann)
        phone = self.env["cc.agent"].with_user(self.user_of(self.ann))
        answer = phone.command("probe", {"text": "hello"})
        command = self.env["cc.command"].sudo().search([("uuid", "=", answer["id"])])
        given = command._to_bridge()
        self.assertEqual(
            (given["kind"], given["args"], given["agent"]), ("probe", {"text": "hello"}, "8101")
        )
        with self.assertRaisesRegex(UserError, "Say something"):
            phone.command("probe", {})

    def test_intent(self):
        self.assertEqual(self.pbx.sudo()._intent()["probe"], {"every_s": 30})

    def test_stat_button(self):
        call = self.play_call().with_user(self.user_of(self.ann))
        self.assertEqual(call.probe_ping_count, 4)
        self.assertEqual(call.action_probe_pings()["domain"], [("call_id", "=", call.id)])
        with Form(call) as form:
            self.assertEqual(form.probe_ping_count, 4)

    # ---- figures, demo ----

    def test_figure_report_tile(self):
        """A column of its own in the roll-ups, a ratio in the report, a tile that shows both."""
        self.apply(
            self.agent_fact(self.ann, "ready", T0), self.agent_fact(self.ann, "busy", T0 + S)
        )
        dirty = self.env["cc.stat.dirty"].sudo()
        while dirty._recompute():
            pass
        self.env.invalidate_all()
        dashboard = self.env["cc.dashboard"].with_user(self.user_of(self.lea))
        day = make_period("today", from_us(T0), "UTC")
        figures = dashboard._cc_tile_pings(day)["figures"]
        self.assertEqual([figure["value"] for figure in figures], [2, 2.0])
        [tile] = [tile for tile in dashboard.get_tiles()["tiles"] if tile["name"] == "probe.pings"]
        self.assertFalse(tile.get("failed"))

    def test_demo(self):
        """Made once, and not where no history is wanted."""
        call = self.play_call()
        self.env["cc.demo"]._make_pings()
        self.assertFalse(self.pings("demo"))
        with patch.dict(os.environ, CC_DEMO_CALLS="1"):
            for _ in range(2):
                self.env["cc.demo"]._make_pings()
        self.assertEqual(self.pings("demo").call_id, call)

    # ---- numbers ----

    def test_owner_of_a_number(self):
        """A number of one's own is typed in any form, and kept in one place only."""
        contacts = self.env["cc.probe.contact"].with_user(self.user_of(self.ann))
        contact = contacts.create({"name": "Wu", "number": "138-0013 8000"})
        self.assertEqual(contact.number_id.sudo().key, "+8613800138000")
        self.assertEqual(contact.number, "+86 138 0013 8000")
        contact.number = "010 6552 9988"
        self.assertEqual(contact.number_display, "+86 10 6552 9988")
        self.assertEqual(contacts.search([("number_display", "ilike", "6552 99")]), contact)
        with self.assertRaisesRegex(ValidationError, "not a phone number"):
            contact.number = "ask reception"
        contact.number = False
        self.assertFalse(contact.number_id)

    @mute_logger("odoo.sql_db")
    def test_links(self):
        """Calls find the contact by its numbers; a number has one owner, whoever brought it."""
        contact = self.env["cc.probe.contact"].create({"name": "Wu"})
        link = self.env["cc.phone.link"].create(
            {"probe_contact_id": contact.id, "number": "13800138000"}
        )
        self.assertEqual(link.display_name, "Wu +86 138 •••• 8000")
        partner = self.env["res.partner"].create({"name": "Li"})
        for owners in ({}, {"probe_contact_id": contact.id, "partner_id": partner.id}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env["cc.phone.link"].create(
                    {"number_id": self.number_of("13900139000").id, **owners}
                )
        self.assertTrue(link.number_id.with_user(self.user_of(self.cai))._cc_may_call())
        self.env["cc.phone.link"]._cc_sync(
            "probe_contact_id", contact, {("13700137000", "CN"): [contact.id]}
        )
        self.assertEqual(
            set(contact.link_ids.mapped("number_id.key")), {"+8613800138000", "+8613700137000"}
        )
        self.env["cc.phone.link"]._cc_sync("probe_contact_id", contact, {})
        self.assertEqual(contact.link_ids, link)
