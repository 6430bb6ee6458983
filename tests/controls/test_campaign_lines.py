# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Campaigns on a real Asterisk: people of every kind are called, agents' phones answer by themselves, what the
dialler says agrees with the PBX (DIA-03 to DIA-08, DIA-19). Without Odoo; with it: tests/system/test_with_campaigns.py."""

from __future__ import annotations

import array
import base64
import hashlib
import signal
import subprocess
import sys
import time
import uuid
import wave
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from line_rig import LineRig, eventually

from cc_stack.customers import ENDS, GREETINGS, RING_TONE_HZ, VOICE_HZ, Crowd
from cc_stack.settings import REPO

sys.path.insert(0, str(REPO / "addons" / "cc_survey_dialer" / "bridge" / "tests"))
from dialer_rig import PLAN, Numbers

#: What must come is waited for so long: whoever has a part in it may stand still for seconds.
PATIENCE_S = 120
#: An agent's phone may take so long, where a message instead is not what is tried.
CONNECT_S = 60
#: AMD's own values, but for the time by the clock: where that is over before the sound has come, a machine is a person.
BY_SOUND = {"total": 30_000}


class Listed(Numbers):
    """These numbers, each once."""

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(len(numbers))
        self._numbers = iter(numbers)

    def _one(self) -> dict[str, Any]:
        return {
            "lease": str(uuid.uuid4()),
            "number": next(self._numbers),
            "zone": "Asia/Shanghai",
            "until": int((time.time() + 3600) * 1_000_000),
            "line": None,
            "caller_id": None,
            "sure": False,
        }


@pytest.fixture
def crowd(rig: LineRig, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    """The people outside, in place of the one telephone."""
    # whoever stands still for some seconds is neither lost nor silent; shorter than anybody is rung
    monkeypatch.setattr("cc_bridge_dialer.air.LOST_S", 60.0)
    monkeypatch.setattr("cc_bridge_dialer.attempts._OFF_WITHIN_US", 14_000_000)
    rig.ears["outside"].stop()
    people = Crowd(rig.settings, ring_seconds=1.5)
    people.up()
    yield people
    campaigns(rig)
    # none of them is left that would ask for the next test's numbers
    eventually(lambda: not rig.asked(lambda: rig.bridge.link._intent_due), PATIENCE_S)
    people.stop()
    rig.ears["outside"].up()


def campaigns(rig: LineRig, *plans: dict[str, Any], announcements: Any = ()) -> None:
    """What Odoo wants dialled from now on."""
    with rig.odoo.lock:
        rig.odoo.intent["dialer"] = {
            "campaigns": [{**PLAN, "connect_s": CONNECT_S, **one} for one in plans],
            "announcements": list(announcements),
        }
    assert rig._loop
    rig._loop.call_soon_threadsafe(rig.bridge.link.bell, "intent")


def attempts(rig: LineRig) -> list[dict[str, Any]]:
    """The newest word on each, oldest first."""
    found = {f["attempt"]["lease"]: f["attempt"] for f in rig.facts("dialer.attempt")}
    return list(found.values())


def numbers_of(rig: LineRig) -> dict[str, str]:
    """call_uid to the number called, by the call model."""
    return {call["call_uid"]: call["to"]["number"] for call in rig.calls()}


def of_numbers(rig: LineRig, numbers: list[str]) -> list[dict[str, Any]]:
    """What is told of these numbers."""
    called = numbers_of(rig)
    return [a for a in attempts(rig) if called.get(a["call_uid"]) in numbers]


def over(rig: LineRig, numbers: list[str]) -> list[dict[str, Any]]:
    """What became of each of these, once it is known of all."""

    def ended() -> list[dict[str, Any]]:
        found = [a for a in of_numbers(rig, numbers) if a["state"] == "ended"]
        return found if len(found) == len(numbers) else []

    found: list[dict[str, Any]] = eventually(ended, PATIENCE_S)
    return found


def message_after(told: dict[str, Any], connect_s: int) -> bool:
    """Nobody took them: they heard the message once the seconds for it were over (Queue() counts whole ones)."""
    waited = (told["message_t"] - told["answered_t"]) / 1e6
    return connect_s - 1 <= waited < connect_s + 30


def hang_up_soon(rig: LineRig, agents: tuple[str, ...], until: Any) -> None:
    """Agents talk for a second with whoever comes, and hang up."""
    end = time.monotonic() + 5 * PATIENCE_S
    since: dict[str, float] = {}
    while not until():
        assert time.monotonic() < end, [(a["state"], a["outcome"]) for a in attempts(rig)]
        for number in agents:
            if rig.state(number) != "on_call":
                since.pop(number, None)
            elif time.monotonic() - since.setdefault(number, time.monotonic()) > 1:
                rig.command("hangup", {}, number)
                since.pop(number, None)
        time.sleep(0.1)


def test_everybody_once_and_what_came_of_it(rig: LineRig, crowd: Crowd) -> None:
    """21 people of seven kinds, and three who greet in more words than one (case 13): each dialled once, each outcome
    as they are, persons with an agent."""
    numbers = [f"+861380{n:03d}{end}" for n in range(3) for end in ENDS]
    numbers += [f"+861380900{end}" for end in GREETINGS]
    ends = {**ENDS, **dict.fromkeys(GREETINGS, "person")}
    rig.odoo.routes["/cc/dialer/lease"] = Listed(numbers)
    for agent in ("1001", "1002", "1003"):
        rig.desk(agent, answer="auto")
    before = len(attempts(rig))
    # 15 s is as long as people who don't come are rung
    campaigns(
        rig,
        {"mode": "ratio", "ratio": 2, "ring_s": 15, "amd": BY_SOUND, "rev": int(time.time())},
    )
    many = len(numbers)
    hang_up_soon(
        rig,
        ("1001", "1002", "1003"),
        lambda: sum(a["state"] == "ended" for a in attempts(rig)) >= before + many,
    )
    called = numbers_of(rig)
    told = of_numbers(rig, numbers)
    assert Counter(called[a["call_uid"]] for a in told) == Counter(numbers)
    wrong = [
        (called[a["call_uid"]], a["outcome"], a["cause"], a["amd"])
        for a in told
        if a["outcome"] != ends[called[a["call_uid"]][-4:]]
    ]
    assert wrong == []
    for one in told:
        if one["outcome"] == "person":
            assert one["agent"] in ("1001", "1002", "1003")
            # from the verdict on they waited for their agent
            assert one["answered_t"] <= one["amd"]["t"] <= one["agent_t"]
            assert one["waited_ms"] == (one["agent_t"] - one["amd"]["t"]) // 1000
            call = next(c for c in rig.calls() if c["call_uid"] == one["call_uid"])
            assert (call["direction"], call["queue"]) == ("outbound", "support")
            assert ("agent", one["agent"]) in [(x["role"], x["number"]) for x in call["legs"]]


def test_nobody_is_free_the_message_comes_in_time(rig: LineRig, crowd: Crowd) -> None:
    """Two persons at once for one agent: the second hears a message when the seconds for an agent are over."""
    numbers = [f"+8613811{n:02d}0200" for n in range(2)]
    rig.odoo.routes["/cc/dialer/lease"] = Listed(numbers)
    rig.desk("1001", answer="auto")
    say = {"kind": "say", "value": "Sorry, nobody is free now.", "language": "en"}
    # long enough for the phone of the one agent to take the other
    connect_s = 15
    plan = {"mode": "ratio", "ratio": 2, "message": say, "rev": int(time.time())}
    campaigns(rig, {**plan, "connect_s": connect_s})

    def both() -> list[dict[str, Any]]:
        return of_numbers(rig, numbers)

    eventually(lambda: any(a["message_t"] for a in both()), PATIENCE_S)
    eventually(lambda: sum(a["state"] == "ended" for a in both()) == 1, PATIENCE_S)
    served, lost = sorted(both(), key=lambda a: a["abandoned"])
    assert (lost["outcome"], lost["abandoned"], lost["agent"]) == ("abandoned", True, None)
    assert message_after(lost, connect_s), lost
    # it was played to its end
    assert lost["ended_t"] - lost["message_t"] > 1_000_000
    assert served["agent"] == "1001" and served["abandoned"] is False
    rig.command("hangup", {}, "1001")
    over(rig, numbers)


@pytest.mark.parametrize("others", [True, False])
def test_answered_and_the_agent_is_gone(rig: LineRig, crowd: Crowd, others: bool) -> None:
    """The phone of the first agent in the queue is lost before the dialled number answers: that is told; the customer
    goes to the next one who is ready, or hears the message after two seconds. One outcome (case 7)."""
    number = f"+861387{int(others)}000200"
    rig.odoo.routes["/cc/dialer/lease"] = Listed([number])
    rig.desk("1001", answer="auto")
    if others:
        rig.desk("1002", answer="auto")
    say = {"kind": "say", "value": "Sorry, nobody is free now.", "language": "en"}
    plan = {"mode": "ratio", "ratio": 1, "message": say, "ring_s": 60, "rev": int(time.time())}
    connect_s = CONNECT_S if others else 2
    # they answer when the phone is lost, and no sooner
    crowd.signal(signal.SIGSTOP)
    before = len(attempts(rig))
    campaigns(rig, {**plan, "connect_s": connect_s})
    line = rig.bridge.calls.live
    eventually(lambda: any(line.get(a["channel"]) for a in attempts(rig)[before:]), PATIENCE_S)
    rig.ears["2001"].stop()

    def lost() -> bool:
        last = [f["phone"] for f in rig.facts("phone.changed") if f["phone"]["extension"] == "2001"]
        return bool(last) and not last[-1]["there"]

    eventually(lost, PATIENCE_S)
    crowd.signal(signal.SIGCONT)
    if others:
        eventually(lambda: rig.state("1002") == "on_call", PATIENCE_S)
        rig.command("hangup", {}, "1002")
    [told] = over(rig, [number])
    assert told["answered_t"]
    if others:
        assert (told["outcome"], told["agent"], told["abandoned"]) == ("person", "1002", False)
    else:
        assert (told["outcome"], told["agent"], told["abandoned"]) == ("abandoned", None, True)
        assert message_after(told, connect_s), told
    ended = [f for f in rig.facts("dialer.attempt") if f["attempt"]["lease"] == told["lease"]]
    assert [f["attempt"]["state"] for f in ended].count("ended") == 1


def test_agent_hears_the_customer_not_the_ringing(rig: LineRig, crowd: Crowd) -> None:
    """A ring tone as early media, then a late answer: the agent is joined after it, and hears the person at once
    (case 9). The carrier is shown the line's number (case 29)."""
    number = "+8613866000199"
    rig.odoo.routes["/cc/dialer/lease"] = Listed([number])
    ear = rig.desk("1001", answer="auto")
    campaigns(rig, {"mode": "ratio", "ratio": 1, "rev": int(time.time())})
    eventually(lambda: rig.state("1001") == "on_call", PATIENCE_S)
    eventually(lambda: ear.first(VOICE_HZ) is not None, PATIENCE_S)
    rig.command("hangup", {}, "1001")
    [told] = over(rig, [number])
    assert told["agent_t"] >= told["answered_t"] > told["dialled_t"] + 2_000_000
    # nothing before it: no ringing, no music
    assert ear.first(RING_TONE_HZ) is None
    first = ear.first(VOICE_HZ)
    assert first is not None
    assert first <= 0.1 or ear.loud_before(VOICE_HZ) < 0.01, first
    [line] = [row for row in crowd.invitations.read_text().splitlines() if "13866000199" in row]
    assert "+8675512345678@" in line.partition(" From ")[2]


