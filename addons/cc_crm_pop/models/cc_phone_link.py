# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcPhoneLink(models.Model):
    """A number may be a lead's, too, until the lead has a customer."""

    _inherit = "cc.phone.link"

    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="cascade")

    _lead_unique = models.Constraint(
        "UNIQUE (number_id, lead_id)", "This lead already has this number."
    )

    @api.model
    def _cc_owner_fields(self):
        return [*super()._cc_owner_fields(), "lead_id"]

    @api.depends("lead_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _cc_move_to_partner(self):
        """Make the numbers of leads those of the customers that the leads have now."""
        for link in self:
            partner = link.lead_id.partner_id
            domain = [("partner_id", "=", partner.id), ("number_id", "=", link.number_id.id)]
            if self.search_count(domain, limit=1):
                link.unlink()
            else:
                link.write({"partner_id": partner.id, "lead_id": False, "synced": False})
