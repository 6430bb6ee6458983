# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_digits
from odoo.exceptions import ValidationError


class CcCampaignLine(models.Model):
    """A line that a campaign may use, in order of preference, and how hard."""

    _name = "cc.campaign.line"
    _description = "Line of a campaign"
    _order = "sequence, id"

    campaign_id = fields.Many2one("cc.campaign", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    trunk_id = fields.Many2one("cc.trunk", "Line", required=True, index=True, ondelete="restrict")
    max_calls = fields.Integer("Calls at once", required=True, default=30)
    per_s = fields.Integer("Calls per second", required=True, default=5)
    caller_id = fields.Char(related="trunk_id.caller_id", string="Number shown")

    _line_unique = models.UniqueIndex(
        "(campaign_id, trunk_id)", "The campaign already has this line."
    )
    _values_valid = models.Constraint(
        "CHECK (max_calls BETWEEN 1 AND 1000 AND per_s BETWEEN 1 AND 100)",
        "A line can take 1 to 1000 concurrent calls and 1 to 100 calls per second.",
    )

    @api.depends("trunk_id.name")
    def _compute_display_name(self):
        for line in self:
            # sudo: cc.trunk - its name is no secret of the line's
            line.display_name = line.trunk_id.sudo().name

    @api.constrains("trunk_id", "campaign_id")
    def _check_pbx(self):
        for line in self:
            if line.trunk_id.pbx_id != line.campaign_id.pbx_id:
                raise ValidationError(
                    self.env._(
                        "The line “%(line)s” belongs to another PBX than the campaign.",
                        line=line.trunk_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # before the table is asked, which would tell what others have in it
        parents = self.env["cc.campaign"].browse(
            {vals.get("campaign_id") for vals in vals_list} - {None}
        )
        parents.check_access("write")
        lines = super().create(vals_list)
        lines.campaign_id._touch()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.campaign_id._touch()
        return result

    def unlink(self):
        campaigns = self.campaign_id
        result = super().unlink()
        campaigns._touch()
        return result

    def _to_bridge(self):
        self.ensure_one()
        return {
            "line": self.trunk_id.code,
            "max": self.max_calls,
            "per_s": self.per_s,
            "caller_id": phone_digits(self.trunk_id.caller_number_id.key) or None,
        }
