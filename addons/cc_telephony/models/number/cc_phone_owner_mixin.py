# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcPhoneOwnerMixin(models.AbstractModel):
    """Rows with one phone number of their own: a campaign's contact, a ticket's caller, a request's.

    The number itself stands in `cc.phone.number` only; `number` is typed in any form and shown in one.
    """

    _name = "cc.phone.owner.mixin"
    _description = "Has a phone number"

    number_id = fields.Many2one(
        "cc.phone.number", "Phone number", index="btree_not_null", ondelete="restrict", copy=False
    )
    number_display = fields.Char(
        "Displayed number", related="number_id.display", store=True, related_sudo=True
    )
    number = fields.Char(
        compute="_compute_number",
        inverse="_inverse_number",
        help="Enter it in any format: +86 138 0013 8000, 13800138000, 0086-138…",
    )

    @api.depends("number_display")
    def _compute_number(self):
        for row in self:
            row.number = row.number_display

    def _inverse_number(self):
        """:raise ValidationError: there is no phone number in what was typed"""
        links = self.env["cc.phone.link"]
        for row in self:
            if not row.number:
                row.number_id = False
            elif row.number != row.number_display:
                # what is shown already is not read again in another country
                row.number_id = links._number_of(row.number, row._cc_phone_country())
        # shown in its one form from now on, not as typed
        self.invalidate_recordset(["number"])

    def _cc_phone_country(self):
        """:return: ISO code of the country in which this row's number is written, or None"""
        self.ensure_one()
        return self.env["cc.phone.number"]._company_country()
