# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import threading
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import _super_send
from odoo.tools import mute_logger

from .common import CampaignCase
from .sms_server import SmsServer


class SmsCase(CampaignCase):
    """A company with a gateway: a real HTTP server on this machine."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's own lengthens short time-outs, of which one test is about, and knows no pairs of them."""
        if request.url.startswith("http://127.0.0.1:"):
            return _super_send(session, request, **options)
        return super()._request_handler(session, request, **options)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = SmsServer()
        cls.addClassCleanup(cls.server.close)
        cls.gateway = cls.env["cc.sms.gateway"].create(
            {
                "name": "Gateway",
                "url": cls.server.url,
                "company_id": cls.company.id,
                "account": "shop",
                "password": "secret",
                "body": "json",
                "params": "account = {account}\nphone = {number}\ncontent = {text}\nid = {uuid}",
                "answer": "json",
                "ok_path": "code",
                "ok_values": "0",
                "ref_path": "msgid",
                "codes": "7 = unsubscribed\n8 = wrong_number\n9 = credit\n42 = throttled",
                "per_s": 1000,
                "signature": "百宝",
                "tail": "拒收请回复R",
            }
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Li Wei", "phone": "+86 138 0013 8001", "company_id": cls.company.id}
        )

    def setUp(self):
        super().setUp()
        self.server.requests.clear()
        self.server.during = None
        self.server.script = lambda request: (
            200,
            {"code": "0", "msgid": f"m{len(self.server.requests)}"},
        )

    def sms(self, *numbers, body="Your parcel is here"):
        return self.env["sms.sms"].create(
            [
                {"number": number, "body": body, "cc_company_id": self.company.id}
                for number in numbers
            ]
        )

    def send(self, sms):
        with self.enter_registry_test_mode():
            sms.send()
        self.env.invalidate_all()

    def message(self, sms):
        return self.env["cc.sms.message"].search([("uuid", "=", sms.uuid)])


