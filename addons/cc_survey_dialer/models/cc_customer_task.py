# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = 5000


class CcCustomerTask(models.Model):
    """A set of customers that is worked on together: called, texted, or given out.

    Its customers come from a filter, from a list's selection, or from a file. Only a started task feeds
    campaigns and messages.
    """

    _name = "cc.customer.task"
    _description = "Customer task"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        default=lambda self: self._default_department(),
        help="Leaders of this department see and run the task.",
    )
    state = fields.Selection(
        [("draft", "New"), ("started", "Started"), ("stopped", "Stopped")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    source = fields.Selection(
        [
            ("partner", "Contacts by filter"),
            ("lead", "Leads by filter"),
            ("manual", "List or file"),
        ],
        required=True,
        default="partner",
    )
    partner_domain = fields.Char("Contacts", default="[]")
    lead_domain = fields.Char("Leads", default="[]")
    line_ids = fields.One2many("cc.customer.task.line", "task_id", "Customers")
    line_count = fields.Integer("Numbers", compute="_compute_line_count")
    campaign_ids = fields.One2many("cc.campaign", "task_id", "Campaigns")
    campaign_count = fields.Integer(compute="_compute_campaign_count", string="Campaign count")

    @api.model
    def _default_department(self):
        agent = self.env.user.cc_agent_ids[:1]
        return agent.led_department_ids[:1] or agent.department_id

    def _compute_line_count(self):
        counts = dict(
            self.env["cc.customer.task.line"]._read_group(
                [("task_id", "in", self.ids)], ["task_id"], ["__count"]
            )
        )
        for task in self:
            task.line_count = counts.get(task, 0)

    def _compute_campaign_count(self):
        counts = dict(
            self.env["cc.campaign"]._read_group(
                [("task_id", "in", self.ids)], ["task_id"], ["__count"]
            )
        )
        for task in self:
            task.campaign_count = counts.get(task, 0)

    def action_start(self):
        """Let the task feed campaigns and messages."""
        self.check_access("write")
        for task in self:
            if task.source != "manual":
                task.action_fill()
            if not task.line_count:
                raise UserError(
                    self.env._(
                        "“%(task)s” has no customer with a phone number yet.", task=task.name
                    )
                )
        self.state = "started"

    def action_stop(self):
        """Stop the task, and pause the campaigns that it feeds."""
        self.check_access("write")
        self.state = "stopped"
        self.campaign_ids.filtered(lambda campaign: campaign.state == "running").action_pause()

    def action_fill(self):
        """Add the customers that the filter finds now; those who are in it already stay.

        :return: how many numbers were added
        """
        self.check_access("write")
        added = 0
        for task in self:
            if task.source == "manual":
                continue
            model = "res.partner" if task.source == "partner" else "crm.lead"
            text = task.partner_domain if task.source == "partner" else task.lead_domain
            domain = Domain(literal_eval(text or "[]"))
            added += task._add_records(self.env[model].search(domain, order="id"))
        return added

    def _add_records(self, records):
        """Add contacts or leads by all their numbers' first one.

        :return: how many were added
        """
        self.ensure_one()
        self.check_access("write")
        kind = "partner_id" if records._name == "res.partner" else "lead_id"
        added = 0
        for start in range(0, len(records), BATCH):
            part = records[start : start + BATCH]
            # sudo: cc.phone.link - the numbers of customers that the user may read
            links_sudo = (
                self.env["cc.phone.link"]
                .sudo()
                .search([(kind, "in", part.ids)], order="main desc, synced desc, id")
            )
            first = {}
            for link in links_sudo:
                first.setdefault(link[kind].id, link.number_id)
            names = {record.id: record.display_name for record in part}
            rows = [
                (
                    number.id,
                    number.key,
                    names[record_id],
                    record_id if kind == "partner_id" else None,
                    record_id if kind == "lead_id" else None,
                )
                for record_id, number in first.items()
            ]
            added += self._add_rows(rows)
        return added

    def _add_rows(self, rows):
        """Add numbers; who is in the task already stays as they are.

        :param list rows: ``(number id, key, name or None, partner id or None, lead id or None)``
        :return: how many were added
        """
        self.ensure_one()
        lines = self.env["cc.customer.task.line"]
        if not rows:
            return 0
        lines.flush_model()
        self.env["cc.phone.number"].flush_model()
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s)",
                number_id,
                (name or "")[:256] or None,
                partner_id,
                lead_id,
                *lines._place_of(key),
                sequence,
            )
            for sequence, (number_id, key, name, partner_id, lead_id) in enumerate(rows)
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_customer_task_line
                       (task_id, number_id, number_display, name, partner_id, lead_id, zones, country,
                        active, create_uid, write_uid, create_date, write_date)
                   SELECT %(task)s, row.number_id, number.display, row.name, row.partner_id::int,
                          row.lead_id::int, row.zones, row.country, true, %(uid)s, %(uid)s,
                          now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                     FROM (VALUES %(values)s)
                          AS row (number_id, name, partner_id, lead_id, zones, country, sequence)
                     JOIN cc_phone_number number ON number.id = row.number_id
                 ORDER BY row.sequence
              ON CONFLICT (task_id, number_id) DO NOTHING""",
                task=self.id,
                uid=self.env.uid,
                values=values,
            )
        )
        added = self.env.cr.rowcount
        lines.invalidate_model()
        self.invalidate_recordset(["line_ids", "line_count"])
        self._feed_campaigns()
        return added

    def _feed_campaigns(self):
        """Running campaigns get what was added to their task."""
        # sudo: cc.campaign - the task is the user's to fill, and its campaigns follow it
        campaigns_sudo = self.sudo().campaign_ids.filtered(
            lambda campaign: campaign.state in ("running", "paused")
        )
        for campaign_sudo in campaigns_sudo:
            if campaign_sudo._take_in():
                campaign_sudo._derive_entries()

    def action_open_lines(self):
        """Open the customers of this task."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cc_survey_dialer.cc_customer_task_line_action"
        )
        return {
            **action,
            "domain": [("task_id", "=", self.id)],
            "context": {"default_task_id": self.id},
        }

    def action_open_campaigns(self):
        """Open the campaigns that this task feeds."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cc_survey_dialer.cc_campaign_action"
        )
        return {
            **action,
            "domain": [("task_id", "=", self.id)],
            "context": {"default_task_id": self.id},
        }

    def action_new_campaign(self):
        """Make a campaign over this task."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.campaign",
            "views": [[False, "form"]],
            "context": {"default_task_id": self.id, "default_name": self.name},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        if self.campaign_ids:
            raise UserError(
                self.env._("A task with campaigns cannot be deleted. Archive it instead.")
            )
