# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallKey(models.Model):
    """Keys that the customer pressed, in a menu or when the agent asked. Only the ingest writes here."""

    _name = "cc.call.key"
    _description = "Keys pressed"
    _order = "call_id, n"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    n = fields.Integer("No.", required=True, aggregator=None)
    at = fields.Datetime("When")
    node = fields.Char(help="Voice menu on the PBX; “collect” for digits that the agent collected.")
    key = fields.Char("Keys")

    _n_unique = models.UniqueIndex("(call_id, n)")
