# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

# keys that the gateway's dictionaries carry between here and the ticket
AUTOMATIC = "cc_automatic"
STRAY = "cc_stray"
IDS = ("message-id", "in-reply-to", "references")


def is_automatic(message):
    """:return: whether a machine wrote this email.message.EmailMessage (RFC 3834, and what is usual)"""
    submitted = (message.get("Auto-Submitted") or "no").strip().lower()
    return (
        not submitted.startswith("no")
        or (message.get("Precedence") or "").strip().lower() in ("auto_reply", "bulk", "junk")
        or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond"))
    )


class MailThread(models.AbstractModel):
    """What comes by e-mail for a ticket that walks a flow: by whom, and whether a person wrote it."""

    _inherit = "mail.thread"

    @api.model
    @api.private
    def message_parse(self, message, save_original=False):
        """An empty id (``<>``) is none: Python's parser fails at it, and it would be equal to any other."""
        for name, value in list(message.raw_items()):
            if name.lower() in IDS and not value.strip(" \t\r\n<>"):
                del message[name]
        return super().message_parse(message, save_original=save_original)

    @api.model
    @api.private
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """A mail joins a ticket only where somebody of that ticket sent it; others begin one of their own."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        tickets = self.env["helpdesk.ticket"]
        checked = []
        for route in routes or ():
            name, thread, _values, user, alias = route
            # sudo: helpdesk.ticket - whose ticket it is, whoever the gateway acts as
            ticket_sudo = tickets.sudo().browse(thread if name == tickets._name else ()).exists()
            if ticket_sudo.cc_template_id:
                if not ticket_sudo._cc_knows_sender(message_dict.get("email_from")):
                    checked.append((name, False, {STRAY: ticket_sudo.id}, user, alias))
                    continue
                message_dict[AUTOMATIC] = is_automatic(message)
            checked.append(route)
        return checked
