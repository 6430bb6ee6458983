# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """A customer with many numbers, found by any of them."""

    _inherit = "res.partner"

    phone_link_ids = fields.One2many(
        "cc.phone.link", "partner_id", "Numbers", groups="cc_telephony.group_agent"
    )
    cc_call_count = fields.Integer(
        "Calls", compute="_compute_cc_call_count", groups="cc_telephony.group_agent"
    )

    def _cc_phone_country(self):
        """:return: ISO code of the country in which this customer's numbers are written, or None"""
        self.ensure_one()
        country = self.country_id or self.company_id.country_id
        return country.code or self.env["cc.phone.number"]._company_country()

    @api.model
    def _cc_phone_fields(self):
        return [name for name in self._phone_get_number_fields() if name in self._fields]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._cc_sync_numbers()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if not {*self._cc_phone_fields(), "country_id", "company_id"}.isdisjoint(vals):
            self._cc_sync_numbers()
        return result

    def _cc_sync_numbers(self):
        """Bring the links in step with the phone fields, all customers at once."""
        written = {}  # (raw, country): partner ids
        for partner in self:
            for name in self._cc_phone_fields():
                if partner[name]:
                    pair = (partner[name], partner._cc_phone_country())
                    written.setdefault(pair, []).append(partner.id)
        # sudo: cc.phone.link - who may edit the customer may change what it is found by
        self.env["cc.phone.link"].sudo()._cc_sync("partner_id", self, written)

    def _cc_last_contact(self):
        """:return: ``{partner id: when the last call with this customer began}``, without those never called"""
        if not self.ids:
            return {}
        self.env["cc.call"].flush_model(["partner_id", "started_at"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT partner_id, max(started_at) FROM cc_call
                        WHERE partner_id = ANY(%(ids)s) AND started_at IS NOT NULL
                     GROUP BY partner_id""",
                    ids=self.ids,
                )
            )
        )

    def _cc_calls_domain(self):
        """:return: domain of the calls with these customers or people of theirs, as far as they are known"""
        return Domain("partner_id", "child_of", self.ids)

    def _compute_cc_call_count(self):
        for partner in self:
            partner.cc_call_count = self.env["cc.call"].search_count(partner._cc_calls_domain())

    def action_cc_calls(self):
        """Open this customer's calls."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("cc_telephony.cc_call_action")
        return {**action, "domain": list(self._cc_calls_domain()), "context": {"create": False}}
