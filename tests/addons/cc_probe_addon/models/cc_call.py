# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# a caller's name with which the probe fails, before or after it wrote and told something
TROUBLE = "probe trouble"


class CcCall(models.Model):
    """Takes part in the moments of calls; a stat button and data on the card."""

    _inherit = "cc.call"

    probe_ping_ids = fields.One2many("cc.probe.ping", "call_id")
    probe_ping_count = fields.Integer(compute="_compute_probe_ping_count")

    @api.depends("probe_ping_ids")
    def _compute_probe_ping_count(self):
        for call in self:
            call.probe_ping_count = len(call.probe_ping_ids)

    @api.model
    def _cc_moment_handlers(self):
        return {**super()._cc_moment_handlers(), "cc_probe_addon": "_cc_probe_moments"}

    @api.model
    def _cc_probe_moments(self, moments, batch):
        for moment in moments:
            self.env["cc.probe.ping"].create(
                {
                    "kind": "moment",
                    "text": f"{moment.name} {moment.body['state']}",
                    "call_id": moment.call.id,
                    "call_state": moment.call.state,
                }
            )
            agent = moment.call.agent_id
            if moment.name == "answered" and agent:
                partner = agent.user_id.partner_id
                batch.tell_partner(partner.id, "cc_probe/answered", {"call": moment.call.id})
                # past the batch: what is rolled back has to be silent too
                agent.user_id._bus_send("cc_probe/straight", {"call": moment.call.id})
            if moment.name == "answered" and moment.body["from"]["name"] == TROUBLE:
                self.env.cr.execute("SELECT no_such_column FROM cc_call")

    @api.model
    def _cc_card_extra(self, call, agent):
        pings = len(call.probe_ping_ids)
        if call.caller_name == TROUBLE:
            self.env.cr.execute("SELECT no_such_column FROM cc_call")
        return {**super()._cc_card_extra(call, agent), "cc_probe_addon": {"pings": pings}}

    def action_probe_pings(self):
        """Open the pings of this call."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pings"),
            "res_model": "cc.probe.ping",
            "views": [[False, "list"]],
            "domain": [("call_id", "=", self.id)],
        }
