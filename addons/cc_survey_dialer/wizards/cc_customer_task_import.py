# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.phone import phone_key
from odoo.exceptions import UserError

from ..utils import textfile

PREVIEW = 20
# files up to this size are read while one waits; bytes
AT_ONCE = 1_000_000
# bytes of a workbook that are read in the time of one byte of text
SHEET = 10


class CcCustomerTaskImport(models.TransientModel):
    """Takes a list of customers out of a file: shown before it is taken; then `cc.customer.task.list` reads it."""

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
    country_id = fields.Many2one(
        "res.country",
        "Country of the numbers",
        required=True,
        default=lambda self: self._default_country(),
        help="Where numbers without a country code are read.",
    )
    preview = fields.Html(compute="_compute_preview")

    @api.model
    def _default_country(self):
        code = self.env["cc.phone.number"]._company_country()
        return self.env["res.country"].search([("code", "=", code)], limit=1)

    def _sign(self):
        return {"auto": None, "tab": "\t"}.get(self.separator, self.separator)

    def _first_rows(self):
        """:return: ``(first rows as textfile.rows, name of the encoding)``"""
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        most = PREVIEW + 1
        if textfile.is_sheet(data):
            try:
                return textfile.sheet_rows(data, most), "Excel"
            except textfile.TooLarge as error:
                raise UserError(
                    self.env._(
                        "The Excel file is too large: unpacked it has more than %(most)s MB. Keep only the"
                        " columns with numbers and names, or save it as CSV.",
                        most=textfile.MOST_UNPACKED // 1_000_000,
                    )
                ) from error
            except textfile.Unreadable as error:
                raise UserError(self._unreadable()) from error
        text, encoding = textfile.decode(data, None if self.encoding == "auto" else self.encoding)
        return textfile.rows(text, self._sign(), most), textfile.LABELS[encoding]

    @staticmethod
    def _weight(data):
        """How long it takes to read, in bytes of text."""
        raw = base64.b64decode(data)
        return max(len(data), textfile.unpacked(raw) / SHEET if textfile.is_sheet(raw) else 0)

    def _unreadable(self):
        return self.env._("The Excel file cannot be read.")

    @api.depends("file", "encoding", "separator", "country_id")
    def _compute_guess(self):
        for wizard in self:
            rows = wizard._first_rows()[0] if wizard.file else []
            columns = max((len(cells) for _line, cells in rows), default=0)
            country = wizard.country_id.code

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
            rows, wizard.encoding_found = wizard._first_rows()
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
        """Add the numbers to the task: a small file at once, a large one in the background.

        :return: action that opens the list with its progress and the lines left out
        :raise UserError: there is no number at all
        """
        self.check_access("write")
        self.ensure_one()
        self.task_id.check_access("write")
        data = self.with_context(bin_size=False).file
        # sudo: cc.customer.task.list - lists are made here only; the task is the user's to fill
        list_sudo = (
            self.env["cc.customer.task.list"]
            .sudo()
            .create(
                {
                    "task_id": self.task_id.id,
                    "name": self.file_name or self.env._("List"),
                    "file": data,
                    "given_encoding": False if self.encoding == "auto" else self.encoding,
                    "separator": self._sign(),
                    "header": self.header,
                    "number_column": self.number_column,
                    "name_column": self.name_column,
                    "country": self.country_id.code,
                }
            )
        )
        if self._weight(data) > AT_ONCE:
            # sudo: ir.cron - work of the background, begun by whoever may import
            self.env.ref("cc_survey_dialer.cron_list_read").sudo()._trigger()
        else:
            while list_sudo.state == "reading":
                list_sudo._read_step()
            if list_sudo.state == "failed":
                raise UserError(self._unreadable())
            if not list_sudo.found:
                raise UserError(
                    self.env._(
                        "There is no phone number in column %(column)s.", column=self.number_column
                    )
                )
        return {
            "type": "ir.actions.act_window",
            "res_model": "cc.customer.task.list",
            "res_id": list_sudo.id,
            "views": [[False, "form"]],
        }
