# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import api, models
from odoo.tools import email_normalize

_logger = logging.getLogger(__name__)

# keys that the gateway's dictionaries carry between here and the ticket
AUTOMATIC = "cc_automatic"
STRAY = "cc_stray"
IDS = ("message-id", "in-reply-to", "references")


def is_automatic(message):
    """:return: whether a machine wrote this email.message.EmailMessage (RFC 3834, and what is usual)"""
    precedence = (message.get("Precedence") or "").strip().lower()
    return (
        is_autoreply(message)
        or not _submitted(message).startswith("no")
        or precedence in ("bulk", "junk", "list")
    )


def is_autoreply(message):
    """:return: whether this email.message.EmailMessage answers another by itself: away, received, full"""
    names = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From")
    return (
        _submitted(message).startswith("auto-replied")
        or (message.get("Precedence") or "").strip().lower() == "auto_reply"
        or any(message.get(name) for name in names)
        # an empty sender of the envelope: nobody is to answer it (RFC 5321)
        or (message.get("Return-Path") or "").strip() == "<>"
    )


def _submitted(message):
    return (message.get("Auto-Submitted") or "no").strip().lower()


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
        """A mail joins a ticket only where somebody of that ticket sent it; others begin one of their own.

        What an autoresponder writes begins none, nor does anything that comes from an address of ours: with a
        ticket that answers by itself either would go on for ever.
        """
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        tickets = self.env["helpdesk.ticket"]
        own = any(route[0] == tickets._name for route in routes or ()) and self._cc_is_own_address(
            message_dict.get("email_from")
        )
        checked = []
        for route in routes or ():
            name, thread, _values, user, alias = route
            if name == tickets._name and (own or (not thread and is_autoreply(message))):
                self._cc_left_aside(message_dict)
                continue
            # sudo: helpdesk.ticket - whose ticket it is, whoever the gateway acts as
            ticket_sudo = tickets.sudo().browse(thread if name == tickets._name else ()).exists()
            if ticket_sudo.cc_template_id:
                if not ticket_sudo._cc_knows_sender(message_dict.get("email_from")):
                    if is_automatic(message):
                        self._cc_left_aside(message_dict)
                        continue
                    checked.append((name, 0, {STRAY: ticket_sudo.id}, user, alias))
                    continue
                message_dict[AUTOMATIC] = is_automatic(message)
            if name == tickets._name and not thread:
                # what Odoo counts a sender's new records by
                route = (name, 0, *route[2:])
            checked.append(route)
        return checked

    @api.model
    def _cc_left_aside(self, message_dict):
        _logger.info(
            "Ignored mail from %s with Message-Id %s: a machine wrote it, it begins no ticket",
            message_dict.get("email_from"),
            message_dict.get("message_id"),
        )

    @api.model
    def _cc_is_own_address(self, email_from):
        """:return: whether this is an address at which mail arrives here, or by which it leaves"""
        address = email_normalize(email_from)
        if not address:
            return False
        # sudo: mail.alias.domain, mail.alias - addresses are compared, not shown
        domains_sudo = self.env["mail.alias.domain"].sudo()
        domains_sudo = domains_sudo.search([])  # pylint: disable=no-search-all
        names = ("bounce_email", "catchall_email", "default_from_email")
        ours = {email for name in names for email in domains_sudo.mapped(name) if email}
        return (
            address in ours
            or self.env["mail.alias"].sudo().search_count([("alias_full_name", "=", address)]) > 0
        )
