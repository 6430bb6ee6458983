# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

import openpyxl

from odoo.exceptions import UserError

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

    def test_gb18030(self):
        """A list from a Chinese spreadsheet: columns are found, names come out whole."""
        text = "姓名,城市,电话\r\n李伟,上海,13800138011\r\n王芳,南京,138-0013-8012\r\n张三,苏州,没有\r\n"
        wizard = self.wizard(text.encode("gb18030"))
        self.assertEqual(wizard.encoding_found, "GB18030")
        self.assertEqual((wizard.number_column, wizard.name_column), (3, 1))
        self.assertTrue(wizard.header)
        self.assertIn("李伟", wizard.preview)
        wizard.action_import()
        lines = wizard.task_id.line_ids
        self.assertEqual(lines.mapped("name"), ["李伟", "王芳"])
        self.assertEqual(lines.number_id.mapped("key"), ["+8613800138011", "+8613800138012"])
        self.assertIn("Added: 2", wizard.report)
        self.assertIn("Lines: 4", wizard.report)

    def test_wrong_guess_is_corrected(self):
        """What was found out wrongly can be chosen."""
        wizard = self.wizard("陳美玲;0912345678\n".encode("big5"), encoding="gb18030")
        self.assertNotIn("陳美玲", wizard.preview)
        wizard.encoding = "big5"
        self.assertIn("陳美玲", wizard.preview)

    def test_again(self):
        """Who is in the task already, or twice in the file, is in it once."""
        task = self.make_task("13800138011")
        wizard = self.wizard(b"13800138011\n13800138012\n+86 13800138012\n", task)
        wizard.action_import()
        self.assertEqual(len(task.line_ids), 2)
        self.assertIn("twice in the file: 2", wizard.report)

    def test_excel(self):
        """Numbers that a spreadsheet keeps as figures."""
        book = openpyxl.Workbook()
        book.active.append(["Name", "Phone"])
        book.active.append(["Li Wei", 13800138011.0])
        out = io.BytesIO()
        book.save(out)
        wizard = self.wizard(out.getvalue())
        self.assertEqual(wizard.encoding_found, "Excel")
        wizard.action_import()
        self.assertEqual(wizard.task_id.line_ids.number_id.key, "+8613800138011")

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
