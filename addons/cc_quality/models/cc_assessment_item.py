# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

COMPUTED = [
    ("answer_timeliness", "Answer timeliness"),
    ("wrap_up_timeliness", "Wrap-up timeliness"),
    ("satisfaction", "Customer satisfaction"),
]


class CcAssessmentItem(models.Model):
    """What an assessment looks at: scored by hand, or computed from the figures."""

    _name = "cc.assessment.item"
    _description = "Assessment item"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    maximum = fields.Float("Maximum score", required=True, default=10.0, digits=(16, 2))
    weight = fields.Float(required=True, default=1.0, digits=(16, 3))
    computed = fields.Selection(COMPUTED, "Computed from", readonly=True)
    guidance = fields.Text(translate=True)

    _numbers_valid = models.Constraint(
        "CHECK (maximum > 0 AND weight > 0)", "Maximum and weight must be greater than 0."
    )
    _computed_unique = models.UniqueIndex("(computed) WHERE computed IS NOT NULL")

    @api.ondelete(at_uninstall=False)
    def _unlink_own(self):
        if any(item.computed for item in self):
            raise UserError(self.env._("Archive items that the system computes instead."))
