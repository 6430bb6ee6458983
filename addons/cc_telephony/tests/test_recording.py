# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..ingest.errors import FactError
from ..utils import token as tokens
from ..utils.audio import mp3_channels
from .browser import PatientCase
from .cases import MP3_STEREO, T0, RecordingMixin, S


@tagged("post_install", "-at_install")
class TestRecording(RecordingMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_recordings()

    def _body(self, **values):
        return {
            "call_uid": self.call.call_uid,
            "part": 1,
            "path": "x.wav",
            "sha256": self.sha256,
            "duration_ms": 61_500,
            "format": "mp3",
            "paused": [{"from_ms": 1000, "to_ms": 4000}],
            "started_t": 1_795_251_600_250_000,
            **values,
        }

    def test_fact_then_upload(self):
        pending = self.env["cc.recording"]._cc_ingest(self._body())
        self.assertEqual((pending.state, pending.duration_s), ("pending", 61.5))
        self.assertFalse(pending.audio_url)
        stored = self.record(self.call)
        self.assertEqual(stored, pending)
        self.assertEqual(
            (stored.state, stored.size, stored.channels), ("stored", len(self.data), 2)
        )
        self.assertEqual(stored.paused, [{"from_ms": 1000, "to_ms": 4000}])

    def test_upload_then_fact(self):
        stored = self.record(self.call)
        again = self.env["cc.recording"]._cc_ingest(self._body(sha256="0" * 64, duration_ms=1))
        self.assertEqual(again, stored)
        self.assertEqual(
            (stored.state, stored.sha256, stored.duration_s), ("stored", self.sha256, 2.0)
        )

    def test_fact_of_no_call(self):
        with self.assertRaises(FactError):
            self.env["cc.recording"]._cc_ingest(self._body(call_uid="no-such"))
        with self.assertRaises(FactError):
            self.env["cc.recording"]._cc_ingest(self._body(part=0))

    def test_fact_through_the_pbx(self):
        self.pbx._cc_apply_recording(None, {"recording": self._body()})
        self.assertEqual(self.call.recording_ids.state, "pending")

    def retell(self, third, **more):
        """Correct the call: a third party was in it from second 20 to 40."""
        role, number = third
        legs = [
            self.leg(1, "customer", "13900001111", T0, T0 + 60 * S),
            self.leg(2, "agent", "8101", T0 + 7 * S, T0 + 60 * S),
        ]
        if number:
            legs.append(self.leg(3, role, number, T0 + 20 * S, T0 + 40 * S))
        story = {
            "from": {"number": "13900001111", "name": None},
            "legs": legs,
            "answered_t": T0 + 7 * S,
            "ended_t": T0 + 60 * S,
            **more,
        }
        body = self.call_body(self.call.call_uid, self.call.rev + 1, "ended", **story)
        self.apply(self.fact("call.corrected", T0 + 61 * S, call=body))

    def _consult(self, **values):
        self.retell(("agent", self.cai.number))
        body = self._body(part=2, kind="consult", by=self.ann.number, leg=3, paused=[], **values)
        return self.env["cc.recording"]._cc_ingest(body, self.pbx)

    def test_consultation(self):
        """A recording of its own beside the call's, named after whom the agent asked."""
        whole, consult = self.record(self.call), self._consult()
        self.assertEqual((whole.kind, whole.title, whole.asked_by_id.id), ("call", "Call", False))
        self.assertEqual(
            (consult.kind, consult.part, consult.asked_by_id), ("consult", 2, self.ann)
        )
        self.assertEqual(consult.title, f"Consultation with {self.cai.name}")
        self.assertTrue(consult.display_name.endswith(consult.title))
        self.assertEqual(self.call.recording_ids, whole | consult)
        again = self.env["cc.recording"]._cc_ingest(
            self._body(part=2, kind="consult", by=self.ann.number, leg=3)
        )
        self.assertEqual(again, consult)

    def test_consultation_outside_shows_the_number_as_the_call_does(self):
        consult = self._consult()
        self.retell(("outside", "13700137000"))
        self.assertEqual(consult.title, "Consultation with +86 137 0013 7000")
        self.retell((None, None))
        self.assertEqual(consult.title, "Consultation")

    def test_fact_of_the_version_before_and_of_no_form(self):
        """Without the words of a consultation it is the call's; with wrong ones it is refused."""
        self.assertEqual(self.env["cc.recording"]._cc_ingest(self._body()).kind, "call")
        for wrong in ({"kind": "video"}, {"kind": "consult", "leg": "3"}, {"leg": True}):
            with self.subTest(wrong=wrong), self.assertRaises(FactError):
                self.env["cc.recording"]._cc_ingest(self._body(part=3, **wrong))
        strange = self._body(part=4, kind="consult", leg=2**40, by="nobody")
        recording = self.env["cc.recording"]._cc_ingest(strange)
        self.assertEqual((recording.title, recording.asked_by_id.id), ("Consultation", False))

    def test_who_hears_a_consultation(self):
        """The same who hear the call, and whom the agent asked: they were in it. Nobody else."""
        consult = self._consult()
        outsider = self.make_agent("dora", "8104", self.sales)
        for user, may in [
            (self.ann.user_id, True),
            (self.cai.user_id, True),
            (outsider.user_id, False),
            (self.lea.user_id, True),
            (self.lin.user_id, False),
            (self.max.user_id, True),
            (self.owner, True),
        ]:
            with self.subTest(user=user.login):
                as_user = consult.with_user(user)
                self.assertEqual(as_user.has_access("read"), may)
                if may:
                    self.assertEqual(
                        as_user.read(["title"])[0]["title"],
                        f"Consultation with {self.cai.name}",
                    )
                else:
                    with self.assertRaises(AccessError):
                        as_user.read(["title"])

    def test_channels(self):
        self.assertEqual(mp3_channels(MP3_STEREO), 2)
        self.assertEqual(mp3_channels(bytes((0xFF, 0xFB, 0x90, 0xC4)) + bytes(413)), 1)
        self.assertEqual(mp3_channels(b"RIFF" + bytes(100)), 0)

    def test_who_hears(self):
        """Own call, own department, own customer, manager: yes. Another's: no, by search and by read."""
        recording = self.record(self.call)
        for user, may in [
            (self.ann.user_id, True),
            (self.cai.user_id, False),
            (self.lea.user_id, True),
            (self.lin.user_id, False),
            (self.max.user_id, True),
            (self.owner, True),
        ]:
            with self.subTest(user=user.login):
                as_user = recording.with_user(user)
                self.assertEqual(as_user.has_access("read"), may)
                self.assertEqual(bool(as_user.search([("id", "=", recording.id)])), may)
                if may:
                    self.assertTrue(as_user.read(["duration_s", "audio_url"])[0]["audio_url"])
                else:
                    with self.assertRaises(AccessError):
                        as_user.read(["duration_s"])

    def test_rung_only_does_not_hear(self):
        """Who was only rung at, and did not take the call, doesn't hear what was said in it."""
        recording = self.record(self.call)
        attempt = self.attempt(1, "8103", T0 + S, T0 + 2 * S, "no_answer")
        self.retell((None, None), attempts=[attempt])
        self.assertFalse(recording.with_user(self.cai.user_id).has_access("read"))
        self.retell(("agent", self.cai.number))
        self.assertTrue(recording.with_user(self.cai.user_id).has_access("read"))

    def test_clerk_reads_nothing(self):
        recording = self.record(self.call)
        with self.assertRaises(AccessError):
            recording.with_user(self.clerk).read(["duration_s"])

    def test_audio_is_nobodys_to_read(self):
        """Neither the field nor its attachment is read over RPC: not by who may listen, not by admin."""
        recording = self.record(self.call)
        attachment = recording._attachment()
        self.assertTrue(attachment)
        self.env.flush_all()
        for user in (self.ann.user_id, self.max.user_id, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                as_user = recording.with_user(user)
                with self.assertRaises(AccessError):
                    as_user.read(["audio"])
                with self.assertRaises(AccessError):
                    as_user.search_read([("id", "=", recording.id)], ["audio"])
                with self.assertRaises(UserError):  # agents may not export at all
                    as_user.export_data(["audio"])
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["datas"])
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["raw"])
                with self.assertRaises(AccessError):
                    attachment.with_user(user).write({"public": True})

    def test_nobody_writes(self):
        recording = self.record(self.call)
        for user in (self.ann.user_id, self.max.user_id):
            with self.assertRaises(AccessError):
                recording.with_user(user).write({"part": 2})
            with self.assertRaises(AccessError):
                recording.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["cc.recording.listen"].with_user(user).create(
                    {"recording_id": recording.id, "user_id": user.id}
                )

    def test_log_is_the_managers(self):
        recording = self.record(self.call)
        log = self.env["cc.recording.listen"].with_user(self.ann.user_id)
        log._log(recording.with_user(self.ann.user_id), "192.0.2.1")
        self.assertEqual(
            self.env["cc.recording.listen"]
            .with_user(self.max.user_id)
            .search([("recording_id", "=", recording.id)])
            .user_id,
            self.ann.user_id,
        )
        with self.assertRaises(AccessError):
            log.search([])


