# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """A recording's audio is nobody's attachment: it would pass the listening log."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        forbidden = result[0] if result else self.browse()
        # sudo: ir.attachment - only to see what each belongs to
        audio_sudo = (
            (self - forbidden)
            .sudo()
            .filtered(
                lambda attachment: attachment.res_model == "cc.recording" and attachment.res_field
            )
        )
        if not audio_sudo:
            return result

        def error():
            return AccessError(self.env._("Recordings are listened to in their player only."))

        return forbidden | self.browse(audio_sudo.ids), error
