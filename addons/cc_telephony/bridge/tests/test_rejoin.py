# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A phone died in a call: it is rung again when the PBX tells that it is there, and nobody looks meanwhile."""

import pytest
from bridge_rig import Rig, sign_in
from fake_pbx import FakePbx, block

from cc_bridge.phones.rejoin import Rejoin

CUSTOMER = {"Channel": "PJSIP/trunk-00000001", "Uniqueid": "c-1", "Linkedid": "c-1"}
LOST = {"UserEvent": "CCAgentLost", "Room": "r-1", "Agent": "1001", "CustLeg": "", "Cust": ""}


@pytest.fixture(autouse=True)
def _the_clock_s_turn_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks does so for what the PBX told."""
    waits = Rejoin.__init__.__kwdefaults__
    for name in ("wait_s", "look_s"):
        monkeypatch.setitem(waits, name, 600.0)


def asked(pbx: FakePbx) -> int:
    """How often the phone's state was asked for."""
    return sum("DEVICE_STATE" in one.get("Variable", "") for one in pbx.actions("Getvar"))


async def lost(rig: Rig, states: list[str]) -> None:
    """Ann's phone is gone; it has these states, one after the other, whenever the bridge asks."""
    await sign_in(rig)

    def state(_pbx: FakePbx, _action: dict[str, str]) -> str:
        now = states.pop(0) if len(states) > 1 else states[0]
        return block(Response="Success", ActionID="{id}", Variable="x", Value=now)

    rig.pbx.handlers["Getvar"] = state
    await rig.pbx.send(
        block(Event="Newchannel", **CUSTOMER, ChannelStateDesc="Up")
        + block(Event="UserEvent", **{**LOST, "Cust": CUSTOMER["Channel"]})
    )
    await rig.until(lambda: asked(rig.pbx) == 1)


async def test_the_phone_is_rung_when_it_is_there_again(rig: Rig) -> None:
    await lost(rig, ["UNAVAILABLE", "NOT_INUSE"])
    await rig.pbx.send(block(Event="DeviceStateChange", Device="PJSIP/2002", State="NOT_INUSE"))
    await rig.pbx.send(block(Event="DeviceStateChange", Device="PJSIP/2001", State="NOT_INUSE"))
    ring = await rig.pbx.wait_for("Originate")
    assert (ring["Channel"], ring["Exten"]) == ("PJSIP/2001", "agent")
    # another phone's news is none
    assert asked(rig.pbx) == 2


async def test_nobody_waits_for_a_customer_who_has_gone(rig: Rig) -> None:
    await lost(rig, ["UNAVAILABLE"])
    await rig.pbx.send(block(Event="Hangup", **CUSTOMER, Cause="16"))
    await rig.until(lambda: not rig.bridge.tasks._others("rejoin"))
    assert rig.pbx.actions("Originate") == []
