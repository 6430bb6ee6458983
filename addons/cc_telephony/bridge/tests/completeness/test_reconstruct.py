# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""CEL alone must tell what the live model told, and both what happened (written by thought)."""

from typing import Any

import pytest

from cc_bridge.completeness import cel
from cc_bridge.completeness.reconstruct import reconstruct

from . import recorded

# how far two clocks of one PBX may be apart, µs
NEAR = 50_000

# (direction, from, to, queue, ended_by, loss, [(queue, target, outcome)], [(role, number)])
Q, A = "support", "answered"
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "queue_agent_hangs_up": [
        ("inbound", "13800138001", "100", Q, "agent", None, [(Q, "1002", A)], True),
    ],
    "queue_customer_hangs_up": [
        ("inbound", "13800138002", "100", Q, "customer", None, [(Q, "1002", A)], True),
    ],
    "queue_abandon": [
        (
            "inbound",
            "13800138003",
            "100",
            Q,
            "customer",
            "queue",
            [(Q, "1002", "cancelled")],
            False,
        ),
    ],
    "queue_reject_then_answer": [
        (
            *("inbound", "13800138004", "100", Q, "customer", None),
            [(Q, "1002", "rejected"), (Q, "1002", A)],
            True,
        ),
    ],
    "queue_no_answer_then_gives_up": [
        (
            *("inbound", "13800138005", "100", Q, "customer", "queue"),
            [(Q, "1002", "no_answer"), (Q, "1002", "cancelled")],
            False,
        ),
    ],
    "queue_nobody": [("inbound", "13800138006", "100", Q, "customer", "queue", [], False)],
    "direct_answered": [
        ("inbound", "13800138007", "1002", None, "agent", None, [(None, "1002", A)], True),
    ],
    "direct_rejected": [
        (
            *("inbound", "13800138008", "1002", None, "system", "agent_no_answer"),
            [(None, "1002", "rejected")],
            False,
        ),
    ],
    "direct_nobody_there": [("inbound", "13800138009", "1005", None, "system", "ivr", [], False)],
    "click_to_call": [
        (
            *("outbound", "1002", "+8613900139001", None, "agent", None),
            [(None, "+8613900139001", A)],
            True,
        ),
    ],
    "phone_dials_out": [
        (
            *("outbound", "1002", "13900139003", None, "agent", None),
            [(None, "13900139003", A)],
            True,
        ),
    ],
    "internal": [("internal", "1002", "1001", None, "agent", None, [(None, "1001", A)], True)],
    "internal_not_answered": [
        ("internal", "1002", "1001", None, "agent", None, [(None, "1001", "cancelled")], False),
    ],
    "two_at_once": [
        ("inbound", "13800138011", "100", Q, "customer", None, [(Q, "1001", A)], True),
        ("inbound", "13800138012", "100", Q, "customer", None, [(Q, "1002", A)], True),
    ],
    "phone_hold": [
        ("inbound", "13800138013", "100", Q, "customer", None, [(Q, "1002", A)], True),
    ],
    "held_and_resumed": [
        ("inbound", "13800138021", "100", Q, "agent", None, [(Q, "1002", A)], True),
    ],
    "blind_to_agent": [
        (
            *("inbound", "13800138022", "100", Q, "customer", None),
            [(Q, "1002", A), (None, "1001", A)],
            True,
        ),
    ],
    "consult_completed": [
        (
            *("inbound", "13800138023", "100", Q, "customer", None),
            [(Q, "1002", A), (None, "1001", A)],
            True,
        ),
    ],
    "three_way": [
        (
            *("inbound", "13800138025", "100", Q, "customer", None),
            [(Q, "1002", A), (None, "1001", A)],
            True,
        ),
    ],
    # back into the queue, where they are rung for once more and give up; they had been served before
    "blind_to_queue": [
        (
            *("inbound", "13800138026", "1002", Q, "customer", None),
            [(None, "1002", A), (Q, "1002", "cancelled")],
            True,
        ),
    ],
    # the phone declined the call that its agent had asked for: the number was never dialled, so CEL
    # does not know it
    "click_to_call_not_taken": [],
}


def test_every_recording_has_been_thought_about() -> None:
    """A recording without an expectation, or the other way round, is a hole."""
    assert recorded.names() == sorted(EXPECTED)


