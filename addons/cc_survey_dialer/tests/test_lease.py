# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
from datetime import timedelta

from odoo.addons.cc_telephony.tests.bodies import call_body
from odoo.exceptions import ValidationError

from ..utils import contract
from ..utils.outcomes import OUTCOMES
from .common import CampaignCase


class TestLease(CampaignCase):
    """The bridge's side: no number twice, none forgotten, whatever dies (cases 1 to 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start(mode="progressive", queue_id=cls.queue.id)

    def numbers(self, answer):
        return [lease["number"] for lease in answer["leases"]]

    def test_in_order_once(self):
        """Numbers come in the task's order, each once; then there is nothing left."""
        first = self.numbers(self.lease(2))
        second = self.numbers(self.lease(2))
        self.assertEqual(first, ["+8613800138001", "+8613800138002"])
        self.assertEqual(second, ["+8613800138003"])
        self.assertEqual(self.lease(2)["leases"], [])

    def test_repeated_question(self):
        """The same question is answered with the same leases: its first answer was lost on the way."""
        first = self.lease(2, request=7, got=6)
        again = self.lease(2, request=7, got=6)
        self.assertEqual(first["leases"], again["leases"])

    def test_unheard_answer(self):
        """Leases of a question whose answer never arrived are free for the next one."""
        self.lease(3, request=1, got=0)
        answer = self.lease(3, request=2, got=0)
        self.assertEqual(len(answer["leases"]), 3)
        self.assertEqual(
            self.env["cc.campaign.attempt"].search_count([("state", "=", "returned")]), 3
        )

    def test_new_holder(self):
        """A bridge that lost its memory: what was open is closed as unknown, not redialled at once."""
        [lease] = self.lease(1, holder="old")["leases"]
        self.tell(lease["lease"], "dialled", 1)
        kept = self.numbers(self.lease(5, holder="new", request=1, got=0))
        self.assertNotIn(lease["number"], kept)
        attempt = self.env["cc.campaign.attempt"].search([("lease", "=", lease["lease"])])
        self.assertEqual((attempt.state, attempt.outcome), ("ended", "unknown"))
        self.assertEqual(self.why("13800138001"), "retry")
        self.assertEqual(
            self.entry("13800138001").why_until,
            self.env["cc.campaign.attempt"].browse(attempt.id).ended_at + timedelta(minutes=10),
        )

    def test_two_campaigns_one_number(self):
        """A number that one campaign is dialling is not given to another."""
        self.lease(3)
        other = self.start(
            self.make_campaign(name="Second", mode="progressive", queue_id=self.queue.id)
        )
        self.assertEqual(self.lease(3, other)["leases"], [])
        self.assertEqual(self.why("13800138001", other), "dialling")

    def test_paused(self):
        """Nothing is given after a pause; the bridge is told at once by a command."""
        self.campaign.action_pause()
        self.assertEqual(self.lease()["none"], "paused")
        command = self.env["cc.command"].sudo().search([("kind", "=", "dialer_state")], limit=1)
        self.assertEqual(command.args["state"], "paused")
        self.assertEqual(command.args["rev"], self.campaign.rev)

    def test_revisions(self):
        """A later revision wins; an older one that comes late changes nothing."""
        [lease] = self.lease()["leases"]
        self.tell(lease["lease"], "answered", 2)
        self.tell(lease["lease"], "dialled", 1)
        attempt = self.tell(lease["lease"], "ended", 3, "person", agent="8101", waited_ms=800)
        self.assertEqual(attempt.outcome, "person")
        self.assertEqual(attempt.agent_id, self.ann)
        self.assertEqual(attempt.waited_s, 0.8)
        attempt = self.tell(lease["lease"], "dialled", 1)
        self.assertEqual(attempt.state, "ended")

    def test_corrected(self):
        """What the PBX's records told after a crash replaces "unknown"."""
        attempt = self.dialled("unknown", counts=False)
        self.assertEqual(self.why(attempt.number_id.key[3:]), "retry")
        self.tell(attempt.lease, "ended", 3, "person")
        self.assertEqual(self.why(attempt.number_id.key[3:]), "finished")

    def test_returned(self):
        """A lease that was never dialled costs no try, and the number keeps its place."""
        [lease] = self.lease()["leases"]
        body = {
            "lease": lease["lease"],
            "campaign": self.campaign.id,
            "reason": "window",
            "text": "",
        }
        self.apply(self.fact("dialer.returned", lease=body))
        self.assertEqual(self.why("13800138001"), "due")
        self.assertEqual(self.entry("13800138001").tries, 0)
        self.assertEqual(self.numbers(self.lease()), ["+8613800138001"])

    def test_do_not_call_at_the_click(self):
        """A request takes leases back that are not dialled yet (case 19)."""
        [lease] = self.lease()["leases"]
        self.env["cc.do.not.call"]._add(self.entry("13800138001").number_id, source="agent")
        command = self.env["cc.command"].sudo().search([("kind", "=", "dialer_drop")], limit=1)
        self.assertEqual(command.args["leases"], [lease["lease"]])

    def test_call_is_tied(self):
        """The call of a try is known by the identifier that the bridge gave it before it dialled."""
        [lease] = self.lease()["leases"]
        uid = "0190a000-0000-7000-8000-000000000001"
        self.tell(lease["lease"], "dialled", 1, call_uid=uid)
        call = call_body(
            uid,
            1,
            "ringing",
            direction="outbound",
            **{"from": {"number": "line1", "name": None}, "to": {"number": lease["number"]}},
        )
        self.apply(self.fact("call.started", call=call))
        attempt = self.env["cc.campaign.attempt"].search([("lease", "=", lease["lease"])])
        self.assertEqual(attempt.call_id.call_uid, uid)
        card = attempt.call_id.sudo()._cc_card(self.ann)
        self.assertEqual(card["campaign"]["attempt_id"], attempt.id)
        # what the dialler did comes to the agent like a caller; what they dialled is their own
        self.assertTrue(card["brought"])
        attempt.mode = "preview"
        self.assertFalse(attempt.call_id.sudo()._cc_card(self.ann)["brought"])

    def test_intent(self):
        """The section of the intent says what the campaign's form says, in the protocol's words."""
        [row] = self.pbx.sudo()._intent()["dialer"]["campaigns"]
        self.assertEqual(row["campaign"], self.campaign.id)
        self.assertEqual(
            (row["state"], row["mode"], row["queue"]), ("running", "progressive", "help")
        )
        self.assertEqual(row["action"], {"kind": "queue", "value": "help", "language": "en"})
        self.assertEqual(row["message"]["kind"], "say")
        self.assertEqual(
            row["lines"],
            [{"line": "line1", "max": 30, "per_s": 5, "caller_id": "+862155550100"}],
        )
        self.assertEqual(row["abandon_target"], 0.03)
        self.assertEqual(
            row["windows"],
            [
                {"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "12:00"},
                {"days": [0, 1, 2, 3, 4], "from": "14:00", "to": "18:00"},
            ],
        )
        self.assertEqual(row["rev"], self.campaign.rev)

    def test_number_shown(self):
        """Case 29: each line shows its own number; nobody gives a campaign another one."""
        line = self.campaign.line_ids
        other = self.trunk.copy({"code": "line2", "caller_id": "021 5555 0200"})
        line.create({"campaign_id": self.campaign.id, "trunk_id": other.id})
        line.with_user(self.lea.user_id).write({"caller_id": "+12125550123"})
        self.env.invalidate_all()
        [row] = self.pbx.sudo()._intent()["dialer"]["campaigns"]
        self.assertEqual(
            [(one["line"], one["caller_id"]) for one in row["lines"]],
            [("line1", "+862155550100"), ("line2", "+862155550200")],
        )
        # shown by the lease itself there is none
        [lease] = self.lease()["leases"]
        self.assertIsNone(lease["caller_id"])
        with self.assertRaises(ValidationError):
            self.trunk.caller_id = "anonymous"

    def test_rev_rises(self):
        """Each change that matters raises the revision; a note does not."""
        before = self.campaign.rev
        self.campaign.ratio = 4
        self.assertGreater(self.campaign.rev, before)
        before = self.campaign.rev
        self.campaign.line_ids.max_calls = 7
        self.assertGreater(self.campaign.rev, before)
        before = self.campaign.rev
        self.campaign.description = "quiet"
        self.assertEqual(self.campaign.rev, before)

    def test_edited_while_running(self):
        """A window, and numbers taken out, are in force at the next question (case 25)."""
        self.lease()
        before = self.campaign.morning_to
        self.campaign.morning_to = 10
        answer = self.lease(5)
        self.assertEqual((answer["leases"], answer["none"]), ([], "window"))
        self.campaign.morning_to = before
        self.entry("13800138002").sudo().active = False
        self.assertEqual(self.numbers(self.lease(5)), ["+8613800138003"])
        self.assertEqual(self.why("13800138002"), "removed")

    def test_bad_facts(self):
        """Facts of a wrong form are set aside; an unknown lease too."""
        lease = "0190a000-0000-7000-8000-00000000000f"
        for body in (
            {"lease": "x", "rev": 1, "state": "dialled"},
            {"lease": lease, "rev": 0, "state": "dialled"},
            {"lease": lease, "rev": 1, "state": "gone"},
            {"lease": lease, "rev": 1, "state": "ended", "outcome": None},
            {"lease": lease, "rev": 1, "state": "ended", "outcome": "happy"},
            {"lease": lease, "rev": 1, "state": "dialled"},
        ):
            _seq, rejected = self.ingest(self.fact("dialer.attempt", attempt=body))
            self.assertEqual(rejected, 1, body)

    def alarm(self, kind, campaign=None, line=None, text=""):
        """An alarm of the dialler; what the campaign's log says of it."""
        body = {"campaign": campaign, "line": line, "kind": kind, "text": text}
        self.apply(self.fact("dialer.alarm", alarm=body))
        newest = self.campaign.log_ids.sorted("id")[-1:]
        self.assertEqual(newest.level, "warning")
        return newest.text

    def test_alarm_is_logged(self):
        """Each kind in words, with the line and what the PBX said."""
        self.assertEqual(
            self.alarm("throttled", line="line1"), "The carrier throttles our calls. line1"
        )
        self.assertEqual(self.alarm("trunk_down", line="line1"), "The line is down. line1")
        self.assertEqual(
            self.alarm("sound", self.campaign.id, text="lame: no MP3"),
            "A recording could not be prepared on the PBX. lame: no MP3",
        )
        self.assertEqual(
            self.alarm("abandon_limit", self.campaign.id), "The abandonment limit is reached."
        )

    def test_alarm_is_not_repeated(self):
        """A limit that is reached and left again each second is one line of the log."""
        for _turn in range(3):
            self.alarm("abandon_limit", self.campaign.id)
        self.assertEqual(len(self.campaign.log_ids.filtered(lambda row: row.level == "warning")), 1)

    def test_told_in_the_language_of_who_runs_it(self):
        """The bridge's own language is nobody's."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.campaign.create_uid.lang = "zh_CN"
        chinese = self.alarm("trunk_down", line="line1")
        self.assertIn("line1", chinese)
        self.assertNotIn("down", chinese)

    def test_every_outcome_has_words(self):
        """What the dialler may tell is what people are shown."""
        self.assertEqual(set(OUTCOMES), contract.facts.OUTCOMES)

    def test_no_machine_detection(self):
        """A PBX without AMD is named to the campaign that wants it, and to no other (DIA-08)."""
        other = self.make_campaign(name="Other", mode="progressive", queue_id=self.queue.id)
        self.start(other)
        before = len(other.log_ids)
        self.assertEqual(
            self.alarm("amd", self.campaign.id),
            "The PBX has no answering-machine detection, so machines are treated as people.",
        )
        self.assertEqual(len(other.log_ids), before)

    def test_announcement(self):
        """What a network says corrects the cause's word, and the number is out of service everywhere (DIA-19)."""
        [lease] = self.lease()["leases"]
        self.tell(lease["lease"], "dialled", 1)
        attempt = self.tell(lease["lease"], "ended", 2, "no_answer", cause=19)
        self.assertEqual(attempt.entry_id.why, "retry")
        self.tell(lease["lease"], "ended", 3, "suspended", cause=19, announcement="停机")
        attempt.entry_id.invalidate_recordset(["why"])
        self.assertEqual((attempt.outcome, attempt.announcement), ("suspended", "停机"))
        self.assertEqual(attempt.entry_id.why, "dead")

    def test_announcements_in_the_intent(self):
        """Recordings by their hash, the tone without one; archived ones are left out."""
        announcements = self.env["cc.network.announcement"]
        announcements.search([]).active = False
        sound = base64.b64encode(b"RIFF")
        announcements.create({"name": "Empty", "outcome": "empty", "sound": sound})
        announcements.create({"name": "SIT", "outcome": "off", "kind": "tone"})
        announcements.create({"name": "Old", "kind": "tone", "active": False})
        rows = self.pbx.sudo()._intent()["dialer"]["announcements"]
        self.assertEqual(
            rows,
            [
                {
                    "name": "Empty",
                    "outcome": "empty",
                    "sound": hashlib.sha256(b"RIFF").hexdigest(),
                },
                {"name": "SIT", "outcome": "off", "sound": None},
            ],
        )
        with self.assertRaises(ValidationError):
            announcements.create({"name": "Nothing", "kind": "sound"})

    def test_clock(self):
        """Leases are to be dialled within a minute."""
        [lease] = self.lease()["leases"]
        self.assertEqual(lease["until"], 1_772_418_660_000_000)
        self.assertEqual(lease["zone"], "Asia/Shanghai")
