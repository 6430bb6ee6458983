# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent's state machine, by the shared table."""

import pytest

from cc_bridge.agents.involvement import Involvement
from cc_bridge.agents.machine import Agent, IllegalMove, Machine
from cc_contract.states import load

S = 1_000_000


@pytest.fixture
def machine() -> Machine:
    return Machine(load(), lambda queue: {"support": 10}.get(queue, 0))


@pytest.fixture
def ann(machine: Machine) -> Agent:
    agent = Agent("1001")
    machine.sign_in(agent, 0, session=1, device="browser", extension="w1001")
    return agent


def ready(machine: Machine, agent: Agent) -> Agent:
    machine.ask(agent, 1 * S, "ready", None)
    return agent


def test_sign_in_lands_in_busy_and_is_paused(machine: Machine, ann: Agent) -> None:
    assert ann.state == "busy" and machine.paused(ann)
    assert not machine.sign_in(ann, S, session=1, device="browser", extension="w1001")


def wrapping_up(machine: Machine, agent: Agent) -> Agent:
    """From second 9 on, for 10 s."""
    ready(machine, agent)
    machine.calls(agent, 3 * S, ringing=None, talking="c", queue="support")
    machine.calls(agent, 9 * S, ringing=None, talking=None, queue=None)
    assert agent.until == 19 * S
    return agent


def test_a_wrap_up_is_prolonged_by_half_a_minute_each_time() -> None:
    machine = Machine(load(), lambda _: 10, lambda: 2)
    ann = Agent("1001")
    machine.sign_in(ann, 0, session=1, device="browser", extension="w1001")
    with pytest.raises(IllegalMove):
        machine.prolong(ann, S)
    wrapping_up(machine, ann)
    assert (ann.fact()["more"], ann.since) == (2, 9 * S)
    assert machine.prolong(ann, 10 * S)
    assert (ann.until, ann.fact()["more"], ann.since, ann.call_uid) == (49 * S, 1, 9 * S, "c")
    # the count outlives a restart of the bridge, and a call that comes between
    ann = Agent(**ann.dump())
    machine.calls(ann, 12 * S, ringing="d", talking=None, queue=None)
    assert ann.fact()["more"] == 0
    with pytest.raises(IllegalMove):
        machine.prolong(ann, 13 * S)
    machine.calls(ann, 14 * S, ringing=None, talking=None, queue=None)
    assert machine.prolong(ann, 48 * S) and (ann.until, ann.more) == (79 * S, 0)
    with pytest.raises(IllegalMove):
        machine.prolong(ann, 50 * S)
    assert not machine.timeout(ann, 78 * S) and machine.timeout(ann, 79 * S)


def test_a_wrap_up_that_is_over_is_not_prolonged() -> None:
    machine = Machine(load(), lambda _: 10, lambda: 2)
    ann = Agent("1001")
    machine.sign_in(ann, 0, session=1, device="browser", extension="w1001")
    wrapping_up(machine, ann)
    with pytest.raises(IllegalMove):
        machine.prolong(ann, 19 * S)


def test_who_talks_on_when_the_customer_has_left_is_in_talk() -> None:
    """Until their channel is gone; a correction of the call in between changes nothing."""
    legs = [{"role": "agent", "number": n, "joined_t": 1, "left_t": None} for n in ("1001", "1002")]
    call = {"call_uid": "c", "state": "talking", "queue": "support", "attempts": [], "legs": legs}
    involved = Involvement()
    involved.update(call)
    over = {**call, "state": "ended"}
    assert involved.update(over, ["1001", "1002"]) == {"1001", "1002"}
    assert involved.of("1001") == (None, "c", "support")
    involved.update(over)
    involved.gone("1001", "c")
    assert involved.of("1001") == (None, None, None)
    assert involved.of("1002") == (None, "c", "support")
    involved.gone("1002", "c")
    assert involved.of("1002") == (None, None, None)
    assert not any((involved._talking_on, involved._parties, involved._queue))


def test_only_ready_takes_calls(machine: Machine, ann: Agent) -> None:
    assert not machine.paused(ready(machine, ann))
    machine.ask(ann, 2 * S, "break", "lunch")
    assert machine.paused(ann) and ann.fact()["reason"] == "lunch"


@pytest.mark.parametrize("state", ["on_call", "ringing", "wrap_up", "offline", "asleep"])
def test_what_an_agent_may_not_ask_for(machine: Machine, ann: Agent, state: str) -> None:
    with pytest.raises(IllegalMove):
        machine.ask(ann, 2 * S, state, None)
    assert ann.state == "busy"


