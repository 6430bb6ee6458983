# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class CcCallNote(models.Model):
    """What one person writes about a call; read together as the call's note. The ingest never writes here.

    Purpose and source are the call's own: shown and chosen here, kept there.
    """

    _name = "cc.call.note"
    _description = "Call note"
    _rec_name = "call_id"

    call_id = fields.Many2one("cc.call", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="call_id.company_id")
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    note = fields.Text()
    purpose_id = fields.Many2one(
        "cc.call.purpose",
        compute="_compute_chosen",
        inverse="_inverse_purpose_id",
        search="_search_purpose_id",
    )
    source_id = fields.Many2one(
        "cc.call.source",
        compute="_compute_chosen",
        inverse="_inverse_source_id",
        search="_search_source_id",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_chosen",
        inverse="_inverse_partner_id",
        search="_search_partner_id",
        help="Choose a contact if the number belongs to several.",
    )

    _author_unique = models.UniqueIndex(
        "(call_id, author_id)", "You already have a note on this call."
    )

    @api.depends("call_id.purpose_id", "call_id.source_id", "call_id.partner_id")
    def _compute_chosen(self):
        for row in self:
            row.purpose_id = row.call_id.purpose_id
            row.source_id = row.call_id.source_id
            row.partner_id = row.call_id.partner_id

    def _inverse_purpose_id(self):
        self._choose("purpose_id")

    def _inverse_source_id(self):
        self._choose("source_id")

    def _inverse_partner_id(self):
        self._choose("partner_id")

    def _choose(self, name):
        for row in self:
            row.call_id._cc_choose({name: row[name].id})

    @api.model
    def _search_purpose_id(self, operator, value):
        return [("call_id.purpose_id", operator, value)]

    @api.model
    def _search_source_id(self, operator, value):
        return [("call_id.source_id", operator, value)]

    @api.model
    def _search_partner_id(self, operator, value):
        return [("call_id.partner_id", operator, value)]

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: not one's own name, or a call that one may not read"""
        if not self.env.su:
            if any(vals.get("author_id", self.env.uid) != self.env.uid for vals in vals_list):
                raise AccessError(self.env._("You can only write notes in your own name."))
            calls = self.env["cc.call"].browse([vals.get("call_id") for vals in vals_list])
            calls.check_access("read")
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: a note stays with its call and its author"""
        if any(
            name in vals and any(row[name].id != vals[name] for row in self.sudo())
            for name in ("call_id", "author_id")
        ):
            raise AccessError(self.env._("A note cannot be moved to another call or author."))
        return super().write(vals)
