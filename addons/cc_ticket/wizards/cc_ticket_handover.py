# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.helpdesk_ticket import LIVE


class CcTicketHandover(models.TransientModel):
    """One screen that hands over everything that somebody has: when they leave, or are away for long."""

    _name = "cc.ticket.handover"
    _description = "Hand over a person's tickets"

    user_id = fields.Many2one("res.users", "From", required=True, domain=[("share", "=", False)])
    to_user_id = fields.Many2one("res.users", "To", domain=[("share", "=", False)])
    to_department_id = fields.Many2one("hr.department", "Or to the department")
    reason = fields.Char()
    ticket_ids = fields.Many2many("helpdesk.ticket", compute="_compute_what", string="Tickets")
    draft_count = fields.Integer("Drafts", compute="_compute_what")
    copy_count = fields.Integer("Opinions asked for", compute="_compute_what")
    step_count = fields.Integer("Steps of templates", compute="_compute_what")
    schedule_count = fields.Integer("Recurring tickets", compute="_compute_what")

    @api.depends("user_id")
    def _compute_what(self):
        tickets = self.env["helpdesk.ticket"]
        for row in self:
            user = row.user_id
            row.ticket_ids = tickets.search(
                [("user_id", "=", user.id), ("cc_state", "in", LIVE)] if user else [("id", "=", 0)]
            )
            row.draft_count = user and tickets.search_count(
                [("cc_creator_id", "=", user.id), ("cc_state", "=", "draft")]
            )
            row.copy_count = user and self.env["cc.ticket.reader"].search_count(
                [
                    ("user_id", "=", user.id),
                    ("kind", "=", "copy"),
                    ("opinion_at", "=", False),
                    ("ticket_id.cc_state", "in", LIVE),
                ]
            )
            row.step_count = user and self.env["cc.ticket.step"].search_count(
                [
                    ("handler_user_id", "=", user.id),
                    ("version_id.state", "in", ("draft", "published")),
                ]
            )
            row.schedule_count = user and self.env["cc.ticket.schedule"].search_count(
                [("user_id", "=", user.id)]
            )

    def action_apply(self):
        """Hand everything over that the user may decide about."""
        self.check_access("write")
        self.ensure_one()
        me = self.env.user
        manager = me.has_group("cc_telephony.group_manager")
        if not manager and not any(me._cc_leads(one) for one in self.user_id.cc_department_ids):
            raise AccessError(
                self.env._("Only a leader of this person or a manager can hand over.")
            )
        if not self.to_user_id and not self.to_department_id:
            raise UserError(self.env._("Choose who takes over."))
        if self.to_user_id == self.user_id:
            raise UserError(self.env._("Choose somebody else."))
        if self.to_user_id and not self.to_user_id.has_group("cc_telephony.group_agent"):
            raise UserError(
                self.env._(
                    "%(name)s is not an agent and cannot handle tickets.", name=self.to_user_id.name
                )
            )
        why = self.reason or self.env._("%(name)s hands over.", name=self.user_id.name)
        # sudo: helpdesk.ticket and its rows - allowed as checked above
        tickets_sudo = self.env["helpdesk.ticket"].sudo()
        open_sudo = tickets_sudo.search(
            [("user_id", "=", self.user_id.id), ("cc_state", "in", LIVE)]
        )
        open_sudo._cc_hand_over(self.to_department_id, why, user=self.to_user_id or None)
        drafts_sudo = tickets_sudo.search(
            [("cc_creator_id", "=", self.user_id.id), ("cc_state", "=", "draft")]
        )
        heir = self.to_user_id or self.to_department_id._cc_leader_users()[:1]
        if heir:
            drafts_sudo._cc_write({"cc_creator_id": heir.id})
            copies_sudo = self.env["cc.ticket.reader"].sudo()
            for row in copies_sudo.search(
                [
                    ("user_id", "=", self.user_id.id),
                    ("kind", "=", "copy"),
                    ("opinion_at", "=", False),
                    ("ticket_id.cc_state", "in", LIVE),
                ]
            ):
                known = row.ticket_id.cc_reader_ids.filtered(
                    lambda other: other.kind == "copy" and other.user_id == heir
                )
                if known:
                    row.unlink()
                else:
                    row.user_id = heir
            self.env["cc.ticket.schedule"].sudo().search(
                [("user_id", "=", self.user_id.id)]
            ).user_id = heir
        return {"type": "ir.actions.act_window_close"}
