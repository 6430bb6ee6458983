# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.times import bucket_of, from_us
from odoo.exceptions import UserError


class CcAgent(models.Model):
    """Hears of agents' states; a command and a part of the snapshot of its own."""

    _inherit = "cc.agent"

    @api.model
    def _cc_state_handlers(self):
        return {**super()._cc_state_handlers(), "cc_probe_addon": "_cc_probe_states"}

    @api.model
    def _cc_probe_states(self, changes, batch):
        self.env["cc.probe.ping"].create(
            [
                {
                    "kind": "state",
                    "text": change.state,
                    "agent_id": change.agent_id,
                    "call_id": change.call_id,
                    "at": from_us(change.since),
                }
                for change in changes
            ]
        )
        # their figures of these quarters are to be counted anew
        marks = {(change.agent_id, bucket_of(from_us(change.since))) for change in changes}
        self.env["cc.stat.dirty"]._insert([(agent, None, at, at) for agent, at in marks])

    def _cc_snapshot_extra(self):
        pings = self.env["cc.probe.ping"].search_count([("agent_id", "=", self.id)])
        return {**super()._cc_snapshot_extra(), "cc_probe_addon": {"pings": pings}}

    def _prepare_command_probe(self, args, call_uid):
        """Has the bridge's plug-in say something; `text` goes into the fact that comes back."""
        if not isinstance(args.get("text"), str):
            raise UserError(self.env._("Say something."))
        return {"args": {"text": args["text"]}, "call_uid": call_uid}
