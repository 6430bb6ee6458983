# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Kinds of calls of other people's PBXs, each as several of them would tell it; what must come out by thought."""

from typing import Any

import pytest

from calls.scene import Scene
from cc_bridge.calls.lines import same_number

TRUNK = "PJSIP/carrier-a-0000000"
NOW = 1_000_000


class Pbx(Scene):
    """A PBX that says ``from-trunk`` of its lines, and asks or does not ask before it hangs up."""

    def __init__(self, *, tells: bool = True, **model: Any) -> None:
        super().__init__(**model)
        self.tells = tells

    def asks(self, name: str) -> None:
        """Older PBXs, and filters, have no such word."""
        if self.tells:
            super().asks(name)

    def comes(self, number: str = "0715550100", exten: str = "5550200") -> str:
        """Somebody calls by the line."""
        return self.new(f"{TRUNK}{self.count}", number, exten, "Ring")

    def phone(self, number: str, exten: str = "", tech: str = "PJSIP") -> str:
        """A phone's channel; ``exten``: it dials."""
        name = f"{tech}/{number}-0000000{self.count}"
        return self.new(name, number, exten or "s", "Ring" if exten else "Down")

    def out(self, src: str, number: str) -> str:
        """``src`` dials a number outside."""
        name = self.new(f"{TRUNK}{self.count}", number)
        self.dial(src, name, f"{number}@carrier-a")
        return name

    def answers(self, src: str, dst: str, bridge: str) -> None:
        """``dst`` takes the call and is with ``src``."""
        self.state(dst, "Up")
        self.dialled(src, dst, "ANSWER")
        self.state(src, "Up")
        self.bridge(bridge, dst, src)

    def talk(self, *, seconds: float = 10) -> tuple[str, str]:
        """A customer talks with 201."""
        customer, phone = self.comes(), self.phone("201")
        self.dial(customer, phone, "201")
        self.wait(3)
        self.answers(customer, phone, "b1")
        self.wait(seconds)
        return customer, phone

    def leave(self, bridge: str, *names: str) -> None:
        """They are in no bridge now."""
        for name in names:
            self.send("BridgeLeave", **self.of(name), BridgeUniqueid=bridge)

    def over(self, bridge: str, *names: str) -> None:
        """The first one hangs up."""
        self.asks(names[0])
        self.leave(bridge, *names)
        self.gone(*names)

    def queued(self, queue: str = "sales") -> str:
        """A customer waits."""
        customer = self.comes()
        self.state(customer, "Up")
        self.queue(customer, "QueueCallerJoin", queue, Position="1", Count="1")
        self.wait(1)
        return customer

    def gives_up(self, customer: str, queue: str = "sales") -> None:
        """What the queue says of who hung up waiting."""
        self.asks(customer)
        self.queue(customer, "QueueCallerAbandon", queue, HoldTime="9")
        self.queue(customer, "QueueCallerLeave", queue)

    def member(self, customer: str, number: str = "201") -> tuple[str, str, str]:
        """The queue rings ``Local/201@from-queue/n``, behind which is a phone."""
        one, two = self.local(number, "from-queue", f"0000000{self.count}")
        way = f"Local/{number}@from-queue/n"
        self.queue(customer, "AgentCalled", "sales", one, Interface=way)
        self.dial(customer, one, way[6:])
        phone = self.phone(number)
        self.dial(two, phone, number)
        self.wait(4)
        return one, two, phone

    def picks_up(self, customer: str, one: str, two: str, phone: str) -> None:
        """The phone behind the Local is off hook."""
        self.state(phone, "Up")
        self.dialled(two, phone, "ANSWER")
        self.bridge("b8", phone, two)
        self.state(one, "Up")
        self.dialled(customer, one, "ANSWER")

    def handed_over(self, kind: str, **parts: str) -> None:
        """A transfer's event; ``parts``: prefix to channel."""
        about = {k: v for prefix, name in parts.items() for k, v in self.of(name, prefix).items()}
        self.send(kind, Result="Success", DestType="Bridge", Extension="202", **about)


