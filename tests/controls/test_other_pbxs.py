# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What other people's PBXs do and ours does not, on a real Asterisk 22: dialplans of theirs, the facts that must come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from line_rig import Call, Ear, LineRig, eventually

Scene = Callable[..., None]


@pytest.fixture
def lab(rig: LineRig) -> Iterator[Scene]:
    """lab("7701", "Wait,1", …): what somebody outside who dials this number comes to."""
    added: list[str] = []

    def add(exten: str, *steps: str, context: str = "from-pstn") -> None:
        for n, step in enumerate(steps, 1):
            said = rig.asterisk.cli(f"dialplan add extension {exten},{n},{step} into {context}")
            assert "added" in said, said
        added.append(f"{exten}@{context}")

    yield add
    for one in added:
        rig.asterisk.cli(f"dialplan remove extension {one}")


@pytest.fixture
def phone(rig: LineRig) -> Iterator[Ear]:
    """The desk phone 2003, at which nobody is signed in."""
    ear = rig.desk("1003")
    assert rig.command("sign_out", {"session": None}, "1003")["ok"]
    yield ear
    rig.asterisk.cli("queue remove member PJSIP/2003 from sales")


def newest(rig: LineRig, since: int) -> Call:
    """The only call that began since, once it is told."""
    [call] = eventually(lambda: rig.calls(since))
    return call


def now() -> int:
    return int(time.time() * 1e6) - 200_000


def over(rig: LineRig, since: int) -> Call:
    """The same when it is over."""
    eventually(lambda: newest(rig, since)["state"] == "ended", 20)
    return newest(rig, since)


def test_a_pick_up_that_hears_the_announcement_only(rig: LineRig, lab: Scene, phone: Ear) -> None:
    """The member hangs up before they are connected (AgentDump): nobody has answered."""
    lab("7702", "Answer,", "Queue,sales\\,\\,\\,demo-congrats")
    assert "Added" in rig.asterisk.cli("queue add member PJSIP/2003 to sales penalty 0")
    since, caller = now(), rig.customer("+8613800000001")
    caller.call("7702")
    phone.answer()
    eventually(lambda: phone.loud() > 0.01)
    rig.asterisk.cli("queue pause member PJSIP/2003 queue sales")
    phone.hang_up()
    eventually(lambda: [a for a in newest(rig, since)["attempts"] if a["outcome"]])
    assert newest(rig, since)["state"] == "queued"
    caller.hang_up()
    call = over(rig, since)
    assert call["answered_t"] is None
    assert (call["queue"], call["loss"], call["ended_by"]) == ("sales", "queue", "customer")
    assert [a["outcome"] for a in call["attempts"]] == ["rejected"]


def test_a_customer_who_is_gone_while_their_channel_lives_on(
    rig: LineRig, lab: Scene, phone: Ear
) -> None:
    """Something slow in the extension h keeps the channel, not the call."""
    lab("s", "Dial,PJSIP/2003\\,20", context="lab-slow")
    # waits three seconds for a lock that somebody else has
    lab("h", "Set,CC_SLOW=${LOCK(slow)}", context="lab-slow")
    lab("s", "Set,CC_SLOW=${LOCK(slow)}", "Wait,20", context="lab-lock")
    lab("7703", "Goto,lab-slow\\,s\\,1")
    rig.asterisk.cli("channel originate Local/s@lab-lock application Wait 20")
    since, caller = now(), rig.customer("+8613800000001")
    caller.call("7703")
    phone.answer()

    def ours() -> Call | None:
        found = [c for c in rig.calls(since) if c["from"]["number"] == "+8613800000001"]
        return found[-1] if found else None

    eventually(lambda: (one := ours()) and one["state"] == "talking")
    caller.hang_up()
    gone = time.time() * 1e6
    call = eventually(lambda: (one := ours()) and one["state"] == "ended" and one, 15)
    assert call["ended_by"] == "customer"
    # the lock was waited for after they had gone
    assert call["ended_t"] < gone + 1_500_000