def test_a_queue_call_ends_in_wrap_up_and_wrap_up_in_ready(machine: Machine, ann: Agent) -> None:
    ready(machine, ann)
    machine.calls(ann, 2 * S, ringing="c", talking=None, queue=None)
    assert (ann.state, ann.call_uid) == ("ringing", "c")
    machine.calls(ann, 3 * S, ringing=None, talking="c", queue="support")
    assert (ann.state, ann.since) == ("on_call", 3 * S)
    machine.calls(ann, 9 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until, ann.call_uid) == ("wrap_up", 19 * S, "c")
    assert machine.paused(ann)
    assert not machine.timeout(ann, 18 * S)
    assert machine.timeout(ann, 20 * S)
    # in the PBX's time, not when our timer got its turn
    assert (ann.state, ann.since, ann.until) == ("ready", 19 * S, None)


def test_wrap_up_ended_early(machine: Machine, ann: Agent) -> None:
    ready(machine, ann)
    machine.calls(ann, 2 * S, ringing=None, talking="c", queue="support")
    machine.calls(ann, 3 * S, ringing=None, talking=None, queue=None)
    assert machine.ask(ann, 4 * S, "ready", None)
    assert (ann.state, ann.until, ann.since) == ("ready", None, 4 * S)
    assert not machine.timeout(ann, 99 * S)


@pytest.mark.parametrize("queue", [None, "sales"])
def test_without_wrap_up_time_he_is_what_he_was(
    machine: Machine, ann: Agent, queue: str | None
) -> None:
    machine.ask(ann, S, "break", "tea")
    machine.calls(ann, 2 * S, ringing="c", talking=None, queue=None)
    machine.calls(ann, 3 * S, ringing=None, talking="c", queue=queue)
    machine.calls(ann, 4 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.reason) == ("break", "tea")


def test_a_missed_ring_changes_nothing_else(machine: Machine, ann: Agent) -> None:
    ready(machine, ann)
    machine.calls(ann, 2 * S, ringing="c", talking=None, queue=None)
    machine.calls(ann, 17 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until) == ("ready", None)


def test_a_call_in_the_middle_of_wrap_up(machine: Machine, ann: Agent) -> None:
    """Dialling out while wrapping up: afterwards the wrap-up goes on, if there is time left."""
    ready(machine, ann)
    machine.calls(ann, 2 * S, ringing=None, talking="c", queue="support")
    machine.calls(ann, 3 * S, ringing=None, talking=None, queue=None)
    machine.calls(ann, 4 * S, ringing=None, talking="d", queue=None)
    machine.calls(ann, 6 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until, ann.call_uid) == ("wrap_up", 13 * S, "c")
    machine.calls(ann, 7 * S, ringing=None, talking="e", queue=None)
    machine.calls(ann, 30 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until) == ("ready", None)


def test_another_ring_while_talking_is_nothing(machine: Machine, ann: Agent) -> None:
    ready(machine, ann)
    machine.calls(ann, 2 * S, ringing=None, talking="c", queue="support")
    assert not machine.calls(ann, 3 * S, ringing="d", talking="c", queue="support")
    assert (ann.state, ann.call_uid) == ("on_call", "c")


def test_sign_out_in_a_call(machine: Machine, ann: Agent) -> None:
    machine.calls(ann, 2 * S, ringing=None, talking="c", queue=None)
    assert machine.sign_out(ann, 3 * S)
    assert not machine.calls(ann, 4 * S, ringing=None, talking=None, queue=None)
    assert ann.state == "offline"


def test_time_never_runs_backwards(machine: Machine, ann: Agent) -> None:
    machine.ask(ann, 5 * S, "ready", None)
    machine.calls(ann, 4 * S, ringing="c", talking=None, queue=None)
    assert ann.since == 5 * S


def test_kept_and_brought_back(machine: Machine, ann: Agent) -> None:
    ready(machine, ann)
    machine.calls(ann, 2 * S, ringing=None, talking="c", queue="support")
    again = Agent(**ann.dump())
    machine.calls(again, 3 * S, ringing=None, talking=None, queue=None)
    assert again.state == "wrap_up"


def call(
    uid: str,
    *,
    state: str = "talking",
    queue: str | None = None,
    ringing: tuple[str, ...] = (),
    talking: tuple[str, ...] = (),
    role: str = "agent",
) -> dict[str, object]:
    return {
        "call_uid": uid,
        "state": state,
        "queue": queue,
        "attempts": [{"target": a, "end_t": None, "outcome": None} for a in ringing],
        "legs": [{"role": role, "number": a, "joined_t": 1, "left_t": None} for a in talking],
    }


