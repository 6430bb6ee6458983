# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

import openpyxl
from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_key
from odoo.exceptions import UserError

from ..utils import textfile

PREVIEW = 20
BATCH = 5000
MOST_BAD = 500


class CcCustomerTaskImport(models.TransientModel):
    """Takes a list of customers out of a file: shown before it is taken, every bad line named."""

    _name = "cc.customer.task.import"
    _description = "Import customers into a task"

    task_id = fields.Many2one("cc.customer.task", "Customer task", required=True)
    file = fields.Binary(required=True)
    file_name = fields.Char()
    encoding = fields.Selection(
        [("auto", "Find out")]
        + [(name, label) for name, label in textfile.LABELS.items() if name != "utf-8-sig"],
        required=True,
        default="auto",
    )
    encoding_found = fields.Char("Encoding found", compute="_compute_preview")
    separator = fields.Selection(
        [("auto", "Find out"), (",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Bar")],
        required=True,
        default="auto",
    )
    header = fields.Boolean(
        "First line is a heading", compute="_compute_guess", store=True, readonly=False
    )
    number_column = fields.Integer(
        "Column of the number", compute="_compute_guess", store=True, readonly=False
    )
    name_column = fields.Integer(
        "Column of the name",
        compute="_compute_guess",
        store=True,
        readonly=False,
        help="0: there is none.",
    )
    preview = fields.Html(compute="_compute_preview")
    report = fields.Text(readonly=True)
    done = fields.Boolean()

    def _country(self):
        return self.env["cc.phone.number"]._company_country()

    def _rows(self):
        """:return: ``(rows as textfile.rows, name of the encoding)``"""
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if data[:2] == b"PK":
            return self._sheet_rows(data), "Excel"
        text, encoding = textfile.decode(data, None if self.encoding == "auto" else self.encoding)
        sign = {"auto": None, "tab": "\t"}.get(self.separator, self.separator)
        return textfile.rows(text, sign), textfile.LABELS[encoding]

    def _sheet_rows(self, data):
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            found = []
            for number, row in enumerate(book.active.iter_rows(values_only=True), 1):
                cells = [self._cell(value) for value in row]
                if any(cells):
                    found.append((number, cells))
            return found
        except Exception as error:
            raise UserError(self.env._("The Excel file cannot be read.")) from error

    @staticmethod
    def _cell(value):
        if value is None:
            return ""
        # spreadsheets keep numbers as floats
        return (
            str(int(value))
            if isinstance(value, float) and value.is_integer()
            else str(value).strip()
        )

    @api.depends("file", "encoding", "separator")
    def _compute_guess(self):
        for wizard in self:
            rows = wizard._rows()[0][: PREVIEW + 1] if wizard.file else []
            columns = max((len(cells) for _line, cells in rows), default=0)
            country = wizard._country()

            def numbers(column, rows=rows, country=country):
                return sum(
                    bool((phone_key(cells[column], country) or "").startswith("+"))
                    for _line, cells in rows
                    if column < len(cells)
                )

            best = max(range(columns), key=numbers, default=0)
            wizard.number_column = best + 1
            wizard.name_column = 0
            for column in range(columns):
                if column != best and any(
                    any(char.isalpha() for char in cells[column])
                    for _line, cells in rows
                    if column < len(cells)
                ):
                    wizard.name_column = column + 1
                    break
            first = rows[0][1] if rows else []
            wizard.header = bool(
                len(first) > best and not phone_key(first[best], country) and len(rows) > 1
            )

    @api.depends("file", "encoding", "separator", "header", "number_column", "name_column")
    def _compute_preview(self):
        for wizard in self:
            wizard.encoding_found, wizard.preview = False, False
            if not wizard.file:
                continue
            rows, wizard.encoding_found = wizard._rows()
            shown = rows[: PREVIEW + bool(wizard.header)]
            lines = Markup().join(
                Markup("<tr>%s</tr>")
                % Markup().join(
                    (
                        Markup("<th>%s</th>")
                        if (wizard.header and index == 0)
                        or column in (wizard.number_column, wizard.name_column)
                        else Markup("<td>%s</td>")
                    )
                    % cell[:60]
                    for column, cell in enumerate(cells[:12], 1)
                )
                for index, (_line, cells) in enumerate(shown)
            )
            wizard.preview = Markup("<table class='table table-sm'>%s</table>") % lines

    def action_import(self):
        """Add the numbers to the task.

        :raise UserError: the column does not exist, or there is no number at all
        """
        self.check_access("write")
        self.ensure_one()
        self.task_id.check_access("write")
        rows = self._rows()[0][1 if self.header else 0 :]
        column, name_column = self.number_column - 1, self.name_column - 1
        country = self._country()
        bad, pairs = [], []
        for line, cells in rows:
            text = cells[column] if 0 <= column < len(cells) else ""
            name = cells[name_column] if 0 <= name_column < len(cells) else ""
            if text and (phone_key(text, country) or "").startswith("+"):
                pairs.append((text, name))
            else:
                bad.append(line)
        if not pairs:
            raise UserError(
                self.env._(
                    "There is no phone number in column %(column)s.", column=self.number_column
                )
            )
        added = 0
        # sudo: cc.phone.number - rows are made by the system only; the task is the user's
        numbers_sudo = self.env["cc.phone.number"].sudo()
        for start in range(0, len(pairs), BATCH):
            part = pairs[start : start + BATCH]
            found = numbers_sudo._ingest([(text, country) for text, _name in part])
            rows_by_id = {}
            for text, name in part:
                number = found[text, country]
                partner = number._partners()[:1] if number.link_ids else self.env["res.partner"]
                rows_by_id.setdefault(
                    number.id,
                    (number.id, number.key, name or partner.display_name, partner.id or None, None),
                )
            added += self.task_id._add_rows(list(rows_by_id.values()))
        self.write({"done": True, "report": self._report_words(added, len(pairs) - added, bad)})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _report_words(self, added, again, bad):
        text = self.env._("Added: %(count)s", count=added)
        text += "\n" + self.env._(
            "Already in the task, or twice in the file: %(count)s", count=again
        )
        text += "\n" + self.env._("Lines without a number: %(count)s", count=len(bad))
        if bad:
            text += "\n" + self.env._("Lines: %(lines)s", lines=", ".join(map(str, bad[:MOST_BAD])))
        return text
