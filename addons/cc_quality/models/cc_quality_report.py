# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcQualityReport(models.Model):
    """Finished inspections, one row a sub-item: for pivot, graph and Excel.

    An unrated sheet and a row that does not apply have no value, so they change no average. Calibration
    is left out.
    """

    _name = "cc.quality.report"
    _description = "Inspection report"
    _auto = False
    _order = "done_at desc, id desc"
    _rec_name = "sheet_id"

    sheet_id = fields.Many2one("cc.quality.sheet", "Inspection", readonly=True)
    list_id = fields.Many2one("cc.quality.list", readonly=True)
    version_id = fields.Many2one("cc.quality.version", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    agent_id = fields.Many2one("cc.agent", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    inspector_id = fields.Many2one("res.users", readonly=True)
    item_id = fields.Many2one("cc.quality.item", readonly=True)
    item_name = fields.Char("Item as scored", readonly=True)
    name = fields.Char("Sub-item", readonly=True)
    call_started_at = fields.Datetime("Call", readonly=True)
    done_at = fields.Datetime("Scored at", readonly=True)
    points = fields.Float(readonly=True)
    maximum = fields.Float("Possible", readonly=True)
    item_percent = fields.Float("Points (%)", readonly=True, aggregator="avg")
    sheets = fields.Integer("Inspections", readonly=True, aggregator="count_distinct")
    na = fields.Boolean("Not applicable", readonly=True)
    fatal = fields.Boolean("Fatal item failed", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT row.id, row.sheet_id, row.sheet_id AS sheets, sheet.list_id, sheet.version_id,
                      sheet.company_id, sheet.agent_id, sheet.department_id, sheet.inspector_id,
                      row.item_id, row.item_name, row.name, sheet.call_started_at, sheet.done_at,
                      row.na, sheet.fatal,
                      CASE WHEN NOT row.na THEN row.points END AS points,
                      CASE WHEN NOT row.na AND NOT coalesce(row.bonus, false)
                           THEN row.maximum END AS maximum,
                      CASE WHEN NOT row.na AND NOT coalesce(row.bonus, false) AND row.maximum > 0
                           THEN 100 * row.points / row.maximum END AS item_percent
               FROM cc_quality_score row JOIN cc_quality_sheet sheet ON sheet.id = row.sheet_id
               WHERE sheet.state = 'done' AND sheet.kind = 'score'"""
        )
