# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...utils.phone import phone_forms
from ...utils.places import is_gone, place, place_field

TARGETS = [("cc.queue", "Queue"), ("cc.agent", "Agent"), ("cc.ivr.menu", "Voice menu")]
# so far ahead the PBX knows of public holidays; what is changed or comes later is told by a daily run
AHEAD = timedelta(days=60)
STAMP = "%Y%m%d%H%M"


class CcInboundRoute(models.Model):
    """Where calls from outside go, by the number dialled and the line they came in on (TEL-63).

    The bridge writes the PBX's context `cc-inbound` from these rows.
    """

    _name = "cc.inbound.route"
    _description = "Inbound route"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "pbx_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    pbx_id = fields.Many2one(ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    trunk_id = fields.Many2one(
        "cc.trunk",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('pbx_id', '=', pbx_id)]",
        help="Line on which the call comes in. Leave empty for all lines.",
    )
    number_id = fields.Many2one("cc.phone.number", ondelete="restrict", index="btree_not_null")
    number = fields.Char(
        "Number dialled",
        compute="_compute_number",
        inverse="_inverse_number",
        help="Your number, in any format, or the digits that the line sends. Leave empty for all numbers "
        "that have no route of their own.",
    )
    target = place_field("Send calls to", TARGETS, required=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        ondelete="restrict",
        index="btree_not_null",
        help="Including public holidays. Leave empty to send calls there at any time.",
    )
    closed_target = place_field(
        "Outside working hours",
        TARGETS,
        help="Where calls go outside the working hours. Leave empty to hang up.",
    )
    is_broken = fields.Boolean("Leads nowhere", compute="_compute_is_broken")

    _number_unique = models.UniqueIndex(
        "(pbx_id, COALESCE(trunk_id, 0), COALESCE(number_id, 0)) WHERE active",
        "There is already a route for this number and line.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The number goes in with its row, which without it would be one more for all numbers."""
        return super().create([self._with_number(vals) for vals in vals_list])

    def _with_number(self, vals):
        typed = (vals.get("number") or "").strip()
        if not typed:
            return vals
        pbxs = self.env["cc.pbx"]
        pbx = pbxs.browse(vals["pbx_id"]) if vals.get("pbx_id") else pbxs._default_one()
        number = self.env["cc.phone.link"]._number_of(typed, pbx._country_code())
        return {**{name: vals[name] for name in vals if name != "number"}, "number_id": number}

    @api.depends("target", "calendar_id", "closed_target")
    def _compute_is_broken(self):
        for route in self:
            closed = route.closed_target if route.calendar_id else None
            route.is_broken = is_gone(route.target) or is_gone(closed)

    @api.depends("number_id.display")
    def _compute_number(self):
        for route in self:
            route.number = route.number_id.display

    def _inverse_number(self):
        for route in self:
            typed = (route.number or "").strip()
            if typed != (route.number_id.display or ""):
                country = route.pbx_id._country_code()
                links = self.env["cc.phone.link"]
                route.number_id = typed and links._number_of(typed, country)
        # shown from now on as it was understood
        self.invalidate_recordset(["number"], flush=False)

    @api.constrains("pbx_id", "trunk_id", "target", "closed_target")
    def _check_pbx(self):
        for route in self:
            places = [row for row in (route.trunk_id, route.target, route.closed_target) if row]
            if any(row.pbx_id != route.pbx_id for row in places):
                raise ValidationError(
                    self.env._("A route's line and targets must be on the same PBX.")
                )

    @api.constrains("calendar_id")
    def _check_calendar(self):
        if self.calendar_id.filtered("two_weeks_calendar"):
            raise ValidationError(
                self.env._("Working hours that alternate by week cannot be applied to the PBX.")
            )

    @api.model
    def _using(self, calendars):
        """Routes with these working hours, whoever changes them.

        :return: the routes as superuser
        """
        # sudo: cc.inbound.route - who edits working hours need not see the PBX's routes
        return self.sudo().search([("calendar_id", "in", calendars.ids)])

    @api.model
    def _cron_tell(self):
        """Tell the bridges anew: with time new public holidays come into reach."""
        self.search([("calendar_id", "!=", False)]).pbx_id._cc_ring("intent")

    def _to_bridge(self):
        """Rows of the intent, in the order in which the PBX tries them: own line first."""
        return [
            {
                "route": f"r{route.id}",
                "trunk": route.trunk_id.code or None,
                "numbers": phone_forms(route.number_id.key),
                "target": place(route.target),
                "hours": route._hours() if route.calendar_id else None,
                "closed": place(route.closed_target),
            }
            for route in self.sorted(lambda route: (not route.trunk_id, route.sequence, route.id))
        ]

    def _hours(self):
        """When calls are taken: `{"zone", "open": [[weekday, from, to]], "shut": [[from, to]]}`.

        Weekdays count from Monday, 0; times of a day are "HH:MM", the end excluded; stretches that are shut
        are local times as whole numbers, yyyymmddHHMM.
        """
        self.ensure_one()
        # sudo: resource.calendar - when a line is open is no secret of the calendar's company
        calendar_sudo = self.calendar_id.sudo()
        zone = pytz.timezone(calendar_sudo.tz or "UTC")
        opening = [
            [int(row.dayofweek), _clock(row.hour_from), _clock(row.hour_to)]
            for row in calendar_sudo.attendance_ids
            if row.day_period != "lunch" and not row.display_type
        ]
        return {"zone": zone.zone, "open": sorted(opening), "shut": self._shut(calendar_sudo, zone)}

    def _shut(self, calendar_sudo, zone):
        now = fields.Datetime.now()
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()
        found = leaves_sudo.search(
            Domain("resource_id", "=", False)
            & Domain("calendar_id", "in", [calendar_sudo.id, False])
            & Domain("company_id", "in", [calendar_sudo.company_id.id or self.company_id.id, False])
            & Domain("date_to", ">", now)
            & Domain("date_from", "<", now + AHEAD),
            order="date_from",
        )

        def local(moment):
            return int(pytz.utc.localize(moment).astimezone(zone).strftime(STAMP))

        # a holiday ends in the last second of its day: the minute after is the first that is open
        return [[local(row.date_from), local(row.date_to + timedelta(seconds=59))] for row in found]


def _clock(hours):
    """An hour of the day (9.5) as "09:30"."""
    minutes = round(hours * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
