# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialplans that are not ours: Locals behind Locals, phones named by a provider, few kinds of events.

Such streams tell nothing but channels, dials and bridges. Written by hand, calls by thought.
"""

from typing import Any

from calls.scene import Scene
from calls.streams import minter

LINE = "SIP/provider-siproute-00000001"
CUSTOMER = "+31260010001"


class Chain(Scene):
    """Phones ``SIP/15001000n`` behind Locals ``ID7n@route`` that are optimised away."""

    def __init__(self) -> None:
        super().__init__()
        self.serial = 0

    def phone(self, n: int, exten: str = "", state: str = "Down") -> str:
        """A channel of phone n; with an extension it dials."""
        self.serial += 1
        name = f"SIP/15001000{n}-000000{self.serial:02x}"
        self.new(name, f"15001000{n}" if exten else "", exten or "s")
        if state != "Down":
            self.state(name, state)
        return name

    def pair(self, exten: str, context: str = "route") -> tuple[str, str]:
        """A Local's halves."""
        self.serial += 1
        return self.local(exten, context, f"000000{self.serial:02x}")

    def ring(self, src: str, n: int) -> tuple[str, str, str]:
        """``src`` rings phone n through a Local."""
        one, two = self.pair(f"ID7{n}")
        self.dial(src, one, f"ID7{n}@route")
        phone = self.phone(n)
        self.dial(two, phone, f"15001000{n}/15001000{n}/10.0.0.4!!201")
        self.state(phone, "Ringing")
        return one, two, phone

    def answers(self, src: str, ring: tuple[str, str, str], bridge: str) -> str:
        """The phone answers; both bridges; then the Local is optimised away."""
        one, two, phone = ring
        self.state(phone, "Up")
        self.dialled(two, phone, "ANSWER")
        self.dialled(src, one, "ANSWER")
        self.bridge(f"{bridge}-far", phone, two)
        self.bridge(bridge, one, src)
        self.send("BridgeLeave", **self.of(one), BridgeUniqueid=bridge)
        self.send("BridgeLeave", **self.of(phone), BridgeUniqueid=f"{bridge}-far")
        self.bridge(bridge, phone)
        self.gone(one, two)
        return phone

    def over(self, bridge: str, *names: str) -> None:
        """They leave and hang up in this order."""
        for name in names:
            self.send("BridgeLeave", **self.of(name), BridgeUniqueid=bridge)
        self.gone(*names)


