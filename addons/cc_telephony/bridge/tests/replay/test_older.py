# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Asterisk 1.4 to 11 as its manual describes the events: written by hand, calls by thought."""

from typing import Any

from calls import streams

from cc_bridge.calls import CallModel

STATES = {"Down": "0", "Ring": "4", "Ringing": "5", "Up": "6"}


class Old:
    """A PBX of those days on paper; without times, as its events were by default."""

    def __init__(self) -> None:
        self.model = CallModel(mint=streams.minter())
        self.facts: list[Any] = []
        self.ids: dict[str, str] = {}

    def send(self, name: str, **headers: str) -> None:
        """One event."""
        self.facts += self.model.feed({"Event": name, "Privilege": "call,all", **headers})

    def new(self, name: str, number: str = "", exten: str = "", state: str = "Down") -> str:
        """A channel, and the state it begins in."""
        self.ids[name] = f"pbx-1444635771.{1000 + len(self.ids)}"
        head = {"Channel": name, "Uniqueid": self.ids[name], "CallerIDNum": number}
        self.send("Newchannel", **head, ChannelState="0", ChannelStateDesc="Down", Exten=exten)
        if state != "Down":
            self.state(name, state)
        return name

    def local(self, exten: str, context: str, serial: str) -> tuple[str, str]:
        """Both halves of a Local."""
        one, two = (f"Local/{exten}@{context}-{serial};{n}" for n in "12")
        return self.new(one, exten=exten), self.new(two, exten=exten, state="Ring")

    def state(self, *names_and_state: str) -> None:
        """Channels ring or are up."""
        *names, state = names_and_state
        for name in names:
            self.send(
                "Newstate",
                Channel=name,
                Uniqueid=self.ids[name],
                ChannelState=STATES[state],
                ChannelStateDesc=state,
            )

    def dial(self, src: str, dst: str, string: str) -> None:
        """Dial begins."""
        self.send(
            "Dial",
            SubEvent="Begin",
            Channel=src,
            Destination=dst,
            UniqueID=self.ids[src],
            DestUniqueID=self.ids[dst],
            Dialstring=string,
        )

    def dial_ends(self, src: str, status: str) -> None:
        """Dial is over; whom it rang is not said."""
        self.send("Dial", SubEvent="End", Channel=src, UniqueID=self.ids[src], DialStatus=status)

    def link(self, one: str, two: str, state: str = "Link") -> None:
        """Two channels hear each other, or no more."""
        self.send(
            "Bridge",
            Bridgestate=state,
            Bridgetype="core",
            Channel1=one,
            Channel2=two,
            Uniqueid1=self.ids[one],
            Uniqueid2=self.ids[two],
        )

    def masquerade(self, original: str, clone: str, *, dies: bool = True) -> str:
        """The clone's phone takes the original's place; its old shell dies, maybe later."""
        self.send("Masquerade", Original=original, Clone=clone, OriginalState="Up", CloneState="Up")
        first, second = self.ids[original], self.ids[clone]
        self.send("Rename", Channel=clone, Newname=f"{clone}<MASQ>", Uniqueid=second)
        self.send("Rename", Channel=original, Newname=clone, Uniqueid=first)
        zombie = f"{original}<ZOMBIE>"
        self.send("Rename", Channel=f"{clone}<MASQ>", Newname=zombie, Uniqueid=second)
        self.ids[clone], self.ids[zombie] = first, second
        if dies:
            self.gone(zombie)
        return zombie

    def gone(self, *names: str, cause: int = 16) -> None:
        """Channels are no more."""
        for name in names:
            self.send("Hangup", Channel=name, Uniqueid=self.ids[name], Cause=str(cause))

    def only(self) -> dict[str, Any]:
        """The one call."""
        streams.check(self.facts)
        (call,) = streams.last(self.facts)
        return call


