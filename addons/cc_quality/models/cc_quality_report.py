# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcQualityReport(models.Model):
    """Finished inspections, one row a sub-item: for pivot, graph and Excel.

    A row that does not apply has no value, so it changes no average.
    """

    _name = "cc.quality.report"
    _description = "Inspection report"
    _inherit = "cc.quality.finished"
    _auto = False

    item_id = fields.Many2one("cc.quality.item", readonly=True)
    item_name = fields.Char("Item as scored", readonly=True)
    name = fields.Char("Sub-item", readonly=True)
    points = fields.Float(readonly=True)
    maximum = fields.Float("Possible", readonly=True)
    item_percent = fields.Float("Points (%)", readonly=True, aggregator="avg")
    sheets = fields.Integer("Inspections", readonly=True, aggregator="count_distinct")
    na = fields.Boolean("Not applicable", readonly=True)

    @property
    def _table_query(self):
        return self._finished(
            SQL("row.id"),
            SQL(
                """sheet.id AS sheets, row.item_id, row.item_name, row.name, row.na,
                   CASE WHEN NOT row.na THEN row.points END AS points,
                   CASE WHEN NOT row.na AND NOT coalesce(row.bonus, false)
                        THEN row.maximum END AS maximum,
                   CASE WHEN NOT row.na AND NOT coalesce(row.bonus, false) AND row.maximum > 0
                        THEN 100 * row.points / row.maximum END AS item_percent"""
            ),
            SQL("JOIN cc_quality_score row ON row.sheet_id = sheet.id"),
        )
