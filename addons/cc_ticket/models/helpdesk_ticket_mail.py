# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import email_normalize, html_sanitize, plaintext2html
from odoo.tools.translate import LazyTranslate

from .helpdesk_ticket import LIVE
from .mail_thread import AUTOMATIC, STRAY

_lt = LazyTranslate(__name__)


class HelpdeskTicketMail(models.Model):
    """What a customer's e-mail does to a ticket that walks a flow, or walked one."""

    _inherit = "helpdesk.ticket"

    @api.private
    def message_update(self, msg, update_vals=None):
        """An answer lets a waiting ticket go on; one to a closed ticket has a reader, too.

        The mail gateway passes over a message that it knows already (by its id).
        """
        automatic = msg.pop(AUTOMATIC, False)
        result = super().message_update(msg, update_vals=update_vals)
        for ticket in self.filtered("cc_template_id"):
            # sudo: helpdesk.ticket - the customer's mail moves the ticket, whoever the gateway acts as
            ticket.sudo().with_context(cc_move=True)._cc_answered(msg, automatic)
        return result

    @api.model
    @api.private
    def message_new(self, msg_dict, custom_values=None):
        """A mail that quotes a ticket of somebody else begins one of its own in the same flow; so does one to an
        alias whose defaults name a template (``{'cc_template_id': …}``).
        """
        msg_dict.pop(AUTOMATIC, None)
        custom_values = dict(custom_values or {})
        # sudo: helpdesk.ticket - the template of the ticket that is quoted, whoever the gateway acts as
        quoted_sudo = self.sudo().browse(custom_values.pop(STRAY, ()))
        template = self.env["cc.ticket.template"].browse(custom_values.get("cc_template_id") or ())
        template_sudo = quoted_sudo.cc_template_id or template.sudo()
        if not template_sudo:
            return super().message_new(msg_dict, custom_values)
        subject = msg_dict.get("subject") or self.env._("E-mail without a subject")
        partner = self.env["res.partner"].browse(msg_dict.get("author_id") or ())
        values = {
            "cc_template_id": template_sudo.id,
            "company_id": quoted_sudo.company_id.id,
            "name": subject,
            "description": html_sanitize(msg_dict.get("body") or "") or "<p></p>",
            "partner_id": partner.id,
            "partner_name": partner.name,
            "partner_email": msg_dict.get("email_from"),
            **custom_values,
        }
        ticket_sudo = self.sudo().create(values).with_context(cc_move=True)
        # whoever answers such a customer: as with the ticket that they quote, else the template's owner
        owner = quoted_sudo.cc_creator_id or template_sudo.owner_id
        department = (
            quoted_sudo.cc_home_department_id
            or template_sudo.department_id
            or owner._cc_home_department()
        )
        ticket_sudo._cc_write({"cc_creator_id": owner.id, "cc_home_department_id": department.id})
        ticket_sudo._cc_do("start", {"text": ""})
        if quoted_sudo:
            text = self.env._(
                "This e-mail answers ticket %(number)s, but its sender is nobody of that "
                "customer's. Look whether it belongs there.",
                number=quoted_sudo.number,
            )
            ticket_sudo._cc_log("note", text=plaintext2html(text))
        return ticket_sudo.with_env(self.env)

    def _cc_knows_sender(self, email_from):
        """:return: whether a mail from this address may join the ticket: its customer, people of the same
        company, whoever was written to from it, or a colleague"""
        self.ensure_one()
        address = email_normalize(email_from)
        if not address:
            return False
        # sudo: res.partner, mail.message - addresses are compared, not shown
        ticket_sudo = self.sudo()
        known = {
            email_normalize(ticket_sudo.partner_email or ""),
            ticket_sudo.partner_id.email_normalized,
        }
        people_sudo = self.env["res.partner"].sudo().search([("email_normalized", "=", address)])
        company = ticket_sudo.commercial_partner_id
        return (
            address in known
            or any(company and one.commercial_partner_id == company for one in people_sudo)
            or any(user._is_internal() for user in people_sudo.user_ids)
            or bool(people_sudo & ticket_sudo.message_ids.partner_ids)
        )

    def _cc_answered(self, msg, automatic=False):
        """
        :param msg: the parsed mail
        :param automatic: written by a machine (absent, received …): kept, and nothing else
        """
        self.ensure_one()
        text = html_sanitize(msg.get("body") or "") or plaintext2html(msg.get("subject") or "")
        colleague = self._cc_colleague(msg)
        following = self._cc_follows()
        if automatic:
            self._cc_log("note", text=self.env._("Automatic answer:") + " " + text)
        elif colleague:
            # no customer's word: it reopens nothing and ends no waiting
            self.with_user(colleague).sudo()._cc_log("add", text=text)
            self._cc_ring(self._cc_people())
        elif following:
            self._cc_log("reply", text=text + plaintext2html(following.number))
            following._cc_answered(msg)
        elif self.cc_state in LIVE:
            self._cc_log("reply", text=text)
            if self.cc_waiting:
                self._cc_do_resume({})
                self._cc_write({"cc_rev": self.cc_rev + 1})
            people = self._cc_people()
            self._cc_tell(people, _lt("The customer answered ticket %(n)s.", n=self.number))
            self._cc_ring(people)
        elif self.cc_state == "closed":
            move = self._cc_log("reply", text=text)
            if self.cc_template_id.closed_reply == "reopen":
                child = self._cc_reopen(text)
                move.text = text + plaintext2html(child.number)
                people = child._cc_people()
                child._cc_tell(
                    people,
                    _lt(
                        "The customer answered closed ticket %(number)s: %(new)s goes on with it.",
                        number=self.number,
                        new=child.number,
                    ),
                )
                child._cc_ring(people)
            else:
                self._cc_to_do_after_closing()

    def _cc_colleague(self, msg):
        """:return: the res.users who works here and wrote this mail, unless they are the ticket's customer"""
        author = self.env["res.partner"].browse(msg.get("author_id") or ())
        users = author.user_ids.filtered(lambda user: user.active and user._is_internal())
        if author.commercial_partner_id == self.commercial_partner_id:
            return users.browse()
        return users[:1]

    def _cc_follows(self):
        """:return: the running ticket that goes on with this closed one: what it was merged into, or what
        an earlier answer reopened"""
        if self.cc_state != "closed":
            return self.browse()
        merged = self.cc_move_ids.sorted("id")[-1:].kind == "merge" and self.cc_parent_id
        following = merged or self.cc_child_ids.sorted("id", reverse=True)
        return following.filtered(lambda ticket: ticket.cc_state in LIVE)[:1]

    def _message_receive_bounce(self, email, partner):
        """Whoever has the ticket learns that what was sent to the customer did not arrive."""
        result = super()._message_receive_bounce(email, partner)
        for ticket in self.filtered(lambda ticket: ticket.cc_state in LIVE):
            # sudo: helpdesk.ticket - the gateway writes it down, whoever it acts as
            ticket_sudo = ticket.sudo().with_context(cc_move=True)
            text = _lt("The e-mail to %(email)s could not be delivered.", email=email)
            ticket_sudo._cc_log("note", text=plaintext2html(self.env._(text)))
            ticket_sudo._cc_tell(ticket_sudo._cc_people(), text)
        return result

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Tickets begun by mail count against Odoo's limit of a sender; OCA's have no field that says so."""
        return [("partner_email", "ilike", email_from_normalized)]

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
