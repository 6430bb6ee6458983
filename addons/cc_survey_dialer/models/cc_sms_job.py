# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..utils import textfile

CELL = re.compile(r"[,;\t|]")


class CcSmsJob(models.Model):
    """One text to many: to the numbers of a text file, or to the customers of a campaign or task.

    Reading and sending go on in the background in steps that are committed; each number has one row, so
    that whatever is repeated, nobody is texted twice. How far it is is counted from those rows.
    """

    _name = "cc.sms.job"
    _description = "Mass text message"
    _inherit = ["mail.thread", "cc.number.list.mixin"]
    _order = "id desc"
    _problem_model = "cc.sms.job.problem"
    _problem_owner = "job_id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        default=lambda self: self.env["cc.campaign"]._default_department(),
    )
    gateway_id = fields.Many2one(
        "cc.sms.gateway",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company._cc_sms_gateway().id,
    )
    template_id = fields.Many2one("sms.template", ondelete="set null")
    text = fields.Text("Message", required=True)
    commercial = fields.Boolean(
        default=True,
        help="Advertising: the unsubscribe text is added, and the country's hours are kept.",
    )
    source = fields.Selection(
        [("file", "Text file"), ("campaign", "Campaign"), ("task", "Customer task")],
        required=True,
        default="file",
    )
    file = fields.Binary(attachment=True, help="One number a line.")
    file_name = fields.Char()
    campaign_id = fields.Many2one("cc.campaign", index="btree_not_null", ondelete="restrict")
    task_id = fields.Many2one("cc.customer.task", index="btree_not_null", ondelete="restrict")
    stage_ids = fields.Many2many(
        "crm.stage", string="Follow-up stages", help="None chosen: all customers."
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("reading", "Reading"),
            ("running", "Sending"),
            ("paused", "Paused"),
            ("done", "Done"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    problem_ids = fields.One2many("cc.sms.job.problem", "job_id", "Lines left out")
    segments = fields.Integer("Parts per message", compute="_compute_segments")
    preview = fields.Text("As it is sent", compute="_compute_segments")

    @api.depends("text", "commercial", "gateway_id")
    def _compute_segments(self):
        for job in self:
            gateway = job.gateway_id.sudo()
            job.segments = gateway._count(job.text or "", job.commercial).segments if gateway else 0
            job.preview = gateway._text(job.text or "", job.commercial) if gateway else job.text

    @api.onchange("template_id")
    def _onchange_template(self):
        if self.template_id:
            self.text = self.template_id.body

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_source(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_source(vals)
        return super().write(vals)

    def _check_source(self, vals):
        """:raise AccessError: the customers are not the user's to text"""
        for name, model in (("campaign_id", "cc.campaign"), ("task_id", "cc.customer.task")):
            if vals.get(name):
                self.env[model].browse(vals[name]).check_access("read")

    # ---- buttons ----

    def action_start(self):
        """Read the numbers in the background, then send.

        :raise UserError: there is nothing to read
        """
        self.check_access("write")
        for job in self:
            if job.state != "draft":
                raise UserError(self.env._("“%(name)s” has already been started.", name=job.name))
            missing = {"file": job.file, "campaign": job.campaign_id, "task": job.task_id}
            if not missing[job.source]:
                raise UserError(self.env._("Choose where the numbers come from."))
        self.state = "reading"
        self._wake()

    def action_pause(self):
        """Send no more from now on."""
        self.check_access("write")
        self.filtered(lambda job: job.state == "running").state = "paused"

    def action_resume(self):
        """Go on with those who have not got it."""
        self.check_access("write")
        self.filtered(lambda job: job.state == "paused").state = "running"
        self._wake()

    def _wake(self):
        # sudo: ir.cron - work of the background, begun by whoever may start the job
        self.env.ref("cc_survey_dialer.cron_sms_read").sudo()._trigger()
        self.env.ref("cc_survey_dialer.cron_sms_send").sudo()._trigger()

    def action_open_messages(self):
        """Open the messages."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cc_survey_dialer.cc_sms_message_action"
        )
        return {**action, "domain": [("job_id", "=", self.id)], "context": {}}

    @api.readonly
    def progress(self):
        """How far the job is, counted from its messages.

        :return: ``{state, line_count, line_read, total, states: [{state, label, count}], problems}``
        """
        self.ensure_one()
        self.check_access("read")
        self.env["cc.sms.message"].flush_model(["state", "job_id"])
        counts = dict(
            self.env.execute_query(
                SQL(
                    "SELECT state, count(*) FROM cc_sms_message WHERE job_id = %s GROUP BY state",
                    self.id,
                )
            )
        )
        bad, duplicates = self._left_out()
        states = self.env["cc.sms.message"]._fields["state"]._description_selection(self.env)
        return {
            "state": self.state,
            "line_count": self.line_count,
            "line_read": self.line_read,
            "total": sum(counts.values()),
            "waiting": counts.get("queued", 0) + counts.get("sending", 0),
            "states": [
                {"state": key, "label": label, "count": counts[key]}
                for key, label in states
                if counts.get(key)
            ],
            "bad": bad,
            "duplicates": duplicates,
        }

    # ---- reading ----

    @api.model
    def _cron_read(self):
        result = super()._cron_read()
        self.env.ref("cc_survey_dialer.cron_sms_send")._trigger()
        return result

    def _read_step(self):
        """Read the next lines, or the campaign's customers.

        :return: lines that are left
        """
        if self.source == "file":
            return super()._read_step()
        self._take_customers()
        self._list_done()
        return 0

    def _list_rows(self):
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        text, encoding = textfile.decode(data)
        return [
            (number, CELL.split(line, 1)[0], "") for number, line in enumerate(text.splitlines(), 1)
        ], textfile.LABELS[encoding]

    def _list_done(self):
        self.state = "running"

    def _taken(self):
        return SQL(
            "SELECT number_id, line_no, false FROM cc_sms_message WHERE job_id = %s", self.id
        )

    def _insert_messages(self, rows):
        """Messages for numbers, one each.

        :param SQL rows: a SELECT of ``(number_id, number_display, partner_id, line_no)`` in order
        Who wrote them stands on the job: each reference to a user more is a look-up a row.

        :return: how many were added
        """
        messages = self.env["cc.sms.message"]
        messages.flush_model()
        agent = self.create_uid.cc_agent_ids[:1]
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_sms_message
                       (uuid, direction, company_id, gateway_id, number_id, number_display, partner_id,
                        segments, commercial, state, user_id, agent_id, department_id, template_id,
                        job_id, line_no, at, create_uid, write_uid, create_date, write_date)
                   SELECT replace(gen_random_uuid()::text, '-', ''), 'out', %(company)s, %(gateway)s,
                          row.number_id, row.number_display, row.partner_id, %(segments)s, %(commercial)s,
                          'queued', NULL::int, %(agent)s, %(department)s, %(template)s, %(job)s,
                          row.line_no, now() AT TIME ZONE 'UTC', NULL::int, NULL::int,
                          now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                     FROM (%(rows)s) AS row (number_id, number_display, partner_id, line_no)
              ON CONFLICT (job_id, number_id) WHERE job_id IS NOT NULL DO NOTHING""",
                company=self.company_id.id,
                gateway=self.gateway_id.id,
                segments=self.segments,
                commercial=self.commercial,
                agent=agent.id or None,
                department=self.department_id.id or None,
                template=self.template_id.id or None,
                job=self.id,
                rows=rows,
            )
        )
        messages.invalidate_model()
        return self.env.cr.rowcount

    def _take_numbers(self):
        self._insert_messages(
            SQL(
                """SELECT DISTINCT ON (number.id) number.id, number.display, link.partner_id, line.line
                     FROM cc_number_line line
                     JOIN cc_phone_number number ON number.key = line.key
                LEFT JOIN LATERAL (%(partner)s) link ON true
                 ORDER BY number.id, line.line""",
                partner=self._partner_of_number(),
            )
        )

    def _take_customers(self):
        """Customers of the campaign or task, by the stage of their lead; no stage chosen means all."""
        if self.source == "campaign":
            table, column, owner = "cc_campaign_entry", "campaign_id", self.campaign_id
        else:
            table, column, owner = "cc_customer_task_line", "task_id", self.task_id
        self.env["cc.campaign.entry"].flush_model()
        self.env["cc.customer.task.line"].flush_model()
        self.env["crm.lead"].flush_model(["stage_id"])
        stage = SQL("true")
        if self.stage_ids:
            stage = SQL("lead.stage_id = ANY(%s)", self.stage_ids.ids)
        self._insert_messages(
            SQL(
                """SELECT row.number_id, row.number_display, row.partner_id, row.id
                     FROM %(table)s row
                LEFT JOIN crm_lead lead ON lead.id = coalesce(row.lead_id, (
                          SELECT max(id) FROM crm_lead
                           WHERE crm_lead.partner_id = row.partner_id AND crm_lead.active))
                    WHERE row.%(column)s = %(owner)s AND row.active AND %(stage)s
                 ORDER BY row.id""",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                owner=owner.id,
                stage=stage,
            )
        )

    @api.model
    def _finish_done(self):
        """Jobs of which nothing waits any more are done."""
        running = self.search([("state", "=", "running")])
        for job in running:
            if not self.env["cc.sms.message"].search_count(
                [("job_id", "=", job.id), ("state", "in", ["queued", "sending"])], limit=1
            ):
                job.state = "done"

    @api.ondelete(at_uninstall=False)
    def _unlink_new(self):
        if any(job.state != "draft" for job in self):
            raise UserError(
                self.env._("A job that was started is kept as the record of what was sent.")
            )
