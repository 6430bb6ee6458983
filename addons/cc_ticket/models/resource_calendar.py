# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, timedelta

from odoo import fields, models

# in one look; a deadline further ahead than all looks together has no working time to end in
LOOK = timedelta(days=28)
LOOKS = 26


def _whole(moment):
    """Odoo's day ends at 23:59:59.999999: no minute of a calendar round the clock is lost."""
    return moment + timedelta(microseconds=1) if moment.microsecond == 999_999 else moment


class ResourceCalendar(models.Model):
    """Working time for deadlines: attendances without holidays, and the days declared to be worked (调休).

    All reckoning of deadlines, waiting and handling times goes through here, in naive UTC.
    """

    _inherit = "resource.calendar"

    cc_working_day_ids = fields.One2many("cc.working.day", "calendar_id", "Declared working days")

    def _cc_work_spans(self, start, end):
        """:return: sorted ``[(from, to)]`` in naive UTC of what is worked between two naive UTC times"""
        self.ensure_one()
        begin, stop = start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
        spans = [
            (
                one.astimezone(UTC).replace(tzinfo=None),
                _whole(two.astimezone(UTC).replace(tzinfo=None)),
            )
            for one, two, _meta in self._work_intervals_batch(begin, stop)[False]
        ]
        # sudo: cc.working.day - the public calendar of a country, read for a deadline
        days_sudo = self.env["cc.working.day"].sudo()._cc_of(self, start, end)
        spans += [
            (max(one, start), min(two, end))
            for one, two in days_sudo._cc_spans(self)
            if one < end and two > start
        ]
        merged = []
        for one, two in sorted(spans):
            if merged and one <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], two))
            elif two > one:
                merged.append((one, two))
        return merged

    def _cc_worked(self, start, end):
        """:return: seconds of working time between two naive UTC times; without a calendar, all of them"""
        if not start or not end or end <= start:
            return 0
        if not self:
            return int((end - start).total_seconds())
        return int(sum((two - one).total_seconds() for one, two in self._cc_work_spans(start, end)))

    def _cc_plan(self, start, seconds):
        """When this much working time after `start` is over, in naive UTC.

        :param seconds: negative to look back
        :return: None for a calendar that has no working time
        """
        if not self:
            return start + timedelta(seconds=seconds)
        left = abs(seconds)
        forward = seconds >= 0
        at = start
        for _look in range(LOOKS):
            one, two = (at, at + LOOK) if forward else (at - LOOK, at)
            spans = self._cc_work_spans(one, two)
            for begin, stop in spans if forward else reversed(spans):
                length = (stop - begin).total_seconds()
                if length >= left:
                    step = timedelta(seconds=left)
                    return begin + step if forward else stop - step
                left -= length
            at = two if forward else one
        return None
