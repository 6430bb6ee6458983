# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recording of consultations: when it begins, when it ends, what the PBX is asked for."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cc_bridge.ami import AmiFailed
from cc_bridge.calls import CallModel
from cc_bridge.clock import PbxClock
from cc_bridge.controls.commands import consult_record
from cc_bridge.controls.desk import Desk
from cc_bridge.dialling import Dialled
from cc_bridge.facts import CallFact
from cc_bridge.kernel.changes import Changes
from cc_bridge.kernel.hub import Guard, Hub
from cc_bridge.kernel.kernel import Core, CoreKernel
from cc_bridge.kernel.orders import Locks
from cc_bridge.tasks import Tasks
from controls.test_situation import THIRD, call, hold


class Answers:
    """An AMI that keeps what it was asked, and each channel's variables."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.variables: dict[tuple[str, str], str] = {}
        self.muted = "No"
        self.fails: set[str] = set()

    async def action(self, action: dict[str, str], **_: Any) -> Any:
        kind = action["Action"]
        key = (action.get("Channel", ""), action.get("Variable", ""))
        if kind == "Getvar":
            return {"Value": self.variables.get(key, "")}
        self.asked.append(action)
        if kind in self.fails:
            raise AmiFailed(kind)
        if kind == "Setvar":
            self.variables[key] = action["Value"]
        if kind == "MixMonitor":
            self.variables[action["Channel"], "CC_CONSULT"] = "0x7f"
        if kind == "ConfbridgeList":
            row = {"Event": "ConfbridgeList", "Uniqueid": "u2", "Muted": self.muted}
            return type("Reply", (), {"events": [row]})
        return {}

    def kinds(self, *kinds: str) -> list[dict[str, str]]:
        return [a for a in self.asked if a["Action"] in kinds]


class Agents:
    settings: dict[str, object] = {"record": True, "record_consults": True}


class Calls:
    def __init__(self) -> None:
        self.now: dict[str, Any] | None = None

    def open_calls(self) -> list[Any]:
        if self.now is None or self.now["state"] == "ended":
            return []
        return [type("Open", (), {"call_uid": "u", "as_dict": lambda _: self.now})()]


class Rig:
    def __init__(self, folder: Path) -> None:
        self.ami, self.calls, self.agents = Answers(), Calls(), Agents()
        model = CallModel()
        for uid, name in (("u1", "PJSIP/trunk-1"), ("u2", "PJSIP/2001-2"), ("u3", "PJSIP/2002-3")):
            model.feed({"Event": "Newchannel", "Uniqueid": uid, "Channel": name})
            model.feed({"Event": "ConfbridgeJoin", "Uniqueid": uid, "Conference": "c-1"})
        self.channels = model.live
        self.guard, self.tasks, self.locks = Guard(), Tasks(), Locks()
        self.hub = Hub(self.guard)
        nothing: Any = None
        settings: Any = SimpleNamespace(recordings=folder)
        core = Core(
            settings=settings,
            clock=PbxClock(),
            spool=nothing,
            outbox=nothing,
            ami=self.ami,  # type: ignore[arg-type]
            channels=model.live,
            calls=self.calls,  # type: ignore[arg-type]
            agents=self.agents,  # type: ignore[arg-type]
            dialled=Dialled(),
            gate=nothing,
            post=nothing,
            upload=nothing,
            orders=nothing,
            guard=self.guard,
            hub=self.hub,
            sections=nothing,
            tasks=self.tasks,
            locks=self.locks,
            changes=Changes(),
        )
        consult_record.register(Desk(CoreKernel(core, "controls")))

    async def tell(self, call: dict[str, Any]) -> None:
        """A fact of the call, and all that follows from it."""
        legs = [{**leg, "channels": [f"u{leg['leg']}"]} for leg in call["legs"]]
        self.calls.now = {**call, "legs": legs}
        self.hub.call(CallFact("call.held", 0, self.calls.now), lambda fact: fact)
        await self.settle()

    async def settle(self) -> None:
        await self.tasks.finish("controls")
        assert not self.guard._told, "a listener has failed"


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


CONSULT = call("held", holds=[hold()], legs=THIRD)
WAITS = call(holds=[hold(7)], legs=THIRD)


async def test_from_the_third_partys_answer_until_he_waits(rig: Rig, tmp_path: Path) -> None:
    await rig.tell(call("held", holds=[hold()]))
    assert rig.ami.asked == []
    await rig.tell(CONSULT)
    [start] = rig.ami.kinds("MixMonitor")
    assert start["Channel"] == "PJSIP/2001-2" and "File" not in start
    before, _, after = start["Options"].partition("-in.wav)t(")
    assert before.startswith(f"Sr({tmp_path}/") and "/u2-c3-" in before
    assert after == f"{before.removeprefix('Sr(')}-out.wav)i(CC_CONSULT)"
    await rig.tell(CONSULT)
    assert len(rig.ami.kinds("MixMonitor")) == 1
    await rig.tell(WAITS)
    [stop] = rig.ami.kinds("StopMixMonitor")
    assert (stop["Channel"], stop["MixMonitorID"]) == ("PJSIP/2001-2", "0x7f")
    # the next stretch is a file of its own
    await rig.tell(CONSULT)
    assert len(rig.ami.kinds("MixMonitor")) == 2
    await rig.tell(call("ended", holds=[hold()], legs=THIRD))
    assert len(rig.ami.kinds("StopMixMonitor")) == 2


async def test_not_while_a_command_brings_somebody_back(rig: Rig) -> None:
    """What a command is about to end is not begun by a fact that comes in the middle of it."""
    async with rig.locks.of("u"):
        told = asyncio.create_task(rig.tell(CONSULT))
        await asyncio.sleep(0.05)
        assert rig.ami.kinds("MixMonitor") == []
        rig.calls.now = {**WAITS, "legs": rig.calls.now["legs"]}  # type: ignore[index]
    await told
    assert rig.ami.kinds("MixMonitor") == []


@pytest.mark.parametrize("settings", [{"record": True}, {"record_consults": True}, {}])
async def test_only_where_the_settings_say_so(rig: Rig, settings: dict[str, object]) -> None:
    rig.agents.settings = settings
    await rig.tell(CONSULT)
    assert rig.ami.kinds("MixMonitor", "MixMonitorMute") == []


async def test_one_that_runs_already_is_ended_by_a_bridge_started_since(rig: Rig) -> None:
    rig.ami.variables["PJSIP/2001-2", "CC_CONSULT"] = "0x11"
    await rig.tell(CONSULT)
    assert rig.ami.kinds("MixMonitor") == []
    await rig.tell(WAITS)
    assert rig.ami.kinds("StopMixMonitor")[0]["MixMonitorID"] == "0x11"


async def test_who_is_muted_is_not_recorded(rig: Rig) -> None:
    rig.ami.muted = "Yes"
    await rig.tell(CONSULT)
    [mute] = rig.ami.kinds("MixMonitorMute")
    assert (mute["Direction"], mute["State"]) == ("read", "1")
    for kind, uid in (("ConfbridgeUnmute", "u2"), ("ConfbridgeMute", "u1")):
        rig.hub.event({"Event": kind, "Uniqueid": uid}, kind)
    await rig.settle()
    # the other one is nobody's recorded channel
    assert [m["State"] for m in rig.ami.kinds("MixMonitorMute")] == ["1", "0"]


async def test_a_callers_own_recording_rests_meanwhile(rig: Rig) -> None:
    """Also where consultations are not recorded: their call's recording is of their own channel."""
    rig.agents.settings = {"record": True}
    rig.ami.variables["PJSIP/2001-2", "CUST"] = "PJSIP/2001-2"
    await rig.tell(CONSULT)
    await rig.tell(WAITS)
    told = [(m["Direction"], m["State"]) for m in rig.ami.kinds("MixMonitorMute")]
    assert told == [("both", "1"), ("both", "0")]
    assert rig.ami.kinds("MixMonitor", "StopMixMonitor") == []


async def test_a_pbx_that_refuses_costs_no_control(rig: Rig) -> None:
    rig.ami.fails = {"StopMixMonitor", "MixMonitorMute", "ConfbridgeList"}
    await rig.tell(CONSULT)
    await rig.tell(WAITS)
    assert len(rig.ami.kinds("StopMixMonitor")) == 1
