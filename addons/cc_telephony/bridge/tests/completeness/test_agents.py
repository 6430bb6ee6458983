# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An agent's time in a call that nobody heard: told afterwards, in order, and never over what was told."""

from pathlib import Path
from typing import Any

import pytest

from cc_bridge.agents.members import QueueTable
from cc_bridge.agents.service import AgentService
from cc_bridge.clock import PbxClock
from cc_bridge.outbox import Outbox
from cc_bridge.spool import Spool
from cc_bridge.tasks import Tasks

S = 1_000_000
T0 = 1_795_316_000 * S
INTENT: dict[str, Any] = {
    "agents": [],
    "extensions": [],
    "settings": {},
    "queues": [{"queue": "support", "wrap_up_s": 10}],
}


class Nowhere:
    """AMI without a PBX."""

    connected = False


@pytest.fixture
async def agents(tmp_path: Path) -> Any:
    spool = Spool(tmp_path / "spool.sqlite")
    outbox = Outbox(spool, lambda: None)
    clock = PbxClock()
    service = AgentService(Nowhere(), outbox, clock, QueueTable(), {}, Tasks())  # type: ignore[arg-type]
    service.know_intent(INTENT)
    service.spool, service.outbox = spool, outbox  # type: ignore[attr-defined]
    yield service
    await service.close()
    spool.close()


def at_desk(state: str, since: int, **more: Any) -> list[dict[str, Any]]:
    row = {"agent": "1002", "session": 7, "device": "desk", "extension": "2001", "queues": {}}
    return [{**row, "state": state, "since": since, **more}]


def passed(queue: str | None = "support") -> dict[str, Any]:
    """A call in which 1002 talked from second 100 to 130."""
    return {
        "call_uid": "01900000-0000-7000-8000-000000000001",
        "queue": queue,
        "state": "ended",
        "ended_t": T0 + 131 * S,
        "attempts": [],
        "legs": [
            {"role": "customer", "number": "1002", "joined_t": T0 + 90 * S, "left_t": T0 + 131 * S},
            {"role": "agent", "number": "1002", "joined_t": T0 + 100 * S, "left_t": T0 + 130 * S},
        ],
    }


def told(agents: Any) -> list[tuple[str, int, int | None]]:
    """State, since and until (s after T0) of what was reported."""
    agents.outbox.flush()
    return [
        (a["state"], (a["since"] - T0) // S, a["until"] and (a["until"] - T0) // S)
        for a in (fact.body["agent"] for fact in agents.spool.batch(0))
    ]


async def test_on_call_and_wrap_up_of_a_missed_call(agents: Any) -> None:
    agents.restore(at_desk("ready", T0))
    agents.call_passed(passed())
    assert told(agents)[:2] == [("on_call", 100, None), ("wrap_up", 130, 140)]


async def test_a_call_without_queue_leads_back(agents: Any) -> None:
    agents.restore(at_desk("break", T0, reason="Lunch"))
    agents.call_passed(passed(queue=None))
    assert told(agents) == [("on_call", 100, None), ("break", 130, None)]
    assert agents.get("1002").reason == "Lunch"


async def test_an_earlier_wrap_up_ended_in_its_own_time(agents: Any) -> None:
    agents.restore(at_desk("wrap_up", T0, until=T0 + 40 * S))
    agents.call_passed(passed(queue=None))
    assert told(agents) == [("ready", 40, None), ("on_call", 100, None), ("ready", 130, None)]


@pytest.mark.parametrize(
    ("state", "since", "call_uid"),
    [("ready", 120, None), ("busy", 101, None), ("offline", 0, None)],
)
async def test_what_was_told_of_that_time_stays(
    agents: Any, state: str, since: int, call_uid: str | None
) -> None:
    """They went ready, or signed out, since: nothing is put over it."""
    agents.restore(at_desk(state, T0 + since * S, call_uid=call_uid))
    agents.call_passed(passed())
    assert told(agents) == []


async def test_an_old_intent_signs_nobody_in_or_out(agents: Any) -> None:
    """At a start the spool's intent is only known: agents are as they were, and nothing is told."""
    agents.restore(at_desk("ready", T0))
    row = {"agent": "1001", "session": 3, "device": "desk", "extension": "2002", "queues": []}
    agents.know_intent({**INTENT, "agents": [row]})
    assert told(agents) == []
    assert agents.get("1002").state == "ready"
    assert agents.get("1001") is None
