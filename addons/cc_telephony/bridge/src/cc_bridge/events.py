# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""AMI events: one type for all who read them. Nothing raises, times are the PBX's in microseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from cc_contract.facts import MAX_TEXT

# What Asterisk writes for "nothing known".
_NOTHING = frozenset({"", "<unknown>", "<null>", "<none>", "(null)", "(none)"})
_EPOCH = re.compile(r"^\s*(\d{9,11})(?:\.(\d{1,9}))?\s*$", re.ASCII)
_FINER = re.compile(r"^\s*(\d{13}|\d{16})\s*$", re.ASCII)
_UNIQUE = re.compile(r"(?:^|-)(\d{9,10})\.\d+$", re.ASCII)
# No header that the model reads is longer; a name of 10,000 characters is cut, not kept.
_LONGEST = MAX_TEXT


def clean(value: Any) -> str | None:
    """A header's value as text, None for absent or Asterisk's words for it.

    A repeated header arrives as a list: its first value counts.
    """
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    if value is None or isinstance(value, bool | dict):
        return None
    out = str(value).strip()[:_LONGEST]
    # What JSON could not carry as UTF-8 (lone surrogates), and control characters.
    if not out.isprintable():
        # a blank of another script is a blank
        out = "".join(_printable(c) for c in out).strip()
    return None if out.lower() in _NOTHING else out


def _printable(c: str) -> str:
    if c.isprintable():
        return c
    return " " if c == "\t" or (c.isspace() and not c.isascii()) else ""


# Asterisk writes names with C's escapes (numbers not), and keeps those of SIP that were in them.
_ESCAPES = re.compile(r"\\([abfnrtv\\'\"?])")
_NAMES = ("calleridname", "connectedlinename")


def _unescaped(name: str) -> str:
    """A person's name as the phone sent it: ``O\\'Brien`` on AMI is O'Brien."""
    plain = _ESCAPES.sub(lambda found: " " if found[1].isalpha() else found[1], name)
    return plain.replace('\\"', '"')


def micros(value: str | None) -> int | None:
    """``1795299368.093994`` as integer microseconds; None for what is no time.

    Other recorders write milliseconds, microseconds, or a date with its zone.
    """
    found = _EPOCH.match(value or "")
    if not found:
        return _otherwise(value) if value else None
    return int(found[1]) * 1_000_000 + int((found[2] or "0").ljust(6, "0")[:6])


def _otherwise(value: str) -> int | None:
    if found := _FINER.match(value):
        return int(found[1].ljust(16, "0"))
    if "T" not in value[:11]:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if at.tzinfo is None or at.year < 2000:
        return None
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def born(uniqueid: str) -> int | None:
    """The second in which a channel was made, told by its uniqueid (microseconds)."""
    found = _UNIQUE.search(uniqueid)
    return int(found[1]) * 1_000_000 if found else None


class Event(dict[str, Any]):
    """One AMI event: its headers as the PBX wrote them (a repeated one is a list), and read in any case."""

    __slots__ = ("_lower", "_name", "_t")

    def __init__(self, headers: Mapping[str, Any] = MappingProxyType({})) -> None:
        super().__init__(headers)
        # read when somebody asks: most events are nobody's
        self._lower: dict[str, Any] | None = None
        self._name = ""
        self._t: int | None = None

    @classmethod
    def of(cls, headers: Mapping[str, Any]) -> Event:
        """An event out of what a recording or a log holds; one that is an event already is itself."""
        return headers if isinstance(headers, Event) else cls(headers)

    def _read(self) -> dict[str, Any]:
        if self._lower is None:
            self._lower = {str(k).lower(): v for k, v in self.items()}
            self._name = clean(self._lower.get("event")) or ""
            self._t = micros(clean(self._lower.get("timestamp")))
        return self._lower

    @property
    def name(self) -> str:
        """What happened: ``Newchannel``, ``Hangup`` …; empty for what is no event."""
        self._read()
        return self._name

    @property
    def t(self) -> int | None:
        """PBX time in microseconds, None in a stream without times."""
        self._read()
        return self._t

    def like(self, name: str, headers: Mapping[str, str | None]) -> Event:
        """The same event under another name, some headers other than here (None: without)."""
        return Event({**self, **headers, "Event": name})

    def value(self, *names: str) -> str | None:
        """The first of these headers that says something."""
        headers = self._read()
        for name in names:
            value = clean(headers.get(name.lower()))
            if value is not None:
                if "\\" in value and name.lower().endswith(_NAMES):
                    return _unescaped(value)
                return value
        return None

    def blank(self, name: str) -> bool:
        """Whether the header is there and says nothing."""
        return name.lower() in self._read() and self.value(name) is None

    def number(self, name: str) -> int | None:
        """A header that is a small whole number."""
        value = self.value(name)
        if value is None or not (value.isascii() and value.isdigit()) or len(value) > 9:
            return None
        return int(value)


def text(event: Mapping[str, Any], name: str) -> str:
    """One header as it came; the first of several; an empty string when it isn't there."""
    value = event.get(name, "")
    return value if isinstance(value, str) else str(value[0])
