# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fraud walk, TEL-64: every way in which a call can reach a line, by who may, on a real Asterisk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from line_fixtures import Talk
from line_rig import DESKS, MOBILES, Ear, LineRig, eventually
from stranger import HOST, Stranger

FINE = "+8613800000009"
#: premium rate, satellite, star code, no number of this world, premium behind an exit code, cut short; what becomes
#: premium abroad where a line, or a rule, takes the code off
DEAR = (
    "+19005551234",
    "+882160000000",
    "*72",
    "1" * 30,
    "0019005551234",
    "00190055",
    "+00019005551234",
    "+86019005551234",
)
#: a list: Germany for leaders only, the rest of the world for nobody
LIST = [
    {"prefix": "86", "allowed_for": "agent"},
    {"prefix": "49", "allowed_for": "leader"},
    {"prefix": "8613800000001", "allowed_for": "nobody"},
]


class Lines:
    """What reaches a line since now."""

    def __init__(self, rig: LineRig) -> None:
        self._rig, self._from = rig, len(rig.stream)
        self._alarms = len(rig.facts("dial.alarm"))

    def reached(self) -> list[str]:
        """Digits that were sent to a line."""
        return [
            str(event["DialString"]).partition("@")[0]
            for event in self._rig.stream[self._from :]
            if event["Event"] == "DialBegin" and event["DestChannel"].startswith("PJSIP/trunk-")
        ] + [
            str(event["Exten"])
            for event in self._rig.stream[self._from :]
            if event["Event"] == "Newchannel"
            and event["Channel"].startswith("PJSIP/trunk-")
            and event["Uniqueid"].startswith("cc-")
        ]

    def alarms(self) -> list[dict[str, Any]]:
        """What administrators are told."""
        return [fact["dial"] for fact in self._rig.facts("dial.alarm")[self._alarms :]]

    def refused(self, number: str, why: str = "destination", **about: str | None) -> None:
        """An alarm came, no line was reached."""
        eventually(lambda: self.alarms())
        alarm = self.alarms()[-1]
        assert (alarm["number"], alarm["why"]) == (number, why), alarm
        for name, value in about.items():
            assert alarm[name] == value, alarm
        assert self.reached() == []


def phone(rig: LineRig, number: str) -> Ear:
    """A desk phone, registered; nobody is signed in at it."""
    ear = rig.desk(number)
    assert rig.command("sign_out", {"session": None}, number)["ok"]
    return ear


# ---- what is dialled at a phone


@pytest.mark.parametrize("number", DEAR)
@pytest.mark.parametrize("there", [True, False], ids=["signed-in", "nobody"])
def test_no_phone_dials_what_costs(rig: LineRig, number: str, there: bool) -> None:
    ear = rig.desk("1001") if there else phone(rig, "1001")
    lines = Lines(rig)
    ear.dial(number)
    told = "+19005551234" if number.startswith("0019005551234") else number
    lines.refused(told, agent="1001" if there else None, phone=DESKS["1001"])
    eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))


@pytest.mark.parametrize(
    ("number", "there", "may"),
    [
        (FINE, True, True),
        (FINE, False, True),
        # abroad somebody must answer for it
        ("+493012345678", True, True),
        ("+493012345678", False, False),
    ],
)
def test_a_phone_without_a_list(rig: LineRig, number: str, there: bool, may: bool) -> None:
    ear = rig.desk("1001") if there else phone(rig, "1001")
    lines = Lines(rig)
    since = int(time.time() * 1e6) - 500_000
    # the test before may have called the same number within that half second
    before = {c["call_uid"] for c in rig.calls(since)}
    ear.dial(number)
    if not may:
        lines.refused(number, agent=None)
        return
    eventually(lambda: lines.reached() == [number])

    def agents() -> list[str]:
        """Of the only call in the log, once there is one."""
        found = [
            c
            for c in rig.calls(since)
            if c["to"]["number"] == number and c["call_uid"] not in before
        ]
        assert len(found) < 2, found
        return [leg["number"] for c in found for leg in c["legs"] if leg["role"] == "agent"]

    # the call in the log is nobody's who has signed out
    assert eventually(agents) == ["1001" if there else DESKS["1001"]]
    ear.command("hangup")
    eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))


