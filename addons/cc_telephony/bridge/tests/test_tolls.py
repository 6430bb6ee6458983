# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""TEL-64 at the bridge's own gate: what it refuses, counts and tells, and whose a phone is."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from bridge_rig import Rig
from fake_pbx import block

from cc_bridge.controls.targets import Targets
from cc_bridge.destinations import Destinations, level_of
from cc_bridge.kernel.forms import NotPossible
from cc_bridge.kernel.gate import Gate

DEAR = "+19005551234"


def phones(rig: Rig) -> dict[str, str]:
    """Whose each phone is, as the PBX has it."""
    return {
        str(a["Key"]): str(a.get("Val", ""))
        for a in rig.pbx.actions("DBPut")
        if a["Family"] == "agentext"
    }


async def sign_in(rig: Rig, device: str = "desk", extension: str = "2001", session: int = 7) -> Any:
    await rig.until(lambda: rig.pbx.actions("QueueStatus"))
    args = {"device": device, "extension": extension, "session": session}
    return await rig.command("sign_in", args)


async def test_a_phone_is_nobodys_once_its_agent_is_gone(rig: Rig) -> None:
    await sign_in(rig)
    assert phones(rig) == {"2001": "1001"}
    assert (await rig.command("sign_out", {"session": 7}))["code"] == "ok"
    assert phones(rig) == {"2001": ""}


async def test_nor_is_the_phone_where_they_were_before(rig: Rig) -> None:
    await sign_in(rig)
    assert (await sign_in(rig, "mobile", "+8613900001001", 8))["code"] == "ok"
    assert phones(rig) == {"2001": ""}


async def test_refused_and_told(rig: Rig) -> None:
    await sign_in(rig)
    assert (await rig.command("dial", {"number": DEAR}))["code"] == "refused"
    assert rig.pbx.actions("Originate") == []
    assert (await sign_in(rig, "mobile", DEAR, 9))["code"] == "refused"
    confirm = {"number": DEAR, "code": "123456", "of": "1001"}
    assert (await rig.command("confirm_number", confirm, agent=None))["code"] == "refused"
    assert [(a["why"], a["agent"], a["number"]) for a in rig.bodies("dial.alarm", "dial")] == [
        ("destination", "1001", DEAR)
    ] * 3
    assert (await rig.command("end_call", {}, agent=None))["code"] == "no_call"


class Agents:
    """As much of the agents as a gate asks."""

    def __init__(self, **settings: Any) -> None:
        self.settings = {"country": "CN", **settings}
        self.destinations = Destinations(self.settings)

    def may_call(self, number: str | None, called: str) -> bool:
        return self.destinations.may(called, level_of("agent"))


@pytest.fixture
def hours() -> Iterator[list[float]]:
    yield [0.0]


def gate(hours: list[float], calls: list[Any], **settings: Any) -> Gate:
    agents: Any = Agents(**settings)
    model: Any = SimpleNamespace(open_calls=lambda: calls)
    return Gate(agents, model, lambda: hours[0] * 3600)


def refused(one: Gate, number: str = "+8613800000001") -> bool:
    try:
        one.check("1001", number)
    except NotPossible:
        return True
    return False


def test_so_many_an_hour(hours: list[float]) -> None:
    one = gate(hours, [], out_hour=2)
    one.made("1001")
    assert not refused(one)
    one.made("1001")
    assert refused(one) and not one.stopped("1002")
    # not emergencies; and an hour later all is as before
    assert not refused(one, "110")
    hours[0] = 1.01
    assert not refused(one)


def test_so_many_at_once(hours: list[float]) -> None:
    leg = SimpleNamespace(role="customer", left_t=None)
    call = SimpleNamespace(direction="outbound", legs=[leg])
    one = gate(hours, [call], out_most=1)
    assert refused(one) and not refused(one, "110")
    leg.left_t = 5
    assert not refused(one)
    # who called us is no call out
    assert not refused(gate(hours, [SimpleNamespace(direction="inbound", legs=[leg])], out_most=1))


@pytest.mark.parametrize("value", [None, -1, "5", True, 10**9])
def test_a_limit_of_a_wrong_form_is_the_default(hours: list[float], value: object) -> None:
    assert gate(hours, [], out_minutes=value).limit("out_minutes", 7, 60) == 7
    assert gate(hours, [], out_minutes=3).limit("out_minutes", 7, 60) == 180


def limited(rig: Rig, **settings: Any) -> None:
    """Limits as Odoo says them."""
    intent = rig.odoo.intent
    rig.bridge.agents.know_intent({**intent, "settings": {**intent["settings"], **settings}})


def stops(rig: Rig) -> list[str]:
    """What the PBX was told of who has called too often."""
    return [str(a.get("Val", "")) for a in rig.pbx.actions("DBPut") if a["Family"] == "ccstop"]


async def test_a_stop_of_an_earlier_bridge_is_lifted(rig: Rig) -> None:
    """Nobody remembers whose it was: it would bar them for ever. One of our own stays."""
    assert (await rig.pbx.wait_for("DBDelTree"))["Family"] == "ccstop"
    limited(rig, out_hour=1)
    await rig.pbx.send(block(Event="UserEvent", UserEvent="CCOut", Agent="1001"))
    await rig.until(lambda: stops(rig) == ["1"])
    await rig.pbx.cut()
    await rig.until(lambda: len(stops(rig)) > 1)
    assert (stops(rig)[1], len(rig.pbx.actions("DBDelTree"))) == ("1", 1)


async def test_whom_an_agent_asks_in_from_outside_counts(rig: Rig) -> None:
    """Transfers, consultations, invitations: their own phone calls nobody, but a line is called."""
    await sign_in(rig)
    limited(rig, out_hour=1)
    targets = Targets(rig.bridge.agents, rig.bridge.dialled, Any, rig.bridge.gate)  # type: ignore[arg-type]
    to = {"to": {"kind": "number", "value": "+8613800000001"}}
    await targets.target("1001", to)
    with pytest.raises(NotPossible, match="within an hour"):
        await targets.target("1001", to)


async def test_whom_the_pbx_calls_first_counts(rig: Rig) -> None:
    await sign_in(rig)
    limited(rig, out_hour=1, dial_mode="customer_first")
    dial = {"number": "+8613800000001"}
    await rig.command("dial", dial)
    assert (await rig.command("dial", dial))["code"] == "refused"
    assert len(rig.pbx.actions("Originate")) == 1
