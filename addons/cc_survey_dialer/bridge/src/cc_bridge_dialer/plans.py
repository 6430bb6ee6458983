# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Campaigns as the intent's section ``dialer`` has them, checked; and whether a number may be called now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cc_bridge import encoder

from .contract.abandonment import Formula
from .pacer import MODES, Limits

#: AMD()'s arguments in its order, with values for which "喂，你好" and "Guten Tag, Müller" are people.
AMD_DEFAULTS = {
    "initial_silence": 3000,
    "greeting": 2500,
    "after_greeting_silence": 600,
    "total": 4000,
    "min_word": 100,
    "between_words": 50,
    "max_words": 6,
    "silence_threshold": 256,
    "max_word_length": 5000,
}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_SHA = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,8})?")


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording (``play``: its SHA-256) or a text to be spoken (``say``)."""

    kind: str
    value: str
    language: str


@dataclass(frozen=True, slots=True)
class Action:
    """What happens to a person who answers: ``kind`` queue, ivr, play or say."""

    kind: str
    to: str
    sound: Sound | None


@dataclass(frozen=True, slots=True)
class Line:
    """A trunk that the campaign may use: at most so many calls at once, so many new ones a second."""

    code: str
    most: int
    per_s: float
    caller_id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Weekdays (0 Monday) and minutes of the day, the end not included; in the number's own time."""

    days: frozenset[int]
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One campaign."""

    campaign: int
    rev: int
    running: bool
    mode: str
    ratio: float
    interval_s: float
    queue: str
    action: Action
    message: Sound | None
    lines: tuple[Line, ...]
    max_calls: int
    limits: Limits
    formula: Formula
    ring_s: int
    connect_s: int
    auto_answer: bool
    amd: tuple[int, ...] | None
    on_machine: str
    windows: tuple[Window, ...]
    not_on: frozenset[str]

    @property
    def sounds(self) -> tuple[Sound, ...]:
        """What must lie on the PBX before the first number is dialled."""
        return tuple(one for one in (self.action.sound, self.message) if one is not None)

    def open_at(self, zone: str, unix_s: float) -> bool:
        """Whether a number of this time zone may be called at that instant. Unknown zones may not."""
        try:
            local = datetime.fromtimestamp(unix_s, ZoneInfo(zone))
        except (KeyError, ValueError, OSError):
            return False
        if local.date().isoformat() in self.not_on:
            return False
        minute = local.hour * 60 + local.minute
        return not self.windows or any(
            local.weekday() in w.days and w.since <= minute < w.until for w in self.windows
        )


def cleaned(section: Mapping[str, Any]) -> dict[str, Any]:
    """The section as it may be kept: rows that are wrong carry what is wrong. Raises encoder.Refused."""
    rows = section.get("campaigns") or []
    if not isinstance(rows, list):
        raise encoder.Refused("campaigns is no list")
    kept = []
    for row in rows:
        if not isinstance(row, dict) or type(row.get("campaign")) is not int:
            raise encoder.Refused("a campaign has no number")
        try:
            plan(row)
        except (encoder.Refused, KeyError, TypeError, ValueError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            row = {"campaign": row["campaign"], "rev": _rev(row), "wrong": what[:200]}
        kept.append(row)
    announcements = section.get("announcements")
    return {
        "campaigns": kept,
        "announcements": announcements if isinstance(announcements, list) else [],
    }


def _rev(row: Mapping[str, Any]) -> int:
    rev = row.get("rev")
    return rev if type(rev) is int and rev >= 0 else 0


def plan(row: Mapping[str, Any]) -> Plan:
    """One row. Raises encoder.Refused, KeyError, TypeError or ValueError for a wrong one."""
    mode = encoder.choice(row["mode"], MODES - {"preview"})
    action = _action(row["action"])
    queue = encoder.code(row["queue"]) if row.get("queue") else ""
    if action.kind == "queue":
        queue = queue or action.to
    max_calls = encoder.seconds(row["max_calls"], low=0, high=10_000)
    lines = tuple(_line(one) for one in row.get("lines") or ())
    return Plan(
        campaign=row["campaign"],
        rev=_rev(row),
        running=encoder.choice(row["state"], frozenset({"running", "paused"})) == "running",
        mode=mode,
        ratio=min(max(float(row.get("ratio") or 1), 1.0), 9.0),
        interval_s=max(float(row.get("interval_s") or 10), 0.5),
        queue=queue,
        action=action,
        message=_sound(row["message"]) if row.get("message") else None,
        lines=lines,
        max_calls=max_calls,
        limits=Limits(
            max_calls,
            min(max(float(row.get("abandon_target", 0.03)), 0.0), 1.0),
            max(float(row.get("abandon_window_s") or 86_400), 3600.0),
            max(float(row.get("max_per_agent") or 10), 1.0),
        ),
        formula=Formula(share(row.get("abandon_of_served")), share(row.get("abandon_of_detected"))),
        ring_s=int(min(max(float(row.get("ring_s") or 25), 15), 60)),
        connect_s=max(round(float(row.get("connect_s") or 2)), 1),
        auto_answer=row.get("auto_answer") is not False,
        amd=_amd(row["amd"]) if row.get("amd") is not None else None,
        on_machine=encoder.choice(
            row.get("on_machine") or "hangup", frozenset({"hangup", "message", "agent"})
        ),
        windows=tuple(_window(one) for one in row.get("windows") or ()),
        not_on=frozenset(date.fromisoformat(day).isoformat() for day in row.get("not_on") or ()),
    )


def share(value: object) -> float:
    """A part of a whole, 0 where none is given. Raises TypeError for what is no number."""
    if value is None:
        return 0.0
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise TypeError(f"{value!r:.20} is no share")
    return float(value)


def _action(raw: Mapping[str, Any]) -> Action:
    kind = encoder.choice(raw["kind"], frozenset({"queue", "ivr", "play", "say"}))
    if kind in ("queue", "ivr"):
        return Action(kind, encoder.code(raw["value"]), None)
    return Action("play", "", _sound(raw))


def _sound(raw: Mapping[str, Any]) -> Sound:
    kind = encoder.choice(raw["kind"], frozenset({"play", "say"}))
    value, language = raw["value"], str(raw.get("language") or "en")
    if not isinstance(value, str) or not value.strip() or len(value) > 4000:
        raise encoder.Refused("a text to be spoken, or a recording, is missing")
    if kind == "play" and not _SHA.fullmatch(value):
        raise encoder.Refused("a recording is no SHA-256")
    if not _LANGUAGE.fullmatch(language):
        raise encoder.Refused(f"language {language[:20]!r}")
    return Sound(kind, value, language)


def _line(raw: Mapping[str, Any]) -> Line:
    return Line(
        encoder.code(raw["line"]),
        encoder.seconds(raw["max"], low=0, high=10_000),
        min(max(float(raw.get("per_s") or 1), 0.05), 200.0),
        encoder.prefix(raw.get("caller_id")),
    )


def _amd(raw: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(
        encoder.seconds(raw.get(name) or usual, low=1, high=60_000)
        for name, usual in AMD_DEFAULTS.items()
    )


def _window(raw: Mapping[str, Any]) -> Window:
    days = frozenset(encoder.seconds(day, high=6) for day in raw["days"])
    return Window(days, _minute(raw["from"]), _minute(raw["to"]))


def _minute(text: object) -> int:
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        raise encoder.Refused(f"{text!r:.20} is no time of day")
    return int(text[:2]) * 60 + int(text[3:])
