# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import UTC, datetime, time, timedelta

from pytz import timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CcWorkingDay(models.Model):
    """A day that is worked although the week says otherwise: a declared working Saturday (调休)."""

    _name = "cc.working.day"
    _description = "Declared working day"
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    date = fields.Date(required=True, index=True)
    hour_from = fields.Float("From", default=9.0)
    hour_to = fields.Float("To", default=18.0)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working time",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all of the company.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for day in self:
            if not 0 <= day.hour_from < day.hour_to <= 24:
                raise ValidationError(self.env._("The hours of a day must be between 0 and 24."))

    @api.model
    def _cc_of(self, calendar, start, end):
        """:return: the declared days of a calendar that touch a naive UTC span"""
        return self.search(
            [
                ("date", ">=", start.date() - timedelta(days=1)),
                ("date", "<=", end.date() + timedelta(days=1)),
                "|",
                ("calendar_id", "=", calendar.id),
                "&",
                ("calendar_id", "=", False),
                # a calendar of no company is every company's
                ("company_id", "=" if calendar.company_id else "!=", calendar.company_id.id),
            ]
        )

    def _cc_spans(self, calendar):
        """:return: ``[(from, to)]`` in naive UTC, read in the calendar's time zone"""
        zone = timezone(calendar.tz or "UTC")

        def moment(date, hours):
            local = datetime.combine(date, time()) + timedelta(seconds=round(hours * 3600))
            return zone.localize(local).astimezone(UTC).replace(tzinfo=None)

        return [(moment(day.date, day.hour_from), moment(day.date, day.hour_to)) for day in self]
