# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
import zipfile
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..utils import textfile
from .common import CampaignCase


class TestImport(CampaignCase):
    """Case 21, DIA-01: lists from files, shown first, every bad line named."""

    def wizard(self, data, task=None, **values):
        return self.env["cc.customer.task.import"].create(
            {
                "task_id": (task or self.make_task()).id,
                "file": base64.b64encode(data),
                "file_name": "list.csv",
                **values,
            }
        )

    def take(self, wizard):
        """The list that the import made, with what it says of its lines."""
        made = self.env["cc.customer.task.list"].browse(wizard.action_import()["res_id"])
        self.env.invalidate_all()
        return made

    def left_out(self, made):
        return [(row.line_no, row.kind, row.first_line) for row in made.problem_ids]

    def test_gb18030(self):
        """A list from a Chinese spreadsheet: columns are found, names come out whole."""
        text = "姓名,城市,电话\r\n李伟,上海,13800138011\r\n王芳,南京,138-0013-8012\r\n张三,苏州,没有\r\n"
        wizard = self.wizard(text.encode("gb18030"))
        self.assertEqual(wizard.encoding_found, "GB18030")
        self.assertEqual((wizard.number_column, wizard.name_column), (3, 1))
        self.assertTrue(wizard.header)
        self.assertIn("李伟", wizard.preview)
        made = self.take(wizard)
        lines = wizard.task_id.line_ids
        self.assertEqual(lines.mapped("name"), ["李伟", "王芳"])
        self.assertEqual(lines.number_id.mapped("key"), ["+8613800138011", "+8613800138012"])
        self.assertEqual(made.progress()["states"][0]["count"], 2)
        self.assertEqual((made.encoding, made.state), ("GB18030", "done"))
        self.assertEqual(self.left_out(made), [(4, "text", 0)])

    def test_wrong_guess_is_corrected(self):
        """What was found out wrongly can be chosen."""
        wizard = self.wizard("陳美玲;0912345678\n".encode("big5"), encoding="gb18030")
        self.assertNotIn("陳美玲", wizard.preview)
        wizard.encoding = "big5"
        self.assertIn("陳美玲", wizard.preview)

    def test_chosen_with_mark(self):
        """A mark of the byte order is no sign of the first name, nor of the first number."""
        for encoding in ("auto", "utf-8"):
            data = "李伟,13800138011\n".encode("utf-8-sig")
            wizard = self.wizard(data, encoding=encoding)
            self.assertEqual(self.take(wizard).line_ids.name, "李伟")

    def test_again(self):
        """Who is in the task already, or twice in the file, is in it once."""
        task = self.make_task("13800138011")
        wizard = self.wizard(b"13800138011\n13800138012\n+86 13800138012\n", task)
        made = self.take(wizard)
        self.assertEqual(len(task.line_ids), 2)
        self.assertEqual(self.left_out(made), [(1, "present", 0), (3, "duplicate", 2)])

    def test_excel(self):
        """Numbers that a spreadsheet keeps as figures."""
        book = openpyxl.Workbook()
        book.active.append(["Name", "Phone"])
        book.active.append(["Li Wei", 13800138011.0])
        out = io.BytesIO()
        book.save(out)
        wizard = self.wizard(out.getvalue())
        self.assertEqual(wizard.encoding_found, "Excel")
        self.take(wizard)
        self.assertEqual(wizard.task_id.line_ids.number_id.key, "+8613800138011")

    def workbook(self, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def test_workbook_too_large(self):
        """A small file that unpacks to gigabytes is not unpacked."""
        data = self.workbook(["Li Wei", "13800138011"])
        # said as soon as the file is there
        with (
            patch.object(textfile, "MOST_UNPACKED", 100),
            self.assertRaisesRegex(UserError, "too large.*CSV"),
        ):
            self.wizard(data).preview  # noqa: B018

    def test_workbook_says_it_is_wide(self):
        """A sheet of two cells that calls itself 16384 columns wide and a million rows long is read at once."""
        parts = zipfile.ZipFile(io.BytesIO(self.workbook(["Li Wei", "13800138011"])))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as wide:
            for name in parts.namelist():
                data = parts.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    self.assertIn(b'ref="A1:B1"', data)
                    data = data.replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"')
                wide.writestr(name, data)
        self.assertEqual(textfile.sheet_rows(out.getvalue()), [(1, ["Li Wei", "13800138011"])])

    def test_large_workbook(self):
        """It is unpacked once, and read on from where it was after a kill."""
        rows = [["Name", "Phone"], *([f"Li\n{n}", f"1380014{n:04d}"] for n in range(50))]
        wizard = self.wizard(self.workbook(*rows))
        with (
            patch("odoo.addons.cc_survey_dialer.models.cc_number_list_mixin.CHUNK", 30),
            patch("odoo.addons.cc_survey_dialer.wizards.cc_customer_task_import.SHEET", 0.001),
        ):
            made = self.take(wizard)
            self.assertEqual((made.state, made.line_read), ("reading", 0))
            self.assertEqual(made._read_step(), 50)
            with patch.object(textfile, "sheet_rows") as unpacks:
                while made.state == "reading":
                    made._read_step()
            unpacks.assert_not_called()
        self.env.invalidate_all()
        self.assertEqual((made.encoding, made.line_count, made.rows), ("Excel", 50, False))
        self.assertEqual(len(made.task_id.line_ids), 50)
        last = made.task_id.line_ids[-1]
        self.assertEqual((last.name, last.line_no), ("Li 49", 51))

    def test_country(self):
        """Numbers without a country code are read in the country that is chosen."""
        wizard = self.wizard(b"0171 1234567\n", country_id=self.env.ref("base.de").id)
        self.assertEqual(self.take(wizard).line_ids.number_id.key, "+491711234567")

    @mute_logger("odoo.addons.cc_survey_dialer.models.cc_number_list_mixin")
    def test_one_does_not_hold_up_others(self):
        """Lists behind one that cannot be read are read; a broken file is not tried for ever."""
        files = (self.workbook(["13800138011"]), b"13800138012\n", b"13800138013\n")
        with patch("odoo.addons.cc_survey_dialer.wizards.cc_customer_task_import.AT_ONCE", 10):
            large, odd, good = [self.take(self.wizard(data)) for data in files]
        odd.given_encoding = "nonsense"
        with patch.object(textfile, "MOST_UNPACKED", 100):
            self.env["cc.customer.task.list"]._cron_read()
        self.assertEqual((large.state, odd.state, good.state), ("failed", "reading", "done"))
        self.assertEqual(good.line_ids.number_id.key, "+8613800138013")

    def test_open_quotation_mark(self):
        """A mark that is never closed is a sign of its line; the lines after it are read."""
        text = '"Li, Wei",13800138011\n"Wang,13800138012\nZhao,13800138013\nQian,13800138014'
        wizard = self.wizard(text.encode(), number_column=2, name_column=1, header=False)
        made = self.take(wizard)
        self.assertEqual(made.line_ids.mapped("name"), ["Li, Wei", '"Wang', "Zhao", "Qian"])
        self.assertEqual(made.line_ids.mapped("line_no"), [1, 2, 3, 4])
        self.assertFalse(made.problem_ids)

    def test_many_open_quotation_marks(self):
        """Each line opens one and closes that of the line before: marks are signs then, and it takes no time."""
        count = 4 * textfile.MOST_STRAY
        rows = textfile.rows("".join(f'a","b{n}\n' for n in range(count)), ",")
        self.assertEqual(rows[-1], (count, ['a"', f'"b{count - 1}']))
        self.assertEqual(len(rows), count)

    def test_no_number(self):
        with self.assertRaises(UserError):
            self.wizard(b"name\nLi Wei\n").action_import()

    def test_known_customer(self):
        """A number of a contact brings the contact."""
        partner = self.env["res.partner"].create({"name": "Known", "phone": "+86 138 0013 8011"})
        wizard = self.wizard(b"13800138011\n")
        wizard.action_import()
        self.assertEqual(wizard.task_id.line_ids.partner_id, partner)
        self.assertEqual(wizard.task_id.line_ids.name, "Known")

    def test_every_reason(self):
        """Each line left out is named with its reason; digits in it are masked."""
        text = "13800138011\nhello\n12345\n1380013801\n1380013801112345678\n\n13800138011 \n,Li\n"
        made = self.take(self.wizard(text.encode(), number_column=1, name_column=2, header=False))
        self.assertEqual(
            self.left_out(made),
            [
                (2, "text", 0),
                (3, "short", 0),
                (4, "invalid", 0),
                (5, "long", 0),
                (7, "duplicate", 1),
                (8, "text", 0),
            ],
        )
        self.assertEqual(made.problem_ids[2].text, "138••••01")
        self.assertEqual(made.progress()["bad"], 5)

    def test_killed_and_resumed(self):
        """A large file is read in the background, in steps that are kept (case 47)."""
        numbers = "\n".join(f"1380014{index:04d},Customer {index}" for index in range(100))
        wizard = self.wizard(numbers.encode(), number_column=1, name_column=2, header=False)
        with (
            patch("odoo.addons.cc_survey_dialer.models.cc_number_list_mixin.CHUNK", 30),
            patch("odoo.addons.cc_survey_dialer.wizards.cc_customer_task_import.AT_ONCE", 10),
        ):
            made = self.take(wizard)
            self.assertEqual((made.state, made.line_read), ("reading", 0))
            made._read_step()
            self.env.invalidate_all()
            self.assertEqual((made.line_read, len(made.line_ids)), (30, 30))
            # a step that was done twice changes nothing
            made.line_read = 0
            while made.state == "reading":
                made._read_step()
        self.env.invalidate_all()
        self.assertEqual(len(made.task_id.line_ids), 100)
        self.assertFalse(made.problem_ids)
        line = made.task_id.line_ids[57]
        self.assertEqual((line.name, line.line_no), ("Customer 57", 58))
        self.assertEqual((line.zones, line.country), ("Asia/Shanghai", "CN"))

    def test_running_campaign_is_fed(self):
        """What is imported into a task comes into its running campaign."""
        self.start()
        self.take(self.wizard(b"13800138077\n", self.task))
        self.assertTrue(self.entry("13800138077"))

    def test_place_as_one_by_one(self):
        """Zones and country of an imported number are those of a typed one."""
        numbers = ("+8613800138011", "+862155550100", "+12125550123", "+4915112345678")
        for key in numbers:
            lines = self.env["cc.customer.task.line"]
            self.assertEqual(
                self.env["cc.customer.task.list"]._list_place(key), lines._place_of(key)
            )
