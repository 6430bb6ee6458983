# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One agent's live state. Pure: no I/O, no clock; times are PBX microseconds, handed in.

Every method that changes something returns True; the owner then reports :meth:`fact`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from cc_contract.states import States

MICRO = 1_000_000
#: What fields were called in 19.0.1.0.0.
_OLD_NAMES = {"stays": "talks_on", "stays_in": "talks_on_in"}


# what an agent may choose to come after a call
AFTER_A_CALL = frozenset({"ready", "busy", "break", "offline"})


class IllegalMove(Exception):
    """The table doesn't allow this move."""


@dataclass(slots=True)
class Agent:
    """What is remembered of one agent. ``before`` is where a call found them."""

    agent: str
    session: int | None = None
    device: str | None = None
    extension: str | None = None
    state: str = "offline"
    reason: str | None = None
    since: int = 0
    until: int | None = None
    # how often this wrap-up may still be prolonged
    more: int = 0
    call_uid: str | None = None
    before: str | None = None
    before_reason: str | None = None
    # the call whose wrap-up another call has interrupted
    before_call: str | None = None
    queue_call: str | None = None
    # the channel on which they talk on, and the call, though that has ended: the customer has left, a colleague has not
    talks_on: str | None = None
    talks_on_in: str | None = None
    # what comes after the call and its wrap-up, chosen while they last; "offline" signs out
    next: str | None = None
    next_reason: str | None = None
    # the session that ended by that: an intent that does not know it yet must not bring it back
    done: int | None = None
    # whether a phone stands behind the state, as far as is known
    reachable: bool = True
    queues: dict[str, int] = field(default_factory=dict)

    @property
    def signed_in(self) -> bool:
        """Whether they are anywhere."""
        return self.state != "offline"

    def reach(self, there: bool, t: int) -> None:
        """A phone stands behind their state since ``t``, or none; Ready begins anew, for it is counted apart."""
        self.reachable = there
        if self.state == "ready":
            self.since = max(t, self.since)

    def fact(self) -> dict[str, Any]:
        """The body of an ``agent.state`` fact."""
        return {
            "agent": self.agent,
            "session": self.session,
            "extension": self.extension,
            "device": self.device,
            "state": self.state,
            "reason": self.reason,
            "since": self.since,
            "call_uid": self.call_uid,
            "until": self.until,
            "more": self.more if self.state == "wrap_up" else 0,
            "talks_on": self.state == "on_call" and self.talks_on is not None,
            "next": {"state": self.next, "reason": self.next_reason} if self.next else None,
            "reachable": self.reachable,
        }

    def dump(self) -> dict[str, Any]:
        """For the spool; :meth:`load` brings it back."""
        return asdict(self)

    @classmethod
    def load(cls, row: Mapping[str, Any]) -> "Agent":
        """From the spool, also one that an older or a newer version has written."""
        named = {_OLD_NAMES.get(name, name): value for name, value in row.items()}
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in named.items() if name in known})


