# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError

# messages by which a file goes to the customer, or came from them
SENT = ("comment", "email", "email_outgoing", "sms")


class IrAttachment(models.Model):
    """A customer sees the files of their ticket that were sent to them, or that they sent; no others."""

    _inherit = "ir.attachment"

    def _cc_kept_inside(self):
        """:return: those of these files that hang on a ticket of a template and that no customer was sent: of
        notes, or put beside the ticket by a colleague. As superuser.
        """
        here = self.filtered(lambda file: file.res_model == "helpdesk.ticket" and file.res_id)
        tickets = self.env["helpdesk.ticket"].browse(here.mapped("res_id")).exists()
        flowing = set(tickets.filtered("cc_template_id").ids)
        inside = here.filtered(
            lambda file: file.res_id in flowing and not (file.create_uid.share or file.public)
        )
        if not inside:
            return inside
        sent = self.env["mail.message"].search(
            [
                ("attachment_ids", "in", inside.ids),
                ("message_type", "in", SENT),
                ("is_internal", "=", False),
                ("subtype_id", "!=", False),
                ("subtype_id.internal", "=", False),
            ]
        )
        return inside - sent.attachment_ids

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self.env.user.share:
            return result
        forbidden, error = result or (self.browse(), None)
        # sudo: ir.attachment, mail.message - what kind of message a file belongs to
        kept_sudo = (self - forbidden).sudo()._cc_kept_inside()
        if not kept_sudo:
            return result
        message = self.env._("This file is not for customers.")
        return forbidden | kept_sudo.sudo(False), error or (lambda: AccessError(message))

    def generate_access_token(self):
        """OCA's page of a ticket asks for a token of every file; one that is kept inside gets none."""
        kept_sudo = self.sudo()._cc_kept_inside()  # sudo: see above
        return [
            False if file in kept_sudo else super(IrAttachment, file).generate_access_token()[0]
            for file in self
        ]
