# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Times of facts: integer microseconds since 1970 UTC on the wire, naive UTC in Odoo.

Odoo's datetime columns keep microseconds as long as no text is made of the value on the way,
so these helpers never go through text.
"""

import time
from datetime import datetime, timedelta

EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)


def from_us(value):
    """Naive UTC datetime of `value` (integer µs since 1970), None for None."""
    return None if value is None else EPOCH + timedelta(microseconds=value)


def to_us(value):
    """Integer µs since 1970 of a naive UTC datetime, None for an empty one."""
    return (value - EPOCH) // MICROSECOND if value else None


def bucket_of(moment):
    """Begin of the quarter of an hour (UTC) that a naive UTC datetime lies in."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def now_us():
    """This machine's clock in µs since 1970."""
    return time.time_ns() // 1000


def now():
    """This machine's clock as a naive UTC datetime with microseconds."""
    return from_us(now_us())


def seconds(begin, end):
    """Seconds from `begin` to `end` (µs), never negative; 0.0 where one is unknown."""
    if begin is None or end is None:
        return 0.0
    return max(end - begin, 0) / 1_000_000
