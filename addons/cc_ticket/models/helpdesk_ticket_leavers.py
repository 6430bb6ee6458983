# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import plaintext2html
from odoo.tools.translate import LazyTranslate

from .helpdesk_ticket import LIVE

_lt = LazyTranslate(__name__)


class HelpdeskTicketLeavers(models.Model):
    """Tickets of people and departments that are no more."""

    _inherit = "helpdesk.ticket"

    def _cc_hand_over(self, department, why, user=None):
        """Give open tickets to a department or a person, with a line in their history. As superuser."""
        for ticket in self.with_context(cc_move=True):
            target = ticket._cc_fallback(department)
            before = ticket._cc_people()
            ticket._cc_write({"cc_rev": ticket.cc_rev + 1})
            someone = user or self.env["res.users"]
            ticket.cc_turn_id.write(
                {
                    "user_id": someone.id,
                    "department_id": ((someone and someone._cc_home_department()) or target).id,
                    "accepted_at": False,
                }
            )
            ticket._cc_write(
                {
                    "user_id": someone.id,
                    "cc_department_id": ticket.cc_turn_id.department_id.id,
                }
            )
            if ticket.cc_state == "progress":
                ticket._cc_set_state("open")
            move = ticket._cc_log(
                "handover", text=plaintext2html(why), to_user=user, department=target
            )
            ticket._cc_after_move(move)
            people = ticket._cc_people()
            ticket._cc_tell(
                user or target._cc_leader_users(),
                _lt("Ticket %(number)s: %(why)s", number=ticket.number, why=why),
            )
            ticket._cc_ring(before | people)

    def _cc_person_left(self, users):
        """Nobody's list is a list that nobody reads: what these people had goes to their departments."""
        tickets = self.search([("cc_state", "in", LIVE), ("user_id", "in", users.ids)])
        for ticket in tickets:
            ticket._cc_hand_over(
                ticket.cc_department_id or ticket.user_id._cc_home_department(),
                self.env._("%(name)s has left.", name=ticket.user_id.name),
            )
        self._cc_tell_template_owners([("handler_user_id", "in", users.ids)])

    def _cc_department_left(self, departments):
        """What was with departments that are no more goes to those above them."""
        tickets = self.search(
            [("cc_state", "in", LIVE), ("cc_department_id", "in", departments.ids)]
        )
        for ticket in tickets:
            ticket._cc_hand_over(
                ticket.cc_department_id.parent_id,
                self.env._(
                    "Department %(name)s no longer exists.", name=ticket.cc_department_id.name
                ),
                user=ticket.user_id.filtered("active") or None,
            )
        self._cc_tell_template_owners([("handler_department_id", "in", departments.ids)])

    def _cc_tell_template_owners(self, domain):
        steps = self.env["cc.ticket.step"].search(
            [*domain, ("version_id.state", "in", ("draft", "published"))]
        )
        for template in steps.version_id.template_id:
            owner = template.owner_id.filtered("active")
            names = ", ".join((steps & template.version_ids.step_ids).mapped("name"))
            if owner:
                text = self.env._(
                    "Template “%(name)s”: the handlers of these steps no longer exist: %(steps)s",
                    name=template.name,
                    steps=names,
                )
                owner._bus_send(
                    "cc_ticket/notice", {"ticket_id": False, "text": text, "sticky": True}
                )
                self.env["mail.thread"].message_notify(
                    partner_ids=owner.partner_id.ids,
                    subject=template.name,
                    body=text,
                    model="cc.ticket.template",
                    res_id=template.id,
                )