@tagged("post_install", "-at_install")
class TestRecordingRoutes(RecordingMixin, PatientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_recordings()
        for user in (cls.ann.user_id, cls.cai.user_id, cls.max.user_id, cls.owner):
            user.password = user.login

    def _upload(self, data=None, secret=None, **params):
        data = self.data if data is None else data
        query = {
            "call_uid": self.call.call_uid,
            "part": 1,
            "sha256": hashlib.sha256(data).hexdigest(),
            "duration_ms": 2000,
            "format": "mp3",
            **params,
        }
        path = "/cc/recording?" + "&".join(f"{name}={value}" for name, value in query.items())
        token = tokens.mint(self.pbx.uuid, secret or self.pbx.secret, int(time.time()))
        return self.url_open(
            path,
            data=data,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "audio/mpeg"},
        )

    def test_upload_is_idempotent(self):
        first, second = self._upload(), self._upload()
        self.assertEqual((first.status_code, second.status_code), (200, 200))
        self.assertEqual(first.json()["recording"], second.json()["recording"])
        self.assertIn("clock_us", first.json())
        recording = self.env["cc.recording"].browse(first.json()["recording"])
        self.assertEqual(self.call.recording_ids, recording)
        self.assertEqual((recording.state, recording.sha256), ("stored", self.sha256))

    def test_upload_refused(self):
        for status, code, params in [
            (401, "token", {"secret": "f" * 64}),
            (404, "no_call", {"call_uid": "0191d1a0-0000-7000-8000-000000000000"}),
            (400, "form", {"sha256": "0" * 64}),
            (400, "form", {"part": 0}),
            (400, "form", {"format": "exe"}),
        ]:
            with self.subTest(code=code, params=params):
                answer = self._upload(**params)
                self.assertEqual((answer.status_code, answer.json()["error"]), (status, code))
        self.env["ir.config_parameter"].set_param("cc_telephony.max_recording_bytes", "100")
        answer = self._upload()
        self.assertEqual((answer.status_code, answer.json()["error"]), (413, "too_large"))
        self.assertFalse(self.call.recording_ids)

    def test_upload_never_replaces(self):
        self._upload()
        answer = self._upload(data=self.data + b"more")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.call.recording_ids.sha256, self.sha256)

    def test_other_pbx_has_no_such_call(self):
        other = self.env["cc.pbx"].create({"name": "Other", "code": "other-test"})
        self.pbx = other
        self.assertEqual(self._upload().status_code, 404)

    def test_listening_in_ranges_is_logged_once(self):
        recording = self.record(self.call)
        self.authenticate("cc_ann", "cc_ann")
        url = f"/cc/recording/{recording.id}/audio?listen=abc"
        whole = self.url_open(url)
        self.assertEqual((whole.status_code, whole.content), (200, self.data))
        self.assertEqual(whole.headers["Content-Type"], "audio/mpeg")
        self.assertEqual(whole.headers["Accept-Ranges"], "bytes")
        part = self.url_open(url, headers={"Range": "bytes=100-199"})
        self.assertEqual((part.status_code, part.content), (206, self.data[100:200]))
        self.assertEqual(part.headers["Content-Range"], f"bytes 100-199/{len(self.data)}")
        beyond = self.url_open(url, headers={"Range": f"bytes={len(self.data)}-"})
        self.assertEqual(beyond.status_code, 416)
        listens = self.env["cc.recording.listen"].search([("recording_id", "=", recording.id)])
        self.assertEqual(listens.user_id, self.ann.user_id)
        self.assertEqual(len(listens), 1)
        self.assertTrue(listens.ip)
        self.assertFalse(listens.download)
        self.url_open(f"/cc/recording/{recording.id}/audio?listen=def")
        self.assertEqual(
            self.env["cc.recording.listen"].search_count([("recording_id", "=", recording.id)]), 2
        )

    def test_no_way_round_the_log(self):
        """A first request from the middle is a listening, too; the next range belongs to it."""
        recording = self.record(self.call)
        self.authenticate("cc_ann", "cc_ann")
        for first in (1, 200):
            self.url_open(
                f"/cc/recording/{recording.id}/audio",
                headers={"Range": f"bytes={first}-{first + 99}"},
            )
        self.assertEqual(
            self.env["cc.recording.listen"].search_count([("recording_id", "=", recording.id)]), 1
        )

    def test_a_range_that_is_not_kept_to(self):
        """One byte asked for and the whole file sent: what goes out counts, each time."""
        recording = self.record(self.call)
        self.authenticate("cc_ann", "cc_ann")
        url = f"/cc/recording/{recording.id}/audio?listen=abc"
        for headers in (
            {"Range": "bytes=0-0", "If-Range": '"another"'},
            {"Range": "bytes=0-0", "If-Range": "Mon, 01 Jan 2001 00:00:00 GMT"},
        ):
            self.assertEqual(self.url_open(url, headers=headers).content, self.data)
        log = self.env["cc.recording.listen"].search([("recording_id", "=", recording.id)])
        self.assertEqual(log.mapped("sent"), [len(self.data)] * 2)

    def test_others_do_not_hear(self):
        recording = self.record(self.call)
        url = f"/cc/recording/{recording.id}/audio"
        with mute_logger("odoo.http"):
            self.authenticate("cc_cai", "cc_cai")
            self.assertEqual(self.url_open(url).status_code, 403)
            self.authenticate(None, None)
            self.assertNotEqual(self.url_open(url, allow_redirects=False).status_code, 200)
        self.authenticate("cc_owner", "cc_owner")
        self.assertEqual(self.url_open(url).status_code, 200)
        self.assertFalse(
            self.env["cc.recording.listen"].search(
                [("recording_id", "=", recording.id), ("user_id", "=", self.cai.user_id.id)]
            )
        )

    def test_download_takes_a_right(self):
        recording = self.record(self.call)
        url = f"/cc/recording/{recording.id}/audio?download=1"
        self.authenticate("cc_ann", "cc_ann")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate("cc_max", "cc_max")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        log = self.env["cc.recording.listen"].search([("recording_id", "=", recording.id)])
        self.assertEqual((log.user_id, log.download), (self.max.user_id, True))

    def test_web_content_serves_no_audio(self):
        recording = self.record(self.call)
        attachment = recording._attachment()
        paths = [
            f"/web/content/cc.recording/{recording.id}/audio",
            f"/web/content/{attachment.id}",
            f"/web/content/ir.attachment/{attachment.id}/datas",
            f"/web/image/{attachment.id}",
        ]
        for login in ("cc_ann", "cc_max", "admin"):
            self.authenticate(login, login)
            for path in paths:
                with self.subTest(login=login, path=path), mute_logger("odoo.http"):
                    answer = self.url_open(path)
                    self.assertNotIn(self.data[:100], answer.content)
