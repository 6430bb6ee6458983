# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class IrAttachment(models.Model):
    """A recording's audio is nobody's attachment: it would pass the listening log."""

    _inherit = "ir.attachment"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """What is searched and read at once passes no check of its own."""
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & Domain("res_model", "!=", "cc.recording")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

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
            return AccessError(self.env._("Recordings can only be played in the recording player."))

        return forbidden | self.browse(audio_sudo.ids), error
