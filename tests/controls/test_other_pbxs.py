# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What other people's PBXs do and ours does not, on a real Asterisk 22: dialplans of theirs, the facts that must come."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from key_phone import KeyPhone
from line_rig import Call, Ear, LineRig, eventually

from cc_stack.process import HOST

Scene = Callable[..., None]
CUSTOMER = "+8613800000001"
#: who calls by a line that shows nobody
LATE = "+8613800000005"
#: A ring lasts until the test answers it or hangs up; baresip itself gives up after two minutes.
RING_S = 110
#: Between two keys of a feature, and until the other side answers, a busy machine may take its time.
PATIENT_KEYS = (
    "Set,FEATURE(featuredigittimeout)=60000",
    "Set,FEATURE(transferdigittimeout)=60000",
    "Set,FEATURE(atxfernoanswertimeout)=60000",
    "Set,FEATURE(inherit)=yes",
)
#: a desk phone of the site's own, with a transfer key; what it dials is in lab-office
KEYS = """
[2301]
type = endpoint
context = lab-office
disallow = all
allow = ulaw
direct_media = no
callerid = "Keys" <2301>
"""


@pytest.fixture
def lab(rig: LineRig) -> Iterator[Scene]:
    """lab("7701", "Wait,1", …): what somebody outside who dials this number comes to.

    In the file, not by the console: the bridge has the dialplan read again whenever somebody signs in.
    """
    file = rig.settings.run / "asterisk" / "etc" / "extensions.conf"
    before = file.read_text()

    def add(exten: str, *steps: str, context: str = "from-pstn") -> None:
        lines = [f"\n[{context}]"]
        for n, step in enumerate(steps, 1):
            app, _, args = step.partition(",")
            lines.append(f"exten => {exten},{n},{app}({args})")
        file.write_text(file.read_text() + "\n".join([*lines, ""]))
        rig.asterisk.cli("dialplan reload")
        shown = f"dialplan show {exten}@{context}"
        eventually(lambda: steps[0].partition(",")[0] in rig.asterisk.cli(shown))

    yield add
    file.write_text(before)
    rig.asterisk.cli("dialplan reload")


@pytest.fixture
def phone(rig: LineRig) -> Iterator[Ear]:
    """The desk phone 2003, at which nobody is signed in."""
    ear = rig.desk("1003")
    assert rig.command("sign_out", {"session": None}, "1003")["ok"]
    yield ear
    rig.asterisk.cli("queue remove member PJSIP/2003 from sales")


@pytest.fixture
def keys(rig: LineRig) -> Iterator[KeyPhone]:
    """The phone 2301, which hands over by its own key."""
    file = rig.settings.run / "asterisk" / "etc" / "pjsip.conf"
    before = file.read_text()
    file.write_text(before + KEYS)

    def known() -> bool:
        """A reload is refused while another one is under way."""
        rig.asterisk.cli("module reload res_pjsip.so")
        return "lab-office" in rig.asterisk.cli("pjsip show endpoint 2301")

    eventually(known)
    phone = KeyPhone("2301", rig.settings.ports.sip)
    yield phone
    phone.close()
    file.write_text(before)
    rig.asterisk.cli("module reload res_pjsip.so")


@pytest.fixture
def pool(rig: LineRig) -> Iterator[None]:
    """Agent 301 of app_agent_pool, which our PBX does not load.

    The module stays: Asterisk destroys an agent's bridge some time after the agent has gone, and dies of a module
    that was unloaded before (seen once in some fifty runs beside a busy core).
    """
    cli, file = rig.asterisk.cli, rig.settings.run / "asterisk" / "etc" / "agents.conf"
    file.write_text("[general]\n[301]\nfullname = Agent 301\n")
    is_loaded = "1 modules" in cli("module show like app_agent_pool")
    cli(f"module {'reload' if is_loaded else 'load'} app_agent_pool.so")
    eventually(lambda: "301" in cli("agent show all"))
    yield
    cli("channel request hangup all")
    eventually(lambda: "301" not in cli("agent show online"))
    file.write_text("[general]\n")
    cli("module reload app_agent_pool.so")


