# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections.abc import Collection

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

NOTED = "If there are several, the one chosen by the call's agent."


class CcCall(models.Model):
    """What inspections and summaries add to a call."""

    _inherit = "cc.call"

    cc_sheet_ids = fields.One2many(
        "cc.quality.sheet", "call_id", "Inspections", groups="cc_telephony.group_manager"
    )
    # those that follow their call: found for a whole request's calls at once
    cc_transcript_ids = fields.One2many(
        "cc.transcript", "call_id", "Transcripts", groups="cc_telephony.group_leader"
    )
    kind_id = fields.Many2one(
        "cc.call.kind", compute="_compute_noted", search="_search_kind_id", help=NOTED
    )
    summary_id = fields.Many2one(
        "cc.call.summary", compute="_compute_noted", search="_search_summary_id", help=NOTED
    )
    has_recording = fields.Boolean(
        compute="_compute_has_recording",
        store=True,
        precompute=True,
        help="A recording of the call is stored.",
    )

    # a list looks at all calls of its period: their own columns must do, without their recordings
    _to_inspect = models.Index(
        "(started_at) INCLUDE (company_id, agent_id, department_id, direction, talk_s, rating,"
        " purpose_id, has_recording, id)"
        " WHERE state = 'ended' AND agent_id IS NOT NULL AND answered_at IS NOT NULL"
    )

    def _auto_init(self):
        """Calls that are there already get their column by one statement."""
        if not column_exists(self.env.cr, "cc_call", "has_recording"):
            create_column(self.env.cr, "cc_call", "has_recording", "boolean")
            self.env.cr.execute(
                SQL(
                    """UPDATE cc_call SET has_recording = true FROM cc_recording recording
                       WHERE recording.call_id = cc_call.id AND recording.state = 'stored'"""
                )
            )
        return super()._auto_init()

    @api.depends("recording_ids.state")
    def _compute_has_recording(self):
        for call in self:
            call.has_recording = "stored" in call.recording_ids.mapped("state")

    @api.depends(
        "agent_id.user_id", "note_ids.kind_id", "note_ids.summary_id", "note_ids.author_id"
    )
    def _compute_noted(self):
        self.env["cc.call.note"].flush_model()
        self.flush_model(["agent_id"])
        for field in ("kind_id", "summary_id"):
            chosen = dict(self.env.execute_query(self._noted(field, self.ids)))
            for call in self:
                call[field] = chosen.get(call._origin.id)

    @api.model
    def _search_kind_id(self, operator, value):
        return self._search_noted("kind_id", operator, value)

    @api.model
    def _search_summary_id(self, operator, value):
        return self._search_noted("summary_id", operator, value)

    @api.model
    def _search_noted(self, field, operator, value):
        if operator == "any" and isinstance(value, Domain):
            value = self.env[self._fields[field].comodel_name].search(value).ids
        elif operator != "in" or not isinstance(value, Collection):
            return NotImplemented
        self.env["cc.call.note"].flush_model()
        self.flush_model(["agent_id"])
        noted = SQL("SELECT call_id FROM (%s) noted", self._noted(field))
        ids = [one for one in value if one]
        domain = Domain("id", "in", SQL("(%s WHERE chosen = ANY(%s))", noted, ids))
        if len(ids) < len(value):
            domain |= Domain("id", "not in", SQL("(%s)", noted))
        return domain

    @api.model
    def _noted(self, field, call_ids=None):
        """:return: SQL of `(call_id, chosen)`: what the call's agent chose, else who chose last"""
        return SQL(
            """SELECT DISTINCT ON (note.call_id) note.call_id, note.%(field)s AS chosen
                 FROM cc_call_note note JOIN cc_call call ON call.id = note.call_id
                 LEFT JOIN cc_agent agent ON agent.id = call.agent_id
                WHERE note.%(field)s IS NOT NULL AND %(among)s
                ORDER BY note.call_id, note.author_id = agent.user_id DESC NULLS LAST,
                         note.write_date DESC, note.id DESC""",
            field=SQL.identifier(field),
            among=SQL("TRUE") if call_ids is None else SQL("call.id = ANY(%s)", call_ids),
        )

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
