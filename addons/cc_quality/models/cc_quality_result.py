# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcQualityResult(models.Model):
    """Finished inspections, one row a call: the average of an agent is the mean of their sheets."""

    _name = "cc.quality.result"
    _description = "Inspection results"
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
    call_started_at = fields.Datetime("Call", readonly=True)
    done_at = fields.Datetime("Scored at", readonly=True)
    given = fields.Float("Points", readonly=True)
    possible = fields.Float("Possible points", readonly=True)
    percent = fields.Float("Result (%)", readonly=True, aggregator="avg")
    first_percent = fields.Float("Before appeals (%)", readonly=True, aggregator="avg")
    raw_percent = fields.Float("Before fatal items (%)", readonly=True, aggregator="avg")
    rated = fields.Boolean(readonly=True)
    fatal = fields.Boolean("Fatal item failed", readonly=True)
    passed = fields.Boolean(readonly=True)
    passed_percent = fields.Float("Passed (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """SELECT id, id AS sheet_id, list_id, version_id, company_id, agent_id, department_id,
                      inspector_id, call_started_at, done_at, given, possible, rated, fatal, passed,
                      CASE WHEN rated THEN percent END AS percent,
                      CASE WHEN rated THEN first_percent END AS first_percent,
                      CASE WHEN rated THEN raw_percent END AS raw_percent,
                      CASE WHEN rated THEN CASE WHEN passed THEN 100.0 ELSE 0.0 END END
                        AS passed_percent
               FROM cc_quality_sheet WHERE state = 'done' AND kind = 'score'"""
        )

    def action_open_sheet(self):
        """Show what was given in detail."""
        return self.sheet_id.action_score()
