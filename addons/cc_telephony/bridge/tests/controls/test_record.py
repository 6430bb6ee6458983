# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recording of consultations: when it begins, when it ends, what the PBX is asked for."""

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cc_bridge.ami import AmiFailed
from cc_bridge.calls import CallModel
from cc_bridge.clock import PbxClock
from cc_bridge.controls.calls import Place
from cc_bridge.controls.commands import caller_record, consult_record
from cc_bridge.controls.desk import Desk
from cc_bridge.dialling import Dialled
from cc_bridge.facts import CallFact
from cc_bridge.kernel.changes import Changes
from cc_bridge.kernel.forms import NotPossible
from cc_bridge.kernel.hub import Guard, Hub
from cc_bridge.kernel.kernel import Core, CoreKernel
from cc_bridge.kernel.orders import Locks
from cc_bridge.tasks import Tasks
from controls.test_situation import THIRD, call, hold, leg


class Answers:
    """An AMI that keeps what it was asked, and each channel's variables."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.variables: dict[tuple[str, str], str] = {}
        self.fails: set[str] = set()
        self.moved: Callable[[str, str], None] = lambda *_: None

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
            told = action["Options"].rpartition("i(")[2].rstrip(")")
            self.variables[action["Channel"], told] = "0x7f"
        if kind == "Redirect":
            self.moved(action["Channel"], action["Exten"])
        return {}

    def kinds(self, *kinds: str) -> list[dict[str, str]]:
        return [a for a in self.asked if a["Action"] in kinds]


class Agents:
    settings: dict[str, object] = {"record": True, "record_consults": True}


class Calls:
    def __init__(self) -> None:
        self.now: dict[str, Any] | None = None

    def call_of(self, _uid: str) -> str | None:
        return self.now and "u"

    def open_calls(self) -> list[Any]:
        if self.now is None or self.now["state"] == "ended":
            return []
        return [type("Open", (), {"call_uid": "u", "as_dict": lambda _: self.now})()]

    def open(self, call_uid: str) -> Any:
        return next((call for call in self.open_calls() if call.call_uid == call_uid), None)


class Rig:
    def __init__(self, folder: Path) -> None:
        self.ami, self.calls, self.agents = Answers(), Calls(), Agents()
        model = self.model = CallModel()
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
        self.desk = Desk(CoreKernel(core, "controls"))
        self.ami.moved = self.moved
        for one in (caller_record, consult_record):
            one.register(self.desk)

    def moved(self, name: str, exten: str) -> None:
        """The PBX does what it is told."""
        event = "ConfbridgeLeave" if exten in ("hold", "wait") else "ConfbridgeJoin"
        self.room(event, self.channels.named(name).uniqueid)  # type: ignore[union-attr]

    def room(self, event: str, uid: str) -> None:
        self.model.feed({"Event": event, "Uniqueid": uid, "Conference": "c-1"})

    def goes(self, call: dict[str, Any]) -> dict[str, Any]:
        """So it is now, without a word."""
        legs = [{**leg, "channels": [f"u{leg['leg']}"]} for leg in call["legs"]]
        self.calls.now = {"direction": "internal", "queue": None, **call, "legs": legs}
        return self.calls.now

    async def tell(self, call: dict[str, Any], kind: str = "call.held") -> None:
        """A fact of the call, and all that follows from it."""
        self.hub.call(CallFact(kind, 0, self.goes(call)), lambda fact: fact)
        await self.settle()

    async def connected(self) -> None:
        """The bridge has been started, or has its PBX again."""
        for _, do in self.hub.connected():
            await do()
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
    assert rig.ami.kinds("MixMonitor") == []


async def test_one_that_runs_already_is_ended_by_a_bridge_started_since(rig: Rig) -> None:
    rig.ami.variables["PJSIP/2001-2", "CC_CONSULT"] = "0x11"
    await rig.tell(CONSULT)
    assert rig.ami.kinds("MixMonitor") == []
    await rig.tell(WAITS)
    assert rig.ami.kinds("StopMixMonitor")[0]["MixMonitorID"] == "0x11"


async def test_one_that_was_over_before_the_bridge_came_back(rig: Rig) -> None:
    """What still is one goes on."""
    rig.ami.variables["PJSIP/2001-2", "CC_CONSULT"] = "0x11"
    rig.goes(CONSULT)
    await rig.connected()
    assert rig.ami.kinds("MixMonitor", "StopMixMonitor") == []
    await rig.tell(WAITS)
    assert rig.ami.kinds("StopMixMonitor")[0]["MixMonitorID"] == "0x11"
    rig.ami.variables["PJSIP/2001-2", "CC_CONSULT"] = "0x12"
    rig.goes(WAITS)
    await rig.connected()
    assert rig.ami.kinds("StopMixMonitor")[1]["MixMonitorID"] == "0x12"


async def test_a_pbx_that_refuses_costs_no_control(rig: Rig) -> None:
    rig.ami.fails = {"StopMixMonitor"}
    await rig.tell(CONSULT)
    await rig.tell(WAITS)
    assert len(rig.ami.kinds("StopMixMonitor")) == 1


#: Agent 1001 has called 1002; their call is recorded on the channel of 1001.
PAIR = [leg(2, "agent", "1001"), leg(3, "agent", "1002")]
CALLER, COLLEAGUE = "PJSIP/2001-2", "PJSIP/2002-3"


def caller(rig: Rig, *, cust: str = CALLER) -> Place:
    """Where they stand; the third channel, u1, is nowhere yet."""
    if rig.channels.get("u1").room:  # type: ignore[union-attr]
        rig.room("ConfbridgeLeave", "u1")
    told = {"CC_REC": "/rec/20261127/u2", "CC_MIX": "0x1", "CUST": cust}
    rig.ami.variables |= {(CALLER, name): value for name, value in told.items()}
    mine = rig.channels.get("u2")
    assert mine is not None
    return Place("1001", call(legs=PAIR), mine, "c-1", cust, COLLEAGUE, "wait", "agent")


def asked(rig: Rig) -> list[str]:
    """The kinds of actions since the last time, without variables."""
    found = [one["Action"] for one in rig.ami.asked if one["Action"] != "Setvar"]
    rig.ami.asked.clear()
    return found


async def test_a_callers_own_recording_rests_while_the_colleague_hears_music(rig: Rig) -> None:
    """Stopped before they leave, begun before they come back: nothing asked aside is in it, nothing of theirs is lost."""
    place = caller(rig)
    begun = time.time()
    await rig.desk.away(place)
    [stop] = rig.ami.kinds("StopMixMonitor")
    assert (stop["Channel"], stop["MixMonitorID"]) == (CALLER, "0x1")
    assert asked(rig) == ["StopMixMonitor", "Redirect"]
    # a consult out of a hold
    await rig.desk.aside(place)
    assert asked(rig) == []
    await asyncio.sleep(0.02)
    await rig.desk.back(place)
    [more] = rig.ami.kinds("MixMonitor")
    assert (more["Channel"], more["File"]) == (CALLER, "/rec/20261127/u2.wav")
    found = re.fullmatch(
        r"aSr\((/rec/20261127/u2-r\d{16}-(\d+))-in\.wav\)t\((.*)-out\.wav\)i\(CC_MIX\)",
        more["Options"],
    )
    assert found is not None and found[1] == found[3]
    assert 20 <= int(found[2]) <= (time.time() - begun) * 1000 + 1
    assert asked(rig) == ["MixMonitor", "Redirect"]
    # and again
    await rig.desk.away(place)
    assert rig.ami.kinds("StopMixMonitor")[0]["MixMonitorID"] == "0x7f"


async def test_with_the_third_party_there_it_begins_behind_the_colleague(rig: Rig) -> None:
    place = caller(rig)
    await rig.desk.away(place)
    rig.room("ConfbridgeJoin", "u1")
    asked(rig)
    await rig.desk.back(place)
    assert asked(rig) == ["Redirect", "MixMonitor"]


async def test_a_colleague_who_does_not_move(rig: Rig) -> None:
    """Who stays is recorded on; who does not come back leaves it resting."""
    place = caller(rig)
    rig.ami.fails = {"Redirect"}
    with pytest.raises(NotPossible):
        await rig.desk.away(place)
    assert asked(rig) == ["StopMixMonitor", "Redirect", "Redirect", "MixMonitor"]
    rig.ami.fails = set()
    await rig.desk.away(place)
    rig.ami.fails = {"Redirect"}
    asked(rig)
    with pytest.raises(NotPossible):
        await rig.desk.back(place)
    assert asked(rig) == ["MixMonitor", "Redirect", "Redirect", "StopMixMonitor"]


async def test_a_caller_whose_colleague_is_replaced(rig: Rig) -> None:
    """A takeover brings nobody back: what the call's facts say begins it, but not before somebody is there."""
    place = caller(rig)
    await rig.desk.away(place)
    asked(rig)
    for legs, holds in ((PAIR, []), (PAIR, [hold()])):
        await rig.tell(call(legs=legs, holds=holds))
        assert asked(rig) == []
    rig.room("ConfbridgeJoin", "u3")
    await rig.tell(call("held", legs=PAIR, holds=[hold()]))
    assert asked(rig) == []
    await rig.tell(call(legs=PAIR, holds=[hold(7)]))
    assert asked(rig) == ["MixMonitor"]
    await rig.tell(call(legs=PAIR, holds=[hold(7)]))
    assert asked(rig) == []


