# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Datetime

from ..utils.window import to_utc


class CcCampaignAttempt(models.Model):
    """A contact in an agent's hands."""

    _inherit = "cc.campaign.attempt"

    def _check_now(self, agent):
        """:raise UserError: a request not to be called, the hour or another rule forbids the call now"""
        self.ensure_one()
        # its own lease does not count against it
        self.flush_recordset()
        campaign = self.campaign_id
        why = self.entry_id._stops_now(self, agent)
        if why and why != "due":
            labels = dict(
                self.env["cc.campaign.entry"]._fields["why"]._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "This contact of “%(campaign)s” cannot be called now: %(why)s",
                    campaign=campaign.name,
                    why=labels[why],
                )
            )

    def _contact(self, agent):
        """What the agent's panel shows of this contact; no number in it, a mask."""
        self.ensure_one()
        entry, campaign = self.entry_id, self.campaign_id
        record = entry.partner_id or entry.lead_id
        zone = entry._zone()
        earlier = self.search(
            [("entry_id", "=", entry.id), ("id", "!=", self.id), ("state", "=", "ended")], limit=5
        )
        outcomes = dict(self._outcome_selection())
        return {
            "id": self.id,
            "state": self.state,
            "outcome": outcomes.get(self.outcome) or False,
            "mode": self.mode,
            "call_uid": self.call_uid or False,
            "campaign": {"id": campaign.id, "name": campaign.name, "state": campaign.state},
            "name": entry.name or entry.number_id.mask,
            "mask": entry.number_id.mask,
            "region": entry.number_id.region or "",
            "zone": zone,
            "record": {"model": record._name, "id": record.id} if record else False,
            "script": campaign.script or "",
            "survey": campaign.survey_id.title or False,
            "dispositions": [
                {
                    "id": row.id,
                    "name": row.name,
                    "follow_up": row.follow_up,
                    "note_required": row.note_required,
                }
                for row in campaign.disposition_ids.sorted()
            ],
            "result": self._result_of(),
            "earlier": [
                {
                    "id": row.id,
                    "at": Datetime.to_string(row.dialled_at or row.leased_at),
                    "outcome": outcomes.get(row.outcome) or "",
                    "disposition": row.disposition_id.name or "",
                    "agent": row.agent_id.name or "",
                }
                for row in earlier
            ],
        }

    def _result_of(self):
        result = self.result_ids.sorted("id")[-1:]
        if not result:
            return False
        return {
            "disposition_id": result.disposition_id.id,
            "name": result.disposition_id.name,
            "note": result.note or "",
        }

    def _set_result(self, agent, values):
        """Write the agent's result of this try.

        :raise UserError: the disposition is not one of the campaign's, or lacks what it asks for
        """
        self.ensure_one()
        disposition = self.campaign_id.disposition_ids.filtered(
            lambda row: row.id == values.get("disposition_id")
        )
        if not disposition:
            raise UserError(self.env._("Choose a disposition of this campaign."))
        note = (values.get("note") or "").strip()
        if disposition.note_required and not note:
            raise UserError(self.env._("“%(name)s” needs a note.", name=disposition.name))
        vals = {
            "entry_id": self.entry_id.id,
            "attempt_id": self.id,
            "round_no": self.round_no,
            "disposition_id": disposition.id,
            "agent_id": agent.id,
            "department_id": agent.department_id.id or self.department_id.id,
            "note": note or False,
        }
        if disposition.follow_up == "callback":
            vals.update(self._callback_vals(agent, values))
        elif disposition.follow_up == "retry":
            vals["retry_at"] = Datetime.add(Datetime.now(), minutes=disposition.retry_min)
        if self.state == "leased":
            # said without a call: the contact is not in hand any more
            self._give_back("result")
        self.env["cc.campaign.result"].create(vals)

    def _callback_vals(self, agent, values):
        text = values.get("callback_at")
        try:
            local = Datetime.to_datetime(str(text).replace("T", " ")) if text else None
        except ValueError:
            local = None
        if not local:
            raise UserError(self.env._("Say when to call back."))
        at = to_utc(local, self.entry_id._zone())
        if at <= Datetime.now():
            raise UserError(self.env._("The time to call back is over."))
        mine = values.get("callback_mine")
        return {"callback_at": at, "callback_agent_id": agent.id if mine else False}
