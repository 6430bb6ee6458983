# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The controls through all of it: the bar's RPCs, Odoo, bridge, PBX and back into the call log. TEL-06, 07, 08, 11."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk import PATIENCE_S, Desk, eventually
from facts_of import ask, calls, known_customer, recordings
from rpc import Person

from cc_stack.settings import StackError
from cc_stack.stack import Stack


@pytest.fixture
def pair(stack: Stack) -> Iterator[tuple[Person, Person]]:
    """Ann at desk phone 2001, Ben at 2002, both ready."""
    ann, ben = Person(stack, "ann"), Person(stack, "ben")
    stack.phone("2001", answer="manual")
    stack.phone("2002", answer="manual")
    ann.sign_in("desk", "2001")
    ben.sign_in("desk", "2002")
    yield ann, ben
    for one in (ann, ben):
        one.rpc("sign_out")


def test_hold_consult_and_hand_over(stack: Stack, pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    who = known_customer(stack, skip=7)
    began = time.time()
    customer = stack.customer(who.key, "1001")
    eventually(lambda: ann.state == "ringing")
    assert ann.card["can"][:1] == ["answer"]
    stack.phone("2001", answer="manual").answer()
    eventually(lambda: ann.state == "on_call")
    uid = ann.card["call_uid"]
    ann.does("hold", uid)
    eventually(lambda: ann.card["held"])
    with pytest.raises(StackError, match="already on hold"):
        ann.does("hold", uid)
    ann.does("resume", uid)
    eventually(lambda: not ann.card["held"])
    ben_id = ben.rpc("my_phone")["agent"]["id"]
    ann.does("consult", uid, to={"kind": "agent", "id": ben_id})
    eventually(lambda: ben.state == "ringing")
    eventually(lambda: (ann.card["consult"] or {}).get("state") == "ringing")
    stack.phone("2002", answer="manual").answer()
    eventually(lambda: (ann.card["consult"] or {}).get("state") == "talking")
    ann.does("toggle", uid)
    eventually(lambda: (ann.card["consult"] or {}).get("state") == "waiting")
    ann.does("conference", uid)
    eventually(lambda: ann.card["conference"])
    ann.does("complete", uid)
    eventually(lambda: ann.state in ("ready", "wrap_up"))
    eventually(lambda: ben.card["state"] == "talking")
    ben.does("hangup", uid)
    customer.wait_end(PATIENCE_S)

    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    assert (call.partner, call.direction, call.ended_by) == (who.name, "inbound", "agent")
    assert call.attempts == [("1001", "answered"), ("1002", "answered")]
    moves = ask(
        stack,
        "SELECT t.how, a.number, b.number, t.completed FROM cc_call_transfer t"
        " LEFT JOIN cc_agent a ON a.id = t.agent_id LEFT JOIN cc_agent b ON b.id = t.to_agent_id"
        f" WHERE t.call_id = {call.id} ORDER BY t.n",
    )
    assert [m[:3] for m in moves] == [["conference", "1001", "1002"]]
    holds = ask(
        stack,
        "SELECT a.number FROM cc_call_hold h JOIN cc_agent a ON a.id = h.agent_id"
        f" WHERE h.call_id = {call.id} AND h.to_at IS NOT NULL ORDER BY h.n",
    )
    assert holds == [["1001"], ["1001"]]
    whole, aside = eventually(
        lambda: len(found := [r for r in recordings(stack, call.id) if r["state"] == "stored"]) == 2
        and found
    )
    assert (whole["kind"], aside["kind"]) == ("call", "consult")
    # all of the talk, not one part of it; a PBX that stands still records nothing meanwhile
    seconds = float(whole["duration_ms"]) / 1000
    assert (call.ended - call.answered) / 2 < seconds < call.ended - call.started + 1
    shown = ann.rpc("search_read", [("id", "=", int(aside["id"]))], ["title"], model="cc.recording")
    assert shown[0]["title"] == f"Consultation with {ben.rpc('my_phone')['agent']['name']}"


def test_blind_transfer_back_to_the_queue(stack: Stack, pair: tuple[Person, Person]) -> None:
    """Nobody takes them: they come back to the queue, and the log says that the transfer failed."""
    ann, ben = pair
    who = known_customer(stack, skip=8)
    began = time.time()
    customer = stack.customer(who.key, "100")
    eventually(lambda: "ringing" in (ann.state, ben.state))
    rung = ann.state == "ringing"
    first, other, phone = (ann, ben, "2001") if rung else (ben, ann, "2002")
    stack.phone(phone, answer="manual").answer()
    eventually(lambda: first.state == "on_call")
    uid = first.card["call_uid"]
    first.does("transfer", uid, to={"kind": "agent", "id": other.rpc("my_phone")["agent"]["id"]})
    eventually(lambda: other.state == "ringing")
    other.does("reject", uid)
    eventually(lambda: "ringing" in (first.state, other.state))
    customer.hang_up()
    customer.wait_end(PATIENCE_S)
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    moves = ask(stack, f"SELECT how, completed FROM cc_call_transfer WHERE call_id = {call.id}")
    assert [m[0] for m in moves] == ["blind"] and moves[0][1] in ("f", "False", "false")
    assert call.queue == "support"


def heard(ann: Desk, seconds: float = 1.5) -> float:
    """The energy of what her browser has heard in so long."""
    before = ann.audio()["energy"]
    time.sleep(seconds)
    return float(ann.audio()["energy"] - before)


def test_with_the_browser_phone(stack: Stack, desk: Callable[..., Desk]) -> None:
    """Hold, consult and back at the browser phone: what she hears is measured in her browser."""
    stack.phone("2002", answer="auto")
    ann, ben = desk("ann"), Person(stack, "ben")
    ben.sign_in("desk", "2002")
    ann.sign_in("browser")
    ann.choose_state("ready")
    who = known_customer(stack, skip=9)
    began = time.time()
    customer = stack.customer(who.key, "1001")
    ann.expect_card(who.name)
    ann.answer()
    ann.expect_talking()
    eventually(lambda: heard(ann) > 0.001)

    def card() -> dict[str, Any]:
        found: dict[str, Any] = ann.rpc("cc.agent", "my_phone")["calls"][0]
        return found

    def does(kind: str, **args: Any) -> None:
        ann.rpc("cc.agent", "command", kind, args, card()["call_uid"])

    does("hold")
    eventually(lambda: card()["held"])
    eventually(lambda: heard(ann) < 0.0001)
    does("consult", to={"kind": "agent", "id": ben.rpc("my_phone")["agent"]["id"]})
    eventually(lambda: (card()["consult"] or {}).get("state") == "talking")
    eventually(lambda: heard(ann) > 0.001)
    does("cancel")
    eventually(lambda: card()["state"] == "talking" and not card()["consult"])
    eventually(lambda: heard(ann) > 0.001)
    ann.hang_up()
    customer.wait_end(PATIENCE_S)
    ben.rpc("sign_out")
    [call] = eventually(lambda: [c for c in calls(stack, who.key, began) if c.state == "ended"])
    assert call.ended_by == "agent"
    assert call.attempts == [("1001", "answered"), ("1002", "answered")]
    assert not ann.errors
