# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import uuid

from odoo.tests import new_test_user

from ..ingest.apply import apply_request
from ..utils.times import from_us
from .bodies import agent_body, attempt_body, call_body, leg_body

# 2026-03-02 08:00:00 UTC in µs: an ordinary Monday morning
T0 = 1_772_438_400_000_000
S = 1_000_000


class FactsMixin:
    """A small contact centre, and facts as its bridge would write them.

    Two departments under one: Service (Ann 8101, Ben 8102, led by Lea) and Sales (Cai 8103, led by
    Lin); Max is the manager, Ada the administrator.
    """

    @classmethod
    def make_centre(cls):
        env = cls.env
        cls.company = env["res.company"].create(
            {"name": "Test centre", "country_id": env.ref("base.cn").id}
        )
        env.user.company_ids |= cls.company
        cls.env = env = env(
            context=dict(env.context, allowed_company_ids=[cls.company.id], tracking_disable=True)
        )
        departments = env["hr.department"]
        cls.root = departments.create({"name": "Root", "company_id": cls.company.id})
        cls.service, cls.sales = departments.create(
            [
                {"name": name, "company_id": cls.company.id, "parent_id": cls.root.id}
                for name in ("Service", "Sales")
            ]
        )
        cls.pbx = env["cc.pbx"].create(
            {"name": "Test PBX", "code": "test", "company_id": cls.company.id}
        )
        cls.ann = cls.make_agent("ann", "8101", cls.service)
        cls.ben = cls.make_agent("ben", "8102", cls.service)
        cls.cai = cls.make_agent("cai", "8103", cls.sales)
        cls.lea = cls.make_agent("lea", "8111", cls.service, "leader", cls.service)
        cls.lin = cls.make_agent("lin", "8112", cls.sales, "leader", cls.sales)
        cls.max = cls.make_agent("max", "8120", departments, "manager")
        cls.ada = cls.make_user("ada", "cc_telephony.group_admin")
        cls.queue = env["cc.queue"].create(
            {
                "name": "Help",
                "code": "help",
                "pbx_id": cls.pbx.id,
                "department_id": cls.service.id,
                "member_ids": [
                    (0, 0, {"agent_id": cls.ann.id}),
                    (0, 0, {"agent_id": cls.ben.id, "penalty": 2}),
                ],
            }
        )
        cls.desk = env["cc.extension"].create(
            {"code": "8201", "name": "Desk", "kind": "desk", "pbx_id": cls.pbx.id}
        )
        cls.cursor = cls.pbx.cursor_ids
        cls.cursor.write({"epoch": 3, "seq": 100})
        cls.seq = 100

    @classmethod
    def make_user(cls, login, groups):
        """A user of the centre's company, with login `cc_<login>`."""
        return new_test_user(
            cls.env,
            f"cc_{login}",
            context={"no_reset_password": True},
            groups=groups,
            name=login.capitalize(),
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def make_agent(cls, login, number, department, role="agent", leads=None):
        user = cls.make_user(login, f"cc_telephony.group_{role}")
        return cls.env["cc.agent"].create(
            {
                "user_id": user.id,
                "number": number,
                "department_id": department.id,
                "led_department_ids": [(6, 0, leads.ids if leads else [])],
                "pbx_id": cls.pbx.id,
                "company_id": cls.company.id,
            }
        )

    # ---- facts ----

    @classmethod
    def fact(cls, kind, t=T0, **body):
        """A fact with the next number."""
        cls.seq += 1
        return {
            "v": 1,
            "pbx": cls.pbx.uuid,
            "epoch": 3,
            "seq": cls.seq,
            "t": t,
            "kind": kind,
            **body,
        }

    @classmethod
    def call_body(cls, uid, rev, state, **more):
        """The whole call so far, with what every call has."""
        story = {
            "from": {"number": "13800138000", "name": None},
            "to": {"number": "4008001000"},
            "queue": "help",
            "started_t": T0,
            "queued_t": T0 + S,
        }
        return call_body(uid, rev, state, **{**story, **more})

    @classmethod
    def leg(cls, n, role, number, joined=None, left=None):
        return leg_body(n, role, number, joined, left)

    @classmethod
    def attempt(cls, n, target, ring, end=None, outcome=None):
        return attempt_body(n, "help", target, ring, end, outcome)

    @classmethod
    def life(cls, uid=None, target="8101", **more):
        """A call that rings at `target` after 3 s, is answered after 7 s, held for 5 s, over after 60 s.

        :return: its facts, with revisions 1 to 6
        """
        uid = uid or str(uuid.uuid4())
        customer = cls.leg(1, "customer", "13800138000", T0)
        ringing = cls.attempt(1, target, T0 + 3 * S)
        answered = cls.attempt(1, target, T0 + 3 * S, T0 + 7 * S, "answered")
        agent = cls.leg(2, "agent", target, T0 + 7 * S)
        talking = {
            "legs": [customer, agent],
            "attempts": [answered],
            "answered_t": T0 + 7 * S,
            **more,
        }
        hold = {"from_t": T0 + 20 * S, "to_t": None, "by": target}
        held = {**hold, "to_t": T0 + 25 * S}
        end = T0 + 60 * S
        steps = [
            ("queued", T0 + S, "queued", {"legs": [customer]}),
            ("ringing", T0 + 3 * S, "ringing", {"legs": [customer], "attempts": [ringing]}),
            ("answered", T0 + 7 * S, "talking", talking),
            ("held", T0 + 20 * S, "held", {**talking, "holds": [hold]}),
            ("resumed", T0 + 25 * S, "talking", {**talking, "holds": [held]}),
            (
                "ended",
                end,
                "ended",
                {
                    **talking,
                    "holds": [held],
                    "legs": [{**customer, "left_t": end}, {**agent, "left_t": end}],
                    "ended_t": end,
                    "ended_by": "customer",
                    "cause": 16,
                },
            ),
        ]
        return [
            cls.fact(
                f"call.{moment}",
                t,
                call=cls.call_body(uid, rev, state, **{**more, **values}),
            )
            for rev, (moment, t, state, values) in enumerate(steps, 1)
        ]

    @classmethod
    def agent_fact(cls, agent, state, since, **more):
        number = agent if isinstance(agent, str) else agent.number
        phone = {"extension": "8201", "device": "desk"}
        body = agent_body(number, state, since, **{**phone, **more})
        return cls.fact("agent.state", since, agent=body)

    @classmethod
    def outside(cls, agent, typed):
        """Sign an agent in at an outside phone, which is confirmed first if it is not yet."""
        phone = cls.env["cc.agent"].with_user(agent.user_id)
        answer = phone.sign_in("mobile", typed)
        if "confirm" in answer:
            cls.ingest(cls.result_of(answer["confirm"]["id"]))
            answer = phone.sign_in("mobile", typed)
        return answer

    @classmethod
    def result_of(cls, command_id, code="ok"):
        """The bridge's word on a command."""
        body = {"id": command_id, "ok": code == "ok", "code": code, "message": ""}
        return cls.fact("command.result", command=body)

    @classmethod
    def ingest(cls, *facts, epoch=3):
        """Apply facts as one request does.

        :return: (seq, rejected)
        """
        env = cls.env(user=cls.env.ref("base.user_root"), su=True)
        result = apply_request(env, cls.pbx.with_env(env), epoch, list(facts), {})
        cls.env.invalidate_all()
        return result

    @classmethod
    def call_of(cls, facts):
        uid = facts[0]["call"]["call_uid"]
        return cls.env["cc.call"].sudo().search([("call_uid", "=", uid)])

    # ---- bus ----

    def bus_messages(self):
        """Messages sent since the last call of this, as `(channel, type, payload)`."""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].sudo().search([], order="id")
        found = []
        for row in rows:
            message = json.loads(row.message)
            found.append((json.loads(row.channel)[1:], message["type"], message["payload"]))
        rows.unlink()
        return found

    def told(self, agent, kind):
        """Payloads of one type that the agent's browsers got."""
        partner = agent.user_id.partner_id
        return [
            payload
            for channel, found, payload in self.bus_messages()
            if channel == ["res.partner", partner.id] and found == kind
        ]

    @staticmethod
    def at(seconds):
        """The naive UTC time `seconds` after the story's begin."""
        return from_us(T0 + int(seconds * S))
