# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import hmac
import json

from odoo.addons.cc_telephony.tests.browser import PatientCase
from odoo.addons.cc_telephony.tests.common import FactsMixin
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestSmsRoutes(FactsMixin, PatientCase):
    """Reports and replies over HTTP: only with the secret, and with the signature where one is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.gateway = cls.env["cc.sms.gateway"].create(
            {
                "name": "G",
                "url": "http://127.0.0.1:9",
                "company_id": cls.company.id,
                "password": "key",
            }
        )
        cls.message = cls.env["cc.sms.message"].create(
            {
                "uuid": "u1",
                "company_id": cls.company.id,
                "gateway_id": cls.gateway.id,
                "state": "sent",
                "ref": "m1",
            }
        )

    def test_report(self):
        self.assertEqual(
            self.url_open(
                "/cc/sms/report/wrong-secret-of-some-length", data={"msgid": "m1", "status": "0"}
            ).status_code,
            404,
        )
        self.assertEqual(self.message.state, "sent")
        url = f"/cc/sms/report/{self.gateway.token}"
        self.assertEqual(
            self.url_open(url, data={"msgid": "m1", "status": "DELIVRD"}).status_code, 200
        )
        self.message.invalidate_recordset()
        self.assertEqual(self.message.state, "delivered")

    def test_json_list(self):
        url = f"/cc/sms/report/{self.gateway.token}"
        body = [{"msgid": "m1", "status": "UNDELIV"}, {"rubbish": 1}, "x"]
        self.assertEqual(self.url_open(url, json=body).status_code, 200)
        self.message.invalidate_recordset()
        self.assertEqual((self.message.state, self.message.failure_text), ("failed", "UNDELIV"))

    def test_bodies_made_to_annoy(self):
        """No report in them, and no error of ours."""
        url = f"/cc/sms/report/{self.gateway.token}"
        headers = {"Content-Type": "application/json"}
        for body in (
            "5",
            '"x"',
            "null",
            "[" * 50000,
            '{"list": 5}',
            '{"list": [[[]]]}',
            "{",
            "NaN",
        ):
            answer = self.url_open(url, data=body, headers=headers)
            self.assertEqual(answer.status_code, 200, body[:20])
        self.message.invalidate_recordset()
        self.assertEqual(self.message.state, "sent")

    def test_signed(self):
        """With a signature header set, an unsigned or wrongly signed report is refused."""
        self.gateway.hmac_header = "X-Signature"
        url = f"/cc/sms/report/{self.gateway.token}"
        body = json.dumps({"msgid": "m1", "status": "0"}).encode()
        headers = {"Content-Type": "application/json"}
        self.assertEqual(self.url_open(url, data=body, headers=headers).status_code, 404)
        wrong = {**headers, "X-Signature": "0" * 64}
        self.assertEqual(self.url_open(url, data=body, headers=wrong).status_code, 404)
        odd = {**headers, "X-Signature": b"\xe9" * 64}
        self.assertEqual(self.url_open(url, data=body, headers=odd).status_code, 404)
        self.assertEqual(self.message.state, "sent")
        signature = hmac.new(b"key", body, hashlib.sha256).hexdigest()
        good = {**headers, "X-Signature": signature}
        self.assertEqual(self.url_open(url, data=body, headers=good).status_code, 200)
        self.message.invalidate_recordset()
        self.assertEqual(self.message.state, "delivered")

    def test_inbox(self):
        url = f"/cc/sms/inbox/{self.gateway.token}"
        data = {"mobile": "13800138001", "content": "退订", "moid": "9"}
        self.assertEqual(self.url_open(url, data=data).status_code, 200)
        reply = self.env["cc.sms.message"].search(
            [("direction", "=", "in"), ("gateway_id", "=", self.gateway.id)]
        )
        self.assertEqual((reply.text, reply.number_id.key), ("退订", "+8613800138001"))
        self.assertTrue(
            self.env["cc.do.not.call"]._stops(reply.number_id, "sms", company=self.company)
        )
