# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.names import is_extension


class CcExtension(models.Model):
    """A SIP endpoint on the PBX: a desk phone, or the browser phone of an agent.

    An agent's browser endpoint is `w<number>` and comes and goes with the agent.
    """

    _name = "cc.extension"
    _description = "Extension"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "code, id"
    _rec_name = "code"

    code = fields.Char("Extension", required=True)
    name = fields.Char("Display name", required=True)
    kind = fields.Selection(
        [("desk", "Desk phone"), ("browser", "Browser phone")], required=True, default="desk"
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    agent_id = fields.Many2one(
        "cc.agent",
        index="btree_not_null",
        ondelete="cascade",
        help="Leave empty to let any agent sign in with this phone.",
    )
    secret = fields.Char(
        "Password",
        required=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="cc_telephony.group_admin",
        help="Password with which the phone registers with the PBX.",
    )
    active = fields.Boolean(default=True)
    registered = fields.Selection(
        [("yes", "Registered"), ("no", "Not registered")],
        compute="_compute_registered",
        help="Whether the PBX reaches the phone. Empty if unknown.",
    )

    _code_unique = models.UniqueIndex("(pbx_id, code)", "This PBX already has this extension.")

    def _compute_registered(self):
        # sudo: cc.extension.live - whoever may see the phone may see whether it is there
        lives_sudo = self.env["cc.extension.live"].sudo()
        found = lives_sudo.search([("extension_id", "in", self.ids)])
        there = {row.extension_id: "yes" if row.there else "no" for row in found}
        for extension in self:
            extension.registered = there.get(extension.sudo(), False)

    @api.constrains("code", "secret", "name")
    def _check_written_to_pbx(self):
        """Nothing that could change the meaning of the PBX's configuration."""
        for extension in self:
            if not is_extension(extension.code):
                raise ValidationError(
                    self.env._(
                        "An extension can have up to 32 letters, digits and _, starting with a letter "
                        "or digit."
                    )
                )
            # sudo: cc.extension - the secret is looked at, not shown
            if not re.fullmatch(r"[A-Za-z0-9_-]{12,64}", extension.sudo().secret):
                raise ValidationError(
                    self.env._("The password must have 12 to 64 letters, digits, - or _.")
                )

    def action_new_password(self):
        """Give the phone a new password and show it, with all that is to be entered into the phone, once."""
        self.ensure_one()
        self.secret = secrets.token_urlsafe(24)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set up phone %(extension)s", extension=self.code),
            "res_model": "cc.extension.setup",
            "res_id": self.env["cc.extension.setup"]._for(self).id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _label(self):
        """What a person reads where phones are to choose from: number and name, each once."""
        self.ensure_one()
        return self.name if self.code in self.name.split() else f"{self.code} {self.name}"
