# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
from concurrent.futures import ThreadPoolExecutor

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import api
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged
from odoo.tests.common import get_db_name
from odoo.tools import file_open, mute_logger

from ..utils.phone import phone_key, phone_mask, phone_region


class TestPhoneKey(BaseCase):
    """Every written form of a number gives one key."""

    def test_shared_vectors(self):
        with file_open("cc_telephony/bridge/src/cc_contract/vectors/phone_forms.tsv", "r") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        self.assertGreater(len(rows), 200)
        for row in rows:
            with self.subTest(country=row["country"], written=row["written"], form=row["form"]):
                self.assertEqual(phone_key(row["written"], row["country"]), row["key"] or None)

    def test_further_forms(self):
        """Forms that the shared file doesn't hold."""
        mobile = "+8613800138000"
        for written, country, key in [
            ("１３８　００１３　８０００", "CN", mobile),
            ("١٣٨٠٠١٣٨٠٠٠", "CN", mobile),  # Arabic-Indic digits
            ("138\u20110013\u20118000", "CN", mobile),  # no-break hyphen
            ("\u202d13800138000\u202c", "CN", mobile),  # pasted from a chat: direction marks
            ("sip:+8613800138000@192.0.2.1:5060;user=phone", "CN", mobile),
            ('"Li Wei" <sip:13800138000@192.0.2.1>', "CN", mobile),
            ("tel:%2B8613800138000", "DE", mobile),
            ("tel:13800138000;phone-context=+86", "DE", mobile),
            ("电话：13800138000", "CN", mobile),
            ("13800138000 / 13900139000", "CN", mobile),
            ("13800138000,,801#", "CN", mobile),
            ("17951 13800138000", "CN", mobile),  # a carrier's code in front
            ("0086 0138 0013 8000", "CN", mobile),
            ("+0086 13800138000", "CN", mobile),
            ("+86 (010) 6552 9988", "CN", "+861065529988"),
            ("010-65529988-801", "CN", "+861065529988"),
            ("010 65529988 分机 801", "CN", "+861065529988"),
            ("(021) 6123 4567（转801）", "CN", "+862161234567"),
            ("030/12345678", "DE", "+493012345678"),
            ("4915112345678", "DE", "+4915112345678"),
            ("+39 (0)6 12345678", "IT", "+390612345678"),  # Italy keeps its 0
            ("+57 (0)321 1234567", "CO", "+573211234567"),
            ("1-800-FLOWERS", "US", "+18003569377"),
            ("8613800138000", "US", mobile),  # a trunk that leaves the plus out
            ("1001", "CN", "raw:CN:1001"),
            ("95588", "CN", "raw:CN:95588"),
            ("6552 9988", "CN", "raw:CN:65529988"),  # no area: several towns have it
            ("+86 138001380", "DE", "raw:CN:138001380"),  # one number, with or without its code
            ("13800138000", None, "raw:ZZ:13800138000"),
            ("+86 138 0013 8000", None, mobile),
        ]:
            with self.subTest(written=written, country=country):
                self.assertEqual(phone_key(written, country), key)

    def test_no_number(self):
        for written in (
            None,
            False,
            "",
            "  ",
            "+",
            "-",
            "0",
            "0000",
            "Anonymous",
            "private",
            "匿名",
            "未知号码",
            "sip:anonymous@anonymous.invalid",
            "agent7",
            "room 12",
            "9" * 40,
        ):
            with self.subTest(written=written):
                self.assertIsNone(phone_key(written, "CN"))

    def test_mask_hides(self):
        """A mask shows country, area and the last four, and hides at least three digits."""
        for key, mask in [
            ("+8613800138000", "+86 138 •••• 8000"),
            ("+861065529988", "+86 10 •••• 9988"),
            ("+85291234567", "+852 •••• 4567"),
            ("+12125550123", "+1 212 •••• 0123"),
            ("raw:CN:1001", "1001"),
            ("raw:CN:65529988", "••••9988"),
        ]:
            with self.subTest(key=key):
                self.assertEqual(phone_mask(key), mask)

    def test_region_in_the_readers_language(self):
        self.assertEqual(phone_region("+862161234567", "zh_CN"), "上海市")
        self.assertEqual(phone_region("+862161234567", "en_US"), "Shanghai")
        self.assertEqual(phone_region("raw:CN:1001", "zh_CN"), "")


