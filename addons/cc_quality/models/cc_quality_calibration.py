# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..utils.agreement import agreement


class CcQualityCalibration(models.Model):
    """Several inspectors score the same calls, each without seeing the others; then they compare.

    Its sheets never count in an agent's figures.
    """

    _name = "cc.quality.calibration"
    _description = "Calibration"
    _order = "id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    template_id = fields.Many2one(
        "cc.quality.template", required=True, domain=[("enabled", "=", True)], ondelete="restrict"
    )
    version_id = fields.Many2one("cc.quality.version", readonly=True, copy=False)
    call_ids = fields.Many2many("cc.call", string="Calls")
    inspector_ids = fields.Many2many("res.users", string="Inspectors")
    state = fields.Selection(
        [("new", "New"), ("running", "Being scored"), ("closed", "Compared")],
        required=True,
        default="new",
        readonly=True,
        copy=False,
    )
    sheet_ids = fields.One2many("cc.quality.sheet", "calibration_id", "Sheets")
    agreement_ids = fields.One2many("cc.quality.agreement", "calibration_id")
    done_count = fields.Integer("Sheets done", compute="_compute_counts")
    sheet_count = fields.Integer("Sheets in all", compute="_compute_counts")

    def _compute_counts(self):
        # sudo: cc.quality.sheet - how many are done, while what they say is hidden
        groups = (
            self.env["cc.quality.sheet"]
            .sudo()
            ._read_group(
                [("calibration_id", "in", self.ids)], ["calibration_id", "state"], ["__count"]
            )
        )
        counts = {(row.id, state): count for row, state, count in groups}
        for row in self:
            row.done_count = counts.get((row.id, "done"), 0)
            row.sheet_count = sum(
                count for (calibration, _state), count in counts.items() if calibration == row.id
            )

    def write(self, vals):
        if not self.env.su and vals.keys() - {"name"} and any(row.state != "new" for row in self):
            raise UserError(self.env._("The calibration has begun; only its name can be changed."))
        return super().write(vals)

    def action_start(self):
        """Hand the calls out to every inspector."""
        for row in self:
            row.check_access("write")
            if row.state != "new":
                raise UserError(self.env._("The calibration has already begun."))
            if not row.call_ids or not row.inspector_ids:
                raise UserError(self.env._("Choose calls and inspectors."))
            version = row.template_id._current_version()
            sheets = self.env["cc.quality.sheet"]
            for inspector in row.inspector_ids:
                made = sheets._make(
                    version,
                    row.call_ids,
                    inspector=inspector,
                    kind="calibration",
                    calibration_id=row.id,
                )
                for sheet in made:
                    if why := sheet._why_not(inspector):
                        raise UserError(why)
            # sudo: cc.quality.calibration - state and version are the system's
            row.sudo().write({"state": "running", "version_id": version.id})
        return True

    def _after_sheet(self):
        """A sheet was finished; with the last one the scores are compared."""
        for row in self:
            if row.state == "running" and all(one.state == "done" for one in row.sheet_ids):
                row._close()

    def action_close(self):
        """Compare what is done; who has not finished is left out."""
        for row in self:
            row.check_access("write")
            if row.state != "running":
                raise UserError(self.env._("This calibration is not being scored."))
            if self.env.user in row.inspector_ids:
                # sudo: cc.quality.sheet - the user's own among them
                mine = row.sudo().sheet_ids.filtered(
                    lambda sheet: sheet.inspector_id == self.env.user and sheet.state != "done"
                )
                if mine:
                    raise AccessError(self.env._("Finish your own sheets first."))
            # sudo: cc.quality.sheet - unfinished sheets are dropped, the others compared
            row.sudo()._close()
        return True

    def _close(self):
        self.ensure_one()
        self.sheet_ids.filtered(lambda sheet: sheet.state != "done").unlink()
        self.agreement_ids.unlink()
        calls = self.sheet_ids.call_id
        inspectors = self.sheet_ids.inspector_id
        values = {
            (sheet.inspector_id, sheet.call_id, score.sequence): score
            for sheet in self.sheet_ids
            for score in sheet.score_ids
        }
        rows = []
        numbered = enumerate(
            (item, row) for item in self.version_id.content["items"] for row in item["rows"]
        )
        for number, (item, row) in numbered:
            table = []
            for inspector in inspectors:
                scores = [values.get((inspector, call, number)) for call in calls]
                table.append([one.points if one and not one.na else None for one in scores])
            found = agreement(table, row["level"]) if table else agreement([[]], row["level"])
            rows.append(
                {
                    "calibration_id": self.id,
                    "sequence": number,
                    "item_name": item["name"],
                    "name": row["name"],
                    "level": row["level"],
                    "state": found.state,
                    "alpha": found.alpha or 0.0,
                    "compared": found.pairs,
                    "percent": found.percent or 0.0,
                    "difference": found.difference or 0.0,
                }
            )
        self.env["cc.quality.agreement"].create(rows)
        self.write({"state": "closed"})


class CcQualityAgreement(models.Model):
    """How far inspectors agreed on one sub-item."""

    _name = "cc.quality.agreement"
    _description = "Agreement of inspectors"
    _order = "calibration_id, sequence, id"
    _rec_name = "name"

    calibration_id = fields.Many2one(
        "cc.quality.calibration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="calibration_id.company_id")
    sequence = fields.Integer(aggregator=None)
    item_name = fields.Char("Item")
    name = fields.Char("Sub-item")
    level = fields.Selection(
        [("nominal", "Yes or no"), ("ordinal", "Order of grades"), ("interval", "Points")],
        "Kind of scale",
    )
    state = fields.Selection(
        [("defined", "Defined"), ("all_equal", "All equal"), ("too_few", "Too few")]
    )
    # 0 where it is not defined: people and files get the text
    alpha = fields.Float("Alpha (number)", digits=(16, 3), aggregator=None, exportable=False)
    alpha_text = fields.Char("Krippendorff's alpha", compute="_compute_texts")
    compared = fields.Integer("Pairs compared", aggregator=None)
    percent = fields.Float(digits=(16, 1), aggregator=None)
    percent_text = fields.Char("Agreement", compute="_compute_texts")
    difference = fields.Float(digits=(16, 2), aggregator=None)
    difference_text = fields.Char("Mean difference", compute="_compute_texts")

    @api.depends("state", "alpha", "percent", "difference", "compared")
    @api.depends_context("lang")
    def _compute_texts(self):
        for row in self:
            none = self.env._("Too few scores to compare")
            if row.state == "defined":
                row.alpha_text = f"{row.alpha:.3f}"
            elif row.state == "all_equal":
                row.alpha_text = self.env._("All agree, alpha not defined")
            else:
                row.alpha_text = none
            row.percent_text = f"{row.percent:.0f} %" if row.compared else "–"
            row.difference_text = f"{row.difference:.2f}" if row.compared else "–"
