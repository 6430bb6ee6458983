# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import plaintext2html
from odoo.tools.translate import LazyGettext, LazyTranslate

from .helpdesk_ticket import LIVE

_lt = LazyTranslate(__name__)


class HelpdeskTicketTelling(models.Model):
    """Who hears of what happens to a ticket."""

    _inherit = "helpdesk.ticket"

    def _cc_people(self):
        """:return: users whose to-do list this ticket is in now"""
        if self.cc_state not in LIVE:
            return self.env["res.users"]
        if self.user_id:
            return self.user_id
        users = self.cc_department_id._cc_member_users() if self.cc_department_id else self.user_id
        if self.cc_department_id and not users:
            users = self.cc_department_id._cc_leader_users()
        return users | self.cc_group_id.all_user_ids.filtered("active")

    def _cc_ring(self, users):
        """The count of to-dos of these people changes: their bars ask anew."""
        for user in users.filtered("active"):
            user._bus_send("cc_ticket/todo", {"ticket_id": self.id, "rev": self.cc_rev})

    def _cc_tell(self, users, text, sticky=False):
        """A notice on these people's screens, kept in their inbox.

        :param text: a lazy translation (``_lt``): each reads it in their language; or a str
        """
        for lang, group in users.filtered("active").grouped("lang").items():
            ticket = self.with_context(lang=lang, mail_notify_author=False)
            words = ticket.env._(text) if isinstance(text, LazyGettext) else text
            # above the notice stands what it does not say itself
            title = " - ".join(
                part for part in (self.number, self.name) if part and part not in words
            )
            for user in group:
                user._bus_send(
                    "cc_ticket/notice",
                    {"ticket_id": self.id, "title": title, "text": words, "sticky": sticky},
                )
            ticket.message_notify(
                partner_ids=group.partner_id.ids,
                subject=self.display_name,
                body=words,
                author_id=self.env.user.partner_id.id,
            )

    def _cc_tell_owner(self, text):
        """Who owns the template learns that it no longer fits."""
        template = self.cc_template_id
        owner = template.owner_id.filtered("active")
        self._cc_log("note", text=plaintext2html(text))
        self._cc_tell(
            owner,
            _lt("Template “%(name)s”: %(text)s", name=template.name, text=text),
        )
