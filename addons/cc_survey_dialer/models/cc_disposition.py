# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CcDisposition(models.Model):
    """How the talk with a customer of a campaign came out, and what follows from it."""

    _name = "cc.disposition"
    _description = "Disposition"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    follow_up = fields.Selection(
        [
            ("done", "Done with this customer"),
            ("callback", "Call back at a time agreed"),
            ("retry", "Try again later"),
            ("do_not_call", "Never call again"),
            ("wrong_number", "Wrong number"),
        ],
        "Follow-up",
        required=True,
        default="done",
        help="What happens to the number in this campaign.",
    )
    success = fields.Boolean(help="Counts as a success of the campaign.")
    machine = fields.Boolean(
        "It was a machine", help="Counts as no person when abandoned calls are measured."
    )
    retry_min = fields.Integer("Try again after (min)", default=1440)
    note_required = fields.Boolean("Note required")
    stage_id = fields.Many2one(
        "crm.stage",
        "Lead stage",
        ondelete="set null",
        help="The customer's open lead goes to this stage.",
    )
    lost = fields.Boolean("Lead is lost", help="The customer's open lead is marked as lost.")

    @api.constrains("retry_min")
    def _check_retry(self):
        if any(row.follow_up == "retry" and row.retry_min < 1 for row in self):
            raise ValidationError(self.env._("Enter the minutes until the next attempt."))