def rings(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was rung and what came of it."""
    return [(x["target"], x["outcome"]) for x in call["attempts"]]


def legs(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was there."""
    return [(x["role"], x["number"]) for x in call["legs"]]


def second(call: dict[str, Any], t: int) -> int:
    """Whole seconds from the call's beginning."""
    return (t - call["started_t"]) // NOW


# -- a member's pick-up that hears an announcement only ------------------------------------


@pytest.mark.parametrize("late", [False, True], ids=["told-first", "told-last"])
def test_behind_a_local_too_a_pick_up_is_no_answer(late: bool) -> None:
    """Local/201@from-queue/n: 201 hears the announcement and hangs up; the customer gives up."""
    pbx = Pbx()
    customer = pbx.queued()
    one, two, phone = pbx.member(customer)
    pbx.picks_up(customer, one, two, phone)
    pbx.wait(3)
    pbx.asks(phone)
    pbx.leave("b8", phone, two)
    if late:
        pbx.gone(phone, two, one)
    pbx.queue(customer, "AgentDump", "sales", one)
    if not late:
        pbx.gone(phone, two, one)
    pbx.wait(20)
    pbx.gives_up(customer)
    pbx.gone(customer)
    call = pbx.only()
    assert (call["answered_t"], call["loss"], call["ended_by"]) == (None, "queue", "customer")
    assert [target for target, _ in rings(call)] == ["201"] and len(call["legs"]) == 1


@pytest.mark.parametrize("who", ["customer", "member"])
@pytest.mark.parametrize("local", [False, True], ids=["phone", "local"])
def test_who_hangs_up_during_the_announcement(who: str, local: bool) -> None:
    """Without *AgentDump*: the hang-up itself says whether the member or the customer went."""
    pbx = Pbx()
    customer = pbx.queued()
    if local:
        rung = pbx.member(customer)
        pbx.picks_up(customer, *rung)
    else:
        rung = (pbx.phone("201"),) * 3
        pbx.queue(customer, "AgentCalled", "sales", rung[0], Interface="PJSIP/201")
        pbx.dial(customer, rung[0], "201")
        pbx.wait(4)
        pbx.state(rung[0], "Up")
        pbx.dialled(customer, rung[0], "ANSWER")
    pbx.wait(3)
    if who == "customer":
        pbx.gives_up(customer)
    else:
        pbx.asks(rung[2])
    pbx.gone(*dict.fromkeys(reversed(rung)))
    if who == "member":
        pbx.wait(9)
        pbx.gives_up(customer)
    pbx.gone(customer)
    call = pbx.only()
    assert (call["answered_t"], call["loss"], call["ended_by"]) == (None, "queue", "customer")
    if not local:
        assert rings(call) == [("201", {"customer": "cancelled", "member": "rejected"}[who])]


def test_who_gives_up_has_given_up_however_long_their_channel_lives() -> None:
    """Hung up in the queue; no word of ``h``, and the Hangup 20 s later or never."""
    for told in (True, False):
        pbx = Pbx()
        customer = pbx.queued()
        pbx.wait(5)
        pbx.gives_up(customer)
        pbx.wait(20)
        if told:
            pbx.gone(customer)
        call = pbx.only()
        assert (call["state"], call["loss"], second(call, call["ended_t"])) == ("ended", "queue", 6)


# -- a channel that lives on; a hang-up that is not told ------------------------------------


@pytest.mark.parametrize("tells", [True, False], ids=["asks", "silent"])
@pytest.mark.parametrize("who", ["customer", "agent"])
def test_in_h_there_is_nobody(who: str, tells: bool) -> None:
    """Whoever ended it: when the dialplan is at ``h`` the call is over."""
    pbx = Pbx(tells=tells)
    customer, phone = pbx.talk()
    first, last = (customer, phone) if who == "customer" else (phone, customer)
    pbx.asks(first)
    pbx.leave("b1", first, last)
    pbx.gone(phone)
    pbx.known[customer]["Exten"] = "h"
    pbx.send("Newexten", **pbx.of(customer), Extension="h", Application="AGI")
    pbx.wait(20)
    pbx.gone(customer)
    call = pbx.only()
    assert (second(call, call["ended_t"]), call["ended_by"]) == (13, who)


def test_both_hangups_are_lost() -> None:
    """The customer asked, and nobody is in a bridge: nobody talks."""
    pbx = Pbx()
    customer, phone = pbx.talk()
    pbx.asks(customer)
    pbx.leave("b1", customer, phone)
    call = pbx.only()
    assert (call["state"], call["ended_by"]) == ("ended", "customer")


@pytest.mark.parametrize("late", [False, True], ids=["event-first", "event-last"])
def test_who_hands_over_has_left_though_their_hangup_is_lost(late: bool) -> None:
    """Blind to 202; 201's channel lives on: 201 is in no call, and 202 ends it."""
    pbx = Pbx()
    customer, phone = pbx.talk()
    if not late:
        pbx.handed_over("BlindTransfer", Transferer=phone, Transferee=customer)
    pbx.leave("b1", phone, customer)
    if late:
        pbx.handed_over("BlindTransfer", Transferer=phone, Transferee=customer)
    other = pbx.phone("202")
    pbx.dial(customer, other, "202")
    pbx.wait(3)
    pbx.answers(customer, other, "b2")
    pbx.wait(10)
    pbx.over("b2", other, customer)
    call = pbx.only()
    assert [(x["number"], second(call, x["left_t"])) for x in call["legs"][1:]] == [
        ("201", 13),
        ("202", 26),
    ]
    assert call["ended_by"] == "agent" and call["transfers"][0]["completed"]


def test_a_port_that_rings_again_has_no_call_any_more() -> None:
    """DAHDI/7-1 is born while it lives: the first call ended when it was last heard of."""
    pbx = Pbx()
    for number in ("0715550100", "0715550122"):
        line = pbx.new("DAHDI/7-1", number, state="Ring")
        phone = pbx.phone("201")
        pbx.dial(line, phone, "201")
        pbx.answers(line, phone, f"b{number}")
        pbx.wait(5)
        pbx.leave(f"b{number}", phone, line)
        pbx.gone(phone)
        pbx.wait(60)
    first, _second = pbx.calls()
    assert (first["state"], second(first, first["ended_t"]), first["estimated"]) == (
        "ended",
        5,
        True,
    )


# -- a customer on a second line --------------------------------------------------------------


@pytest.mark.parametrize("local", [False, True], ids=["line", "local"])
@pytest.mark.parametrize("first", ["customer", "customer-while-it-rings", "agent", "stays", "202"])
def test_another_customer_on_line_two(first: str, local: bool) -> None:
    """Whatever becomes of the first call meanwhile, the other customer's is whole and its own."""
    pbx = Pbx()
    if first == "202":
        # the first call is with a colleague
        other, phone = pbx.phone("202"), pbx.phone("201", "202")
        pbx.dial(phone, other, "202")
        pbx.answers(phone, other, "b1")
    else:
        other, phone = pbx.talk()
    pbx.send("Hold", **pbx.of(phone))
    two = pbx.phone("201", "0715550300")
    began = pbx.now
    src, halves = two, ()
    if local:
        halves = pbx.local("0715550300", "out", "0000000a")
        pbx.dial(two, halves[0], "0715550300@out")
        src = halves[1]
    far = pbx.out(src, "0715550300")
    pbx.wait(2)
    if first == "customer-while-it-rings":
        pbx.over("b1", other, phone)
    pbx.wait(2)
    answered = pbx.now
    pbx.answers(src, far, "b2")
    if local:
        pbx.answers(two, halves[0], "b3")
    pbx.wait(5)
    if first in ("customer", "202"):
        pbx.over("b1", other, phone)
    elif first == "agent":
        pbx.over("b1", phone, other)
    pbx.wait(20)
    pbx.asks(far)
    pbx.leave("b2", far, src)
    if local:
        pbx.leave("b3", halves[0], two)
    pbx.gone(far, *halves, two)
    if first == "stays":
        pbx.wait(5)
        pbx.over("b1", other, phone)
    one, own = pbx.calls()
    assert (own["direction"], own["line"], own["state"]) == ("outbound", "carrier-a", "ended")
    assert (own["from"]["number"], own["to"]["number"]) == ("201", "0715550300")
    assert legs(own) == [("agent", "201"), ("customer", "0715550300")]
    assert rings(own) == [("0715550300", "answered")] and own["ended_by"] == "customer"
    times = [own["started_t"], own["answered_t"], own["ended_t"]]
    assert times == [round(x * NOW) for x in (began, answered, answered + 25)]
    assert "0715550300" not in str(one) and one["transfers"] == []
    assert len(one["legs"]) == 2 and one["state"] == "ended"
    assert one["ended_by"] == ("agent" if first in ("agent", "202") else "customer")


# -- groups, Locals ---------------------------------------------------------------------------


def test_a_group_that_is_rung_in_turn() -> None:
    """Local/600@groups: 211 does not answer, then 212 does; 600 is nobody."""
    pbx = Pbx()
    customer = pbx.comes()
    one, two = pbx.local("600", "groups")
    pbx.dial(customer, one, "600@groups")
    first = pbx.phone("211")
    pbx.dial(two, first, "211")
    pbx.wait(10)
    pbx.dialled(two, first, "NOANSWER")
    pbx.gone(first)
    then = pbx.phone("212")
    pbx.dial(two, then, "212")
    pbx.wait(3)
    pbx.answers(two, then, "b1")
    pbx.answers(customer, one, "b2")
    assert legs(pbx.only()) == [("customer", "0715550100"), ("agent", "212")]
    assert rings(pbx.only()) == [("212", "answered")]


def test_a_groups_ring_is_picked_up() -> None:
    """209 takes what rings at 211, one of two phones behind a Local."""
    pbx = Pbx()
    customer = pbx.comes()
    one, two = pbx.local("600", "groups")
    pbx.dial(customer, one, "600@groups")
    phones = [pbx.phone("211"), pbx.phone("212")]
    for phone in phones:
        pbx.dial(two, phone, phone[6:9])
    taker = pbx.phone("209", "*8211")
    pbx.dialled(two, phones[0], "NOANSWER")
    pbx.dial(two, taker, "")
    pbx.send("Pickup", **pbx.of(taker), **pbx.of(phones[0], "Target"))
    pbx.dialled(two, phones[1], "CANCEL")
    assert rings(pbx.only()) == [("211", "taken")]


@pytest.mark.parametrize("linked", [True, False], ids=["linkedid", "no-linkedid"])
def test_a_local_whose_way_is_told_before_itself(linked: bool) -> None:
    """The phone behind is dialled by another thread than the one that dials the Local."""
    pbx = Pbx()
    customer = pbx.comes()
    one, two = pbx.local("201", "ext")
    phone = pbx.phone("201")
    if linked:
        for name in (customer, one, two, phone):
            pbx.known[name]["Linkedid"] = pbx.known[customer]["Uniqueid"]
            pbx.send("Newstate", **pbx.of(name))
    pbx.dial(two, phone, "201")
    pbx.dial(customer, one, "201@ext")
    pbx.answers(two, phone, "b1")
    pbx.answers(customer, one, "b2")
    pbx.wait(10)
    pbx.asks(phone)
    pbx.gone(phone, one, two, customer)
    call = pbx.only()
    assert rings(call) == [("201", "answered")] and call["ended_by"] == "agent"
    assert legs(call) == [("customer", "0715550100"), ("agent", "201")]


def test_who_was_rung_by_a_local_hands_over_blind() -> None:
    """The Local half that stands for the customer dials on: that is a ring of its own, of another phone."""
    pbx = Pbx()
    customer = pbx.queued()
    one, two, phone = pbx.member(customer)
    pbx.picks_up(customer, one, two, phone)
    pbx.queue(customer, "QueueCallerLeave", "sales")
    pbx.queue(customer, "AgentConnect", "sales", one)
    pbx.bridge("b9", one, customer)
    pbx.wait(10)
    pbx.handed_over("BlindTransfer", Transferer=phone, Transferee=two)
    pbx.leave("b8", phone, two)
    pbx.gone(phone)
    other = pbx.phone("202")
    pbx.dial(two, other, "202")
    pbx.wait(3)
    pbx.answers(two, other, "b7")
    pbx.wait(5)
    pbx.asks(other)
    pbx.leave("b7", other, two)
    pbx.leave("b9", one, customer)
    pbx.gone(other, two, one, customer)
    call = pbx.only()
    assert legs(call) == [("customer", "0715550100"), ("agent", "201"), ("agent", "202")]
    assert rings(call) == [("201", "answered"), ("202", "answered")]
    assert [(x["by"], x["to"], x["completed"]) for x in call["transfers"]] == [("201", "202", True)]
    assert call["ended_by"] == "agent" and call["queue"] == "sales"


# -- agents connected beforehand ----------------------------------------------------------------


def test_a_dialler_brings_its_customers_by_a_local() -> None:
    """MeetMe: the agent waits there, each customer's Local joins; rung for none."""
    pbx = Pbx()
    agent = pbx.phone("301")
    pbx.dial(None, agent, "301")
    pbx.dialled(None, agent, "ANSWER")
    pbx.send("MeetmeJoin", **pbx.of(agent), Meetme="8600")
    for n, number in enumerate(("0715550111", "0715550112")):
        pbx.wait(10)
        one, two = pbx.local(f"9{number}", "default", f"0000000{n}")
        customer = pbx.out(two, number)
        pbx.wait(4)
        pbx.answers(two, customer, f"b{n}")
        pbx.send("MeetmeJoin", **pbx.of(one), Meetme="8600")
        pbx.wait(20)
        pbx.asks(customer)
        pbx.leave(f"b{n}", customer, two)
        pbx.gone(customer, two, one)
    pbx.gone(agent)
    for call, number in zip(pbx.calls(), ("0715550111", "0715550112"), strict=True):
        assert legs(call) == [("customer", number), ("agent", "301")]
        assert rings(call) == [(number, "answered")] and call["answered_t"] is not None


def test_the_next_customer_in_the_room_has_the_agent() -> None:
    """The second comes before the first one's end is told: the agent is theirs from then on."""
    pbx = Pbx()
    agent = pbx.phone("301", "8600")
    pbx.state(agent, "Up")
    customers = [pbx.comes("0715550111"), pbx.comes("0715550112")]
    pbx.bridge("r", customers[0], agent, customers[1], Conference="8600")
    pbx.wait(5)
    pbx.leave("r", customers[0])
    pbx.gone(customers[0])
    pbx.wait(5)
    pbx.asks(customers[1])
    pbx.gone(customers[1], agent)
    calls = [call for call in pbx.calls() if call["direction"] == "inbound"]
    for call in calls:
        assert ("agent", "301") in legs(call) and call["loss"] is None
    assert len(calls) == 2


def test_a_login_to_the_pool_of_asterisk_11_is_no_call() -> None:
    """*Agentlogin*; then Agent/301 is rung."""
    pbx = Pbx()
    phone = pbx.phone("301", "*99", "SIP")
    pbx.state(phone, "Up")
    pbx.wait(5)
    pbx.send("Agentlogin", **pbx.of(phone), Agent="301")
    pbx.send("MusicOnHold", **pbx.of(phone), State="Start")
    pbx.wait(60)
    pbx.gone(phone)
    assert pbx.calls() == []


# -- numbers, lines, names ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "string", "number"),
    [
        ("PJSIP/voxline-00000009", "voxline/sip:0715550300@10.0.0.1;user=phone", "0715550300"),
        ("PJSIP/voxline-00000009", "voxline/sip:+46715550300@host:5060", "+46715550300"),
        ("PJSIP/voxline-00000009", "voxline/tel:+46715550300", "+46715550300"),
        ("PJSIP/trunk-00000009", "trunk/sip:112@host", "112"),
        ("DAHDI/4-1", "g0/0715550300", "0715550300"),
        ("DAHDI/i1/0715550300-3", "i1/0715550300", "0715550300"),
        ("IAX2/voxline-00000009", "user:secret@voxline/0715550300", "0715550300"),
    ],
)
def test_dial_strings_that_lead_outside(channel: str, string: str, number: str) -> None:
    """Whom an agent calls is the number at the far end."""
    pbx = Pbx()
    phone = pbx.phone("201", "90715550300")
    far = pbx.new(channel, "90715550300")
    pbx.dial(phone, far, string)
    pbx.answers(phone, far, "b")
    call = pbx.only()
    assert call["direction"] == "outbound" and rings(call) == [(number, "answered")]
    assert legs(call) == [("agent", "201"), ("customer", number)]


