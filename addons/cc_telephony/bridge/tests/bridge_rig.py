# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A whole bridge between a scripted PBX and a scripted Odoo, both on real sockets; fixtures in conftest.py."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fake_odoo import PBX, SECRET, FakeOdoo, order
from fake_pbx import FakePbx, block
from waiting import PATIENCE_S, until

from cc_bridge.ami import AmiSettings
from cc_bridge.bridge import Bridge
from cc_bridge.config import OdooSettings, Settings

INTENT: dict[str, Any] = {
    "agents": [
        {
            "agent": "1001",
            "name": "Ann",
            "session": None,
            "device": None,
            "extension": None,
            "queues": [{"queue": "support", "penalty": 2}],
        }
    ],
    "queues": [
        {
            "queue": "support",
            "name": "Support",
            "strategy": "rrmemory",
            "ring_s": 15,
            "wrap_up_s": 1,
            "service_level_s": 20,
            "max_wait_s": 120,
            "max_waiting": 0,
            "music": "default",
            "weight": 0,
        }
    ],
    "extensions": [
        {"extension": "2001", "kind": "desk", "secret": "d3sk", "name": "Ann", "agent": "1001"}
    ],
    "settings": {
        "country": "CN",
        "dial_prefix": "",
        "trunk": "trunk",
        "record": True,
        "wrap_up_more": 1,
    },
}


def listing(*rows: str, complete: str) -> str:
    return (
        block(Response="Success", ActionID="{id}", EventList="start")
        + "".join(rows)
        + block(Event=complete, ActionID="{id}", EventList="Complete")
    )


class Rig:
    """A running bridge."""

    def __init__(
        self,
        pbx: FakePbx,
        odoo: FakeOdoo,
        folder: Path,
        plugins: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.pbx, self.odoo = pbx, odoo
        (folder / "etc").mkdir(exist_ok=True)
        self.bridge = Bridge(
            Settings(
                # no answer is late because this process stood still
                odoo=OdooSettings(odoo.url, "db", PBX, SECRET, timeout=PATIENCE_S),
                ami=AmiSettings(
                    "127.0.0.1",
                    pbx.port,
                    "u",
                    "right",
                    connect_timeout=PATIENCE_S,
                    action_timeout=PATIENCE_S,
                    ping_timeout=PATIENCE_S,
                    backoff_first=0.05,
                ),
                spool=folder / "spool",
                recordings=folder / "rec",
                config_dir=folder / "etc",
                log_level="INFO",
                log_file=None,
                plugins=plugins or {},
            )
        )
        self.task = asyncio.create_task(self.bridge.run())

    async def until(self, done: Callable[[], object], within: float = PATIENCE_S) -> None:
        await until(done, within)

    def bodies(self, kind: str, body: str) -> list[dict[str, Any]]:
        return [fact[body] for fact in self.odoo.facts if fact["kind"] == kind]

    async def command(
        self,
        kind: str,
        args: dict[str, Any],
        *,
        agent: str | None = "1001",
        call_uid: str | None = None,
        ttl_s: float = 600,
    ) -> dict[str, Any]:
        """Puts a command where the bridge looks, and waits for its result."""
        one = order(kind, args, agent=agent, call_uid=call_uid, ttl_s=ttl_s)
        self.odoo.commands.append(one)

        def result() -> list[dict[str, Any]]:
            return [r for r in self.bodies("command.result", "command") if r["id"] == one["id"]]

        await self.until(result)
        assert len(result()) == 1
        return result()[0]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def states(self) -> list[str]:
        return [a["state"] for a in self.bodies("agent.state", "agent")]


async def sign_in(rig: Rig) -> None:
    await rig.until(lambda: rig.bridge.queues.knows("support"))
    result = await rig.command("sign_in", {"device": "desk", "extension": "2001", "session": 7})
    assert (result["code"], result["ok"]) == ("ok", True)