def test_announcement_without_agents(rig: LineRig, crowd: Crowd) -> None:
    """A text is spoken to whoever answers; the lines are the pace (DIA-03, DIA-04)."""
    numbers = [f"+8613822{n:02d}0200" for n in range(4)]
    rig.odoo.routes["/cc/dialer/lease"] = Listed(numbers)
    campaigns(
        rig,
        {
            "queue": None,
            "mode": "ratio",
            "action": {"kind": "say", "value": "您好，您的快递到了。", "language": "zh"},
            "lines": [{"line": "trunk", "max": 2, "per_s": 5, "caller_id": "+8675512345678"}],
            "rev": int(time.time()),
        },
    )

    told = over(rig, numbers)
    assert {a["outcome"] for a in told} == {"person"}
    assert all(a["ended_t"] - a["answered_t"] > 1_500_000 for a in told)
    spans = sorted((a["dialled_t"], a["ended_t"]) for a in told)
    # two lines: the third begins when one of the first is over
    assert spans[2][0] >= min(spans[0][1], spans[1][1])


def test_menu_and_recording(rig: LineRig, crowd: Crowd, tmp_path: Path) -> None:
    """Two campaigns at once: one sends people to a menu, one plays them an MP3 that Odoo has (DIA-03)."""
    source, packed = tmp_path / "tone.wav", tmp_path / "tone.mp3"
    with wave.open(str(source), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\x00\x20\x00\xe0" * 20_000)
    subprocess.run(["lame", "--quiet", source, packed], check=True)
    data = packed.read_bytes()
    name = hashlib.sha256(data).hexdigest()
    menu, played = "+8613833000200", "+8613833010200"
    lists = {31: Listed([menu]), 32: Listed([played])}
    rig.odoo.routes["/cc/dialer/lease"] = lambda body: lists[body["campaign"]](body)
    rig.odoo.routes["/cc/dialer/sound"] = lambda body: {
        "name": "tone.mp3",
        "data": base64.b64encode(data).decode() if body["sound"] == name else "",
    }
    common = {"queue": None, "mode": "ratio", "rev": int(time.time())}
    campaigns(
        rig,
        {**common, "campaign": 31, "action": {"kind": "ivr", "value": "main", "language": "zh"}},
        {**common, "campaign": 32, "action": {"kind": "play", "value": name, "language": "zh"}},
    )

    def of(number: str) -> dict[str, Any] | None:
        return next(iter(of_numbers(rig, [number])), None)

    # 40 000 samples at 16 kHz are 2.5 s
    [heard] = over(rig, [played])
    assert heard["outcome"] == "person" and heard["hung_up_by"] == "us"
    assert 2_300_000 < heard["ended_t"] - heard["answered_t"] < 30_000_000

    def in_menu() -> list[dict[str, Any]]:
        """What was told of them while they were in it: who presses no key leaves it after a while."""
        uid = (of(menu) or {}).get("call_uid")
        told = [f["call"] for f in rig.facts("call.") if f["call"]["call_uid"] == uid]
        return [call for call in told if call["state"] == "ivr"]

    eventually(in_menu, PATIENCE_S)
    rig.asterisk.cli("channel request hangup all")
    [left] = over(rig, [menu])
    assert left["outcome"] == "person"
    call = next(c for c in rig.calls() if c["call_uid"] == left["call_uid"])
    assert [x["node"] for x in call["ivr"]] == ["main"]


def test_one_number_each_two_seconds(rig: LineRig, crowd: Crowd) -> None:
    """Mode interval keeps its time, whatever becomes of the numbers (DIA-02)."""
    numbers = [f"+8613855{n:02d}0404" for n in range(4)]
    rig.odoo.routes["/cc/dialer/lease"] = Listed(numbers)
    rig.desk("1001", answer="auto")
    campaigns(rig, {"mode": "interval", "interval_s": 2, "rev": int(time.time())})
    told = over(rig, numbers)
    assert {a["outcome"] for a in told} == {"empty"}
    dialled = sorted(a["dialled_t"] for a in told)
    gaps = [(b - a) / 1e6 for a, b in pairwise(dialled)]
    # never sooner: only behind one that was late itself; later by a round of the dialler and a busy machine
    assert median(gaps) > 1.9 and min(gaps) > 1 and max(gaps) < 30, gaps


def test_carrier_throttles(rig: LineRig, crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight numbers that a carrier refuses at once are not eight busy people: no tries, and a leader is told."""
    # "at once" on a machine that may stand still between two of the refusals
    for name, seconds in (
        ("air.QUICK_S", 30.0),
        ("lines.QUICK_S", 30.0),
        ("air._CARRIER_S", 30),
        ("air.JUDGE_S", 10.0),
        ("lines.BURST_S", 30.0),
    ):
        monkeypatch.setattr(f"cc_bridge_dialer.{name}", seconds)
    numbers = [f"+8613844{n:02d}0486" for n in range(8)]
    rig.odoo.routes["/cc/dialer/lease"] = Listed(numbers)
    campaigns(
        rig,
        {
            "queue": None,
            "mode": "ratio",
            "action": {"kind": "say", "value": "Hello.", "language": "en"},
            "rev": int(time.time()),
        },
    )
    told = over(rig, numbers)
    assert {(a["outcome"], a["counts"], a["cause"]) for a in told} == {("congestion", False, 17)}
    alarms = [f["alarm"] for f in rig.facts("dialer.alarm")]
    assert ("throttled", "trunk") in {(a["kind"], a["line"]) for a in alarms}


def test_trunk_is_down(rig: LineRig, crowd: Crowd) -> None:
    """Nobody is there at the other end of the line: that is nobody's try, and a leader is told. When it is back the
    next ones are reached."""
    rig.odoo.routes["/cc/dialer/lease"] = Listed([f"+861384500{n:02d}0200" for n in range(40)])
    crowd.stop()
    began = int(time.time() * 1_000_000)
    campaigns(
        rig,
        {
            "queue": None,
            "mode": "interval",
            "interval_s": 1,
            "ring_s": 15,
            "action": {"kind": "say", "value": "Hello.", "language": "en"},
            "rev": int(time.time()),
        },
    )

    def told(outcome: str) -> list[dict[str, Any]]:
        mine = [a for a in attempts(rig) if a["dialled_t"] > began and a["state"] == "ended"]
        return [a for a in mine if a["outcome"] == outcome]

    eventually(lambda: len(told("failed")) >= 3, PATIENCE_S)
    assert not [a for a in told("failed") if a["counts"]]
    eventually(lambda: not told("no_answer"), PATIENCE_S)
    alarms = [f["alarm"] for f in rig.facts("dialer.alarm")]
    assert ("trunk_down", "trunk") in {(a["kind"], a["line"]) for a in alarms}
    crowd.up()
    # 15 s after the last one that it kept silent about
    eventually(lambda: told("person"), PATIENCE_S)


def dialled_since(rig: LineRig, t: float) -> list[float]:
    """Seconds after an instant at which numbers were dialled."""
    return sorted(a["dialled_t"] / 1e6 - t for a in attempts(rig) if a["dialled_t"] > t * 1e6)


def each_half_second(rig: LineRig, prefix: str, **plan: Any) -> None:
    """A campaign that dials a number that does not exist twice a second while anybody is ready."""
    rig.odoo.routes["/cc/dialer/lease"] = Listed([f"+86{prefix}{n:03d}0404" for n in range(900)])
    campaigns(rig, {"mode": "interval", "interval_s": 0.5, "rev": int(time.time()), **plan})


def sign_out(rig: LineRig) -> None:
    for row in rig.odoo.intent["agents"]:
        if row["agent"] == "1001":
            row.update(session=None, device=None, extension=None)
    rig.command("sign_out", {"session": None}, "1001")


def leave_ready(rig: LineRig) -> None:
    rig.command("set_state", {"state": "busy", "reason": None}, "1001")


def lose_phone(rig: LineRig) -> None:
    rig.ears["2001"].stop()
    eventually(lambda: not rig.asked(lambda: rig.bridge.agents.reachable("1001")), PATIENCE_S)


@pytest.mark.parametrize("leave", [sign_out, leave_ready, lose_phone])
def test_dialling_stops_with_the_last_agent(rig: LineRig, crowd: Crowd, leave: Any) -> None:
    """Nothing is dialled once the PBX or they themselves have said that the last agent has gone, however they go
    (case 5)."""
    rig.desk("1001", answer="auto")
    began = time.time()
    each_half_second(
        rig, {"sign_out": "1386", "leave_ready": "1387", "lose_phone": "1388"}[leave.__name__]
    )
    eventually(lambda: len(dialled_since(rig, began)) >= 3, PATIENCE_S)
    leave(rig)
    gone = time.time()
    time.sleep(3)
    late = dialled_since(rig, gone)
    # but for what was under way
    assert not [s for s in late if s > 1.0], late
    # they come back, and it goes on by itself
    if leave is leave_ready:
        rig.command("set_state", {"state": "ready", "reason": None}, "1001")
    else:
        rig.desk("1001", answer="auto")
    back = time.time()
    eventually(lambda: dialled_since(rig, back), PATIENCE_S)


def test_dialling_stops_when_the_window_closes(rig: LineRig, crowd: Crowd) -> None:
    """At the minute at which the window ends nothing is dialled any more; what is in hand comes back (case 15)."""
    rig.desk("1001", answer="auto")
    began = time.time()
    end = (int(began + 25) // 60 + 1) * 60
    local = time.gmtime(end + 8 * 3600)
    until = "24:00" if (local.tm_hour, local.tm_min) == (0, 0) else time.strftime("%H:%M", local)
    window = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": until}
    each_half_second(rig, "1389", windows=[window])

    def closed() -> bool:
        return "window" in [f["lease"]["reason"] for f in rig.facts("dialer.returned")]

    eventually(closed, 2 * PATIENCE_S)
    assert time.time() >= end
    time.sleep(2)
    # but for one whose turn came just before it
    late = dialled_since(rig, end)
    assert not [s for s in late if s > 0.5], late
    # up to the end of it
    dialled = dialled_since(rig, began)
    assert len(dialled) >= 3 and dialled[-1] > end - began - 15, dialled


def begins(recording: bytes, folder: Path) -> tuple[float, float]:
    """After how many seconds of a recording the customer, and what is said to them, are heard first."""
    packed, plain = folder / "recording.mp3", folder / "recording.wav"
    packed.write_bytes(recording)
    subprocess.run(["lame", "--quiet", "--decode", packed, plain], check=True)
    with wave.open(str(plain), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        rate, samples = file.getframerate(), array.array("h", file.readframes(file.getnframes()))
    customer, ours = (
        next((n / rate for n, value in enumerate(samples[side::2]) if abs(value) > 1000), None)
        for side in (0, 1)
    )
    assert customer is not None and ours is not None, "one of them is silent"
    return customer, ours


@pytest.mark.parametrize("what", ["message", "agent"])
def test_what_a_machine_gets(rig: LineRig, crowd: Crowd, what: str, tmp_path: Path) -> None:
    """A machine hears the message, or an agent talks to it; nobody abandons a machine (DIA-08)."""
    number = {"message": "+8613877000600", "agent": "+8613877010600"}[what]
    rig.odoo.routes["/cc/dialer/lease"] = Listed([number])
    rig.desk("1001", answer="auto")
    say = {"kind": "say", "value": "Please call us back.", "language": "en"}
    plan = {"mode": "ratio", "amd": BY_SOUND, "message": say, "rev": int(time.time())}
    campaigns(rig, {**plan, "on_machine": what})

    def it() -> dict[str, Any]:
        return next(iter(of_numbers(rig, [number])), {})

    if what == "agent":
        eventually(lambda: it().get("agent"), PATIENCE_S)
        rig.command("hangup", {}, "1001")
    eventually(lambda: it().get("state") == "ended", PATIENCE_S)
    assert (it()["outcome"], it()["abandoned"], it()["amd"]["status"]) == (
        "machine",
        False,
        "MACHINE",
    )
    if what == "agent":
        assert it()["agent"] == "1001"
        return
    call = next(c for c in rig.calls() if c["call_uid"] == it()["call_uid"])
    assert not [x for x in call["legs"] if x["role"] == "agent"]
    # played to its end
    assert it()["ended_t"] - it()["message_t"] > 1_000_000 and it()["hung_up_by"] == "us"
    # who doubts the verdict can listen to it: from the answer on (case 13), the message too (case 31)
    uid = it()["call_uid"]
    [recording] = eventually(
        lambda: [data for query, data in rig.odoo.recordings if query["call_uid"] == uid],
        PATIENCE_S,
    )
    greeting, message = begins(recording, tmp_path)
    # the verdict takes 2.5 s of a voice, of which a busy machine may lose some
    assert message - greeting > 0.5


def test_what_the_network_says(rig: LineRig, crowd: Crowd) -> None:
    """A suspended number by its announcement in early media, which the cause alone calls switched off (DIA-19)."""
    off = "+8613866000480"
    # one after the other: of an announcement during which a busy machine stood still a part is missing
    suspended = [f"+86138660{n}0183" for n in range(1, 6)]
    rig.odoo.routes["/cc/dialer/lease"] = Listed([off, *suspended])
    data = crowd.announcement.read_bytes()
    name = hashlib.sha256(data).hexdigest()
    rig.odoo.routes["/cc/dialer/sound"] = lambda _body: {
        "name": "suspended.wav",
        "data": base64.b64encode(data).decode(),
    }
    rig.desk("1001", answer="auto")
    campaigns(
        rig,
        {"mode": "ratio", "ratio": 1, "rev": int(time.time())},
        announcements=[
            {"name": "停机", "outcome": "suspended", "sound": name},
            {"name": "SIT", "outcome": "empty", "sound": None},
        ],
    )

    def said(number: str) -> tuple[str | None, str | None]:
        one = next(iter(of_numbers(rig, [number])), {})
        return one.get("outcome"), one.get("announcement")

    # told by the cause at once, corrected by what was heard
    eventually(lambda: ("suspended", "停机") in map(said, suspended), PATIENCE_S)
    eventually(lambda: said(off) == ("off", None), PATIENCE_S)
    # nothing of it is kept
    campaigns(rig)
    eventually(lambda: not list((rig.settings.recordings / "dialer-heard").glob("*")), PATIENCE_S)
