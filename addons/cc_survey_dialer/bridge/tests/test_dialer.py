# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The plug-in between a scripted PBX and a scripted Odoo (DIA-02 to DIA-08, DIA-19)."""

import asyncio
import math
import struct
import time
import wave
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bridge_rig import sign_in
from cc_bridge_dialer import air, lines, plans, rounds
from cc_bridge_dialer import attempts as lease_rows
from cc_bridge_dialer.contract.abandonment import Formula
from cc_bridge_dialer.plugin import Dialer
from dialer_rig import CAMPAIGN, PLAN, DialerRig, Numbers, live, tell
from fake_odoo import FakeOdoo
from fake_pbx import FakePbx, block

from cc_bridge.kernel import load
from cc_bridge.plugins import Kernel

Start = Callable[..., Any]
#: No agents are needed: whoever answers is put into a menu.
TO_MENU = {"queue": None, "mode": "ratio", "action": {"kind": "ivr", "value": "main"}}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "found", lambda: [("dialer", lambda: Dialer)])
    for module, name, value in (
        (rounds, "TICK_S", 0.05),
        (air, "COMPARE_S", 0.2),
        # what a test waits for it says itself: else it would depend on how fast we tell of a channel
        (air, "LOST_S", 600),
        (air, "JUDGE_S", 0.4),
        (air, "NO_CHANNEL_S", 600),
        (rounds, "STATE_EVERY_S", 0.05),
        (rounds, "ODOO_RETRY_S", 0.2),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.fixture
async def start(pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the bridge, as often as a test likes on the same spool."""
    rigs: list[DialerRig] = []

    async def begin(
        *plans: dict[str, Any], numbers: Numbers | None = None, agent: bool = True
    ) -> DialerRig:
        if plans:
            tell(odoo, *plans)
        if numbers is not None:
            odoo.routes["/cc/dialer/lease"] = numbers
        before = sum(f["kind"] == "pbx.state" for f in odoo.facts)
        rig = DialerRig(pbx, odoo, tmp_path)
        rigs.append(rig)

        def up() -> bool:
            told = [f for f in odoo.facts if f["kind"] == "pbx.state"]
            return len(told) > before and told[-1]["pbx_state"]["reconciled"]

        await rig.until(up)
        if agent:
            await sign_in(rig)
        return rig

    yield begin
    for rig in rigs:
        await rig.stop()


def made_by(monkeypatch: pytest.MonkeyPatch) -> list[Dialer]:
    """The plug-in itself, once the bridge has made it."""
    made: list[Dialer] = []

    def make(kernel: Kernel) -> Dialer:
        made.append(Dialer(kernel))
        return made[0]

    monkeypatch.setattr(load, "found", lambda: [("dialer", lambda: make)])
    return made


def originates(pbx: FakePbx) -> list[dict[str, str]]:
    return pbx.actions("Originate")


async def test_one_number_for_a_ready_agent(start: Start) -> None:
    """Nothing while nobody is ready; then one number, by its line, with its caller id, told before it rings."""
    rig = await start({}, numbers=Numbers())
    await rig.until(lambda: rig.whys()[-1:] == ["no_agents"])
    await asyncio.sleep(0.3)
    assert rig.dialled() == []
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    assert sent["Channel"] == "PJSIP/+8613800100001@trunk"
    assert sent["CallerID"] == "+8675512345678"
    assert (sent["Context"], sent["Timeout"]) == ("cc-dialer", "25000")
    await rig.until(rig.attempts)
    [told] = rig.attempts().values()
    assert (told["state"], told["channel"], told["line"]) == ("dialled", sent["ChannelId"], "trunk")
    await rig.rings(sent)
    await rig.until(lambda: rig.bodies("call.started", "call"))
    [call] = rig.bodies("call.started", "call")
    assert (call["call_uid"], call["direction"]) == (told["call_uid"], "outbound")
    assert call["to"]["number"] == "+8613800100001"
    order = [f["kind"] for f in rig.odoo.facts if f["kind"] in ("dialer.attempt", "call.started")]
    assert order[0] == "dialer.attempt"
    await asyncio.sleep(0.3)
    assert len(rig.dialled()) == 1


@pytest.mark.parametrize(
    ("how", "cause", "outcome", "counts"),
    [
        ("rings", 19, "no_answer", True),
        ("rings", 16, "no_answer", True),
        ("rings", 21, "rejected", True),
        ("rings", 17, "busy", True),
        ("exists", 1, "empty", True),
        ("exists", 28, "empty", True),
        ("exists", 20, "off", True),
        ("exists", 18, "off", True),
        ("exists", 34, "congestion", False),
        ("exists", 17, "busy", True),
        ("answers", 16, "hung_up", True),
    ],
)
async def test_how_it_ended(
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    cause: int,
    outcome: str,
    counts: bool,
) -> None:
    """By cause and by what was seen before it (DIA-19)."""
    # all of it at once
    monkeypatch.setattr(lease_rows, "_OFF_WITHIN_US", 600_000_000)
    rig = await start({}, numbers=Numbers(1))
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    await getattr(rig, how)(sent)
    await rig.ends(sent, cause)
    await rig.until(rig.outcomes)
    [told] = rig.attempts().values()
    assert (told["outcome"], told["counts"], told["cause"]) == (outcome, counts, cause)
    assert told["abandoned"] is False


async def test_nobody_free_in_time(start: Start) -> None:
    """Answered, no agent within the time: the dialplan plays the message, that is abandoned (DIA-05)."""
    rig = await start({}, numbers=Numbers(1))
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    await rig.answers(sent)
    await rig.step(sent, "nobody")
    await rig.ends(sent)
    await rig.until(rig.outcomes)
    [told] = rig.attempts().values()
    assert (told["outcome"], told["abandoned"], told["hung_up_by"]) == ("abandoned", True, "us")
    assert told["message_t"] is not None and told["agent"] is None


async def test_with_an_agent(start: Start) -> None:
    """AgentConnect names who: no abandonment, whatever follows."""
    rig = await start({}, numbers=Numbers(1))
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    await rig.answers(sent)
    await rig.connected(sent)
    await rig.ends(sent)
    await rig.until(rig.outcomes)
    [told] = rig.attempts().values()
    assert (told["outcome"], told["agent"], told["abandoned"]) == ("person", "1001", False)


@pytest.mark.parametrize("others", [True, False])
async def test_answered_and_the_agent_is_gone(start: Start, others: bool) -> None:
    """The phone is lost between ring and answer: they are not counted as ready any more; the customer goes to the
    next agent or hears the message; one outcome (case 7).
    """
    rig = await start({"message": None}, numbers=Numbers(1))
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    await rig.rings(sent)
    member = {"Queue": "support", "Interface": "Local/1001@cc-agent/n", "Paused": "0"}
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="5"))
    await rig.until(lambda: rig.bodies("dialer.state", "dialer")[-1]["ready"] == 0)
    await rig.answers(sent)
    if others:
        await rig.connected(sent, "1002")
    else:
        await rig.step(sent, "nobody")
    await rig.ends(sent)
    # said twice, it is still one
    await rig.ends(sent)
    await rig.until(rig.outcomes)
    ended = [a for a in rig.bodies("dialer.attempt", "attempt") if a["state"] == "ended"]
    told = [(a["outcome"], a["agent"], a["abandoned"]) for a in ended]
    assert told == [("person", "1002", False) if others else ("abandoned", None, True)]
    assert len(rig.dialled()) == 1


async def test_counted_as_the_screen_counts(start: Start) -> None:
    """Served, abandoned, detected, and who hung up at once: told as Odoo counts them, after a restart too.

    The same four stand in Odoo's tests (test_abandonment.py test_same_as_the_dialler).
    """
    four = {"amd": {}, "mode": "ratio", "ratio": 4}
    rig = await start(four, numbers=Numbers(4))
    await rig.ready()
    await rig.pbx.wait_for("Originate", 4)
    served, lost, machine, early = rig.dialled()
    for sent in (served, lost, early):
        await rig.answers(sent)
        await rig.step(sent, "amd", Status="HUMAN", Cause="")
    await rig.answers(machine)
    await rig.step(machine, "amd", Status="MACHINE", Cause="LONGGREETING-1600-1600")
    await rig.connected(served)
    await rig.step(lost, "nobody")
    for sent in (lost, machine, early):
        await rig.ends(sent)

    def told(on: DialerRig) -> tuple[int, ...]:
        state = on.bodies("dialer.state", "dialer")[-1]
        return tuple(state[name] for name in ("served", "abandoned", "detected"))

    await rig.until(lambda: sorted(rig.outcomes()) == ["abandoned", "hung_up", "machine"])
    await rig.until(lambda: told(rig) == (1, 1, 1))
    # the one with the agent goes on talking
    rig.pbx.handlers["CoreShowChannels"] = live(served, state="Up")
    await rig.stop()
    again = await start({**four, "rev": 2}, agent=False)
    await again.until(lambda: again.bodies("dialer.state", "dialer")[-1]["rev"] == 2)
    assert told(again) == (1, 1, 1)


async def test_formula_of_the_campaign(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Odoo knows of machines among those served comes with each answer; the rest with the plan."""
    made = made_by(monkeypatch)
    numbers = Numbers()
    numbers.shown = {"abandon_of_served": 0.25}
    rig = await start(
        {"mode": "predictive", "abandon_of_served": 0.1, "abandon_of_detected": 0.05},
        numbers=numbers,
    )
    assert made[0].campaigns[CAMPAIGN].pacer.formula == Formula(0.1, 0.05)
    await rig.ready()
    await rig.until(lambda: made[0].campaigns[CAMPAIGN].pacer.formula == Formula(0.25, 0.05))


async def test_machine(start: Start) -> None:
    """AMD's arguments go along; MACHINE is one, NOTSURE is a person (DIA-08)."""
    rig = await start({"amd": {"max_words": 4}, "mode": "ratio", "ratio": 2}, numbers=Numbers(2))
    await rig.ready()
    await rig.pbx.wait_for("Originate", 2)
    first, second = rig.dialled()
    assert "CD_A1=3000" in rig.pbx.raw.decode() and "CD_A7=4" in rig.pbx.raw.decode()
    await rig.answers(first)
    await rig.step(first, "amd", Status="MACHINE", Cause="LONGGREETING-1600-1600")
    await rig.ends(first)
    await rig.answers(second)
    await rig.step(second, "amd", Status="NOTSURE", Cause="TOOLONG-4000")
    await rig.step(second, "nobody")
    await rig.ends(second)
    await rig.until(lambda: len(rig.outcomes()) == 2)
    told = rig.attempts()
    machine = told[first["ChannelId"].removeprefix("cc-")]
    person = told[second["ChannelId"].removeprefix("cc-")]
    assert (machine["outcome"], machine["abandoned"]) == ("machine", False)
    assert machine["amd"]["status"] == "MACHINE"
    assert (person["outcome"], person["abandoned"]) == ("abandoned", True)


async def test_pbx_without_amd(start: Start) -> None:
    """Nobody is taken for a machine, and a leader is told, once (DIA-08)."""
    rig = await start({"amd": {}, "mode": "ratio", "ratio": 2}, numbers=Numbers(2))
    await rig.ready()
    await rig.pbx.wait_for("Originate", 2)
    for sent in rig.dialled():
        await rig.answers(sent)
        await rig.step(sent, "amd", Status="", Cause="")
        await rig.step(sent, "nobody")
        await rig.ends(sent)
    await rig.until(lambda: len(rig.outcomes()) == 2)
    assert rig.outcomes() == ["abandoned", "abandoned"]
    alarms = rig.bodies("dialer.alarm", "alarm")
    assert [(a["campaign"], a["kind"]) for a in alarms if a["kind"] == "amd"] == [(CAMPAIGN, "amd")]


async def test_pause_by_command_and_intent(start: Start, odoo: FakeOdoo) -> None:
    """Paused within a second, whatever older intent still arrives; leases in hand go back (DIA-06)."""
    rig = await start({"mode": "ratio", "ratio": 2}, numbers=Numbers())
    await rig.ready()
    await rig.pbx.wait_for("Originate", 2)
    result = await rig.command(
        "dialer_state", {"campaign": CAMPAIGN, "rev": 2, "state": "paused"}, agent=None
    )
    assert result["code"] == "ok"
    for sent in rig.dialled():
        await rig.rings(sent)
        await rig.ends(sent, 19)
    # an intent from before the pause
    rig.tell({"mode": "ratio", "ratio": 2, "ring_s": 30})
    await asyncio.sleep(0.5)
    assert len(rig.dialled()) == 2
    await rig.until(lambda: rig.whys()[-1] == "paused")
    granted = odoo.routes["/cc/dialer/lease"].granted

    def held() -> int:
        return sum(map(len, list(granted.values()))) - 2

    await rig.until(lambda: rig.returned() == ["paused"] * held())
    rig.tell({"mode": "ratio", "ratio": 2, "rev": 3})
    await rig.pbx.wait_for("Originate", 4)


async def test_last_agent_leaves(start: Start) -> None:
    """No number after it; those that ring go on ringing (DIA-04)."""
    rig = await start({"mode": "ratio", "ratio": 3}, numbers=Numbers())
    await rig.ready()
    await rig.pbx.wait_for("Originate", 3)
    sents = rig.dialled()
    await rig.rings(sents[0])
    await rig.command("sign_out", {"session": 7})
    await rig.ends(sents[0], 19)
    await rig.until(lambda: rig.whys()[-1] == "no_agents")
    await asyncio.sleep(0.6)
    assert len(rig.dialled()) == 3
    assert rig.pbx.actions("Hangup") == []


async def test_unreachable_agent_does_not_count(start: Start) -> None:
    """The phone is not registered: nobody is there to dial for."""
    rig = await start({}, numbers=Numbers())
    member = {"Queue": "support", "Interface": "Local/1001@cc-agent/n", "Paused": "0"}
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="5"))
    await rig.until(lambda: not rig.bridge.agents.reachable("1001"))
    await rig.ready()
    await asyncio.sleep(0.4)
    assert rig.dialled() == []


