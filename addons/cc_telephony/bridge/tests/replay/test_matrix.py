# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every recording, worse in every way: the same final calls, but for what the stream no longer tells.

A way's rule names the fields that it may change and why; all others must be as in ``calls/expected``.
Where one recording loses more than its way allows, that is written down here with its reason too.
"""

from typing import Any, NamedTuple

import pytest
from calls import streams
from calls.expected import EXPECTED
from calls.test_recordings import TOLD_BY_DUMP, TOLD_BY_EVENTS, model, shown

from cc_bridge.calls.events import HANDLERS

from . import degrade
from .degrade import Events, Way, bare, spelt, without

_CACHE: dict[str, Events] = {}


def told(name: str) -> Events:
    """The events of a recording that can matter."""
    if name not in _CACHE:
        _CACHE[name] = [e for e in streams.events(name) if e["Event"] in HANDLERS]
    return _CACHE[name]


class Rule(NamedTuple):
    """``way``; ``loose``: fields that may differ; ``lost``: recordings of which more is lost.

    ``every``: 3 takes every third recording, for ways that touch all events alike.
    """

    way: Way
    loose: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    every: int = 1


# An Originate into a call's room that nobody answered: only a variable ties it to the call.
# In the last the agent hands over to it before it answers.
_NEVER_IN_THE_ROOM = ("room_consult_refused", "room_consult_ringing_cancelled", "cc2_blonde")
# ChanSpyStart does not tell the mode, the application's arguments do; whether a queue took them
_TOLD_BY_NEWEXTEN = (
    "control_whisper_desk",
    "corner_barge_by_dialling",
    "shop_full",
    "shop_join_empty",
)
# The uniqueid in any header, also as part of a room's name; a Timestamp has six decimals.
_ID = r"(?<![\w.])(?:[a-z]+-)?(\d{10}\.\d{1,5})(?!\d)"

WAYS: dict[str, Rule] = {
    "no Newexten": Rule(without("Newexten"), (), _TOLD_BY_NEWEXTEN),
    "no VarSet": Rule(without("VarSet"), (), _NEVER_IN_THE_ROOM),
    "no Newexten, no VarSet": Rule(
        without("Newexten", "VarSet"),
        (),
        (*_NEVER_IN_THE_ROOM, *_TOLD_BY_NEWEXTEN),
    ),
    "no holds": Rule(without("Hold", "Unhold", "MusicOnHold*"), ("holds",)),
    # music tells a hold too, unless the colleague holds as well, a Local is in between, or the customer holds
    "no Hold, but music": Rule(
        without("Hold", "Unhold"),
        (),
        ("plain_attended_swap", "shop_local_member_n", "corner_customer_holds"),
    ),
    # Dial events cannot name the queue; the dialplan can, where it is told
    "no queue events": Rule(
        without("Queue*", "Agent*"),
        ("queue", "attempts", "loss", "ended_by", "state"),
        # only the queue says that an outside number is an agent of it, or that it never put the caller through
        ("shop_number_is_member", *TOLD_BY_DUMP),
    ),
    # all of these at once, and of an older PBX: what a mobile behind a Local is called, only they tell;
    # of queues nothing is left
    "SIP, no Newexten, VarSet, Hold, queue": Rule(
        lambda events: spelt(("PJSIP/", "SIP/"))(
            without("Newexten", "VarSet", "Hold", "Unhold", "MusicOnHold*", "Queue*", "Agent*")(
                events
            )
        ),
        ("queue", "attempts", "loss", "ended_by", "state", "holds"),
        (
            *_NEVER_IN_THE_ROOM,
            *_TOLD_BY_NEWEXTEN,
            "room_B_confirm_1",
            "room_mobile_hold_consult",
            "shop_mobile_member_n",
            "shop_mobile_member_optimised",
            "shop_number_is_member",
            *TOLD_BY_DUMP,
        ),
    ),
    # a pick-up by Redirect, a take-over: our dialplan alone tells what they are
    "no user events": Rule(
        without("UserEvent"), ("rating", "keys", "line", "to", "from"), tuple(TOLD_BY_EVENTS)
    ),
    "no LocalBridge": Rule(without("LocalBridge"), every=3),
    "no ConfbridgeJoin": Rule(without("Confbridge*"), every=3),
    # an Originate's phone that nobody answers is not told from one that hangs up
    "no Newstate": Rule(without("Newstate"), ("ended_by",)),
    # whether a ring of which no DialEnd speaks was taken back, or its time was over
    "no hang-up requests": Rule(
        without("HangupRequest", "SoftHangupRequest"), ("ended_by",), ("corner_follow_me_app",)
    ),
    "no transfer events": Rule(
        without("AttendedTransfer", "BlindTransfer"), ("transfers", "attempts", "ended_by")
    ),
    # a ring that was never told as ringing, and taken for busy; whether a boot came after a call
    "no times": Rule(
        bare("Timestamp"),
        ("answered",),
        (
            # of several who hung up within a moment only times say who was first
            "plain_blonde_noanswer_recall",
            "pbx_pbx_killed",
            "lab_handed_into_a_machine",
            # … and who was connected before the call began
            "lab_diallers_room",
            "lab_agent_of_a_pool",
        ),
    ),
    "no system name": Rule(spelt((_ID, r"\1")), every=3),
    "another system name": Rule(spelt((_ID, r"pbx7-a-\1"))),
    "SIP": Rule(spelt(("PJSIP/", "SIP/")), every=3),
    "a line by its host": Rule(
        spelt(("PJSIP/trunk-", "SIP/sip-provider.example-"), ('@trunk"', '@sip-provider.example"')),
        ("line",),
    ),
    "a line of DAHDI": Rule(
        spelt(
            (r"PJSIP/trunk-([0-9a-f]{8})", r"DAHDI/i1/5550-\1"),
            (r'PJSIP/([^"/]+)@trunk"', r'DAHDI/i1/\1"'),
            (r'"([0-9+]+)@trunk"', r'"i1/\1"'),
        ),
        ("line",),
    ),
    "unheard-of events": Rule(degrade.strangers, every=3),
    # nothing but Linkedid says for whom a Page rings
    "few headers": Rule(
        bare(
            "ConnectedLineNum",
            "ConnectedLineName",
            "*Linkedid",
            "*AccountCode",
            "*Language",
            "*Priority",
            "ChannelStateDesc",
            "DestContext",
            "Privilege",
            "SystemName",
            "Cause-txt",
        ),
        (),
        ("corner_page_inside", "corner_paged_by_customer"),
    ),
    "no caller's name": Rule(bare("*CallerIDName"), every=3),
    "states in words only": Rule(bare("*ChannelState"), every=3),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_final_calls(way: str) -> None:
    """Each recording's calls, as its way leaves them."""
    rule = WAYS[way]
    wrong: list[tuple[Any, ...]] = []
    for i, name in enumerate(sorted(EXPECTED)):
        if i % rule.every:
            continue
        facts = streams.run(rule.way(list(told(name))), model(name))
        if i % 7 == len(way) % 7:
            streams.check(facts)
        calls = streams.last(facts)
        if name in rule.lost:
            assert calls
            continue
        if len(calls) != len(EXPECTED[name]):
            wrong.append((name, "calls", len(calls)))
            continue
        for call, wanted in zip(calls, EXPECTED[name], strict=True):
            found = shown(call)
            wrong += [
                (name, key, found[key], value)
                for key, value in wanted.items()
                if key not in rule.loose and found[key] != value
            ]
    assert not wrong


