# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Missed calls are told once, ends are put right, what AMI heard stays as it is; also across crashes."""

import itertools
import math
import re
from pathlib import Path
from typing import Any

import pytest
from loops import in_loop

from cc_bridge.calls import CallModel
from cc_bridge.clock import PbxClock
from cc_bridge.completeness.service import SETTLE_S, Completeness
from cc_bridge.facts import CallFact
from cc_bridge.outbox import Outbox
from cc_bridge.spool import Spool

from . import line, recorded
from .recorded import PHONES, Recorded
from .test_reconstruct import EXPECTED, INBOUND, shown

# a little before the first of the recordings, µs
BEFORE = 1_795_316_000_000_000


class Crash(Exception):
    """The power fails."""


class Beside:
    """A bridge's inner part beside a PBX that plays a recording; its spool and the files outlive it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cel, self.queue_log = folder / "cc_cel.csv", folder / "queue_log"
        self.now = 100.0
        # when the PBX said anything last: here it goes on and on
        self.heard = math.inf
        # whether some of it is still to be handled
        self.behind = False
        self.start()

    def start(self) -> None:
        """From what the spool has."""
        self.spool = Spool(self.folder / "spool.sqlite")
        self.outbox = Outbox(self.spool, lambda: None)
        self.clock = PbxClock(lambda: BEFORE)
        self.model = CallModel(trunks=["trunk"], agent_endpoints=PHONES.get)
        self.outbox.provide("calls", self.model.snapshot_rest)
        self.outbox.provide_each("call:", self.model.snapshot_call)
        if saved := self.spool.state("calls"):
            self.model.restore(saved, list(self.spool.states("call:").values()))
        self.told: list[tuple[dict[str, Any], bool]] = []
        self.completeness = Completeness(
            self.cel,
            self.queue_log,
            spool=self.spool,
            outbox=self.outbox,
            clock=self.clock,
            calls=self.model,
            trunks=lambda: ["trunk"],
            endpoints=PHONES,
            on_call=lambda call, new: self.told.append((call, new)),
            monotonic=lambda: self.now,
            heard=lambda: self.heard,
            behind=lambda: self.behind,
        )
        self.completeness.begin()
        self.completeness.open()

    def die(self) -> None:
        """kill -9: nothing of what was not committed stays."""
        self.spool.close()

    def restart(self) -> None:
        self.die()
        self.start()

    def fact(self, fact: CallFact) -> None:
        uid = fact.call["call_uid"]
        self.outbox.put(fact.kind, fact.t, {"call": fact.call}, touch=("calls", f"call:{uid}"))
        self.completeness.fact(fact, self.model.channels_of(uid))

    def hear(self, events: list[dict[str, Any]]) -> None:
        """AMI."""
        for event in events:
            self.clock.learn(event)
            for fact in self.model.feed(event):
                self.fact(fact)
        self.outbox.flush()

    def connect(self, t: int, live: list[dict[str, str]] | None = None, boot_t: int = 0) -> None:
        """The bridge's resync; nothing is left on the PBX unless told."""
        service = self.completeness
        service.resyncing()
        for event in in_loop(service.catch_up(boot_t)):
            for fact in self.model.feed(event):
                self.fact(fact)
        service.judge(resyncing=True)
        if (heard := service.evidence(boot_t)) is not None:
            self.model.extend(heard)
        for fact in self.model.resync(live or [], t=t):
            self.fact(fact)
        service.listening([row["Uniqueid"] for row in live or []], t, boot_t)
        self.outbox.flush()

    def write(self, scenario: Recorded, share: float = 1.0, since: float = 0.0) -> None:
        """Asterisk writes that part of its files."""
        for path, lines in ((self.cel, scenario.cel), (self.queue_log, scenario.queue_log)):
            part = lines[int(len(lines) * since) : int(len(lines) * share)]
            with path.open("a", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in part)

    def settle(self) -> None:
        """Time passes, files are read, what is ripe is judged."""
        for _ in range(2):
            while self.completeness.step():
                pass
            while self.completeness.judge():
                pass
            self.now += SETTLE_S + 1

    def facts(self) -> list[dict[str, Any]]:
        return [fact.body for fact in self.spool.batch(0, 10_000) if "call" in fact.body]

    def calls(self) -> list[dict[str, Any]]:
        """What Odoo would have: the highest revision of each."""
        last: dict[str, dict[str, Any]] = {}
        for body in self.facts():
            known = last.get(body["call"]["call_uid"])
            assert known is None or body["call"]["rev"] > known["rev"]
            last[body["call"]["call_uid"]] = body["call"]
        return list(last.values())


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    class Never:
        def cancel(self) -> None:
            """Nothing was scheduled."""

    class Loop:
        def call_soon(self, _what: Any) -> Never:
            return Never()

    monkeypatch.setattr("cc_bridge.outbox.asyncio.get_running_loop", Loop)
    return Beside(tmp_path)


