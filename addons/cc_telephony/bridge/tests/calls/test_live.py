# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one table of channels as the PBX has them: what actions are told."""

from cc_bridge.calls import CallModel
from cc_bridge.calls.live import LiveChannel


def feed(model: CallModel, event: str, uid: str, name: str, **more: str) -> None:
    model.feed({"Event": event, "Uniqueid": uid, "Channel": name, **more})


def ringing(uid: str, name: str) -> CallModel:
    model = CallModel()
    feed(model, "Newchannel", uid, name, ChannelState="0", ChannelStateDesc="Down")
    feed(model, "Newstate", uid, name, ChannelState="5", ChannelStateDesc="Ringing")
    return model


def test_a_life() -> None:
    """Made, ringing, answered, in a room and out of it, gone."""
    name = "PJSIP/w1001-0000002a"
    model = ringing("u1", name)
    assert model.live.get("u1") == LiveChannel("u1", name, "Ringing")
    assert model.live.of_device("PJSIP/w1001") == [LiveChannel("u1", name, "Ringing")]
    assert model.live.of_device("PJSIP/w100") == []
    feed(model, "Newstate", "u1", name, ChannelState="6", ChannelStateDesc="Up")
    feed(model, "ConfbridgeJoin", "u1", name, Conference="c-1", BridgeUniqueid="b")
    assert model.live.named(name) == LiveChannel("u1", name, "Up", "c-1")
    feed(model, "ConfbridgeLeave", "u1", name, Conference="c-1", BridgeUniqueid="b")
    assert model.live.all() == [LiveChannel("u1", name, "Up")]
    feed(model, "Hangup", "u1", name, Cause="16")
    assert (model.live.get("u1"), model.live.named(name), len(model.live)) == (None, None, 0)


def test_nobodys_channel_is_there_too() -> None:
    """An Originate that is no call: whoever asked for it waits for its answer."""
    model = CallModel()
    model.adopt("", "u1", role="nobody")
    feed(model, "Newchannel", "u1", "PJSIP/trunk-1a2b", ChannelStateDesc="Down")
    feed(model, "Newstate", "u1", "PJSIP/trunk-1a2b", ChannelState="6", ChannelStateDesc="Up")
    assert model.live.get("u1") == LiveChannel("u1", "PJSIP/trunk-1a2b", "Up")


def test_texts_are_no_channel() -> None:
    """Asterisk makes one for them with the first, and keeps it."""
    model = CallModel()
    feed(model, "Newchannel", "u1", "Message/ast_msg_queue", ChannelStateDesc="Up")
    assert (model.live.all(), len(model.live)) == ([], 0)


def test_after_a_masquerade() -> None:
    """The PBX's ids keep place and room; who speaks there is another, and their phone's name comes with them."""
    first, second = "PJSIP/2001-00000001", "PJSIP/2002-00000002"
    model = ringing("u1", first)
    feed(model, "Newstate", "u1", first, ChannelState="6", ChannelStateDesc="Up")
    feed(model, "ConfbridgeJoin", "u1", first, Conference="c-1", BridgeUniqueid="b")
    feed(model, "Newchannel", "u2", second, ChannelState="5", ChannelStateDesc="Ringing")
    feed(model, "Rename", "u2", second, Newname=f"{second}<MASQ>")
    feed(model, "Rename", "u1", first, Newname=second)
    feed(model, "Rename", "u2", f"{second}<MASQ>", Newname=f"{first}<ZOMBIE>")
    assert model.live.get("u1") == LiveChannel("u1", second, "Up", "c-1")
    assert model.live.named(second) == model.live.get("u1")
    assert model.live.get("u2") == LiveChannel("u2", f"{first}<ZOMBIE>", "Ringing")
    feed(model, "Hangup", "u2", f"{first}<ZOMBIE>", Cause="16")
    assert [c.uniqueid for c in model.live.all()] == ["u1"]


def test_a_resync_is_the_whole_truth() -> None:
    model = ringing("u1", "PJSIP/2001-00000001")
    row = {
        "Event": "CoreShowChannel",
        "Uniqueid": "u2",
        "Channel": "PJSIP/2002-00000002",
        "ChannelState": "6",
        "ChannelStateDesc": "Up",
        "Application": "ConfBridge",
        "Duration": "00:00:05",
    }
    model.resync([row], rooms={"u2": "c-2"}, t=1_795_000_000_000_000)
    assert model.live.all() == [LiveChannel("u2", "PJSIP/2002-00000002", "Up", "c-2")]
