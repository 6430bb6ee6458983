# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge is killed in mid-call: what happens on the line meanwhile is in Odoo afterwards, once, as it was."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from desk import PATIENCE_S, eventually
from facts_of import Call, ask, calls, known_customer

from cc_stack.customers import Customer
from cc_stack.phones import Phone
from cc_stack.rpc import Person
from cc_stack.stack import Stack

NEAR = 0.5
#: A dead part is up again, and what it missed is read and told in its turn.
BACK_S = 3 * PATIENCE_S


@pytest.fixture
def ben_desk(stack: Stack) -> Iterator[Phone]:
    """Ben (1002), ready, at a desk phone; without a browser."""
    phone = stack.phone("2001", answer="manual")
    person = Person(stack.settings.url, stack.settings.database, "ben")
    person("cc.agent", "sign_in", "desk", "2001")

    def state() -> str:
        return str(person("cc.agent", "my_phone")["state"])

    eventually(lambda: state() in ("busy", "ready"))
    person("cc.agent", "set_state", "ready", False)
    eventually(lambda: state() == "ready")
    yield phone
    person("cc.agent", "sign_out")
    eventually(lambda: state() == "offline")


@pytest.fixture
def dead_bridge(stack: Stack) -> Iterator[Callable[[], None]]:
    """Call it to kill -9 the bridge; it is up again after the test whatever happens."""
    yield stack.bridge.kill
    stack.bridge.up()


@dataclass(frozen=True, slots=True)
class Done:
    """Something was done between these two times."""

    begun: float
    over: float

    def was(self, when: float) -> bool:
        """Whether this is when it was done."""
        return self.begun - NEAR < when < self.over + NEAR


def answered(stack: Stack, phone: Phone) -> Done:
    """The phone rings and is picked up, and the PBX has put the two together; when."""
    eventually(lambda: "INCOMING" in str(phone.command("listcalls")))
    begun = time.time()
    phone.answer()
    eventually(lambda: "ESTABLISHED" in str(phone.command("listcalls")))
    eventually(lambda: stack.asterisk.cli("core show channels concise").count("!ConfBridge!") >= 2)
    return Done(begun, time.time())


def hung_up(stack: Stack, one: Phone | Customer, customer: Customer) -> Done:
    """One of the two hangs up; when the customer's call was over, at the PBX too."""
    begun = time.time()
    one.hang_up()
    customer.wait_end(PATIENCE_S)
    eventually(lambda: "\n0 active channels" in stack.asterisk.cli("core show channels"))
    return Done(begun, time.time())


def intervals(stack: Stack, agent: str, since: float) -> list[tuple[str, float, float]]:
    """State, begin and end (0 while open) of what an agent did."""
    rows = ask(
        stack,
        f"""SELECT i.state, extract(epoch FROM i.started_at), coalesce(extract(epoch FROM i.ended_at), 0)
              FROM cc_agent_interval i JOIN cc_agent a ON a.id = i.agent_id
             WHERE a.number = '{agent}' AND extract(epoch FROM i.started_at) >= {since} ORDER BY i.id""",
    )
    return [(row[0], float(row[1]), float(row[2])) for row in rows]


def ended(stack: Stack, key: str, since: float) -> Call:
    """The one call of this number, when it is over."""
    [call] = eventually(lambda: [c for c in calls(stack, key, since) if c.state == "ended"], BACK_S)
    return call


def talks(stack: Stack, agent: str, since: float, count: int) -> list[tuple[str, float, float]]:
    """So many stretches on the phone, all over: they are told beside the calls."""

    def over() -> list[tuple[str, float, float]]:
        found = [x for x in intervals(stack, agent, since) if x[0] == "on_call"]
        return found if len(found) == count and all(end for _, _, end in found) else []

    found: list[tuple[str, float, float]] = eventually(over)
    return found


def at_rest(stack: Stack) -> list[list[str]]:
    """How many calls there are and how often they were told, once nothing more is told for some seconds."""

    def told() -> list[list[str]]:
        return ask(stack, "SELECT count(*), sum(rev) FROM cc_call")

    def same() -> list[list[str]]:
        before = told()
        time.sleep(5)
        return before if told() == before else []

    found: list[list[str]] = eventually(same)
    return found