def stamp(event: dict[str, Any]) -> float:
    return float(event.get("Timestamp") or 0)


def times(scenario: Recorded) -> tuple[int, int]:
    """Begin and end of a recording, µs."""
    stamps = [round(stamp(event) * 1_000_000) for event in scenario.ami if stamp(event)]
    return stamps[0], stamps[-1]


NAMES = [name for name in sorted(EXPECTED) if EXPECTED[name]]


@pytest.mark.parametrize("name", NAMES)
def test_a_call_that_came_and_went_is_told_once(beside: Beside, name: str) -> None:
    """The bridge was dead all the time: one fact a call, whole; a second start adds nothing."""
    scenario = recorded.load(name)
    _start, end = times(scenario)
    beside.write(scenario)
    beside.connect(end + 1_000_000)
    beside.settle()
    assert sorted(shown(call) for call in beside.calls()) == sorted(EXPECTED[name])
    assert {body["kind"] for body in beside.facts()} == {"call.corrected"}
    assert [new for _, new in beside.told] == [True] * len(EXPECTED[name])
    for _ in range(2):
        beside.restart()
        beside.connect(end + 9_000_000)
        beside.settle()
    assert len(beside.facts()) == len(EXPECTED[name])


@pytest.mark.parametrize("name", NAMES)
def test_what_ami_heard_is_left_alone(beside: Beside, name: str) -> None:
    """No gap: CEL adds no fact to what the live model told."""
    scenario = recorded.load(name)
    start, end = times(scenario)
    beside.connect(start - 1_000_000)
    beside.hear(scenario.ami)
    beside.write(scenario)
    heard = beside.facts()
    beside.settle()
    assert beside.facts() == heard
    assert sorted(shown(call) for call in beside.calls()) == sorted(EXPECTED[name])
    # read again after a restart it is the same
    beside.restart()
    beside.connect(end + 1_000_000)
    beside.settle()
    assert beside.facts() == heard


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_killed_anywhere_in_a_call(beside: Beside, name: str, share: float) -> None:
    """From there on nothing was heard: afterwards each call is there once, right, and not estimated."""
    scenario = recorded.load(name)
    start, end = times(scenario)
    beside.connect(start - 1_000_000)
    beside.hear(scenario.ami[: int(len(scenario.ami) * share)])
    beside.restart()
    beside.write(scenario)
    beside.connect(end + 1_000_000)
    beside.settle()
    calls = beside.calls()
    assert sorted(map(repr, map(shown, calls))) == sorted(map(repr, EXPECTED[name]))
    truth = {call["from"]["number"]: call for call in recorded.by_ami(scenario)}
    for call in calls:
        true = truth[call["from"]["number"]]
        assert (call["state"], call["estimated"]) == ("ended", False)
        assert abs(call["ended_t"] - true["ended_t"]) < 50_000
        assert (call["answered_t"] is None) == (true["answered_t"] is None)
        assert abs((call["answered_t"] or 0) - (true["answered_t"] or 0)) < 50_000
        assert all(leg["left_t"] is not None for leg in call["legs"])
    assert not beside.completeness.unsettled
    assert not beside.model.open_calls()


