# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Streams that went wrong once, from other people's PBXs; what must come out was written before it did."""

import json
from pathlib import Path
from typing import Any

import pytest

from calls import streams
from calls.scene import Scene

CASES = Path(__file__).parent.parent / "recordings" / "cases"
SECOND = 1_000_000


def play(name: str) -> tuple[list[Any], list[dict[str, Any]]]:
    """All facts of a case, and the last word on each call; every fact fits the schema."""
    with (CASES / f"{name}.jsonl").open(encoding="utf-8") as stream:
        facts = streams.run([json.loads(line) for line in stream])
    for n, fact in enumerate(facts, 1):
        streams.validate(fact.kind, fact.call, n, fact.t)
    return facts, streams.last(facts)


def rings(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Whom it rang at, and how each ring ended."""
    return [(x["target"], x["outcome"]) for x in call["attempts"]]


def after(call: dict[str, Any], t: int) -> int:
    """Whole seconds from the call's beginning."""
    return (t - call["started_t"]) // SECOND


def test_a_pick_up_that_hears_only_the_announcement_is_no_answer() -> None:
    """The member heard the hold time and hung up; the customer waited on and gave up after 28 s."""
    facts, [call] = play("agent_dump_then_abandon")
    assert call["answered_t"] is None and call["loss"] == "queue"
    assert call["ended_by"] == "customer" and call["queue"] == "sales"
    assert rings(call) == [("201", "rejected")]
    assert not any(fact.call["answered_t"] for fact in facts)


def test_who_hands_over_to_a_busy_phone_has_not_ended_the_call() -> None:
    """A stream without hang-up requests: leaving first is no ending for who has transferred."""
    _facts, [call] = play("blind_busy_no_requests")
    assert call["ended_by"] == "system"
    assert rings(call) == [("201", "answered"), ("202", "busy")]


def test_a_ring_goes_on_when_its_phone_transfers_the_customer_into_it() -> None:
    """REFER with Replaces while 202 rings: one ring, from its beginning until the customer gave up."""
    facts, [call] = play("blonde_refer_customer_gives_up")
    assert rings(call) == [("201", "answered"), ("202", "cancelled")]
    assert after(call, call["attempts"][1]["end_t"]) == 23
    assert [(x["how"], x["by"], x["to"], x["completed"]) for x in call["transfers"]] == [
        ("attended", "201", "202", False)
    ]
    assert call["ended_by"] == "customer"
    between = [f.call["state"] for f in facts if 18 <= after(call, f.t) < 23]
    handed = [f for f in facts if after(call, f.t) == 17][-1]
    assert handed.call["state"] == "ringing" and set(between) <= {"ringing"}
    assert not any(ring["outcome"] == "no_answer" for f in facts for ring in f.call["attempts"])


def test_a_blank_of_another_script_is_a_blank() -> None:
    """U+00A0 between first and last name."""
    _facts, [call] = play("cid_nbsp")
    assert call["from"]["name"] == "Jean Dupont"


def test_a_customer_is_handed_into_a_voicemail_box() -> None:
    """Second line to a machine, then the transfer key: one call, and nobody has taken it."""
    _facts, [call] = play("consult_into_voicemail")
    assert [(x["role"], x["number"], len(x["channels"])) for x in call["legs"]] == [
        ("customer", "0715550100", 1),
        ("agent", "201", 2),
    ]
    assert [(x["how"], x["by"], x["to"], x["completed"]) for x in call["transfers"]] == [
        ("attended", "201", "*98205", False)
    ]
    assert call["ended_by"] == "customer" and rings(call) == [("201", "answered")]


def test_a_second_line_is_the_transferrers_however_soon_they_hand_over() -> None:
    """A machine on line 2, the transfer key at once; line 2 goes only later: one call, no other."""
    scene = Scene()
    customer = scene.customer("201", "0715550100")
    phone = scene.new("PJSIP/201-00000002", "201")
    scene.dial(customer, phone, "201")
    scene.state(phone, "Up")
    scene.dialled(customer, phone, "ANSWER")
    scene.bridge("b1", phone, customer)
    scene.wait(5)
    second = scene.new("PJSIP/201-00000003", "201", "*98205", "Ring")
    scene.state(second, "Up")
    scene.wait(0.5)
    scene.send(
        "AttendedTransfer",
        Result="Success",
        DestType="App",
        DestApp="VoiceMail",
        **scene.of(phone, "OrigTransferer"),
        **scene.of(second, "SecondTransferer"),
        **scene.of(customer, "Transferee"),
    )
    scene.wait(2)
    scene.gone(phone, second)
    scene.asks(customer)
    scene.gone(customer)
    call = scene.only()
    assert [(x["number"], len(x["channels"])) for x in call["legs"]] == [
        ("0715550100", 1),
        ("201", 2),
    ]
    assert [(x["how"], x["by"], x["to"]) for x in call["transfers"]] == [
        ("attended", "201", "*98205")
    ]


def test_a_queue_that_is_asked_by_feature_code_is_not_the_calls() -> None:
    """The agent waits in *support* for a colleague while the customer hears music, and comes back."""
    facts, [call] = play("consult_queue_by_keys_small")
    assert call["queue"] == "sales"
    assert [(after(call, x["from_t"]), after(call, x["to_t"])) for x in call["holds"]] == [(15, 35)]
    assert [f.kind for f in facts if f.kind == "call.queued" and after(call, f.t) > 1] == []
    assert {f.call["queue"] for f in facts if f.call["queue"]} == {"sales"}


def test_a_lost_hangup_frees_the_agent_all_the_same() -> None:
    """The Hangup of the customer's channel never came; they had asked, and nobody serves them."""
    facts, calls = play("customer_hangup_lost")
    first, second = calls
    assert first["state"] == "ended" and first["ended_by"] == "customer"
    assert after(first, first["ended_t"]) == 10
    assert second["from"]["number"] == "0715550122" and second["ended_by"] == "agent"
    freed = next(f for f in facts if f.call["legs"][-1]["left_t"] is not None)
    assert after(first, freed.t) == 10


def test_a_dial_string_with_an_address_leads_outside() -> None:
    """Dial(PJSIP/voxline/sip:0715550300@host)."""
    _facts, [call] = play("dial_pjsip_uri")
    assert (call["direction"], call["line"]) == ("outbound", "voxline")
    assert call["from"]["number"] == "201" and call["to"]["number"] == "0715550300"
    assert [(x["role"], x["number"]) for x in call["legs"]] == [
        ("agent", "201"),
        ("customer", "0715550300"),
    ]


def test_an_agent_connected_beforehand_is_in_each_call_and_rung_for_none() -> None:
    """A dialler's room: the agent stays, customers are brought in one after the other."""
    _facts, calls = play("dialer_nailed_agent")
    assert [call["to"]["number"] for call in calls] == ["0715550111", "0715550112"]
    for call in calls:
        assert ("agent", "301") in [(x["role"], x["number"]) for x in call["legs"]]
        assert "301" not in [target for target, _outcome in rings(call)]
        assert call["answered_t"] is not None


def legs(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Who was in it."""
    return [(x["role"], x["number"]) for x in call["legs"]]


def dialler_dials(scene: Scene, line: str, number: str, room: str) -> None:
    """A dialler calls somebody, brings them into the room where its agent waits, and they talk for 20 s."""
    customer = scene.new(line)
    scene.dial(None, customer, f"{number}@trunk")
    scene.state(customer, "Ringing")
    scene.wait(4)
    scene.dialled(None, customer, "ANSWER")
    scene.bridge(room, customer)
    scene.wait(20)
    scene.asks(customer)
    scene.gone(customer)


@pytest.mark.parametrize("rung", [True, False], ids=["rung", "dialled-in"])
def test_an_agent_who_waits_with_a_prompt_and_music_is_in_each_call(rung: bool) -> None:
    """Connected beforehand, by the dialler or by dialling in: no part of the wait is the customers'."""
    scene = Scene()
    if rung:
        agent = scene.new("PJSIP/301-00000001", "301", "8600")
        scene.dial(None, agent, "301")
        scene.dialled(None, agent, "ANSWER")
    else:
        agent = scene.new("PJSIP/301-00000001", "301", "8600", "Ring")
        scene.state(agent, "Up")
    # "you are the only one in this conference"
    scene.wait(3)
    scene.bridge("r1", agent, Conference="8600")
    scene.send("MusicOnHoldStart", **scene.of(agent))
    scene.wait(30)
    scene.send("MusicOnHoldStop", **scene.of(agent))
    came = scene.now
    dialler_dials(scene, "PJSIP/trunk-00000002", "0715550111", "r1")
    scene.wait(5)
    dialler_dials(scene, "PJSIP/trunk-00000003", "0715550112", "r1")
    scene.asks(agent)
    scene.gone(agent)
    *waited, first, second = scene.calls()
    for call, number in ((first, "0715550111"), (second, "0715550112")):
        assert (call["direction"], call["from"]["number"]) == ("outbound", "301")
        assert legs(call) == [("customer", number), ("agent", "301")]
        assert rings(call) == [(number, "answered")]
        assert call["answered_t"] is not None and call["ended_by"] == "customer"
    # who dials in has made a call, which is over when there is somebody to talk with
    assert [legs(call) for call in waited] == ([] if rung else [[("agent", "301")]])
    for call in waited:
        assert (call["direction"], call["state"]) == ("internal", "ended")
        assert call["answered_t"] is None
        assert call["ended_t"] == int((came + 4) * SECOND)


def test_agents_of_a_pool_hear_nobody_until_they_are_asked_for() -> None:
    """AgentLogin by two phones, AgentRequest by two customers: calls of one agent each, rung for none."""
    scene = Scene()
    agents = []
    for n in ("301", "302"):
        agents.append(scene.new(f"PJSIP/{n}-00000001", n, "*99", "Ring"))
        scene.state(agents[-1], "Up")
        scene.wait(2)
        # what happens at once may be told in another order
        if n == "301":
            scene.bridge("pool", agents[-1], BridgeType="agent_hold")
            scene.send("MusicOnHoldStart", **scene.of(agents[-1]))
        else:
            scene.send("AgentLogin", **scene.of(agents[-1]), Agent="7302")
            scene.send("MusicOnHoldStart", **scene.of(agents[-1]))
            scene.bridge("pool", agents[-1], BridgeType="agent_hold")
        scene.wait(10)
    for line, n, agent in ((5, "301", agents[0]), (6, "302", agents[1]), (7, "301", agents[0])):
        customer = scene.new(f"PJSIP/trunk-0000000{line}", f"071555011{line}", "100", "Ring")
        scene.state(customer, "Up")
        scene.bridge(f"b{line}", customer)
        scene.send("MusicOnHoldStop", **scene.of(agent))
        scene.send("BridgeLeave", **scene.of(agent), BridgeUniqueid="pool")
        scene.bridge(f"b{line}", agent)
        scene.wait(20)
        scene.asks(customer)
        scene.send("BridgeLeave", **scene.of(customer), BridgeUniqueid=f"b{line}")
        scene.gone(customer)
        scene.send("BridgeLeave", **scene.of(agent), BridgeUniqueid=f"b{line}")
        scene.bridge("pool", agent, BridgeType="agent_hold")
        call = scene.calls()[-1]
        assert legs(call) == [("customer", f"071555011{line}"), ("agent", n)]
        assert rings(call) == [] and call["ended_by"] == "customer"
        assert (call["state"], call["answered_t"] is not None) == ("ended", True)
    scene.asks(agents[0])
    scene.gone(*agents)
    assert len(scene.calls()) == 3


def test_a_pool_is_no_call_for_who_comes_later() -> None:
    """A bridge that is restarted finds three phones logged in, one of them with a customer."""
    scene, rows = Scene(), []
    for n, name, app, bridge, age in (
        ("301", "PJSIP/301-00000001", "AgentLogin", "pool", "03:00:00"),
        ("302", "PJSIP/302-00000002", "AgentLogin", "pool", "02:00:00"),
        ("303", "PJSIP/303-00000003", "AgentLogin", "b4", "01:00:00"),
        ("0715550113", "PJSIP/trunk-00000004", "AgentRequest", "b4", "00:01:00"),
    ):
        scene.count += 1
        scene.known[name] = {
            "Channel": name,
            "Uniqueid": f"pbx-{scene.count}",
            "CallerIDNum": n,
            "Exten": "*99" if app == "AgentLogin" else "100",
            "Context": "x",
            "ChannelState": "6",
            "ChannelStateDesc": "Up",
        }
        rows.append({**scene.of(name), "BridgeId": bridge, "Application": app, "Duration": age})
    scene.facts += scene.model.resync(rows, t=int(scene.now * SECOND))
    assert legs(scene.only()) == [("customer", "0715550113"), ("agent", "303")]
    assert scene.only()["direction"] == "inbound"
    agent = "PJSIP/301-00000001"
    customer = scene.new("PJSIP/trunk-00000005", "0715550111", "100", "Ring")
    scene.state(customer, "Up")
    scene.bridge("b5", customer)
    scene.send("BridgeLeave", **scene.of(agent), BridgeUniqueid="pool")
    scene.bridge("b5", agent)
    scene.wait(20)
    scene.asks(customer)
    scene.gone(customer)
    [_, call] = scene.calls()
    assert legs(call) == [("customer", "0715550111"), ("agent", "301")]
    assert rings(call) == [] and (call["state"], call["ended_by"]) == ("ended", "customer")


@pytest.mark.parametrize("app", ["ConfBridge", "MeetMe"])
def test_who_waits_in_a_diallers_room_is_no_call_for_who_comes_later(app: str) -> None:
    """A bridge that is restarted finds an agent alone in a room; another talks there with a customer."""
    scene, rows = Scene(), []
    for n, name, bridge, linked in (
        ("301", "PJSIP/301-00000001", "r1", "pbx-1"),
        ("302", "PJSIP/302-00000002", "r2", "pbx-2"),
        ("0715550113", "PJSIP/trunk-00000003", "r2", "pbx-3"),
    ):
        scene.count += 1
        scene.known[name] = {
            "Channel": name,
            "Uniqueid": f"pbx-{scene.count}",
            "Linkedid": linked,
            "CallerIDNum": n,
            "Exten": "8600",
            "Context": "x",
            "ChannelState": "6",
            "ChannelStateDesc": "Up",
        }
        rows.append(
            {**scene.of(name), "BridgeId": bridge, "Application": app, "Duration": "1:00:00"}
        )
    scene.facts += scene.model.resync(rows, t=int(scene.now * SECOND))
    assert {number for _role, number in legs(scene.only())} == {"0715550113", "302"}
    for n, number in enumerate(("0715550111", "0715550112"), 5):
        scene.wait(60)
        dialler_dials(scene, f"PJSIP/trunk-0000000{n}", number, "r1")
    _, *calls = scene.calls()
    for call, number in zip(calls, ("0715550111", "0715550112"), strict=True):
        assert legs(call) == [("customer", number), ("agent", "301")]
        assert (call["direction"], call["from"]["number"]) == ("outbound", "301")
        assert rings(call) == [(number, "answered")]
        assert (call["state"], call["ended_by"]) == ("ended", "customer")


def test_a_customer_on_a_second_line_is_a_call_of_its_own() -> None:
    """An agent talks with a colleague, dials a customer on line 2, and comes back."""
    _facts, calls = play("internal_then_second_line_to_customer")
    internal, outbound = calls
    assert internal["direction"] == "internal"
    assert [x["number"] for x in internal["legs"]] == ["201", "202"]
    assert rings(internal) == [("202", "answered")]
    assert (outbound["direction"], outbound["line"]) == ("outbound", "carrier-a")
    assert outbound["from"]["number"] == "201" and outbound["to"]["number"] == "0715550300"
    assert [(x["role"], x["number"]) for x in outbound["legs"]] == [
        ("agent", "201"),
        ("customer", "0715550300"),
    ]
    assert outbound["ended_by"] == "customer"
    assert after(internal, outbound["ended_t"]) == 148
    assert after(internal, internal["ended_t"]) == 179


def test_a_callers_number_may_come_late() -> None:
    """An analogue line: NewCallerid two seconds after the call began."""
    facts, [call] = play("late_caller_number")
    assert call["from"] == {"number": "0715550100", "name": "Maria Lund"}
    assert call["legs"][0]["number"] == "0715550100"
    ringing = next(n for n, f in enumerate(facts) if f.kind == "call.ringing")
    assert any(f.call["from"]["number"] == "0715550100" for f in facts[:ringing])


@pytest.mark.parametrize(
    ("line", "dialplan", "shown"),
    [
        # withheld on the line, known by a header
        ("anonymous", "13800000005", "13800000005"),
        # a line that shows the number dialled as who calls
        ("100", "13800000005", "13800000005"),
        # the head number of a company, whose extension a header tells
        ("4420700000", "4420711234", "4420711234"),
        # with what must be dialled for calling back, and as E.164: the same number
        ("0207001122", "00207001122", "0207001122"),
        ("0207001122", "+44207001122", "0207001122"),
        # taken away again; shown the number dialled
        ("0207001122", "anonymous", "0207001122"),
        ("0207001122", "100", "0207001122"),
    ],
)
@pytest.mark.parametrize("queued", [False, True], ids=["at-once", "in-queue"])
def test_who_calls_may_be_said_by_the_dialplan(
    line: str, dialplan: str, shown: str, queued: bool
) -> None:
    """Set(CALLERID(num)=…) on the customer's channel, before they wait or while they do."""
    scene = Scene()
    customer = scene.customer("100", line)
    if queued:
        scene.queue(customer, "QueueCallerJoin", "sales", Position="1")
    scene.known[customer].update(CallerIDNum=dialplan, CallerIDName="Maria Lund")
    scene.send("NewCallerid", **scene.of(customer))
    if shown == dialplan:
        assert scene.only()["from"] == {"number": shown, "name": "Maria Lund"}
    phone = scene.new("PJSIP/1004-00000002", "1004")
    scene.dial(customer, phone, "1004")
    scene.state(phone, "Up")
    scene.dialled(customer, phone, "ANSWER")
    scene.bridge("b1", phone, customer)
    # what is said when somebody has answered concerns nobody
    scene.known[customer].update(CallerIDNum="5559999")
    scene.send("NewCallerid", **scene.of(customer))
    scene.asks(customer)
    scene.gone(customer, phone)
    call = scene.only()
    assert call["from"]["number"] == call["legs"][0]["number"] == shown


def test_what_is_shown_outside_is_not_who_calls() -> None:
    """The dialplan sends a customer on to a mobile and shows the house's number there."""
    scene = Scene()
    customer = scene.customer("100", "0207001122")
    scene.wait(3)
    scene.known[customer].update(CallerIDNum="5550000")
    scene.send("NewCallerid", **scene.of(customer))
    mobile = scene.new("PJSIP/trunk-00000002", "13800000000")
    scene.dial(customer, mobile, "13800000000@trunk")
    scene.asks(customer)
    scene.gone(mobile, customer)
    call = scene.only()
    assert call["from"]["number"] == call["legs"][0]["number"] == "0207001122"


def test_a_number_at_which_several_phones_ring_is_nobodys() -> None:
    """Dial(Local/600@groups) rings 211 and 212; 212 answers."""
    _facts, [call] = play("numeric_local_is_a_group")
    assert [(x["role"], x["number"]) for x in call["legs"]] == [
        ("customer", "0715550100"),
        ("agent", "212"),
    ]
    assert rings(call) == [("212", "answered")]


def test_an_old_pbx_hangs_up_before_it_says_that_nobody_answered() -> None:
    """Asterisk 11: cause 0 comes before Dial's NOANSWER."""
    _facts, [call] = play("old_no_answer_behind_local")
    assert [outcome for _target, outcome in rings(call)] == ["no_answer"]
    assert call["ended_by"] == "system"


def test_one_of_two_rings_is_picked_up() -> None:
    """Asterisk 13's order: DialEnd, DialBegin for who takes it, then Pickup."""
    _facts, [call] = play("queue_ringall_picked_up")
    assert rings(call) == [("201", "taken"), ("202", "cancelled")]
    assert [(x["how"], x["by"]) for x in call["transfers"]] == [("pickup", "209")]


def test_a_channel_that_lives_on_in_h_is_no_presence() -> None:
    """The customer hung up at 12 s; the dialplan asks the web for 20 s more."""
    facts, [call] = play("slow_h_extension_customer")
    assert after(call, call["ended_t"]) == 12 and call["ended_by"] == "customer"
    assert after(call, facts[-1].t) == 12


@pytest.mark.parametrize("inner", ["NOANSWER", "CONGESTION", "CHANUNAVAIL", "CANCEL"])
@pytest.mark.parametrize("outer", ["NOANSWER", "CONGESTION", "CHANUNAVAIL"])
def test_a_rejection_from_the_bar_is_one_whatever_dial_makes_of_it(inner: str, outer: str) -> None:
    """AMI Hangup with cause 21: on a busy machine Dial sees the phone go before it hears the cause."""
    stream = [dict(event) for event in streams.events("cc_reject_ami")]
    ends = [event for event in stream if event["Event"] == "DialEnd"]
    assert [event["DialStatus"] for event in ends] == ["NOANSWER", "NOANSWER"]
    ends[0]["DialStatus"], ends[1]["DialStatus"] = inner, outer
    [call] = streams.last(streams.run(stream))
    assert rings(call) == [("1001", "rejected")]
    assert call["loss"] == "queue" and call["ended_by"] == "customer"


def test_a_rejection_within_the_first_second_is_one() -> None:
    """The queue counts whole seconds: *RingTime* 0, with the phone gone already, is not "nothing rang"."""
    stream = [dict(event) for event in streams.events("cc_reject_ami")]
    [none] = [event for event in stream if event["Event"] == "AgentRingNoAnswer"]
    none["RingTime"] = "0"
    [first, _] = [event for event in stream if event["Event"] == "DialEnd"]
    first["DialStatus"] = "CHANUNAVAIL"
    [gone] = [
        event
        for event in stream
        if event["Event"] == "Hangup" and event["Channel"].startswith("PJSIP/2001")
    ]
    stream.remove(gone)
    stream.insert(stream.index(first) + 1, gone)
    [call] = streams.last(streams.run(stream))
    assert rings(call) == [("1001", "rejected")]


def test_who_transfers_two_callers_together_has_one_leg() -> None:
    """202 and 203 have each called 201, who joins them: 201 is one party of the call that goes on."""
    scene = Scene()
    first = scene.new("PJSIP/202-00000001", "202", "201", "Ring")
    one = scene.new("PJSIP/201-00000002", "201")
    scene.dial(first, one, "201")
    scene.state(one, "Up")
    scene.dialled(first, one, "ANSWER")
    scene.bridge("b1", one, first)
    second = scene.new("PJSIP/203-00000003", "203", "201", "Ring")
    two = scene.new("PJSIP/201-00000004", "201")
    scene.dial(second, two, "201")
    scene.state(two, "Up")
    scene.dialled(second, two, "ANSWER")
    scene.bridge("b2", two, second)
    scene.wait(5)
    scene.send(
        "AttendedTransfer",
        Result="Success",
        DestType="Bridge",
        **scene.of(two, "OrigTransferer"),
        **scene.of(one, "SecondTransferer"),
        **scene.of(second, "Transferee"),
        **scene.of(first, "TransferTarget"),
    )
    scene.send("BridgeLeave", **scene.of(first), BridgeUniqueid="b1")
    scene.bridge("b2", first)
    scene.gone(one, two)
    scene.wait(5)
    scene.asks(second)
    scene.gone(first, second)
    joined = scene.calls()[-1]
    numbers = [leg["number"] for leg in joined["legs"]]
    assert sorted(numbers) == ["201", "202", "203"]
    assert [(x["how"], x["by"], x["to"], x["completed"]) for x in joined["transfers"]] == [
        ("attended", "201", "202", True)
    ]


def test_the_number_that_all_phones_of_a_group_show_is_no_phones() -> None:
    """Dial(SIP/alice&SIP/bob) for 401: each rings by its own name, and so does who lost."""
    scene = Scene()
    customer = scene.customer("5550200")
    alice = scene.new("PJSIP/alice-00000002", "401")
    scene.dial(customer, alice, "alice")
    bob = scene.new("PJSIP/bobby-00000003", "401")
    scene.dial(customer, bob, "bobby")
    scene.state(bob, "Up")
    scene.dialled(customer, bob, "ANSWER")
    scene.dialled(customer, alice, "CANCEL")
    scene.bridge("b1", bob, customer)
    scene.gone(alice)
    scene.asks(bob)
    scene.gone(bob, customer)
    call = scene.only()
    assert rings(call) == [("alice", "cancelled"), ("bobby", "answered")]
    assert call["legs"][1]["number"] == "bobby"


def test_who_comes_back_before_the_customer_has_gone_makes_no_conference() -> None:
    """Whoever waits is swapped with one command; on a busy machine the two ways cross for a moment."""
    stream = streams.events("cc2_toggle")
    [whole] = streams.last(streams.run(stream))
    back = [
        n
        for n, e in enumerate(stream)
        if e["Event"] in ("BridgeEnter", "ConfbridgeJoin") and "PJSIP/1005" in e["Channel"]
    ][-2:]
    left = max(
        n
        for n, e in enumerate(stream[: back[0]])
        if e["Event"] == "ConfbridgeLeave" and e["Channel"].endswith(";2")
    )
    moved = [stream[n] for n in back]
    rest = [e for n, e in enumerate(stream) if n not in back]
    [call] = streams.last(streams.run([*rest[:left], *moved, *rest[left:]]))
    assert call["transfers"] == whole["transfers"] and len(call["holds"]) == len(whole["holds"])