@pytest.fixture
def loose(rig: LineRig) -> Iterator[Ear]:
    """The desk phone 2004, at which nobody is signed in either."""
    ear = rig.desk("1004")
    assert rig.command("sign_out", {"session": None}, "1004")["ok"]
    yield ear


def rings(call: Call) -> list[tuple[str, str | None]]:
    """Whom it rang at, and how it ended."""
    return [(a["target"], a["outcome"]) for a in call["attempts"]]


def moves(call: Call) -> list[tuple[str, str, str, bool]]:
    """How, by whom, to whom, completed."""
    return [(t["how"], t["by"], t["to"], t["completed"]) for t in call["transfers"]]


def parties(call: Call) -> list[tuple[str, str, int]]:
    """Who was in it, over how many channels."""
    return [(leg["role"], leg["number"], len(leg["channels"])) for leg in call["legs"]]


def talking(rig: LineRig, since: int) -> Call:
    """The only call, once two talk in it."""
    eventually(lambda: newest(rig, since)["state"] == "talking")
    return newest(rig, since)


def newest(rig: LineRig, since: int) -> Call:
    """The only call that began since, once it is told."""
    [call] = eventually(lambda: rig.calls(since))
    return call


def heard(rig: LineRig) -> set[str]:
    """The names of the events so far, and the states that devices have had."""
    states = {f"{e['Device']} {e['State']}" for e in rig.stream if "Device" in e and "State" in e}
    return states | {event["Event"] for event in rig.stream}


def now() -> int:
    return int(time.time() * 1e6) - 200_000


def over(rig: LineRig, since: int) -> Call:
    """The same when it is over."""
    eventually(lambda: newest(rig, since)["state"] == "ended")
    return newest(rig, since)


def is_free(rig: LineRig) -> bool:
    """The pool's agent can be asked for, by the newest that was told of them."""
    told = [e["State"] for e in rig.stream if e.get("Device") == "Agent:301"]
    return told[-1:] == ["NOT_INUSE"]


def test_a_pick_up_that_hears_the_announcement_only(rig: LineRig, lab: Scene, phone: Ear) -> None:
    """The member hangs up before they are connected (AgentDump): nobody has answered."""
    lab("7702", "Answer,", "Queue,sales,,,demo-congrats")
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


@pytest.fixture
def web(rig: LineRig) -> Iterator[tuple[int, threading.Event]]:
    """A program behind AGI, which our PBX does not load, that takes its time: its port, and that it was asked."""
    rig.asterisk.cli("module load res_agi.so")
    asked, answer = threading.Event(), threading.Event()
    listening = socket.create_server((HOST, 0))

    def serve() -> None:
        with suppress(OSError):
            line, _ = listening.accept()
            asked.set()
            answer.wait()
            line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], asked
    answer.set()
    listening.close()
    thread.join(5)
    rig.asterisk.cli("channel request hangup all")
    eventually(lambda: "unloaded" in rig.asterisk.cli("module unload res_agi.so").lower())


def test_a_customer_who_is_gone_while_their_channel_lives_on(
    rig: LineRig, lab: Scene, phone: Ear, web: tuple[int, threading.Event]
) -> None:
    """Something slow in the extension h keeps the channel, not the call."""
    lab("s", f"Dial,PJSIP/2003,{RING_S}", context="lab-slow")
    port, asked = web
    lab("h", f"AGI,agi://{HOST}:{port}/slow", context="lab-slow")
    lab("7703", "Goto,lab-slow,s,1")
    since, caller = now(), rig.customer(CUSTOMER)
    caller.call("7703")
    phone.answer()
    talking(rig, since)
    caller.hang_up()
    call = over(rig, since)
    assert call["ended_by"] == "customer"
    # the call is over, the channel is not: the program has yet to answer
    assert asked.wait(60)
    assert "PJSIP/trunk-" in rig.asterisk.cli("core show channels concise")


