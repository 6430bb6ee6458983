# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from urllib.parse import urlsplit

from odoo import api, fields, models


class CcExtensionSetup(models.TransientModel):
    """What is typed into a desk phone, or read by its camera: shown once, when the password is made.

    Only who has made it sees it; Odoo clears it away like any wizard.
    """

    _name = "cc.extension.setup"
    _description = "Set up a phone"

    extension_id = fields.Many2one("cc.extension", required=True, readonly=True, ondelete="cascade")
    text = fields.Text("Settings", readonly=True, groups="cc_telephony.group_admin")
    # no file: it goes with its row
    qr_code = fields.Image(
        "QR code", readonly=True, attachment=False, groups="cc_telephony.group_admin"
    )

    @api.model
    def _for(self, extension):
        """The dialog for an extension, with the password that it has now."""
        secret = extension.secret
        server = extension.pbx_id.sip_server or self._odoos_host()
        lines = (
            self.env._("Server: %(server)s", server=server),
            self.env._("User name: %(name)s", name=extension.code),
            self.env._("Password: %(password)s", password=secret),
        )
        uri = f"sip:{extension.code}:{secret}@{server}"
        image = self.env["ir.actions.report"].barcode("QR", uri, width=240, height=240)
        return self.create(
            {
                "extension_id": extension.id,
                "text": "\n".join(lines),
                "qr_code": base64.b64encode(image),
            }
        )

    def _odoos_host(self):
        # sudo: ir.config_parameter - Odoo's public address
        url = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return urlsplit(url).hostname or "localhost"
