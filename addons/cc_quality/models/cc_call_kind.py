# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcCallKind(models.Model):
    """What sort of call it was (来电类型), apart from its purpose; the manager keeps the list."""

    _name = "cc.call.kind"
    _description = "Kind of call"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
