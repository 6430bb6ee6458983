# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...utils.phone import phone_digits
from ...utils.times import bucket_of


class CcAgentSession(models.Model):
    """From an agent's sign-in to sign-out on one device: the intent that the bridge follows."""

    _name = "cc.agent.session"
    _description = "Agent session"
    _order = "started_at desc, id desc"
    _rec_name = "agent_id"

    agent_id = fields.Many2one("cc.agent", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    device = fields.Selection(
        [("browser", "Browser phone"), ("desk", "Desk phone"), ("mobile", "Mobile phone")],
        required=True,
    )
    extension = fields.Char(help="Extension that rings. For an external phone, see its number.")
    number_id = fields.Many2one(
        "cc.phone.number", "External phone", index="btree_not_null", ondelete="restrict"
    )
    phone = fields.Char(compute="_compute_phone")
    started_at = fields.Datetime("Start", required=True)
    ended_at = fields.Datetime("End")
    end_reason = fields.Selection(
        [
            ("signed_out", "Signed out"),
            ("taken_over", "Signed in elsewhere"),
            ("leader", "Ended by a leader"),
            ("failed", "The PBX refused"),
        ],
        "Reason",
    )
    duration_s = fields.Float("Duration", compute="_compute_duration_s")

    _open_unique = models.UniqueIndex(
        "(agent_id) WHERE ended_at IS NULL", "This agent is already signed in."
    )

    @api.depends("extension", "number_id.mask")
    def _compute_phone(self):
        for session in self:
            session.phone = session._phone_word()

    @api.model_create_multi
    def create(self, vals_list):
        sessions = super().create(vals_list)
        sessions._mark_stale()
        return sessions

    def write(self, vals):
        result = super().write(vals)
        if "end_reason" in vals:
            self._mark_stale()
        return result

    def _mark_stale(self):
        """Have the sign-ins counted anew."""
        rows = [
            (
                session.agent_id.id,
                None,
                bucket_of(session.started_at),
                bucket_of(session.started_at),
            )
            for session in self
        ]
        if rows:
            self.env["cc.stat.dirty"]._insert(rows)

    def _extension_for_pbx(self):
        """What the PBX rings: an endpoint's name, or the number of an outside phone."""
        return phone_digits(self.number_id.key) or self.extension or None

    def _phone_word(self):
        """What the screen shows of the phone: its extension, of an outside phone the mask; or None."""
        return self.number_id.mask or self.extension or None

    @api.depends("started_at", "ended_at")
    def _compute_duration_s(self):
        for session in self:
            end = session.ended_at or fields.Datetime.now()
            session.duration_s = max((end - session.started_at).total_seconds(), 0)
