# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import html_sanitize, plaintext2html

from .helpdesk_ticket import LIVE


class HelpdeskTicketMail(models.Model):
    """What a customer's e-mail does to a ticket that walks a flow, or walked one."""

    _inherit = "helpdesk.ticket"

    @api.private
    def message_update(self, msg, update_vals=None):
        """An answer lets a waiting ticket go on; one to a closed ticket has a reader, too.

        The mail gateway passes over a message that it knows already (by its id).
        """
        result = super().message_update(msg, update_vals=update_vals)
        for ticket in self.filtered("cc_template_id"):
            # sudo: helpdesk.ticket - the customer's mail moves the ticket, whoever the gateway acts as
            ticket.sudo().with_context(cc_move=True)._cc_answered(msg)
        return result

    def _cc_answered(self, msg):
        self.ensure_one()
        text = html_sanitize(msg.get("body") or "") or plaintext2html(msg.get("subject") or "")
        if self.cc_state in LIVE:
            self._cc_log("reply", text=text)
            if self.cc_waiting:
                self._cc_do_resume({})
                self._cc_write({"cc_rev": self.cc_rev + 1})
            people = self._cc_people()
            self._cc_tell(people, self.env._("The customer answered ticket %(n)s.", n=self.number))
            self._cc_ring(people)
        elif self.cc_state == "closed":
            move = self._cc_log("reply", text=text)
            if self.cc_template_id.closed_reply == "reopen":
                child = self._cc_reopen(text)
                move.text = text + plaintext2html(child.number)
            else:
                self._cc_to_do_after_closing()

    def _cc_to_do_after_closing(self):
        """A to-do for who had the ticket last, or for who leads their department."""
        last = self.cc_turn_ids.sorted("id")[-1:]
        user = last.user_id.filtered("active") or self.cc_creator_id.filtered("active")
        if not user:
            department = self._cc_fallback(last.department_id)
            user = department._cc_leader_users()[:1] or self.cc_template_id.owner_id
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            fields.Date.context_today(self),
            summary=self.env._("The customer answered after closing"),
            user_id=user.id,
        )