def test_who_moves_to_another_phone_leaves_the_old_one(rig: LineRig) -> None:
    """A call from the phone where an agent was before is not theirs."""
    ear = rig.desk("1001")
    rig.sign_in("1001", "mobile", MOBILES["1005"])
    lines = Lines(rig)
    ear.dial("+493012345678")
    lines.refused("+493012345678", agent=None, phone=DESKS["1001"])


@pytest.mark.parametrize(
    ("number", "agent", "may"),
    [
        (FINE, "1001", True),
        ("+8613800000001", "1001", False),
        ("+493012345678", "1001", False),
        ("+493012345678", "1004", True),
        ("+12125551234", "1004", False),
        # emergency, whatever the list says
        ("110", "1001", True),
        ("114", "1001", False),
    ],
)
def test_a_list(
    rig: LineRig, settings: Callable[..., None], number: str, agent: str, may: bool
) -> None:
    """At the phone, and by the bar: the dialplan and the bridge say the same."""
    settings(destinations=LIST)
    ear = rig.desk(agent)
    lines = Lines(rig)
    ear.dial(number)
    if may:
        eventually(lambda: lines.reached() == [number])
        ear.hang_up()
    else:
        lines.refused(number, agent=agent)
    eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))
    result = rig.command("dial", {"number": number}, agent)
    assert (result["code"] == "ok") is may, result
    ear.command("hangup")


def test_nobody_signed_in_and_a_list(rig: LineRig, settings: Callable[..., None]) -> None:
    settings(destinations=[*LIST, {"prefix": "8610", "allowed_for": "phone"}])
    ear = phone(rig, "1001")
    lines = Lines(rig)
    ear.dial(FINE)
    lines.refused(FINE, agent=None, phone=DESKS["1001"])
    ear.dial("+861012345678")
    eventually(lambda: lines.reached() == ["+861012345678"])
    ear.hang_up()


# ---- what is asked of the bridge


@pytest.mark.parametrize("mode", ["agent_first", "customer_first"])
def test_dialling_by_the_bar(rig: LineRig, settings: Callable[..., None], mode: str) -> None:
    settings(dial_mode=mode)
    rig.desk("1001")
    for number in ("+19005551234", "+882160000000", "*72", "1" * 30, "00190055"):
        lines = Lines(rig)
        assert rig.command("dial", {"number": number}, "1001")["code"] == "refused"
        lines.refused(number, agent="1001")


