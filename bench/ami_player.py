# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An AMI server that plays a recorded call over and over, each time as a new call.

A real Asterisk with rooms needs a core for some sixty calls; on a machine that also runs Odoo, PostgreSQL and a
browser it would be the bottleneck of every measurement. The player sends the very events that a real Asterisk 22
sent for one call (a recording made by ``cc_bridge record``), with ids, numbers and the agent replaced and with
the clock's own ``Timestamp``, so that the bridge under test does all the work it does on a real PBX.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
# what a bridge may ask after login; each is answered as by a PBX without calls
LISTS = {
    "coreshowchannels": "CoreShowChannelsComplete",
    "queuestatus": "QueueStatusComplete",
    "queuesummary": "QueueSummaryComplete",
    "bridgelist": "BridgeListComplete",
    "confbridgelistrooms": "ConfbridgeListRoomsComplete",
    "pjsipshowcontacts": "ContactListComplete",
    "pjsipshowendpoints": "EndpointListComplete",
    "status": "StatusComplete",
    "devicestatelist": "DeviceStateListComplete",
    "hintlist": "ExtensionStateListComplete",
    "extensionstatelist": "ExtensionStateListComplete",
}


@dataclass(frozen=True, slots=True)
class Template:
    """One recorded call: events with their offset in seconds, and what is replaced in them."""

    events: list[tuple[float, dict[str, str]]]
    unique_ids: list[str]
    channel_names: list[str]
    bridges: list[str]
    caller: str
    agent: str
    pattern: re.Pattern[str]
    talk: float

    @classmethod
    def load(cls, path: Path, caller: str, agent: str) -> Template:
        """Read a jsonl recording (gzip allowed) that holds one call of `caller` to `agent`."""
        opener = gzip.open if path.suffix == ".gz" else open
        events: list[tuple[float, dict[str, str]]] = []
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                event = json.loads(line)
                if "Event" in event and "_sent" not in event:
                    offset = float(event.pop("_t", 0))
                    events.append((offset, {k: v for k, v in event.items() if isinstance(v, str)}))
        # what the recording waited before the call is waited for by nobody
        first = next((t for t, event in events if event["Event"] == "Newchannel"), 0.0)
        text = json.dumps([event for _offset, event in events])
        unique = sorted(set(re.findall(r"(?:[\w]+-)?\d{10}\.\d+", text)), key=len, reverse=True)
        names = sorted(
            set(re.findall(r"(?:PJSIP|SIP|Local)/[\w@.\-]+-[0-9a-f]{8}", text)),
            key=len,
            reverse=True,
        )
        uuids = sorted(set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)))
        # one pass over all of them, longest first: a number may stand inside an id
        olds = sorted({*unique, *names, *uuids, caller, agent}, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, olds)))
        moved = [(offset - first, event) for offset, event in events]
        # the longest silence on AMI is the talk itself
        offsets = [offset for offset, _event in moved]
        talk = max(b - a for a, b in itertools.pairwise(offsets))
        return cls(moved, unique, names, uuids, caller, agent, pattern, talk)


@dataclass(slots=True)
class Player:
    """The server: `await start()`, then `play(agent, caller)` as often as wanted."""

    template: Template
    port: int
    on_ring: Callable[[str, str, float], None] | None = None
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    events_sent: int = 0

    async def start(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        try:
            while True:
                blob = await reader.readuntil(b"\r\n\r\n")
                action = {}
                for line in blob.decode("utf-8", "replace").split("\r\n"):
                    key, sep, value = line.partition(":")
                    if sep:
                        action[key.strip().lower()] = value.strip()
                self._answer(writer, action)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            if writer in self.writers:
                self.writers.remove(writer)

    def _answer(self, writer: asyncio.StreamWriter, action: dict[str, str]) -> None:
        name = action.get("action", "").lower()
        tail = f"ActionID: {action['actionid']}\r\n" if "actionid" in action else ""
        reply = f"Response: Success\r\n{tail}"
        if name == "ping":
            reply += f"Ping: Pong\r\nTimestamp: {time.time():.6f}\r\n"
        elif name == "coresettings":
            reply += "AMIversion: 11.0.0\r\nAsteriskVersion: 22.10.0\r\nSystemName: player\r\n"
        elif name == "corestatus":
            reply += "CoreStartupDate: 2026-01-01\r\nCoreStartupTime: 00:00:00\r\nCoreCurrentCalls: 0\r\n"
        else:
            reply += "Message: Done\r\n"
        if name in LISTS:
            reply += "EventList: start\r\n\r\n"
            reply += f"Event: {LISTS[name]}\r\n{tail}EventList: Complete\r\nListItems: 0\r\n"
        writer.write((reply + "\r\n").encode())
        if name == "login":
            self.writers.append(writer)
            self._emit(
                {"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"}
            )

    def _emit(self, event: dict[str, str]) -> None:
        event = {**event, "Timestamp": f"{time.time():.6f}"}
        blob = ("".join(f"{k}: {v}\r\n" for k, v in event.items()) + "\r\n").encode()
        self.events_sent += 1
        for writer in self.writers:
            writer.write(blob)

    def play(self, agent: str, caller: str, *, keep_s: float | None = None) -> asyncio.Task[None]:
        """Play one call; `keep_s` seconds instead of the recorded talk time."""
        task = asyncio.ensure_future(self._play(agent, caller, keep_s))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _play(self, agent: str, caller: str, keep_s: float | None) -> None:
        n = next(self._ids)
        base = f"{int(time.time())}"
        new = {self.template.caller: caller, self.template.agent: agent}
        for i, old in enumerate(self.template.unique_ids):
            new[old] = f"player-{base}.{n * 100 + i}"
        for old in self.template.channel_names:
            head = old.rsplit("-", 1)[0].replace(self.template.agent, agent)
            new[old] = f"{head}-{n:08x}"
        for i, old in enumerate(self.template.bridges):
            new[old] = f"{n:08x}-0000-4000-8000-{i:012x}"
        begun = asyncio.get_running_loop().time()
        shift = 0.0
        last = 0.0
        for offset, event in self.template.events:
            if keep_s is not None and offset - last >= self.template.talk:
                shift += keep_s - (offset - last)
            last = offset
            delay = begun + offset + shift - asyncio.get_running_loop().time()
            if delay > 0:
                await asyncio.sleep(delay)
            out = {
                key: self.template.pattern.sub(lambda found: new[found[0]], value)
                for key, value in event.items()
            }
            if self.on_ring and out["Event"] == "AgentCalled":
                self.on_ring(agent, caller, time.time())
            self._emit(out)