@pytest.mark.parametrize(
    ("channel", "string", "number"),
    [
        ("PJSIP/201-00000009", "201/sip:20113344@10.0.0.5:5060", "201"),
        ("PJSIP/1000201-00000009", "1000201/sip:1000201@10.0.0.5", "1000201"),
        ("DAHDI/3-1", "3", "203"),
    ],
)
def test_dial_strings_of_phones(channel: str, string: str, number: str) -> None:
    """A phone's contact, and the port of an analogue phone."""
    pbx = Pbx()
    customer = pbx.comes()
    phone = pbx.new(channel, number)
    pbx.dial(customer, phone, string)
    pbx.answers(customer, phone, "b")
    assert legs(pbx.only()) == [("customer", "0715550100"), ("agent", number)]


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("0207001122", "+44207001122", True),
        ("0207001122", "00207001122", True),
        ("90715550300", "0715550300", True),
        ("+44 20 700 1122", "0207001122", True),
        ("0207001122", "0307001122", False),
        ("4420700000", "4420711234", False),
        ("201", "201", True),
        ("201", "1201", False),
        ("", "", False),
        ("anonymous", None, False),
    ],
)
def test_the_same_number(one: str, two: str | None, same: bool) -> None:
    """A prefix to be dialled, a country's, zeros."""
    assert same_number(one, two) is same_number(two, one) is same


