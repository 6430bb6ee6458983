# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CcQualityItem(models.Model):
    """What is looked at in a call: an item with a total, made of sub-items with a maximum each."""

    _name = "cc.quality.item"
    _description = "Inspection item"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    total = fields.Float(required=True, digits=(16, 2), help="Best the sum of its sub-items.")
    subitem_ids = fields.One2many("cc.quality.subitem", "item_id", "Sub-items", copy=True)
    maximum = fields.Float("Sum of the maxima", compute="_compute_maximum", digits=(16, 2))
    sum_differs = fields.Boolean(compute="_compute_maximum")

    _total_valid = models.Constraint("CHECK (total >= 0)", "A total is 0 or more.")

    @api.depends("total", "subitem_ids.maximum", "subitem_ids.bonus")
    def _compute_maximum(self):
        for item in self:
            plain = item.subitem_ids.filtered(lambda row: not row.bonus)
            item.maximum = sum(plain.mapped("maximum"))
            item.sum_differs = round(item.maximum - item.total, 2) != 0

    @api.onchange("total", "subitem_ids")
    def _onchange_total(self):
        if self.subitem_ids and self.total and self.sum_differs:
            return {
                "warning": {
                    "title": self.env._("The total is not the sum"),
                    "message": self.env._(
                        "The sub-items add up to %(maximum)s, but the total is %(total)s.",
                        maximum=f"{self.maximum:g}",
                        total=f"{self.total:g}",
                    ),
                }
            }


class CcQualitySubitem(models.Model):
    """One question of an item."""

    _name = "cc.quality.subitem"
    _description = "Inspection sub-item"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one("cc.quality.item", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="item_id.company_id")
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    maximum = fields.Float("Maximum score", required=True, digits=(16, 2))
    guidance = fields.Text(help="Tells inspectors how to score.")
    na_allowed = fields.Boolean("May be not applicable")
    fatal = fields.Boolean(help="No points here fail the whole call.")
    bonus = fields.Boolean(help="Extra points, not part of the total.")
    level = fields.Selection(
        [("nominal", "Yes or no"), ("ordinal", "Order of grades"), ("interval", "Points")],
        "Kind of scale",
        required=True,
        default="interval",
        help="How calibration compares two inspectors' points.",
    )

    @api.constrains("maximum", "fatal", "bonus")
    def _check_maximum(self):
        for row in self:
            if not 0 < row.maximum <= 100000:
                raise ValidationError(self.env._("A maximum score is above 0."))
            if row.fatal and row.bonus:
                raise ValidationError(self.env._("A bonus cannot be fatal."))
