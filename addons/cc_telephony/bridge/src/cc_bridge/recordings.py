# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Recordings: found when a call ends, merged, announced, uploaded once the announcement has arrived.

The dialplan names the files by the recorded channel's unique id, so an ended call is enough to find
them, also after a restart. A consultation's are named by the asking agent's channel, the leg of whom they
asked and the time (µs): ``<uniqueid>-c<leg>-<time>-in.wav``. A call's recording that rested for a while goes on in
``<uniqueid>-r<time>-<rested, ms>-in.wav``. Every step is a row in the spool.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .audio import AudioError, Stretch, data_offset, merge
from .clock import PbxClock
from .facts import CallFact
from .kernel.forms import Plugin
from .kernel.kernel import CoreKernel
from .odoo.client import OdooError
from .outbox import Outbox
from .spool import UPLOADS_AT_ONCE, Spool, Upload
from .unclaimed import Unclaimed

log = logging.getLogger(__name__)

#: The PBX writes the last seconds into its files when it closes them, a moment after the call: so long they
#: and the call's end must be over before they are read (seconds).
SETTLE_S = 1.0
#: How often recordings are looked for of which nobody has taken note; seconds.
LOOK_EVERY_S = 20.0
_GIVE_UP = 12
#: So many tries a recording waits for all its stretches to be readable.
_WAIT_FOR_WHOLE = 3
_CONSULT = re.compile(r"-c([0-9]{1,9})-([0-9]{1,17})-in\.wav")
_FURTHER = re.compile(r"-r([0-9]{1,17})-([0-9]{1,8})-in\.wav")
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,150}")

Uploader = Callable[[str, int, str, int, bytes], Awaitable[int]]


