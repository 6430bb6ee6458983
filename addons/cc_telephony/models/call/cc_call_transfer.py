# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallTransfer(models.Model):
    """A call went, or was to go, from one to another. Only the ingest writes here."""

    _name = "cc.call.transfer"
    _description = "Transfer"
    _order = "call_id, n"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    n = fields.Integer("No.", required=True, aggregator=None)
    at = fields.Datetime("When")
    how = fields.Selection(
        [
            ("blind", "Blind transfer"),
            ("attended", "Attended transfer"),
            ("pickup", "Picked up"),
            ("park", "Parked"),
            ("conference", "Conference"),
        ],
        required=True,
    )
    agent_id = fields.Many2one("cc.agent", "By", index="btree_not_null", ondelete="restrict")
    to_agent_id = fields.Many2one(
        "cc.agent", "To agent", index="btree_not_null", ondelete="restrict"
    )
    to_queue_id = fields.Many2one(
        "cc.queue", "To queue", index="btree_not_null", ondelete="restrict"
    )
    to_number_id = fields.Many2one(
        "cc.phone.number", "To number", index="btree_not_null", ondelete="restrict"
    )
    to_number_display = fields.Char("Displayed target number")
    to_name = fields.Char("To menu", help="Voice menu or other dialplan entry.")
    completed = fields.Boolean(help="The other party answered.")

    _n_unique = models.UniqueIndex("(call_id, n)")
