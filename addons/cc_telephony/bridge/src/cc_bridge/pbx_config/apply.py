# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Brings the PBX's files and its small database to the intent, and has it read what changed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import encoder
from ..ami import AmiTransport
from ..dialling import DialRules
from ..limits import OUT_S, PAIR_S, setting
from .generate import generate, refuse
from .inbound import place
from .rating import OFF, rating_value
from .writer import RELOADS, write

log = logging.getLogger(__name__)

#: Key of the PBX's database to the intent's setting, what counts without it, and its unit.
LIMITS = {
    "out_most": ("out_most", 0, 1),
    "out_s": ("out_minutes", OUT_S, 60),
    "pair_s": ("pair_minutes", PAIR_S, 60),
}


class PbxConfig:
    """Applies the intent to one PBX.

    :param folder: where the PBX includes the files from; None when they are kept by hand
    :param devices: agent number to device as signed in right now
    :param dialplan: contexts of plug-ins
    """

    def __init__(
        self,
        ami: AmiTransport,
        folder: Path | None,
        recordings: Path,
        devices: Callable[[], Mapping[str, str]],
        dialplan: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._ami = ami
        self._folder = folder
        self._recordings = recordings
        self._devices = devices
        self._dialplan = dialplan
        self._written: dict[str, str] = {}
        #: what the last ``apply`` left out of the PBX's files and database, a line each
        self.left_out: tuple[str, ...] = ()
        # changed on disk, not yet read by the PBX
        self._stale: set[str] = set()

    def forget_pbx(self) -> None:
        """After a reconnect the PBX's database is written anew."""
        self._written.clear()

    async def apply(self, intent: Mapping[str, Any]) -> bool:
        """Writes, reloads; true when a queue may have come or gone. Raises AmiError."""
        left_out: list[str] = []
        values = self._values(intent, left_out)
        files = generate(intent, self._devices(), left_out)
        if own := self._dialplan():
            files["cc_extensions.conf"] = "\n".join([files["cc_extensions.conf"], *own])
        # a queue is refused by both
        self.left_out = tuple(dict.fromkeys(left_out))
        if self._folder is not None:
            try:
                self._stale |= set(write(self._folder, files))
            except OSError as error:
                log.error("the PBX's files can't be written: %s", error)
        if not self._ami.connected:
            return False
        modules = {RELOADS[name] for name in self._stale}
        for module in sorted(modules):
            await self._ami.action({"Action": "Reload", "Module": module}, within=30)
            log.info("reloaded %s", module)
        self._stale.clear()
        await self._database(values)
        return "app_queue" in modules

    def _values(self, intent: Mapping[str, Any], left_out: list[str]) -> dict[tuple[str, str], str]:
        """What stands in the PBX's database: family and key to value."""
        settings = intent.get("settings") or {}
        values: dict[tuple[str, str], str] = {
            ("cc", "record"): "1" if settings.get("record") else "0",
            ("cc", "announce"): "1" if settings.get("announce_agent") else "0",
        }
        for name, (key, default, unit) in LIMITS.items():
            values["cc", name] = str(setting(settings, key, default, unit))
        try:
            values["cc", "recdir"] = encoder.path(self._recordings)
        except encoder.Refused as error:
            refuse(left_out, "recordings' folder", error)
        # a caller id that is refused is named by the dialling rules already
        values["cc", "callerid"] = DialRules(settings).caller_id
        for row in intent.get("queues") or ():
            try:
                values["ccqueue", encoder.code(row["queue"])] = str(
                    encoder.seconds(row.get("max_wait_s") or 0)
                )
                over = place(row.get("overflow"))
                values["ccover", encoder.code(row["queue"])] = ":".join(over) if over else ""
                # a rating that is refused is off; the queue works on
                values["ccrate", encoder.code(row["queue"])] = OFF
                values["ccrate", encoder.code(row["queue"])] = rating_value(row)
            except encoder.Refused as error:
                refuse(left_out, f"queue {row.get('queue')!r}", error)
        return values

    async def _database(self, values: Mapping[tuple[str, str], str]) -> None:
        for (family, key), value in values.items():
            if self._written.get(f"{family}/{key}") != value:
                await self._ami.action(
                    {"Action": "DBPut", "Family": family, "Key": key, "Val": value}
                )
                self._written[f"{family}/{key}"] = value
