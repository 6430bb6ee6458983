# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time

from .bodies import attempt_body, leg_body


def now():
    """The PBX's clock: µs since 1970."""
    return time.time_ns() // 1000


class FakeTalk:
    """The controls of a call in talk as a PBX would do them; whoever is rung answers at once.

    For `FakeBridge`, which has the call, the agent and the facts' numbering.
    """

    def control(self, command):
        """Facts that a control of the call causes; none for one without a trace on the call."""
        do = getattr(self, f"do_{command.kind}", None)
        given = command._to_bridge()["args"]
        return do(given) if do and self.call else []

    @property
    def me(self):
        """The agent's number."""
        return self.agent["agent"]

    def _third(self):
        """The leg of the party that was brought in last."""
        return next(
            leg for leg in reversed(self.call["legs"]) if leg["left_t"] is None and leg["leg"] > 2
        )

    def _legs(self, leg, **changes):
        return [{**one, **changes} if one is leg else one for one in self.call["legs"]]

    def _holds(self, on):
        """The call's holds with the customer put on music, or taken back."""
        holds = self.call["holds"]
        if on:
            return [*holds, {"from_t": now(), "to_t": None, "by": self.me}]
        return [{**hold, "to_t": hold["to_t"] or now()} for hold in holds]

    def _move(self, how, to):
        move = {"t": now(), "how": how, "by": self.me, "to": to, "completed": True}
        return [*self.call["transfers"], move]

    def _bring(self, to):
        """A third party is rung and answers."""
        n = len(self.call["attempts"]) + 1
        begun = now()
        role = "agent" if to["kind"] == "agent" else "outside"
        ring = attempt_body(n, None, to["value"], begun)
        party = leg_body(len(self.call["legs"]) + 1, role, to["value"], begun + 1)
        return {
            "attempts": [
                *self.call["attempts"],
                {**ring, "end_t": begun + 1, "outcome": "answered"},
            ],
            "legs": [*self.call["legs"], party],
        }

    def do_hold(self, args):
        return [self._call_fact("call.held", state="held", holds=self._holds(True))]

    def do_resume(self, args):
        return [self._call_fact("call.resumed", state="talking", holds=self._holds(False))]

    def do_consult(self, args):
        held = self._call_fact("call.held", state="held", holds=self._holds(True))
        return [held, self._call_fact("call.joined", **self._bring(args["to"]))]

    def do_cancel(self, args):
        legs = self._legs(self._third(), left_t=now())
        left = self._call_fact("call.left", legs=legs)
        return [left, *self.do_resume(args)]

    def do_toggle(self, args):
        return self.do_resume(args) if self.call["state"] == "held" else self.do_hold(args)

    def do_conference(self, args):
        to = self._third()["number"]
        facts = self.do_resume(args)
        move = self._move("conference", to)
        return [*facts, self._call_fact("call.transferred", transfers=move)]

    def do_invite(self, args):
        joined = self._call_fact("call.joined", **self._bring(args["to"]))
        move = self._move("conference", args["to"]["value"])
        return [joined, self._call_fact("call.transferred", transfers=move)]

    def do_kick(self, args):
        leg = next(leg for leg in self.call["legs"] if leg["leg"] == args["leg"])
        return [self._call_fact("call.left", legs=self._legs(leg, left_t=now()))]

    def do_complete(self, args):
        return self._hand_over("attended", self._third()["number"], {})

    def do_transfer(self, args):
        to = args["to"]
        brought = self._bring(to) if to["kind"] in ("agent", "number") else {}
        return self._hand_over("blind", to["value"], brought)

    def _hand_over(self, how, to, brought):
        """The agent leaves, the others stay: for this agent the call is over."""
        fact = self._call_fact(
            "call.transferred",
            state="talking",
            holds=self._holds(False),
            transfers=self._move(how, to),
            **brought,
        )
        own = next(
            leg for leg in self.call["legs"] if leg["number"] == self.me and leg["left_t"] is None
        )
        left = self._call_fact("call.left", legs=self._legs(own, left_t=now()))
        ended = self._call_fact(
            "call.ended",
            state="ended",
            ended_t=now(),
            legs=[{**leg, "left_t": leg["left_t"] or now()} for leg in self.call["legs"]],
            ended_by="customer",
            cause=16,
        )
        wrap_up = self._state("wrap_up")
        self.call = None
        return [fact, left, ended, wrap_up]

    def do_collect(self, args):
        keys = [*self.call["ivr"], {"t": now(), "node": "collect", "key": "4711"}]
        return [self._call_fact("call.dtmf", ivr=keys)]
