# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How this company counts what every contact centre counts differently."""

    _inherit = "res.company"

    cc_service_level = fields.Selection(
        [
            ("against", "Abandoned calls count against"),
            ("ignored", "Abandoned calls within the time are left out"),
            ("favour", "Abandoned calls within the time count in favour"),
        ],
        "Service level",
        default="against",
        required=True,
    )
    cc_short_abandon_s = fields.Integer(
        "Short abandonment (s)",
        default=5,
        required=True,
        help="Callers who hang up within this time are left out of the abandonment rate of long"
        " waits. A change counts for calls from then on.",
    )
    _cc_short_abandon_valid = models.Constraint(
        "CHECK (cc_short_abandon_s BETWEEN 0 AND 3600)",
        "A short abandonment is 0 to 3600 seconds.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "cc_short_abandon_s" in vals:
            self.env.registry.clear_cache()  # the ingest keeps it: cc.pbx._lookup
        return result
