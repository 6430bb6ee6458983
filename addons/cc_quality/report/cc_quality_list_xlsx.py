# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcQualityListXlsx(models.AbstractModel):
    """The calls of an inspection list with their scores, as an Excel file; its head says how they were drawn."""

    _name = "report.cc_quality.list_xlsx"
    _description = "Inspection list as Excel"
    _inherit = "report.report_xlsx.abstract"

    def generate_xlsx_report(self, workbook, data, lists):
        """A sheet a list; sheets that the user may not read are not in it."""
        lists.check_access("read")
        bold = workbook.add_format({"bold": True})
        when = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(lists, 1):
            sheet = workbook.add_worksheet(f"{number}")
            zone = self.env.user.tz or "UTC"
            head = [
                (self.env._("Inspection list"), row.name),
                (self.env._("Template"), row.version_id.display_name or ""),
                (
                    self.env._("Period"),
                    self.env._(
                        "%(begin)s to %(end)s (%(zone)s)",
                        begin=self._local(row.date_from),
                        end=self._local(row.date_to),
                        zone=zone,
                    ),
                ),
                (self.env._("Calls that qualify"), row.candidate_count),
                (self.env._("Hash of these calls"), row.candidate_hash or ""),
                (self.env._("Seed"), row.seed or ""),
                (self.env._("Version of the rule"), row.rule_version),
                (self.env._("Found"), row.found_text or ""),
            ]
            for line, (label, value) in enumerate(head):
                sheet.write(line, 0, label, bold)
                self._text(sheet, line, 1, value)
            labels = [
                self.env._("Call"),
                self.env._("Agent"),
                self.env._("Department"),
                self.env._("Talk (s)"),
                self.env._("Inspector"),
                self.env._("State"),
                self.env._("Points"),
                self.env._("Possible points"),
                self.env._("Result (%)"),
            ]
            top = len(head) + 1
            for column, label in enumerate(labels):
                sheet.write(top, column, label, bold)
            states = dict(
                self.env["cc.quality.sheet"]._fields["state"]._description_selection(self.env)
            )
            for line, one in enumerate(row.sheet_ids.sorted("id"), top + 1):
                start = one.call_started_at
                if start:
                    local = fields.Datetime.context_timestamp(self, start).replace(tzinfo=None)
                    sheet.write_datetime(line, 0, local, when)
                self._text(sheet, line, 1, one.agent_id.display_name or "")
                self._text(sheet, line, 2, one.department_id.name or "")
                sheet.write_number(line, 3, one.talk_s)
                self._text(sheet, line, 4, one.inspector_id.name or "")
                self._text(sheet, line, 5, states[one.state])
                if one.state == "done":
                    sheet.write_number(line, 6, one.given)
                    sheet.write_number(line, 7, one.possible)
                    if one.rated:
                        sheet.write_number(line, 8, one.percent)
                    else:
                        self._text(sheet, line, 8, one.result_text)
            sheet.set_column(0, 1, 24)
            sheet.set_column(2, 8, 14)

    def _local(self, moment):
        return f"{fields.Datetime.context_timestamp(self, moment):%Y-%m-%d %H:%M:%S}"

    def _text(self, sheet, line, column, value):
        """People's text is never a formula."""
        if isinstance(value, int | float):
            sheet.write_number(line, column, value)
        else:
            sheet.write_string(line, column, value)
