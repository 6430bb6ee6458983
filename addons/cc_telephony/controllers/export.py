# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Names and notes come from strangers: in an export they stay text, whatever sign they begin with."""

import json
import re

from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.addons.web.controllers import export, pivot

# Odoo takes care of = + - itself; a Chinese Excel reads the wide signs as well
MORE_FORMULAS = ("@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# what xlsxwriter takes for a formula or a link
MADE_BY_XLSXWRITER = re.compile(r"\s*(=|\{=|(ftp|http)s?://|mailto:|(in|ex)ternal:)")


def _escaped(value):
    return f"'{value}" if isinstance(value, str) and value.startswith(MORE_FORMULAS) else value


class CSVExport(export.CSVExport):
    """A spreadsheet that opens the file takes no cell for a formula."""

    def from_data(self, fields, columns_headers, rows):
        safe = [[_escaped(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, safe)


def _write(self, row, column, cell_value, style=None):
    """Write a cell; a text as text: xlsxwriter makes formulas of `=…` and links of addresses."""
    if isinstance(cell_value, str) and cell_value:
        self.worksheet.write_string(row, column, cell_value, style)
    else:
        self.worksheet.write(row, column, cell_value, style)


# the class is named by Odoo's own functions: there is no place where another could be put in
export.ExportXlsxWriter.write = _write


class TableExporter(pivot.TableExporter):
    """A pivot's heads are names of groups: of callers, of customers."""

    @http.route()
    def export_xlsx(self, data, **kw):
        table = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        if isinstance(table, dict):
            heads = [head for row in table.get("col_group_headers", ()) for head in row]
            for named in (*heads, *table.get("measure_headers", ()), *table.get("rows", ())):
                if isinstance(named.get("title"), str) and MADE_BY_XLSXWRITER.match(named["title"]):
                    named["title"] = f"'{named['title']}"
        return super().export_xlsx(json.dumps(table), **kw)
