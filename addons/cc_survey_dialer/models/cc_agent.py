# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.addons.cc_telephony.utils.times import now
from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime, Domain

from .cc_campaign_attempt import OPEN

# callbacks that an agent is shown ahead
SHOWN = 20


class CcAgent(models.Model):
    """What an agent does in campaigns: take the next contact, dial, say how it came out."""

    _inherit = "cc.agent"

    # ---- what there is ----

    @api.model
    def campaigns(self):
        """The running campaigns of the asking agent, and what they have promised to call back.

        :return: ``{"campaigns": [{id, name, mode, state}], "attempt": contact or False,
            "callbacks": [{entry_id, campaign, name, mask, at, local}]}``
        """
        agent = self._mine()
        campaigns = self.env["cc.campaign"].search(
            [("state", "in", ["running", "paused"]), *self._campaign_domain(agent)]
        )
        attempt_sudo = agent._open_preview()
        return {
            "campaigns": [
                {
                    "id": campaign.id,
                    "name": campaign.name,
                    "mode": campaign.mode,
                    "state": campaign.state,
                }
                for campaign in campaigns
            ],
            "attempt": attempt_sudo._contact(agent) if attempt_sudo else False,
            "callbacks": agent._callbacks(),
        }

    @api.model
    def _campaign_domain(self, agent):
        return Domain("agent_ids", "in", agent.ids) | Domain(
            "queue_id.member_ids.agent_id", "in", agent.ids
        )

    def _callbacks(self):
        # sudo: cc.campaign.entry - the agent's own promises
        entries_sudo = self.env["cc.campaign.entry"].sudo()
        own_sudo = entries_sudo.search(
            [("callback_agent_id", "=", self.id), ("next_at", "!=", False)],
            order="callback_at, id",
            limit=SHOWN,
        )
        return [
            {
                "entry_id": entry.id,
                "campaign": entry.campaign_id.name,
                "name": entry.name or entry.number_id.mask,
                "mask": entry.number_id.mask,
                "at": Datetime.to_string(entry.callback_at),
                "local": entry.callback_local,
            }
            for entry in own_sudo
        ]

    def _cc_snapshot_extra(self):
        # sudo: cc.campaign.entry - a count of the agent's own promises
        entries_sudo = self.env["cc.campaign.entry"].sudo()
        due = entries_sudo.search_count(
            [
                ("callback_agent_id", "=", self.id),
                ("next_at", "!=", False),
                ("callback_at", "<=", Datetime.now()),
            ]
        )
        return {**super()._cc_snapshot_extra(), "cc_survey_dialer": {"callbacks": due}}

    def _open_preview(self):
        """The contact that this agent has in hand, as superuser: newest open try without a bridge."""
        # sudo: cc.campaign.attempt - the agent's own
        return (
            self.env["cc.campaign.attempt"]
            .sudo()
            .search(
                [("agent_id", "=", self.id), ("holder", "=", False), ("state", "in", OPEN)],
                limit=1,
            )
        )

    def _campaign_of(self, campaign_id):
        """:return: a running campaign of this agent, as superuser
        :raise UserError: it does not run, or is not the agent's
        """
        campaign = self.env["cc.campaign"].browse(campaign_id).exists()
        if not campaign or self not in campaign.sudo()._agents():
            raise AccessError(self.env._("This campaign is not one of yours."))
        # sudo: cc.campaign - the agent is one of the campaign's: leases are written by its rules
        campaign_sudo = campaign.sudo()
        if campaign_sudo.state != "running":
            raise UserError(
                self.env._("The campaign “%(name)s” is not running.", name=campaign.name)
            )
        if campaign_sudo.task_id.state != "started":
            raise UserError(self.env._("The customer task of this campaign is stopped."))
        return campaign_sudo

    # ---- the next contact ----

    @api.model
    def campaign_next(self, campaign_id):
        """Take the next contact of a campaign in hand; nobody else gets it meanwhile.

        :return: ``{"attempt": contact or False, "why": text}``
        """
        agent = self._mine()
        campaign_sudo = agent._campaign_of(campaign_id)
        if campaign_sudo.mode != "preview":
            raise UserError(self.env._("This campaign dials automatically."))
        open_sudo = agent._open_preview()
        if open_sudo:
            if open_sudo.campaign_id == campaign_sudo or open_sudo.state != "leased":
                return {"attempt": open_sudo._contact(agent), "why": ""}
            open_sudo._give_back("skipped")
        granted_sudo = campaign_sudo._grant(1, agent=agent)
        if granted_sudo:
            return {"attempt": granted_sudo._contact(agent), "why": ""}
        sums = campaign_sudo._why_sums()
        why = campaign_sudo._why_all(sums) or self.env._("No number is due now.")
        return {"attempt": False, "why": why}

    def _own_attempt(self, attempt_id):
        """:return: a try that this agent dialled or served, as superuser
        :raise AccessError: another's
        """
        # sudo: cc.campaign.attempt - checked right below
        attempt_sudo = self.env["cc.campaign.attempt"].sudo().browse(attempt_id).exists()
        if not attempt_sudo or not attempt_sudo._is_mine(self):
            raise AccessError(self.env._("This contact is not assigned to you."))
        return attempt_sudo

    @api.model
    def campaign_skip(self, attempt_id):
        """Put the contact back without calling; it costs no try and comes again at the end.

        :return: True
        """
        agent = self._mine()
        attempt_sudo = agent._own_attempt(attempt_id)
        if attempt_sudo.state != "leased":
            raise UserError(self.env._("This contact is already being called."))
        entry_sudo = attempt_sudo.entry_id
        attempt_sudo._give_back("skipped")
        if entry_sudo.next_at and not entry_sudo.callback_at:
            entry_sudo.next_at = now()  # behind those who are due as well
        return True

    @api.model
    def command(self, kind, args=None, call_uid=None):
        answer = super().command(kind, args, call_uid)
        if kind == "dial" and isinstance(args, dict) and "attempt" in args:
            # a call that does not come about gives the contact back, see cc.command
            self._mine()._own_attempt(args["attempt"]).command_uuid = answer["id"]
        return answer

    def _prepare_command_dial(self, args, call_uid):
        """`{"attempt": id}`: the contact in hand. Everything is asked once more, at this moment."""
        if "attempt" not in args:
            return super()._prepare_command_dial(args, call_uid)
        attempt_sudo = self._own_attempt(args["attempt"])
        if attempt_sudo.state != "leased":
            raise UserError(self.env._("This contact has already been called. Take the next one."))
        campaign_sudo = self._campaign_of(attempt_sudo.campaign_id.id)
        campaign_sudo._lock()
        attempt_sudo._check_now(self)
        self._check_may_dial()
        attempt_sudo.write({"state": "dialled", "dialled_at": now(), "counts": True})
        return {"args": {}, "number": attempt_sudo.number_id}

    # ---- how it came out ----

    @api.model
    def campaign_result(self, attempt_id, values):
        """Say how a contact came out. In force at once, also while the call goes on.

        :param dict values: ``disposition_id``; ``note``; for a call-back ``callback_at`` as
            "YYYY-MM-DD HH:MM[:SS]" in the customer's time and ``callback_mine``
        :return: the contact as it is now
        """
        agent = self._mine()
        attempt_sudo = agent._own_attempt(attempt_id)
        attempt_sudo._set_result(agent, dict(values or {}))
        return attempt_sudo._contact(agent)

    @api.model
    def campaign_contact(self, attempt_id):
        """A contact of the asking agent anew: after a reload, or when its call has changed."""
        agent = self._mine()
        return agent._own_attempt(attempt_id)._contact(agent)
