# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ...utils.phone import phone_region


class CcPhoneRegion(models.Model):
    """Where numbers are from, as their prefixes tell: what traffic is grouped by."""

    _name = "cc.phone.region"
    _description = "Region of phone numbers"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    country_id = fields.Many2one("res.country", index="btree_not_null")
    place = fields.Char(required=True, help="In English, what the region is found by.")

    _place_unique = models.UniqueIndex("(place, COALESCE(country_id, 0))", "This region exists.")

    @api.model
    def _cron_assign(self, limit=2000):
        """Give new numbers their region. The ingest has no time for it."""
        numbers = self.env["cc.phone.number"]
        domain = [("region_id", "=", False), ("key", "=like", "+%")]
        while found := numbers.search(domain, limit=limit, order="id"):
            found._assign_region()
            left = numbers.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(found), remaining=left):
                break


class CcPhoneNumber(models.Model):
    _inherit = "cc.phone.number"

    region_id = fields.Many2one(
        "cc.phone.region",
        "Region in reports",
        index="btree_not_null",
        ondelete="restrict",
        help="By the number's prefix; set within minutes of its first call.",
    )

    def _assign_region(self):
        """Find or make the regions of these numbers. What has no place of its own has its country's."""
        languages = self.env["res.lang"].get_installed()
        regions = {
            (region.place, region.country_id.id): region
            for region in self.env["cc.phone.region"].search([])
        }
        for number in self:
            country = number.country_id
            place = phone_region(number.key, "en_US") or country.with_context(lang="en_US").name
            key = (place or "?", country.id)
            if key not in regions:
                region = self.env["cc.phone.region"].create(
                    {"name": key[0], "place": key[0], "country_id": country.id}
                )
                for code, _name in languages:
                    word = phone_region(number.key, code) or country.with_context(lang=code).name
                    if word:
                        region.with_context(lang=code).name = word
                regions[key] = region
            number.region_id = regions[key]
