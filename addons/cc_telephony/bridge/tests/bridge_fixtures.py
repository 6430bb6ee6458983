# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The scripted PBX, the scripted Odoo and a bridge between them, as fixtures; for plug-ins' tests too."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from bridge_rig import INTENT, Rig, listing
from fake_odoo import FakeOdoo, serve
from fake_pbx import FakePbx, block

from cc_bridge import bridge as bridge_module
from cc_bridge.odoo import link as link_module


@pytest.fixture
def odoo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOdoo]:
    monkeypatch.setattr(link_module, "_FIRST", 0.02)
    monkeypatch.setattr(link_module, "LOOK_EVERY_S", 0.05)
    # this Odoo answers, however late; and what was told needs no second look
    monkeypatch.setattr(bridge_module, "ADMISSION_S", 600)
    monkeypatch.setattr(bridge_module, "DOUBT_EVERY_S", 600)
    server = FakeOdoo()
    server.intent = INTENT
    with serve(server):
        yield server


@pytest.fixture
async def pbx() -> AsyncIterator[FakePbx]:
    server = FakePbx()
    server.handlers["CoreSettings"] = lambda *_: block(
        Response="Success", ActionID="{id}", AsteriskVersion="22.10.1"
    )
    server.handlers["CoreShowChannels"] = lambda *_: listing(complete="CoreShowChannelsComplete")
    server.handlers["DeviceStateList"] = lambda *_: listing(complete="DeviceStateListComplete")
    server.handlers["ConfbridgeListRooms"] = lambda *_: block(
        Response="Error", ActionID="{id}", Message="No active conferences."
    )
    server.handlers["QueueStatus"] = lambda *_: listing(
        block(Event="QueueParams", ActionID="{id}", Queue="support", Calls="0"),
        *server.members,
        complete="QueueStatusComplete",
    )  # type: ignore[attr-defined]
    server.members = []  # type: ignore[attr-defined]
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def rig(pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path) -> AsyncIterator[Rig]:
    one = Rig(pbx, odoo, tmp_path)
    await one.until(lambda: any(p["reconciled"] for p in one.bodies("pbx.state", "pbx_state")))
    yield one
    await one.stop()
