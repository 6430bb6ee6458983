# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CcCall(models.Model):
    """What inspections and summaries add to a call."""

    _inherit = "cc.call"

    cc_sheet_ids = fields.One2many(
        "cc.quality.sheet", "call_id", "Inspections", groups="cc_telephony.group_manager"
    )
    kind_id = fields.Many2one(related="note_ids.kind_id")
    summary_id = fields.Many2one(related="note_ids.summary_id")

    def _cc_lacks_summary(self, agent):
        """Whether this agent still has to say what came of the call. Without a call nothing lacks."""
        # sudo: cc.call - the agent's own call, whose rules are the system's
        call_sudo = self.sudo()
        queue_sudo = call_sudo.queue_id
        if not call_sudo or not queue_sudo.summary_required:
            return False
        if not self.env["cc.call.summary"].sudo()._for_queue(queue_sudo):
            return False
        return not call_sudo._cc_own_notes(agent).summary_id

    def _cc_own_notes(self, agent):
        """:return: what this agent wrote about the call"""
        notes = self.note_ids
        if "author_id" in notes._fields:
            return notes.filtered(lambda note: note.author_id == agent.user_id)
        return notes

    @api.model
    def _cc_card_extra(self, call, agent):
        extra = super()._cc_card_extra(call, agent)
        # sudo: cc.queue - whether the call's queue wants a summary
        queue_sudo = call.sudo().queue_id
        choices_sudo = self.env["cc.call.summary"].sudo()._for_queue(queue_sudo)
        # sudo: cc.call.note - whether the agent's own has a summary
        own_sudo = call.sudo()._cc_own_notes(agent)
        return {
            **extra,
            "cc_quality": {
                "summary": bool(choices_sudo),
                "required": bool(choices_sudo) and queue_sudo.summary_required,
                "done": bool(own_sudo.summary_id),
            },
        }

    def cc_summary_choices(self):
        """What the wrap-up offers: `{"choices": [{id, name, parent}], "kinds": [{id, name}],
        "summary": id or False, "kind": id or False}`.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.queue - which choices its calls have
        rows = self.env["cc.call.summary"]._for_queue(self.sudo().queue_id)
        own = self._cc_own_notes(self.env["cc.agent"]._mine())
        return {
            "choices": [
                {"id": row.id, "name": row.name, "parent": row.parent_id.id} for row in rows
            ],
            "kinds": self.env["cc.call.kind"].search_read([("active", "=", True)], ["name"]),
            "summary": own.summary_id[:1].id,
            "kind": own.kind_id[:1].id,
        }

    def cc_save_summary(self, summary_id=False, kind_id=False):
        """Write what came of the call, and its kind, into the agent's note.

        :raise UserError: not a last level, or not one of this queue
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.queue - which choices its calls have
        rows = self.env["cc.call.summary"]._for_queue(self.sudo().queue_id)
        chosen = rows.filtered(lambda row: row.id == summary_id)
        if summary_id and (not chosen or chosen in rows.parent_id):
            raise UserError(self.env._("Choose down to the last level."))
        kind = self.env["cc.call.kind"].browse(kind_id or []).exists()
        self._cc_write_note({"summary_id": chosen.id, "kind_id": kind.id})
        return True
