# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError

from ..utils.times import now


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging customers joins their numbers."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """:raise AccessError: customers with calls or an owner become one only where nobody gains by it"""
        partners = self.env["res.partner"].browse(partner_ids)
        if not self.env.user.has_group("cc_telephony.group_manager"):
            # sudo: res.partner, cc.call - whose the customers are
            owners = [partner._cc_owner().id for partner in partners.sudo().exists()]
            calls_sudo = self.env["cc.call"].sudo()
            called = calls_sudo._read_group([("partner_id", "in", partner_ids)], ["partner_id"])
            if len(set(owners)) > 1 and (called or any(owners)):
                raise AccessError(
                    self.env._("Only managers can merge contacts of different owners.")
                )
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)

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
            # sudo: cc.customer.owner - one customer has one owner: the destination's stays
            owners_sudo = self.env["cc.customer.owner"].sudo()
            current_sudo = owners_sudo.search(
                [("partner_id", "in", (src_records | dst_record).ids), ("ended_at", "=", False)]
            ).sorted(lambda row: row.partner_id != dst_record)
            current_sudo[1:].write({"ended_at": now(), "ended_by_id": self.env.uid})
            owners_sudo.flush_model()
        return super()._update_foreign_keys_generic(model, src_records, dst_record)
