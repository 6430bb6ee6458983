# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .cc_quality_sheet import UNPROCESSED


class CcQualitySheet(models.Model):
    """Who scores which call."""

    _inherit = "cc.quality.sheet"

    def _check_hands_out(self):
        if not self.env.su and not self.env.user.has_group("cc_telephony.group_manager"):
            raise AccessError(self.env._("Only managers can hand out calls."))

    def _why_not(self, inspector):
        """:return: why this inspector must not score this sheet; None if they may"""
        self.ensure_one()
        # sudo: res.users - whom the rated agent leads decides who may score
        rated_sudo, user_sudo = self.sudo().agent_id, inspector.sudo()
        if not user_sudo.active or not user_sudo.has_group("cc_quality.group_inspector"):
            return self.env._("%(name)s is not an active inspector.", name=user_sudo.name)
        if rated_sudo.user_id == user_sudo:
            return self.env._("%(name)s cannot score their own call.", name=user_sudo.name)
        departments = user_sudo.cc_agent_ids.department_id
        led_sudo = (
            self.env["hr.department"]
            .sudo()
            .search([("id", "child_of", rated_sudo.led_department_ids.ids)])
        )
        if departments & led_sudo:
            return self.env._("%(name)s cannot score their own leader's call.", name=user_sudo.name)
        return None

    def _hand_out(self, inspector):
        """Give these sheets to an inspector.

        :raise ValidationError: one of them is not theirs to score
        """
        self._check_hands_out()
        self.check_access("read")
        for sheet in self:
            if why := sheet._why_not(inspector):
                raise ValidationError(why)
            if sheet.kind != "score" or sheet.state not in ("unassigned", *UNPROCESSED):
                raise UserError(self.env._("This call is scored already."))
        # sudo: cc.quality.sheet - checked above
        sheets_sudo = self.sudo()
        changed = sheets_sudo.filtered(lambda row: row.inspector_id != inspector)
        changed._clear()
        changed.write(
            {
                "inspector_id": inspector.id,
                "state": "open",
                "assigned_at": fields.Datetime.now(),
            }
        )

    def _hand_out_evenly(self, inspectors):
        """Give each inspector as many as the others, by turns over agents; nobody gets their own call
        or their leader's.

        :return: sheets that none of them may score
        """
        self._check_hands_out()
        todo = self.filtered(lambda row: row.state == "unassigned").sorted(
            lambda row: (row.agent_id.id, row.id)
        )
        loads = dict.fromkeys(inspectors, 0)
        plan = {inspector: self.browse() for inspector in inspectors}
        left = self.browse()
        for sheet in todo:
            may = [one for one in inspectors if not sheet._why_not(one)]
            if not may:
                left |= sheet
                continue
            least = min(may, key=lambda one: (loads[one], one.id))
            loads[least] += 1
            plan[least] |= sheet
        for inspector, sheets in plan.items():
            if sheets:
                sheets._hand_out(inspector)
        return left

    def action_take_back(self):
        """Take unprocessed calls back from their inspectors."""
        self._take_back()
        return True

    def _take_back(self):
        self._check_hands_out()
        self.check_access("read")
        if any(row.kind != "score" or row.state not in UNPROCESSED for row in self):
            raise UserError(self.env._("Only calls that are not processed can be taken back."))
        # sudo: cc.quality.sheet - checked above
        sheets_sudo = self.sudo()
        sheets_sudo._clear()
        sheets_sudo.write({"inspector_id": False, "state": "unassigned", "assigned_at": False})

    def _clear(self):
        """Forget what somebody began to score."""
        self.mark_ids.unlink()
        self.score_ids.write({"points": 0, "na": False, "scored": False, "comment": False})
        self.write({"comment": False})

    def action_hand_out(self):
        """Open the hand-out of the chosen calls."""
        self._check_hands_out()
        return self.env["cc.quality.handout"]._open(sheet_ids=[(6, 0, self.ids)])
