# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .cc_report_mixin import FORMATS


class CcReportCall(models.Model):
    """One row a call, for reports on traffic, lost and outbound calls and kinds of calls.

    Unit: the call, one conversation of a customer across queues and transfers, counted where it began.
    Internal calls are not in it.
    """

    _name = "cc.report.call"
    _description = "Call report"
    _inherit = ["cc.report.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", readonly=True)
    direction = fields.Selection([("inbound", "Inbound"), ("outbound", "Outbound")], readonly=True)
    agent_id = fields.Many2one("cc.agent", readonly=True)
    agent_number = fields.Char(related="agent_id.number", string="Agent number")
    extension = fields.Char(readonly=True, help="Where the agent was signed in.")
    queue_id = fields.Many2one("cc.queue", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    number_display = fields.Char(related="call_id.number_display", string="Number")
    line = fields.Char(readonly=True)
    region_id = fields.Many2one(
        "cc.phone.region", readonly=True, help="Of the customer's number, by its prefix."
    )
    purpose_id = fields.Many2one("cc.call.purpose", "Kind of call", readonly=True)
    source_id = fields.Many2one("cc.call.source", "Customer source", readonly=True)
    loss = fields.Selection(
        lambda self: self.env["cc.call"]._fields["loss"]._description_selection(self.env),
        "Reason",
        readonly=True,
    )
    outbound_type = fields.Selection(
        [("screen", "Dialled on the screen"), ("phone", "Dialled at the phone")],
        readonly=True,
    )
    inbound = fields.Integer(readonly=True)
    answered = fields.Integer(readonly=True, help="Inbound calls answered by a person.")
    caller_hung_up = fields.Integer(
        "Caller hung up",
        readonly=True,
        help="Inbound calls that nobody answered and the caller ended.",
    )
    lost = fields.Integer(readonly=True, help="Inbound calls that nobody answered.")
    outbound = fields.Integer(readonly=True)
    outbound_answered = fields.Integer("Outbound answered", readonly=True)
    wait_s = fields.Float("Wait", readonly=True)
    talk_s = fields.Float("Talk", readonly=True)
    talked = fields.Integer("Conversations", readonly=True)
    satisfied = fields.Integer(readonly=True)
    neutral = fields.Integer(readonly=True)
    dissatisfied = fields.Integer(readonly=True)
    wrong_key = fields.Integer("Wrong key", readonly=True)
    hung_up = fields.Integer("Hung up unrated", readonly=True)
    not_sent = fields.Integer("Not asked", readonly=True)
    answer_rate = fields.Float(
        "Answer rate", readonly=True, aggregator="avg", help="Answered / inbound."
    )
    outbound_rate = fields.Float(
        "Outbound answer rate",
        readonly=True,
        aggregator="avg",
        help="Outbound answered / outbound.",
    )
    average_s = fields.Float(
        "Average talk", readonly=True, aggregator="avg", help="Talk / conversations."
    )
    satisfaction = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Satisfied / (satisfied + neutral + dissatisfied).",
    )

    @api.model
    def _ratios(self):
        return {
            "answer_rate": (("answered",), ("inbound",)),
            "outbound_rate": (("outbound_answered",), ("outbound",)),
            "average_s": (("talk_s",), ("talked",)),
            "satisfaction": (("satisfied",), ("satisfied", "neutral", "dissatisfied")),
        }

    @api.model
    def _outbound_type(self):
        """SQL of the type of an outbound `call`; addons put theirs around it."""
        return SQL(
            """CASE WHEN EXISTS (SELECT FROM cc_command command
                    WHERE command.call_uid = call.call_uid AND command.kind = 'dial')
               THEN 'screen' ELSE 'phone' END"""
        )

    def _period_query(self):
        ratings = SQL(", ").join(
            SQL("(call.rating = %s)::int AS %s", name, SQL.identifier(name))
            for name in (
                "satisfied",
                "neutral",
                "dissatisfied",
                "wrong_key",
                "hung_up",
                "not_sent",
            )
        )
        ratios = SQL(", ").join(self._ratio_columns())
        return SQL(
            """SELECT report.*, %(ratios)s FROM (
                   SELECT call.id, call.id AS call_id, call.started_at AS date,
                          to_char(call.started_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s, %(format)s) AS label,
                          call.company_id, call.department_id, call.direction, call.agent_id,
                          call.queue_id, call.partner_id, call.line, number.region_id, call.loss,
                          call.purpose_id, call.source_id,
                          CASE WHEN call.direction = 'outbound' THEN signed_in.extension END AS extension,
                          CASE WHEN call.direction = 'outbound' THEN %(outbound_type)s END AS outbound_type,
                          (call.direction = 'inbound')::int AS inbound,
                          (call.direction = 'inbound' AND call.answered_at IS NOT NULL)::int AS answered,
                          (call.direction = 'inbound' AND call.state = 'ended' AND call.answered_at IS NULL
                           AND call.ended_by = 'customer')::int AS caller_hung_up,
                          (call.direction = 'inbound' AND call.state = 'ended'
                           AND call.answered_at IS NULL)::int AS lost,
                          (call.direction = 'outbound')::int AS outbound,
                          (call.direction = 'outbound' AND call.answered_at IS NOT NULL)::int
                              AS outbound_answered,
                          call.wait_s, call.talk_s, (call.answered_at IS NOT NULL)::int AS talked,
                          %(ratings)s
                     FROM cc_call call
                     LEFT JOIN cc_phone_number number ON number.id = call.number_id
                     LEFT JOIN LATERAL (
                          SELECT extension FROM cc_agent_interval state
                           WHERE state.agent_id = call.agent_id AND call.direction = 'outbound'
                             AND state.started_at <= call.started_at + interval '1 second'
                           ORDER BY state.started_at DESC LIMIT 1) AS signed_in ON true
                    WHERE call.direction IN ('inbound', 'outbound')) AS report""",
            ratios=ratios,
            ratings=ratings,
            outbound_type=self._outbound_type(),
            zone=self._report_zone(),
            format=FORMATS[self._report_period()],
        )

    def action_calls(self):
        """Open the call behind this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.call",
            "res_id": self.call_id.id,
            "views": [[False, "form"]],
        }
