# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallNote(models.Model):
    """What people write about a call, one row a call: the ingest never writes here."""

    _name = "cc.call.note"
    _description = "Note on a call"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="call_id.company_id")
    purpose_id = fields.Many2one("cc.call.purpose", index="btree_not_null", ondelete="restrict")
    source_id = fields.Many2one("cc.call.source", index="btree_not_null", ondelete="restrict")
    note = fields.Text()
    partner_id = fields.Many2one(
        "res.partner",
        "Customer chosen",
        index="btree_not_null",
        ondelete="set null",
        help="Chosen by the agent where a number belongs to several.",
    )

    _call_unique = models.UniqueIndex("(call_id)", "This call has a note already.")