def rings(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was rung and what came of it."""
    return [(x["target"], x["outcome"]) for x in call["attempts"]]


def legs(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was there."""
    return [(x["role"], x["number"]) for x in call["legs"]]


def handed(call: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Who handed over to whom."""
    return [(x["how"], x["by"], x["to"], x["completed"]) for x in call["transfers"]]


def talk(pbx: Old) -> tuple[str, str]:
    """A customer of the line talks with 1004."""
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    phone = pbx.new("SIP/1004-00000002")
    pbx.dial(customer, phone, "1004")
    pbx.state(phone, "Ringing")
    pbx.state(phone, customer, "Up")
    pbx.link(customer, phone)
    return customer, phone


def test_answered() -> None:
    """Dial, Bridge, Unlink: a call like any other."""
    pbx = Old()
    customer, phone = talk(pbx)
    pbx.send("HangupRequest", Channel=customer, Uniqueid=pbx.ids[customer])
    pbx.link(customer, phone, "Unlink")
    pbx.gone(phone)
    pbx.dial_ends(customer, "ANSWER")
    pbx.gone(customer)
    call = pbx.only()
    assert (call["direction"], call["state"], call["ended_by"]) == ("inbound", "ended", "customer")
    assert (call["from"]["number"], call["to"]["number"]) == ("0201234567", "500")
    assert call["line"] == "mytrunk" and call["loss"] is None and call["cause"] == 16
    assert rings(call) == [("1004", "answered")]
    assert legs(call) == [("customer", "0201234567"), ("agent", "1004")]


def test_link_and_unlink_of_the_oldest() -> None:
    """1.4: ``Dial`` with Source, ``Link``, ``Unlink``, Local halves with a comma."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-08a1b2c3", "0201234567", "500", "Ring")
    phone = pbx.new("SIP/1004-08a1b2d4")
    pbx.send(
        "Dial",
        Source=customer,
        Destination=phone,
        SrcUniqueID=pbx.ids[customer],
        DestUniqueID=pbx.ids[phone],
    )
    pbx.state(phone, "Ringing")
    pbx.state(phone, "Up")
    pair = {
        "Channel1": customer,
        "Channel2": phone,
        "Uniqueid1": pbx.ids[customer],
        "Uniqueid2": pbx.ids[phone],
    }
    pbx.send("Link", **pair)
    assert pbx.only()["state"] == "talking"
    pbx.send("Unlink", **pair)
    pbx.gone(phone, customer)
    call = pbx.only()
    assert call["state"] == "ended" and rings(call) == [("1004", "answered")]


def test_the_end_of_a_dial_says_how_it_went() -> None:
    """The phones are hung up first, with a cause that says nothing; the status comes after."""
    for status, outcome in (("NOANSWER", "no_answer"), ("BUSY", "busy"), ("CHANUNAVAIL", "failed")):
        pbx = Old()
        customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
        phone = pbx.new("SIP/1004-00000002")
        pbx.dial(customer, phone, "1004")
        pbx.gone(phone, cause=0)
        pbx.dial_ends(customer, status)
        pbx.gone(customer)
        call = pbx.only()
        assert rings(call) == [("1004", outcome)]
        assert (call["loss"], call["state"]) == ("agent_no_answer", "ended")


def test_hold_by_status_and_music_by_state() -> None:
    """``Hold`` with Status On and Off; without it, the customer's music tells."""
    for name, on, off in (("Hold", "On", "Off"), ("MusicOnHold", "Start", "Stop")):
        pbx = Old()
        customer, phone = talk(pbx)
        who = phone if name == "Hold" else customer
        key = "Status" if name == "Hold" else "State"
        pbx.send(name, Channel=who, Uniqueid=pbx.ids[who], **{key: on})
        assert pbx.only()["state"] == "held"
        pbx.send(name, Channel=who, Uniqueid=pbx.ids[who], **{key: off})
        assert pbx.only()["state"] == "talking"
        pbx.gone(phone, customer)
        assert [x["by"] for x in pbx.only()["holds"]] == ["1004"]


def test_a_queue_with_its_old_events() -> None:
    """Join, AgentCalled, AgentRingNoAnswer, AgentConnect, AgentComplete with the member's channel."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    uid = pbx.ids[customer]
    pbx.send("Join", Channel=customer, Uniqueid=uid, Queue="sales", Position="1", Count="1")
    assert pbx.only()["state"] == "queued"
    for i, agent in ((2, "1004"), (3, "1005")):
        phone = pbx.new(f"SIP/{agent}-0000000{i}")
        pbx.send(
            "AgentCalled",
            Queue="sales",
            AgentCalled=f"SIP/{agent}",
            AgentName=agent,
            ChannelCalling=customer,
            DestinationChannel=phone,
            Uniqueid=uid,
        )
        pbx.dial(customer, phone, agent)
        pbx.state(phone, "Ringing")
        if agent == "1004":
            pbx.send(
                "AgentRingNoAnswer",
                Queue="sales",
                Uniqueid=uid,
                Channel=customer,
                Member="SIP/1004",
                MemberName="1004",
                Ringtime="15000",
            )
            pbx.gone(phone, cause=0)
    pbx.state(phone, "Up")
    pbx.send("Leave", Channel=customer, Uniqueid=uid, Queue="sales", Count="0")
    about = {
        "Queue": "sales",
        "Uniqueid": uid,
        "Channel": phone,
        "Member": "SIP/1005",
        "MemberName": "1005",
        "BridgedChannel": pbx.ids[phone],
    }
    pbx.send("AgentConnect", **about, Holdtime="17", Ringtime="2")
    pbx.link(customer, phone)
    assert pbx.only()["state"] == "talking"
    pbx.link(customer, phone, "Unlink")
    pbx.send("AgentComplete", **about, HoldTime="17", TalkTime="60", Reason="agent")
    pbx.gone(phone, customer)
    call = pbx.only()
    assert rings(call) == [("1004", "no_answer"), ("1005", "answered")]
    assert {x["queue"] for x in call["attempts"]} == {"sales"} and call["queue"] == "sales"
    assert (call["ended_by"], call["loss"]) == ("agent", None)


def test_given_up_in_a_queue() -> None:
    """QueueCallerAbandon names no channel."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    uid = pbx.ids[customer]
    pbx.send("Join", Channel=customer, Uniqueid=uid, Queue="sales")
    pbx.send("QueueCallerAbandon", Queue="sales", Uniqueid=uid, Position="1", HoldTime="20")
    pbx.send("Leave", Channel=customer, Uniqueid=uid, Queue="sales")
    pbx.gone(customer)
    call = pbx.only()
    assert (call["queue"], call["loss"], call["ended_by"]) == ("sales", "queue", "customer")


def test_a_local_that_is_optimised_away() -> None:
    """The phone takes the Local's place, by masquerade: one leg, before and after."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    one, two = pbx.local("ID12", "route", "0000008a")
    pbx.dial(customer, one, "ID12@route")
    phone = pbx.new("SIP/1004-00000002")
    pbx.dial(two, phone, "1004/1004/10.0.0.4")
    pbx.state(phone, one, "Ringing")
    pbx.state(phone, two, "Up")
    pbx.link(two, phone)
    pbx.state(one, customer, "Up")
    pbx.link(customer, one)
    pbx.masquerade(one, phone)
    pbx.dial_ends(two, "ANSWER")
    pbx.gone(two)
    assert pbx.only()["state"] == "talking"
    pbx.send("HangupRequest", Channel=phone, Uniqueid=pbx.ids[phone])
    pbx.link(customer, phone, "Unlink")
    pbx.gone(phone)
    pbx.dial_ends(customer, "ANSWER")
    pbx.gone(customer)
    call = pbx.only()
    assert rings(call) == [("1004", "answered")]
    assert legs(call) == [("customer", "0201234567"), ("agent", "1004")]
    assert (call["state"], call["ended_by"]) == ("ended", "agent")


def test_two_locals_are_optimised_away_before_either_shell_is_gone() -> None:
    """A click-to-call by Locals: the agent's phone moves up two places while the customer is rung already."""
    pbx = Old()
    agent, away = pbx.local("click", "proc", "00000001")
    one, two = pbx.local("217", "inside", "00000002")
    pbx.dial(away, one, "217@inside")
    three, four = pbx.local("ID7", "route", "00000003")
    pbx.dial(two, three, "ID7@route")
    phone = pbx.new("SIP/217-00000004", "217")
    pbx.dial(four, phone, "217/217/10.0.0.4")
    pbx.state(phone, "Ringing")
    pbx.state(phone, four, "Up")
    pbx.link(four, phone)
    pbx.state(three, two, "Up")
    pbx.link(two, three)
    pbx.state(one, away, agent, "Up")
    pbx.link(away, one)
    far = pbx.new("SIP/mytrunk-00000005", "0201234567")
    pbx.dial(agent, far, "0201234567@mytrunk")
    first = pbx.masquerade(three, phone, dies=False)
    second = pbx.masquerade(one, phone, dies=False)
    for shell, half in ((first, four), (second, two)):
        pbx.gone(shell)
        pbx.dial_ends(half, "ANSWER")
        pbx.gone(half)
    assert pbx.only()["state"] == "ringing"
    pbx.state(far, "Ringing")
    pbx.state(far, "Up")
    pbx.link(agent, far)
    assert pbx.only()["state"] == "talking"
    pbx.send("HangupRequest", Channel=far, Uniqueid=pbx.ids[far])
    pbx.link(agent, far, "Unlink")
    pbx.gone(far, agent, phone)
    call = pbx.only()
    assert (call["direction"], call["ended_by"]) == ("outbound", "customer")
    assert legs(call) == [("agent", "217"), ("customer", "0201234567")]
    assert rings(call) == [("0201234567", "answered")]


def test_a_queues_member_that_is_a_way_of_the_dialplan() -> None:
    """Local/ID7@route leads to the phone 1005: who is rung, talks and is named is the phone."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    uid = pbx.ids[customer]
    pbx.send("Join", Channel=customer, Uniqueid=uid, Queue="sales", Position="1", Count="1")
    one, two = pbx.local("ID7", "route", "00000002")
    member = "Local/ID7@route"
    pbx.send(
        "AgentCalled",
        Queue="sales",
        AgentCalled=member,
        AgentName=member,
        ChannelCalling=customer,
        DestinationChannel=one,
        Uniqueid=uid,
    )
    phone = pbx.new("SIP/1005-00000003")
    pbx.dial(two, phone, "1005/1005/10.0.0.5")
    pbx.state(phone, one, "Ringing")
    pbx.state(phone, two, "Up")
    pbx.link(two, phone)
    pbx.state(one, "Up")
    about = {"Queue": "sales", "Uniqueid": uid, "Member": member, "MemberName": member}
    pbx.send("AgentConnect", **about, Channel=one, BridgedChannel=pbx.ids[one], Ringtime="2")
    pbx.link(customer, one)
    pbx.masquerade(one, phone)
    pbx.gone(two)
    pbx.link(customer, phone, "Unlink")
    pbx.send("AgentComplete", **about, Channel=phone, TalkTime="60", Reason="caller")
    pbx.gone(phone, customer)
    call = pbx.only()
    assert rings(call) == [("1005", "answered")]
    assert legs(call) == [("customer", "0201234567"), ("agent", "1005")]
    assert (call["queue"], call["ended_by"]) == ("sales", "customer")


def test_attended_transfer_by_masquerade() -> None:
    """1004 asks 1005 on their second line and hands over: the customer takes that line's place."""
    for ringing in (False, True):
        pbx = Old()
        customer, phone = talk(pbx)
        line2 = pbx.new("SIP/1004-00000003", "1004", "1005", "Ring")
        other = pbx.new("SIP/1005-00000004")
        pbx.dial(line2, other, "1005")
        pbx.state(other, "Ringing")
        if not ringing:
            pbx.state(other, line2, "Up")
            pbx.link(line2, other)
        pbx.send(
            "Transfer",
            TransferMethod="SIP",
            TransferType="Attended",
            Channel=phone,
            Uniqueid=pbx.ids[phone],
            TargetChannel=line2,
            TargetUniqueid=pbx.ids[line2],
        )
        assert handed(pbx.only()) == [("attended", "1004", "1005", not ringing)]
        pbx.masquerade(line2, customer)
        pbx.gone(phone)
        if ringing:
            pbx.state(other, "Up")
        pbx.link(customer, other)
        assert pbx.only()["state"] == "talking"
        pbx.send("HangupRequest", Channel=customer, Uniqueid=pbx.ids[customer])
        pbx.gone(other)
        pbx.dial_ends(customer, "ANSWER")
        pbx.gone(customer)
        call = pbx.only()
        assert handed(call) == [("attended", "1004", "1005", True)]
        assert rings(call) == [("1004", "answered"), ("1005", "answered")]
        assert legs(call)[1:] == [("agent", "1004"), ("agent", "1005")]
        assert (call["state"], call["ended_by"]) == ("ended", "customer")


def test_blind_transfer_by_async_goto() -> None:
    """The customer is moved to a shell of their own that dials on; the old shell is a zombie by then."""
    pbx = Old()
    customer, phone = talk(pbx)
    shell = pbx.new(f"AsyncGoto/{customer}")
    pbx.masquerade(shell, customer)
    pbx.send(
        "Transfer",
        TransferMethod="SIP",
        TransferType="Blind",
        Channel=phone,
        Uniqueid=pbx.ids[phone],
        TargetChannel=f"{shell}<ZOMBIE>",
        TargetUniqueid=pbx.ids[customer],
        TransferExten="1005",
    )
    pbx.gone(phone)
    other = pbx.new("SIP/1005-00000004")
    pbx.dial(customer, other, "1005")
    pbx.state(other, "Ringing")
    pbx.state(other, "Up")
    pbx.link(customer, other)
    pbx.link(customer, other, "Unlink")
    pbx.gone(other)
    pbx.dial_ends(customer, "ANSWER")
    pbx.gone(customer)
    call = pbx.only()
    assert handed(call) == [("blind", "1004", "1005", True)]
    assert rings(call) == [("1004", "answered"), ("1005", "answered")]
    assert call["state"] == "ended"


def test_pick_up_by_masquerade() -> None:
    """1006 dials *8: their phone takes the place of the one that rings."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    phone = pbx.new("SIP/1004-00000002")
    pbx.dial(customer, phone, "1004")
    pbx.state(phone, "Ringing")
    picker = pbx.new("SIP/1006-00000003", "1006", "*8", "Ring")
    pbx.state(picker, "Up")
    pbx.masquerade(phone, picker)
    pbx.state(customer, "Up")
    pbx.link(customer, picker)
    assert pbx.only()["state"] == "talking"
    pbx.gone(picker)
    pbx.dial_ends(customer, "ANSWER")
    pbx.gone(customer)
    call = pbx.only()
    assert rings(call) == [("1004", "taken")]
    assert handed(call) == [("pickup", "1006", "1006", True)]
    assert legs(call) == [("customer", "0201234567"), ("agent", "1006")]


def test_parked() -> None:
    """``ParkedCall`` with Channel, From and Exten."""
    pbx = Old()
    customer, phone = talk(pbx)
    pbx.send(
        "ParkedCall",
        Channel=customer,
        Uniqueid=pbx.ids[customer],
        From=phone,
        Exten="701",
        Parkinglot="default",
        Timeout="45",
    )
    pbx.gone(phone)
    call = pbx.only()
    assert handed(call) == [("park", "1004", "701", False)]
    assert call["state"] == "held"
    pbx.gone(customer)
    assert pbx.only()["state"] == "ended"


def test_keys_and_a_meetme() -> None:
    """``DTMF`` counts when it ends; a MeetMe's members are together."""
    pbx = Old()
    customer = pbx.new("SIP/mytrunk-00000001", "0201234567", "500", "Ring")
    key = {
        "Channel": customer,
        "Uniqueid": pbx.ids[customer],
        "Digit": "3",
        "Direction": "Received",
    }
    pbx.send("DTMF", **key, Begin="Yes", End="No")
    pbx.send("DTMF", **key, Begin="No", End="Yes")
    assert [x["key"] for x in pbx.only()["ivr"]] == ["3"]
    phone = pbx.new("SIP/1004-00000002", "1004", "800", "Ring")
    for name in (customer, phone):
        pbx.send("MeetmeJoin", Channel=name, Uniqueid=pbx.ids[name], Meetme="800", Usernum="1")
    call = pbx.only()
    assert legs(call) == [("customer", "0201234567"), ("agent", "1004")]
    pbx.gone(customer, phone)
    assert pbx.only()["state"] == "ended"
