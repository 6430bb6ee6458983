# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo.addons.cc_telephony.tests.browser import PatientCase
from odoo.addons.cc_telephony.tests.test_bridge_routes import RoutesMixin
from odoo.tests import tagged

from .all_day import ALL_DAY


@tagged("post_install", "-at_install")
class TestDialerRoutes(RoutesMixin, PatientCase):
    """The dialling plug-in's questions over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        trunk = cls.env["cc.trunk"].create({"name": "L", "code": "line1", "pbx_id": cls.pbx.id})
        service = {"department_id": cls.service.id, "company_id": cls.company.id}
        task = cls.env["cc.customer.task"].create({"name": "T", "source": "manual", **service})
        cls.env["cc.customer.task.line"].create({"task_id": task.id, "number": "13800138001"})
        task.action_start()
        cls.campaign = cls.env["cc.campaign"].create(
            {
                "name": "Spring",
                "task_id": task.id,
                "pbx_id": cls.pbx.id,
                "mode": "progressive",
                "queue_id": cls.queue.id,
                "message_text": "Call us back.",
                "message": base64.b64encode(b"RIFFsound"),
                "line_ids": [(0, 0, {"trunk_id": trunk.id})],
                "use_country_rules": False,
                **ALL_DAY,
                **service,
            }
        )
        cls.campaign.action_start()

    def ask(self, **more):
        body = {
            "epoch": 3,
            "holder": "h",
            "request": 1,
            "got": 0,
            "campaign": self.campaign.id,
            "count": 5,
            **more,
        }
        return self.post("/cc/dialer/lease", body)

    def test_strangers(self):
        """Without the PBX's token nothing is given out."""
        for path in ("/cc/dialer/lease", "/cc/dialer/sound"):
            self.assertEqual(self.post(path, {"epoch": 3}, "rubbish").status_code, 401)

    def test_lease(self):
        """A number with its zone; the same question again is the same lease; an older epoch gets none."""
        [lease] = self.ask().json()["leases"]
        self.assertEqual((lease["number"], lease["zone"]), ("+8613800138001", "Asia/Shanghai"))
        self.assertEqual(self.ask().json()["leases"], [lease])
        self.assertEqual(self.ask(epoch=2).status_code, 409)
        again = self.ask(request=2, got=1).json()
        self.assertEqual((again["leases"], again["none"]), ([], "dialling"))

    def test_form(self):
        """What is no question is refused with a reason."""
        for more in ({"holder": None}, {"count": "5"}, {"request": -1}, {"campaign": None}):
            answer = self.ask(**more)
            self.assertEqual((answer.status_code, answer.json()["error"]), (400, "form"), more)

    def test_another_pbx(self):
        """A bridge gets no numbers of another PBX's campaign."""
        other = self.env["cc.pbx"].create(
            {"name": "Other", "code": "other", "company_id": self.company.id}
        )
        self.campaign.queue_id = False
        self.campaign.on_answer = "say"
        self.campaign.line_ids.unlink()
        self.campaign.pbx_id = other
        answer = self.ask().json()
        self.assertEqual((answer["leases"], answer["none"]), ([], "stopped"))

    def test_sound(self):
        """A recording by its hash; one that no campaign has is not there."""
        digest = self.campaign.message_sha256
        answer = self.post("/cc/dialer/sound", {"epoch": 3, "sound": digest}).json()
        self.assertEqual(base64.b64decode(answer["data"]), b"RIFFsound")
        announcement = self.env["cc.network.announcement"].create(
            {"name": "Empty", "sound": base64.b64encode(b"RIFFempty")}
        )
        body = {"epoch": 3, "sound": announcement.sound_sha256}
        answer = self.post("/cc/dialer/sound", body).json()
        self.assertEqual(base64.b64decode(answer["data"]), b"RIFFempty")
        missing = self.post("/cc/dialer/sound", {"epoch": 3, "sound": "0" * 64})
        self.assertEqual((missing.status_code, missing.json()["error"]), (404, "no_sound"))
