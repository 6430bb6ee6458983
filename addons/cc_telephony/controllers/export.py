# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Names and notes come from strangers: in an export they stay text, whatever sign they begin with.

Times and ratios are in a file what they are on the screen: h:mm:ss, percent, averages of what applies.
"""

import io
import json
import re

import openpyxl
from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.addons.web.controllers import export, pivot
from odoo.http import request

# Odoo takes care of = + - itself; a Chinese Excel reads the wide signs as well
MORE_FORMULAS = ("@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# what xlsxwriter takes for a formula or a link
MADE_BY_XLSXWRITER = re.compile(r"\s*(=|\{=|(ftp|http)s?://|mailto:|(in|ex)ternal:)")


def _escaped(value):
    return f"'{value}" if isinstance(value, str) and value.startswith(MORE_FORMULAS) else value


#: How Excel shows them.
NUMBER_FORMATS = {"duration": "[h]:mm:ss", "ratio": "0.00%"}
DAY_S = 86400
SECONDS_IN_HEAD = re.compile(r"\s*[(\uff08](s|秒)[)\uff09]$")


def _kind(model, path):
    """Whether a field of ours, by its path from `model`, is a `duration`, a `ratio` or neither (None)."""
    *way, name = path.split("/")
    for step in way:
        field = model._fields.get(step)
        if not field or not field.comodel_name:
            return None
        model = model.env[field.comodel_name]
    field = model._fields.get(name)
    if not model._name.startswith("cc.") or not field or field.type != "float":
        return None
    if name.endswith("_s"):
        return "duration"
    return "ratio" if name in _exact(model) else None


def _exact(model):
    """Fields of which the average of a group is not that of its rows."""
    return model._counters() if hasattr(model, "_counters") else ()


def _marked(data):
    """What was asked for, with what kind of figure each column holds; times that read h:mm:ss are no seconds."""
    asked = json.loads(data)
    if not asked.get("import_compat"):
        model = request.env[asked["model"]]
        for field in asked["fields"]:
            field["cc_kind"] = _kind(model, field["name"])
            if field["cc_kind"] == "duration":
                field["label"] = SECONDS_IN_HEAD.sub("", field["label"].strip())
    return json.dumps(asked)


def _as_text(value, kind):
    if kind != "duration" or isinstance(value, (str, bool)) or value is None:
        return value
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


class CSVExport(export.CSVExport):
    """A spreadsheet that opens the file takes no cell for a formula."""

    def base(self, data):
        return super().base(_marked(data))

    def from_data(self, fields, columns_headers, rows):
        kinds = [field.get("cc_kind") for field in fields] or [None] * len(columns_headers)
        safe = [
            [_escaped(_as_text(value, kind)) for value, kind in zip(row, kinds, strict=True)]
            for row in rows
        ]
        return super().from_data(fields, columns_headers, safe)


class ExcelExport(export.ExcelExport):
    """Excel's own times and percentages: they can be added up."""

    def base(self, data):
        return super().base(_marked(data))


def _begin(self, *args):
    self.cc_styles = {}
    odoo_begin(self, *args)


def _write(self, row, column, cell_value, style=None):
    """Write a cell; a text as text: xlsxwriter makes formulas of `=…` and links of addresses."""
    if isinstance(cell_value, str) and cell_value:
        self.worksheet.write_string(row, column, cell_value, style)
        return
    kind = self.fields[column].get("cc_kind") if row else None
    if kind and isinstance(cell_value, (int, float)):
        is_head = style in (self.header_bold_style, self.header_bold_style_float)
        if (kind, is_head) not in self.cc_styles:
            look = {"num_format": NUMBER_FORMATS[kind], "text_wrap": True}
            head = {"bold": True, "bg_color": "#e9ecef"} if is_head else {}
            self.cc_styles[kind, is_head] = self.workbook.add_format({**look, **head})
        style = self.cc_styles[kind, is_head]
        cell_value = cell_value / DAY_S if kind == "duration" else cell_value
    self.worksheet.write(row, column, cell_value, style)


def _insert_leaf(self, group, data):
    """Build a leaf; each group on the way to it knows the rows in it."""
    nodes = [self]
    for name in self._groupby:
        nodes.append(nodes[-1].child(group.get(name)))
    for node in nodes:
        node.cc_ids = [*getattr(node, "cc_ids", ()), *group["id:array_agg"]]
    odoo_insert_leaf(self, group, data)


def _average(self, field_name, data):
    """The average of a group as the screen shows it."""
    if field_name not in _exact(self._model):
        return odoo_average(self, field_name, data)
    domain = [("id", "in", self.cc_ids)]
    [[average]] = self._model._read_group(domain, [], [f"{field_name}:avg"])
    # of a group to which it does not apply Odoo tells no number
    return average if isinstance(average, float) else None


# these classes are named by Odoo's own functions: there is no place where another could be put in
odoo_insert_leaf = export.GroupsTreeNode.insert_leaf
odoo_average = export.GroupsTreeNode._get_avg_aggregate
export.GroupsTreeNode.insert_leaf = _insert_leaf
export.GroupsTreeNode._get_avg_aggregate = _average
odoo_begin = export.ExportXlsxWriter.__init__
export.ExportXlsxWriter.__init__ = _begin
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
        answer = super().export_xlsx(json.dumps(table), **kw)
        marked = isinstance(table, dict) and [
            (y, x, cell)
            for y, row in enumerate(table["rows"], len(table["col_group_headers"]) + 1)
            for x, cell in enumerate(row["values"], 2)
            if cell.get("cc_kind") in NUMBER_FORMATS and isinstance(cell["value"], (int, float))
        ]
        if marked:
            book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
            below_heads = 1 if table["measure_headers"] else 0
            for y, x, cell in marked:
                shown = book.active.cell(y + below_heads, x)
                shown.value = cell["value"] / (DAY_S if cell["cc_kind"] == "duration" else 1)
                shown.number_format = NUMBER_FORMATS[cell["cc_kind"]]
            file = io.BytesIO()
            book.save(file)
            answer.set_data(file.getvalue())
        return answer