def test_a_ring_goes_on_when_its_phone_hands_the_customer_into_it(
    rig: LineRig, lab: Scene, keys: KeyPhone, loose: Ear
) -> None:
    """The transfer key while the colleague's phone rings: one ring, until the customer gives up."""
    lab("7704", f"Dial,PJSIP/2301/sip:2301@{keys.address},20")
    lab("2004", f"Dial,PJSIP/2004,{RING_S}", context="lab-office")
    since, caller = now(), rig.customer(CUSTOMER)
    caller.call("7704")
    talking(rig, since)
    second = keys.dial("2004")
    eventually(lambda: second.ringing)
    eventually(lambda: ("2004", None) in rings(newest(rig, since)))
    keys.hand_over(keys.lines[0], second)
    eventually(lambda: moves(newest(rig, since)))
    # both of its lines are free, the colleague's phone rings on for the customer
    eventually(lambda: "2301" not in rig.asterisk.cli("core show channels concise"))
    eventually(lambda: newest(rig, since)["state"] == "ringing")
    assert rings(newest(rig, since)) == [("2301", "answered"), ("2004", None)]
    caller.hang_up()
    call = over(rig, since)
    assert rings(call) == [("2301", "answered"), ("2004", "cancelled")]
    assert moves(call) == [("attended", "2301", "2004", False)]
    assert call["ended_by"] == "customer"


def test_a_second_line_into_a_machine_is_no_party(rig: LineRig, lab: Scene, keys: KeyPhone) -> None:
    """A phone dials a machine on line 2 and hands the customer into it: nobody has taken them."""
    lab("7704", f"Dial,PJSIP/2301/sip:2301@{keys.address},20")
    lab("7798", "Answer,", "Wait,300", context="lab-office")
    since, caller = now(), rig.customer(CUSTOMER)
    caller.call("7704")
    talking(rig, since)
    second = keys.dial("7798")
    eventually(lambda: second.answered)
    keys.hand_over(keys.lines[0], second)
    eventually(lambda: moves(newest(rig, since)))
    caller.hang_up()
    call = over(rig, since)
    assert parties(call) == [("customer", CUSTOMER, 1), ("agent", "2301", 2)]
    assert moves(call) == [("attended", "2301", "7798", False)]
    assert rings(call) == [("2301", "answered")]
    assert call["ended_by"] == "customer"


def test_a_callers_number_that_comes_late(rig: LineRig, lab: Scene) -> None:
    """The line shows nobody; a second later the dialplan knows who calls: their card rings with the number."""
    ann = rig.desk("1001")
    lab("7705", "Wait,1", f"Set,CALLERID(num)={LATE}", "Goto,cc-queue,support,1")
    since, caller = now(), rig.customer("anonymous", 11)
    caller.call("7705")
    eventually(lambda: newest(rig, since)["from"]["number"] == LATE)
    eventually(lambda: rig.state("1001") == "ringing")
    ann.answer()
    talking(rig, since)
    caller.hang_up()
    call = over(rig, since)
    assert call["from"]["number"] == call["legs"][0]["number"] == LATE
    assert rings(call) == [("1001", "answered")]


def test_a_callers_number_that_comes_while_it_rings(rig: LineRig, lab: Scene, phone: Ear) -> None:
    """The phone rings for nobody; who calls is known before it is answered."""
    lab("7708", f"Dial,PJSIP/2003,{RING_S}")
    since, caller = now(), rig.customer("anonymous", 11)
    caller.call("7708")
    eventually(lambda: rings(newest(rig, since)) == [("2003", None)])
    assert newest(rig, since)["from"]["number"] == "anonymous"
    [line] = [c.name for c in rig.channels("PJSIP/trunk")]
    rig.asterisk.cli(f"dialplan set chanvar {line} CALLERID(num) {LATE}")
    eventually(lambda: newest(rig, since)["from"]["number"] == LATE)
    assert newest(rig, since)["state"] == "ringing"
    phone.answer()
    talking(rig, since)
    caller.hang_up()
    call = over(rig, since)
    assert call["from"]["number"] == LATE
    assert parties(call) == [("customer", LATE, 1), ("agent", "2003", 1)]
    assert rings(call) == [("2003", "answered")]


