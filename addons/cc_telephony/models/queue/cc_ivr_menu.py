# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.names import is_pbx_name


class CcIvrMenu(models.Model):
    """A voice menu of the PBX, as a place to which calls can be sent.

    What it says and where its keys lead is the PBX's own dialplan so far.
    """

    _name = "cc.ivr.menu"
    _description = "Voice menu"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "name, id"
    # as a place where routes and queues send calls
    _bell_fields = {"code", "active", "pbx_id"}

    name = fields.Char(required=True, translate=True)
    code = fields.Char("Name on the PBX", required=True, help="2 to 40 letters, digits, - and _.")
    active = fields.Boolean(default=True)
    pbx_id = fields.Many2one(ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)

    _code_unique = models.UniqueIndex(
        "(pbx_id, code)", "This PBX already has a menu with this name."
    )

    @api.constrains("code")
    def _check_code(self):
        for menu in self:
            if not is_pbx_name(menu.code):
                raise ValidationError(
                    self.env._(
                        "The PBX name of a voice menu needs 2 to 40 letters, digits, - or _, starting "
                        "with a letter or digit. “general” is reserved."
                    )
                )