# After all addons are there: those above add owners of numbers, and rules on them
@tagged("post_install", "-at_install")
class TestPhoneNumber(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.numbers = cls.env["cc.phone.number"]

    def _partner(self, **values):
        return self.env["res.partner"].create({"name": "Li", "country_id": self.china.id, **values})

    def test_ingest_gives_a_row_for_each_pair(self):
        pairs = [
            ("13911112222", "CN"),
            ("+86 139 1111 2222", "DE"),
            ("anonymous", "CN"),
            (None, "CN"),
            ("1001", "CN"),
        ]
        result = self.numbers._ingest(pairs)
        self.assertEqual(set(result), set(pairs))
        self.assertEqual(result[pairs[0]], result[pairs[1]])
        self.assertEqual(result[pairs[0]].key, "+8613911112222")
        self.assertEqual(result[pairs[0]].display, "+86 139 1111 2222")
        self.assertEqual(result[pairs[0]].mask, "+86 139 •••• 2222")
        self.assertEqual(result[pairs[0]].country_id, self.china)
        self.assertFalse(result[pairs[2]])
        self.assertFalse(result[pairs[3]])
        self.assertEqual(self.numbers._ingest(pairs), result)

    def test_ingest_is_one_query_when_nothing_is_new(self):
        pairs = [(f"139222200{n:02}", "CN") for n in range(50)]
        self.numbers._ingest(pairs)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.numbers._ingest(pairs)

    def test_lookup_is_one_index_probe(self):
        number = self.numbers._ingest([("13911112222", "CN")])["13911112222", "CN"]
        plan = self._plan(number.key)
        self.assertIn("cc_phone_number_key_unique", plan)

    def _plan(self, key):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("EXPLAIN SELECT id FROM cc_phone_number WHERE key = %s", [key])
        return "\n".join(row[0] for row in self.env.cr.fetchall())

    def test_partner_create_write_unlink_keeps_links(self):
        first, second = self.env["res.partner"].create(
            [
                {"name": "Li", "country_id": self.china.id, "phone": "139 3333 4444"},
                {"name": "Wang", "country_id": self.china.id, "phone": "0086-139-3333-4444"},
            ]
        )
        number = self.numbers._find("+8613933334444")
        self.assertEqual(number.partner_ids, first | second)
        first.phone = "010-6552 9988"
        self.assertEqual(number.partner_ids, second)
        self.assertEqual(self.numbers._find("+861065529988").partner_ids, first)
        first.phone = False
        self.assertFalse(first.phone_link_ids)
        second.unlink()
        number.invalidate_recordset()
        self.assertFalse(number.link_ids)
        self.assertTrue(number.exists())

    def test_country_edit_reads_the_number_again(self):
        partner = self._partner(phone="0151 1234 5678")
        partner.country_id = self.env.ref("base.de")
        self.assertEqual(partner.phone_link_ids.number_id.key, "+4915112345678")

    def test_typed_number_stays_when_phone_changes(self):
        partner = self._partner(phone="13955556666")
        partner.phone_link_ids = [(0, 0, {"number": "０１０-65529988", "label": "Office"})]
        partner.phone = "13955557777"
        self.assertEqual(
            set(partner.phone_link_ids.mapped("number_id.key")), {"+861065529988", "+8613955557777"}
        )

    def test_typed_text_is_refused(self):
        partner = self._partner()
        with self.assertRaisesRegex(ValidationError, "is not a phone number"):
            partner.phone_link_ids = [(0, 0, {"number": "ask reception"})]

    @mute_logger("odoo.sql_db")
    def test_pair_is_unique(self):
        partner = self._partner(phone="13955556666")
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["cc.phone.link"].create(
                {"partner_id": partner.id, "number_id": partner.phone_link_ids.number_id.id}
            )

    @mute_logger("odoo.sql_db")
    def test_link_needs_an_owner(self):
        number = self.numbers._ingest([("13911112222", "CN")])["13911112222", "CN"]
        links = self.env["cc.phone.link"]
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            links.create({"number_id": number.id})

    def test_one_main_customer_a_number(self):
        first, second = self._partner(phone="13966667777"), self._partner(phone="13966667777")
        number = self.numbers._find("+8613966667777")
        first.phone_link_ids.main = True
        self.assertEqual(number._partners()[0], first)
        second.phone_link_ids.main = True
        self.assertFalse(first.phone_link_ids.main)
        self.assertEqual(number._partners()[0], second)

    def test_merge_joins_numbers(self):
        keep = self._partner(phone="13977770001")
        gone = self._partner(name="Li again", phone="13977770001")
        gone.phone_link_ids = [(0, 0, {"number": "13977770002", "label": "Home"})]
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((keep | gone).ids, keep)
        self.assertFalse(gone.exists())
        keep.invalidate_recordset()
        self.assertEqual(
            set(keep.phone_link_ids.mapped("number_id.key")), {"+8613977770001", "+8613977770002"}
        )

    def test_archived_customer_does_not_answer(self):
        partner = self._partner(phone="13988889999")
        partner.active = False
        self.assertFalse(self.numbers._find("+8613988889999")._partners())

    def test_search_by_any_form(self):
        number = self.numbers._ingest([("13911112222", "CN")])["13911112222", "CN"]
        self.env.company.country_id = self.china
        for typed in ("139 1111 2222", "+86-139-1111-2222", "11112222"):
            self.assertIn(number.id, [row[0] for row in self.numbers.name_search(typed)])


@tagged("post_install", "-at_install")
class TestPhoneAccess(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(
            cls.env, "number_agent", groups="cc_telephony.group_agent,base.group_partner_manager"
        )
        cls.clerk = new_test_user(
            cls.env, "number_clerk", groups="base.group_user,base.group_partner_manager"
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Li", "country_id": cls.env.ref("base.cn").id, "phone": "13911113333"}
        )

    def test_agent_reads_and_links(self):
        partner = self.partner.with_user(self.agent)
        self.assertEqual(partner.phone_link_ids.number, "+86 139 1111 3333")
        partner.phone_link_ids = [(0, 0, {"number": "13911114444"})]
        self.assertEqual(len(partner.phone_link_ids), 2)

    def test_others_do_not_read_numbers(self):
        """A clerk edits customers (their numbers follow) but can't list whose numbers we know."""
        with self.assertRaises(AccessError):
            self.partner.with_user(self.clerk).read(["phone_link_ids"])
        with self.assertRaises(AccessError):
            self.env["cc.phone.number"].with_user(self.clerk).search_read([], ["display"])
        with self.assertRaises(AccessError):
            self.env["cc.phone.link"].with_user(self.clerk).search_read([], ["number"])
        self.partner.with_user(self.clerk).phone = "13911115555"
        self.assertEqual(self.partner.phone_link_ids.number_id.key, "+8613911115555")

    def test_agent_does_not_make_number_rows(self):
        with self.assertRaises(AccessError):
            self.env["cc.phone.number"].with_user(self.agent).create({"key": "+8613911116666"})


@tagged("post_install", "-at_install")
class TestPhoneConcurrency(BaseCase):
    """Two transactions make the same numbers at the same time; nothing is doubled, nobody fails."""

    def test_same_new_numbers_at_once(self):
        registry = Registry(get_db_name())
        raws = [f"1370000{n:04}" for n in range(9000, 9100)]

        # Environments are made here: the thread that runs the tests holds the registry's lock
        cursors = [registry.cursor() for _worker in range(4)]
        envs = [api.Environment(cr, api.SUPERUSER_ID, {}) for cr in cursors]

        def make(env, order):
            env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            env.cr.execute("SET LOCAL statement_timeout = '120s'")
            result = env["cc.phone.number"]._ingest([(raw, "CN") for raw in order])
            env.cr.commit()
            return {pair[0]: number.id for pair, number in result.items()}

        try:
            with ThreadPoolExecutor(4) as pool:
                jobs = [
                    pool.submit(make, env, raws[::step])
                    for env, step in zip(envs, (1, -1, 1, -1), strict=True)
                ]
                results = [job.result(timeout=180) for job in jobs]
            self.assertEqual(len(set(results[0].values())), len(raws))
            for result in results[1:]:
                self.assertEqual(result, results[0])
        finally:
            for cr in cursors:
                cr.close()
            with registry.cursor() as cr:
                cr.execute("DELETE FROM cc_phone_number WHERE key LIKE '+861370000%'")