def test_without_queue_events_the_rings_are_the_same() -> None:
    """Who was rung and what came of it does not hang on the queue's own events."""
    wrong = []
    for name, wanted in ((n, w) for n, w in EXPECTED.items() if n not in TOLD_BY_DUMP):
        calls = streams.last(streams.run(without("Queue*", "Agent*")(told(name)), model(name)))
        for call, one in zip(calls, wanted, strict=True):
            found = [x[1:] for x in shown(call)["attempts"]]
            if found != [x[1:] for x in one["attempts"]]:
                wrong.append((name, found))
    assert not wrong


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_started_in_the_middle(share: float) -> None:
    """What was on when the recorder began is found, flagged, and ends."""
    for i, (name, wanted) in enumerate(sorted(EXPECTED.items())):
        told_last = model(name)
        facts = streams.run(degrade.from_share(share)(told(name)), told_last)
        if i % 3 == 0:
            streams.check(facts)
        still = sum(1 for x in wanted if x["state"] != "ended")
        assert len(told_last.open_calls()) <= still, name


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("03_inbound_caller_hangup", "+44207001"),
        ("06_hold", "+44207001"),
        ("shop_direct_connect_sub", "+33144556677"),
        ("shop_internal", None),
        ("corner_forwarded_twice", "+33144556677"),
        ("plain_blind_to_queue", "+442070011223"),
    ],
)
def test_joined_when_all_are_in_talk(name: str, number: str | None) -> None:
    """Nothing but its end is heard of a conversation: one call, who called, answered, unsettled, over."""
    whole = streams.last(streams.run(told(name), model(name)))[0]
    since = (whole["answered_t"] * 0.4 + whole["ended_t"] * 0.6) / 1e6
    late = [e for e in told(name) if float(e.get("Timestamp") or 0) > since]
    facts = streams.run(late, model(name))
    streams.check(facts)
    (call,) = streams.last(facts)
    assert (call["state"], call["estimated"], call["direction"]) == (
        *("ended", True),
        whole["direction"],
    )
    assert call["answered_t"] is not None and call["loss"] is None
    assert call["ended_by"] == whole["ended_by"]
    assert number is None or call["from"]["number"] == number


def test_without_times_all_times_are_null() -> None:
    """facts.md: null where a recording carries none; also of calls joined in their middle."""
    for name in sorted(EXPECTED)[::5]:
        for fact in streams.run(degrade.from_share(0.4)(bare("Timestamp")(told(name)))):
            assert fact.t is None and fact.call["started_t"] is None, name
            assert all(leg["joined_t"] is None for leg in fact.call["legs"]), name


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_cut_at_the_end(share: float) -> None:
    """What the recording leaves open is said to be open, the rest is as it was."""
    for name in sorted(EXPECTED):
        stopped = model(name)
        facts = streams.run(degrade.to_share(share)(told(name)), stopped)
        calls = streams.last(facts)
        still = [x for x in calls if x["state"] != "ended"]
        assert {x["call_uid"] for x in still} == {x.call_uid for x in stopped.open_calls()}, name


@pytest.mark.parametrize("seed", [1, 2])
def test_neighbours_change_places(seed: int) -> None:
    """Slightly out of order: as many calls, who called is who called, all over at the end."""
    for name, wanted in sorted(EXPECTED.items()):
        other = model(name)
        calls = streams.last(streams.run(degrade.moved(told(name), seed), other))
        assert len(calls) >= len(wanted), name
        assert len(other.open_calls()) <= sum(1 for x in wanted if x["state"] != "ended"), name
        for call, one in zip(calls, wanted, strict=False):
            found = shown(call)
            for key in ("from", "answered", "state") if len(calls) == len(wanted) else ():
                assert found[key] == one[key], (name, key)
