# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging customers joins their numbers."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        """Move the numbers one by one: the generic way deletes all of a customer's when one is double."""
        if model == "res.partner":
            # sudo: cc.phone.link - who may merge customers may merge what they are found by
            links_sudo = self.env["cc.phone.link"].sudo()
            have = links_sudo.search([("partner_id", "=", dst_record.id)])
            by_number = {link.number_id: link for link in have}
            for link in links_sudo.search([("partner_id", "in", src_records.ids)]):
                kept = by_number.setdefault(link.number_id, link)
                if kept == link:
                    # by hand from now on: the phone field it came from goes with its customer
                    link.write({"partner_id": dst_record.id, "synced": False})
                else:
                    main = link.main
                    link.unlink()
                    if main:
                        kept.main = True
            links_sudo.flush_model()
        return super()._update_foreign_keys_generic(model, src_records, dst_record)
