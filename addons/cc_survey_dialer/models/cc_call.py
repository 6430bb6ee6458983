# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.times import to_us

from ..utils.outcomes import outcome_of
from .cc_campaign_attempt import OPEN


class CcCall(models.Model):
    """A call that a campaign made."""

    _inherit = "cc.call"

    @api.model
    def _cc_moment_handlers(self):
        return {**super()._cc_moment_handlers(), "cc_survey_dialer": "_cc_campaign_moments"}

    @api.model
    def _cc_campaign_moments(self, moments, batch):
        """Tie calls to the tries that they are; an agent's own try ends with its call."""
        moments = [moment for moment in moments if moment.call.direction == "outbound"]
        if not moments:
            return
        attempts = self.env["cc.campaign.attempt"]
        calls = {moment.call for moment in moments}
        known = {
            attempt.call_uid: attempt
            for attempt in attempts.search([("call_uid", "in", [call.call_uid for call in calls])])
        }
        for moment in moments:
            call = moment.call
            attempt = known.get(call.call_uid)
            if not attempt:
                attempt = self._cc_preview_of(moment)
                if not attempt:
                    continue
                known[call.call_uid] = attempt
                attempt.call_uid = call.call_uid
            if attempt.call_id != call:
                attempt.call_id = call
            if attempt.holder:
                if moment.name == "answered" and call.agent_id and not attempt.agent_id:
                    attempt.agent_id = call.agent_id
                continue
            self._cc_advance(attempt, moment)

    def _cc_preview_of(self, moment):
        """The try in an agent's hands that this call is; empty if it is none."""
        call, body = moment.call, moment.body
        return self.env["cc.campaign.attempt"].search(
            [
                ("number_id", "=", call.number_id.id),
                ("holder", "=", False),
                ("state", "=", "dialled"),
                ("call_uid", "=", False),
                ("agent_id.number", "=", (body.get("from") or {}).get("number")),
                ("agent_id.pbx_id", "=", call.pbx_id.id),
            ],
            limit=1,
        )

    def _cc_advance(self, attempt, moment):
        call = moment.call
        if attempt.state not in OPEN:
            return
        if call.answered_at and attempt.state == "dialled":
            attempt.write(
                {
                    "state": "answered",
                    "answered_at": call.answered_at,
                    "agent_at": call.answered_at,
                    "ring_s": call.ring_s,
                }
            )
        if call.state == "ended":
            attempt._end(
                outcome_of(call.cause, bool(call.answered_at)),
                cause=call.cause,
                ended_at=call.ended_at,
                hung_up_by="customer" if call.ended_by == "customer" else "us",
                line=call.line,
            )

    def _cc_card(self, agent, view=None):
        card = super()._cc_card(agent, view)
        attempt_sudo = (
            self.env["cc.campaign.attempt"]._of_call(self)
            if self.direction == "outbound"
            else self.env["cc.campaign.attempt"]
        )
        # a dialler's call comes to the agent like a caller's
        card["brought"] = bool(attempt_sudo) and attempt_sudo.mode != "preview"
        card["campaign"] = (
            {
                "attempt_id": attempt_sudo.id,
                "name": attempt_sudo.campaign_id.name,
                "mode": attempt_sudo.mode,
                "answered_t": to_us(attempt_sudo.answered_at),
            }
            if attempt_sudo
            else None
        )
        return card
