# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Listens to what a network says before anybody answers, where an administrator has named announcements."""

import asyncio
import logging
import wave
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cc_bridge.plugins import AmiError, Kernel

from .attempts import Attempt
from .plans import Sound
from .sounds import Sounds

if TYPE_CHECKING:  # numpy is loaded where somebody listens, not in each bridge
    from .announcements import Announcement

log = logging.getLogger(__name__)

#: What an announcement may tell of: everything but somebody's answer and the carrier's throttling.
TOLD = frozenset({"no_answer", "off", "empty", "failed", "rejected", "busy", "machine"})
#: The PBX closes the file a moment after the channel's end; seconds.
CLOSED_S = 0.5
#: Recordings that Odoo has only just named are waited for; tries, a second each.
PATIENCE = 15


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the intent: ``sound`` None is the special information tone."""

    name: str
    outcome: str
    sound: Sound | None


def rules(rows: Any) -> tuple[Rule, ...]:
    """The intent's announcements; rows that are wrong are left out."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, Mapping) or row.get("outcome") not in ("empty", "off", "suspended"):
            continue
        sound = row.get("sound")
        if sound is None or isinstance(sound, str):
            given = None if sound is None else Sound("play", sound, "en")
            found.append(Rule(str(row.get("name") or "")[:64], row["outcome"], given))
    return tuple(found)


class Ears:
    """Records each number from its dialling to a person's answer, and tells what was recognised.

    :param known: called with the attempt, which is over, when an announcement explains it
    """

    def __init__(self, kernel: Kernel, sounds: Sounds, known: Any) -> None:
        self.kernel, self._sounds, self._known = kernel, sounds, known
        self.rules: tuple[Rule, ...] = ()
        self._folder = Path(kernel.encoder.path(kernel.settings.recordings / "dialer-heard"))
        self._made: dict[Rule, Announcement] = {}

    def know(self, known: tuple[Rule, ...]) -> None:
        """The intent's announcements; their recordings are fetched."""
        self.rules = known
        self._paths()

    def _paths(self) -> dict[Rule, str]:
        """Where the recordings lie, without their ending (the tone: empty); those that are missing are being made."""
        found = {rule: self._sounds.path(rule.sound) if rule.sound else "" for rule in self.rules}
        return {rule: path for rule, path in found.items() if path is not None}

    def _file(self, one: Attempt) -> Path:
        return self._folder / f"{one.lease}.wav"

    def begin(self, one: Attempt, channel: str) -> None:
        """Its channel has just begun. The dialplan stops it once a person is there."""
        if self.rules:
            self.kernel.spawn(self._record(one, channel), "listen")

    async def _record(self, one: Attempt, channel: str) -> None:
        base = {"Channel": channel}
        options = f"r({self._file(one)})i(CD_EAR)"
        try:
            made = await self.kernel.ami.action(
                {"Action": "MixMonitor", **base, "Options": options}
            )
            if one.person_t is not None:
                # answered before it began: nobody's conversation is kept. By its own name: the call's recording
                # may have begun meanwhile
                await self.kernel.ami.action(
                    {"Action": "StopMixMonitor", **base, "MixMonitorID": made.get("MixMonitorID")}
                )
        except AmiError as error:
            log.debug("not listened to %s: %s", channel, error)

    def over(self, one: Attempt) -> None:
        """The attempt has ended, with an outcome. What was recorded goes, though nobody listens any more."""
        if self.rules or self._file(one).exists():
            self.kernel.spawn(self._think(one), "announcement")

    async def _think(self, one: Attempt) -> None:
        file = self._file(one)
        try:
            await asyncio.sleep(CLOSED_S)
            if one.outcome in TOLD and one.agent_t is None and file.exists():
                for _ in range(PATIENCE):
                    if len(paths := self._paths()) == len(self.rules):
                        break
                    await asyncio.sleep(1)
                found = await asyncio.to_thread(self._recognise, file, paths)
                if found is not None:
                    self._known(one, found.name, found.outcome)
        except (OSError, EOFError, ValueError, wave.Error) as error:
            log.warning("%s can't be listened to: %s", file.name, error)
        finally:
            with suppress(OSError):
                file.unlink()

    def _recognise(self, file: Path, paths: Mapping[Rule, str]) -> "Announcement | None":
        from . import announcements as sound

        for rule, path in paths.items():
            if rule not in self._made:
                shape = sound.course(sound.samples(Path(f"{path}.wav"))) if path else None
                self._made[rule] = sound.Announcement(rule.name, rule.outcome, shape)
        known = tuple(self._made[rule] for rule in paths)
        return sound.heard(sound.samples(file), known)
