# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class HelpdeskTicketReply(models.Model):
    """The answer to the customer from the ticket: by phone, SMS or e-mail. TIC-12"""

    _inherit = "helpdesk.ticket"

    def action_cc_email(self):
        """Write an e-mail to the customer; their answer comes back to this ticket."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer by e-mail"),
            "res_model": "mail.compose.message",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
                "default_subject": f"{self.number} {self.name}",
                "default_email_layout_xmlid": "mail.mail_notification_light",
            },
        }

    def action_cc_sms(self):
        """Write an SMS to the customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer by SMS"),
            "res_model": "sms.composer",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_res_model": self._name,
                "default_res_id": self.id,
            },
        }

    def _cc_customer_files(self):
        """:return: the files that the customer's page shows"""
        # sudo: ir.attachment, mail.message - which of them were sent
        return self.attachment_ids - self.attachment_ids.sudo()._cc_kept_inside()

    def _message_post_after_hook(self, message, msg_vals):
        """What goes out to the customer stands in the handling history, too."""
        result = super()._message_post_after_hook(message, msg_vals)
        if (
            len(self) == 1
            and self.cc_template_id
            and self.cc_state != "draft"
            and message.message_type in ("comment", "sms", "email_outgoing")
            and not message.is_internal
            and self.partner_id
            and (message.message_type == "sms" or self.partner_id in message.partner_ids)
        ):
            # sudo: cc.ticket.move - written by the system beside what the user may post
            self.sudo()._cc_log("answer", text=message.body)
        return result
