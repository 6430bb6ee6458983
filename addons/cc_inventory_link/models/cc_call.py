# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount

#: products that are offered for what was typed
OFFERED = 8


class CcCall(models.Model):
    """Selling while the customer is on the line; where their parcels are."""

    _inherit = "cc.call"

    @api.model
    def _cc_card_extra(self, call, agent):
        """The card says how many deliveries the customer waits for, to those who may see it."""
        extra = super()._cc_card_extra(call, agent)
        if not call.partner_id:
            return extra
        # as the agent: the field's group and the companies are theirs
        partner = call.partner_id.with_env(self.env(user=agent.user_id, su=False))
        if partner._has_field_access(partner._fields["cc_delivery_count"], "read"):
            # sudo: res.partner - a number of whoever is on the line, counted by the agent's companies
            count = partner.sudo().cc_delivery_count
            extra["cc_inventory_link"] = {"deliveries": count}
        return extra

    @api.readonly
    def cc_products(self, template_id, term="", rows=()):
        """What the call's panel offers while products are chosen, and what it says of the chosen ones.

        :param int template_id: the cc.ticket.template of the ticket that will be made
        :param str term: typed or scanned: part of the name, code, or a whole barcode
        :param rows: the chosen ones, as `[[product id, quantity]]`
        :return: `{found, rows, total}` with `{id, name, quantity, uom, price, amount, free, short}` each;
            `free` only for those who may see it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("cc_telephony.group_agent"):
            raise AccessError(self.env._("Only agents can sell."))
        template = self.env["cc.ticket.template"].browse(template_id)
        template.check_access("read")
        products = self.env["product.product"]
        for_sale = [("sale_ok", "=", True), ("type", "!=", "combo")]
        term = (term or "").strip()
        ids = []
        if term:
            ids = products.search([*for_sale, ("barcode", "=", term)], limit=1).ids or [
                id_ for id_, _name in products.name_search(term, for_sale, limit=OFFERED)
            ]
        ticket = self._cc_sale_preview(template)
        chosen = [ticket._cc_offer(*row) for row in ticket._cc_chosen(rows)]
        currency = ticket._cc_price_currency()
        return {
            "found": [ticket._cc_offer(product, 1) for product in products.browse(ids)],
            "rows": chosen,
            "total": format_amount(self.env, sum(row["amount"] for row in chosen), currency),
        }

    def _cc_sale_preview(self, template):
        """:return: the ticket as it would be made, for its prices and its stock"""
        # sudo: helpdesk.ticket.team - as when it is made, see `_cc_prepare`
        company = template.company_id or template.sudo().team_id.company_id or self.env.company
        return self.env["helpdesk.ticket"].new(
            {
                "cc_template_id": template.id,
                "company_id": company.id,
                "partner_id": self._cc_ticket_defaults()["partner_id"],
            }
        )
