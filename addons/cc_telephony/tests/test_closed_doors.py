# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import io
import json
import math
import time
import zipfile
from types import SimpleNamespace
from unittest.mock import patch

import jwt

from odoo.addons.web.controllers.export import CSVExport, ExportXlsxWriter
from odoo.addons.web.controllers.pivot import TableExporter
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.export import CSVExport as SafeCSVExport
from ..controllers.export import TableExporter as SafeTableExporter
from ..utils import token as tokens
from .cases import T0, CentreCase, S


@tagged("post_install", "-at_install")
class TestClosedDoors(CentreCase):
    """ALL-07: what somebody with rights of their own tried in order to see, hear or change others' calls.

    Cai of Sales, with the right to edit contacts, is the attacker; Li Wei is a customer of Service.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Li Wei", "phone": "13800138000"})
        cls.call = cls.play_call()
        cls.record(cls.call)
        cls.cai.user_id.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.own = (
            cls.env["res.partner"]
            .with_user(cls.cai.user_id)
            .create({"name": "Cai's own"})
            .with_env(cls.env)
        )

    def sees(self, call=None):
        """Whether Cai reads the call, or hears it."""
        call = (call or self.call).with_user(self.cai.user_id)
        self.env.invalidate_all()
        heard = self.env["cc.recording"].sudo().search([("call_id", "=", call.id)])
        return call.has_access("read") or bool(
            heard.with_user(self.cai.user_id)._filtered_access("read")
        )

    def as_cai(self, record):
        return record.with_user(self.cai.user_id)

    # ---- ownership ----

    def test_salesperson_is_no_owner(self):
        """Who writes their own name into a contact owns nothing; a leader's word gives it."""
        self.as_cai(self.partner).write({"user_id": self.cai.user_id.id})
        self.assertFalse(self.sees())
        self.assertFalse(self.partner.cc_owner_ids)
        self.partner.user_id = False
        self.max.user_id.group_ids |= self.env.ref("base.group_partner_manager")
        self.partner.with_user(self.max.user_id).user_id = self.cai.user_id
        self.assertTrue(self.sees())
        self.assertEqual(self.partner.cc_owner_ids.given_by_id, self.max.user_id)

    def test_nobody_takes_a_customer(self):
        for give in (
            lambda: self.as_cai(self.partner).action_cc_give(self.cai.user_id.id),
            lambda: self.as_cai(self.env["cc.customer.owner"]).create(
                {"partner_id": self.partner.id, "user_id": self.cai.user_id.id, "how": "claim"}
            ),
            lambda: self.as_cai(self.partner).write(
                {"cc_owner_ids": [(0, 0, {"user_id": self.cai.user_id.id, "how": "claim"})]}
            ),
            # Lin leads Sales, but the customer is Ann's
            lambda: self.partner.with_user(self.lin.user_id).action_cc_give(self.cai.user_id.id),
        ):
            self.partner._cc_give(self.ann.user_id, "leader")
            with self.assertRaises(AccessError):
                give()
        self.assertFalse(self.sees())

    def test_nobody_gives_to_themselves(self):
        """A leader's word is for others: who takes a customer has not been given them. Managers may."""
        self.lin.user_id.group_ids |= self.env.ref("base.group_partner_manager")
        as_lin = self.partner.with_user(self.lin.user_id)
        with self.assertRaises(AccessError):
            as_lin.action_cc_give(self.lin.user_id.id)
        as_lin.user_id = self.lin.user_id
        made = as_lin.create({"name": "New", "user_id": self.lin.user_id.id})
        self.assertFalse((self.partner | made).sudo().cc_owner_ids)
        self.assertFalse(self.call.with_user(self.lin.user_id).has_access("read"))
        self.partner.with_user(self.max.user_id).action_cc_give(self.lin.user_id.id)
        self.assertTrue(self.call.with_user(self.lin.user_id).has_access("read"))
        # what one has one passes on
        as_lin.action_cc_give(self.cai.user_id.id)
        self.assertEqual(self.partner._cc_owner(), self.cai.user_id)

    def test_main_number(self):
        """The owner of a customer links somebody else's number with them, as main: nothing comes of it."""
        self.own._cc_give(self.cai.user_id, "leader")
        links = self.as_cai(self.env["cc.phone.link"])
        values = {"partner_id": self.own.id, "number": "13800138000"}
        with self.assertRaisesRegex(AccessError, "confirmed for another contact"):
            links.create({**values, "main": True})
        link = links.create(values)
        self.assertFalse(link.trusted)
        with self.assertRaisesRegex(AccessError, "confirmed for another contact"):
            link.main = True
        call = self.play_call()
        self.record(call)
        self.assertNotEqual(call.partner_id, self.own)
        self.assertFalse(self.sees(call))
        with self.assertRaises(AccessError):
            link.action_confirm()
        link.write({"trusted": True})
        self.assertFalse(link.trusted)

    def test_confirmed_number_stays(self):
        """Who had no call with the number neither moves nor removes it."""
        link = self.partner.phone_link_ids
        self.assertTrue(link.trusted)
        for act in (
            lambda row: row.write({"partner_id": self.own.id}),
            lambda row: row.write({"number": "13700137000"}),
            lambda row: row.unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "confirmed"):
                act(self.as_cai(link))
        link.with_user(self.ann.user_id).label = "mobile"
        links = self.as_cai(self.env["cc.phone.link"])
        mine = links.create({"partner_id": self.own.id, "number": "13700137000"})
        mine.main = True
        mine.unlink()

    def test_registered_call_confirms_nothing(self):
        """Who registers a call by hand has not talked: the number is not theirs to confirm or to move by it."""
        self.own._cc_give(self.cai.user_id, "leader")
        unknown = self.play_call(number="13700137000")
        for number in ("13700137000", "13800138000"):
            register = self.as_cai(self.env["cc.call.register"])
            register.create(
                {"number": number, "partner_id": self.own.id, "duration": 0.5}
            ).action_register()
        links = self.as_cai(self.env["cc.phone.link"])
        link = links.create({"partner_id": self.own.id, "number": "13700137000"})
        self.assertFalse(link.trusted)
        with self.assertRaisesRegex(AccessError, "confirmed"):
            self.as_cai(self.partner.phone_link_ids).unlink()
        later = self.play_call(number="13700137000")
        self.assertFalse(self.sees(unknown) or self.sees(later))
        # nor do they keep the number's owner from hearing their customer
        self.assertTrue(self.play_call().partner_sure)

    def test_number_taken_away_from_its_customer(self):
        """Nor when the other customer's number is removed first."""
        self.own._cc_give(self.cai.user_id, "leader")
        self.as_cai(self.partner).phone = False
        self.as_cai(self.env["cc.phone.link"]).create(
            {"partner_id": self.own.id, "number": "13800138000"}
        )
        self.own.phone_link_ids.action_confirm()
        call = self.play_call()
        self.record(call)
        self.assertEqual(call.partner_id, self.own)
        self.assertFalse(self.sees(call))

    def test_owner_hears_what_is_surely_theirs(self):
        """The other side of it (M2.5): the customer's own confirmed number, whoever took the call."""
        self.partner._cc_give(self.cai.user_id, "leader")
        self.assertTrue(self.sees())
        number_of_nobody = self.play_call(number="13700137000")
        self.assertFalse(self.sees(number_of_nobody))

    def test_contact_below_ones_own_company(self):
        self.own._cc_give(self.cai.user_id, "leader")
        self.as_cai(self.partner).parent_id = self.own
        self.assertFalse(self.sees())

    def test_merging_contacts(self):
        self.own._cc_give(self.cai.user_id, "leader")
        merge = self.as_cai(self.env["base.partner.merge.automatic.wizard"]).create({})
        with self.assertRaises(AccessError):
            merge._merge([self.partner.id, self.own.id], self.own)
        self.assertFalse(self.sees())

    # ---- notes ----

    def test_note_moves_nowhere(self):
        theirs = self.play_call(agent=self.cai, number="13900139000", queue=None)
        note = self.as_cai(self.env["cc.call.note"]).create({"call_id": theirs.id, "note": "x"})
        for values in ({"call_id": self.call.id}, {"author_id": self.ann.user_id.id}):
            with self.assertRaises(AccessError):
                note.write(values)
        with self.assertRaises(AccessError):
            note.copy({"call_id": self.call.id})
        with self.assertRaises(AccessError):
            note.create({"call_id": theirs.id, "author_id": self.ann.user_id.id})

    def test_choosing_ones_own_customer(self):
        """A call that only rang at Cai: choosing a customer of Cai's own does not open its recording."""
        self.own._cc_give(self.cai.user_id, "leader")
        call = self.play_call(rings=[self.cai])
        recording = self.record(call)
        as_cai = self.as_cai(call)
        self.assertTrue(as_cai.has_access("read"))
        as_cai._cc_choose({"partner_id": self.own.id})
        self.assertEqual((call.partner_id, call.partner_by_id), (self.own, self.cai.user_id))
        self.env.invalidate_all()
        self.assertFalse(self.as_cai(recording).has_access("read"))

    def test_last_chosen_wins(self):
        """Customer, purpose and source are one value of the call, by whom it says; texts are joined."""
        first, second = self.env["cc.call.purpose"].create([{"name": "A"}, {"name": "B"}])
        call = self.call.with_user(self.ann.user_id)
        call._cc_write_note({"purpose_id": first.id, "note": "first"})
        self.call.with_user(self.lea.user_id)._cc_write_note(
            {"purpose_id": second.id, "note": "second"}
        )
        self.assertEqual((call.purpose_id, call.purpose_by_id), (second, self.lea.user_id))
        self.assertEqual(call.note, "Ann: first\nLea: second")
        self.assertEqual(len(call.note_ids), 2)
        own = call.note_ids.filtered(lambda row: row.author_id == self.ann.user_id)
        self.assertEqual(own.purpose_id, second)
        own.purpose_id = first
        self.assertEqual((call.purpose_id, call.purpose_by_id), (first, self.ann.user_id))
        with self.assertRaises(AccessError):
            call._cc_choose({"agent_id": self.ann.id})

    def test_ingest_leaves_what_was_chosen(self):
        """The number comes late; the customer that somebody chose stays."""
        call = self.play_call(number=None, until="talking")
        call.with_user(self.ann.user_id)._cc_choose({"partner_id": self.own.id})
        body = self.call_body(
            call.call_uid,
            call.rev + 1,
            "talking",
            legs=[self.leg(1, "customer", "13800138000", T0), self.leg(2, "agent", "8101", T0 + S)],
            answered_t=T0 + S,
        )
        self.apply(self.fact("call.corrected", T0 + 9 * S, call=body))
        self.assertEqual(call.number_id, self.number_of("13800138000"))
        self.assertEqual(call.partner_id, self.own)

    # ---- parties ----

    def test_outside_caller_with_an_agents_number(self):
        """A number shown from outside makes nobody a party: no card, no recording."""
        self.sign_in(self.cai, device="mobile", extension="13912345678")
        self.bus_messages()
        for number in ("8103", "13912345678", "w8103"):
            call = self.play_call(number=number)
            self.record(call)
            self.assertFalse(call.leg_ids.filtered(lambda leg: leg.agent_id == self.cai))
            self.assertFalse(self.sees(call), number)
        told = self.told(self.cai, "cc.call/changed")
        self.assertFalse(told)

    def test_customers_number_as_outside_phone(self):
        """Nobody signs in at a customer's number; at their own they do, also if it stands in a contact."""
        phone = self.env["cc.agent"].with_user(self.cai.user_id)
        with self.assertRaisesRegex(UserError, "customer"):
            phone.sign_in("mobile", "13800138000")
        self.cai.user_id.partner_id.phone = "13912345678"
        self.assertTrue(phone.sign_in("mobile", "13912345678"))

    # ---- destinations ----

    def dials(self, agent, number, kind="dial", args=None):
        """Whether an agent may have a number called."""
        phone = self.env["cc.agent"].with_user(agent.user_id)
        with self.env.cr.savepoint() as savepoint:
            try:
                phone.command(kind, args or {"number": number})
            except UserError as error:
                self.assertRegex(
                    str(error), "not allowed|not a number|no number|cannot be dialled|dial"
                )
                return False
            finally:
                savepoint.rollback()
                self.env.invalidate_all()
        return True

    def test_dear_destinations(self):
        """Without a list: premium rates, satellites and endless numbers are refused (TEL-64)."""
        self.sign_in(self.ann)
        for number, may in [
            ("13900139000", True),
            ("+49 30 1234567", True),
            ("10086", True),
            ("+1 900 555 1234", False),
            ("+882 16 0000 0000", False),
            ("+979 1 2345 6789", False),
            ("1" * 45, False),
        ]:
            with self.subTest(number=number):
                self.assertEqual(self.dials(self.ann, number), may)

    def test_listed_destinations(self):
        """With a list: what it allows, to whom it allows it, in every command that calls a number."""
        self.env["cc.dial.destination"].create(
            [
                {"name": "China", "pbx_id": self.pbx.id, "prefix": "86"},
                {"name": "Carrier", "pbx_id": self.pbx.id, "prefix": "10086"},
                {
                    "name": "Germany",
                    "pbx_id": self.pbx.id,
                    "prefix": "49",
                    "allowed_for": "leader",
                },
                {
                    "name": "Frankfurt",
                    "pbx_id": self.pbx.id,
                    "prefix": "4969",
                    "allowed_for": "nobody",
                },
            ]
        )
        for agent in (self.ann, self.lea):
            self.sign_in(agent)
        for number, agent, may in [
            ("13900139000", self.ann, True),
            ("10086", self.ann, True),
            ("+1 212 555 1234", self.ann, False),
            ("+49 30 1234567", self.ann, False),
            ("+49 30 1234567", self.lea, True),
            ("+49 69 1234567", self.lea, False),
            ("114", self.ann, False),
            # an emergency number, whatever the list says
            ("110", self.ann, True),
        ]:
            with self.subTest(number=number, agent=agent.name):
                self.assertEqual(self.dials(agent, number), may)
        self.play_call(until="talking")
        for kind in ("transfer", "consult", "invite"):
            for number, may in (("13900139000", True), ("+49 30 1234567", False)):
                to = {"to": {"kind": "number", "number": number}}
                with self.subTest(kind=kind, number=number):
                    self.assertEqual(self.dials(self.ann, None, kind, to), may)
        phone = self.env["cc.agent"].with_user(self.cai.user_id)
        with self.assertRaisesRegex(UserError, "not allowed"):
            phone.sign_in("mobile", "+49 151 23456789")

    # ---- announcements ----

    def announce(self, leader, departments):
        return (
            self.env["cc.announcement"]
            .with_user(leader.user_id)
            .create({"title": "Hours", "department_ids": [(6, 0, departments.ids)]})
        )

    def test_announcement_in_anothers_name(self):
        row = self.announce(self.lea, self.service)
        for values in (
            {"author_id": self.max.user_id.id},
            {"published_at": "2020-01-01 00:00:00"},
            {"announced": True},
        ):
            with self.assertRaises(AccessError):
                row.write(values)
            with self.assertRaises(AccessError):
                row.create({"title": "x", "department_ids": [(6, 0, self.service.ids)], **values})
        self.assertEqual(row.author_id, self.lea.user_id)

    def test_announcement_of_several_departments(self):
        """Who leads one of them neither rewrites nor removes it."""
        row = self.announce(self.max, self.service | self.sales).with_user(self.lin.user_id)
        for act in (
            lambda: row.write({"title": "Mine"}),
            lambda: row.write({"department_ids": [(6, 0, self.sales.ids)]}),
            row.unlink,
            row.action_publish,
        ):
            with self.assertRaises(AccessError):
                act()

    def test_announcement_stays_in_its_place(self):
        row = self.announce(self.lea, self.service)
        row.body = '<p style="position:fixed;inset:0" class="position-fixed w-100">Over it all</p>'
        self.assertNotIn("style", row.body)
        self.assertNotIn("class", row.body)
        self.assertIn("Over it all", row.body)

    # ---- wizards ----

    def test_wizards_are_private(self):
        typed = (
            self.env["cc.call.register"]
            .with_user(self.ann.user_id)
            .create({"number": "13700137000", "note": "secret"})
        )
        for user in (self.cai.user_id, self.max.user_id):
            self.assertFalse(self.env["cc.call.register"].with_user(user).search([]))
            with self.assertRaises(AccessError):
                typed.with_user(user).read(["note"])
        self.assertEqual(typed.read(["note"])[0]["note"], "secret")

    # ---- listening ----

    def test_one_mark_is_one_listening(self):
        recording = self.env["cc.recording"].search([("call_id", "=", self.call.id)])
        log = self.env["cc.recording.listen"].with_user(self.ann.user_id)
        size = recording.size
        for _again in range(5):
            log._log(recording, "192.0.2.1", token="whole", length=size)
        for _again in range(5):
            log._log(recording, "192.0.2.1", length=size - 1, first_byte=1)
        for first in range(0, size, size // 4 or 1):
            part = min(size // 4, size - first)
            log._log(recording, "192.0.2.1", token="parts", length=part, first_byte=first)
        rows = log.sudo().search([("recording_id", "=", recording.id)])
        by_mark = [row.token or "none" for row in rows]
        self.assertEqual(by_mark.count("whole"), 5)
        self.assertEqual(by_mark.count("parts"), 1)
        # the first of these belongs to nothing before it: nothing was left to ask for
        self.assertEqual(by_mark.count("none"), 5)

    def test_files_are_not_searched_either(self):
        """An administrator gets no recording by searching and reading at once."""
        files = self.env["ir.attachment"].with_user(self.env.ref("base.user_admin"))
        domain = [("res_model", "=", "cc.recording"), ("res_field", "=", "audio")]
        self.assertTrue(files.sudo().search(domain))
        self.assertFalse(files.search_read(domain, ["datas"]))
        self.assertFalse(files.web_search_read(domain, {"datas": {}})["records"])

    # ---- exports ----

    def test_csv_makes_no_formula(self):
        texts = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "＝1+1",
            "＠SUM(A1)",
            "＋1",
            "－1",
            "Li Wei",
        ]
        data = SafeCSVExport().from_data([], ["Name"], [[text] for text in texts])
        rows = list(csv.reader(io.StringIO(data, newline="")))[1:]
        self.assertEqual([row[0] for row in rows], [f"'{text}" for text in texts[:-1]] + ["Li Wei"])
        self.assertIn(SafeCSVExport, CSVExport.__subclasses__())

    def test_excel_makes_no_formula(self):
        asked = SimpleNamespace(env=self.env)
        with patch("odoo.addons.web.controllers.export.request", asked):
            fields = [{"name": "name", "type": "char"}]
            with ExportXlsxWriter(fields, ["Name"], 2) as writer:
                writer.write_cell(1, 0, '=HYPERLINK("http://example.com","Li Wei")')
                writer.write_cell(2, 0, "http://example.com")
        book = zipfile.ZipFile(io.BytesIO(writer.value))
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertNotIn("<f>", sheet)
        self.assertNotIn("<hyperlink", sheet)
        self.assertIn("=HYPERLINK", book.read("xl/sharedStrings.xml").decode())

    def test_a_pivot_makes_no_formula(self):
        """Calls counted by who called, in columns: the heads are callers' names."""
        names = ['=HYPERLINK("http://example.com","Li Wei")', "external:c:/x", "{=1+1}", "Li Wei"]
        heads = [{"title": name, "width": 1, "height": 1} for name in names]
        table = {
            "model": "cc.call",
            "title": "Calls",
            "measure_count": 1,
            "col_group_headers": [heads],
            "measure_headers": [{"title": name, "is_bold": False} for name in names],
            "rows": [{"title": names[0], "indent": 0, "values": [{"value": 1}]}],
        }
        self.env["ir.http"].routing_map()  # without it a route does not know its own type
        asked = SimpleNamespace(make_response=lambda data, headers: data, env=self.env)
        with (
            patch("odoo.addons.web.controllers.pivot.request", asked),
            patch.object(SafeTableExporter, "env", self.env, create=True),
        ):
            answer = SafeTableExporter().export_xlsx(json.dumps(table))
        self.assertIn(SafeTableExporter, TableExporter.__subclasses__())
        book = zipfile.ZipFile(io.BytesIO(answer.get_data()))
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertNotIn("<f>", sheet)
        self.assertNotIn("<f ", sheet)
        self.assertNotIn("<hyperlink", sheet)
        shown = book.read("xl/sharedStrings.xml").decode()
        self.assertIn("'=HYPERLINK", shown)
        self.assertIn(">Li Wei<", shown)

    # ---- tokens ----

    def test_tokens_made_to_annoy(self):
        """Infinity, deep nesting, lists for texts: refused as any wrong token, never an error of ours."""
        secret, now = self.pbx.sudo().secret, int(time.time())
        claims = {"iss": self.pbx.uuid, "aud": tokens.AUDIENCE, "iat": now, "exp": now + 60}
        nested = []
        for _level in range(900):
            nested = [nested]
        for name, wrong in [
            ("exp", math.inf),
            ("exp", -math.inf),
            ("iat", math.nan),
            ("iat", math.inf),
            ("exp", [now]),
            ("exp", "9" * 5000),
            ("iss", [self.pbx.uuid]),
            ("iss", {"a": 1}),
            ("more", nested),
        ]:
            with self.subTest(name=name, wrong=str(wrong)[:20]), mute_logger("odoo.http"):
                token = jwt.encode({**claims, name: wrong}, secret, algorithm="HS256")
                found = self.env["cc.pbx"]._from_token(token)
                if name != "more":
                    self.assertFalse(found)
        deep = "[" * 200_000
        head, body, sign = jwt.encode(claims, secret, algorithm="HS256").split(".")
        body = jwt.utils.base64url_encode(f'{{"iss":{deep}'.encode()).decode()
        self.assertFalse(self.env["cc.pbx"]._from_token(f"{head}.{body}.{sign}"))
        head = jwt.utils.base64url_encode(f'{{"alg":"HS256","x":{deep}'.encode()).decode()
        self.assertFalse(self.env["cc.pbx"]._from_token(f"{head}.{body}.{sign}"))