class Recordings(Plugin):
    """Run :meth:`run` in a task."""

    def __init__(
        self,
        folder: Path,
        spool: Spool,
        outbox: Outbox,
        clock: PbxClock,
        upload: Uploader,
        is_open: Callable[[str], bool] = lambda _call_uid: False,
    ) -> None:
        self._folder = folder
        self._spool = spool
        self._outbox = outbox
        self._clock = clock
        self._upload = upload
        self._wake = asyncio.Event()
        self._unclaimed = Unclaimed(
            folder,
            calls_of=spool.calls_of,
            is_open=is_open,
            claim=self._claim,
        )

    @classmethod
    def plugin(cls, kernel: CoreKernel) -> "Recordings":
        """As a part of the bridge."""
        core = kernel.core

        def is_open(call_uid: str) -> bool:
            return core.calls.open(call_uid) is not None

        own = cls(
            core.settings.recordings, core.spool, core.outbox, core.clock, core.upload, is_open
        )

        def ended(fact: CallFact) -> None:
            if fact.kind == "call.ended":
                own.call_ended(fact.call)

        kernel.on_call(ended)
        core.loops.append(("recordings", own.run))
        core.loops.append(("unclaimed", own.look))
        return own

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def call_ended(self, call: Mapping[str, Any]) -> None:
        """Notes the recordings that a call left, in the same commit as its end."""
        whole, consults = [], []
        for leg in call["legs"]:
            for uid in leg["channels"]:
                whole += [
                    {"base": str(base), "started_t": call["answered_t"] or call["started_t"]}
                    for base in self._files(uid)
                ]
                consults += self._consults(uid, leg["number"])
        consults.sort(key=lambda body: body["started_t"])
        for part, body in enumerate([*whole, *consults], 1):
            self._note(call["call_uid"], part, body)

    def _note(self, call_uid: str, part: int, body: dict[str, Any]) -> None:
        body = {**body, "noted": time.time()}
        self._outbox.put_upload(Upload(call_uid, part, body, "new", None, 0))
        self._wake.set()

    async def look(self) -> None:
        """Takes note of what was overlooked, until cancelled."""
        while True:
            try:
                await self._unclaimed.look()
            except OSError as error:
                log.error("recordings can't be looked through: %s", error)
            await asyncio.sleep(LOOK_EVERY_S)

    def _claim(self, call_uid: str, base: Path) -> None:
        known = self._spool.uploads_of(call_uid)
        if any(one.body["base"] == str(base) for one in known):
            return
        part = max((one.part for one in known), default=0) + 1
        log.warning("recording %s was not noted at the end of its call", base.name)
        # when it began Odoo knows: with the call
        self._note(call_uid, part, {"base": str(base), "started_t": None})
        self._outbox.flush()

    def _files(self, uniqueid: str) -> list[Path]:
        """Recordings of a channel, without suffix."""
        if not _SAFE.fullmatch(uniqueid):
            return []
        return sorted(p.with_name(uniqueid) for p in self._folder.glob(f"*/{uniqueid}.wav"))

    def _consults(self, uniqueid: str, number: str | None) -> list[dict[str, Any]]:
        """What this agent's consultations left, told as uploads tell it."""
        if not _SAFE.fullmatch(uniqueid):
            return []
        found = []
        for file in self._folder.glob(f"*/{uniqueid}-c*-in.wav"):
            told = _CONSULT.fullmatch(file.name.removeprefix(uniqueid))
            if told is not None:
                found.append(
                    {
                        "base": str(file.with_name(file.name.removesuffix("-in.wav"))),
                        "started_t": int(told[2]),
                        "kind": "consult",
                        "by": number,
                        "leg": int(told[1]),
                    }
                )
        return found

    async def run(self) -> None:
        """Works on what is due until cancelled."""
        while True:
            self._wake.clear()
            due = self._spool.due_uploads()
            for upload in due:
                try:
                    if upload.state == "new":
                        await self._merge(upload)
                    else:
                        await self._send(upload)
                except Exception:  # one recording must not stop the others
                    log.exception("recording %s/%d failed", upload.call_uid, upload.part)
                    self._later(upload)
            if len(due) == UPLOADS_AT_ONCE:
                continue
            try:
                async with asyncio.timeout(1.0 if self._spool.uploads else 30.0):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _merge(self, upload: Upload) -> None:
        base = Path(upload.body["base"])
        # they may have hung up as the last one began
        broken = upload.tries < _WAIT_FOR_WHOLE
        stretches = await asyncio.to_thread(_stretches, base, broken)
        try:
            newest = max(
                upload.body.get("noted") or 0.0,
                *(file.stat().st_mtime for one in stretches for file in (one.left, one.right)),
            )
        except OSError as error:
            log.error("recording %s: %s", base.name, error)
            self._later(upload)
            return
        if time.time() - newest < SETTLE_S:
            self._spool.put_upload(upload, due=newest + SETTLE_S)
            return
        try:
            merged = await asyncio.to_thread(merge, stretches, base.with_name(base.name + ".mp3"))
        except AudioError as error:
            log.error("recording %s: %s", base.name, error)
            self._later(upload)
            return
        if merged is None:
            # the customer hung up before anybody answered: nothing was recorded
            self._spool.put_upload(replace(upload, state="done"))
            return
        body = {
            **upload.body,
            "path": str(merged.path),
            "sha256": merged.sha256,
            "duration_ms": merged.duration_ms,
        }
        # directly, not by the outbox: the row must carry the fact's number
        seq = self._spool.append(
            [
                {
                    "kind": "recording.ready",
                    "t": self._clock.now_us(),
                    "recording": {
                        "call_uid": upload.call_uid,
                        "part": upload.part,
                        "path": body["path"],
                        "sha256": merged.sha256,
                        "duration_ms": merged.duration_ms,
                        "format": "mp3",
                        "paused": [],
                        "started_t": body["started_t"],
                        "kind": body.get("kind", "call"),
                        "by": body.get("by"),
                        "leg": body.get("leg"),
                    },
                }
            ],
            uploads=[
                replace(upload, body=body, state="ready", seq=self._spool.last_seq + 1, tries=0)
            ],
        )
        log.info("recording %s ready, fact %d", base.name, seq[0])
        self._outbox.stored()

    async def _send(self, upload: Upload) -> None:
        body = upload.body
        try:
            data = await asyncio.to_thread(Path(body["path"]).read_bytes)
            await self._upload(
                upload.call_uid, upload.part, body["sha256"], body["duration_ms"], data
            )
        except OdooError as error:
            log.warning("recording %s/%d: %s: %s", upload.call_uid, upload.part, error.code, error)
            # too_large and form stay so; a call that isn't there yet (no_call) may still come
            self._later(upload, final=error.code in ("too_large", "form"))
            return
        self._spool.put_upload(replace(upload, state="done"))

    def _later(self, upload: Upload, *, final: bool = False) -> None:
        tries = upload.tries + 1
        merging = upload.state == "new"
        if final or (merging and tries > _GIVE_UP):
            log.error("recording %s/%d is given up; the wav stays", upload.call_uid, upload.part)
            self._spool.put_upload(replace(upload, state="failed", tries=tries))
            return
        wait = min(2 ** min(tries, 10), 600) * random.uniform(0.5, 1.5)
        self._spool.put_upload(replace(upload, tries=tries), due=time.time() + wait)


def _stretches(base: Path, broken: bool) -> list[Stretch]:
    """All that was recorded under this name, in order; without what is ``broken``, but for the first."""
    further = []
    for left in base.parent.glob(f"{base.name}-r*-in.wav"):
        told = _FURTHER.fullmatch(left.name.removeprefix(base.name))
        right = left.with_name(left.name.removesuffix("-in.wav") + "-out.wav")
        if told is not None and (broken or (_readable(left) and _readable(right))):
            further.append((int(told[1]), Stretch(left, right, int(told[2]))))
    first = Stretch(base.with_name(base.name + "-in.wav"), base.with_name(base.name + "-out.wav"))
    rest = [stretch for _, stretch in sorted(further, key=lambda one: one[0])]
    # it rested before the PBX had so much as opened its files
    return rest if rest and not first.left.exists() else [first, *rest]


def _readable(file: Path) -> bool:
    try:
        data_offset(file)
    except (AudioError, OSError) as error:
        log.error("recording %s: %s", file.name, error)
        return False
    return True