@tagged("post_install", "-at_install")
class TestSms(SmsCase):
    """DIA-12, 16: Odoo's own messages through a gateway, each at most once."""

    def test_sent(self):
        """What the gateway gets is what its profile says; what it answers is kept."""
        sms = self.sms("+8613800138001")
        self.send(sms)
        [request] = self.server.requests
        self.assertEqual(request["phone"], "13800138001")
        self.assertEqual(request["content"], "【百宝】Your parcel is here")
        self.assertEqual(request["account"], "shop")
        self.assertEqual(request["id"], sms.uuid)
        message = self.message(sms)
        self.assertEqual((message.state, message.ref), ("sent", "m1"))
        self.assertEqual(sms.state, "pending")
        self.assertEqual(message.partner_id, self.partner)
        self.assertEqual(message.segments, 1)

    def test_both_hooks(self):
        """The cron, which does not part companies by itself, sends each company's its own way."""
        other = self.env["res.company"].create({"name": "Without a gateway"})
        mine = self.sms("+8613800138001")
        theirs = self.env["sms.sms"].create(
            {"number": "+8613800138002", "body": "x", "cc_company_id": other.id}
        )
        asked = []

        def batch(api, messages, delivery_reports_url=False):
            asked.extend(number["uuid"] for row in messages for number in row["numbers"])
            return [{"uuid": uuid, "state": "success"} for uuid in asked]

        with (
            patch("odoo.addons.sms.tools.sms_api.SmsApi._send_sms_batch", batch),
            self.enter_registry_test_mode(),
        ):
            (mine | theirs)._send()
        self.assertEqual(asked, [theirs.uuid])
        self.assertEqual([request["id"] for request in self.server.requests], [mine.uuid])

    def test_not_twice(self):
        """Odoo asks again (rolled back, retried): the ledger knows, nothing leaves twice (case 39)."""
        sms = self.sms("+8613800138001")
        self.send(sms)
        sms.state = "outgoing"
        sms.to_delete = False
        self.send(sms)
        self.assertEqual(len(self.server.requests), 1)
        self.assertEqual(sms.state, "pending")

    def test_committed_before_the_call(self):
        """While the gateway is asked the ledger says so already."""
        seen = []
        sms = self.sms("+8613800138001")

        messages = type(self.env["cc.sms.message"])
        hand_over = messages._hand_over

        def spy(self_, parcels, transport, settle, per_s):
            seen.extend(
                self.env["cc.sms.message"].search([("uuid", "=", sms.uuid)]).mapped("state")
            )
            return hand_over(self_, parcels, transport, settle, per_s)

        with patch.object(messages, "_hand_over", spy):
            self.send(sms)
        self.assertEqual(seen, ["sending"])

    def test_one_bad_number(self):
        """One is refused, one malformed, one not answered: the others get theirs (case 43)."""
        numbers = [f"+861380013{index:04d}" for index in range(100)]

        def script(request):
            if request["phone"].endswith("0037"):
                return 200, {"code": "7"}
            if request["phone"].endswith("0060"):
                return 200, {"code": "8"}
            if request["phone"].endswith("0080"):
                return None
            return 200, {"code": "0", "msgid": request["id"]}

        self.server.script = script
        sms = self.sms(*numbers)
        self.send(sms)
        states = {}
        for message in self.env["cc.sms.message"].search([("uuid", "in", sms.mapped("uuid"))]):
            states.setdefault((message.state, message.failure), []).append(
                message.number_display[-4:]
            )
        self.assertEqual(len(states.pop(("sent", False))), 97)
        self.assertEqual(
            states,
            {
                ("failed", "unsubscribed"): ["0037"],
                ("failed", "wrong_number"): ["0060"],
                ("unknown", "timeout"): ["0080"],
            },
        )
        self.assertTrue(self.env["cc.do.not.call"]._stops(self.number_of("13800130037"), "sms"))
        # unknown is not sent again blindly
        self.server.requests.clear()
        again = sms.filtered(lambda row: row.number == "+8613800130080")
        again.write({"state": "outgoing", "to_delete": False})
        self.send(again)
        self.assertEqual(self.server.requests, [])

    def test_throttled(self):
        """429 with Retry-After: the same message waits, and leaves once (case 41)."""
        sms = self.sms("+8613800138001")
        self.server.script = lambda request: (429, {}, {"Retry-After": "3600"})
        self.send(sms)
        self.assertEqual(sms.state, "outgoing")
        self.assertEqual(self.message(sms).state, "queued")
        self.assertTrue(self.gateway._is_paused())
        self.send(sms)
        self.assertEqual(len(self.server.requests), 1, "a paused gateway is not asked")
        self.gateway.paused_until = fields.Datetime.now() - timedelta(seconds=1)
        self.server.script = lambda request: (200, {"code": "0", "msgid": "late"})
        self.send(sms)
        self.assertEqual(self.message(sms).ref, "late")
        self.assertEqual(sms.state, "pending")
        self.assertFalse(self.gateway.last_error)

    def test_rubbish(self):
        """HTML, half an answer, the wrong JSON, an error 500: unknown, and nothing raises."""
        for answer in (
            (200, b"<html>Welcome</html>"),
            (200, b'{"code": '),
            (200, b"[]"),
            (200, b"null"),
            (200, bytes(range(256))),
            (500, b"oops"),
            (302, b""),
        ):
            self.server.script = lambda request, answer=answer: answer
            sms = self.sms("+8613800138001")
            self.send(sms)
            self.assertEqual(self.message(sms).state, "unknown", answer)
            self.assertEqual(sms.state, "error")

    def test_dead(self):
        """Nobody listens there: nothing has left, it waits."""
        self.gateway.url = "http://127.0.0.1:9/send"
        sms = self.sms("+8613800138001")
        self.send(sms)
        self.assertEqual(self.message(sms).state, "queued")
        self.assertEqual(sms.state, "outgoing")
        self.assertTrue(self.gateway.last_error)

    def test_dead_tells_no_password(self):
        """An address with the account in it is not shown to those who read why nothing was sent."""
        self.gateway.write(
            {"method": "GET", "body": "query", "params": "u = {account}\np = {password}"}
        )
        self.gateway.url = "http://127.0.0.1:1/"
        self.send(self.sms("+8613800138001"))
        self.assertIn("refused", self.gateway.last_error)
        self.assertNotIn("secret", self.gateway.last_error)

    def test_slow(self):
        """No answer in time: it may have left, so it is unknown."""
        answered = threading.Event()
        self.addCleanup(answered.set)

        def late(_request):
            answered.wait(60)
            return 200, {"code": "0"}

        self.server.script = late
        with patch("odoo.addons.cc_survey_dialer.utils.sms_http.TIMEOUT_S", (1, 0.4)):
            sms = self.sms("+8613800138001")
            self.send(sms)
        self.assertEqual(self.message(sms).state, "unknown")

    def test_ledger_fails(self):
        """When the ledger cannot be written nothing is sent, and the message stays in the queue."""
        sms = self.sms("+8613800138001")
        with (
            patch.object(type(self.env["cc.sms.message"]), "_enter", side_effect=ValueError("no")),
            mute_logger("odoo.addons.cc_survey_dialer.utils.sms_api"),
        ):
            self.send(sms)
        self.assertEqual(sms.state, "outgoing")
        self.assertEqual(self.server.requests, [])

    def test_unsubscribed_on_every_path(self):
        """From the customer's form, to numbers, queued before the request: refused at the hand-over (case 45)."""
        queued = self.sms("+8613800138001")
        self.env["cc.do.not.call"]._add(self.number_of("13800138001"), source="web", channel="sms")
        self.send(queued)
        self.assertEqual(self.message(queued).state, "refused")
        composer = self.env["sms.composer"].create(
            {"body": "x", "composition_mode": "numbers", "numbers": "+8613800138001"}
        )
        with self.enter_registry_test_mode():
            composer._action_send_sms()
            self.partner._message_sms("y", sms_numbers=["+8613800138001"])
        self.assertEqual(self.server.requests, [])

    def test_template_is_known(self):
        """Statistics by template and agent (DIA-15)."""
        template = self.env["sms.template"].create(
            {
                "name": "Parcel",
                "model_id": self.env.ref("base.model_res_partner").id,
                "body": "Here",
            }
        )
        composer = (
            self.env["sms.composer"]
            .with_user(self.ann.user_id)
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "res_model": "res.partner",
                    "res_id": self.partner.id,
                    "composition_mode": "comment",
                    "template_id": template.id,
                    "body": "Here",
                }
            )
        )
        with self.enter_registry_test_mode():
            composer._action_send_sms()
        message = self.env["cc.sms.message"].search(
            [("number_id.key", "=", "+8613800138001")], limit=1
        )
        self.assertEqual(message.template_id, template)
        self.assertEqual((message.agent_id, message.department_id), (self.ann, self.service))
        self.assertTrue(message.with_user(self.ann.user_id).has_access("read"))
        self.assertFalse(message.with_user(self.ben.user_id).has_access("read"))

    def test_profiles(self):
        """Each named profile makes a request with number and text in it, in its character set."""
        for profile, number, text in (
            ("dx", "mobile", "content"),
            ("ky", "mobile", "content"),
            ("hl", "phone", "message"),
            ("dbl", "n", "m"),
            ("generic", "phone", "content"),
        ):
            self.gateway.profile = profile
            self.gateway._onchange_profile()
            self.server.requests.clear()
            self.gateway._transport()(["13800138001"], "你好", "u1")
            [request] = self.server.requests
            self.assertEqual(request[number], "13800138001", profile)
            if profile == "hl":
                self.assertEqual(request[text].encode("latin-1").decode("gb18030"), "你好")
            elif profile in ("dx", "ky"):
                self.assertEqual(request[text].encode("latin-1").decode(), "你好")
            else:
                self.assertEqual(request[text], "你好")

    def test_number_forms(self):
        for form, here, abroad in (
            ("national", "13800138001", "004930901820"),
            ("e164", "+8613800138001", "+4930901820"),
            ("digits", "8613800138001", "4930901820"),
        ):
            self.gateway.number_form = form
            self.assertEqual(self.gateway._number_for("+8613800138001"), here)
            self.assertEqual(self.gateway._number_for("+4930901820"), abroad)

    def test_signature_twice(self):
        """A gateway that signs by itself gets a text without the signature; the count has it (case 37)."""
        self.gateway.signature_by = "gateway"
        self.assertEqual(self.gateway._text("【百宝】Hello"), "Hello")
        self.assertEqual(self.gateway._count("中" * 67).segments, 2)
        self.gateway.signature_by = "us"
        self.assertEqual(self.gateway._text("【百宝】Hello"), "【百宝】Hello")
        with self.assertRaises(ValidationError):
            self.gateway.signature = "【百】"

    def test_test_button(self):
        wizard = self.env["cc.sms.test"].create(
            {"gateway_id": self.gateway.id, "number": "13800138001"}
        )
        wizard.action_send()
        self.assertIn("m1", wizard.result)
        self.server.script = lambda request: (200, b"rubbish")
        wizard.action_send()
        self.assertIn("not understood", wizard.result)