async def test_drop(start: Start, odoo: FakeOdoo) -> None:
    """Do-not-call at the click: what is in hand is forgotten at once."""
    numbers = Numbers()
    rig = await start({}, numbers=numbers)
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    leases = [one["lease"] for some in numbers.granted.values() for one in some]
    assert len(leases) > 1
    await rig.rings(sent)
    result = await rig.command("dialer_drop", {"leases": leases, "hangup": True}, agent=None)
    assert (result["code"], result["message"]) == ("ok", "1")
    await rig.until(lambda: rig.returned().count("dropped") == len(leases) - 1)
    await rig.pbx.wait_for("Hangup")
    await rig.ends(sent, 16)
    # the next number is a fresh one
    later = await rig.pbx.wait_for("Originate", 2)
    assert later["ChannelId"].removeprefix("cc-") not in leases


async def test_drop_overtakes_the_grant(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do-not-call after Odoo granted a number and before its answer arrived: it is not dialled."""
    arrives = asyncio.Event()
    post = Kernel.post

    async def late(self: Kernel, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await post(self, path, body)
        if path == "/cc/dialer/lease":
            await arrives.wait()
        return answer

    monkeypatch.setattr(Kernel, "post", late)
    numbers = Numbers(1)
    rig = await start({}, numbers=numbers)
    await rig.ready()
    await rig.until(lambda: any(numbers.granted.values()))
    leases = [one["lease"] for one in numbers.granted[1]]
    result = await rig.command("dialer_drop", {"leases": leases, "hangup": True}, agent=None)
    assert (result["code"], result["message"]) == ("ok", "0")
    arrives.set()
    await rig.until(lambda: rig.returned() == ["dropped"])
    # it has asked again, and had rounds to dial in
    await rig.until(lambda: len(numbers.asked) > 1)
    await asyncio.sleep(0.2)
    assert rig.dialled() == []


async def test_window_at_the_instant(start: Start) -> None:
    """A lease outside its number's hours goes back undialled (DIA-08)."""
    shut = [{"days": [], "from": "00:00", "to": "24:00"}]
    rig = await start({"windows": shut}, numbers=Numbers())
    await rig.ready()
    await rig.until(lambda: "window" in rig.returned())
    assert rig.dialled() == []


def test_daylight_saving() -> None:
    """From nine in New York: an hour earlier by UTC from the Sunday on when clocks go forward (8 March 2026), an hour
    later again from 1 November on."""
    week = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "09:00", "to": "18:00"}
    plan = plans.plan({**PLAN, "windows": [week]})
    for day, utc in (
        ("2026-03-07", 14),
        ("2026-03-08", 13),
        ("2026-10-31", 13),
        ("2026-11-01", 14),
    ):
        nine = datetime.fromisoformat(f"{day}T{utc}:00:00+00:00").timestamp()
        opens = [
            plan.open_at("America/New_York", nine + s) for s in (-1, 0, 9 * 3600 - 1, 9 * 3600)
        ]
        assert opens == [False, True, True, False], day