def test_who_rings_and_who_talks() -> None:
    who = Involvement()
    assert who.update(call("c", queue="support", ringing=("1001", "1002"))) == {"1001", "1002"}
    assert who.of("1001") == ("c", None, None)
    assert who.update(call("c", queue="support", talking=("1001",))) == {"1001", "1002"}
    assert (who.of("1001"), who.of("1002")) == ((None, "c", "support"), (None, None, None))
    who.update(call("s", talking=("1003",), role="supervisor"))
    assert who.of("1003") == (None, None, None)
    assert who.update(call("c", state="ended")) == {"1001"}
    assert who.of("1001") == (None, None, None)


def test_an_agent_from_an_older_spool() -> None:
    """Who talked on when 19.0.1.0.0 was stopped talks on; what a newer one had noted is passed over."""
    row = {"agent": "1001", "state": "on_call", "stays": "pbx-1.7", "stays_in": "c", "newer": 1}
    agent = Agent.load(row)
    assert (agent.state, agent.talks_on, agent.talks_on_in) == ("on_call", "pbx-1.7", "c")
    assert Agent.load(agent.dump()) == agent
    assert agent.fact()["talks_on"] is True


def talking(machine: Machine, agent: Agent, queue: str | None) -> Agent:
    """From second 3 on."""
    ready(machine, agent)
    machine.calls(agent, 3 * S, ringing=None, talking="c", queue=queue)
    return agent


@pytest.mark.parametrize(("state", "reason"), [("busy", None), ("break", "Lunch"), ("ready", None)])
def test_what_was_chosen_comes_when_the_wrap_up_runs_out(
    machine: Machine, ann: Agent, state: str, reason: str | None
) -> None:
    """TEL-60: the wrap-up itself is not cut short by the choice."""
    talking(machine, ann, "support")
    assert machine.choose_next(ann, state, reason)
    assert not machine.choose_next(ann, state, reason)
    assert ann.fact()["next"] == {"state": state, "reason": reason}
    machine.calls(ann, 9 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until) == ("wrap_up", 19 * S)
    ann = Agent.load(ann.dump())  # the choice outlives a restart
    assert machine.timeout(ann, 19 * S)
    assert (ann.state, ann.reason, ann.since, ann.fact()["next"]) == (state, reason, 19 * S, None)


def test_what_was_chosen_comes_at_once_without_a_wrap_up(machine: Machine, ann: Agent) -> None:
    talking(machine, ann, None)
    machine.choose_next(ann, "break", "Lunch")
    machine.calls(ann, 9 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.reason, ann.since) == ("break", "Lunch", 9 * S)


def test_signing_out_after_the_call(machine: Machine, ann: Agent) -> None:
    talking(machine, ann, "support")
    machine.choose_next(ann, "offline", None)
    machine.calls(ann, 9 * S, ringing=None, talking=None, queue=None)
    assert ann.state == "wrap_up"
    assert machine.finish(ann, 12 * S)
    assert (ann.state, ann.since, ann.done) == ("offline", 12 * S, 1)


def test_finishing_without_a_choice_makes_ready(machine: Machine, ann: Agent) -> None:
    wrapping_up(machine, ann)
    assert machine.finish(ann, 12 * S)
    assert (ann.state, ann.since) == ("ready", 12 * S)
    with pytest.raises(IllegalMove):
        machine.finish(ann, 13 * S)


def test_a_choice_is_taken_back_and_ends_with_another_wish(machine: Machine, ann: Agent) -> None:
    with pytest.raises(IllegalMove):
        machine.choose_next(ann, "busy", None)  # neither on a call nor after one
    wrapping_up(machine, ann)
    with pytest.raises(IllegalMove):
        machine.choose_next(ann, "on_call", None)
    machine.choose_next(ann, "busy", None)
    assert machine.choose_next(ann, None, None)
    assert ann.fact()["next"] is None
    machine.choose_next(ann, "offline", None)
    machine.ask(ann, 12 * S, "ready", None)
    assert (ann.state, ann.fact()["next"]) == ("ready", None)


def test_a_choice_outlives_a_ring_that_nobody_takes(machine: Machine, ann: Agent) -> None:
    """In the wrap-up a direct call rings and goes away: the wrap-up goes on, and the choice holds."""
    wrapping_up(machine, ann)
    machine.choose_next(ann, "busy", None)
    machine.calls(ann, 12 * S, ringing="d", talking=None, queue=None)
    machine.calls(ann, 14 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until, ann.call_uid) == ("wrap_up", 19 * S, "c")
    machine.timeout(ann, 19 * S)
    assert ann.state == "busy"


def test_direct_calls_have_a_wrap_up_where_the_pbx_says_so() -> None:
    machine = Machine(load(), lambda queue: {"": 7, "support": 10}[queue])
    ann = Agent("1001")
    machine.sign_in(ann, 0, session=1, device="browser", extension="w1001")
    talking(machine, ann, None)
    machine.calls(ann, 9 * S, ringing=None, talking=None, queue=None)
    assert (ann.state, ann.until) == ("wrap_up", 16 * S)
