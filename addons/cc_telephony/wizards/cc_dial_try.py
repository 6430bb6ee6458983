# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcDialTry(models.TransientModel):
    """Shows what the PBX will dial for a number. Nothing of it is kept."""

    _name = "cc.dial.try"
    _description = "Try a number"

    pbx_id = fields.Many2one("cc.pbx", "PBX", required=True)
    number = fields.Char(store=False, help="Enter it as an agent would.")
    shown = fields.Char("Understood as", compute="_compute_dialled")
    dialled = fields.Char(compute="_compute_dialled")
    rule_id = fields.Many2one("cc.dial.rule", "Matching rule", compute="_compute_dialled")
    trunk = fields.Char(compute="_compute_dialled")
    caller_id = fields.Char("Caller ID shown", compute="_compute_dialled")
    trouble = fields.Char(compute="_compute_dialled")

    @api.depends("number", "pbx_id")
    def _compute_dialled(self):
        for row in self:
            row.update(dict.fromkeys(("shown", "dialled", "rule_id", "trunk", "caller_id"), False))
            row.trouble = False
            if not row.number or not row.pbx_id:
                continue
            row.pbx_id.check_access("read")
            country = row.pbx_id._country_code()
            number = self.env["cc.phone.number"]._unsaved(row.number, country)
            if not number:
                row.trouble = self.env._("“%(number)s” cannot be dialled.", number=row.number)
                continue
            # sudo: cc.phone.number - the trunk's own number is no customer's
            found = row.pbx_id.sudo()._dialled(number)
            row.shown = number.display
            row.dialled = found["number"]
            row.rule_id = found["rule"].id
            row.trunk = found["trunk"]
            row.caller_id = found["caller_id"]
