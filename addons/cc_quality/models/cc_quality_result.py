# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcQualityResult(models.Model):
    """Finished inspections, one row a call: the average of an agent is the mean of their sheets.

    An unrated sheet has no result, so it changes no average.
    """

    _name = "cc.quality.result"
    _description = "Inspection results"
    _inherit = "cc.quality.finished"
    _auto = False

    given = fields.Float("Points", readonly=True)
    possible = fields.Float("Possible points", readonly=True)
    percent = fields.Float("Result (%)", readonly=True, aggregator="avg")
    first_percent = fields.Float("Before appeals (%)", readonly=True, aggregator="avg")
    raw_percent = fields.Float("Before fatal items (%)", readonly=True, aggregator="avg")
    rated = fields.Boolean(readonly=True)
    passed = fields.Boolean(readonly=True)
    passed_percent = fields.Float("Passed (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return self._finished(
            SQL("sheet.id"),
            SQL(
                """sheet.given, sheet.possible, sheet.rated, sheet.passed,
                   CASE WHEN sheet.rated THEN sheet.percent END AS percent,
                   CASE WHEN sheet.rated THEN sheet.first_percent END AS first_percent,
                   CASE WHEN sheet.rated THEN sheet.raw_percent END AS raw_percent,
                   CASE WHEN sheet.rated THEN CASE WHEN sheet.passed THEN 100.0 ELSE 0.0 END END
                     AS passed_percent"""
            ),
        )
