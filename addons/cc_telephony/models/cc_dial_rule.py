# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..utils.dialling import PIECE


class CcDialRule(models.Model):
    """How numbers of one kind are dialled: what is taken away, what is put in front, which line.

    The first rule of the PBX whose beginning fits a number counts; see `utils/dialling.py`.
    """

    _name = "cc.dial.rule"
    _description = "Dialling rule"
    _inherit = ["cc.bell.mixin"]
    _order = "pbx_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    prefix = fields.Char(
        "Begins with",
        help="The beginning of the international number, e.g. +8621; of a service number its digits."
        " Empty: every number.",
    )
    strip = fields.Integer(
        "Take away", help="How many characters at the front, the plus counts as one."
    )
    prepend = fields.Char("Put in front", help="Digits, * and #: outside line, leading 0 …")
    trunk_id = fields.Many2one(
        "cc.trunk",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('pbx_id', '=', pbx_id)]",
        help="Empty: the PBX's own trunk.",
    )

    _strip_valid = models.Constraint(
        "CHECK (strip BETWEEN 0 AND 20)", "At most 20 characters can be taken away."
    )

    @api.constrains("prefix", "prepend")
    def _check_pieces(self):
        for rule in self:
            if not PIECE.fullmatch(rule.prefix or "") or not PIECE.fullmatch(rule.prepend or ""):
                raise ValidationError(
                    self.env._(
                        "A dialling rule has digits, * and # only, a + only in front, at most 20 of them."
                    )
                )

    @api.constrains("trunk_id", "pbx_id")
    def _check_trunk(self):
        for rule in self:
            if rule.trunk_id and rule.trunk_id.pbx_id != rule.pbx_id:
                raise ValidationError(
                    self.env._("The trunk %(trunk)s is another PBX's.", trunk=rule.trunk_id.name)
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
