# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Calls that no recording shows, event by event."""

from typing import Any

import pytest

from . import streams
from .scene import START, Scene

ID = "01900000-0000-7000-8000-00000000c0de"


def rings(call: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    """Target and outcome of each attempt."""
    return [(x["target"], x["outcome"]) for x in call["attempts"]]


def legs(call: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Role and number of each leg."""
    return [(x["role"], x["number"]) for x in call["legs"]]


def queued(scene: Scene) -> str:
    """A customer waits in *support*."""
    customer = scene.customer()
    scene.wait(0.1)
    scene.queue(customer, "QueueCallerJoin", "support")
    return customer


def member(scene: Scene, customer: str, phone: str, serial: str = "1") -> str:
    """A plain PJSIP member is rung."""
    channel = scene.new(f"PJSIP/{phone}-0000{serial}000", phone)
    scene.queue(customer, "AgentCalled", "support", channel, Interface=f"PJSIP/{phone}")
    scene.dial(customer, channel, f"PJSIP/{phone}")
    return channel


def our_member(scene: Scene, customer: str, device: str, dialled: str) -> tuple[str, str, str]:
    """Agent 1001 of our dialplan is rung at some device."""
    one, two = scene.local("1001", "cc-agent")
    scene.queue(customer, "AgentCalled", "support", one, Interface="Local/1001@cc-agent/n")
    scene.dial(customer, one, "Local/1001@cc-agent/n")
    channel = scene.new(device)
    scene.dial(two, channel, dialled)
    return one, two, channel


@pytest.mark.parametrize(
    ("device", "dialled"),
    [("PJSIP/w1001-00000002", "w1001"), ("PJSIP/trunk-00000002", "139@trunk")],
)
def test_our_member_is_the_agent_whatever_phone_rings(device: str, dialled: str) -> None:
    """Agent number 1001 for the browser w1001 and for an outside mobile alike."""
    scene = Scene()
    customer = queued(scene)
    one, two, phone = our_member(scene, customer, device, dialled)
    assert rings(scene.only()) == [("1001", None)]
    assert scene.only()["state"] == "ringing"
    scene.wait(4)
    scene.dialled(two, phone, "ANSWER")
    scene.bridge("room", phone)
    scene.dialled(customer, one, "ANSWER")
    scene.queue(customer, "QueueCallerLeave", "support")
    scene.queue(customer, "AgentConnect", "support", one, Interface="Local/1001@cc-agent/n")
    scene.bridge("queue", one, customer)
    scene.bridge("room", two)
    call = scene.only()
    assert call["state"] == "talking"
    assert call["answered_t"] == int((START + 4.1) * 1e6)
    assert rings(call) == [("1001", "answered")]
    assert legs(call) == [("customer", "13800000001"), ("agent", "1001")]
    assert scene.kinds() == ["started", "queued", "ringing", "answered"]
    scene.asks(phone)
    scene.gone(phone, two, one)
    scene.gone(customer)
    call = scene.only()
    assert (call["state"], call["ended_by"], call["loss"]) == ("ended", "agent", None)


@pytest.mark.parametrize(
    ("rang", "status", "cause", "outcome"),
    [
        (False, "BUSY", 17, "busy"),
        (True, "BUSY", 17, "rejected"),
        (True, "", 21, "rejected"),
        (False, "CHANUNAVAIL", 20, "failed"),
        (True, "NOANSWER", 0, "no_answer"),
    ],
)
def test_how_a_ring_in_a_queue_ends(rang: bool, status: str, cause: int, outcome: str) -> None:
    """A phone that was busy, one whose owner said no, one that is not there, one unheard."""
    scene = Scene()
    customer = queued(scene)
    phone = member(scene, customer, "1004")
    if rang:
        scene.state(phone, "Ringing")
    scene.wait(2 if rang else 0.05)
    if status:
        scene.dialled(customer, phone, status)
    scene.queue(customer, "AgentRingNoAnswer", "support", phone, Interface="PJSIP/1004")
    scene.gone(phone, cause=cause)
    call = scene.only()
    assert rings(call) == [("1004", outcome)]
    assert call["state"] == "queued"
    assert scene.kinds()[-1] == "queued"


def test_rejected_behind_our_local_member() -> None:
    """The browser declines: the queue only says *no answer*, the phone said why."""
    scene = Scene()
    customer = queued(scene)
    one, two, phone = our_member(scene, customer, "PJSIP/w1001-00000002", "w1001")
    scene.state(phone, "Ringing")
    scene.wait(2)
    scene.dialled(two, phone, "BUSY")
    scene.gone(phone, cause=17)
    scene.gone(two, cause=17)
    scene.queue(customer, "AgentRingNoAnswer", "support", one, RingTime="2000")
    scene.gone(one, cause=17)
    assert rings(scene.only()) == [("1001", "rejected")]
    assert scene.only()["state"] == "queued"


def test_an_agent_without_a_phone_is_a_failed_ring() -> None:
    """Nothing stands behind the Local: it ends at once."""
    scene = Scene()
    customer = queued(scene)
    one, two = scene.local("1001", "cc-agent")
    scene.queue(customer, "AgentCalled", "support", one, Interface="Local/1001@cc-agent/n")
    scene.dial(customer, one, "Local/1001@cc-agent/n")
    scene.gone(two, cause=0)
    scene.queue(customer, "AgentRingNoAnswer", "support", one, RingTime="0")
    scene.gone(one, cause=0)
    assert rings(scene.only()) == [("1001", "failed")]


def test_two_rung_at_once_one_answers() -> None:
    """The other's phone stops: cancelled, and it was nobody's fault."""
    scene = Scene()
    customer = queued(scene)
    first, second = member(scene, customer, "1004", "1"), member(scene, customer, "1005", "2")
    scene.wait(3)
    scene.dialled(customer, second, "ANSWER")
    scene.dialled(customer, first, "CANCEL")
    scene.queue(customer, "QueueCallerLeave", "support")
    scene.queue(customer, "AgentConnect", "support", second, Interface="PJSIP/1005")
    scene.bridge("b", second, customer)
    scene.gone(first, cause=26)
    call = scene.only()
    assert rings(call) == [("1004", "cancelled"), ("1005", "answered")]
    assert legs(call) == [("customer", "13800000001"), ("agent", "1005")]


def test_one_of_two_rung_rejects_the_other_rings_on() -> None:
    """A fact says so at once: their bar must stop ringing."""
    scene = Scene()
    customer = queued(scene)
    first, _second = member(scene, customer, "1004", "1"), member(scene, customer, "1005", "2")
    scene.state(first, "Ringing")
    before = len(scene.facts)
    scene.dialled(customer, first, "BUSY")
    assert scene.kinds()[before:] == ["ringing"]
    assert rings(scene.only()) == [("1004", "rejected"), ("1005", None)]


def test_a_queue_that_times_out_into_an_announcement() -> None:
    """``QueueCallerAbandon`` fires, the customer hears an announcement, then hangs up: overflow."""
    scene = Scene()
    customer = queued(scene)
    phone = member(scene, customer, "1004")
    scene.wait(60)
    scene.dialled(customer, phone, "NOANSWER")
    scene.queue(customer, "QueueCallerAbandon", "support")
    scene.queue(customer, "QueueCallerLeave", "support")
    scene.gone(phone, cause=0)
    assert scene.only()["state"] == "ivr"
    scene.wait(5)
    scene.asks(customer)
    scene.gone(customer)
    call = scene.only()
    assert (call["loss"], call["ended_by"], call["answered_t"]) == ("overflow", "customer", None)
    assert rings(call) == [("1004", "no_answer")]


def test_each_queue_on_the_way_is_told() -> None:
    """The first queue rings nobody and times out into a second: both stays are told, a single one is not."""
    scene = Scene()
    customer = queued(scene)
    begun = scene.only()["queued_t"]
    assert "entries" not in scene.only()
    scene.wait(30)
    scene.queue(customer, "QueueCallerAbandon", "support")
    scene.queue(customer, "QueueCallerLeave", "support")
    scene.wait(5)
    scene.queue(customer, "QueueCallerJoin", "sales")
    scene.wait(20)
    scene.queue(customer, "QueueCallerAbandon", "sales")
    scene.queue(customer, "QueueCallerLeave", "sales")
    scene.asks(customer)
    scene.gone(customer)
    call = scene.only()
    s = 1_000_000
    assert (call["queued_t"], call["attempts"]) == (begun, [])
    assert call["entries"] == [
        {"queue": "support", "from_t": begun, "to_t": begun + 30 * s},
        {"queue": "sales", "from_t": begun + 35 * s, "to_t": begun + 55 * s},
    ]


def test_a_full_queue_is_overflow() -> None:
    """No join at all, only the queue's status."""
    scene = Scene()
    customer = scene.customer()
    scene.send("VarSet", **scene.of(customer), Variable="QUEUESTATUS", Value="FULL")
    scene.gone(customer)
    assert scene.only()["loss"] == "overflow"


def test_hung_up_in_the_menu() -> None:
    """Never queued, nobody rung."""
    scene = Scene()
    customer = scene.customer()
    scene.send("DTMFEnd", **scene.of(customer), Digit="3", Direction="Received")
    scene.wait(2)
    scene.asks(customer)
    scene.gone(customer)
    call = scene.only()
    assert (call["loss"], call["ended_by"]) == ("ivr", "customer")
    assert [x["key"] for x in call["ivr"]] == ["3"]


def test_from_a_menu_on_to_a_queue_is_no_second_transfer() -> None:
    """Sent to a menu; on a busy machine the agent's phone is told to leave a moment after that."""
    scene = Scene(agent_endpoints={"2001": "1001"}.get)
    customer = scene.customer("1001")
    phone = scene.new("PJSIP/2001-00000001")
    scene.dial(customer, phone, "2001")
    scene.dialled(customer, phone, "ANSWER")
    scene.bridge("room", phone, customer)
    scene.wait(5)
    told = {"UserEvent": "CCTransfer", "By": "1001", "Kind": "ivr", "To": "main"}
    scene.send("UserEvent", **scene.of(customer), **told)
    scene.send("BridgeLeave", **scene.of(customer), BridgeUniqueid="room")
    scene.wait(0.8)
    scene.gone(phone)
    scene.wait(0.9)
    # the key that they press leads them on
    other = scene.new("PJSIP/2002-00000002")
    scene.dial(customer, other, "2002")
    assert [(x["how"], x["by"], x["to"]) for x in scene.only()["transfers"]] == [
        ("blind", "1001", "main")
    ]


def test_a_direct_call_that_nobody_takes() -> None:
    """Dial's own time is over: the agent did not answer."""
    scene = Scene()
    customer = scene.customer("1004")
    phone = scene.new("PJSIP/1004-00000002", "1004")
    scene.dial(customer, phone, "1004")
    scene.wait(20)
    scene.dialled(customer, phone, "NOANSWER")
    scene.gone(phone, cause=0)
    scene.gone(customer, cause=19)
    call = scene.only()
    assert (call["loss"], call["ended_by"]) == ("agent_no_answer", "system")
    assert rings(call) == [("1004", "no_answer")]
    assert call["queue"] is None and call["attempts"][0]["queue"] is None


def test_direct_to_our_agent_at_an_outside_mobile() -> None:
    """cc-direct names the agent; the mobile rung through the trunk is their leg, not an outsider."""
    scene = Scene()
    customer = scene.customer("1001")
    scene.send(
        "UserEvent",
        **scene.of(customer),
        UserEvent="CCDirect",
        Agent="1001",
        Room="c-x",
        Line="main",
        DID="4000",
    )
    phone = scene.new("PJSIP/trunk-00000002")
    scene.dial(customer, phone, "13911112222@trunk", Context="cc-direct", Exten="1001")
    scene.dialled(customer, phone, "ANSWER")
    scene.bridge("room", phone, customer)
    call = scene.only()
    assert (call["direction"], call["line"], call["to"]["number"]) == ("inbound", "main", "4000")
    assert rings(call) == [("1001", "answered")]
    assert legs(call) == [("customer", "13800000001"), ("agent", "1001")]


def outgoing(scene: Scene) -> str:
    """Agent 1001 clicked a number: their browser is called first, with an id we chose."""
    scene.model.adopt(ID, "cc-chan-1", agent="1001", number="13911112222", name="Ann")
    phone = scene.new("PJSIP/w1001-00000001", uid="cc-chan-1")
    scene.dial(None, phone, "w1001")
    return phone


def test_a_failure_overtakes_its_channel() -> None:
    """Busy within milliseconds: OriginateResponse comes by a way of its own, before the channel's first word."""
    scene = Scene()
    scene.model.adopt(ID, "cc-chan-1", number="13911112222", line="trunk", action_id="a1")
    scene.send("OriginateResponse", ActionID="a1", Response="Failure", Uniqueid="cc-chan-1")
    line = scene.new("PJSIP/trunk-00000001", uid="cc-chan-1")
    scene.dial(None, line, "13911112222@trunk")
    scene.dialled(None, line, "BUSY")
    scene.gone(line, cause=17)
    call = scene.only()
    assert (call["call_uid"], call["direction"], call["state"]) == (ID, "outbound", "ended")
    assert call["to"]["number"] == "13911112222"


def test_click_to_call_of_ours() -> None:
    """One outbound call under the id that we told, from the agent to the customer."""
    scene = Scene()
    phone = outgoing(scene)
    call = scene.only()
    assert (call["call_uid"], call["direction"], call["state"]) == (ID, "outbound", "ringing")
    assert (call["from"], call["to"]) == (
        {"number": "1001", "name": "Ann"},
        {"number": "13911112222"},
    )
    scene.state(phone, "Up")
    scene.send("VarSet", **scene.of(phone), Variable="AGENT", Value="1001")
    line = scene.new("PJSIP/trunk-00000002")
    scene.send("VarSet", **scene.of(line), Variable="AGENT", Value="1001")
    scene.dial(phone, line, "13911112222@trunk", Context="cc-out", Exten="13911112222")
    assert scene.only()["answered_t"] is None
    assert scene.only()["legs"][0]["joined_t"] is not None
    scene.wait(5)
    scene.dialled(phone, line, "ANSWER")
    scene.bridge("room", phone, line)
    call = scene.only()
    assert call["state"] == "talking"
    assert call["answered_t"] == (START + 5) * 1_000_000
    assert rings(call) == [("13911112222", "answered")]
    assert legs(call) == [("agent", "1001"), ("customer", "13911112222")]
    assert call["line"] == "trunk"
    scene.asks(line)
    scene.gone(line)
    call = scene.only()
    assert (call["state"], call["ended_by"], call["loss"]) == ("ended", "customer", None)
    assert call["legs"][0]["left_t"] == call["ended_t"]
    assert scene.kinds() == ["started", "ringing", "answered", "ended"]
    scene.gone(phone)
    assert scene.kinds()[-1] == "ended"


@pytest.mark.parametrize(
    ("status", "cause", "outcome"),
    [("BUSY", 17, "busy"), ("NOANSWER", 0, "no_answer"), ("CONGESTION", 34, "failed")],
)
def test_click_to_call_that_the_customer_does_not_take(
    status: str, cause: int, outcome: str
) -> None:
    """An outside number that is busy after ringing is busy; nobody answered."""
    scene = Scene()
    phone = outgoing(scene)
    scene.state(phone, "Up")
    line = scene.new("PJSIP/trunk-00000002")
    scene.dial(phone, line, "13911112222@trunk", Context="cc-out", Exten="13911112222")
    scene.state(line, "Ringing")
    scene.wait(3)
    scene.dialled(phone, line, status)
    scene.gone(line, cause=cause)
    scene.gone(phone)
    call = scene.only()
    assert (call["state"], call["answered_t"], call["loss"]) == ("ended", None, None)
    assert rings(call) == [("13911112222", outcome)]


def test_click_to_call_that_the_agent_does_not_take() -> None:
    """The agent's own phone was not answered: no attempt at the customer was made."""
    scene = Scene()
    phone = outgoing(scene)
    scene.state(phone, "Ringing")
    scene.wait(20)
    scene.gone(phone, cause=19)
    call = scene.only()
    assert (call["state"], call["ended_by"], call["attempts"]) == ("ended", "system", [])
    assert call["legs"][0]["joined_t"] is None


def test_dialled_by_the_phone_itself() -> None:
    """A desk phone dials out: outbound, from the agent whose endpoint it is."""
    scene = Scene(trunks={"trunk"}, agent_endpoints={"w1001": "1001"}.get)
    phone = scene.new("PJSIP/w1001-00000001", "w1001", "013911112222", "Ring")
    assert scene.facts == []
    line = scene.new("PJSIP/trunk-00000002")
    scene.dial(phone, line, "013911112222@trunk", Exten="013911112222")
    scene.wait(2)
    scene.dialled(phone, line, "ANSWER")
    scene.bridge("b", phone, line)
    call = scene.only()
    assert (call["direction"], call["from"]["number"]) == ("outbound", "1001")
    assert call["to"]["number"] == "013911112222"
    assert legs(call) == [("agent", "1001"), ("customer", "013911112222")]
    scene.asks(phone)
    scene.gone(line, phone)
    assert scene.only()["ended_by"] == "agent"


@pytest.mark.parametrize("who", ["caller", "callee"])
def test_internal_call(who: str) -> None:
    """Two extensions: one call, two agent legs, whoever hangs up first."""
    scene = Scene()
    first = scene.new("PJSIP/1004-00000001", "1004", "1005", "Ring")
    second = scene.new("PJSIP/1005-00000002", "1005")
    scene.dial(first, second, "1005")
    scene.wait(2)
    scene.dialled(first, second, "ANSWER")
    scene.bridge("b", first, second)
    call = scene.only()
    assert (call["direction"], call["state"]) == ("internal", "talking")
    assert (call["from"]["number"], call["to"]["number"]) == ("1004", "1005")
    assert legs(call) == [("agent", "1004"), ("agent", "1005")]
    assert rings(call) == [("1005", "answered")]
    scene.asks(first if who == "caller" else second)
    for name in (first, second) if who == "caller" else (second, first):
        scene.gone(name)
    call = scene.only()
    assert (call["state"], call["ended_by"], call["loss"]) == ("ended", "agent", None)


def colleagues() -> tuple[Scene, list[str]]:
    """Our dialplan: 1001 has called 1002."""
    scene = Scene()
    ann = scene.new("PJSIP/1001-00000001", "1001", "1002", "Ring")
    ben = scene.new("PJSIP/1002-00000002", "1002")
    scene.dial(ann, ben, "1002")
    scene.dialled(ann, ben, "ANSWER")
    scene.bridge("room", ben, ann)
    scene.wait(5)
    return scene, [ann, ben]


def asked_aside() -> tuple[Scene, list[str]]:
    """1002 hears music, and 1001 asks 1003."""
    scene, [ann, ben] = colleagues()
    waits(scene, ben)
    scene.model.adopt(scene.only()["call_uid"], "cc-3", agent="1003")
    cai = scene.new("PJSIP/1003-00000003", "1003", uid="cc-3")
    scene.state(cai, "Up")
    scene.wait(2)
    scene.bridge("room", cai)
    scene.wait(2)
    assert scene.only()["state"] == "held"
    return scene, [ann, ben, cai]


def waits(scene: Scene, name: str) -> None:
    """Out of the room, to music."""
    scene.send("BridgeLeave", **scene.of(name), BridgeUniqueid="room")
    scene.send("UserEvent", **scene.of(name), UserEvent="CCWait")


def test_who_is_alone_in_a_room_that_was_met_again() -> None:
    """The bridge was away: that the room plays music to the caller is still no hold by the colleague who left it."""
    scene, pair = colleagues()
    rows = [{**scene.of(name), "Event": "CoreShowChannel", "BridgeId": "room"} for name in pair]
    rooms = {row["Uniqueid"]: "c-1" for row in rows}
    scene.facts += scene.model.resync(rows, rooms=rooms, t=round(scene.now * 1_000_000))
    ann, ben = pair
    scene.send("BridgeLeave", **scene.of(ben), BridgeUniqueid="room")
    scene.send("MusicOnHoldStart", **scene.of(ann), Class="default")
    scene.send("UserEvent", **scene.of(ben), UserEvent="CCWait")
    assert [hold["by"] for hold in scene.only()["holds"]] == ["1001"]


def test_a_colleague_who_hangs_up_on_hold() -> None:
    """Whom the caller has asked meanwhile is the other side then, and can be put on hold like the first."""
    scene, [ann, ben, cai] = asked_aside()
    scene.asks(ben)
    scene.gone(ben)
    call = scene.only()
    [hold] = call["holds"]
    assert call["state"] == "talking" and hold["to_t"] == call["legs"][1]["left_t"] is not None
    scene.wait(3)
    waits(scene, cai)
    assert (scene.only()["state"], scene.only()["holds"][1]["by"]) == ("held", "1001")
    scene.bridge("room", cai)
    assert scene.only()["state"] == "talking" and scene.only()["transfers"] == []
    scene.asks(ann)
    scene.gone(ann, cai)
    assert (scene.only()["state"], scene.only()["ended_by"]) == ("ended", "agent")


@pytest.mark.parametrize("leaves", ["1001", None])
def test_a_caller_who_brings_the_others_together(leaves: str | None) -> None:
    """To talk with both, or to go: only who does it knows."""
    scene, [ann, ben, _] = asked_aside()
    scene.model.leaves(scene.only()["call_uid"], leaves)
    scene.bridge("room", ben)
    if leaves:
        scene.asks(ann)
        scene.gone(ann)
        assert scene.facts[-1].kind == "call.left"
        # the one who is left is whom the call is for
        scene.send("BridgeLeave", **scene.of(ben), BridgeUniqueid="room")
        scene.send("UserEvent", **scene.of(ben), UserEvent="CCHeld")
    [transfer] = scene.only()["transfers"]
    how = "attended" if leaves else "conference"
    assert (transfer["how"], transfer["by"], transfer["to"]) == (how, "1001", "1003")
    assert scene.only()["state"] == ("held" if leaves else "talking")


def test_a_caller_on_hold_hangs_up() -> None:
    """The colleague had asked somebody: the two talk on, nobody is on hold."""
    scene, [ann, ben, _] = asked_aside()
    scene.bridge("room", ben)
    scene.send("BridgeLeave", **scene.of(ann), BridgeUniqueid="room")
    scene.send("UserEvent", **scene.of(ann), UserEvent="CCHeld")
    assert (scene.only()["state"], scene.only()["holds"][1]["by"]) == ("held", "1002")
    scene.asks(ann)
    scene.gone(ann)
    call = scene.only()
    assert call["state"] == "talking" and all(hold["to_t"] for hold in call["holds"])


def test_a_desk_phone_transfers_by_its_own_second_line() -> None:
    """What they ask on their second line belongs to the customer's call from the first ring on."""
    scene = Scene()
    customer = scene.customer("1004")
    phone = scene.new("PJSIP/1004-00000002", "1004")
    scene.dial(customer, phone, "1004")
    scene.dialled(customer, phone, "ANSWER")
    scene.bridge("b1", phone, customer)
    scene.send("Hold", **scene.of(phone))
    line2 = scene.new("PJSIP/1004-00000003", "1004", "1005", "Ring")
    other = scene.new("PJSIP/1005-00000004", "1005")
    scene.dial(line2, other, "1005")
    scene.wait(1)
    scene.dialled(line2, other, "ANSWER")
    scene.bridge("b2", line2, other)
    scene.wait(5)
    scene.send(
        "AttendedTransfer",
        Result="Success",
        **scene.of(phone, "OrigTransferer"),
        **scene.of(line2, "SecondTransferer"),
        **scene.of(customer, "Transferee"),
        **scene.of(other, "TransferTarget"),
    )
    scene.bridge("b1", other)
    scene.gone(phone, line2)
    main = scene.only()
    assert main["state"] == "talking"
    assert [(x["how"], x["by"], x["to"], x["completed"]) for x in main["transfers"]] == [
        ("attended", "1004", "1005", True)
    ]
    assert legs(main)[1:] == [("agent", "1004"), ("agent", "1005")]
    assert len(main["legs"][1]["channels"]) == 2
    scene.asks(customer)
    scene.gone(customer, other)
    main = scene.only()
    assert (main["state"], main["ended_by"]) == ("ended", "customer")
    assert main["holds"][0]["to_t"] is not None


def test_a_blind_transfer_that_nobody_takes() -> None:
    """Handed to 1005, who does not answer: not completed."""
    scene = Scene()
    customer = scene.customer("1004")
    phone = scene.new("PJSIP/1004-00000002", "1004")
    scene.dial(customer, phone, "1004")
    scene.dialled(customer, phone, "ANSWER")
    scene.bridge("b1", phone, customer)
    scene.send(
        "BlindTransfer",
        Result="Success",
        **scene.of(phone, "Transferer"),
        **scene.of(customer, "Transferee"),
        Extension="1005",
    )
    scene.gone(phone)
    other = scene.new("PJSIP/1005-00000003", "1005")
    scene.dial(customer, other, "1005")
    scene.wait(20)
    scene.dialled(customer, other, "NOANSWER")
    scene.gone(other, cause=0)
    scene.gone(customer)
    call = scene.only()
    assert [(x["how"], x["to"], x["completed"]) for x in call["transfers"]] == [
        ("blind", "1005", False)
    ]
    assert rings(call) == [("1004", "answered"), ("1005", "no_answer")]
    assert call["loss"] is None


def test_after_a_gap_the_lost_end_and_the_missed_beginning() -> None:
    """Resync: the call whose customer is gone ends as estimated, one in mid-talk is begun."""
    scene = Scene()
    customer = queued(scene)
    last = scene.now
    scene.wait(30)
    rows = [
        {
            "Channel": "PJSIP/trunk-00000009",
            "Uniqueid": "pbx-1.9",
            "CallerIDNum": "13700000000",
            "Exten": "100",
            "ChannelState": "6",
            "ChannelStateDesc": "Up",
            "Duration": "00:00:20",
            "BridgeId": "b9",
            "Application": "Queue",
            "ApplicationData": "support,c",
        },
        {
            "Channel": "PJSIP/1004-0000000a",
            "Uniqueid": "pbx-1.10",
            "CallerIDNum": "1004",
            "Exten": "support",
            "ChannelState": "6",
            "ChannelStateDesc": "Up",
            "Duration": "00:00:12",
            "BridgeId": "b9",
            "Application": "AppQueue",
        },
    ]
    scene.facts += scene.model.resync(rows, t=int(scene.now * 1e6))
    lost, found = scene.calls()
    assert (lost["state"], lost["estimated"]) == ("ended", True)
    assert lost["ended_t"] == int(last * 1e6)
    assert (found["state"], found["estimated"], found["queue"]) == ("talking", True, "support")
    assert found["direction"] == "inbound" and found["from"]["number"] == "13700000000"
    assert found["started_t"] == int((scene.now - 20) * 1e6)
    assert legs(found) == [("customer", "13700000000"), ("agent", "1004")]
    assert scene.model.call_of("PJSIP/1004-0000000a") == found["call_uid"]
    assert scene.model.call_of(customer) is None
    again = scene.model.resync(rows, t=int(scene.now * 1e6))
    assert again == []


def test_an_old_sip_pbx_without_system_name() -> None:
    """chan_sip names, bare uniqueids."""
    scene = Scene()
    customer = scene.new("SIP/provider-00000001", "02155556666", "100", "Ring", uid="1795000000.1")
    scene.queue(customer, "QueueCallerJoin", "sales")
    phone = scene.new("SIP/201-00000002", "201", uid="1795000000.2")
    scene.queue(customer, "AgentCalled", "sales", phone, Interface="SIP/201")
    scene.dialled(customer, phone, "ANSWER")
    scene.queue(customer, "AgentConnect", "sales", phone, Interface="SIP/201")
    call = scene.only()
    assert (call["line"], call["queue"], call["state"]) == ("provider", "sales", "talking")
    assert legs(call) == [("customer", "02155556666"), ("agent", "201")]


def test_an_attacker_s_name_is_kept_as_text() -> None:
    """Control characters go, length is cut, the rest stays what it was."""
    scene = Scene()
    scene.known["PJSIP/trunk-1"] = {}
    scene.send(
        "Newchannel",
        Channel="PJSIP/trunk-00000001",
        Uniqueid="1.1",
        ChannelState="4",
        CallerIDNum="138",
        CallerIDName="<script>\r\nAction: x" + "x" * 10_000,
        Exten="100",
    )
    name = scene.only()["from"]["name"]
    assert name.startswith("<script>Action: x") and len(name) <= 512


def joins(stream: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The customer's comings into a room, and the others'."""
    customer = next(e["Channel"] for e in stream if "trunk" in e.get("Channel", ""))
    found = [e for e in stream if e["Event"] in ("BridgeEnter", "ConfbridgeJoin")]
    his = [e for e in found if e["Channel"] == customer]
    return his, [e for e in found if e not in his]


def music(what: str, join: dict[str, Any]) -> dict[str, Any]:
    """Start or Stop of the music that the channel of this coming in hears."""
    seen = {k: v for k, v in join.items() if not k.startswith("Bridge")}
    return {**seen, "Event": f"MusicOnHold{what}", "Class": "default"}


@pytest.mark.parametrize("name", ["cc_out", "cc_direct"])
def test_music_before_the_first_word_is_no_hold(name: str) -> None:
    """On a busy machine the customer may be told of as alone in the room when the agent is there already."""
    stream = streams.events(name)
    his, agents = joins(stream)
    at = min(stream.index(e) for e in (*his, *agents))
    rest = [e for e in stream[at:] if e not in agents]
    rest.insert(rest.index(his[0]) + 1, music("Stop", his[0]))
    late = [*stream[:at], *agents, music("Start", his[0]), *rest]
    [call] = streams.last(streams.run(late))
    assert call["holds"] == [] and call["answered_t"] is not None


@pytest.mark.parametrize("name", ["cc_out", "cc_direct"])
def test_music_that_is_told_late_is_no_phone_s_hold(name: str) -> None:
    """They waited in the room for a moment; both are in it by the time we hear of their music."""
    stream = streams.events(name)
    his, agents = joins(stream)
    at = max(stream.index(e) for e in (*his, *agents)) + 1
    heard = [music("Start", his[0]), music("Stop", his[0])]
    [call] = streams.last(streams.run([*stream[:at], *heard, *stream[at:]]))
    assert call["holds"] == [] and call["answered_t"] is not None


def test_music_before_who_takes_a_held_call_is_no_second_hold() -> None:
    """Handed over from hold: the customer is in the room a moment before the one who has answered."""
    stream = streams.events("cc2_transfer_agent")
    [whole] = streams.last(streams.run(stream))
    his, others = (found[-2:] for found in joins(stream))
    assert {e["Event"] for e in his} == {e["Event"] for e in others}
    at = min(stream.index(e) for e in (*his, *others))
    rest = [e for e in stream[at:] if e not in his and e not in others]
    late = [*others, music("Start", his[0]), *his, music("Stop", his[0])]
    [call] = streams.last(streams.run([*stream[:at], *late, *rest]))
    assert call["holds"] == whole["holds"] and call["transfers"] == whole["transfers"]


def rating_scene(told: bool) -> tuple[Scene, str]:
    """Agent 1001 has spoken and hung up; the customer's queue asks for a rating."""
    scene = Scene()
    customer = scene.customer()
    scene.send("UserEvent", **scene.of(customer), UserEvent="CCQueue", Queue="support", Rates="1")
    scene.queue(customer, "QueueCallerJoin", "support")
    phone = member(scene, customer, "1001")
    scene.wait(1)
    scene.dialled(customer, phone, "ANSWER")
    scene.queue(customer, "AgentConnect", "support", phone, Interface="PJSIP/1001")
    scene.bridge("b1", customer, phone)
    scene.wait(10)
    scene.asks(phone)
    scene.gone(phone)
    if told:
        scene.send("UserEvent", **scene.of(customer), UserEvent="CCRating", Told="1", Agent="1001")
    return scene, customer


def test_the_dialplan_says_what_a_key_means() -> None:
    """TEL-27: key 1 may mean dissatisfied; the dialplan's word counts, not the key's."""
    scene, customer = rating_scene(told=True)
    scene.send("DTMFEnd", **scene.of(customer), Digit="1", Direction="Received")
    rated = {"UserEvent": "CCRating", "Key": "1", "Outcome": "dissatisfied"}
    scene.send("UserEvent", **scene.of(customer), **rated)
    scene.gone(customer)
    assert scene.only()["rating"] == {"outcome": "dissatisfied", "key": "1"}
    assert scene.only()["ivr"] == []


def test_asked_and_gone_or_never_asked() -> None:
    """TEL-27: hung up unrated, and not sent, are two things."""
    scene, customer = rating_scene(told=True)
    scene.gone(customer)
    assert scene.only()["rating"] == {"outcome": "hung_up", "key": None}
    scene, customer = rating_scene(told=False)
    scene.gone(customer)
    assert scene.only()["rating"] == {"outcome": "not_sent", "key": None}
