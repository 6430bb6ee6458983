# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcTicketReport(models.Model):
    """Tickets as figures: by kind, person, department and time. TIC-13

    One row a ticket. Open and done, and the share done, are aggregates of 0 and 1.
    """

    _name = "cc.ticket.report"
    _description = "Ticket statistics"
    _auto = False
    _rec_name = "ticket_id"
    _order = "created_at desc"

    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    template_id = fields.Many2one("cc.ticket.template", readonly=True)
    type_id = fields.Many2one("helpdesk.ticket.type", "Kind", readonly=True)
    state = fields.Selection(
        lambda self: self.env["helpdesk.ticket"]._fields["cc_state"].selection, readonly=True
    )
    creator_id = fields.Many2one("res.users", readonly=True)
    home_department_id = fields.Many2one("hr.department", "Created in", readonly=True)
    handler_id = fields.Many2one("res.users", readonly=True, help="Now, or the last one")
    department_id = fields.Many2one("hr.department", "With department", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")], "Urgency", readonly=True
    )
    created_at = fields.Datetime("Created", readonly=True)
    closed_at = fields.Datetime("Closed at", readonly=True)
    total = fields.Integer(readonly=True)
    open_count = fields.Integer("Still open", readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    done_share = fields.Float("Share done (%)", aggregator="avg", readonly=True)
    overdue_count = fields.Integer("Overdue now", readonly=True)
    late_share = fields.Float(
        "Share of late steps (%)", aggregator="avg", readonly=True, help="Average over the tickets"
    )
    urges = fields.Integer(readonly=True)
    work_h = fields.Float("Handling time (h)", readonly=True, help="Working hours of all its steps")
    work_h_avg = fields.Float("Average handling time (h)", aggregator="avg", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ticket.id,
                   ticket.id AS ticket_id,
                   ticket.cc_template_id AS template_id,
                   ticket.type_id,
                   ticket.cc_state AS state,
                   ticket.cc_creator_id AS creator_id,
                   ticket.cc_home_department_id AS home_department_id,
                   ticket.user_id AS handler_id,
                   ticket.cc_department_id AS department_id,
                   ticket.partner_id,
                   ticket.company_id,
                   ticket.priority,
                   ticket.create_date AS created_at,
                   CASE WHEN ticket.cc_state = 'closed' THEN ticket.closed_date END AS closed_at,
                   1 AS total,
                   (ticket.cc_state != 'closed')::int AS open_count,
                   (ticket.cc_state = 'closed')::int AS done_count,
                   CASE WHEN ticket.cc_state = 'closed' THEN 100.0 ELSE 0.0 END AS done_share,
                   (ticket.cc_state != 'closed'
                    AND ticket.cc_deadline < now() AT TIME ZONE 'UTC')::int AS overdue_count,
                   turn.late_share,
                   COALESCE(ticket.cc_urge_count, 0) AS urges,
                   turn.work_h,
                   turn.work_h AS work_h_avg
              FROM helpdesk_ticket ticket
         LEFT JOIN (SELECT ticket_id,
                           100.0 * avg(overdue::int) FILTER (WHERE ended_at IS NOT NULL) AS late_share,
                           sum(work_s) / 3600.0 AS work_h
                      FROM cc_ticket_turn
                  GROUP BY ticket_id) turn ON turn.ticket_id = ticket.id
             WHERE ticket.cc_template_id IS NOT NULL
               AND ticket.active
               AND ticket.cc_state != 'draft'
            """
        )

    def action_open(self):
        """Open the ticket behind a row."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