def test_what_happened_while_the_bridge_was_dead(
    stack: Stack, ben_desk: Phone, dead_bridge: Callable[[], None]
) -> None:
    """One call ends, one comes and goes answered, one is given up; both files are rotated meanwhile."""
    first, second, third = (known_customer(stack, skip=n) for n in (4, 5, 6))
    begin = time.time()
    talking = stack.customer(first.key, "100")
    answered(stack, ben_desk)
    eventually(lambda: [c for c in calls(stack, first.key, begin) if c.state == "talking"])
    dead_bridge()

    time.sleep(1)
    first_end = hung_up(stack, talking, talking)
    # the old file's rest must be found, and the new one
    os.rename(stack.asterisk.cel, stack.asterisk.cel.with_suffix(".csv.1"))
    os.rename(stack.asterisk.queue_log, stack.asterisk.queue_log.with_name("queue_log.1"))
    stack.asterisk.cli("logger reload")
    direct = stack.customer(second.key, "1002")
    second_answer = answered(stack, ben_desk)
    time.sleep(1.5)
    second_end = hung_up(stack, ben_desk, direct)
    waiting = stack.customer(third.key, "1002")
    eventually(lambda: "INCOMING" in str(ben_desk.command("listcalls")))
    waiting.hang_up()
    waiting.wait_end(PATIENCE_S)
    time.sleep(1)

    stack.bridge.up()
    call = ended(stack, first.key, begin)
    assert (call.agent, call.ended_by, call.attempts) == (
        "1002",
        "customer",
        [("1002", "answered")],
    )
    assert first_end.was(call.ended)
    call = ended(stack, second.key, begin)
    assert (call.direction, call.agent, call.ended_by) == ("inbound", "1002", "agent")
    assert second_answer.was(call.answered)
    assert second_end.was(call.ended)
    call = ended(stack, third.key, begin)
    assert (call.answered, call.ended_by, call.loss) == (0, "customer", "agent_no_answer")
    assert call.attempts == [("1002", "cancelled")]
    unsure = f"""SELECT 1 FROM cc_call WHERE extract(epoch FROM started_at) >= {begin}
                  AND (state != 'ended' OR estimated)"""
    assert ask(stack, unsure) == []
    (_, _, first_left), (_, _, second_left) = talks(stack, "1002", begin, 2)
    assert first_end.was(first_left) and second_end.was(second_left)
    # a second start finds nothing new
    count = at_rest(stack)
    stack.bridge.stop()
    stack.bridge.up()
    time.sleep(5)
    assert ask(stack, "SELECT count(*), sum(rev) FROM cc_call") == count


def test_a_pbx_that_dies_in_mid_call_counts_no_talk_after_it(stack: Stack, ben_desk: Phone) -> None:
    """kill -9 of Asterisk: no hang-up was ever written. The call ends when it was heard last."""
    who = known_customer(stack, skip=7)
    begin = time.time()
    customer = stack.customer(who.key, "1002")
    answered(stack, ben_desk)
    eventually(lambda: [c for c in calls(stack, who.key, begin) if c.state == "talking"])
    time.sleep(1)
    stack.asterisk.kill()
    died = time.time()
    stack.asterisk.up()
    call = ended(stack, who.key, begin)
    customer.stop()
    assert call.answered <= call.ended <= died
    [[estimated, talked]] = ask(
        stack, f"SELECT estimated, talk_s FROM cc_call WHERE id = {call.id}"
    )
    assert estimated == "t"
    # no talk is counted of the time in which nobody can say that there was any
    assert abs(float(talked) - (call.ended - call.answered)) < 0.1
    [(_, _, end)] = talks(stack, "1002", begin, 1)
    assert abs(end - call.ended) < 0.01
    # the phone's own retransmissions and its next registration decide when it can ring again
    eventually(lambda: "2001/sip" in stack.asterisk.cli("pjsip show contacts"), BACK_S)