@pytest.mark.parametrize("seconds", [600, -600])
async def test_clock_steps(start: Start, seconds: int) -> None:
    """The PBX's clock is set while numbers are in hand: each number is dialled once, and it goes on."""
    rig = await start({"mode": "ratio", "ratio": 2}, numbers=Numbers())
    await rig.ready()
    await rig.until(lambda: len(rig.dialled()) == 2)
    for since in (0, seconds):
        await rig.pbx.send(block(Event="Reload", Timestamp=f"{time.time() + since:.6f}"))
    for sent in list(rig.dialled()):
        await rig.ends(sent, 17)
    await rig.until(lambda: len(rig.dialled()) == 4)
    numbers = [sent["Channel"] for sent in rig.dialled()]
    assert len(set(numbers)) == 4


async def test_expired_lease(start: Start) -> None:
    """Past its time it is not dialled."""
    rig = await start({}, numbers=Numbers(3, until=int((time.time() - 1) * 1_000_000)))
    await rig.ready()
    await rig.until(lambda: rig.returned() == ["expired"] * 3)
    assert rig.dialled() == []


async def test_line_rate(start: Start, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more than the line's calls a second, nor more at once than it has."""
    decided: list[float] = []
    dial = lines.LineState.dial

    def dials(self: lines.LineState, now: float) -> None:
        decided.append(now)
        dial(self, now)

    monkeypatch.setattr(lines.LineState, "dial", dials)
    at: list[float] = []
    pbx.handlers["Originate"] = lambda _pbx, _a: (
        at.append(time.monotonic()) or block(Response="Success", ActionID="{id}")
    )
    rig = await start(
        {
            **TO_MENU,
            "lines": [{"line": "trunk", "max": 8, "per_s": 4, "caller_id": None}],
        },
        numbers=Numbers(),
        agent=False,
    )
    await rig.until(lambda: len(at) == 8)
    await rig.until(lambda: rig.whys()[-1] == "lines_full")
    await asyncio.sleep(1.2)
    assert len(decided) == len(at) == 8
    # on a busy machine some arrive long after it was decided, but none of the next second before that is over
    for times in (decided, at):
        assert all(x >= t + 1 for t, x in zip(decided[:4], times[4:], strict=True))


async def test_number_shown_is_the_lines(start: Start) -> None:
    """The first try and those after it show the number of the line they leave by, also when it is another (case 29)."""
    two = [
        {"line": "trunk", "max": 2, "per_s": 20, "caller_id": "+8675512345678"},
        {"line": "other", "max": 2, "per_s": 20, "caller_id": "+862155550100"},
    ]
    # three tries of one number, then others
    numbers = Numbers(6, number="+8613800138001")
    rig = await start({**TO_MENU, "lines": two}, numbers=numbers, agent=False)
    await rig.pbx.wait_for("Originate", 4)
    for sent in rig.dialled()[:2]:
        await rig.rings(sent)
        await rig.ends(sent, 19)
    await rig.pbx.wait_for("Originate", 6)
    by_line = {
        "trunk": "+8675512345678",
        "other": "+862155550100",
    }
    shown = [(sent["Channel"].rpartition("@")[2], sent["CallerID"]) for sent in rig.dialled()]
    assert {line for line, _ in shown} == set(by_line)
    assert all(number == by_line[line] for line, number in shown)
    assert len(shown) == 6


async def test_carrier_throttles(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A burst of 486 at once is the carrier's word: no try is lost, the line slows down, somebody is told."""
    # what is at once on this machine
    for module, name in ((air, "QUICK_S"), (lines, "QUICK_S"), (lines, "BURST_S")):
        monkeypatch.setattr(module, name, 600)
    rig = await start(
        {
            **TO_MENU,
            "lines": [{"line": "trunk", "max": 30, "per_s": 20, "caller_id": None}],
            "max_calls": 10,
        },
        numbers=Numbers(10),
        agent=False,
    )
    await rig.pbx.wait_for("Originate", 10)
    for sent in rig.dialled()[:10]:
        await rig.exists(sent)
        await rig.ends(sent, 17)
    await rig.until(lambda: len(rig.outcomes()) == 10)
    assert set(rig.outcomes()) == {"congestion"}
    assert not any(a["counts"] for a in rig.attempts().values())
    assert "throttled" in [a["kind"] for a in rig.bodies("dialer.alarm", "alarm")]


async def test_killed_while_lines_ring(
    start: Start, pbx: FakePbx, odoo: FakeOdoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash: who rings is followed, who is gone is closed, nobody is dialled again (cases 1 to 4)."""
    numbers = Numbers(6)
    rig = await start({"mode": "ratio", "ratio": 4}, numbers=numbers)
    await rig.ready()
    await rig.pbx.wait_for("Originate", 4)
    first, second, third, fourth = rig.dialled()
    for sent in (first, second, third):
        await rig.rings(sent)
    await rig.until(lambda: len(rig.bodies("call.started", "call")) == 3)
    [(_, dialer)] = rig.bridge.plugins._others
    await rig.until(lambda: sum(one.state == "held" for one in dialer.store.open.values()) == 2)
    await rig.stop()
    await pbx.cut()
    # meanwhile: one answers, one ends, of the fourth the PBX never heard
    monkeypatch.setattr(air, "LOST_S", 0.6)
    pbx.handlers["CoreShowChannels"] = live(first, third)
    tell(odoo, {"mode": "ratio", "ratio": 4, "state": "paused", "rev": 2})
    again = await start(agent=False)
    await again.answers(first)
    await again.step(first, "nobody")
    await again.ends(first)
    await again.ends(third, 19)
    await again.until(lambda: len(again.outcomes()) == 4)
    told = again.attempts()

    def of(sent: dict[str, str]) -> str:
        return str(told[sent["ChannelId"].removeprefix("cc-")]["outcome"])

    assert of(first) == "abandoned"
    assert of(third) == "no_answer"
    assert of(second) in ("no_answer", "failed")
    assert of(fourth) == "unknown"
    assert told[fourth["ChannelId"].removeprefix("cc-")]["counts"] is False
    dialled = [sent["Channel"] for sent in originates(pbx)]
    assert len(dialled) == len(set(dialled)) == 4
    # what was in hand is given back, not forgotten
    assert again.returned() == ["paused"] * 2


async def test_answer_to_a_question_is_lost(start: Start, odoo: FakeOdoo) -> None:
    """The same question is not asked twice; the next says which answer was the last to arrive."""
    numbers = Numbers()
    odoo.break_next["/cc/dialer/lease"] = ["lost"]
    rig = await start({}, numbers=numbers)
    await rig.ready()
    await rig.pbx.wait_for("Originate")
    first, second = numbers.asked[:2]
    assert second["request"] > first["request"]
    assert second["got"] < first["request"]
    assert first["holder"] == second["holder"]


async def test_odoo_away(start: Start, odoo: FakeOdoo) -> None:
    """Without Odoo nothing new is dialled; it goes on by itself."""
    numbers = Numbers()
    odoo.break_next["/cc/dialer/lease"] = [503] * 4
    rig = await start({}, numbers=numbers)
    await rig.ready()
    await rig.until(lambda: "odoo_down" in rig.whys())
    await rig.pbx.wait_for("Originate")


async def test_pbx_away(start: Start, pbx: FakePbx) -> None:
    """The connection breaks: no number until the PBX is known again."""
    rig = await start({}, numbers=Numbers())
    await rig.ready()
    sent = await rig.pbx.wait_for("Originate")
    await rig.rings(sent)
    pbx.handlers["CoreShowChannels"] = live(sent)
    await pbx.cut()
    await rig.until(lambda: pbx.connections >= 2)
    await rig.until(lambda: len(pbx.actions("CoreShowChannels")) >= 2)
    await asyncio.sleep(0.3)
    assert len(rig.dialled()) == 1
    await rig.ends(sent, 19)
    await rig.pbx.wait_for("Originate", 2)


async def test_a_wrong_row_costs_only_itself(start: Start) -> None:
    """One campaign with nonsense, one in order."""
    wrong = {"campaign": 13, "lines": [{"line": "no line!", "max": 3}]}
    rig = await start({}, wrong, numbers=Numbers())
    await rig.ready()
    await rig.pbx.wait_for("Originate")
    told = [s for s in rig.bodies("dialer.state", "dialer") if s["campaign"] == 13]
    assert told and "no line!" in told[0]["text"]


async def test_what_the_pbx_refuses(start: Start, pbx: FakePbx) -> None:
    """An error to the Originate itself: not a try, not dialled again by us."""
    pbx.handlers["Originate"] = lambda *_: block(
        Response="Error", ActionID="{id}", Message="Permission denied"
    )
    rig = await start({}, numbers=Numbers(1))
    await rig.ready()
    await rig.until(rig.outcomes)
    [told] = rig.attempts().values()
    assert (told["outcome"], told["counts"]) == ("failed", False)


async def test_failure_overtakes_the_channel(start: Start) -> None:
    """OriginateResponse may come before the events of the channel that it is about: a try all the same."""
    rig = await start({}, numbers=Numbers(1))
    await rig.ready()
    await rig.pbx.wait_for("Originate", 1)
    [sent] = rig.dialled()
    await rig.pbx.send(
        block(
            Event="OriginateResponse",
            Response="Failure",
            Channel=sent["Channel"],
            Uniqueid="<null>",
            Reason="0",
        )
    )
    await rig.exists(sent)
    await rig.ends(sent, 1)
    await rig.until(rig.outcomes)
    [told] = rig.attempts().values()
    assert (told["outcome"], told["counts"]) == ("empty", True)


async def test_trunk_is_down(start: Start, pbx: FakePbx, monkeypatch: pytest.MonkeyPatch) -> None:
    """Originates that never had a channel: no tries, an alarm, and a pause."""
    monkeypatch.setattr(air, "NO_CHANNEL_S", 0.1)
    pbx.handlers["Originate"] = lambda _pbx, a: (
        block(Response="Success", ActionID="{id}")
        + block(
            Event="OriginateResponse",
            Response="Failure",
            Channel=a["Channel"],
            Uniqueid="<null>",
            Reason="0",
        )
    )
    rig = await start({}, numbers=Numbers())
    await rig.ready()
    await rig.until(
        lambda: "trunk_down" in [a["kind"] for a in rig.bodies("dialer.alarm", "alarm")]
    )
    await rig.until(lambda: rig.whys()[-1] == "no_line")
    assert set(rig.outcomes()) == {"failed"}
    assert not any(a["counts"] for a in rig.attempts().values())


@pytest.mark.parametrize("word", ["", "PROGRESS"])
async def test_line_is_silent(start: Start, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Three in a row of which the line says nothing until they are let go: nobody's tries, and it is left alone; where
    something was heard meanwhile nobody came."""
    # as after the ring time
    monkeypatch.setattr(lease_rows, "_OFF_WITHIN_US", 0)
    rig = await start({"mode": "ratio", "ratio": 3}, numbers=Numbers(3))
    await rig.ready()
    await rig.until(lambda: len(rig.dialled()) == 3)
    for sent in rig.dialled():
        await rig.exists(sent)
        if word:
            uid = sent["ChannelId"]
            await rig.pbx.send(block(Event="DialState", DestUniqueid=uid, DialStatus=word))
    for sent in rig.dialled():
        await rig.ends(sent, 19)
    await rig.until(lambda: len(rig.outcomes()) == 3)
    told = [(a["outcome"], a["counts"]) for a in rig.attempts().values()]
    alarms = [a["kind"] for a in rig.bodies("dialer.alarm", "alarm")]
    assert told == ([("no_answer", True)] * 3 if word else [("failed", False)] * 3)
    assert alarms == ([] if word else ["trunk_down"])


async def test_a_bridge_that_was_away_heard_no_silence(start: Start, pbx: FakePbx) -> None:
    """Lines ring while the bridge is killed: whoever does not come then is a try, and the line is well."""
    rig = await start({"mode": "ratio", "ratio": 3}, numbers=Numbers(3))
    await rig.ready()
    await rig.until(lambda: len(rig.dialled()) == 3)
    sent = rig.dialled()
    for one in sent:
        await rig.exists(one)
    await rig.stop()
    await pbx.cut()
    pbx.handlers["CoreShowChannels"] = live(*sent)
    again = await start(agent=False)
    for one in sent:
        await again.ends(one, 19)
    await again.until(lambda: len(again.outcomes()) == 3)
    assert all(a["counts"] for a in again.attempts().values())
    assert "trunk_down" not in [a["kind"] for a in again.bodies("dialer.alarm", "alarm")]


async def test_spoken_message(start: Start, tmp_path: Path) -> None:
    """A text is spoken into a file before the first number is dialled (DIA-03)."""
    say = {"kind": "say", "value": "您好，请稍后再拨。", "language": "zh"}
    rig = await start({"message": say}, numbers=Numbers())
    await rig.ready()
    await rig.pbx.wait_for("Originate")
    [file] = (tmp_path / "rec" / "dialer-sounds").glob("*.wav")
    assert file.stat().st_size > 8000
    assert f"CD_MSG={file.with_suffix('')}" in rig.pbx.raw.decode()
    # that it takes its time is nothing that a leader has to know
    assert rig.bodies("dialer.alarm", "alarm") == []


async def test_recording_is_missing(start: Start, odoo: FakeOdoo) -> None:
    """One that can't be had: nothing is dialled, and it is told with the reason (DIA-03)."""
    odoo.routes["/cc/dialer/sound"] = lambda _body: {"data": "AAAA"}
    play = {"kind": "play", "value": "a" * 64, "language": "en"}
    rig = await start({"message": play}, numbers=Numbers())
    await rig.ready()
    await rig.until(lambda: rig.bodies("dialer.alarm", "alarm"))
    [alarm] = rig.bodies("dialer.alarm", "alarm")
    assert (alarm["kind"], alarm["campaign"]) == ("sound", CAMPAIGN)
    assert "another" in alarm["text"]
    assert rig.dialled() == []


SIT = {"name": "SIT", "outcome": "empty", "sound": None}


async def listening(
    start: Start, odoo: FakeOdoo, *more: dict[str, Any]
) -> tuple[DialerRig, dict[str, str]]:
    """One number, dialled by a bridge that listens for announcements of the network."""
    tell(odoo, {"mode": "ratio", "ratio": 1})
    odoo.intent["dialer"]["announcements"] = [SIT, *more]
    rig = await start(numbers=Numbers(1))
    rig.pbx.handlers["MixMonitor"] = lambda *_: None
    await rig.ready()
    return rig, await rig.pbx.wait_for("Originate", 1)


async def recorded(rig: DialerRig, sent: dict[str, str], *hertz: int) -> Path:
    """What the PBX recorded of that number: these tones, 0.33 s each."""
    await rig.exists(sent)
    asked = await rig.pbx.wait_for("MixMonitor", 1)
    await rig.pbx.send(block(Response="Success", ActionID=asked["ActionID"], MixMonitorID="0xea"))
    file = Path(asked["Options"].removeprefix("r(").partition(")")[0])
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        for one in hertz:
            wanted = (8000 * math.sin(2 * math.pi * one * n / 8000) for n in range(2640))
            sound.writeframes(b"".join(struct.pack("<h", int(value)) for value in wanted))
    return file


async def test_announcement_explains_the_end(
    start: Start, odoo: FakeOdoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the network said before it gave up corrects the cause's word; the recording is deleted (DIA-19)."""
    monkeypatch.setattr("cc_bridge_dialer.ears.CLOSED_S", 0.05)
    # what tells of a person is no announcement
    nonsense = {"name": "nonsense", "outcome": "person", "sound": None}
    rig, sent = await listening(start, odoo, nonsense)
    file = await recorded(rig, sent, 950, 1400, 1800)
    await rig.ends(sent, 19)
    await rig.until(lambda: rig.outcomes() == ["empty"])
    [told] = rig.attempts().values()
    assert (told["announcement"], told["cause"], told["counts"]) == ("SIT", 19, True)
    await rig.until(lambda: not file.exists())


async def test_only_the_ear_is_stopped(start: Start, odoo: FakeOdoo) -> None:
    """Who answers at once is not listened to; their call's own recording, begun by then, goes on."""
    rig, sent = await listening(start, odoo)
    await rig.answers(sent)
    await rig.until(lambda: any(a["state"] == "answered" for a in rig.attempts().values()))
    asked = await rig.pbx.wait_for("MixMonitor", 1)
    await rig.pbx.send(block(Response="Success", ActionID=asked["ActionID"], MixMonitorID="0xea"))
    await rig.pbx.wait_for("StopMixMonitor", 1)
    assert [one["MixMonitorID"] for one in rig.pbx.actions("StopMixMonitor")] == ["0xea"]


async def test_nobody_listens_any_more(
    start: Start, odoo: FakeOdoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was recorded is deleted, though the last announcement has gone in the meantime."""
    made = made_by(monkeypatch)
    monkeypatch.setattr("cc_bridge_dialer.ears.CLOSED_S", 0.05)
    rig, sent = await listening(start, odoo)
    file = await recorded(rig, sent)
    rig.tell({"mode": "ratio", "ratio": 1, "rev": 2})
    await rig.until(lambda: not made[0].air.ears.rules)
    await rig.ends(sent, 19)
    await rig.until(lambda: not file.exists())


async def test_line_is_never_over_full(start: Start) -> None:
    """Many numbers in hand and a quick line: still no more at once than it has."""
    rig = await start(
        {
            **TO_MENU,
            "lines": [{"line": "trunk", "max": 3, "per_s": 20, "caller_id": None}],
        },
        numbers=Numbers(),
        agent=False,
    )
    await rig.until(lambda: rig.whys()[-1:] == ["lines_full"])
    assert len(rig.dialled()) == 3