# the ids of other calls' channels may be ours, without a time
INBOUND = [
    name for name in sorted(EXPECTED) if EXPECTED[name] and EXPECTED[name][0][0] == "inbound"
]


def shown(call: dict[str, Any]) -> tuple[Any, ...]:
    """A call in the words of EXPECTED."""
    return (
        call["direction"],
        call["from"]["number"],
        call["to"]["number"],
        call["queue"],
        call["ended_by"],
        call["loss"],
        [(x["queue"], x["target"], x["outcome"]) for x in call["attempts"]],
        call["answered_t"] is not None,
    )


@pytest.mark.parametrize("name", [n for n in sorted(EXPECTED) if EXPECTED[n]])
def test_cel_tells_what_happened(name: str) -> None:
    """Direction, numbers, queue, rings and how it ended."""
    found = recorded.by_cel(recorded.load(name))
    assert [shown(one.call) for one in found] == EXPECTED[name]
    assert all(one.ended and not one.call["estimated"] for one in found)


def near(one: int | None, other: int | None) -> bool:
    """Two times of one moment, or two that never came."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= NEAR


@pytest.mark.parametrize("name", recorded.names())
def test_cel_agrees_with_ami(name: str) -> None:
    """The same calls, parties, rings and times (50 ms) as the live model saw."""
    scenario = recorded.load(name)
    live, rebuilt = recorded.by_ami(scenario), recorded.by_cel(scenario)
    assert len(live) == len(rebuilt)
    for call, one in zip(live, rebuilt, strict=True):
        other = one.call
        if EXPECTED[name]:
            assert shown(call) == shown(other)
        for moment in ("started_t", "queued_t", "answered_t", "ended_t"):
            assert near(call[moment], other[moment]), moment
        parties = [(x["role"], x["number"], x["mode"]) for x in call["legs"]]
        assert parties == [(x["role"], x["number"], x["mode"]) for x in other["legs"]]
        for mine, theirs in zip(call["legs"], other["legs"], strict=True):
            assert near(mine["joined_t"], theirs["joined_t"])
            assert near(mine["left_t"], theirs["left_t"])
            assert set(mine["channels"]) <= one.channels
        handed = [(x["how"], x["by"], x["to"], x["completed"]) for x in call["transfers"]]
        assert handed == [(x["how"], x["by"], x["to"], x["completed"]) for x in other["transfers"]]
        for mine, theirs in zip(call["attempts"], other["attempts"], strict=True):
            assert near(mine["ring_t"], theirs["ring_t"])
            assert near(mine["end_t"], theirs["end_t"])


def test_a_call_that_never_rang_anybody_is_still_one() -> None:
    """The agent's own phone declined: one outbound call by them that came to nothing."""
    [one] = recorded.by_cel(recorded.load("click_to_call_not_taken"))
    assert (one.call["from"]["number"], one.call["answered_t"]) == ("1002", None)
    assert one.call["state"] == "ended"


def not_answered() -> list[cel.CelRow]:
    """CEL of an originated channel that rang in vain."""
    end = '"PJSIP/trunk-00000000","cc-1","cc-1","","","s","from-pstn","AppDial2","(Outgoing Line)"'
    lines = (
        '"CHAN_START","1795723114.445091","PJSIP/trunk-00000000","cc-1","cc-1","","","s","from-pstn","","","",""',
        f'"HANGUP","1795723129.460569",{end},"","{{""hangupcause"":19,""hangupsource"":"""",""dialstatus"":""""}}"',
        f'"CHAN_END","1795723129.460569",{end},"",""',
        f'"LINKEDID_END","1795723129.460569",{end},"",""',
    )
    return [row for line in lines if (row := cel.parse(line)) is not None]


def test_an_originated_call_that_nobody_answers_has_its_channel() -> None:
    """Found again at the next start by its channel, or it would be a new call each time."""
    [one] = reconstruct(not_answered(), [], trunks=["trunk"])
    assert one.channels == {"cc-1"} and one.ended
    assert [x["outcome"] for x in one.call["attempts"]] == ["no_answer"]