class Machine:
    """Moves agents by the shared table.

    :param wrap_up_s: queue name to seconds of wrap-up, 0 for none; "" is a call that came by no queue
    :param more: how often a wrap-up may be prolonged
    """

    def __init__(
        self, states: States, wrap_up_s: Callable[[str], int], more: Callable[[], int] = lambda: 0
    ) -> None:
        self._states = states
        self._wrap_up_s = wrap_up_s
        self._more = more

    def sign_in(
        self,
        agent: Agent,
        t: int,
        *,
        session: int | None,
        device: str | None,
        extension: str | None,
    ) -> bool:
        """To the first state; at the same device and session it changes nothing."""
        if agent.signed_in:
            if (agent.session, agent.device, agent.extension) == (session, device, extension):
                return False
            self.sign_out(agent, t)
        agent.session, agent.device, agent.extension = session, device, extension
        agent.before = agent.before_reason = agent.before_call = agent.queue_call = None
        agent.next = agent.next_reason = None
        agent.reachable = True
        self._move(agent, self._states.first, "sign_in", t)
        return True

    def sign_out(self, agent: Agent, t: int) -> bool:
        """To offline, from anywhere."""
        if not agent.signed_in:
            return False
        agent.before = agent.before_call = agent.queue_call = None
        agent.next = agent.next_reason = None
        self._move(agent, "offline", "sign_out", t)
        return True

    def choose_next(self, agent: Agent, state: str | None, reason: str | None) -> bool:
        """What is to come after the call and its wrap-up; None takes the choice back. Raises IllegalMove."""
        if agent.state not in ("on_call", "wrap_up"):
            raise IllegalMove("there is no call or wrap-up after which something could come")
        if state is not None and state not in AFTER_A_CALL:
            raise IllegalMove(f"{state} is no state that can be chosen for after a call")
        if (agent.next, agent.next_reason) == (state, reason):
            return False
        agent.next, agent.next_reason = state, reason
        return True

    def finish(self, agent: Agent, t: int) -> bool:
        """The agent ends their wrap-up: what was chosen comes, else ready. Raises IllegalMove."""
        if agent.state != "wrap_up":
            raise IllegalMove("there is no wrap-up to finish")
        self._after_call(agent, "agent", t)
        return True

    def _after_call(self, agent: Agent, by: str, t: int, otherwise: str = "ready") -> None:
        """To what was chosen to come after the call; without a choice to `otherwise`."""
        state, reason = agent.next, agent.next_reason
        agent.next = agent.next_reason = None
        if state == "offline":
            agent.done = agent.session
            self.sign_out(agent, t)
        elif state is None:
            self._move(agent, otherwise, by, t)
        else:
            self._move(agent, state, "next", t, reason=reason)

    def ask(self, agent: Agent, t: int, state: str, reason: str | None) -> bool:
        """What the agent wants. Raises IllegalMove."""
        if state == agent.state and reason == agent.reason:
            return False
        if state == agent.state and state in ("busy", "break"):
            # another reason for the same state is a new stretch of time
            agent.reason, agent.since = reason, t
            return True
        self._move(agent, state, "agent", t, reason=reason)
        agent.next = agent.next_reason = None
        return True

    def set_aside(self, agent: Agent, t: int, reason: str) -> bool:
        """A rule takes an agent who is ready out of the queues; in any other state it changes nothing."""
        if agent.state != "ready":
            return False
        self._move(agent, "break", "rule", t, reason=reason)
        return True

    def calls(
        self, agent: Agent, t: int, *, ringing: str | None, talking: str | None, queue: str | None
    ) -> bool:
        """What calls do to them: the call that rings, the one they talk in, and that one's queue."""
        if not agent.signed_in:
            return False
        target, call = ("on_call", talking) if talking else ("ringing", ringing)
        if call is None:
            return self._call_gone(agent, t)
        if target == "on_call":
            # a talk that goes on as another call without a break still began with the queue's
            agent.queue_call = queue or agent.queue_call
        if agent.state == target and agent.call_uid == call:
            return False
        if agent.state not in ("ringing", "on_call"):
            agent.before, agent.before_reason = agent.state, agent.reason
            agent.before_call = agent.call_uid
        until = agent.until if agent.before == "wrap_up" else None
        if agent.state == target:
            agent.call_uid, agent.since = call, t
        elif not self._states.legal(agent.state, target, "call"):
            # on_call and another one rings: the talk is what counts
            return False
        else:
            self._move(agent, target, "call", t)
        agent.call_uid, agent.until = call, until
        return True

    def _call_gone(self, agent: Agent, t: int) -> bool:
        if agent.state not in ("ringing", "on_call"):
            return False
        back = agent.before or self._states.first
        reason, until, call = agent.before_reason, None, None
        wrap_up = self._wrap_up_s(agent.queue_call or "")
        talked = agent.state == "on_call"
        if talked and wrap_up:
            back, reason, until, call = "wrap_up", None, t + wrap_up * MICRO, agent.call_uid
            agent.more = self._more()
        elif back == "wrap_up":
            # they were wrapping up another call: that goes on, if there is time left
            until, call = agent.until, agent.before_call
            if until is None or until <= t:
                back, until, call, talked = "ready", None, None, True
        agent.before = agent.before_reason = agent.before_call = agent.queue_call = None
        if talked and until is None and agent.next:
            self._after_call(agent, "call", t)
            return True
        self._move(agent, back, "call", t, reason=reason)
        agent.until, agent.call_uid = until, call
        return True

    def prolong(self, agent: Agent, t: int) -> bool:
        """More time for the wrap-up that runs. Raises IllegalMove."""
        if agent.state != "wrap_up" or agent.until is None or agent.until <= t:
            raise IllegalMove("there is no wrap-up to prolong")
        if agent.more <= 0:
            raise IllegalMove("this wrap-up has been prolonged as often as is allowed")
        agent.more -= 1
        agent.until += self._states.prolong_s * MICRO
        return True

    def timeout(self, agent: Agent, t: int) -> bool:
        """Ends a wrap-up whose time is over."""
        if agent.state != "wrap_up" or agent.until is None or t < agent.until:
            return False
        self._after_call(agent, "timeout", agent.until)
        return True

    def paused(self, agent: Agent) -> bool:
        """Whether the queues must pass them over."""
        return agent.state not in self._states.takes_calls

    def _move(self, agent: Agent, new: str, by: str, t: int, *, reason: str | None = None) -> None:
        if new not in self._states.names or not self._states.legal(agent.state, new, by):
            raise IllegalMove(f"{agent.state} to {new} by {by} is no legal move")
        agent.state, agent.reason, agent.since = new, reason, max(t, agent.since)
        agent.until = agent.call_uid = None
