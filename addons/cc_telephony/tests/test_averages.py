# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import io
import json
from types import SimpleNamespace
from unittest.mock import patch

import openpyxl

from odoo.tests import tagged

from ..controllers.export import CSVExport, ExcelExport, TableExporter
from .cases import CentreCase


@tagged("post_install", "-at_install")
class TestAverages(CentreCase):
    """TEL-13, TEL-41: a call that no queue held has no wait; it does not make the average better."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 7 s and 13 s until the answer; one dialled, one still waiting, one straight to the agent
        cls.calls = (
            cls.play_call(wait_s=3, ring_s=4)
            + cls.play_call(wait_s=10, ring_s=3, number="13800138001")
            + cls.play_call(direction="outbound", number="13800138002")
            + cls.play_call(until="queued", number="13800138003")
            + cls.play_call(queue=None, number="13800138004")
        )
        cls.domain = [("id", "in", cls.calls.ids)]

    def averages(self, model, domain, *by):
        rows = self.env[model].formatted_read_group(domain, list(by), ["wait_s:avg", "waited:sum"])
        return [(row["wait_s:avg"] or None, row["waited:sum"]) for row in rows]

    def test_only_who_waited_counts(self):
        self.assertEqual(self.calls.mapped("waited"), [1, 1, 0, 0, 0])
        self.assertEqual(self.averages("cc.call", self.domain), [(10.0, 2)])
        self.assertEqual(self.averages("cc.call", self.domain, "direction"), [(10.0, 2), (None, 0)])
        # by day and queue, as a pivot asks: two of Help, and those of no queue
        self.assertEqual(
            self.averages("cc.call", self.domain, "started_at:day", "queue_id"),
            [(10.0, 2), (None, 0)],
        )

    def test_a_visit_that_goes_on_does_not_count(self):
        domain = [("call_id", "in", self.calls.ids)]
        self.assertEqual(len(self.calls.visit_ids), 3)
        self.assertEqual(self.averages("cc.call.visit", domain), [(10.0, 2)])

    def exported(self, exporter, fields, groupby=(), import_compat=False):
        asked = {
            "model": "cc.call",
            "fields": [
                {"name": name, "label": label, "type": kind} for name, label, kind in fields
            ],
            "ids": [],
            "domain": self.domain,
            "groupby": list(groupby),
            "import_compat": import_compat,
        }
        request = SimpleNamespace(
            env=self.env,
            httprequest=SimpleNamespace(environ={"REMOTE_ADDR": "127.0.0.1"}),
            make_response=lambda data, headers: data,
        )
        with (
            patch("odoo.addons.web.controllers.export.request", request),
            patch("odoo.addons.cc_telephony.controllers.export.request", request),
        ):
            return exporter().base(json.dumps(asked))

    def test_a_grouped_export_has_the_screens_figures(self):
        fields = [("number_display", "Number", "char"), ("wait_s", "Wait (s)", "float")]
        data = self.exported(ExcelExport, fields, ["direction"])
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        self.assertEqual(sheet["B1"].value, "Wait")
        heads = {row[0].value: row[1] for row in sheet.iter_rows() if "(" in str(row[0].value)}
        inbound = next(cell for head, cell in heads.items() if head.endswith("(4)"))
        outbound = next(cell for head, cell in heads.items() if head.endswith("(1)"))
        self.assertEqual(inbound.number_format, "[h]:mm:ss")
        self.assertAlmostEqual(inbound.value.total_seconds(), 10)
        self.assertIsNone(outbound.value)
        # what has no wait leaves its cell empty, too: whoever averages the column gets the same
        cells = [row[1].value for row in sheet.iter_rows(min_row=2) if row[1] not in heads.values()]
        self.assertEqual(
            sorted(value.total_seconds() for value in cells if value is not None), [7.0, 13.0]
        )
        self.assertEqual(len(cells), 5)

    def test_times_in_files(self):
        self.calls[0].sudo().talk_s = 3723
        fields = [("talk_s", "Talk (s)", "float")]
        rows = list(csv.reader(io.StringIO(self.exported(CSVExport, fields))))
        self.assertEqual(rows[0], ["Talk"])
        self.assertIn(["1:02:03"], rows)
        # what Odoo is to read again stays a number
        rows = list(csv.reader(io.StringIO(self.exported(CSVExport, fields, import_compat=True))))
        self.assertIn(["3723.0"], rows)

    def test_times_in_a_pivots_file(self):
        table = {
            "model": "cc.call",
            "title": "Calls",
            "measure_count": 2,
            "col_group_headers": [[{"title": "Total", "width": 2, "height": 1}]],
            "measure_headers": [
                {"title": "Wait", "is_bold": False},
                {"title": "Count", "is_bold": False},
            ],
            "rows": [
                {
                    "title": "Total",
                    "indent": 0,
                    "values": [{"value": 3723, "cc_kind": "duration"}, {"value": 5}],
                }
            ],
        }
        self.env["ir.http"].routing_map()  # without it a route does not know its own type
        request = SimpleNamespace(make_response=lambda data, headers: data, env=self.env)
        with (
            patch("odoo.addons.web.controllers.pivot.request", request),
            patch.object(TableExporter, "env", self.env, create=True),
        ):
            answer = TableExporter().export_xlsx(json.dumps(table))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
        self.assertEqual(sheet["B3"].number_format, "[h]:mm:ss")
        self.assertAlmostEqual(sheet["B3"].value.total_seconds(), 3723)
        self.assertEqual(sheet["C3"].value, 5)
