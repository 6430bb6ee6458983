# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import math

from odoo import api, fields, models
from odoo.exceptions import UserError


class CcQualityScore(models.Model):
    """A row of a sheet: the sub-item as its version says, and what was given."""

    _name = "cc.quality.score"
    _description = "Score of a sub-item"
    _order = "sheet_id, sequence, id"

    sheet_id = fields.Many2one("cc.quality.sheet", required=True, index=True, ondelete="cascade")
    item_id = fields.Many2one(
        "cc.quality.item", "Item today", index="btree_not_null", ondelete="set null"
    )
    subitem_id = fields.Many2one(
        "cc.quality.subitem", "Sub-item today", index="btree_not_null", ondelete="set null"
    )
    sequence = fields.Integer(aggregator=None)
    item_name = fields.Char("Item", required=True)
    name = fields.Char("Sub-item", required=True)
    maximum = fields.Float(digits=(16, 2))
    weight = fields.Float(digits=(16, 3), aggregator="avg")
    fatal = fields.Boolean()
    bonus = fields.Boolean()
    na_allowed = fields.Boolean()
    level = fields.Char()
    points = fields.Float(digits=(16, 2))
    na = fields.Boolean("Not applicable")
    scored = fields.Boolean()
    comment = fields.Text()
    first_points = fields.Float(
        "First points", digits=(16, 2), help="Before an appeal was decided."
    )
    first_na = fields.Boolean("First not applicable")
    decided = fields.Boolean("Changed by an appeal")

    @api.depends("item_name", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.item_name} · {row.name}"

    def _checked(self, values):
        """:return: values to write for what somebody gave; raises UserError for what is not allowed"""
        self.ensure_one()
        na, points = bool(values.get("na")), values.get("points")
        if na and not self.na_allowed:
            raise UserError(self.env._("“%(name)s” always applies.", name=self.name))
        given = points is not None and points is not False and not na
        if given and (
            isinstance(points, bool)
            or not isinstance(points, int | float)
            or not math.isfinite(points)
            or not 0 <= points <= self.maximum
        ):
            raise UserError(
                self.env._(
                    "“%(name)s” takes 0 to %(maximum)s points.",
                    name=self.name,
                    maximum=f"{self.maximum:g}",
                )
            )
        return {
            "points": points if given else 0.0,
            "na": na,
            "scored": given or na,
            "comment": (values.get("comment") or "").strip() or False,
        }

    def _for_result(self):
        """The rows as utils.scoring takes them."""
        return [
            {
                "points": row.points,
                "maximum": row.maximum,
                "weight": row.weight,
                "na": row.na,
                "fatal": row.fatal,
                "bonus": row.bonus,
            }
            for row in self
        ]


class CcQualityMark(models.Model):
    """A moment of a recording that an inspector marked."""

    _name = "cc.quality.mark"
    _description = "Mark on a recording"
    _order = "sheet_id, recording_id, at_s, id"

    sheet_id = fields.Many2one("cc.quality.sheet", required=True, index=True, ondelete="cascade")
    recording_id = fields.Many2one("cc.recording", index="btree_not_null", ondelete="cascade")
    at_s = fields.Float("At (s)", aggregator=None)
    text = fields.Char()
