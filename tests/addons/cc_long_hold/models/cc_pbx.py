# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.ingest.errors import FactError
from odoo.addons.cc_telephony.ingest.kinds import FactKind
from odoo.addons.cc_telephony.utils.times import from_us


def check_hold(body):
    if (
        body.keys() != {"call_uid", "agent", "seconds"}
        or not isinstance(body["call_uid"], str)
        or not isinstance(body["agent"], str)
        or not isinstance(body["seconds"], int)
    ):
        raise FactError("A hold has a call_uid, an agent and seconds.")


class CcPbx(models.Model):
    _inherit = "cc.pbx"

    long_hold_s = fields.Integer("Long hold (s)", default=30)

    @api.model
    def _cc_fact_kinds(self):
        return {
            **super()._cc_fact_kinds(),
            "long_hold.over": FactKind("hold", check_hold, "_cc_apply_long_hold"),
        }

    def _cc_apply_long_hold(self, batch, fact):
        body = fact["hold"]
        call = self.env["cc.call"].search(
            [("pbx_id", "=", self.id), ("call_uid", "=", body["call_uid"])]
        )
        agent = self.env["cc.agent"].search(
            [("pbx_id", "=", self.id), ("number", "=", body["agent"])]
        )
        if not call or not agent:
            raise FactError("There is no such call or agent.")
        self.env["cc.long.hold"].create(
            {
                "call_id": call.id,
                "agent_id": agent.id,
                "held_at": from_us(fact["t"]),
                "seconds": body["seconds"],
            }
        )
        batch.tell_partner(agent.user_id.partner_id.id, "cc_long_hold/over", {"call": call.id})

    def _intent(self):
        return {**super()._intent(), "cc_long_hold": {"seconds": self.long_hold_s}}

    @api.model
    def _cc_intent_fields(self):
        return super()._cc_intent_fields() | {"long_hold_s"}
