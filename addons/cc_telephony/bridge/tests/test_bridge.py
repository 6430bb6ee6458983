# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The whole bridge between a scripted PBX and a scripted Odoo, both on real sockets."""

import asyncio
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from bridge_rig import INTENT, Rig, listing, sign_in
from fake_odoo import FakeOdoo, order
from fake_pbx import FakePbx, block

from cc_bridge import bridge
from cc_bridge.spool import Spool


async def test_the_pbx_is_brought_to_the_intent(rig: Rig, tmp_path: Path) -> None:
    await rig.until(lambda: rig.pbx.actions("Reload"))
    assert {"cc_pjsip.conf", "cc_queues.conf", "cc_hints.conf"} <= {
        p.name for p in (tmp_path / "etc").iterdir()
    }
    await rig.until(
        lambda: any(
            (a["Family"], a["Key"], a["Val"]) == ("ccqueue", "support", "120")
            for a in rig.pbx.actions("DBPut")
        )
    )
    put = {(a["Family"], a["Key"]): a.get("Val", "") for a in rig.pbx.actions("DBPut")}
    assert put["cc", "record"] == "1" and put["cc", "announce"] == "0"
    assert put["cc", "recdir"] == str(tmp_path / "rec")
    # the marks come after the database
    await rig.until(
        lambda: any(
            (a["Variable"], a["Value"]) == ("DEVICE_STATE(Custom:ag1001)", "UNAVAILABLE")
            for a in rig.pbx.actions("Setvar")
        )
    )


def conversation(t: int, queue: str | None) -> dict[str, Any]:
    """Of a call what the agents' states need: agent 1001 has talked in it since `t` (µs)."""
    return {
        "call_uid": "c",
        "state": "talking",
        "queue": queue,
        "attempts": [],
        "legs": [{"role": "agent", "number": "1001", "joined_t": t, "left_t": None}],
    }


async def test_a_gap_ends_by_the_pbx_s_clock(pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path) -> None:
    """Ours may be wrong when the bridge starts, and no event has told better yet: no call may fall out of the gap."""
    ahead = 3600.0

    def pong(_pbx: FakePbx, _action: dict[str, str]) -> str:
        stamp = f"{time.time() + ahead:.6f}"
        return block(Response="Success", ActionID="{id}", Ping="Pong", Timestamp=stamp)

    pbx.handlers["Ping"] = pong
    rig = Rig(pbx, odoo, tmp_path)
    try:
        service = rig.bridge.completeness
        await rig.until(lambda: service.gaps and service.gaps[-1][1] is not None)
        end = service.gaps[-1][1]
        assert end is not None and abs(end / 1e6 - time.time() - ahead) < 30
    finally:
        await rig.stop()


async def test_a_resync_that_takes_long(pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path) -> None:
    """A call that ends while the PBX is asked more was answered before it ended."""
    customer = {"Channel": "PJSIP/trunk-00000007", "Uniqueid": "pbx-1.7", "Linkedid": "pbx-1.7"}
    phone = {"Channel": "PJSIP/2001-00000008", "Uniqueid": "pbx-1.8", "Linkedid": "pbx-1.7"}
    up = {"ActionID": "{id}", "ChannelState": "6", "ChannelStateDesc": "Up", "BridgeId": "b"}
    rows = [
        block(Event="CoreShowChannel", **customer, **up, Application="Queue", Duration="00:00:09"),
        block(Event="CoreShowChannel", **phone, **up, Application="AppQueue", Duration="00:00:09"),
    ]
    pbx.handlers["CoreShowChannels"] = lambda *_: listing(
        *rows, complete="CoreShowChannelsComplete"
    )
    pbx.handlers["Ping"] = lambda *_: block(
        Response="Success", ActionID="{id}", Ping="Pong", Timestamp=f"{time.time():.6f}"
    )
    whole = pbx.handlers["QueueStatus"]
    pbx.handlers["QueueStatus"] = lambda *_: None
    rig = Rig(pbx, odoo, tmp_path)
    try:
        asked = await pbx.wait_for("QueueStatus")
        stamp = f"{time.time():.6f}"
        for one in (phone, customer):
            await pbx.send(block(Event="Hangup", Timestamp=stamp, **one, Cause="16"))
        # both have come while the PBX is being asked
        await rig.until(lambda: len(rig.bridge.ami.waiting()) >= 2)
        assert rig.bridge.ami.behind
        pbx.handlers["QueueStatus"] = whole
        answer = listing(complete="QueueStatusComplete").replace("{id}", asked["ActionID"])
        await pbx.send(answer)
        await rig.until(lambda: rig.bodies("call.ended", "call"))
        [call] = rig.bodies("call.ended", "call")
        assert call["started_t"] <= call["answered_t"] <= call["ended_t"]
        assert call["ended_t"] == round(float(stamp) * 1e6)
        await rig.until(lambda: not rig.bridge.ami.behind)
    finally:
        await rig.stop()


