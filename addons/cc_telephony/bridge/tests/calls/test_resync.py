# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PBX is asked what it has in the very moment in which a call ends."""

from typing import Any

from .scene import Scene

PHONE = "PJSIP/2101-00000031"


def listed(scene: Scene, linked: str, **more: str) -> dict[str, Any]:
    """The phone that a call has rung unheard, as CoreShowChannels tells of it."""
    scene.known[PHONE] = {"Channel": PHONE, "Uniqueid": "pbx-1.710"}
    return {
        **scene.known[PHONE],
        "Event": "CoreShowChannel",
        "Linkedid": linked,
        "CallerIDNum": "2101",
        "ChannelState": "6",
        "ChannelStateDesc": "Up",
        "Duration": "00:00:03",
        "Application": "ConfBridge",
        **more,
    }


def waiting() -> tuple[Scene, str]:
    """A customer in *support*, of whom CEL has told, and the id that the PBX gave them."""
    scene = Scene()
    customer = scene.customer()
    scene.queue(customer, "QueueCallerJoin", "support")
    scene.wait(8)
    return scene, scene.of(customer)["Uniqueid"]


def ask(scene: Scene, *rows: dict[str, Any]) -> None:
    scene.facts += scene.model.resync(list(rows), t=round(scene.now * 1_000_000))


def test_a_phone_that_outlives_its_customer_is_no_call() -> None:
    """It is out of the room already, and only has to hang up."""
    scene, uid = waiting()
    ask(scene, listed(scene, uid))
    assert (scene.only()["state"], scene.only()["estimated"]) == ("ended", True)
    scene.gone(PHONE)
    assert scene.only()["state"] == "ended" and len(scene.model.live) == 0


def test_nor_is_one_that_is_still_beside_the_way_to_its_customer() -> None:
    """Of the queue's Local pair the far half stands in the room for the customer, who is gone."""
    scene, uid = waiting()
    halves = [
        {
            **listed(scene, uid, BridgeId=bridge),
            "Channel": f"Local/1001@cc-agent-00000007;{half}",
            "Uniqueid": f"pbx-1.70{half}",
        }
        for half, bridge in (("1", ""), ("2", "room"))
    ]
    ask(scene, *halves, listed(scene, uid, BridgeId="room"))
    assert scene.only()["state"] == "ended"
    scene.known |= {row["Channel"]: {k: row[k] for k in ("Channel", "Uniqueid")} for row in halves}
    scene.gone(*(row["Channel"] for row in halves), PHONE)
    assert scene.only()["state"] == "ended" and len(scene.model.live) == 0


def test_a_phone_that_goes_on_with_somebody_is_a_call() -> None:
    """Whom the PBX still counts to the call that was: they may have been handed over."""
    scene, uid = waiting()
    other = {
        **listed(scene, uid, BridgeId="b"),
        "Channel": "PJSIP/trunk-00000032",
        "Uniqueid": "pbx-1.711",
        "CallerIDNum": "13700000000",
    }
    ask(scene, listed(scene, uid, BridgeId="b"), other)
    over, found = scene.calls()
    assert (over["state"], found["state"]) == ("ended", "talking")


def test_a_phone_of_nobody_s_call_is_one() -> None:
    """Nobody has heard of the channel that it is counted to: CEL will tell the rest."""
    scene, _ = waiting()
    ask(scene, listed(scene, "pbx-1.700"))
    over, found = scene.calls()
    assert over["state"] == "ended" != found["state"]
