# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models
from odoo.tools import SQL

from ..utils import textfile
from ..utils.window import one_zone

MAINLAND = "+86"


class CcCustomerTaskList(models.Model):
    """A file of customers that was imported into a task: how far it is read, and which lines were left out."""

    _name = "cc.customer.task.list"
    _description = "Imported list of customers"
    _inherit = ["cc.number.list.mixin"]
    _order = "id desc"
    _problem_model = "cc.customer.task.list.problem"
    _problem_owner = "list_id"

    name = fields.Char("File name", required=True)
    task_id = fields.Many2one(
        "cc.customer.task", "Customer task", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="task_id.company_id")
    file = fields.Binary(attachment=True, required=True)
    # what is read of a workbook: it takes long to unpack
    rows = fields.Binary("Workbook as text", attachment=True)
    given_encoding = fields.Char("Encoding chosen", help="Empty: found out.")
    separator = fields.Char(help="Empty: found out.")
    header = fields.Boolean("First line is a heading")
    number_column = fields.Integer("Column of the number", default=1)
    name_column = fields.Integer("Column of the name")
    country = fields.Char(size=2)
    state = fields.Selection(
        [("reading", "Reading"), ("done", "Done"), ("failed", "Cannot be read")],
        required=True,
        default="reading",
    )
    line_ids = fields.One2many("cc.customer.task.line", "list_id", "Customers")
    problem_ids = fields.One2many("cc.customer.task.list.problem", "list_id", "Lines left out")
    found = fields.Boolean("Has numbers")

    def _list_country(self):
        return self.country or None

    def _list_rows(self):
        if self.rows:
            text = self._data("rows").decode()
            return [
                (int(line), *cells)
                for line, *cells in (row.split("\t") for row in text.split("\n") if row)
            ], "Excel"
        text, code = textfile.decode(self._data("file"), self.given_encoding or None)
        rows = textfile.rows(text, self.separator or None, pick=self._picked)
        return self._numbered(rows), textfile.LABELS[code]

    def _data(self, name):
        return base64.b64decode(self.with_context(bin_size=False)[name] or b"")

    def _numbered(self, rows):
        return [(line, *cells) for line, cells in rows[1 if self.header else 0 :]]

    def _unpack(self):
        """Keep a workbook's numbers and names as text, so that the steps need not unpack it each time.

        :return: lines that are left
        """
        rows = self._numbered(textfile.sheet_rows(self._data("file"), pick=self._picked))
        text = "\n".join(
            f"{line}\t{' '.join(number.split())}\t{' '.join(name.split())}"
            for line, number, name in rows
        )
        self.rows = base64.b64encode((text + "\n").encode())
        return len(rows)

    @property
    def _picked(self):
        """:return: function of a row's cells: ``(number, name)``; a line without the column is named with what it has"""
        number, name = self.number_column - 1, self.name_column - 1

        def pick(cells):
            return (
                (cells[number] if 0 <= number < len(cells) else "") or "-",
                cells[name] if 0 <= name < len(cells) else "",
            )

        return pick

    def _read_step(self):
        try:
            if not self.rows and textfile.is_sheet(self._data("file")):
                return self._unpack()
            return super()._read_step()
        except textfile.Unreadable:
            # it will be no better next time
            self.state = "failed"
            return 0

    def _list_place(self, key):
        if key.startswith(MAINLAND):
            zones = one_zone(int(MAINLAND))
            if zones is not None:
                return "|".join(zones), "CN"
        return self.env["cc.customer.task.line"]._place_of(key)

    def _list_done(self):
        self.write({"state": "done", "rows": False})

    def _taken(self):
        return SQL(
            """SELECT number_id, line_no, list_id IS DISTINCT FROM %(list)s
                 FROM cc_customer_task_line WHERE task_id = %(task)s""",
            list=self.id,
            task=self.task_id.id,
        )

    def _take_numbers(self):
        lines = self.env["cc.customer.task.line"]
        lines.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_customer_task_line
                       (task_id, number_id, number_display, name, partner_id, zones, country, active,
                        list_id, line_no, create_uid, write_uid, create_date, write_date)
                   SELECT %(task)s, row.number_id, row.display, coalesce(row.name, partner.complete_name),
                          row.partner_id, row.zones, row.country, true, %(list)s, row.line,
                          %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                     FROM (SELECT DISTINCT ON (number.id) number.id AS number_id, number.display,
                                  nullif(line.name, '') AS name, link.partner_id, line.zones,
                                  line.country, line.line
                             FROM cc_number_line line
                             JOIN cc_phone_number number ON number.key = line.key
                        LEFT JOIN LATERAL (%(partner)s) link ON true
                         ORDER BY number.id, line.line) row
                LEFT JOIN res_partner partner ON partner.id = row.partner_id
                 ORDER BY row.line
              ON CONFLICT (task_id, number_id) DO NOTHING""",
                task=self.task_id.id,
                list=self.id,
                uid=self.create_uid.id,
                partner=self._partner_of_number(),
            )
        )
        added = self.env.cr.rowcount
        self.found = self.found or bool(
            self.env.execute_query(
                SQL("SELECT 1 FROM cc_number_line WHERE key IS NOT NULL LIMIT 1")
            )
        )
        lines.invalidate_model()
        self.task_id.invalidate_recordset(["line_ids", "line_count"])
        if added:
            self.task_id._feed_campaigns()

    @api.readonly
    def progress(self):
        """How far the list is, as the page shows it.

        :return: like `cc.sms.job.progress`
        """
        self.ensure_one()
        self.check_access("read")
        bad, duplicates = self._left_out()
        [(added,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM cc_customer_task_line WHERE list_id = %s", self.id)
        )
        return {
            "state": self.state,
            "line_count": self.line_count,
            "line_read": self.line_read,
            "total": self.line_count,
            "waiting": self.line_count - self.line_read,
            "states": [{"state": "added", "label": self.env._("Added"), "count": added}],
            "bad": bad,
            "duplicates": duplicates,
        }

    def action_open_task(self):
        """Open the task that the customers went into."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.customer.task",
            "res_id": self.task_id.id,
            "views": [[False, "form"]],
        }