async def test_a_hangup_that_was_never_told(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent's end was told, the customer's not: the PBX is asked, and the call ends where it was last heard."""
    monkeypatch.setattr(bridge, "DOUBT_EVERY_S", 0.2)
    customer = {"Channel": "PJSIP/trunk-00000007", "Uniqueid": "pbx-1.7", "CallerIDNum": "5550100"}
    phone = {"Channel": "PJSIP/2001-00000008", "Uniqueid": "pbx-1.8", "CallerIDNum": "2001"}
    row = {name: customer[name] for name in ("Channel", "Uniqueid")}
    there = [block(Event="CoreShowChannel", ActionID="{id}", **row, ChannelStateDesc="Up")]
    rig = Rig(pbx, odoo, tmp_path)
    try:
        await rig.until(lambda: any(b["reconciled"] for b in rig.bodies("pbx.state", "pbx_state")))
        pbx.handlers["CoreShowChannels"] = lambda *_: listing(
            *there, complete="CoreShowChannelsComplete"
        )
        stamp = f"{time.time():.6f}"

        async def tell(event: str, **headers: str) -> None:
            await pbx.send(block(Event=event, Timestamp=stamp, **headers))

        dest = {f"Dest{name}": value for name, value in phone.items()}
        await tell("Newchannel", **customer, ChannelState="4", Exten="100")
        await tell("Newchannel", **phone, ChannelState="0")
        await tell("DialBegin", **customer, **dest, DialString="2001")
        await tell("Newstate", **customer, ChannelState="6")
        await tell("DialEnd", **customer, **dest, DialStatus="ANSWER")
        for one in (phone, customer):
            await tell("BridgeEnter", **one, BridgeUniqueid="b")
        for one in (phone, customer):
            await tell("BridgeLeave", **one, BridgeUniqueid="b")
        await tell("Hangup", **phone, Cause="16")
        await pbx.wait_for("CoreShowChannels", 3)
        # it is still there: whatever it does alone, the call goes on
        await rig.until(lambda: rig.bodies("call.left", "call"))
        assert not rig.bodies("call.ended", "call")
        there.clear()
        await rig.until(lambda: rig.bodies("call.ended", "call"))
        [call] = rig.bodies("call.ended", "call")
        assert call["estimated"] and call["ended_t"] == round(float(stamp) * 1e6)
        assert not rig.bridge.calls.in_doubt(rig.bridge.clock.now_us())
    finally:
        await rig.stop()


async def test_sign_in_state_and_sign_out(rig: Rig) -> None:
    await sign_in(rig)
    added = rig.pbx.actions("QueueAdd")[0]
    assert (added["Interface"], added["StateInterface"], added["Penalty"], added["Paused"]) == (
        "Local/1001@cc-agent/n",
        "hint:1001@cc-hint",
        "2",
        "true",
    )
    put = {(a["Family"], a["Key"]): a.get("Val") for a in rig.pbx.actions("DBPut")}
    assert put["agentdev", "1001"] == "PJSIP/2001" and put["agentext", "2001"] == "1001"
    assert (await rig.command("set_state", {"state": "ready", "reason": None}))["code"] == "ok"
    assert rig.pbx.actions("QueuePause")[-1]["Paused"] == "false"
    assert (await rig.command("set_state", {"state": "on_call"}))["code"] == "illegal_state"
    assert (await rig.command("sign_out", {"session": 6}))["code"] == "ok"
    assert rig.pbx.actions("QueueRemove") == []
    assert (await rig.command("sign_out", {"session": 7}))["code"] == "ok"
    assert rig.pbx.actions("QueueRemove")[0]["Queue"] == "support"
    assert rig.states() == ["busy", "ready", "offline"]


async def test_a_queue_call_pauses_him_through_wrap_up(rig: Rig) -> None:
    await sign_in(rig)
    await rig.command("set_state", {"state": "ready"})
    t = rig.bridge.clock.now_us()
    call = conversation(t, "support")
    rig.bridge.agents.call_changed(call, t)
    await rig.until(lambda: rig.pbx.actions("QueuePause")[-1]["Paused"] == "true")
    rig.bridge.agents.call_changed({**call, "state": "ended"}, t + 500_000)
    await rig.until(lambda: len(rig.states()) == 5)
    assert rig.states() == ["busy", "ready", "on_call", "wrap_up", "ready"]
    wrap_up, after = rig.bodies("agent.state", "agent")[-2:]
    assert wrap_up["until"] == after["since"] == t + 1_500_000
    await rig.until(lambda: rig.pbx.actions("QueuePause")[-1]["Paused"] == "false")


async def test_a_prolonged_wrap_up_lasts_longer_also_after_a_restart(
    rig: Rig, tmp_path: Path
) -> None:
    await sign_in(rig)
    assert (await rig.command("prolong", {}))["code"] == "illegal_state"
    assert (await rig.command("prolong", {}, agent="1002"))["code"] == "no_agent"
    agents = rig.bridge.agents
    agents.know_intent({**INTENT, "settings": {**INTENT["settings"], "wrap_up_more": 2}})
    t = rig.bridge.clock.now_us()
    call = conversation(t, "support")
    agents.call_changed(call, t)
    agents.call_changed({**call, "state": "ended"}, t + 1_000_000)
    # one second of wrap-up by the queue, and before it can be over half a minute more, twice
    agents.prolong("1001")
    assert (await rig.command("prolong", {}))["code"] == "ok"
    before, first, after = rig.bodies("agent.state", "agent")[-3:]
    assert (before["until"], before["more"]) == (t + 2_000_000, 2)
    assert (first["until"], first["more"]) == (t + 32_000_000, 1)
    assert (after["until"], after["more"], after["state"]) == (t + 62_000_000, 0, "wrap_up")
    assert (after["since"], after["call_uid"]) == (before["since"], "c")
    assert (await rig.command("prolong", {}))["code"] == "illegal_state"
    await rig.until(lambda: rig.bridge.clock.now_us() > t + 2_500_000)
    signed_in = {**INTENT["agents"][0], "session": 7, "device": "desk", "extension": "2001"}
    rig.odoo.intent = {**INTENT, "agents": [signed_in]}
    rig.task.cancel()
    await asyncio.gather(rig.task, return_exceptions=True)
    # a bridge of 19.0.1.0.0 kept all agents in one state
    spool = Spool(tmp_path / "spool")
    kept = spool.states("agent:")
    spool.append([], states={**dict.fromkeys(kept), "agents": list(kept.values())})
    spool.close()
    again = Rig(rig.pbx, rig.odoo, tmp_path)
    await again.until(lambda: again.bridge.agents.get("1001"))
    ann = again.bridge.agents.get("1001")
    assert ann is not None and (ann.state, ann.until) == ("wrap_up", t + 62_000_000)
    assert again.bridge.spool.states("agent:").keys() == kept.keys()
    assert again.bridge.spool.state("agents") is None
    again.task.cancel()
    await asyncio.gather(again.task, return_exceptions=True)


@pytest.mark.parametrize("gone", [False, True])
async def test_who_talks_on_without_the_customer_is_in_talk_over_a_restart(
    rig: Rig, tmp_path: Path, gone: bool
) -> None:
    """A resync: whose channel is there talks on, whose is gone has work after the call to do."""
    await sign_in(rig)
    t = rig.bridge.clock.now_us()
    call = conversation(t, "support")
    rig.bridge.agents.call_changed(call, t)
    rig.bridge.agents.call_changed({**call, "state": "ended"}, t + 1, {"1001": "pbx-1.7"})
    await rig.until(lambda: rig.bodies("agent.state", "agent")[-1]["talks_on"])
    told = rig.bodies("agent.state", "agent")[-2:]
    assert [(b["state"], b["since"], b["talks_on"]) for b in told] == [
        ("on_call", t, False),
        ("on_call", t, True),
    ]
    signed_in = {**INTENT["agents"][0], "session": 7, "device": "desk", "extension": "2001"}
    # the work after the call that is looked at lasts, the other one ends by itself
    queue = {**INTENT["queues"][0], "wrap_up_s": 600 if gone else 1}
    rig.odoo.intent = {**INTENT, "agents": [signed_in], "queues": [queue]}
    rig.task.cancel()
    await asyncio.gather(rig.task, return_exceptions=True)
    row = block(
        Event="CoreShowChannel",
        ActionID="{id}",
        Channel="PJSIP/2001-00000007",
        Uniqueid="pbx-1.7",
        Linkedid="pbx-1.7",
        ChannelStateDesc="Up",
    )
    rig.pbx.handlers["CoreShowChannels"] = lambda *_: listing(
        *([] if gone else [row]), complete="CoreShowChannelsComplete"
    )
    heard = len(rig.bodies("pbx.state", "pbx_state"))
    again = Rig(rig.pbx, rig.odoo, tmp_path)
    await again.until(
        lambda: any(b["reconciled"] for b in rig.bodies("pbx.state", "pbx_state")[heard:])
    )
    ann = again.bridge.agents.get("1001")
    assert ann is not None
    assert (ann.state, ann.talks_on) == (("wrap_up", None) if gone else ("on_call", "pbx-1.7"))
    if not gone:
        await rig.pbx.send(
            block(Event="Hangup", Channel="PJSIP/2001-00000007", Uniqueid="pbx-1.7", Cause="16")
        )
        await again.until(lambda: rig.states()[-2:] == ["wrap_up", "ready"])
    again.task.cancel()
    await asyncio.gather(again.task, return_exceptions=True)


@pytest.mark.parametrize("out_first", [True, False])
async def test_who_talks_on_and_signs_out_is_free_once_his_phone_is(
    rig: Rig, out_first: bool
) -> None:
    """Until their channel has gone they are in talk, also signed in anew; afterwards nothing of it is left."""
    await sign_in(rig)
    t = rig.bridge.clock.now_us()
    call = conversation(t, None)
    agents = rig.bridge.agents
    agents.call_changed(call, t)
    over = ({**call, "state": "ended"}, t + 1, {"1001": "pbx-1.7"})
    if not out_first:
        agents.call_changed(*over)
    await rig.command("sign_out", {"session": 7})
    if out_first:
        agents.call_changed(*over)
    again = {"device": "desk", "extension": "2001", "session": 8}
    await rig.command("sign_in", again)
    assert rig.states()[-1] == "on_call"
    assert (await rig.command("set_state", {"state": "ready"}))["code"] == "illegal_state"
    await rig.command("sign_out", {"session": 8})
    await rig.pbx.send(
        block(Event="Hangup", Channel="PJSIP/2001-00000007", Uniqueid="pbx-1.7", Cause="16")
    )
    await rig.until(lambda: not agents.talking_on("1001"))
    await rig.command("sign_in", {**again, "session": 9})
    assert rig.states()[-1] == "busy"
    assert (await rig.command("set_state", {"state": "ready"}))["ok"]


async def test_a_call_that_went_during_a_resync_is_left_to_cel(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path
) -> None:
    """It lies in the gap; what came before the login only CEL knows."""
    whole = pbx.handlers["QueueStatus"]

    def channel(event: str, number: int, name: str, **more: str) -> str:
        uid = f"pbx-1795316001.{number}"
        # minutes after the PBX was asked, however slow we are
        more = {"Linkedid": uid, "Timestamp": "1795316600.0", **more}
        return block(Event=event, Channel=name, Uniqueid=uid, **more)

    def meanwhile(server: FakePbx, action: dict[str, str]) -> str:
        gone = "".join(
            channel(event, 2, "PJSIP/trunk-2", Context="from-pstn", Exten="100", Queue="support")
            for event in ("Newchannel", "QueueCallerJoin", "Hangup")
        )
        there = channel("Newchannel", 3, "PJSIP/trunk-3", Context="from-pstn", Exten="100")
        there += channel("QueueCallerJoin", 3, "PJSIP/trunk-3", Queue="support", Position="1")
        # a phone is rung for whom nobody has heard of, and hangs up when all is asked
        rung = channel("Newchannel", 4, "PJSIP/2001-4", Linkedid="pbx-1795315999.1")
        rung += block(
            Event="DialBegin",
            Channel="Local/1001@cc-agent-1;2",
            Uniqueid="pbx-1795316000.2",
            Linkedid="pbx-1795315999.1",
            DestChannel="PJSIP/2001-4",
            DestUniqueid="pbx-1795316001.4",
            DestLinkedid="pbx-1795315999.1",
            DialString="2001",
        )
        return gone + there + rung + str(whole(server, action))

    pbx.handlers["QueueStatus"] = meanwhile
    pbx.handlers["Ping"] = lambda _server, _action: block(
        Response="Success", ActionID="{id}", Ping="Pong", Timestamp="1795316002.0"
    )
    rig = Rig(pbx, odoo, tmp_path)
    await rig.until(lambda: rig.bodies("call.started", "call"))
    pbx.handlers["QueueStatus"] = whole
    await pbx.send(channel("Hangup", 4, "PJSIP/2001-4", Linkedid="pbx-1795315999.1", Cause="26"))
    await pbx.send(channel("Hangup", 3, "PJSIP/trunk-3", Cause="16"))
    await rig.until(lambda: rig.bodies("call.ended", "call"))
    assert len({f["call"]["call_uid"] for f in odoo.facts if "call" in f}) == 1
    rig.task.cancel()
    await asyncio.gather(rig.task, return_exceptions=True)


async def test_a_restarted_pbx_gets_its_members_back(rig: Rig) -> None:
    await sign_in(rig)
    before = len(rig.pbx.actions("QueueAdd"))
    rig.pbx.members.append(
        block(  # type: ignore[attr-defined]
            Event="QueueMember",
            ActionID="{id}",
            Queue="support",
            Location="Local/9999@cc-agent/n",
            Penalty="0",
            Status="1",
            Paused="0",
        )
    )
    rig.odoo.intent = {
        **INTENT,
        "agents": [{**INTENT["agents"][0], "session": 7, "device": "desk", "extension": "2001"}],
    }
    await rig.pbx.cut()
    await rig.until(lambda: len(rig.pbx.actions("QueueAdd")) > before)
    # one whom nobody signed in is removed, ours is there again, and how to reach them
    await rig.until(lambda: rig.pbx.actions("QueueRemove"))
    assert rig.pbx.actions("QueueRemove")[-1]["Interface"] == "Local/9999@cc-agent/n"
    assert [a for a in rig.pbx.actions("DBPut") if a["Family"] == "agentdev"][-1][
        "Val"
    ] == "PJSIP/2001"
    await rig.until(
        lambda: (False, "network")
        in [(p["connected"], p["error"]) for p in rig.bodies("pbx.state", "pbx_state")]
    )


@pytest.mark.parametrize(
    "kind,args,agent,code",
    [
        ("levitate", {}, "1001", "refused"),
        ("set_state", {"state": "ready"}, "1002", "no_agent"),
        ("set_state", {"state": "ready"}, None, "no_agent"),
        ("dial", {"number": "1,30&PJSIP/x"}, "1001", "bad_number"),
        ("dial", {"number": "+8613800138000"}, "1002", "no_agent"),
        ("sign_in", {"device": "desk", "extension": "a;b", "session": 1}, "1002", "refused"),
        ("sign_in", {"device": "desk"}, "1002", "failed"),
        ("check", {}, None, "ok"),
    ],
)
async def test_result_codes(
    rig: Rig, kind: str, args: dict[str, Any], agent: str | None, code: str
) -> None:
    result = await rig.command(kind, args, agent=agent)
    assert (result["code"], result["ok"]) == (code, code == "ok")


async def test_too_late_is_not_run(rig: Rig) -> None:
    result = await rig.command(
        "sign_in", {"device": "desk", "extension": "2001", "session": 7}, ttl_s=-600
    )
    assert result["code"] == "expired" and rig.states() == []


async def test_dialling(rig: Rig) -> None:
    await sign_in(rig)
    rig.pbx.handlers["Getvar"] = lambda *_: block(
        Response="Success", ActionID="{id}", Variable="x", Value="UNAVAILABLE"
    )
    assert (await rig.command("dial", {"number": "10086"}))["code"] == "not_registered"
    rig.pbx.handlers["Getvar"] = lambda *_: block(
        Response="Success", ActionID="{id}", Variable="x", Value="NOT_INUSE"
    )
    result = await rig.command("dial", {"number": "10086"})
    sent = rig.pbx.actions("Originate")
    assert result["code"] == "ok" and len(sent) == 1
    assert (sent[0]["Channel"], sent[0]["Context"], sent[0]["Exten"], sent[0]["CallerID"]) == (
        "PJSIP/2001",
        "cc-out",
        "10086",
        "10086",
    )
    assert f"Variable: __CC_CALL={result['call_uid']}\r\n".encode() in rig.pbx.raw
    assert b"Variable: PJSIP_HEADER(add,Alert-Info)=<cc:auto>;info=auto-answer\r\n" in rig.pbx.raw


async def test_without_pbx_commands_fail_at_once_and_are_not_kept(rig: Rig) -> None:
    await sign_in(rig)
    await rig.pbx.stop()
    await rig.until(lambda: not rig.bridge.ami.connected)
    assert (await rig.command("dial", {"number": "10086"}))["code"] == "ami_down"
    await rig.pbx.start()
    await rig.until(lambda: rig.bridge.ami.connected)
    # what is asked later is done; what failed is not done after all
    assert (await rig.command("check", {}))["ok"]
    assert rig.pbx.actions("Originate") == []


async def test_a_command_that_was_running_at_a_crash_is_unknown(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path
) -> None:
    first = Rig(pbx, odoo, tmp_path)
    await first.until(lambda: first.bridge.link.greeted)
    await first.stop()

    spool = Spool(tmp_path / "spool")
    lost = str(uuid.uuid4())
    assert spool.command_is_new(lost)
    spool.close()
    odoo.commands.append(order("check", {}, id=lost))
    second = Rig(pbx, odoo, tmp_path)
    await second.until(lambda: second.bodies("command.result", "command"))
    # one that comes later is done, and the lost one not with it
    await second.until(lambda: second.bridge.queues.knows("support"))
    await second.command("check", {})
    assert [r["code"] for r in second.bodies("command.result", "command")] == ["unknown", "ok"]
    await second.stop()


async def test_a_restarted_bridge_knows_its_agents(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path
) -> None:
    first = Rig(pbx, odoo, tmp_path)
    await first.until(lambda: first.bridge.queues.knows("support"))
    await sign_in(first)
    await first.command("set_state", {"state": "break", "reason": "tea"})
    await first.stop()
    odoo.intent = {
        **INTENT,
        "agents": [{**INTENT["agents"][0], "session": 7, "device": "desk", "extension": "2001"}],
    }
    second = Rig(pbx, odoo, tmp_path)
    await second.until(lambda: second.bridge.link.greeted and second.bridge.ami.connected)
    agent = second.bridge.agents.get("1001")
    assert agent is not None and (agent.state, agent.reason) == ("break", "tea")
    await second.stop()
    assert second.states() == ["busy", "break"]


@pytest.mark.parametrize(
    "phone,notified,code",
    [("Yealink SIP-T46S 66.86", True, "ok"), ("baresip v1.0.0", False, "refused")],
)
async def test_only_phones_that_can_are_answered(
    rig: Rig, phone: str, notified: bool, code: str
) -> None:
    """A phone that doesn't know "Event: talk" answers 481, which would end the ringing call."""
    await sign_in(rig)
    rig.pbx.handlers["PJSIPShowContacts"] = lambda *_: listing(
        block(Event="ContactList", ActionID="{id}", Aor="2001", Endpoint="2001", UserAgent=phone),
        complete="ContactListComplete",
    )
    channel = {"Uniqueid": "u1", "Channel": "PJSIP/2001-00000001"}
    await rig.pbx.send(block(Event="Newchannel", **channel, ChannelStateDesc="Ringing"))
    rig.pbx.handlers["PJSIPNotify"] = lambda *_: (
        block(Response="Success", ActionID="{id}")
        + block(Event="Newstate", **channel, ChannelStateDesc="Up")
    )
    await rig.until(lambda: len(rig.bridge.calls.live) == 1)
    assert (await rig.command("answer", {}))["code"] == code
    sent = [(a["Channel"], a["Variable"]) for a in rig.pbx.actions("PJSIPNotify")]
    assert sent == ([("PJSIP/2001-00000001", "Event=talk")] if notified else [])


async def test_reject_and_hangup_name_the_channel(rig: Rig) -> None:
    await sign_in(rig)
    assert (await rig.command("reject", {}))["code"] == "no_call"
    assert (await rig.command("hangup", {}))["code"] == "no_call"
    channel = {"Uniqueid": "u1", "Channel": "PJSIP/2001-00000001"}
    await rig.pbx.send(block(Event="Newchannel", **channel, ChannelStateDesc="Ringing"))
    await rig.until(lambda: len(rig.bridge.calls.live) == 1)
    assert (await rig.command("reject", {}))["code"] == "ok"
    assert [(a["Channel"], a["Cause"]) for a in rig.pbx.actions("Hangup")] == [
        ("PJSIP/2001-00000001", "21")
    ]


async def test_signing_out_after_the_call_holds_against_an_old_intent(rig: Rig) -> None:
    """TEL-60: Odoo may still think them signed in when its intent is read again."""
    await sign_in(rig)
    await rig.command("set_state", {"state": "ready"})
    t = rig.bridge.clock.now_us()
    call = conversation(t, "support")
    rig.bridge.agents.call_changed(call, t)
    assert (await rig.command("next_state", {"state": "offline"}))["ok"]
    assert rig.bodies("agent.state", "agent")[-1]["next"] == {"state": "offline", "reason": None}
    rig.bridge.agents.call_changed({**call, "state": "ended"}, t + 500_000)
    await rig.until(lambda: rig.states()[-1] == "offline")
    assert rig.states() == ["busy", "ready", "on_call", "on_call", "wrap_up", "offline"]
    await rig.until(lambda: rig.pbx.actions("QueueRemove"))
    rig.odoo.intent = {
        **rig.odoo.intent,
        "agents": [{"agent": "1001", "device": "desk", "extension": "2001", "session": 7}],
    }
    rig.bridge.link.bell("intent")
    assert (await rig.command("finish_wrap_up", {}))["code"] == "no_agent"
    assert rig.states()[-1] == "offline"


def rung_out(n: int) -> dict[str, Any]:
    """A call of the queue that waits on: agent 1001's n-th ring of it has run out."""
    return {
        "call_uid": "c",
        "state": "queued",
        "queue": "support",
        "attempts": [
            {
                "n": k,
                "queue": "support",
                "target": "1001",
                "ring_t": k,
                "end_t": k,
                "outcome": "no_answer",
            }
            for k in range(1, n + 1)
        ],
        "legs": [],
    }


@pytest.mark.parametrize("limit", [0, 2])
async def test_who_lets_calls_ring_out_is_set_aside(rig: Rig, limit: int) -> None:
    """TEL-62: by the queue's setting, with the reason that Odoo names; 0 for never."""
    [queue] = INTENT["queues"]
    settings = {**INTENT["settings"], "not_answering": "Not answering"}
    rig.bridge.agents.know_intent(
        {**INTENT, "queues": [{**queue, "miss_limit": limit}], "settings": settings}
    )
    await sign_in(rig)
    await rig.command("set_state", {"state": "ready"})
    agents, t = rig.bridge.agents, rig.bridge.clock.now_us()
    agents.call_changed(rung_out(1), t)
    # told again by a later fact it is no second one
    agents.call_changed(rung_out(1), t + 1)
    ann = agents.get("1001")
    assert ann is not None and ann.state == "ready"
    agents.call_changed(rung_out(2), t + 2)
    if not limit:
        assert ann.state == "ready"
        return
    assert (ann.state, ann.reason, ann.since) == ("break", "Not answering", t + 2)
    await rig.until(lambda: rig.pbx.actions("QueuePause")[-1]["Paused"] == "true")
    # back at the desk: the count begins anew
    await rig.command("set_state", {"state": "ready"})
    agents.call_changed(rung_out(3), t + 3)
    assert ann.state == "ready"


async def test_an_agent_of_no_queue_is_watched_too(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TEL-62: the phone's own state, of which no queue tells."""
    monkeypatch.setattr("cc_bridge.agents.watch.PATIENCE_S", 0.1)
    [ann] = INTENT["agents"]
    rig.bridge.agents.know_intent({**INTENT, "agents": [{**ann, "queues": []}]})
    await sign_in(rig)
    assert rig.pbx.actions("QueueAdd") == []

    def told() -> list[bool]:
        return [body["reachable"] for body in rig.bodies("agent.state", "agent")]

    await rig.pbx.send(block(Event="DeviceStateChange", Device="PJSIP/2001", State="UNAVAILABLE"))
    await rig.until(lambda: told()[-1] is False)
    await rig.pbx.send(block(Event="DeviceStateChange", Device="PJSIP/2001", State="NOT_INUSE"))
    await rig.until(lambda: told()[-1] is True)
    # in talk or not is no matter of being there
    await rig.pbx.send(block(Event="DeviceStateChange", Device="PJSIP/2001", State="INUSE"))
    await rig.pbx.send(block(Event="DeviceStateChange", Device="Custom:al1001", State="INVALID"))
    await rig.pbx.send(block(Event="DeviceStateChange", Device="PJSIP/2002", State="UNAVAILABLE"))
    phones = lambda: rig.bodies("phone.changed", "phone")  # noqa: E731
    await rig.until(lambda: len(phones()) == 3)
    assert phones() == [
        {"extension": "2001", "there": False},
        {"extension": "2001", "there": True},
        {"extension": "2002", "there": False},
    ]


async def test_a_phone_that_stays_away_stands_behind_no_state(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TEL-62: told after a while, taken back at once; what is away for a moment only is not told."""
    monkeypatch.setattr("cc_bridge.agents.watch.PATIENCE_S", 0.3)
    await sign_in(rig)
    member = {
        "Queue": "support",
        "Interface": "Local/1001@cc-agent/n",
        "Paused": "1",
        "Penalty": "2",
    }

    def told() -> list[bool]:
        return [body["reachable"] for body in rig.bodies("agent.state", "agent")]

    before = len(told())
    for status in ("5", "1"):
        await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status=status))
    await rig.command("set_state", {"state": "ready"})
    assert told()[before:] == [True]
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="5"))
    gone = rig.bodies("agent.state", "agent")[-1]
    await rig.until(lambda: told()[-1] is False)
    assert rig.states()[-1] == "ready"
    await rig.pbx.send(block(Event="QueueMemberStatus", **member, Status="1"))
    await rig.until(lambda: told()[-1] is True)
    # Ready behind which no phone stood is a stretch of its own: from the loss, not from when it was told
    ready, away, back = (body["since"] for body in rig.bodies("agent.state", "agent")[-3:])
    assert ready == gone["since"] and ready < away and back - away >= 300_000