def test_an_end_that_was_missed_gets_its_own_time(beside: Beside) -> None:
    """Not the time of the reconnect: the agent's wrap-up is counted from it."""
    scenario = recorded.load("queue_agent_hangs_up")
    start, end = times(scenario)
    beside.connect(start - 1_000_000)
    answered = recorded.by_ami(scenario)[0]["answered_t"]
    beside.hear([e for e in scenario.ami if stamp(e) * 1e6 < answered + 100_000])
    beside.restart()
    beside.write(scenario)
    beside.connect(end + 600_000_000)
    [ended] = [body for body in beside.facts() if body["kind"] == "call.ended"]
    assert abs(ended["call"]["ended_t"] - recorded.by_ami(scenario)[0]["ended_t"]) < 50_000
    assert (ended["call"]["ended_by"], ended["call"]["estimated"]) == ("agent", False)


def test_the_link_was_cut_but_not_the_calls(beside: Beside) -> None:
    """A call that ended while nobody listened, one that came and went: the bridge itself lived on."""
    first, second = recorded.load("queue_customer_hangs_up"), recorded.load("direct_answered")
    start, _ = times(first)
    _, end = times(second)
    beside.connect(start - 1_000_000)
    beside.hear(first.ami[: len(first.ami) // 2])
    beside.completeness.disconnected()
    beside.write(first)
    beside.write(second)
    beside.connect(end + 1_000_000)
    beside.settle()
    wanted = EXPECTED["queue_customer_hangs_up"] + EXPECTED["direct_answered"]
    assert sorted(map(repr, map(shown, beside.calls()))) == sorted(map(repr, wanted))


def test_a_link_that_died_unnoticed(beside: Beside) -> None:
    """A firewall forgot the link: CEL tells of a call long before the ping says that nobody listened."""
    scenario = recorded.load("direct_answered")
    start, end = times(scenario)
    beside.connect(start - 1_000_000)
    beside.heard = beside.now
    beside.write(scenario)
    beside.settle()
    assert not beside.calls()
    beside.completeness.disconnected()
    beside.heard = beside.now
    beside.connect(end + 1_000_000)
    beside.settle()
    assert list(map(shown, beside.calls())) == EXPECTED["direct_answered"]


def test_events_that_wait_are_told_by_themselves(beside: Beside) -> None:
    """The login's work takes its time: a call's events have arrived, and are handled long after CEL told of it."""
    scenario = recorded.load("direct_answered")
    _start, end = times(scenario)
    beside.connect(end)
    beside.behind = True
    beside.write(scenario)
    beside.settle()
    assert not beside.calls()
    beside.hear(scenario.ami)
    beside.behind = False
    beside.settle()
    assert list(map(shown, beside.calls())) == EXPECTED["direct_answered"]


def test_a_quiet_pbx_that_answers_pings_is_heard(beside: Beside) -> None:
    """What AMI heard of and CEL repeats is settled at the next sign of life."""
    scenario = recorded.load("direct_answered")
    start, _ = times(scenario)
    beside.connect(start - 1_000_000)
    beside.hear(scenario.ami)
    beside.heard = beside.now
    beside.write(scenario)
    heard = beside.facts()
    beside.settle()
    assert list(beside.completeness.groups)
    beside.heard = beside.now
    beside.settle()
    assert not list(beside.completeness.groups)
    assert beside.facts() == heard


@pytest.mark.parametrize(("before_s", "at_once"), [(1.5, True), (0.5, False)])
def test_what_nobody_heard_needs_no_word_of_ami(
    beside: Beside, before_s: float, at_once: bool
) -> None:
    """Before an agent's wrap-up goes on they are told of what they did meanwhile; a quiet PBX delays nothing."""
    scenario = recorded.load("direct_answered")
    end = recorded.by_ami(scenario)[0]["ended_t"]
    # our clock is the PBX's, and nothing was heard since the link was up
    beside.clock = PbxClock(lambda: end + round(before_s * 1e6))
    beside.completeness._clock = beside.clock
    beside.heard = beside.now
    beside.write(scenario)
    beside.connect(end + round(before_s * 1e6))
    assert bool(beside.calls()) == at_once
    beside.settle()
    assert list(map(shown, beside.calls())) == EXPECTED["direct_answered"]


def test_a_pbx_that_died_leaves_estimated_ends(beside: Beside) -> None:
    """Another call's later line proves that it lived until then; its boot is the limit."""
    dying, other = recorded.load("queue_agent_hangs_up"), recorded.load("queue_customer_hangs_up")
    truth = recorded.by_ami(dying)[0]
    beside.connect(times(dying)[0] - 1_000_000)
    beside.hear([e for e in dying.ami if stamp(e) * 1e6 < truth["answered_t"] + 100_000])
    early = [x for x in dying.cel if float(x.split('"')[3]) * 1e6 < truth["answered_t"] + 100_000]
    beside.write(Recorded([], early, dying.queue_log[:5]))
    beside.write(other)
    alive = round(float(other.cel[-1].split('"')[3]) * 1_000_000)
    beside.completeness.disconnected()
    boot = alive + 3_000_000
    beside.connect(boot + 5_000_000, boot_t=boot)
    beside.settle()
    calls = {call["from"]["number"]: call for call in beside.calls()}
    assert shown(calls["13800138002"]) == EXPECTED["queue_customer_hangs_up"][0]
    dead = calls["13800138001"]
    assert (dead["state"], dead["estimated"], dead["ended_by"]) == ("ended", True, "system")
    assert alive <= dead["ended_t"] <= boot
    assert len(calls) == 2


@pytest.mark.parametrize("name", INBOUND)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_nothing_is_judged_while_the_pbx_is_asked(beside: Beside, name: str, share: float) -> None:
    """The channels were listed, the next question takes long, and the calls end meanwhile."""
    scenario = recorded.load(name)
    start, end = times(scenario)
    listed_at = start + round((end - start) * share)
    rows = [m for m in map(line.of_cel, scenario.cel) if m.t <= listed_at]
    live = line.listed(rows, listed_at)
    beside.write(Recorded([], [m.cel for m in rows if m.cel], []))
    service = beside.completeness
    service.resyncing()
    for event in in_loop(service.catch_up(0)):
        for fact in beside.model.feed(event):
            beside.fact(fact)
    service.judge(resyncing=True)
    beside.write(Recorded([], scenario.cel[len(rows) :], scenario.queue_log))
    beside.settle()
    for fact in beside.model.resync(live, t=listed_at):
        beside.fact(fact)
    service.listening([row["Uniqueid"] for row in live], end + 1_000_000)
    beside.hear([event for event in scenario.ami if stamp(event) * 1e6 > listed_at])
    beside.settle()
    assert sorted(map(repr, map(shown, beside.calls()))) == sorted(map(repr, EXPECTED[name]))
    assert all(call["state"] == "ended" for call in beside.calls())


@pytest.mark.parametrize("name", INBOUND)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_who_calls_while_the_pbx_is_asked_is_not_over(
    beside: Beside, name: str, share: float
) -> None:
    """They began after the channels were listed: that the list does not tell of them is no end."""
    scenario = recorded.load(name)
    start, end = times(scenario)
    asked, until = start - 1_000_000, start + round((end - start) * share)
    service = beside.completeness
    service.resyncing()
    beside.model.resync([], t=asked)
    rows = [m.cel for m in map(line.of_cel, scenario.cel) if m.t <= until and m.cel]
    beside.write(Recorded([], rows, []))
    while service.step():
        pass
    service.listening([], until, asked=asked)
    beside.hear([event for event in scenario.ami if stamp(event) * 1e6 <= until])
    # they talk, and the PBX records nothing of it for a while
    beside.settle()
    beside.hear([event for event in scenario.ami if stamp(event) * 1e6 > until])
    beside.write(Recorded([], scenario.cel[len(rows) :], scenario.queue_log))
    beside.settle()
    assert sorted(map(repr, map(shown, beside.calls()))) == sorted(map(repr, EXPECTED[name]))


@pytest.mark.parametrize("name", INBOUND)
@pytest.mark.parametrize("share", [0.5, 0.8])
@pytest.mark.parametrize("back", [0.0, 0.5])
@pytest.mark.parametrize("again", ["link", "bridge"])
def test_a_pbx_started_again_names_its_channels_as_before(
    beside: Beside, name: str, share: float, back: float, again: str
) -> None:
    """It counts its Local pairs from the beginning: those of a call that died with it are others.

    The link is back when so much of the next call is over; in its middle the link or the bridge dies again.
    """
    first = recorded.load(name)
    second = recorded.again(first, 30)
    start, _ = times(first)
    begin, end = times(second)
    boot = begin - 2_000_000
    beside.connect(start - 1_000_000)
    heard = first.ami[: int(len(first.ami) * share)]
    beside.hear(heard)
    died = max(map(stamp, heard))
    beside.write(Recorded([], [x for x in first.cel if line.of_cel(x).t <= died * 1e6], []))
    beside.completeness.disconnected()
    past: list[line.Moment] = []

    def play(until: int, since: int = 0, *, listened: bool) -> None:
        rows = [m for m in map(line.of_cel, second.cel) if since < m.t <= until]
        past.extend(rows)
        beside.write(Recorded([], [m.cel for m in rows if m.cel], []))
        if listened:
            beside.hear([e for e in second.ami if since < stamp(e) * 1e6 <= until])

    def after(part: float) -> int:
        return begin + round((end - begin) * part) - (0 if part else 1)

    play(after(back), listened=False)
    beside.connect(after(back), line.listed(past, after(back)), boot_t=boot)
    # the call that died is judged, but its lines are read again by a bridge that is started anew
    beside.settle()
    play(after(0.6), after(back), listened=True)
    if again == "link":
        beside.completeness.disconnected()
    else:
        beside.restart()
    play(after(0.7), after(0.6), listened=False)
    beside.connect(after(0.7), line.listed(past, after(0.7)), boot_t=boot)
    play(end + 1_000_000, after(0.7), listened=True)
    with beside.queue_log.open("a", encoding="utf-8") as out:
        out.writelines(f"{x}\n" for x in second.queue_log)
    beside.settle()
    calls = beside.calls()
    later = [call for call in calls if call["started_t"] > boot]
    assert sorted(map(repr, map(shown, later))) == sorted(map(repr, EXPECTED[name]))
    assert all(call["state"] == "ended" for call in calls)
    for call in calls:
        uids = [uid for leg in call["legs"] for uid in leg["channels"]]
        born = [int(found[1]) for uid in uids if (found := re.search(r"(\d{10})\.\d+$", uid))]
        # none has channels of both lives
        assert {t * 1_000_000 > boot for t in born} == {call in later}, uids


def test_both_died_in_a_call_that_nobody_heard(beside: Beside) -> None:
    """The bridge first, then the PBX: one call, its end is estimated, and stays told once."""
    scenario = recorded.load("queue_agent_hangs_up")
    _start, end = times(scenario)
    beside.write(scenario, share=0.5)
    beside.connect(end + 60_000_000, boot_t=end + 50_000_000)
    beside.settle()
    [call] = beside.calls()
    assert (call["state"], call["estimated"]) == ("ended", True)
    assert call["answered_t"] <= call["ended_t"] < end + 50_000_000
    beside.restart()
    beside.connect(end + 90_000_000, boot_t=end + 50_000_000)
    beside.settle()
    assert len(beside.facts()) == 1


def test_nothing_is_told_before_the_call_is_over(beside: Beside) -> None:
    """And it waits until CEL is silent: AMI's facts come first."""
    scenario = recorded.load("queue_customer_hangs_up")
    beside.write(scenario, share=0.6)
    beside.settle()
    assert beside.facts() == []
    beside.write(scenario, since=0.6)
    while beside.completeness.step():
        pass
    beside.completeness.judge()
    assert beside.facts() == []
    beside.settle()
    assert len(beside.facts()) == 1


def test_a_crash_while_creating_repeats_all_or_nothing(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id is stored with the fact: no call gets two."""
    scenario = recorded.load("two_at_once")
    _start, end = times(scenario)
    beside.write(scenario)
    beside.connect(end + 1_000_000)
    for at in itertools.count(1):
        left = [at]
        store = Spool._store

        def failing(*args: Any, left: list[int] = left, store: Any = store) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Crash
            store(*args)
            if left[0] == -1:
                raise Crash

        monkeypatch.setattr(Spool, "_store", failing)
        try:
            beside.settle()
            done = True
        except Crash:
            done = False
        monkeypatch.setattr(Spool, "_store", store)
        beside.restart()
        beside.connect(end + 2_000_000)
        if done:
            break
    beside.settle()
    assert sorted(map(shown, beside.calls())) == sorted(EXPECTED["two_at_once"])
    assert len(beside.facts()) == 2


def test_a_call_that_began_before_the_file_goes_on(beside: Beside) -> None:
    """The bridge was put beside a PBX in mid-call: no CHAN_START, but it is not over for that."""
    scenario = recorded.load("queue_customer_hangs_up")
    half = len(scenario.cel) // 2
    answered = recorded.by_ami(scenario)[0]["answered_t"]
    beside.hear([e for e in scenario.ami if stamp(e) * 1e6 < answered + 100_000])
    live = [{"Event": "CoreShowChannel", "Uniqueid": u, "Channel": n} for n, u in living(scenario)]
    beside.connect(answered + 200_000, live)
    beside.write(scenario, share=0.75, since=half / len(scenario.cel))
    beside.settle()
    assert "ended" not in {call["state"] for call in beside.calls()}
    beside.hear([e for e in scenario.ami if stamp(e) * 1e6 >= answered + 100_000])
    beside.write(scenario, since=0.75)
    beside.settle()
    [call] = beside.calls()
    assert shown(call) == EXPECTED["queue_customer_hangs_up"][0]


def living(scenario: Recorded) -> list[tuple[str, str]]:
    """Names and unique ids of all channels of a scenario."""
    rows = [row for row in map(recorded.cel.parse, scenario.cel) if row is not None]
    return sorted({(row.name, row.uid) for row in rows})


def test_a_test_call_to_the_echo_is_none(beside: Beside) -> None:
    """An originated phone in our echo's context."""
    scenario = recorded.load("click_to_call_not_taken")
    start, end = times(scenario)

    def line(event: str, t: int, context: str, app: str = "") -> str:
        fields = [event, f"{t / 1e6:.6f}", "PJSIP/2001-00000001", "pbx-9.1", "pbx-9.1", "", ""]
        return ",".join(f'"{x}"' for x in [*fields, "s", context, app, "", "", ""])

    beside.write(
        Recorded(
            [],
            [
                line("CHAN_START", start, "cc-phone"),
                line("ANSWER", start + 1_000_000, "cc-phone"),
                line("APP_START", start + 1_100_000, "cc-echo", "Echo"),
                line("APP_END", start + 9_000_000, "cc-echo", "Echo"),
                line("HANGUP", start + 9_000_000, "cc-echo"),
                line("CHAN_END", start + 9_000_000, "cc-echo"),
            ],
            [],
        )
    )
    beside.connect(end + 60_000_000)
    beside.settle()
    assert beside.facts() == []


def test_lines_that_are_none_cost_only_themselves(beside: Beside) -> None:
    """Half a line that a killed Asterisk left, another mapping's, broken quotes."""
    scenario = recorded.load("direct_answered")
    junk = ['"CHAN_STA', "a,b,c", '"X"' * 13, ",,,,,,,,,,,,", '"CHAN_START","soon"' + ',"x"' * 11]
    beside.write(Recorded([], [*junk, *scenario.cel, *junk], ["|||", *scenario.queue_log]))
    beside.connect(times(scenario)[1] + 1_000_000)
    beside.settle()
    assert [shown(call) for call in beside.calls()] == EXPECTED["direct_answered"]
    assert beside.completeness.bad_lines >= 2 * len(junk) - 2
