# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL


class CcQualityFinished(models.AbstractModel):
    """What reports of finished inspections share: whose sheet it is, and when. Calibration is left out."""

    _name = "cc.quality.finished"
    _description = "Finished inspections"
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
    fatal = fields.Boolean("Fatal item failed", readonly=True)

    def _finished(self, row, columns, joined=None):
        """:return: SQL of the report: columns of its own beside these, one row for each of `row`

        :param SQL row: what identifies a row
        :param SQL columns: of `sheet` and of what is joined to it
        :param SQL joined: JOIN clause
        """
        return SQL(
            """SELECT %s AS id, sheet.id AS sheet_id, sheet.list_id, sheet.version_id,
                      sheet.company_id, sheet.agent_id, sheet.department_id, sheet.inspector_id,
                      sheet.call_started_at, sheet.done_at, sheet.fatal, %s
               FROM cc_quality_sheet sheet %s
               WHERE sheet.state = 'done' AND sheet.kind = 'score'""",
            row,
            columns,
            joined or SQL(),
        )

    def action_open_sheet(self):
        """Show what was given in detail."""
        self.check_access("read")
        return self.sheet_id.action_score()