def test_an_originated_call_has_the_number_that_its_owner_knows() -> None:
    """CEL's rows of it have none; who dialled it remembers number, line and the id that the call was to have."""
    known = {
        "call_uid": "u-1",
        "number": "+8613800138000",
        "line": "trunk",
        "direction": "outbound",
    }
    [one] = reconstruct(
        not_answered(),
        [],
        trunks=["trunk"],
        recall=lambda uid: known if uid == "cc-1" else None,
    )
    assert (one.call["call_uid"], one.call["direction"]) == ("u-1", "outbound")
    assert (one.call["to"]["number"], one.call["line"]) == ("+8613800138000", "trunk")
    assert [x["outcome"] for x in one.call["attempts"]] == ["no_answer"]


def test_an_originated_call_that_plays_a_message_was_answered() -> None:
    """Answered, played to, hung up while nobody watched: no second party, and answered all the same."""
    rest = '"PJSIP/trunk-00000000","cc-1","cc-1","","","play","cc-dialer","Playback","sound"'
    answer = f'"ANSWER","1795723116.5",{rest},"",""'
    row = cel.parse(answer)
    assert row is not None
    begin, *end = not_answered()
    [one] = reconstruct([begin, row, *end], [], trunks=["trunk"])
    assert one.call["answered_t"] == row.t and one.ended
    assert [x["outcome"] for x in one.call["attempts"]] == ["answered"]


def test_without_queue_log_only_its_words_are_missing() -> None:
    """The file is off or lost: the call and its times stay, a ring's no-answer is a guess."""
    scenario = recorded.load("queue_reject_then_answer")
    rows = [row for row in map(cel.parse, scenario.cel) if row is not None]
    [one] = recorded.reconstruct(rows, None, trunks=["trunk"], agent_endpoints=recorded.PHONES.get)
    assert shown(one.call)[:4] == ("inbound", "13800138004", "100", Q)
    assert [x["outcome"] for x in one.call["attempts"]] == ["rejected", "answered"]


def test_a_pbx_that_died_ends_its_calls_when_it_was_heard_last() -> None:
    """Half the file: no hang-up. The end is the evidence, and says that it is."""
    scenario = recorded.load("queue_agent_hangs_up")
    answered = recorded.by_ami(scenario)[0]["answered_t"]
    rows = [row for row in map(cel.parse, scenario.cel) if row is not None]
    early = [row for row in rows if row.t <= answered + 100_000]
    assert len(early) < len(rows)
    until = answered + 1_500_000
    options: dict[str, Any] = {"trunks": ["trunk"], "agent_endpoints": recorded.PHONES.get}
    [one] = recorded.reconstruct(early, [], dead=until, **options)
    assert (one.ended, one.call["estimated"], one.call["ended_t"]) == (False, True, until)
    assert all(leg["left_t"] == until for leg in one.call["legs"])


@pytest.mark.parametrize("name", recorded.names())
def test_rows_in_any_order_give_the_same(name: str) -> None:
    """Asterisk's threads write lines a little out of order: times count, not places."""
    scenario = recorded.load(name)
    rows = [row for row in map(cel.parse, scenario.cel) if row is not None]
    swapped = [x for pair in zip(rows[1::2], rows[::2], strict=False) for x in pair]
    swapped += rows[len(swapped) :]
    told = [row for row in map(recorded.queuelog.parse, scenario.queue_log) if row is not None]
    options: dict[str, Any] = {"trunks": ["trunk"], "agent_endpoints": recorded.PHONES.get}
    straight = [one.call for one in recorded.reconstruct(rows, told, **options)]
    again = [one.call for one in recorded.reconstruct(swapped, told, **options)]
    assert len(again) == len(straight)
    assert [shown(call) for call in again] == [shown(call) for call in straight]


@pytest.mark.parametrize("name", INBOUND)
def test_a_local_pair_of_a_pbx_that_died_is_none_of_the_next_one_s(name: str) -> None:
    """Cut anywhere, and the same call again, with the same names, on the PBX that was started then."""
    first = [row for line in recorded.load(name).cel if (row := cel.parse(line))]
    again = recorded.again(recorded.load(name), 30)
    second = [row for line in again.cel if (row := cel.parse(line))]
    new = {row.uid for row in second}
    options: dict[str, Any] = {"trunks": ["trunk"], "agent_endpoints": recorded.PHONES.get}
    for cut in range(1, len(first)):
        found = recorded.reconstruct(first[:cut] + second, None, dead=second[-1].t, **options)
        assert not [x.channels for x in found if x.channels & new and x.channels - new], cut
        later = [x.call for x in found if x.channels & new]
        assert len(later) == len(EXPECTED[name])
