# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CcQualityHandout(models.TransientModel):
    """Hand calls out: evenly to several inspectors, or a number to each by hand."""

    _name = "cc.quality.handout"
    _description = "Hand out calls"

    list_id = fields.Many2one("cc.quality.list")
    sheet_ids = fields.Many2many("cc.quality.sheet", string="Calls")
    how = fields.Selection(
        [("evenly", "Evenly"), ("hand", "By hand")], required=True, default="evenly"
    )
    inspector_ids = fields.Many2many("res.users", string="Inspectors")
    line_ids = fields.One2many("cc.quality.handout.line", "handout_id", "By hand")
    waiting = fields.Integer("Calls to hand out", compute="_compute_waiting")

    @api.model
    def _open(self, **values):
        """:return: the action that opens a hand-out of a list or of some calls"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand out"),
            "res_model": self._name,
            "views": [[False, "form"]],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    @api.depends("list_id", "sheet_ids")
    def _compute_waiting(self):
        for row in self:
            row.waiting = len(row._sheets())

    def _sheets(self):
        self.ensure_one()
        if self.sheet_ids:
            return self.sheet_ids.filtered(lambda sheet: sheet.state in ("unassigned", "open"))
        if not self.list_id:
            return self.sheet_ids
        return self.env["cc.quality.sheet"].search(
            [("list_id", "=", self.list_id.id), ("state", "=", "unassigned")], order="id"
        )

    def action_hand_out(self):
        """Do it.

        :raise UserError: nothing to hand out, or nobody may score it
        """
        self.ensure_one()
        sheets = self._sheets()
        if not sheets:
            raise UserError(self.env._("There is no call to hand out."))
        if self.how == "evenly":
            if not self.inspector_ids:
                raise UserError(self.env._("Choose the inspectors."))
            again = sheets.filtered(lambda sheet: sheet.state == "open")
            if again:
                again._take_back()
            left = sheets._hand_out_evenly(self.inspector_ids)
            if left == sheets:
                raise UserError(self.env._("None of these inspectors may score these calls."))
            return self._told(len(sheets) - len(left), len(left))
        if not self.line_ids:
            raise UserError(self.env._("Choose the inspectors."))
        given = 0
        for line in self.line_ids:
            mine = sheets.filtered(lambda sheet, line=line: not sheet._why_not(line.inspector_id))
            mine = mine[: line.count]
            if len(mine) < line.count:
                raise UserError(
                    self.env._(
                        "There are only %(count)s calls that %(name)s may score.",
                        count=len(mine),
                        name=line.inspector_id.name,
                    )
                )
            mine._hand_out(line.inspector_id)
            sheets -= mine
            given += len(mine)
        return self._told(given, len(sheets))

    def _told(self, given, left):
        text = self.env._("%(given)s calls handed out, %(left)s left.", given=given, left=left)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class CcQualityHandoutLine(models.TransientModel):
    """How many calls an inspector gets."""

    _name = "cc.quality.handout.line"
    _description = "Hand out calls to an inspector"

    handout_id = fields.Many2one(
        "cc.quality.handout", required=True, index=True, ondelete="cascade"
    )
    inspector_id = fields.Many2one("res.users", required=True)
    count = fields.Integer("Calls", required=True, default=1)

    _count_valid = models.Constraint("CHECK (count > 0)", "The number of calls must be at least 1.")
