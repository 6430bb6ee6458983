# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.ingest.errors import FactError
from odoo.addons.cc_telephony.ingest.kinds import FactKind
from odoo.addons.cc_telephony.utils.times import from_us

from ..utils.contract import check_alarm, check_attempt, check_dialer, check_lease
from .cc_campaign_attempt import OPEN

STATES = {"dialled": 1, "answered": 2, "ended": 3}


class CcPbx(models.Model):
    """What the dialling plug-in of a bridge tells."""

    _inherit = "cc.pbx"

    @api.model
    def _cc_fact_kinds(self):
        return {
            **super()._cc_fact_kinds(),
            "dialer.attempt": FactKind("attempt", check_attempt, "_cc_apply_dialer_attempt"),
            "dialer.returned": FactKind("lease", check_lease, "_cc_apply_dialer_returned"),
            "dialer.state": FactKind("dialer", check_dialer, "_cc_apply_dialer_state"),
            "dialer.alarm": FactKind("alarm", check_alarm, "_cc_apply_dialer_alarm"),
        }

    def _cc_attempt(self, lease):
        """:raise FactError: this PBX has no lease of that name"""
        attempt = self.env["cc.campaign.attempt"].search(
            [("lease", "=", lease), ("pbx_id", "=", self.id)]
        )
        if not attempt:
            raise FactError(f"there is no lease {lease!r} of this PBX")
        return attempt

    def _cc_apply_dialer_attempt(self, batch, fact):
        """The whole try so far; an older revision is passed over."""
        body = fact["attempt"]
        attempt = self._cc_attempt(body["lease"])
        if body["rev"] <= attempt.rev:
            return
        agent = batch.agent_by_number(body.get("agent")) if body.get("agent") else None
        amd = body.get("amd") or {}
        shown = (body["lease"], body.get("caller_id"))
        number = self.env["cc.phone.number"]
        if body.get("caller_id"):
            country = self._country_code()
            shown = (body["caller_id"], country)
            number = number._ingest([shown])[shown]
        call = self.env["cc.call"]
        if body.get("call_uid"):
            call = call.search([("call_uid", "=", body["call_uid"])], limit=1)
        ring_end = body.get("answered_t") or body.get("ended_t")
        values = {
            "rev": body["rev"],
            "state": body["state"],
            "call_uid": body.get("call_uid") or False,
            "line": body.get("line") or False,
            "caller_id_id": number.id,
            "dialled_at": from_us(body.get("dialled_t")),
            "ring_at": from_us(body.get("ring_t")),
            "answered_at": from_us(body.get("answered_t")),
            "ended_at": from_us(body.get("ended_t")),
            "agent_at": from_us(body.get("agent_t")),
            "message_at": from_us(body.get("message_t")),
            "waited_s": (body.get("waited_ms") or 0) / 1000,
            "ring_s": max(ring_end - body["ring_t"], 0) / 1e6
            if ring_end and body.get("ring_t")
            else 0.0,
            "outcome": body.get("outcome") or False,
            "counts": bool(body.get("counts")),
            "abandoned": bool(body.get("abandoned")),
            "hung_up_by": body.get("hung_up_by") or False,
            "cause": body.get("cause") or False,
            "amd_status": amd.get("status") or False,
            "amd_cause": amd.get("cause") or False,
            "announcement": body.get("announcement") or False,
        }
        if agent:
            values["agent_id"] = agent.id
        if call:
            values["call_id"] = call.id
        was_open = attempt.state in OPEN
        attempt.write(values)
        attempt.flush_recordset()
        if body["state"] == "ended" or not was_open:
            attempt.entry_id._derive()
        if body["state"] == "ended" and was_open:
            attempt._after_end()

    def _cc_apply_dialer_returned(self, batch, fact):
        """A lease that was never dialled: the number is free again."""
        self._cc_attempt(fact["lease"]["lease"])._give_back(str(fact["lease"]["reason"])[:64])

    def _cc_apply_dialer_state(self, batch, fact):
        """What the dialler says of itself, for the live screen. Derived by it, never added up here."""
        body = fact["dialer"]
        campaign = self.env["cc.campaign"].search(
            [("id", "=", body["campaign"]), ("pbx_id", "=", self.id)]
        )
        if not campaign:
            raise FactError(f"there is no campaign {body['campaign']} on this PBX")
        before = (campaign.bridge_state or {}).get("why")
        campaign.write({"bridge_state": body, "bridge_state_at": fields.Datetime.now()})
        # other reasons come as alarms too
        if body.get("why") != before and body.get("why") in ("line_slow", "no_line"):
            # read by those who run the campaign, not by the bridge
            campaign = campaign.with_context(lang=campaign.create_uid.lang)
            words = campaign._bridge_words() or {}
            self.env["cc.campaign.log"]._warn(
                campaign,
                campaign.env._("Not dialling: %(why)s", why=words.get("why") or body["why"]),
            )

    def _cc_apply_dialer_alarm(self, batch, fact):
        """Something a leader has to know; it stands in the log of the campaigns concerned."""
        body = fact["alarm"]
        domain = [("pbx_id", "=", self.id), ("state", "=", "running"), ("mode", "!=", "preview")]
        if body.get("campaign"):
            domain.append(("id", "=", body["campaign"]))
        campaigns = self.env["cc.campaign"].search(domain)
        for lang, some in campaigns.grouped(lambda campaign: campaign.create_uid.lang).items():
            text = self.with_context(lang=lang)._dialer_alarm_text(body)
            self.env["cc.campaign.log"]._warn(some, text)

    def _dialer_alarm_text(self, body):
        words = {
            "throttled": self.env._("The carrier throttles our calls."),
            "trunk_down": self.env._("The line is down."),
            "abandon_limit": self.env._("The abandonment limit is reached."),
            "sound": self.env._("A recording could not be prepared on the PBX."),
            "amd": self.env._(
                "The PBX has no answering-machine detection, so machines are treated as people."
            ),
        }
        text = words.get(body["kind"], body["kind"])
        for part in (body.get("line"), body.get("text")):
            if part:
                text = f"{text} {part}"
        return text[:500]
