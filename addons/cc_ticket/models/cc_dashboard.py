# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.dashboard import Tile


class CcDashboard(models.AbstractModel):
    """Tickets on the page with the day's figures."""

    _inherit = "cc.dashboard"

    @api.model
    def _cc_tiles(self):
        return {
            **super()._cc_tiles(),
            "cc_ticket.tickets": Tile(
                title=self.env._("Tickets"),
                sequence=30,
                groups="cc_telephony.group_agent",
                data="_cc_tile_tickets",
                action="cc_ticket.cc_ticket_report_action",
            ),
        }

    def _cc_tile_tickets(self, period):
        """Made and closed in the period; open and overdue now: of tickets that the user may read."""
        report = self.env["cc.ticket.report"]
        made = report.search_count(list(period.domain("created_at")))
        closed = report.search_count(list(period.domain("closed_at")))
        [[still, late]] = report._read_group([], [], ["open_count:sum", "overdue_count:sum"])
        mine = self.env["helpdesk.ticket"].cc_todo_count()
        return {
            "figures": [
                {"label": label, "value": value or 0, "unit": "count"}
                for label, value in (
                    (self.env._("My to-dos"), mine),
                    (self.env._("Created"), made),
                    (self.env._("Closed"), closed),
                    (self.env._("Open now"), still),
                    (self.env._("Overdue now"), late),
                )
            ]
        }
