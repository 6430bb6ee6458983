# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Sections of the intent that plug-ins read: checked before they are kept, told at the start and when they change."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import encoder
from .hub import Guard

log = logging.getLogger(__name__)

Section = dict[str, Any]

#: What the bridge itself reads.
OWN = frozenset({"agents", "queues", "extensions", "settings"})


@dataclass(slots=True)
class _Reader:
    owner: str
    do: Callable[[Section], object]
    check: Callable[[Section], Section] | None
    told: Section | None = None


class Sections:
    """By name; one reader each."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._readers: dict[str, _Reader] = {}
        #: what of the newest intent was refused, a line each
        self.left_out: tuple[str, ...] = ()

    def register(
        self,
        owner: str,
        name: str,
        do: Callable[[Section], object],
        check: Callable[[Section], Section] | None,
    ) -> None:
        """This section is told to ``do``. Raises ValueError for one that is taken."""
        if name in OWN or name in self._readers:
            raise ValueError(f"the section {name!r} of the intent is taken")
        self._readers[name] = _Reader(owner, do, check)

    def remove(self, owner: str) -> None:
        """This one's sections are not kept any more."""
        self._readers = {k: r for k, r in self._readers.items() if r.owner != owner}

    def read(self, raw: object) -> dict[str, Section]:
        """The sections of an intent as they may be kept. One that is refused is left out and named."""
        if not isinstance(raw, Mapping):
            return {}
        found: dict[str, Section] = {}
        left_out = []
        for name, reader in self._readers.items():
            section = raw.get(name)
            if section is None:
                continue
            try:
                found[name] = self._checked(section, reader)
            except Exception as error:
                left_out.append(f"section {name!r}: {error}")
                log.error("intent: section %r is left out: %s", name, error)
                if not isinstance(error, encoder.Refused):
                    self._guard.note(reader.owner, f"check of section {name!r}")
        self.left_out = tuple(left_out)
        return found

    @staticmethod
    def _checked(section: object, reader: _Reader) -> Section:
        if not isinstance(section, dict):
            raise encoder.Refused("it is no object")
        # a copy, and proof that it can be kept
        own: Section = json.loads(json.dumps(section, allow_nan=False))
        if reader.check is None:
            return own
        cleaned = reader.check(own)
        if not isinstance(cleaned, dict):
            raise encoder.Refused("its check returned no object")
        json.dumps(cleaned, allow_nan=False)
        return cleaned

    def tell(self, intent: Mapping[str, Any]) -> None:
        """Tells each reader whose section is another than before; one that is not there is empty."""
        for name, reader in list(self._readers.items()):
            section: Section = intent.get(name) or {}
            if reader.told != section:
                reader.told = section
                self._guard.call(
                    reader.owner,
                    f"reader of section {name!r}",
                    reader.do,
                    json.loads(json.dumps(section)),
                )
