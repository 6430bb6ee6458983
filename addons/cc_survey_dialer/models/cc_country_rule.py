# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..utils.abandonment import FORMULAS

DAYS = ("weekday", "saturday", "sunday")


class CcCountryRule(models.Model):
    """What a country's law and codes of practice allow when its numbers are called or texted.

    No legal advice: the values come with their sources and are settings.
    """

    _name = "cc.country.rule"
    _description = "Dialling rule of a country"
    _order = "country_id"
    _rec_name = "country_id"

    country_id = fields.Many2one("res.country", required=True, ondelete="restrict")
    active = fields.Boolean(default=True)
    abandon_limit = fields.Float(
        "Abandonment limit (%)",
        digits=(5, 2),
        default=3.0,
        help="Abandoned calls as a share of those answered by a person.",
    )
    abandon_days = fields.Integer("Measured over (days)", default=1, required=True)
    abandon_formula = fields.Selection(
        lambda self: [(key, self.env._(label)) for key, label in FORMULAS.items()],
        "Counted by",
        required=True,
        default="plain",
    )
    amd_wrong = fields.Float(
        "Persons taken for machines (%)",
        digits=(5, 2),
        help="Of the machines that detection finds, as your own tests of it have shown. Counted as"
        " abandoned where the formula says so.",
    )
    connect_s = fields.Float(
        "Connect within (s)",
        default=2.0,
        help="A person who is not connected within this time hears the message: an abandoned call.",
    )
    ring_s = fields.Integer("Ring at least (s)", default=15, required=True)
    redial_ban_h = fields.Integer(
        "No redial after an abandoned call (h)",
        default=72,
        help="Within this time the number is only dialled when an agent is free for sure.",
    )
    machine_ban = fields.Boolean(
        "No redial after a machine the same day",
        help="A number that answering-machine detection took for a machine is not dialled automatically"
        " again on that day.",
    )
    per_day = fields.Integer("Attempts in 24 hours", help="0: no limit.")
    per_week = fields.Integer("Attempts in 7 days", help="0: no limit.")
    per_campaign = fields.Integer("Attempts in a campaign", help="0: no limit.")
    weekday_from = fields.Float("Monday to Friday from", default=8.0)
    weekday_to = fields.Float("Monday to Friday to", default=20.0)
    saturday_from = fields.Float("Saturday from", default=8.0)
    saturday_to = fields.Float("Saturday to", default=20.0)
    sunday_from = fields.Float("Sunday from")
    sunday_to = fields.Float("Sunday to")
    sms_from = fields.Float("Commercial SMS from", default=8.0)
    sms_to = fields.Float("Commercial SMS to", default=21.0)
    source = fields.Text("Sources", help="Law, code or guidance that the values come from.")

    _country_unique = models.UniqueIndex("(country_id)", "This country already has a rule.")
    _values_valid = models.Constraint(
        "CHECK (abandon_limit BETWEEN 0 AND 100 AND amd_wrong BETWEEN 0 AND 100 AND abandon_days BETWEEN 1 AND 366"
        " AND connect_s BETWEEN 0 AND 60 AND ring_s BETWEEN 5 AND 120 AND redial_ban_h BETWEEN 0 AND 8760"
        " AND per_day >= 0 AND per_week >= 0 AND per_campaign >= 0)",
        "A value of this rule is out of range.",
    )

    @api.constrains(*(f"{day}_{end}" for day in (*DAYS, "sms") for end in ("from", "to")))
    def _check_hours(self):
        for rule in self:
            for day in (*DAYS, "sms"):
                if not 0 <= rule[f"{day}_from"] <= rule[f"{day}_to"] <= 24:
                    raise ValidationError(
                        self.env._("Hours must be between 0:00 and 24:00 and end after they begin.")
                    )

    def _week(self):
        """Windows of a week, Monday first, as `utils.window` takes them."""
        self.ensure_one()
        spans = []
        for day, count in zip(DAYS, (5, 1, 1), strict=True):
            begin, end = (round(self[f"{day}_{side}"] * 60) for side in ("from", "to"))
            spans += [[(begin, end)] if end > begin else []] * count
        return spans

    @api.model
    def _by_code(self):
        """`{ISO code: cc.country.rule}` of all countries that have a rule."""
        # sudo: cc.country.rule - the law holds for everybody who dials
        rules_sudo = self.sudo().search([("active", "=", True)])
        return {rule.country_id.code: rule for rule in rules_sudo}
