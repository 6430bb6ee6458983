# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.ingest.errors import FactError
from odoo.addons.cc_telephony.ingest.kinds import FactKind


def check_ping(body):
    """:raise FactError: a ping has a text and nothing else"""
    if body.keys() != {"text", "call_uid"} or not isinstance(body["text"], str):
        raise FactError("a ping has a text and a call_uid")


class CcPbx(models.Model):
    """A fact of the probe's own, and its section of the intent."""

    _inherit = "cc.pbx"

    @api.model
    def _cc_fact_kinds(self):
        return {
            **super()._cc_fact_kinds(),
            "probe.ping": FactKind("ping", check_ping, "_cc_apply_probe_ping"),
        }

    def _cc_apply_probe_ping(self, batch, fact):
        body = fact["ping"]
        call = self.env["cc.call"].search([("call_uid", "=", body["call_uid"] or "")])
        if body["call_uid"] and not call:
            raise FactError("a ping of no known call")
        self.env["cc.probe.ping"].create(
            {
                "kind": "fact",
                "text": body["text"],
                "call_id": call.id,
                "call_state": call.state,
            }
        )

    def _intent(self):
        return {**super()._intent(), "probe": {"every_s": 30}}
