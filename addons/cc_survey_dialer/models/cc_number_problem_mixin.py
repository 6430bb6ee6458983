# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcNumberProblemMixin(models.AbstractModel):
    """A line of a file that was left out, and why. Numbers in it are masked."""

    _name = "cc.number.problem.mixin"
    _description = "Line of a file that was left out"
    _order = "line_no"
    _rec_name = "text"
    _log_access = False

    line_no = fields.Integer("Line number", aggregator=None)
    kind = fields.Selection(
        [
            ("text", "No number in it"),
            ("short", "Too few digits"),
            ("long", "Too many digits"),
            ("invalid", "Not a valid number"),
            ("duplicate", "Number again"),
            ("present", "Already in the list"),
        ],
        "Reason",
        required=True,
    )
    first_line = fields.Integer("First on line", aggregator=None)
    text = fields.Char("Content")
