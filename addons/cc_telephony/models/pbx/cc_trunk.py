# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.names import is_pbx_name
from ...utils.phone import phone_digits


class CcTrunk(models.Model):
    """A line of the PBX to the outside, and the number that called parties see."""

    _name = "cc.trunk"
    _description = "Trunk"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    code = fields.Char("Name on the PBX", required=True, help="The PJSIP endpoint of the line.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    caller_number_id = fields.Many2one("cc.phone.number", "Displayed number", ondelete="restrict")
    caller_id = fields.Char(
        "Caller number",
        compute="_compute_caller_id",
        inverse="_inverse_caller_id",
        help="Number shown to called parties, in any format. Leave empty to use the line's own number.",
    )

    _code_unique = models.UniqueIndex("(pbx_id, code)", "This PBX already has this trunk.")

    @api.depends("caller_number_id.display")
    def _compute_caller_id(self):
        for trunk in self:
            trunk.caller_id = trunk.caller_number_id.display

    def _inverse_caller_id(self):
        links = self.env["cc.phone.link"]
        for trunk in self:
            if not trunk.caller_id:
                trunk.caller_number_id = False
            elif trunk.caller_id != trunk.caller_number_id.display:
                country = trunk.pbx_id._country_code()
                trunk.caller_number_id = links._number_of(trunk.caller_id, country)
        # shown from now on as it was understood
        self.invalidate_recordset(["caller_id"], flush=False)

    @api.constrains("code")
    def _check_code(self):
        for trunk in self:
            if not is_pbx_name(trunk.code):
                raise ValidationError(
                    self.env._(
                        "A trunk name needs 2 to 40 letters, digits, - or _, starting with a letter or digit."
                    )
                )

    def _caller_digits(self):
        """What the PBX is given to show, or None."""
        return phone_digits(self.caller_number_id.key) or None