async def test_a_bridge_that_died_in_the_middle(rig: Rig) -> None:
    """It had stopped what goes on, or had begun what is to rest."""
    place = caller(rig)
    rig.goes(call(legs=PAIR))
    await rig.connected()
    assert asked(rig) == []
    rig.ami.variables[CALLER, "CC_RESTS"] = "17"
    await rig.connected()
    assert asked(rig) == ["MixMonitor"]
    rig.room("ConfbridgeLeave", "u3")
    rig.goes(call("held", legs=PAIR, holds=[hold()]))
    await rig.connected()
    assert asked(rig) == ["StopMixMonitor"]
    await rig.connected()
    assert asked(rig) == []
    await rig.desk.back(place)
    assert asked(rig) == ["MixMonitor", "Redirect"]


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_caller_who_goes_while_others_talk_on(
    rig: Rig, tmp_path: Path, recorded: bool
) -> None:
    """Whom they called takes their place, in the dialplan and in the recording, once."""
    caller(rig)
    rig.room("ConfbridgeJoin", "u1")
    legs = [leg(2, "agent", "1001", 1, 9), leg(3, "agent", "1002"), leg(1, "agent", "1003", 5)]
    for uid in ("u3", "u1"):
        rig.ami.variables[rig.channels.get(uid).name, "CUST"] = CALLER  # type: ignore[union-attr]
    if recorded:
        (tmp_path / "20261127").mkdir()
        (tmp_path / "20261127" / "1-in.wav").touch()
    # the caller's channel is still there
    await rig.tell(call(legs=legs), "call.left")
    assert asked(rig) == []
    rig.model.feed({"Event": "Hangup", "Uniqueid": "u2", "Channel": CALLER})
    await rig.tell(call(legs=legs), "call.left")
    told = [one for one in rig.ami.asked if one["Action"] == "MixMonitor"]
    assert [one["Channel"] for one in told] == [COLLEAGUE] * recorded
    for one in told:
        assert one["File"] == f"{tmp_path}/20261127/1.wav"
        assert one["Options"].startswith(f"aSr({tmp_path}/20261127/1-r")
    [moved] = rig.ami.kinds("Redirect")
    assert (moved["Channel"], moved["Exten"]) == (COLLEAGUE, "heir")
    for name in (COLLEAGUE, "PJSIP/trunk-1"):
        for variable in ("CUST", "CUSTLEG"):
            assert rig.ami.variables[name, variable] == COLLEAGUE
    asked(rig)
    await rig.tell(call(legs=legs), "call.left")
    assert asked(rig) == []


async def test_who_serves_a_customer_has_no_recording_to_rest(rig: Rig) -> None:
    """It is of the customer's channel, and the customer is not in the room."""
    place = caller(rig, cust="PJSIP/trunk-1")
    await rig.desk.away(place)
    await rig.desk.back(place)
    assert asked(rig) == ["Redirect", "Redirect"]
    # nor has a caller who is not recorded
    place = caller(rig)
    rig.ami.variables[CALLER, "CC_REC"] = ""
    await rig.desk.away(place)
    await rig.desk.back(place)
    assert asked(rig) == ["Redirect", "Redirect"]
