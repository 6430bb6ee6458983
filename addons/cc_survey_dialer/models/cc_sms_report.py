# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models


class CcSmsReport(models.Model):
    """A delivery report that came before its message's number was known; kept for a day."""

    _name = "cc.sms.report"
    _description = "Early delivery report"
    _order = "id"
    _rec_name = "ref"

    gateway_id = fields.Many2one("cc.sms.gateway", required=True, index=True, ondelete="cascade")
    ref = fields.Char(required=True)
    state = fields.Char(required=True)
    text = fields.Char()

    _by_ref = models.Index("(gateway_id, ref)")

    @api.model
    def _take(self, gateway, ref, state, text=""):
        """Apply a report, or keep it until its message is known."""
        messages = self.env["cc.sms.message"]
        found = messages.search([("gateway_id", "=", gateway.id), ("ref", "=", ref)])
        found |= messages.search([("gateway_id", "=", gateway.id), ("uuid", "=", ref)])
        if found:
            found._apply_report(state, text)
        else:
            self.create({"gateway_id": gateway.id, "ref": ref, "state": state, "text": text[:250]})
        return found

    @api.model
    def _catch_up(self, messages):
        """Apply what came before these messages had their number."""
        for message in messages.filtered("ref"):
            early = self.search(
                [("gateway_id", "=", message.gateway_id.id), ("ref", "=", message.ref)]
            )
            for report in early:
                message._apply_report(report.state, report.text or "")
            early.unlink()

    @api.autovacuum
    def _gc_old(self):
        self.search([("create_date", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
