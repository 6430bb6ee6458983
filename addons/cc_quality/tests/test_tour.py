# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.browser import TourCase
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import QualityCase
from .test_sound import recording

ACTION = "/odoo/action-cc_quality.cc_quality_%s"


@tagged("post_install", "-at_install")
class TestQualityTour(QualityCase, TourCase):
    """An inspector at work in a real browser; then the agent appeals and the manager decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def test_tour(self):
        sheets = self.handed_out(calls=2).sorted("id")
        data = recording(20, [(8, 14)], [(1, 6), (12, 18)], "MP3").getvalue()
        for sheet in sheets:
            sheet.call_id.recording_ids.unlink()
            row = self.record(sheet.call_id, data=data)
            row._cc_job_measure()
        self.start_tour(ACTION % "sheet_action_mine", "cc_quality_inspect", login="cc_ivy")
        self.assertEqual(sheets.mapped("state"), ["done", "done"])
        # 4 + 3 of 40 - 20 not applicable, 10: 17 of 20; then all full
        self.assertEqual(sheets.mapped("percent"), [85.0, 100.0])
        self.assertEqual(len(sheets[0].mark_ids), 1)
        listens = self.env["cc.recording.listen"].search([("user_id", "=", self.ivy.id)])
        self.assertEqual(listens.recording_id, sheets[0].call_id.recording_ids)
        self.start_tour(ACTION % "sheet_action_own", "cc_quality_appeal", login="cc_ann")
        appeal = sheets.appeal_ids
        self.assertEqual((len(appeal), appeal.state), (1, "open"))
        self.start_tour(ACTION % "appeal_action", "cc_quality_decide", login="cc_max")
        self.assertEqual((appeal.state, appeal.decided_by_id), ("decided", self.max_user))

    @mute_logger("odoo.http")
    def test_audio_route(self):
        """The recording's own route: heard by whom it was handed out, refused to others, logged."""
        sheet = self.handed_out()
        sheet.call_id.recording_ids.unlink()
        row = self.record(sheet.call_id)
        url = f"/cc/recording/{row.id}/audio"
        for login, status in (("cc_ivy", 200), ("cc_ian", 403), ("cc_ben", 403)):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, status, login)
        users = self.env["cc.recording.listen"].search([("recording_id", "=", row.id)]).user_id
        self.assertEqual(users, self.ivy)
        # a download takes a right of its own
        self.authenticate("cc_ivy", "cc_ivy")
        self.assertEqual(self.url_open(f"{url}?download=1").status_code, 403)
