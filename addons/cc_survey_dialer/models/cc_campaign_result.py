# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcCampaignResult(models.Model):
    """What an agent said of a customer of a campaign. The newest of a number counts; all are kept."""

    _name = "cc.campaign.result"
    _description = "Result of a campaign's call"
    _order = "id desc"
    _rec_name = "disposition_id"

    entry_id = fields.Many2one(
        "cc.campaign.entry",
        "Number in the campaign",
        required=True,
        index=True,
        ondelete="restrict",
    )
    campaign_id = fields.Many2one(
        related="entry_id.campaign_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="entry_id.campaign_id.company_id", store=True, index=True, precompute=True
    )
    attempt_id = fields.Many2one("cc.campaign.attempt", index="btree_not_null", ondelete="restrict")
    call_id = fields.Many2one(related="attempt_id.call_id", string="Call")
    round_no = fields.Integer("Round", required=True, default=1, aggregator=None)
    disposition_id = fields.Many2one(
        "cc.disposition", required=True, index=True, ondelete="restrict"
    )
    success = fields.Boolean(related="disposition_id.success", store=True)
    agent_id = fields.Many2one("cc.agent", index="btree_not_null", ondelete="restrict")
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    note = fields.Text()
    callback_at = fields.Datetime("Call back at")
    callback_agent_id = fields.Many2one(
        "cc.agent", "Call back by", index="btree_not_null", ondelete="set null"
    )
    retry_at = fields.Datetime("Try again from")

    @api.model_create_multi
    def create(self, vals_list):
        results = super().create(vals_list)
        results.flush_recordset()
        results.entry_id._derive()
        results._follow_up()
        return results

    def _follow_up(self):
        """What the disposition asks for beyond the campaign: do-not-call, the lead's stage, the timeline."""
        for result in self:
            entry, disposition = result.entry_id, result.disposition_id
            if disposition.follow_up == "do_not_call":
                self.env["cc.do.not.call"]._add(
                    entry.number_id,
                    source="agent",
                    reason=result.note or disposition.name,
                    attempt_id=result.attempt_id.id,
                    user_id=result.agent_id.user_id.id or self.env.uid,
                    company_id=result.company_id.id,
                    proof=result.attempt_id.call_uid or False,
                )
            result._move_lead()
            result._tell_customer()

    def _move_lead(self):
        """The customer's open lead follows the disposition (DIA-17)."""
        self.ensure_one()
        disposition = self.disposition_id
        if not disposition.stage_id and not disposition.lost:
            return
        lead = self._open_lead()
        if lead and disposition.lost:
            lead.action_set_lost()
        elif lead:
            lead.stage_id = disposition.stage_id

    def _open_lead(self):
        """The lead that this number was dialled for, else the customer's newest open one."""
        self.ensure_one()
        entry = self.entry_id
        if entry.lead_id:
            return entry.lead_id.filtered(lambda lead: lead.won_status == "pending")
        leads = self.env["crm.lead"]
        if not entry.partner_id:
            return leads
        return leads.search(
            [("partner_id", "=", entry.partner_id.id), ("won_status", "=", "pending")], limit=1
        )

    def _tell_customer(self):
        """A line on the customer's page: which campaign, what came of it."""
        self.ensure_one()
        record = self.entry_id.lead_id or self.entry_id.partner_id
        if not record:
            return
        body = self.env._(
            "Campaign “%(campaign)s”: %(result)s",
            campaign=self.campaign_id.name,
            result=self.disposition_id.name,
        )
        if self.note:
            body = f"{body}\n{self.note}"
        record._message_log(
            body=body, author_id=self.agent_id.user_id.partner_id.id or self.env.user.partner_id.id
        )
