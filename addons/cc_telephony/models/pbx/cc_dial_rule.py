# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...utils.dialling import MOST_PREPENDED, PREFIX, PREPEND


class CcDialRule(models.Model):
    """How numbers of one kind are dialled: what is taken away, what is put in front, which line.

    The rule with the longest beginning that fits a number counts; see `utils/dialling.py`.
    """

    _name = "cc.dial.rule"
    _description = "Dialling rule"
    _inherit = ["cc.bell.mixin", "cc.pbx.part.mixin"]
    _order = "pbx_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    pbx_id = fields.Many2one(ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    prefix = fields.Char(
        help="First digits of the international number without the plus, e.g. 8621. The "
        "longest match applies. Leave empty to match every number.",
    )
    strip = fields.Integer("Remove digits", help="Number of digits to remove from the start.")
    prepend = fields.Char("Add prefix", help="Digits, * and #: external line, leading 0 …")
    trunk_id = fields.Many2one(
        "cc.trunk",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('pbx_id', '=', pbx_id)]",
        help="Leave empty to use the PBX's default trunk.",
    )

    @api.constrains("prefix", "prepend", "strip")
    def _check_pieces(self):
        """What the bridge takes, and nothing else."""
        for rule in self:
            prefix, prepend = rule.prefix or "", rule.prepend or ""
            if not PREFIX.fullmatch(prefix):
                raise ValidationError(self.env._("Enter up to 15 digits without a plus sign."))
            if not PREPEND.fullmatch(prepend) or len(prepend) > MOST_PREPENDED:
                raise ValidationError(
                    self.env._(
                        "Use up to %(most)s digits, * and #, with at least one digit.",
                        most=MOST_PREPENDED,
                    )
                )
            if not 0 <= rule.strip <= len(prefix):
                raise ValidationError(
                    self.env._("You cannot remove more digits than the prefix has.")
                )

    @api.constrains("trunk_id", "pbx_id")
    def _check_trunk(self):
        for rule in self:
            if rule.trunk_id and rule.trunk_id.pbx_id != rule.pbx_id:
                raise ValidationError(
                    self.env._("Trunk %(trunk)s belongs to another PBX.", trunk=rule.trunk_id.name)
                )

    def _to_bridge(self):
        """The rules as the intent has them, in order."""
        return [
            {
                "prefix": rule.prefix or "",
                "strip": rule.strip,
                "prepend": rule.prepend or "",
                "trunk": rule.trunk_id.code or None,
                "caller_id": rule.trunk_id._caller_digits(),
            }
            for rule in self
        ]
