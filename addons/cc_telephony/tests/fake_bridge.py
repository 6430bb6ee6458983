# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid
from unittest.mock import patch

from odoo import SUPERUSER_ID

from ..ingest.apply import apply_request
from .bodies import agent_body, attempt_body, call_body, leg_body
from .fake_talk import FakeTalk, now


class FakeBridge(FakeTalk):
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
        elif command.kind == "finish_wrap_up":
            facts.append(self._state("ready"))
        elif command.kind == "answer":
            facts += self.answer()
        elif command.kind == "hangup":
            facts += self.hang_up()
        elif command.kind == "dial":
            facts += self.dial(command._to_bridge()["args"]["number"])
        else:
            facts += self.control(command)
        self.tell(env, facts)
        is_ready = command.kind == "finish_wrap_up" or args.get("state") == "ready"
        if is_ready and self.on_ready:
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
                    "t": now(),
                    "kind": kind,
                    **body,
                }
            )
        pbx = env["cc.pbx"].browse(self.pbx_id)
        _seq, rejected = apply_request(env, pbx, self.epoch, batch, {})
        assert not rejected, env["cc.fact.rejected"].search([]).mapped("error")

    def _result(self, command):
        return {"id": command.uuid, "ok": True, "code": "ok", "message": "", "call_uid": None}

    def _state(self, state, reason=None):
        call_uid = self.call["call_uid"] if self.call else None
        body = {
            **agent_body(self.agent["agent"], state, now(), reason=reason, call_uid=call_uid),
            **self.agent,
        }
        return ("agent.state", {"agent": body})

    def _call_fact(self, kind, **changes):
        self.call = {**self.call, **changes, "rev": self.call["rev"] + 1}
        return (kind, {"call": self.call})

    def _new_call(self, direction, number, dialled, queue):
        begun = now()
        self.call = call_body(
            str(uuid.uuid4()),
            0,
            "queued",
            direction=direction,
            **{"from": {"number": number, "name": None}, "to": {"number": dialled}},
            queue=queue,
            started_t=begun,
            queued_t=begun if queue else None,
        )

    def ring(self, number, dialled, queue):
        """Facts of a customer's call that rings at the agent."""
        self._new_call("inbound", number, dialled, queue)
        attempt = attempt_body(1, queue, self.agent["agent"], now())
        customer = leg_body(1, "customer", number, now())
        return [
            self._call_fact("call.queued", legs=[customer]),
            self._call_fact("call.ringing", state="ringing", attempts=[attempt]),
            self._state("ringing"),
        ]

    def answer(self):
        begun = now()
        done = [{**item, "end_t": begun, "outcome": "answered"} for item in self.call["attempts"]]
        agent = leg_body(2, "agent", self.agent["agent"], begun)
        return [
            self._call_fact(
                "call.answered",
                state="talking",
                answered_t=begun,
                attempts=done,
                legs=[*self.call["legs"], agent],
            ),
            self._state("on_call"),
        ]

    def dial(self, number):
        """Facts of an agent-first call that the customer has answered at once."""
        begun = now()
        self._new_call("outbound", self.agent["agent"], number, None)
        attempt = attempt_body(1, None, number, begun, begun, "answered")
        legs = [
            leg_body(1, "agent", self.agent["agent"], begun),
            leg_body(2, "customer", number, begun),
        ]
        return [
            self._call_fact("call.started"),
            self._call_fact(
                "call.answered", state="talking", answered_t=begun, attempts=[attempt], legs=legs
            ),
            self._state("on_call"),
        ]

    def hang_up(self):
        ended_t = now()
        legs = [{**leg, "left_t": leg["left_t"] or ended_t} for leg in self.call["legs"]]
        ended = self._call_fact(
            "call.ended",
            state="ended",
            ended_t=ended_t,
            holds=self._holds(False),
            legs=legs,
            ended_by="agent",
            cause=16,
        )
        wrap_up = self._state("wrap_up")  # which is of this call
        self.call = None
        return [ended, wrap_up]
