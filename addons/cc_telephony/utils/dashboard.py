# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tiles of the dashboard: what an addon registers, and the periods people choose from."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytz


class Tile(NamedTuple):
    """One tile, in `cc.dashboard._cc_tiles()` under a name that begins with its addon's.

    :ivar title: translated text
    :ivar data: name of a method of `cc.dashboard` that takes a `Period` and returns `{"figures":
        [{"label", "value", "unit", "help"?}], "series": [{"label", "values"}], "labels": [...]}`;
        units are "count", "seconds" and "ratio" (0 to 1); a value of None is shown as an empty cell
    :ivar groups: who sees it, as in views; the method reads with the user's own rights
    :ivar action: id of an action that a click on the title opens, with the period as
        `search_default_period` where its search view knows it
    :ivar kind: "figures", "bars" or "line"
    """

    title: str
    data: str
    sequence: int = 50
    groups: str | None = None
    action: str | None = None
    kind: str = "figures"


class Period(NamedTuple):
    """A span of whole days in a time zone.

    :ivar begin: naive UTC, inclusive
    :ivar end: naive UTC, exclusive
    :ivar grain: "hour" for a day, "day" for more
    """

    key: str
    begin: datetime
    end: datetime
    grain: str
    tz: str

    def domain(self, name):
        """The rows whose `name` lies in the period."""
        return [(name, ">=", self.begin), (name, "<", self.end)]


#: key → (first day counted from today, days)
PERIODS = {"today": (0, 1), "yesterday": (-1, 1), "week": (-6, 7), "month": (-29, 30)}


def make_period(key, moment, tz):
    """The period `key` as people see it in `tz` at `moment` (naive UTC).

    :raise KeyError: there is no such period
    """
    zone = pytz.timezone(tz)
    first, days = PERIODS[key]
    today = pytz.utc.localize(moment).astimezone(zone).date()

    def midnight(day):
        local = zone.localize(datetime(day.year, day.month, day.day))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    begin = today + timedelta(days=first)
    return Period(
        key,
        midnight(begin),
        midnight(begin + timedelta(days=days)),
        "hour" if days == 1 else "day",
        tz,
    )