@tagged("post_install", "-at_install")
class TestSmsReports(SmsCase):
    """DIA-14, 16, 20: what the gateway tells later."""

    def sent(self):
        sms = self.sms("+8613800138001")
        self.send(sms)
        return self.message(sms)

    def report(self, ref, state):
        self.env["cc.sms.report"]._take(self.gateway, ref, state)

    def test_order(self):
        """A late "failed" or "sent" does not take "delivered" back (trap 5)."""
        message = self.sent()
        self.report(message.ref, "delivered")
        self.assertEqual(message.state, "delivered")
        self.report(message.ref, "failed")
        self.report(message.ref, "sent")
        self.assertEqual(message.state, "delivered")

    def test_by_our_own_number(self):
        message = self.sent()
        self.report(message.uuid, "failed")
        self.assertEqual((message.state, message.failure), ("failed", "not_delivered"))

    def test_early(self):
        """A report that comes before the message's number is known is applied then."""
        self.server.during = lambda request: None
        self.report("m1", "delivered")
        self.assertEqual(self.sent().state, "delivered")
        self.assertFalse(self.env["cc.sms.report"].search([]))

    def test_reply(self):
        """A reply finds its customer and the agent who wrote last."""
        sms = self.sms("+8613800138001")
        sms.cc_user_id = self.ann.user_id
        self.send(sms)
        reply = self.env["cc.sms.message"]._receive(self.gateway, "13800138001", "Thank you", "7")
        self.assertEqual((reply.partner_id, reply.agent_id), (self.partner, self.ann))
        self.assertEqual(reply.state, "received")
        again = self.env["cc.sms.message"]._receive(self.gateway, "13800138001", "Thank you", "7")
        self.assertEqual(again, reply)
        self.assertTrue(reply.with_user(self.ann.user_id).has_access("read"))
        reply.with_user(self.ann.user_id).action_mark_seen()
        self.assertTrue(reply.seen)

    def test_unsubscribe(self):
        """The keyword alone stops messages; in a sentence it does not."""
        receive = self.env["cc.sms.message"]._receive
        number = self.number_of("13800138001")
        receive(self.gateway, "13800138001", "I will not stop", "1")
        self.assertFalse(self.env["cc.do.not.call"]._stops(number, "sms"))
        receive(self.gateway, "13800138001", " 退订。", "2")
        entry = self.env["cc.do.not.call"]._stops(number, "sms")
        self.assertEqual((entry.source, entry.channel), ("sms", "sms"))
        self.assertFalse(self.env["cc.do.not.call"]._stops(number, "call"))


