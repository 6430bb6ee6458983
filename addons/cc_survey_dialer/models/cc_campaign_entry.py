# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .cc_campaign_why import why_selection


class CcCampaignEntry(models.Model):
    """One number in a campaign.

    When it is due (`next_at`), whether it is closed and who has promised to call back are derived from
    tries, results and do-not-call entries by `_derive`; nothing is counted up here.
    """

    _name = "cc.campaign.entry"
    _description = "Number in a campaign"
    _order = "campaign_id, sequence, id"
    _rec_name = "name"

    campaign_id = fields.Many2one("cc.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="campaign_id.company_id", store=True, index=True)
    task_line_id = fields.Many2one(
        "cc.customer.task.line", index="btree_not_null", ondelete="set null"
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=0)
    name = fields.Char("Customer")
    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", required=True, index=True, ondelete="restrict"
    )
    number_display = fields.Char("Number")
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="set null"
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    zones = fields.Char(help="Time zones in which the number may lie.")
    country = fields.Char(size=2)
    next_at = fields.Datetime("Due from", help="Empty: not dialled any more.")
    closed = fields.Char(help="Why it is not dialled any more, in one word.")
    callback_at = fields.Datetime("Call-back agreed for")
    callback_agent_id = fields.Many2one(
        "cc.agent", "Call-back by", index="btree_not_null", ondelete="set null"
    )
    callback_local = fields.Char("Customer's time", compute="_compute_callback_local")
    callback_overdue = fields.Boolean("Overdue", compute="_compute_callback_local")
    attempt_ids = fields.One2many("cc.campaign.attempt", "entry_id", "Attempts")
    result_ids = fields.One2many("cc.campaign.result", "entry_id", "Results")
    tries = fields.Integer("Number of attempts", compute="_compute_tries")
    last_outcome = fields.Selection(
        lambda self: self.env["cc.campaign.attempt"]._outcome_selection(),
        "Last outcome",
        compute="_compute_tries",
    )
    last_try_at = fields.Datetime("Last attempt", compute="_compute_tries")
    disposition_id = fields.Many2one("cc.disposition", compute="_compute_disposition")
    why = fields.Selection(why_selection, "Status", compute="_compute_why", search="_search_why")
    why_until = fields.Datetime("Not before", compute="_compute_why")

    _number_unique = models.UniqueIndex(
        "(campaign_id, number_id)", "This number is already in the campaign."
    )
    _due = models.Index("(campaign_id, zones, next_at, sequence, id) WHERE next_at IS NOT NULL")
    _callbacks = models.Index("(campaign_id, callback_at) WHERE callback_at IS NOT NULL")

    @api.depends("callback_at", "zones")
    def _compute_callback_local(self):
        now = fields.Datetime.now()
        for entry in self:
            zone = entry._zone()
            entry.callback_overdue = bool(entry.callback_at) and entry.callback_at < now
            entry.callback_local = (
                fields.Datetime.context_timestamp(
                    entry.with_context(tz=zone), entry.callback_at
                ).strftime("%Y-%m-%d %H:%M ")
                + zone
                if entry.callback_at
                else False
            )

    def _zone(self):
        """The customer's time zone by their number; the campaign's where none is known."""
        self.ensure_one()
        return (self.zones or "").split("|")[0] or self.campaign_id.tz

    def _compute_tries(self):
        attempts = self.env["cc.campaign.attempt"]
        counts = dict(
            attempts._read_group(
                [("entry_id", "in", self.ids), ("counts", "=", True)], ["entry_id"], ["__count"]
            )
        )
        last = {}
        for attempt in attempts.search(
            [("entry_id", "in", self.ids), ("state", "!=", "returned")], order="id"
        ):
            last[attempt.entry_id.id] = attempt
        for entry in self:
            attempt = last.get(entry.id)
            entry.tries = counts.get(entry, 0)
            entry.last_outcome = attempt.outcome if attempt else False
            entry.last_try_at = (attempt.dialled_at or attempt.leased_at) if attempt else False

    @api.depends("result_ids.disposition_id")
    def _compute_disposition(self):
        for entry in self:
            entry.disposition_id = entry.result_ids.sorted("id")[-1:].disposition_id

    def _compute_why(self):
        self.why, self.why_until = "due", False
        for campaign, entries in self.grouped("campaign_id").items():
            # sudo: cc.campaign - its windows and rules decide, of rows that the user may read
            for entry_id, why, until in campaign.sudo()._why_rows(entries.ids):
                entry = self.browse(entry_id)
                entry.why, entry.why_until = why, until

    def _search_why(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = []
        # only campaigns that the user may read; a list is always one campaign's
        ids = self.env.context.get("cc_why_campaign_ids")
        domain = [("id", "in", ids)] if ids else [("state", "in", ["running", "paused"])]
        for campaign in self.env["cc.campaign"].search(domain):
            # sudo: cc.campaign - its windows and rules decide; rows are still the user's rules
            rows = campaign.sudo()._why_rows()
            found += [row[0] for row in rows if row[1] in value]
        return [("id", "in", found)]

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self._derive()
            if not vals["active"]:
                self.attempt_ids.filtered(lambda attempt: attempt.state == "leased")._drop()
        return result

    def _derive(self):
        """Bring what is stored of these numbers in line with tries, results and requests."""
        for campaign, entries in self.grouped("campaign_id").items():
            campaign._derive_entries(entries.ids)

    def action_remove(self):
        """Take numbers out of the campaign; those about to be dialled are given back.

        :raise AccessError: the user does not run campaigns
        """
        if not self.env.user.has_group("cc_survey_dialer.group_campaign"):
            raise AccessError(self.env._("Only those who run campaigns may remove numbers."))
        self.check_access("read")
        self.campaign_id.check_access("write")
        # sudo: cc.campaign.entry - the campaign is the user's to change; rows are written here only
        self.sudo().active = False

    def action_open_customer(self):
        """Open whose number it is."""
        self.ensure_one()
        self.check_access("read")
        record = self.partner_id or self.lead_id
        if not record:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    @api.model
    def _insert_from_task(self, campaign):
        """Take what the campaign's task has and the campaign has not.

        :return: how many numbers were added
        """
        self.flush_model()
        self.env["cc.customer.task.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_campaign_entry
                       (campaign_id, company_id, task_line_id, active, sequence, name, number_id,
                        number_display, partner_id, lead_id, zones, country, next_at,
                        create_uid, write_uid, create_date, write_date)
                   SELECT %(campaign)s, %(company)s, line.id, true, 0, line.name, line.number_id,
                          line.number_display, line.partner_id, line.lead_id, line.zones,
                          line.country, now() AT TIME ZONE 'UTC', %(uid)s, %(uid)s,
                          now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                     FROM cc_customer_task_line line
                    WHERE line.task_id = %(task)s AND line.active
                 ORDER BY line.id
              ON CONFLICT (campaign_id, number_id) DO NOTHING""",
                campaign=campaign.id,
                company=campaign.company_id.id,
                task=campaign.task_id.id,
                uid=self.env.uid,
            )
        )
        added = self.env.cr.rowcount
        self.invalidate_model()
        return added
