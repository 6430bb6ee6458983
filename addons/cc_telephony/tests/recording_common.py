# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import uuid
from datetime import datetime

from odoo.tests import new_test_user

# Two frames' worth of a stereo MP3 (MPEG-1 layer III, 128 kbit/s, 44.1 kHz, joint stereo): enough for
# a store and a player's first request; the tests that play sound make their own.
MP3_STEREO = (bytes((0xFF, 0xFB, 0x90, 0x44)) + bytes(413)) * 4


class RecordingCase:
    """A PBX, two departments with an agent and a leader each, a call in the first with a recording."""

    @classmethod
    def set_up_recordings(cls):
        env = cls.env
        cls.china = env.ref("base.cn")
        cls.pbx = env["cc.pbx"].create(
            {"name": "Test PBX", "code": f"t{uuid.uuid4().hex[:8]}", "country_id": cls.china.id}
        )
        cls.service, cls.sales = env["hr.department"].create([{"name": "S"}, {"name": "V"}])
        cls.ann = cls._agent("ann_test", "9101", cls.service, "group_agent")
        cls.bob = cls._agent("bob_test", "9102", cls.sales, "group_agent")
        cls.lea = cls._agent("lea_test", "9111", cls.service, "group_leader", cls.service)
        cls.leo = cls._agent("leo_test", "9112", cls.sales, "group_leader", cls.sales)
        cls.max_user = new_test_user(env, "max_test", groups="cc_telephony.group_manager")
        cls.owner = new_test_user(env, "owner_test", groups="cc_telephony.group_agent")
        cls.clerk = new_test_user(env, "clerk_test", groups="base.group_user")
        cls.partner = env["res.partner"].create(
            {
                "name": "Li Wei",
                "country_id": cls.china.id,
                "phone": "139 0000 1111",
                "user_id": cls.owner.id,
            }
        )
        cls.call = cls._call(cls.ann, cls.partner)
        cls.data = MP3_STEREO
        cls.sha256 = hashlib.sha256(cls.data).hexdigest()

    @classmethod
    def _agent(cls, login, number, department, group, led=None):
        user = new_test_user(
            cls.env, login, groups=f"cc_telephony.{group},base.group_partner_manager"
        )
        return cls.env["cc.agent"].create(
            {
                "user_id": user.id,
                "number": number,
                "pbx_id": cls.pbx.id,
                "department_id": department.id,
                "led_department_ids": [(6, 0, led.ids if led else [])],
            }
        )

    @classmethod
    def _call(cls, agent, partner, **values):
        number = partner.phone_link_ids.number_id[:1]
        call = cls.env["cc.call"].create(
            {
                "call_uid": str(uuid.uuid4()),
                "pbx_id": cls.pbx.id,
                "company_id": cls.pbx.company_id.id,
                "rev": 1,
                "direction": "inbound",
                "state": "ended",
                "number_id": number.id,
                "number_display": number.display,
                "partner_id": partner.id,
                "agent_id": agent.id,
                "department_id": agent.department_id.id,
                "started_at": datetime(2026, 11, 20, 9, 0, 0),
                **values,
            }
        )
        return call

    def _record(self, call=None, data=None):
        data = data or self.data
        return self.env["cc.recording"]._store(
            call or self.call, 1, hashlib.sha256(data).hexdigest(), 2000, "mp3", data
        )
