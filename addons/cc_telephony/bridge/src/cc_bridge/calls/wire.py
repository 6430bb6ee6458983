# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading one AMI event: names in any case, nothing raises, PBX time in microseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cc_contract.facts import MAX_TEXT

# What Asterisk writes for "nothing known".
_NOTHING = frozenset({"", "<unknown>", "<null>", "<none>", "(null)", "(none)"})
_EPOCH = re.compile(r"^\s*(\d{9,11})(?:\.(\d{1,9}))?\s*$", re.ASCII)
_FINER = re.compile(r"^\s*(\d{13}|\d{16})\s*$", re.ASCII)
_UNIQUE = re.compile(r"(?:^|-)(\d{9,10})\.\d+$", re.ASCII)
# No header that the model reads is longer; a name of 10,000 characters is cut, not kept.
_LONGEST = MAX_TEXT


def text(value: Any) -> str | None:
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
    return " " if c.isspace() and not c.isascii() else ""


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


class Event:
    """One AMI event, its headers found whatever their case."""

    __slots__ = ("_headers", "name", "t")

    def __init__(self, headers: Mapping[str, Any]) -> None:
        self._headers: dict[str, Any] = {str(k).lower(): v for k, v in headers.items()}
        self.name: str = text(self._headers.get("event")) or ""
        self.t: int | None = micros(text(self._headers.get("timestamp")))

    def like(self, name: str, headers: Mapping[str, str | None]) -> Event:
        """The same event under another name, some headers other than here (None: without)."""
        other = Event({})
        other.name, other.t = name, self.t
        other._headers = {**self._headers, **{k.lower(): v for k, v in headers.items()}}
        return other

    def get(self, *names: str) -> str | None:
        """The first of these headers that says something."""
        for name in names:
            value = text(self._headers.get(name.lower()))
            if value is not None:
                if "\\" in value and name.lower().endswith(_NAMES):
                    return _unescaped(value)
                return value
        return None

    def blank(self, name: str) -> bool:
        """Whether the header is there and says nothing."""
        return name.lower() in self._headers and self.get(name) is None

    def number(self, name: str) -> int | None:
        """A header that is a small whole number."""
        value = self.get(name)
        if value is None or not (value.isascii() and value.isdigit()) or len(value) > 9:
            return None
        return int(value)