# -- who ended it, and what is told twice ---------------------------------------------------------


def test_after_a_transfer_it_is_the_customer_who_takes_a_ring_back() -> None:
    """No hang-up requests: handed over blind, they give up while 202 rings."""
    pbx = Pbx(tells=False)
    customer, phone = pbx.talk()
    pbx.handed_over("BlindTransfer", Transferer=phone, Transferee=customer)
    pbx.leave("b1", phone, customer)
    pbx.gone(phone)
    other = pbx.phone("202")
    pbx.dial(customer, other, "202")
    pbx.wait(6)
    pbx.dialled(customer, other, "CANCEL")
    pbx.gone(other, customer)
    assert pbx.only()["ended_by"] == "customer"


def test_of_two_who_hang_up_the_first_has_ended_it() -> None:
    """201 a moment before the customer."""
    pbx = Pbx()
    customer, phone = pbx.talk()
    pbx.asks(phone)
    pbx.wait(0.01)
    pbx.asks(customer)
    pbx.gone(customer, phone)
    assert pbx.only()["ended_by"] == "agent"


def test_a_transfer_that_is_told_twice_is_one() -> None:
    """Two sessions of AMI, one recording."""
    pbx = Pbx()
    customer, phone = pbx.talk()
    for _ in range(2):
        pbx.handed_over("BlindTransfer", Transferer=phone, Transferee=customer)
    assert len(pbx.only()["transfers"]) == 1


@pytest.mark.parametrize("late", [False, True], ids=["music-first", "music-last"])
def test_who_asks_a_third_by_feature_code_lets_the_customer_hear_music(late: bool) -> None:
    """The customer's music and the agent's leaving are told by two threads."""
    pbx = Pbx()
    customer, phone = pbx.talk()
    if late:
        pbx.leave("b1", phone)
    pbx.send("MusicOnHoldStart", **pbx.of(customer))
    if not late:
        pbx.leave("b1", phone)
    pbx.wait(5)
    pbx.send("MusicOnHoldStop", **pbx.of(customer))
    call = pbx.only()
    assert [second(call, x["to_t"]) - second(call, x["from_t"]) for x in call["holds"]] == [5]
