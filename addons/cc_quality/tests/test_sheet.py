# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestSheet(QualityCase, TransactionCase):
    """Scoring (QUA-06): what may be given, by whom, and who sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def seen(self, sheet, user):
        return bool(self.env["cc.quality.sheet"].with_user(user).search([("id", "=", sheet.id)]))

    def test_score(self):
        """Points, the result, and what an unfinished sheet keeps."""
        sheet = self.handed_out()
        mine = sheet.with_user(self.ivy)
        data = mine.save_scores(self.rows_of(sheet, 4, None, None, None), "so far")
        self.assertEqual((sheet.state, sheet.comment), ("draft", "so far"))
        self.assertEqual([row["scored"] for row in data["rows"]], [True, False, False, False])
        with self.assertRaises(UserError):
            mine.save_scores([], "", True)
        self.score(sheet, 4, 3, "na", 10)
        # 17 of 20, the answer not applicable
        self.assertEqual((sheet.state, sheet.given, sheet.possible), ("done", 17, 20))
        self.assertEqual((sheet.percent, sheet.first_percent), (85.0, 85.0))
        self.assertTrue(sheet.passed)
        with self.assertRaises(UserError):
            mine.save_scores(self.rows_of(sheet, 0, 0, 0, 0))

    def test_what_may_be_given(self):
        """0 to the maximum; "not applicable" only where allowed; only rows of this sheet."""
        sheet = self.handed_out()
        other = self.handed_out(self.ian)
        mine = sheet.with_user(self.ivy)
        for bad in (
            self.rows_of(sheet, 5, None, None, None),
            self.rows_of(sheet, -1, None, None, None),
            self.rows_of(sheet, float("nan"), None, None, None),
            self.rows_of(sheet, float("inf"), None, None, None),
            self.rows_of(sheet, True, None, None, None),
            self.rows_of(sheet, "4", None, None, None),
            self.rows_of(sheet, "na", None, None, None),
            self.rows_of(other, 1, None, None, None),
        ):
            with self.assertRaises(UserError):
                mine.save_scores(bad)

    def test_fatal(self):
        """Nothing on a fatal row: the result is 0, the points are kept."""
        sheet = self.handed_out()
        self.score(sheet, 4, 6, 20, 0)
        self.assertEqual((sheet.percent, sheet.raw_percent), (0.0, 75.0))
        self.assertTrue(sheet.fatal)
        self.assertFalse(sheet.passed)
        self.assertEqual((sheet.given, sheet.possible), (30, 40))

    def test_version(self):
        """A template changed after scores exist: old sheets stay what they were, new ones follow."""
        sheet = self.handed_out()
        self.score(sheet, 4, 6, 20, 10)
        before = self.fingerprint(sheet)
        answer = self.content.subitem_ids[0]
        answer.write({"guidance": "Something else", "name": "Reply", "maximum": 15})
        self.template.na_rule = "zero"
        self.assertEqual(self.fingerprint(sheet), before)
        newer = self.handed_out(self.ian)
        self.assertEqual(newer.version_id.number, sheet.version_id.number + 1)
        data = newer.with_user(self.ian).score_data()
        self.assertEqual((data["rows"][2]["name"], data["rows"][2]["maximum"]), ("Reply", 15))
        self.assertEqual(data["na_rule"], "zero")
        # unchanged, it stays the same version
        self.assertEqual(self.handed_out(self.ian).version_id, newer.version_id)
        # an item that was thrown away leaves the sheet alone
        answer.unlink()
        self.assertEqual(sheet.score_ids[2].name, "Answer")
        self.assertEqual(self.fingerprint(sheet), before)
        # what was scored by which version stands in the report
        versions = self.env["cc.quality.report"]._read_group(
            [("sheet_id", "=", sheet.id)], ["version_id"], ["__count"]
        )
        self.assertEqual(versions, [(sheet.version_id, 4)])

    def fingerprint(self, sheet):
        sheet.invalidate_recordset()
        data = sheet.with_user(self.ivy).score_data()
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()

    def test_two_inspectors(self):
        """One call in two lists, two inspectors: each their own sheet, each one vote."""
        self.make_calls(self.ann, 1)
        one, two = self.generate(self.make_list(count=1)), self.generate(self.make_list(count=1))
        self.assertEqual(one.call_id, two.call_id)
        one._hand_out(self.ivy)
        two._hand_out(self.ian)
        self.score(one, 4, 6, 20, 10)
        self.score(two, 0, 0, 10, 10)
        self.assertEqual((one.percent, two.percent), (100.0, 50.0))
        result = self.env["cc.quality.result"]
        [(agent, average, count)] = result._read_group(
            [("agent_id", "=", self.ann.id)], ["agent_id"], ["percent:avg", "__count"]
        )
        self.assertEqual((agent, average, count), (self.ann, 75.0, 2))
        self.assertFalse(self.seen(one, self.ian))
        self.assertFalse(self.seen(two, self.ivy))

    def test_handed_over_while_scoring(self):
        """Given to another while it is being scored: the first one's points are gone and refused."""
        sheet = self.handed_out()
        mine = sheet.with_user(self.ivy)
        mine.save_scores(self.rows_of(sheet, 0, 0, None, None), "weak")
        sheet.with_user(self.max_user)._hand_out(self.ian)
        with self.assertRaises(AccessError):
            mine.save_scores(self.rows_of(sheet, 0, 0, 0, 0), "", True)
        self.assertEqual((sheet.state, sheet.comment), ("open", False))
        self.assertFalse(any(sheet.score_ids.mapped("scored")))
        self.score(sheet, 4, 6, 20, 10)
        self.assertEqual((sheet.percent, sheet.inspector_id), (100.0, self.ian))

    def test_unrated(self):
        """Nothing applied: not rated, and no average changes."""
        for item in self.greeting | self.content:
            item.subitem_ids.na_allowed = True
        sheets = self.handed_out(calls=2)
        self.score(sheets[0], "na", "na", "na", "na")
        self.score(sheets[1], 4, 6, 20, 0)
        self.assertEqual(sheets[0].result_text, "Not rated")
        groups = self.env["cc.quality.result"]._read_group(
            [("agent_id", "=", self.ann.id)], [], ["percent:avg", "raw_percent:avg"]
        )
        self.assertEqual(groups, [(0.0, 75.0)])

    def test_recording_gone(self):
        """A call whose recording or row is gone: the sheet says so and leaves the list with a reason."""
        sheet, erased = self.handed_out(calls=2)
        self.assertTrue(sheet.call_id.has_recording)
        sheet.call_id.recording_ids.unlink()
        self.assertFalse(sheet.call_id.has_recording)
        data = sheet.with_user(self.ivy).score_data()
        self.assertEqual(data["recordings"], [])
        self.assertFalse(sheet.has_recording)
        with self.assertRaises(UserError):
            sheet.with_user(self.ivy).cannot_score("  ")
        sheet.with_user(self.ivy).cannot_score("Nothing to hear")
        self.assertEqual((sheet.state, sheet.void_reason), ("void", "Nothing to hear"))
        agent = erased.agent_id
        erased.call_id.unlink()
        data = erased.with_user(self.ivy).score_data()
        self.assertEqual((data["recordings"], erased.agent_id), ([], agent))
        self.score(erased, 4, 6, 20, 10)
        self.assertEqual(erased.percent, 100.0)

    def test_marks(self):
        """Moments of this call's recordings only, by the sheet's inspector."""
        sheet, other = self.handed_out(calls=2)
        mine = sheet.with_user(self.ivy)
        recording = sheet.call_id.recording_ids
        mark = mine.add_mark(recording.id, 12.5, "Here")
        self.assertEqual(mine.score_data()["marks"][0]["at_s"], 12.5)
        for bad in ((other.call_id.recording_ids.id, 1.0), (recording.id, -1.0)):
            with self.assertRaises(UserError):
                mine.add_mark(*bad)
        with self.assertRaises(AccessError):
            sheet.with_user(self.ian).add_mark(recording.id, 1.0)
        mine.remove_mark(mark)
        self.assertFalse(sheet.mark_ids)

    def test_next(self):
        """The next call in hand, from the first after this one, then from the beginning."""
        sheets = self.handed_out(calls=3).sorted("id")
        mine = self.env["cc.quality.sheet"].with_user(self.ivy)
        self.assertEqual(mine.next_sheet(), sheets[0].id)
        self.assertEqual(mine.next_sheet(sheets[1].id), sheets[2].id)
        self.assertEqual(mine.next_sheet(sheets[2].id), sheets[0].id)
        self.assertFalse(self.env["cc.quality.sheet"].with_user(self.ian).next_sheet())

    def test_who_sees(self):
        """An agent never sees a colleague's score, nor their own before it is done (QUA-08)."""
        bea = self.make_agent("bea", "8105", self.service)
        sheet = self.handed_out()
        for user in (self.ann.user_id, bea.user_id, self.lea.user_id, self.ian):
            self.assertFalse(self.seen(sheet, user), user.login)
        self.assertTrue(self.seen(sheet, self.ivy))
        self.assertTrue(self.seen(sheet, self.max_user))
        self.score(sheet, 4, 6, 20, 10)
        may = (self.ann.user_id, self.lea.user_id, self.ivy, self.max_user)
        may_not = (bea.user_id, self.ben.user_id, self.lin.user_id, self.ian, self.owner)
        for model, domain in (
            ("cc.quality.sheet", [("id", "=", sheet.id)]),
            ("cc.quality.score", [("sheet_id", "=", sheet.id)]),
        ):
            for user in may:
                self.assertTrue(self.env[model].with_user(user).search(domain), (model, user.login))
            for user in may_not:
                found = self.env[model].with_user(user).search(domain)
                self.assertFalse(found, (model, user.login))
        for user in may_not:
            with self.assertRaises(AccessError):
                sheet.with_user(user).score_data()
        for model in ("cc.quality.result", "cc.quality.report"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.ann.user_id).search([])
            for user, seen in ((self.lea.user_id, True), (self.lin.user_id, False)):
                found = self.env[model].with_user(user).search([("sheet_id", "=", sheet.id)])
                self.assertEqual(bool(found), seen, (model, user.login))

    def test_who_writes(self):
        """Nobody writes a score by RPC; only its inspector by the sheet's own method."""
        sheet = self.handed_out()
        users = (self.ivy, self.ian, self.ann.user_id, self.lea.user_id, self.max_user)
        for user in users:
            for record in (sheet, sheet.score_ids[0]):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"comment": "x"})
            with self.assertRaises(AccessError):
                self.env["cc.quality.sheet"].with_user(user).create({"kind": "score"})
        for user in (self.ian, self.ann.user_id, self.lea.user_id, self.max_user):
            with self.assertRaises(AccessError):
                sheet.with_user(user).save_scores([], "")

    def test_who_hears(self):
        """An inspector hears what was handed out to them, and no longer once it is taken back."""
        sheet, other = self.handed_out(calls=2)
        other._hand_out(self.ian)
        mine = sheet.call_id.recording_ids
        theirs = other.call_id.recording_ids

        def hears(user, recording):
            return bool(
                self.env["cc.recording"].with_user(user).search([("id", "=", recording.id)])
            )

        self.assertTrue(hears(self.ivy, mine))
        self.assertFalse(hears(self.ivy, theirs))
        self.assertTrue(hears(self.ian, theirs))
        self.assertFalse(hears(self.ian, mine))
        self.assertFalse(hears(self.ben.user_id, mine))
        self.assertTrue(hears(self.max_user, mine))
        sheet._take_back()
        self.assertFalse(hears(self.ivy, mine))
        with self.assertRaises(AccessError):
            mine.with_user(self.ivy)._cc_player_data()
