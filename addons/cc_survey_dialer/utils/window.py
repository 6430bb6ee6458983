# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""When a number may be called: windows in its own time, daylight saving included.

A window is a pair of minutes of the day ``(from, to)``; `to` is the first minute that is closed.
A week is seven lists of windows, Monday first. A number that may lie in several zones is called when
the window is open in all of them.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

UNKNOWN = "Etc/Unknown"
DAYS_AHEAD = 15


@lru_cache(maxsize=512)
def one_zone(code):
    """The time zones of all numbers of a country code where they are the same, and it is one country's; else None.

    :param int code: 86
    """
    if len(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code, ())) != 1:
        return None
    found = {zones for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(str(code))}
    return tuple(sorted(found.pop())) if len(found) == 1 else None


@lru_cache(maxsize=65536)
def zones_of(key):
    """Time zones of a number, sorted; an empty tuple where none is known.

    :param str key: as `cc.phone.number` has it
    """
    if not key or not key.startswith("+"):
        return ()
    zones = timezone.time_zones_for_number(phonenumbers.parse(key, None))
    return tuple(sorted(zone for zone in zones if zone != UNKNOWN))


def intersect(week, other):
    """The windows in which both weeks are open."""
    result = []
    for mine, theirs in zip(week, other, strict=True):
        day = []
        for begin, end in mine:
            for other_begin, other_end in theirs:
                if max(begin, other_begin) < min(end, other_end):
                    day.append((max(begin, other_begin), min(end, other_end)))
        result.append(sorted(day))
    return result


def _local(instant, zone):
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def is_open(instant, zones, week, holidays=frozenset()):
    """Whether a number of these zones may be called at `instant`.

    :param datetime instant: naive UTC
    :param set holidays: dates on which nobody is called
    """
    if not zones:
        return False
    for zone in zones:
        local = _local(instant, zone)
        if local.date() in holidays:
            return False
        minute = local.hour * 60 + local.minute
        if not any(begin <= minute < end for begin, end in week[local.weekday()]):
            return False
    return True


def next_open(instant, zones, week, holidays=frozenset()):
    """The first moment from `instant` on in which these zones are open.

    :return: naive UTC, None if there is none within two weeks
    """
    if is_open(instant, zones, week, holidays):
        return instant
    begins = set()
    for zone in zones:
        day = _local(instant, zone).date()
        for ahead in range(DAYS_AHEAD):
            begins.update(_begins(day + timedelta(days=ahead), zone, week))
    for begin in sorted(begins):
        if begin > instant and is_open(begin, zones, week, holidays):
            return begin
    return None


def _begins(day: date, zone, week):
    for begin, _end in week[day.weekday()]:
        local = datetime.combine(day, time(begin // 60, begin % 60), ZoneInfo(zone))
        yield local.astimezone(UTC).replace(tzinfo=None)


def midnight_after(instant, zone):
    """The next midnight of a zone, naive UTC."""
    local = _local(instant, zone)
    day = local.date() + timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def to_utc(local, zone):
    """Naive UTC of a naive local time."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def to_zone(instant, zone):
    """Naive local time of a naive UTC one."""
    return _local(instant, zone).replace(tzinfo=None)