def rings(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was rung and what came of it."""
    return [(x["target"], x["outcome"]) for x in call["attempts"]]


def legs(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was there."""
    return [(x["role"], x["number"]) for x in call["legs"]]


def handed(call: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Who handed over to whom."""
    return [(x["how"], x["by"], x["to"], x["completed"]) for x in call["transfers"]]


def inbound(scene: Chain) -> tuple[str, str]:
    """A customer talks with phone 1."""
    customer = scene.new(LINE, CUSTOMER, "+31150010001")
    scene.state(customer, "Ring")
    phone = scene.answers(customer, scene.ring(customer, 1), "b1")
    return customer, phone


def test_a_local_with_a_name_for_machines() -> None:
    """Rung and there was the phone behind it; who left the bridge first ended the call."""
    for first, by in ((0, "customer"), (1, "agent")):
        scene = Chain()
        parties = inbound(scene)
        assert scene.only()["state"] == "talking"
        scene.over("b1", parties[first], parties[1 - first])
        call = scene.only()
        assert (call["direction"], call["line"]) == ("inbound", "provider-siproute")
        assert rings(call) == [("150010001", "answered")]
        assert legs(call) == [("customer", CUSTOMER), ("agent", "150010001")]
        assert (call["state"], call["ended_by"]) == ("ended", by)


def test_a_group_rings_by_its_own_number() -> None:
    """Phones show what was dialled; a number that several show is not any one's."""
    scene = Chain()
    caller = scene.phone(1, "401", "Ring")
    found = []
    for n in (2, 3):
        one, two, phone = scene.ring(caller, n)
        scene.known[phone]["CallerIDNum"] = "401"
        scene.send("Newstate", **scene.of(phone))
        found.append((one, two, phone))
    first, second = found
    phone = scene.answers(caller, second, "b1")
    scene.dialled(first[1], first[2], "CANCEL")
    scene.dialled(caller, first[0], "CANCEL")
    scene.gone(first[2], first[1], first[0])
    scene.over("b1", phone, caller)
    call = scene.only()
    assert call["to"]["number"] == "401"
    assert rings(call) == [("150010002", "cancelled"), ("150010003", "answered")]
    assert legs(call) == [("agent", "150010001"), ("agent", "150010003")]


def test_a_ring_that_the_caller_takes_back() -> None:
    """No hang-up request is told: only the caller can end a ring by CANCEL."""
    scene = Chain()
    caller = scene.phone(1, "202", "Ring")
    one, two, phone = scene.ring(caller, 2)
    scene.wait(4)
    scene.dialled(two, phone, "CANCEL")
    scene.dialled(caller, one, "CANCEL")
    scene.gone(phone, two, one, caller)
    call = scene.only()
    assert (call["direction"], call["ended_by"], call["loss"]) == ("internal", "agent", None)
    assert rings(call) == [("150010002", "cancelled")]


def test_a_local_that_is_only_the_way_out() -> None:
    """A phone dials a number outside through a Local: an outbound call to a customer."""
    scene = Chain()
    caller = scene.phone(1, "0260010001", "Ring")
    one, two = scene.pair(CUSTOMER, "world")
    scene.dial(caller, one, f"{CUSTOMER}@world")
    line = scene.new("SIP/provider-siproute-00000099")
    scene.dial(two, line, f"{CUSTOMER}@provider-siproute")
    scene.state(line, "Ringing")
    scene.answers(caller, (one, two, line), "b1")
    assert scene.only()["state"] == "talking"
    scene.over("b1", line, caller)
    call = scene.only()
    assert (call["direction"], call["line"]) == ("outbound", "provider-siproute")
    assert (call["from"]["number"], call["ended_by"]) == ("150010001", "customer")
    assert legs(call) == [("agent", "150010001"), ("customer", CUSTOMER)]
    assert rings(call) == [(CUSTOMER, "answered")]


def test_click_to_dial_through_locals() -> None:
    """An Originate of a Local rings the agent's phone, then its other half dials the customer."""
    scene = Chain()
    top, work = scene.pair("ID4", "connect")
    scene.dial(None, top, "ID4@connect/n")
    inner, behind = scene.pair("201", "permitted")
    scene.dial(work, inner, "201@permitted")
    ring = scene.ring(behind, 1)
    scene.wait(3)
    phone = scene.answers(behind, ring, "b0")
    scene.dialled(work, inner, "ANSWER")
    scene.bridge("b1", inner, work)
    scene.send("BridgeLeave", **scene.of(inner), BridgeUniqueid="b1")
    scene.send("BridgeLeave", **scene.of(phone), BridgeUniqueid="b0")
    scene.bridge("b1", phone)
    scene.gone(inner, behind)
    scene.dialled(None, top, "ANSWER")
    out, way = scene.pair(CUSTOMER, "world")
    scene.dial(top, out, f"{CUSTOMER}@world")
    line = scene.new("SIP/provider-siproute-00000099")
    scene.dial(way, line, f"{CUSTOMER}@provider-siproute")
    scene.state(line, "Ringing")
    scene.wait(5)
    scene.answers(top, (out, way, line), "b2")
    assert scene.only()["state"] == "talking"
    scene.over("b2", line, top)
    scene.over("b1", work, phone)
    call = scene.only()
    assert call["direction"] == "outbound" and call["state"] == "ended"
    assert (call["from"]["number"], call["to"]["number"]) == ("150010001", CUSTOMER)
    assert legs(call) == [("agent", "150010001"), ("customer", CUSTOMER)]
    assert rings(call) == [(CUSTOMER, "answered")]


def test_a_consult_handed_over_without_an_event() -> None:
    """A second line, then the customer's bridge has the other: the bridges tell the transfer."""
    scene = Chain()
    customer, phone = inbound(scene)
    line2 = scene.phone(1, "202", "Ring")
    other = scene.answers(line2, scene.ring(line2, 2), "b2")
    assert scene.only()["state"] == "talking"
    scene.send("BridgeLeave", **scene.of(other), BridgeUniqueid="b2")
    scene.bridge("b1", other)
    scene.over("b1", phone)
    scene.over("b2", line2)
    assert scene.only()["state"] == "talking"
    scene.over("b1", customer, other)
    call = scene.only()
    assert handed(call) == [("attended", "150010001", "150010002", True)]
    assert legs(call)[1:] == [("agent", "150010001"), ("agent", "150010002")]
    assert len(call["legs"][1]["channels"]) == 2
    assert (call["state"], call["ended_by"]) == ("ended", "customer")


def test_a_consult_that_comes_to_nothing() -> None:
    """The colleague does not answer: the customer's call goes on, and nothing was handed over."""
    scene = Chain()
    customer, phone = inbound(scene)
    line2 = scene.phone(1, "202", "Ring")
    one, two, other = scene.ring(line2, 2)
    scene.wait(10)
    scene.dialled(two, other, "CANCEL")
    scene.dialled(line2, one, "CANCEL")
    scene.gone(other, two, one, line2)
    call = scene.only()
    assert call["state"] == "talking" and handed(call) == []
    assert rings(call) == [("150010001", "answered"), ("150010002", "cancelled")]
    scene.over("b1", customer, phone)
    assert scene.only()["ended_by"] == "customer"


def test_two_customers_at_one_phone_are_two_calls() -> None:
    """A second caller who rings a phone in conversation is no consult."""
    scene = Chain()
    customer, phone = inbound(scene)
    second = scene.new("SIP/provider-siproute-000000aa", "+31260019999", "+31150010001")
    scene.state(second, "Ring")
    phone2 = scene.answers(second, scene.ring(second, 1), "b5")
    scene.over("b5", second, phone2)
    scene.over("b1", customer, phone)
    first, other = scene.calls()
    assert first["from"]["number"] == CUSTOMER and other["from"]["number"] == "+31260019999"
    assert [x["state"] for x in (first, other)] == ["ended", "ended"]
    assert rings(first) == rings(other) == [("150010001", "answered")]


def test_the_caller_of_an_internal_call_hands_over() -> None:
    """Who called goes, the two whom they brought together talk on in the same call."""
    scene = Chain()
    caller = scene.phone(1, "202", "Ring")
    first = scene.answers(caller, scene.ring(caller, 2), "b1")
    line2 = scene.phone(1, "203", "Ring")
    second = scene.answers(line2, scene.ring(line2, 3), "b2")
    scene.send(
        "AttendedTransfer",
        Result="Success",
        **scene.of(caller, "OrigTransferer"),
        **scene.of(line2, "SecondTransferer"),
        **scene.of(first, "Transferee"),
        **scene.of(second, "TransferTarget"),
    )
    scene.send("BridgeLeave", **scene.of(first), BridgeUniqueid="b1")
    scene.bridge("b2", first)
    scene.over("b1", caller)
    scene.over("b2", line2)
    assert scene.only()["state"] == "talking"
    scene.over("b2", second, first)
    call = scene.only()
    assert handed(call) == [("attended", "150010001", "150010003", True)]
    assert call["state"] == "ended" and call["direction"] == "internal"


def test_a_pick_up_without_its_event() -> None:
    """A channel that had called by itself is dialled: it takes another's ring."""
    scene = Chain()
    caller = scene.phone(1, "202", "Ring")
    one, two, rung = scene.ring(caller, 2)
    picker = scene.phone(3, "*8", "Ring")
    scene.state(picker, "Up")
    scene.dialled(two, rung, "CANCEL")
    scene.dial(two, picker, "150010002/150010002/10.0.0.4!!201")
    scene.dialled(two, picker, "ANSWER")
    scene.gone(rung, cause=26)
    scene.dialled(caller, one, "ANSWER")
    scene.bridge("far", picker, two)
    scene.bridge("b1", one, caller)
    assert scene.only()["state"] == "talking"
    scene.gone(one, two, picker, caller)
    call = scene.only()
    assert rings(call) == [("150010002", "taken")]
    assert handed(call) == [("pickup", "150010003", "150010003", True)]
    assert call["state"] == "ended"


def test_a_mobile_that_must_accept() -> None:
    """Behind two Locals a mobile picks up and does not press the key: nobody answered."""
    scene = Chain()
    customer = scene.new(LINE, CUSTOMER, "+31150010003")
    scene.state(customer, "Ring")
    one, two = scene.pair("ID3", "fixed")
    scene.dial(customer, one, "ID3@fixed")
    inner, behind = scene.pair("+31150019999", "world")
    scene.dial(two, inner, "+31150019999@world")
    mobile = scene.new("SIP/provider-siproute-00000099")
    scene.dial(behind, mobile, "+31150019999@provider-siproute")
    scene.state(mobile, "Up")
    scene.dialled(behind, mobile, "ANSWER")
    scene.bridge("accept", mobile, behind)
    assert scene.only()["state"] == "ringing"
    scene.over("accept", mobile, behind)
    scene.dialled(two, inner, "CONTINUE")
    scene.gone(inner, two)
    scene.dialled(customer, one, "NOANSWER")
    scene.gone(one, customer)
    call = scene.only()
    assert (call["answered_t"], call["loss"]) == (None, "agent_no_answer")
    assert rings(call) == [("+31150019999", "no_answer")]
    assert legs(call) == [("customer", CUSTOMER)]


def test_a_queue_that_only_its_abandon_names() -> None:
    """Of all queue events only QueueCallerAbandon comes through: which queue, and how long."""
    scene = Chain()
    customer = scene.new(LINE, CUSTOMER, "+31150010001", "Ring")
    one, two, phone = scene.ring(customer, 1)
    scene.wait(7)
    scene.queue(customer, "QueueCallerAbandon", "sales", HoldTime="7")
    scene.gone(phone, two, one, customer)
    call = scene.only()
    assert (call["queue"], call["loss"], call["ended_by"]) == ("sales", "queue", "customer")
    assert call["ended_t"] - call["queued_t"] == 7_000_000


def test_the_pbx_goes_down_in_mid_call() -> None:
    """Told by Shutdown: all calls end then. Told by a later boot: at their last evidence."""
    for told in (True, False):
        scene = Chain()
        inbound(scene)
        last = scene.now
        scene.wait(30)
        if told:
            scene.send("Shutdown", Shutdown="Uncleanly", Restart="True")
        else:
            scene.send("FullyBooted", Status="Fully Booted", Uptime="300")
            assert scene.only()["state"] == "talking"
            scene.send("FullyBooted", Status="Fully Booted", Uptime="5")
        call = scene.only()
        assert (call["state"], call["ended_by"], call["estimated"]) == ("ended", "system", not told)
        assert call["ended_t"] == round((scene.now if told else last) * 1_000_000)


def test_a_phone_that_reached_nobody_is_a_call_if_it_lasted() -> None:
    """A busy tone for three seconds, of which nothing but the channel is told; a refused one is none."""
    for seconds, calls in ((3.0, 1), (0.2, 0)):
        scene = Chain()
        phone = scene.phone(1, "777", "Ring")
        scene.now += seconds
        scene.gone(phone)
        told = list({f.call["call_uid"]: f.call for f in scene.facts}.values())
        assert len(told) == calls
        for call in told:
            assert (call["direction"], call["to"]["number"]) == ("internal", "777")
            assert (call["state"], call["answered_t"], rings(call)) == ("ended", None, [])


def test_without_dials_the_one_who_called_is_who_called() -> None:
    """The called phone is in the bridge first; whose channel began by ringing us has called."""
    scene = Chain()
    caller = scene.phone(1, "402", "Ring")
    called = scene.phone(2)
    scene.state(called, "Ringing")
    scene.state(called, "Up")
    scene.state(caller, "Up")
    scene.bridge("b1", called)
    scene.bridge("b1", caller)
    scene.over("b1", called, caller)
    call = scene.only()
    assert (call["direction"], call["from"]["number"]) == ("internal", "150010001")
    assert legs(call) == [("agent", "150010001"), ("agent", "150010002")]


def test_a_line_of_which_only_its_state_is_told() -> None:
    """Its beginning was filtered out: a customer who hears a machine and goes is a call all the same."""
    scene = Chain()
    customer = scene.new(LINE, CUSTOMER, "+31150010001")
    scene.facts.clear()
    scene.model = type(scene.model)(mint=minter(), trunks=["provider-siproute"])
    scene.state(customer, "Up")
    scene.wait(2.0)
    scene.send("HangupRequest", **scene.of(customer))
    scene.gone(customer)
    call = scene.only()
    assert (call["direction"], call["from"]["number"]) == ("inbound", CUSTOMER)
    assert (call["state"], call["ended_by"], call["loss"]) == ("ended", "customer", "ivr")
