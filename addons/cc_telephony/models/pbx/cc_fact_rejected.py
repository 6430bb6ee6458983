# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo import api, fields, models

from ...ingest.apply import retry_rejected
from ...utils.fields import BigInteger


class CcFactRejected(models.Model):
    """A fact that could not be applied, set aside so that it neither blocks nor loses the rest."""

    _name = "cc.fact.rejected"
    _description = "Rejected fact"
    _order = "id desc"
    _rec_name = "kind"

    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pbx_id.company_id")
    epoch = fields.Integer(aggregator=None)
    seq = BigInteger("Sequence number")
    kind = fields.Char()
    call_uid = fields.Char("Call identifier")
    happened_at = fields.Datetime("Occurred at")
    fact = fields.Json("Fact (JSON)", required=True)
    fact_text = fields.Text("Fact", compute="_compute_fact_text")
    error = fields.Text(required=True)
    state = fields.Selection(
        [("open", "To do"), ("applied", "Applied later"), ("dismissed", "Dismissed")],
        required=True,
        default="open",
        index=True,
    )

    @api.depends("fact")
    def _compute_fact_text(self):
        for row in self:
            row.fact_text = json.dumps(row.fact, indent=1, ensure_ascii=False)

    def action_retry(self):
        """Apply the facts again; what fails again keeps its newest error."""
        self.check_access("write")
        for row in self.filtered(lambda row: row.state == "open").sorted("seq"):
            # sudo: cc.fact.rejected - the ingest alone may write calls; the right to retry was checked
            retry_rejected(row.sudo())
        return True

    def action_dismiss(self):
        self.write({"state": "dismissed"})
        return True
