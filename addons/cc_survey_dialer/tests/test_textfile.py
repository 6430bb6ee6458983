# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from unittest.mock import patch

import xlsxwriter

from odoo.tests import BaseCase

from ..utils import textfile
from ..utils.textfile import decode, detect, rows, separator

SIMPLE = "姓名,电话\r\n李伟,13800138001\r\n王芳,13800138002\r\n上海贸易有限公司,021-55550100\r\n"
TRADITIONAL = "姓名,電話\r\n陳美玲,0912345678\r\n林國華,0223456789\r\n臺北貿易公司,0287654321\r\n"


class TestTextfile(BaseCase):
    """Case 21: files as offices write them, in every encoding; names come out whole."""

    def test_encodings(self):
        for text, encoding, found in (
            (SIMPLE, "utf-8", "utf-8"),
            (SIMPLE, "utf-8-sig", "utf-8-sig"),
            (SIMPLE, "utf-16", "utf-16"),
            (SIMPLE, "gb18030", "gb18030"),
            (TRADITIONAL, "big5", "big5"),
            (TRADITIONAL, "utf-8", "utf-8"),
            ("Müller;089 123456\nGroß;030 901820\n", "latin-1", "latin-1"),
        ):
            data = text.encode(encoding)
            self.assertEqual(detect(data), found, encoding)
            self.assertEqual(decode(data)[0], text, encoding)

    def test_separators(self):
        self.assertEqual(separator("a;b;c\n1;2;3\n"), ";")
        self.assertEqual(separator("a\tb\n1,5\t2,5\n"), "\t")
        self.assertEqual(separator("13800138001\n13800138002\n"), ",")

    def test_rows(self):
        """Mixed line ends, empty lines, a quoted comma; the line's number is the file's."""
        text = 'name,phone\r\n"Li, Wei",1\n\n ,\nWang,2'
        self.assertEqual(
            rows(text), [(1, ["name", "phone"]), (2, ["Li, Wei", "1"]), (5, ["Wang", "2"])]
        )

    def test_texts_of_a_workbook(self):
        """A preview reads only the first of them, however many there are; a text in two colours is one."""
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet()
        sheet.write_rich_string(0, 0, "Li ", book.add_format({"bold": True}), "Wei")
        for n in range(1, 9):
            sheet.write_string(n, 0, f"Customer {n}")
        book.close()
        names = ["Li Wei", *(f"Customer {n}" for n in range(1, 9))]
        with patch.object(textfile, "MOST_TEXTS", 5):
            shown = [cells[0] for _line, cells in textfile.sheet_rows(out.getvalue(), 7)]
            self.assertEqual(shown, [*names[:5], "…", "…"])
            whole = [cells[0] for _line, cells in textfile.sheet_rows(out.getvalue())]
        self.assertEqual(whole, names)