@pytest.mark.parametrize("kind", ["transfer", "consult", "invite"])
def test_from_within_a_call(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one, lines = talk("queue"), Lines(rig)
    one.does(kind, "refused", to={"kind": "number", "value": "+19005551234"})
    lines.refused("+19005551234", agent="1001")
    assert one.call["state"] == "talking"
    one.does("hangup")
    one.ended()


def test_the_dialplan_asks_too(rig: LineRig, talk: Callable[..., Talk]) -> None:
    """A transfer that no gate of the bridge has seen: who hands over has them back."""
    one, lines = talk("direct"), Lines(rig)
    channel = eventually(lambda: rig.bridge.calls.live.get(one.call["legs"][0]["channels"][0])).name
    for name, value in (
        ("CC_XKIND", "number"),
        ("CC_XTO", "+19005551234"),
        ("CC_XBY", "1001"),
        ("CC_XDEV", "PJSIP/+19005551234@trunk"),
        ("SHARED(NEXT)", "xfer"),
    ):
        rig.asterisk.cli(f"dialplan set chanvar {channel} {name} {value}")
    rig.asterisk.cli(f"channel redirect {channel} cc-room,xfer,1")
    lines.refused("+19005551234", agent="1001")
    rig.asterisk.cli("channel request hangup all")
    one.ended()


def test_a_phones_own_transfer_out_of_a_room(rig: LineRig, talk: Callable[..., Talk]) -> None:
    """REFER moves nobody out of a room of ours."""
    one, lines = talk("direct"), Lines(rig)
    refer(rig, one.ann, FINE)
    eventually(lambda: "transfer failed" in one.ann.log.read_text(errors="replace"))
    assert lines.reached() == []
    rig.asterisk.cli("channel request hangup all")
    one.ended()
    assert lines.reached() == []


@pytest.mark.parametrize(("number", "may"), [("+19005551234", False), (FINE, True)])
def test_a_phones_own_transfer(rig: LineRig, number: str, may: bool) -> None:
    """A site's own dialplan and REFER: the phone calls, whoever is sent; two lines alone have a limit."""
    rig.asterisk.cli("dialplan add extension 7705,1,Dial,PJSIP/2001\\,20 into from-pstn")
    ann, customer = rig.desk("1001"), rig.customer("+8613800000001")
    customer.call("7705")
    ann.answer()
    eventually(
        lambda: "talking" in [c.state for c in rig.asked(rig.bridge.calls.open_calls)],
    )
    lines = Lines(rig)
    refer(rig, ann, number)
    if may:
        eventually(lambda: lines.reached() == [number])
        eventually(lambda: "CC_PAIR=1" in rig.asterisk.cli(f"core show channel {_trunk(rig)}"))
    else:
        lines.refused(number, agent="1001", phone=DESKS["1001"])
    rig.asterisk.cli("channel request hangup all")
    rig.asterisk.cli("dialplan remove extension 7705@from-pstn")


def refer(rig: LineRig, phone: Ear, number: str) -> None:
    """Its own transfer key."""
    phone.command("transfer", f"sip:{number}@127.0.0.1:{rig.settings.ports.sip}")


def _trunk(rig: LineRig) -> str:
    """The youngest channel of the line."""
    return rig.channels("PJSIP/trunk")[-1].name


def test_a_phone_is_where_it_speaks_from(rig: LineRig) -> None:
    """REGISTER with a contact at the carrier, who knows the PBX by its address: its calls would go to any number."""
    rig.without("2003")
    phone, ports = Stranger(rig.settings.ports.sip, "2003"), rig.settings.ports
    try:
        assert phone.register("s-2003", f"sip:{FINE}@{HOST}:{ports.trunk}") == 200
        [told] = [
            line for line in rig.asterisk.cli("pjsip show contacts").splitlines() if "2003/" in line
        ]
        assert f"@{HOST}:{phone.port}" in told and f":{ports.trunk}" not in told, told
    finally:
        phone.socket.close()


def test_a_dear_mobile_is_no_phone(rig: LineRig, settings: Callable[..., None]) -> None:
    lines = Lines(rig)
    args = {"device": "mobile", "extension": "+19005551234", "session": 5}
    assert rig.command("sign_in", args, "1005")["code"] == "refused"
    assert rig.state("1005") in (None, "offline")
    # nor one where they have signed in before it was forbidden
    rig.sign_in("1005", "mobile", MOBILES["1005"])
    settings(destinations=[{"prefix": MOBILES["1005"][1:], "allowed_for": "nobody"}])
    assert rig.command("echo", {}, "1005")["code"] in ("not_registered", "refused")
    assert lines.reached() == []


def test_an_echo_at_a_mobile_is_a_call(rig: LineRig) -> None:
    """Every channel to a line makes a call in the log."""
    rig.sign_in("1005", "mobile", MOBILES["1005"])
    since = int(time.time() * 1e6) - 500_000
    assert rig.command("echo", {}, "1005")["ok"]
    mine = MOBILES["1005"]
    [call] = eventually(lambda: [c for c in rig.calls(since) if c["to"]["number"] == mine])
    assert call["direction"] == "outbound"
    # before it has answered there is nothing to hang up
    eventually(lambda: "Up" in [c.state for c in rig.channels("PJSIP/trunk")])
    rig.ears["outside"].as_number(mine).hang_up()
    ended = {"call_uid": call["call_uid"], "state": "ended"}
    eventually(lambda: [c for c in rig.calls() if ended.items() <= c.items()])


def test_a_colleague_is_no_line(rig: LineRig) -> None:
    """Who is dialled by an agent's number is rung, by no line."""
    ann, ben, lines = rig.desk("1001"), rig.desk("1002"), Lines(rig)
    result = rig.command("dial", {"number": "1002"}, "1001")
    assert result["ok"], result
    ann.answer()
    ben.answer()
    one = Talk(rig, ann, ben, result["call_uid"])
    one.until(state="talking")
    assert one.call["direction"] == "internal"
    assert lines.reached() == []
    ben.hang_up()
    one.ended()


# ---- limits


def test_a_pair_of_lines_is_ended(
    rig: LineRig, talk: Callable[..., Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent hands an outside call to a number outside and leaves: limited, told, in the log."""
    # the settings have minutes; a busy machine needs some seconds to connect them
    monkeypatch.setattr(rig.bridge.gate, "limit", lambda name, *_: 10 * (name == "pair_minutes"))
    rig.asterisk.cli("database put cc pair_s 10")
    one, lines = talk("queue"), Lines(rig)
    one.does("transfer", to={"kind": "number", "value": FINE})
    call = one.ended()
    assert ("outside", FINE) in one.parties(), call
    # they have talked with each other before
    told = [f["call"] for f in rig.facts("call.") if f["call"]["call_uid"] == one.uid]
    assert [
        c for c in told if c["state"] == "talking" and FINE in [leg["number"] for leg in c["legs"]]
    ], told
    assert lines.reached()
    [alarm] = lines.alarms()
    assert (alarm["why"], alarm["call_uid"], alarm["number"]) == ("pair", one.uid, FINE)
    rig.asterisk.cli("database put cc pair_s 3600")


def test_a_consult_completed_is_a_pair(rig: LineRig, talk: Callable[..., Talk]) -> None:
    """As soon as the agent is gone, the bridge gives what remains its limit."""
    one = talk("queue")
    one.does("consult", to={"kind": "number", "value": FINE})
    eventually(lambda: ("outside", FINE) in one.parties())
    one.does("complete")
    eventually(lambda: "CC_PAIR=1" in rig.asterisk.cli(f"core show channel {_trunk(rig)}"))
    # a leader, who is in no call and need not be signed in, ends it
    assert rig.command("end_call", {"reason": "too long"}, "1004", one.uid)["ok"]
    one.ended()
    eventually(lambda: not rig.channels("PJSIP/trunk"))
    assert rig.command("end_call", {}, "1004", one.uid)["code"] == "no_call"


@pytest.mark.parametrize("kind", ["queue", "outbound"])
def test_a_leader_ends_any_call(rig: LineRig, talk: Callable[..., Talk], kind: str) -> None:
    one = talk(kind)
    assert rig.command("end_call", {}, "1004", one.uid)["ok"]
    one.ended()
    eventually(lambda: not rig.asked(rig.bridge.calls.live.all))


def test_only_so_many_at_once(rig: LineRig, settings: Callable[..., None]) -> None:
    settings(out_most=1)
    ann, ben = rig.desk("1001"), rig.desk("1002")
    lines = Lines(rig)
    ann.dial(FINE)
    eventually(lambda: lines.reached() == [FINE])
    eventually(lambda: [c for c in rig.calls() if c["state"] == "talking"])
    more = Lines(rig)
    ben.dial("+8613800000001")
    more.refused("+8613800000001", "busy", agent="1002")
    assert rig.command("dial", {"number": "+8613800000001"}, "1002")["code"] in (
        "refused",
        "illegal_state",
    )
    ann.hang_up()


def test_only_so_many_an_hour(rig: LineRig, settings: Callable[..., None]) -> None:
    settings(out_hour=1)
    rig.bridge.gate._made.clear()
    cai, lines = rig.desk("1003"), Lines(rig)
    cai.dial(FINE)
    eventually(lambda: lines.reached() == [FINE])
    eventually(lambda: [a for a in lines.alarms() if a["why"] == "hour"])
    cai.hang_up()
    eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))
    eventually(lambda: ": 1" in rig.asterisk.cli("database get ccstop 1003"))
    more = Lines(rig)
    cai.dial(FINE)
    more.refused(FINE, "hour", agent="1003")
    eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))
    assert rig.command("dial", {"number": FINE}, "1003")["code"] == "refused"
    rig.bridge.gate._made.clear()
    rig.asterisk.cli("database deltree ccstop")


def test_who_calls_from_outside_reaches_no_line(rig: LineRig) -> None:
    customer, lines = rig.customer("+8613800000001"), Lines(rig)
    for number in ("19005551234", "+19005551234"):
        customer.call(number)
        eventually(lambda: rig.asked(rig.bridge.calls.open_calls))
        customer.hang_up()
        eventually(lambda: not rig.asked(rig.bridge.calls.open_calls))
    assert lines.reached() == []
