# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..utils import scoring
from .cc_quality_sheet import UNPROCESSED


class CcQualitySheet(models.Model):
    """What the inspector does with a sheet, and the agent afterwards."""

    _inherit = "cc.quality.sheet"

    def action_score(self):
        """Open the score sheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "cc_quality.score",
            "name": self.env._("Inspection"),
            "params": {"sheet_id": self.id},
            # the page's address keeps it, for whoever loads the page again
            "context": {"active_id": self.id},
        }

    def _check_inspector(self):
        self.ensure_one()
        self.check_access("read")
        if self.inspector_id != self.env.user:
            raise AccessError(self.env._("This call is not handed out to you."))
        # since it was handed out, people may have changed departments
        if why := self._why_not(self.env.user):
            raise AccessError(why)

    def score_data(self):
        """Everything that the score sheet shows, for whoever may read the sheet."""
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.quality.sheet - the parts of a sheet are read with the sheet
        sheet_sudo = self.sudo()
        mine = sheet_sudo.inspector_id == self.env.user
        call_sudo = sheet_sudo.call_id
        # by place, as `_make` numbered them: the sub-item itself may be gone
        guidance = [
            row["guidance"]
            for item in sheet_sudo.version_id.content["items"]
            for row in item["rows"]
        ]
        recordings = self.env["cc.recording"]
        if call_sudo:
            recordings = recordings.search(
                [("call_id", "=", call_sudo.id), ("state", "=", "stored")], order="part"
            )
        return {
            "id": self.id,
            "state": self.state,
            "kind": self.kind,
            "can_score": mine and self.state in UNPROCESSED,
            "title": self.display_name,
            "template": sheet_sudo.version_id.display_name,
            "na_rule": self.na_rule,
            "fatal_rule": sheet_sudo.version_id.content["fatal_rule"],
            "pass_mark": sheet_sudo.version_id.content["pass_mark"],
            "comment": self.comment or "",
            "result": self.result_text,
            "percent": self.percent,
            "first_percent": self.first_percent,
            "agent": sheet_sudo.agent_id.display_name,
            "queue": call_sudo.queue_id.name or "",
            "direction": dict(
                self.env["cc.call"]._fields["direction"]._description_selection(self.env)
            ).get(self.call_direction, ""),
            "customer": call_sudo.partner_id.display_name or call_sudo.number_display or "",
            "talk_s": self.talk_s,
            "purpose": call_sudo.purpose_id.name or "",
            "rating": self._rating_text(call_sudo.rating),
            "recordings": [recording._cc_player_data() for recording in recordings],
            "rows": [
                {
                    "id": row.id,
                    "item": row.item_name,
                    "name": row.name,
                    "maximum": row.maximum,
                    "weight": row.weight,
                    "fatal": row.fatal,
                    "bonus": row.bonus,
                    "na_allowed": row.na_allowed,
                    "guidance": guidance[row.sequence] or "",
                    "points": row.points,
                    "na": row.na,
                    "scored": row.scored,
                    "comment": row.comment or "",
                    "decided": row.decided,
                    "first_points": row.first_points,
                    "first_na": row.first_na,
                }
                for row in sheet_sudo.score_ids
            ],
            "marks": [
                {
                    "id": mark.id,
                    "recording": mark.recording_id.id,
                    "at_s": mark.at_s,
                    "text": mark.text or "",
                }
                for mark in sheet_sudo.mark_ids
            ],
            "todo": self.search_count(self._mine_domain()) if mine else 0,
        }

    @api.model
    def _rating_text(self, code):
        # sudo: cc.quality.rating - the name of an outcome
        rating_sudo = self.env["cc.quality.rating"].sudo().search([("code", "=", code or "")])
        if not rating_sudo:
            return ""
        return self.env._("Rating: %(outcome)s", outcome=rating_sudo.name)

    @api.model
    def _mine_domain(self):
        return Domain("inspector_id", "=", self.env.uid) & Domain("state", "in", UNPROCESSED)

    @api.model
    def next_sheet(self, after=None):
        """:return: id of the next call that the user has to score, the oldest first; False if none"""
        mine = self._mine_domain()
        if after:
            found = self.search(mine & Domain("id", ">", after), order="id", limit=1)
            if found:
                return found.id
            mine &= Domain("id", "!=", after)
        return self.search(mine, order="id", limit=1).id

    def save_scores(self, rows, comment="", finish=False):
        """Write what the inspector gave.

        :param list rows: ``{id, points, na, comment}``; points None: not scored yet
        :param bool finish: the sheet is done; each row must be scored or not applicable
        :raise UserError: the sheet is not the user's to score, or a row is not what its version allows
        :return: the sheet as the screen shows it
        """
        self._check_inspector()
        # sudo: cc.quality.sheet - the inspector's own, checked above
        sheet_sudo = self.sudo()
        sheet_sudo.lock_for_update()
        sheet_sudo.invalidate_recordset(["state"])
        if sheet_sudo.state not in UNPROCESSED:
            raise UserError(self.env._("This call is scored already."))
        by_id = {row.id: row for row in sheet_sudo.score_ids}
        for values in rows:
            row_sudo = by_id.get(values.get("id"))
            if not row_sudo:
                raise UserError(self.env._("This row is not on the sheet."))
            row_sudo.write(row_sudo._checked(values))
        sheet_sudo.write({"comment": (comment or "").strip() or False, "state": "draft"})
        if finish:
            sheet_sudo._finish()
        return self.score_data()

    def _finish(self):
        self.ensure_one()
        missing = self.score_ids.filtered(lambda row: not row.scored and not row.bonus)
        if missing:
            raise UserError(
                self.env._(
                    "Not scored yet: %(rows)s",
                    rows=", ".join(f"{row.item_name} · {row.name}" for row in missing[:5]),
                )
            )
        self._apply_result()
        self.write(
            {"state": "done", "done_at": fields.Datetime.now(), "first_percent": self.percent}
        )
        if self.calibration_id:
            self.calibration_id._after_sheet()

    def _apply_result(self):
        for sheet in self:
            content = sheet.version_id.content
            found = scoring.result(
                sheet.score_ids._for_result(),
                content["na_rule"],
                content["fatal_rule"],
                content["pass_mark"],
            )
            sheet.write(
                {
                    "rated": found.rated,
                    "given": found.given,
                    "possible": found.possible,
                    "raw_percent": found.raw_percent,
                    "percent": found.percent,
                    "fatal": found.fatal,
                    "passed": found.passed,
                }
            )

    def cannot_score(self, reason):
        """Close a sheet that cannot be scored, as when its recording is gone.

        :param str reason: why, in the inspector's words
        """
        self._check_inspector()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why this call cannot be scored."))
        if self.state not in UNPROCESSED or self.kind != "score":
            raise UserError(self.env._("This call is scored already."))
        # sudo: cc.quality.sheet - the inspector's own, checked above
        self.sudo().write(
            {"state": "void", "void_reason": reason[:500], "done_at": fields.Datetime.now()}
        )
        return True

    def add_mark(self, recording_id, at_s, text=""):
        """Mark a moment of the recording.

        :return: id of the cc.quality.mark
        """
        self._check_inspector()
        if self.state not in UNPROCESSED:
            raise UserError(self.env._("This call is scored already."))
        recording = self.env["cc.recording"].search(
            [("id", "=", recording_id), ("call_id", "=", self.call_id.id)]
        )
        if not recording or not 0 <= at_s <= 86400:
            raise UserError(self.env._("This moment is not in the recording."))
        # sudo: cc.quality.mark - on the inspector's own sheet, checked above
        mark_sudo = (
            self.env["cc.quality.mark"]
            .sudo()
            .create(
                {
                    "sheet_id": self.id,
                    "recording_id": recording.id,
                    "at_s": at_s,
                    "text": (text or "").strip()[:500] or False,
                }
            )
        )
        return mark_sudo.id

    def remove_mark(self, mark_id):
        """Remove a mark of one's own sheet."""
        self._check_inspector()
        if self.state not in UNPROCESSED:
            raise UserError(self.env._("This call is scored already."))
        # sudo: cc.quality.mark - on the inspector's own sheet, checked above
        self.sudo().mark_ids.filtered(lambda mark: mark.id == mark_id).unlink()
        return True

    # ---- appeals ----

    def action_appeal(self):
        """Open the agent's appeal."""
        self.ensure_one()
        appeal = self.env["cc.quality.appeal"]._begin(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.quality.appeal",
            "res_id": appeal.id,
            "views": [[False, "form"]],
        }

    @api.model
    def action_my_next(self):
        """Score the next call of the user, or show the empty list."""
        found = self.next_sheet()
        if found:
            return self.browse(found).action_score()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cc_quality.cc_quality_sheet_action_mine"
        )
