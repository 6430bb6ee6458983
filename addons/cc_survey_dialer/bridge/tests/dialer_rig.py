# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge with the dialler between the scripted PBX, whose channels a test moves, and the scripted Odoo."""

import time
import uuid
from pathlib import Path
from typing import Any

from bridge_rig import Rig, listing
from fake_odoo import FakeOdoo
from fake_pbx import FakePbx, block

CAMPAIGN = 12
PLAN: dict[str, Any] = {
    "campaign": CAMPAIGN,
    "rev": 1,
    "state": "running",
    "mode": "progressive",
    "ratio": 3,
    "interval_s": 10,
    "queue": "support",
    "action": {"kind": "queue", "value": "support", "language": "en"},
    "message": None,
    "lines": [{"line": "trunk", "max": 30, "per_s": 20, "caller_id": "+8675512345678"}],
    "max_calls": 60,
    "max_per_agent": 4,
    "abandon_target": 0.03,
    "abandon_window_s": 86_400,
    "ring_s": 25,
    # nobody is abandoned because we were slow
    "connect_s": 600,
    "auto_answer": True,
    "amd": None,
    "on_machine": "hangup",
    "windows": [],
    "not_on": [],
}


class Numbers:
    """Odoo's side of leases: grants fresh numbers, remembers every question."""

    def __init__(self, many: int = 1000, **lease: Any) -> None:
        self.left = many
        self.lease = lease
        self.asked: list[dict[str, Any]] = []
        self.granted: dict[int, list[dict[str, Any]]] = {}
        self.none = "empty"
        #: beside the leases
        self.shown: dict[str, Any] = {}
        self._next = 0

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(body)
        request = body["request"]
        if request not in self.granted:
            many = min(body["count"], self.left)
            self.left -= many
            self.granted[request] = [self._one() for _ in range(many)]
        leases = self.granted[request]
        none = None if leases else self.none
        t = int(time.time() * 1_000_000)
        return {"leases": leases, "none": none, "again_s": 1, "t": t, **self.shown}

    def _one(self) -> dict[str, Any]:
        self._next += 1
        return {
            "lease": str(uuid.uuid4()),
            "number": f"+86138001{self._next:05d}",
            "zone": "Asia/Shanghai",
            "until": int((time.time() + 60) * 1_000_000),
            "line": None,
            "caller_id": None,
            "sure": False,
            **self.lease,
        }


def tell(odoo: FakeOdoo, *plans: dict[str, Any]) -> None:
    """The intent's section. Its agent is signed in there too, or an intent would sign them out."""
    [ann] = odoo.intent["agents"]
    odoo.intent = {
        **odoo.intent,
        "agents": [{**ann, "session": 7, "device": "desk", "extension": "2001"}],
        "dialer": {"campaigns": [{**PLAN, **one} for one in plans]},
    }


class DialerRig(Rig):
    """A running bridge with the dialler."""

    def tell(self, *plans: dict[str, Any]) -> None:
        """Another intent, and the bell."""
        tell(self.odoo, *plans)
        self.bridge.link.bell("intent")

    def attempts(self) -> dict[str, dict[str, Any]]:
        """The newest word on each lease."""
        return {a["lease"]: a for a in self.bodies("dialer.attempt", "attempt")}

    def outcomes(self) -> list[str]:
        """Of those that are over."""
        return [a["outcome"] for a in self.attempts().values() if a["state"] == "ended"]

    def returned(self) -> list[str]:
        """Why leases came back."""
        return [r["reason"] for r in self.bodies("dialer.returned", "lease")]

    def dialled(self) -> list[dict[str, str]]:
        """What the PBX was asked to dial."""
        return self.pbx.actions("Originate")

    def whys(self) -> list[str | None]:
        """What the screen was told."""
        return [s["why"] for s in self.bodies("dialer.state", "dialer")]

    # -- what the PBX does ------------------------------------------------------------------

    def channel(self, sent: dict[str, str], **more: str) -> dict[str, str]:
        uid = sent["ChannelId"]
        name = f"PJSIP/trunk-{uid[-8:]}"
        return {"Uniqueid": uid, "Linkedid": uid, "Channel": name, **more}

    async def exists(self, sent: dict[str, str]) -> None:
        await self.pbx.send(
            block(
                Event="Newchannel",
                **self.channel(
                    sent, ChannelState="0", ChannelStateDesc="Down", Context="cc-dialer"
                ),
            )
        )

    async def rings(self, sent: dict[str, str]) -> None:
        await self.exists(sent)
        await self.pbx.send(
            block(
                Event="Newstate",
                **self.channel(sent, ChannelState="5", ChannelStateDesc="Ringing"),
            )
        )

    async def answers(self, sent: dict[str, str]) -> None:
        await self.rings(sent)
        await self.pbx.send(
            block(Event="Newstate", **self.channel(sent, ChannelState="6", ChannelStateDesc="Up"))
        )

    async def step(self, sent: dict[str, str], step: str, **more: str) -> None:
        lease = sent["ChannelId"].removeprefix("cc-")
        await self.pbx.send(
            block(
                Event="UserEvent",
                UserEvent="CCDialer",
                **self.channel(sent),
                Lease=lease,
                Step=step,
                **more,
            )
        )

    async def connected(self, sent: dict[str, str], agent: str = "1001") -> None:
        """The queue has joined an agent."""
        await self.pbx.send(
            block(
                Event="AgentConnect",
                **self.channel(sent),
                Queue="support",
                Interface=f"Local/{agent}@cc-agent/n",
            )
        )

    async def ends(self, sent: dict[str, str], cause: int = 16) -> None:
        await self.pbx.send(block(Event="Hangup", **self.channel(sent), Cause=str(cause)))

    async def ready(self, agent: str = "1001") -> None:
        """A signed-in agent becomes ready, and the queue knows that the phone is there."""
        await self.command("set_state", {"state": "ready"}, agent=agent)


def live(*sents: dict[str, str], state: str = "Ringing") -> Any:
    """CoreShowChannels of a PBX that has these."""
    rows = [
        block(
            Event="CoreShowChannel",
            ActionID="{id}",
            Uniqueid=sent["ChannelId"],
            Linkedid=sent["ChannelId"],
            Channel=f"PJSIP/trunk-{sent['ChannelId'][-8:]}",
            ChannelStateDesc=state,
            ChannelState="6" if state == "Up" else "5",
            Application="AppDial2",
        )
        for sent in sents
    ]
    return lambda *_: listing(*rows, complete="CoreShowChannelsComplete")


def started(pbx: FakePbx, odoo: FakeOdoo, folder: Path) -> DialerRig:
    return DialerRig(pbx, odoo, folder)
