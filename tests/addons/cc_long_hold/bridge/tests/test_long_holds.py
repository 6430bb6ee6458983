# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from bridge_rig import Rig, sign_in
from cc_long_hold_bridge import LongHolds
from fake_pbx import block

CUSTOMER = {"Channel": "PJSIP/trunk-00000001", "Uniqueid": "c-1", "Linkedid": "c-1"}
ANN = {"Channel": "PJSIP/2001-00000002", "Uniqueid": "a-1", "Linkedid": "c-1"}


async def test_a_long_hold(pbx, odoo, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "cc_bridge.kernel.load.found", lambda: [("cc_long_hold", lambda: LongHolds)]
    )
    odoo.intent = {**odoo.intent, "cc_long_hold": {"seconds": 5}}
    rig = Rig(pbx, odoo, tmp_path)
    await sign_in(rig)
    dest = {f"Dest{name}": value for name, value in ANN.items()}
    called = {"CallerIDNum": "10086", "Exten": "2001", "Context": "cc-in"}
    await pbx.send(
        block(
            Event="Newchannel",
            **CUSTOMER,
            **called,
            ChannelStateDesc="Ring",
            Timestamp="1772442000.0",
        )
        + block(
            Event="Newchannel",
            **ANN,
            CallerIDNum="2001",
            Exten="s",
            ChannelStateDesc="Down",
            Timestamp="1772442001.0",
        )
        + block(Event="DialBegin", **CUSTOMER, **dest, DialString="2001", Timestamp="1772442001.0")
        + block(Event="DialEnd", **CUSTOMER, **dest, DialStatus="ANSWER", Timestamp="1772442002.0")
        + block(
            Event="BridgeEnter",
            **ANN,
            BridgeUniqueid="b-1",
            BridgeNumChannels="1",
            Timestamp="1772442002.0",
        )
        + block(
            Event="BridgeEnter",
            **CUSTOMER,
            BridgeUniqueid="b-1",
            BridgeNumChannels="2",
            Timestamp="1772442002.0",
        )
        + block(Event="Hold", **ANN, Timestamp="1772442010.0")
        + block(Event="Unhold", **ANN, Timestamp="1772442017.0")
    )
    await rig.until(lambda: rig.bodies("long_hold.over", "hold"))
    [hold] = rig.bodies("long_hold.over", "hold")
    assert (hold["agent"], hold["seconds"]) == ("1001", 7)
    await rig.stop()
