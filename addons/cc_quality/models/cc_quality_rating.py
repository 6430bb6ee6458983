# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcQualityRating(models.Model):
    """The six outcomes of a rating, so that an inspection list can name several."""

    _name = "cc.quality.rating"
    _description = "Outcome of a rating"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="As in the call's rating.")
    sequence = fields.Integer(default=10)

    _code_unique = models.UniqueIndex("(code)", "This outcome already exists.")