def test_a_queue_that_is_asked_by_feature_code_is_not_the_calls(
    rig: LineRig, lab: Scene, phone: Ear
) -> None:
    """The agent asks in another queue by *2, nobody is there, the agent comes back by *1."""
    lab("7706", *PATIENT_KEYS, "Set,__TRANSFER_CONTEXT=lab-office", "Queue,sales,t")
    lab("7720", "Queue,support,,,,300", context="lab-office")
    assert "Added" in rig.asterisk.cli("queue add member PJSIP/2003 to sales penalty 0")
    since, caller = now(), rig.customer(CUSTOMER)
    caller.call("7706")
    phone.answer()
    talking(rig, since)
    phone.keys("*27720")
    eventually(lambda: newest(rig, since)["state"] == "held")
    eventually(lambda: "support" in rig.asterisk.cli("core show channels concise"))
    phone.keys("*1")
    eventually(lambda: newest(rig, since)["state"] == "talking")
    caller.hang_up()
    call = over(rig, since)
    assert (call["queue"], len(call["holds"]), call["ended_by"]) == ("sales", 1, "customer")
    assert rings(call) == [("2003", "answered")]
    assert not moves(call)
    told = [f for f in rig.facts("call.") if f["call"]["call_uid"] == call["call_uid"]]
    assert {f["call"]["queue"] for f in told} <= {None, "sales"}
    assert len([f for f in told if f["kind"] == "call.queued"]) == 1


def test_an_agent_in_a_diallers_room_is_in_each_call(rig: LineRig, lab: Scene, phone: Ear) -> None:
    """The agent was connected beforehand; customers are brought in one after the other."""
    lab("room", "Answer,", "ConfBridge,lab", context="lab-office")
    since = now()
    rig.asterisk.cli("channel originate PJSIP/2003 extension room@lab-office")
    phone.answer()
    # they are told first that they are alone in it
    eventually(lambda: "ConfbridgeJoin" in heard(rig))
    for number in ("+8613800000001", "+8613800000009"):
        with talked(rig, number) as calls:
            rig.asterisk.cli(f"channel originate PJSIP/{number}@trunk extension room@lab-office")
            eventually(
                lambda calls=calls: ("agent", "2003", 1) in [p for c in calls() for p in parties(c)]
            )
            rig.ears["outside"].as_number(number).hang_up()
        [call] = calls()
        assert ("agent", "2003", 1) in parties(call)
        assert "2003" not in [target for target, _outcome in rings(call)]
        assert call["ended_by"] == "customer"
    phone.hang_up()
    eventually(lambda: not rig.asked(rig.bridge.calls.live.all))
    assert len(rig.calls(since)) == 2


def test_an_agent_of_a_pool_is_in_each_call(
    rig: LineRig, lab: Scene, phone: Ear, pool: None
) -> None:
    """AgentLogin: the phone stays connected, AgentRequest brings callers to it one after the other."""
    lab("login", "Answer,", "AgentLogin,301", context="lab-office")
    lab("7707", "Answer,", "AgentRequest,301")
    begun = now()
    rig.asterisk.cli("channel originate PJSIP/2003 extension login@lab-office")
    phone.answer()
    # the pool gives a new phone some seconds to prove itself, and needs a moment to have it back after each caller
    for number, index in ((CUSTOMER, 10), (LATE, 12)):
        eventually(lambda: is_free(rig))
        since, caller = now(), rig.customer(number, index)
        caller.call("7707")
        talking(rig, since)
        caller.hang_up()
        call = over(rig, since)
        assert call["from"]["number"] == number
        assert parties(call) == [("customer", number, 1), ("agent", "2003", 1)]
        assert rings(call) == []
        assert (call["answered_t"] is not None, call["ended_by"]) == (True, "customer")
    phone.hang_up()
    eventually(lambda: "AgentLogoff" in heard(rig))
    eventually(lambda: not rig.asked(rig.bridge.calls.live.all))
    assert len(rig.calls(begun)) == 2


@contextmanager
def talked(rig: LineRig, number: str) -> Iterator[Callable[[], list[Call]]]:
    """The calls from here on in which somebody talks with this number; over when the block is."""
    since = now()

    def calls() -> list[Call]:
        return [
            c
            for c in rig.calls(since)
            if c["answered_t"] and number in (c["from"]["number"], c["to"]["number"])
        ]

    yield calls
    eventually(lambda: all(c["state"] == "ended" for c in calls()))
