# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class CcHoursMixin(models.AbstractModel):
    """Parts of working hours: the PBXs whose routes keep to them hear when they change."""

    _name = "cc.hours.mixin"
    _description = "Part of working hours"

    def _cc_calendars(self):
        return self.calendar_id

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env["cc.inbound.route"]._using(rows._cc_calendars()).pbx_id._cc_ring("intent")
        return rows

    def write(self, vals):
        routes = self.env["cc.inbound.route"]
        # also those that lose it
        before = routes._using(self._cc_calendars()).pbx_id
        result = super().write(vals)
        (before | routes._using(self._cc_calendars()).pbx_id)._cc_ring("intent")
        return result

    def unlink(self):
        pbxs = self.env["cc.inbound.route"]._using(self._cc_calendars()).pbx_id
        result = super().unlink()
        pbxs._cc_ring("intent")
        return result


class ResourceCalendar(models.Model):
    """A week's hours and their time zone."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "cc.hours.mixin"]

    def _cc_calendars(self):
        return self


class ResourceCalendarAttendance(models.Model):
    """A stretch of a week."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "cc.hours.mixin"]


class ResourceCalendarLeaves(models.Model):
    """A public holiday; without working hours of its own it is of all."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "cc.hours.mixin"]

    def _cc_calendars(self):
        public = self.filtered(lambda leave: not leave.resource_id)
        if all(leave.calendar_id for leave in public):
            return public.calendar_id
        # sudo: cc.inbound.route - as in `_using`
        routes_sudo = self.env["cc.inbound.route"].sudo()
        return routes_sudo.search([("calendar_id", "!=", False)]).calendar_id
