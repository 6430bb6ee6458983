# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time
import uuid
from unittest.mock import patch

from odoo import SUPERUSER_ID

from ..ingest.apply import apply_request


class FakeBridge:
    """Plays the bridge for tests of the screen: takes commands, gives facts to the real ingest.

    It keeps the agent's state by the words of the commands; calls come when the test's script says.
    One agent, one call at a time.
    """

    def __init__(self, case, pbx):
        self.pbx_id = pbx.id
        self.uuid = pbx.uuid
        self.seq = pbx.cursor_ids.seq
        self.epoch = pbx.cursor_ids.epoch
        self.agent = None
        self.call = None
        self.taken = []
        self.on_ready = None
        bridge = self
        command_class = type(case.env["cc.command"])
        issue = command_class._issue

        def _issue(self, pbx, kind, args=None, **more):
            command = issue(self, pbx, kind, args, **more)
            bridge._take(command)
            return command

        patcher = patch.object(command_class, "_issue", _issue)
        patcher.start()
        case.addCleanup(patcher.stop)

    def _take(self, command):
        env = command.env(user=SUPERUSER_ID)
        args = command.args or {}
        self.taken.append(command.kind)
        facts = [("command.result", {"command": self._result(command)})]
        if command.kind == "sign_in":
            self.agent = {
                "agent": command.agent_id.number,
                "session": args["session"],
                "extension": args["extension"],
                "device": args["device"],
            }
            facts.append(self._state("busy"))
        elif command.kind == "sign_out":
            facts.append(self._state("offline"))
        elif command.kind == "set_state":
            facts.append(self._state(args["state"], args.get("reason")))
        elif command.kind == "answer":
            facts += self.answer()
        elif command.kind == "hangup":
            facts += self.hang_up()
        elif command.kind == "dial":
            facts += self.dial(command.number_id.key)
        self.tell(env, facts)
        if command.kind == "set_state" and args["state"] == "ready" and self.on_ready:
            script, self.on_ready = self.on_ready, None
            self.tell(env, script())

    def tell(self, env, facts):
        """Give facts to Odoo as the bridge would, in one batch."""
        batch = []
        for kind, body in facts:
            self.seq += 1
            batch.append(
                {
                    "v": 1,
                    "pbx": self.uuid,
                    "epoch": self.epoch,
                    "seq": self.seq,
                    "t": self._now(),
                    "kind": kind,
                    **body,
                }
            )
        pbx = env["cc.pbx"].browse(self.pbx_id)
        _seq, rejected = apply_request(env, pbx, self.epoch, batch, {})
        assert not rejected, env["cc.fact.rejected"].search([]).mapped("error")

    @staticmethod
    def _now():
        return time.time_ns() // 1000

    def _result(self, command):
        return {"id": command.uuid, "ok": True, "code": "ok", "message": "", "call_uid": None}

    def _state(self, state, reason=None):
        call_uid = self.call["call_uid"] if self.call else None
        return (
            "agent.state",
            {
                "agent": {
                    **self.agent,
                    "state": state,
                    "reason": reason,
                    "since": self._now(),
                    "call_uid": call_uid,
                    "until": None,
                }
            },
        )

    def _call_fact(self, kind, **changes):
        self.call = {**self.call, **changes, "rev": self.call["rev"] + 1}
        return (kind, {"call": self.call})

    def _new_call(self, direction, number, dialled, queue):
        now = self._now()
        self.call = {
            "call_uid": str(uuid.uuid4()),
            "rev": 0,
            "direction": direction,
            "from": {"number": number, "name": None},
            "to": {"number": dialled},
            "line": "trunk",
            "queue": queue,
            "state": "queued",
            "started_t": now,
            "queued_t": now if queue else None,
            "answered_t": None,
            "ended_t": None,
            "estimated": False,
            "legs": [],
            "attempts": [],
            "transfers": [],
            "holds": [],
            "ivr": [],
            "rating": None,
            "ended_by": None,
            "cause": None,
            "loss": None,
        }

    @staticmethod
    def _leg(number, role, joined_t, n):
        return {
            "leg": n,
            "role": role,
            "number": number,
            "channels": [f"chan-{n}"],
            "joined_t": joined_t,
            "left_t": None,
            "mode": "talk",
        }

    def ring(self, number, dialled, queue):
        """Facts of a customer's call that rings at the agent."""
        self._new_call("inbound", number, dialled, queue)
        attempt = {
            "n": 1,
            "queue": queue,
            "target": self.agent["agent"],
            "ring_t": self._now(),
            "end_t": None,
            "outcome": None,
        }
        customer = self._leg(number, "customer", self._now(), 1)
        return [
            self._call_fact("call.queued", legs=[customer]),
            self._call_fact("call.ringing", state="ringing", attempts=[attempt]),
            self._state("ringing"),
        ]

    def answer(self):
        now = self._now()
        done = [{**item, "end_t": now, "outcome": "answered"} for item in self.call["attempts"]]
        agent = self._leg(self.agent["agent"], "agent", now, 2)
        return [
            self._call_fact(
                "call.answered",
                state="talking",
                answered_t=now,
                attempts=done,
                legs=[*self.call["legs"], agent],
            ),
            self._state("on_call"),
        ]

    def dial(self, number):
        """Facts of an agent-first call that the customer has answered at once."""
        now = self._now()
        self._new_call("outbound", self.agent["agent"], number, None)
        attempt = {
            "n": 1,
            "queue": None,
            "target": number,
            "ring_t": now,
            "end_t": now,
            "outcome": "answered",
        }
        legs = [
            self._leg(self.agent["agent"], "agent", now, 1),
            self._leg(number, "outside", now, 2),
        ]
        return [
            self._call_fact("call.started"),
            self._call_fact(
                "call.answered", state="talking", answered_t=now, attempts=[attempt], legs=legs
            ),
            self._state("on_call"),
        ]

    def hang_up(self):
        now = self._now()
        legs = [{**leg, "left_t": now} for leg in self.call["legs"]]
        ended = self._call_fact(
            "call.ended", state="ended", ended_t=now, legs=legs, ended_by="agent", cause=16
        )
        self.call = None
        return [ended, self._state("wrap_up")]