@tagged("post_install", "-at_install")
class TestSmsJob(SmsCase):
    """DIA-13: one text to many."""

    def job(self, text="13800138001\n13800138002\n", **values):
        data = text.encode() if isinstance(text, str) else text
        return self.env["cc.sms.job"].create(
            {
                "name": "Offer",
                "company_id": self.company.id,
                "department_id": self.service.id,
                "gateway_id": self.gateway.id,
                "text": "Spring offer",
                "commercial": False,
                "file": base64.b64encode(data),
                "file_name": "numbers.txt",
                **values,
            }
        )

    def take_in(self, job):
        job.action_start()
        while job.state == "reading":
            job._read_step()
        job.invalidate_recordset()

    def cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cc_survey_dialer.cron_sms_send").method_direct_trigger()
        self.env.invalidate_all()

    def test_read(self):
        """Any written form; bad lines and numbers that come again are named with their line."""
        lines = [
            "13800138001",
            "+86 138 0013 8002",
            "138-0013-8001",
            "rubbish",
            "",
            "8613800138003, Li Wei",
            "021-5555 0100",
            "12",
            "0086 13800138002",
        ]
        job = self.job("\r\n".join(lines))
        self.take_in(job)
        messages = self.env["cc.sms.message"].search([("job_id", "=", job.id)], order="line_no")
        self.assertEqual(
            [(row.line_no, row.number_id.key) for row in messages],
            [
                (1, "+8613800138001"),
                (2, "+8613800138002"),
                (6, "+8613800138003"),
                (7, "+862155550100"),
            ],
        )
        self.assertEqual(
            [(row.line_no, row.kind, row.first_line) for row in job.problem_ids],
            [(3, "duplicate", 1), (4, "text", 0), (8, "short", 0), (9, "duplicate", 2)],
        )
        self.assertNotIn("13800138001", str(job.problem_ids.mapped("text")))
        self.assertEqual(job.line_count, 9)
        self.assertEqual(messages[0].partner_id, self.partner)
        self.assertEqual(messages.mapped("number_display")[0], "+86 138 0013 8001")

    def test_same_as_one_by_one(self):
        """The statement for plain mobile numbers reads them as the one reading of numbers does."""
        forms = [f"1{a}{b}{c}12345678"[:11] for a in "3456789" for b in "0123456789" for c in "05"]
        forms += [
            f"86{forms[0]}",
            f"+86{forms[1]}",
            f"0086{forms[2]}",
            "86 138 0013 8001",
            "1380013800",
        ]
        job = self.job("\n".join(forms))
        self.take_in(job)
        found = set(
            self.env["cc.sms.message"].search([("job_id", "=", job.id)]).number_id.mapped("key")
        )
        numbers = self.env["cc.phone.number"]._ingest([(form, "CN") for form in forms])
        wanted = {
            number.key for number in numbers.values() if number and number.key.startswith("+")
        }
        self.assertEqual(found, wanted)
        for number in numbers.values():
            fresh = self.env["cc.phone.number"].new({"key": number.key})
            self.assertEqual((number.display, number.mask), (fresh.display, fresh.mask))

    def test_resumed(self):
        """Read in steps that are kept: after a crash it goes on, and nobody is in it twice (case 47)."""
        numbers = [f"1380014{index:04d}" for index in range(100)]
        with patch("odoo.addons.cc_survey_dialer.models.cc_number_list_mixin.CHUNK", 30):
            job = self.job("\n".join(numbers + numbers[:10]))
            job.action_start()
            job._read_step()
            self.assertEqual(job.line_read, 30)
            # the step was done twice: its rows are there already
            job.line_read = 0
            while job.state == "reading":
                job._read_step()
        self.assertEqual(self.env["cc.sms.message"].search_count([("job_id", "=", job.id)]), 100)

    def test_send(self):
        """Sent once each; the progress is counted from the rows; then the job is done."""
        job = self.job()
        self.take_in(job)
        self.cron()
        self.assertEqual(
            [request["content"] for request in self.server.requests], ["【百宝】Spring offer"] * 2
        )
        self.assertEqual(job.state, "done")
        self.assertEqual(job.progress()["states"], [{"state": "sent", "label": "Sent", "count": 2}])
        self.cron()
        self.assertEqual(len(self.server.requests), 2)

    def test_pause(self):
        job = self.job()
        self.take_in(job)
        job.action_pause()
        self.cron()
        self.assertEqual(self.server.requests, [])
        job.action_resume()
        job.action_resume()
        self.cron()
        self.assertEqual(len(self.server.requests), 2)

    def test_stalled(self):
        """A gateway that answers nothing but rubbish gets three messages; the others wait, and leave once."""
        job = self.job("\n".join(f"138001380{index:02d}" for index in range(6)))
        self.take_in(job)
        # a first pause would be of two seconds, and over before the cron looks again
        self.gateway.failures = 8
        self.server.script = lambda request: (200, b"<html>Welcome</html>")
        self.cron()
        self.assertTrue(self.gateway._is_paused())
        self.assertEqual(self.gateway.failures, 9)
        counts = {row["state"]: row["count"] for row in job.progress()["states"]}
        self.assertEqual(counts, {"unknown": 3, "queued": 3})
        self.server.script = lambda request: (200, {"code": "0", "msgid": request["id"]})
        self.gateway.paused_until = fields.Datetime.now() - timedelta(seconds=1)
        self.cron()
        counts = {row["state"]: row["count"] for row in job.progress()["states"]}
        self.assertEqual(counts, {"unknown": 3, "sent": 3})
        phones = [request["phone"] for request in self.server.requests]
        self.assertEqual(len(set(phones)), len(phones))

    def test_worker_died(self):
        """What was being sent when the worker died is unknown, not sent again."""
        job = self.job()
        self.take_in(job)
        message = self.env["cc.sms.message"].search([("job_id", "=", job.id)], limit=1)
        message.write(
            {"state": "sending", "sending_at": fields.Datetime.now() - timedelta(hours=1)}
        )
        self.cron()
        self.assertEqual(message.state, "unknown")
        self.assertEqual(len(self.server.requests), 1)

    def test_hours(self):
        """Advertising waits for the hours of the receiver's country, service messages do not."""
        rule = self.env.ref("cc_survey_dialer.country_rule_cn")
        rule.write({"sms_from": 0, "sms_to": 0})
        job = self.job(commercial=True)
        self.take_in(job)
        self.cron()
        self.assertEqual(self.server.requests, [])
        rule.write({"sms_from": 0, "sms_to": 24})
        self.env["cc.sms.message"].search([("job_id", "=", job.id)]).not_before = False
        self.cron()
        self.assertEqual(self.server.requests[0]["content"], "【百宝】Spring offer拒收请回复R")

    def test_batches(self):
        """Two numbers a request where the gateway takes them."""
        self.gateway.write({"batch": 2, "params": "phone = {numbers}\ncontent = {text}"})
        job = self.job("13800138001\n13800138002\n13800138003\n")
        self.take_in(job)
        self.cron()
        self.assertEqual(
            [request["phone"] for request in self.server.requests],
            ["13800138001,13800138002", "13800138003"],
        )

    def test_rate(self):
        """Not more requests a second than the gateway takes."""
        self.gateway.per_s = 10
        job = self.job("\n".join(f"138001380{index:02d}" for index in range(5)))
        self.take_in(job)
        begun = time.monotonic()
        self.cron()
        self.assertEqual(len(self.server.requests), 5)
        for number, request in enumerate(self.server.requests):
            self.assertGreaterEqual(request["_at"] - begun, number / 10)

    def test_from_campaign_by_stage(self):
        """The customers of a campaign whose lead is in a chosen stage; none chosen: all."""
        stage = self.env["crm.stage"].create({"name": "Hot"})
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "stage_id": stage.id, "type": "opportunity"}
        )
        self.task.line_ids[0].lead_id = lead
        self.start()
        some = self.job(
            source="campaign", campaign_id=self.campaign.id, stage_ids=[(6, 0, stage.ids)]
        )
        self.take_in(some)
        messages = self.env["cc.sms.message"].search([("job_id", "=", some.id)])
        self.assertEqual(messages.number_id.key, "+8613800138001")
        everybody = self.job(source="campaign", campaign_id=self.campaign.id)
        self.take_in(everybody)
        self.assertEqual(
            self.env["cc.sms.message"].search_count([("job_id", "=", everybody.id)]), 3
        )

    def test_needs_numbers(self):
        with self.assertRaises(UserError):
            self.job(file=False).action_start()

    def test_access(self):
        job = self.job()
        self.assertTrue(job.with_user(self.lea.user_id).has_access("write"))
        self.assertFalse(job.with_user(self.lin.user_id).has_access("read"))
        self.assertFalse(job.with_user(self.ann.user_id).has_access("read"))
