# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from ..utils import check_finite_rows

#: agents see what they sell, stock users what they send; portal users read tickets, but none of this
SELLS = "cc_telephony.group_agent,stock.group_stock_user"
#: how much is there and where it is: agents, unless an administrator takes it from their role
SEES = "cc_inventory_link.group_sees_stock,stock.group_stock_user"
#: above it a quantity is a slip of the finger, or somebody who tries what holds
MOST = 1_000_000
#: of PostgreSQL's integers
LARGEST_ID = 2**31 - 1
#: nobody's to write
OWN = ("cc_return_of_id", "cc_sale_ids", "cc_return_picking_ids")


class HelpdeskTicket(models.Model):
    """A sales ticket takes its products from stock, and gives them back when it is sent back."""

    _inherit = "helpdesk.ticket"

    cc_sells = fields.Boolean(related="cc_template_id.cc_sells", groups=SELLS)
    cc_line_ids = fields.One2many(
        "cc.ticket.line", "ticket_id", "Products", copy=False, groups=SELLS
    )
    cc_sale_ids = fields.One2many("sale.order", "cc_ticket_id", "Orders", groups=SELLS)
    cc_return_of_id = fields.Many2one(
        "helpdesk.ticket",
        "Return of",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        groups=SELLS,
    )
    cc_return_picking_ids = fields.One2many(
        "stock.picking", "cc_return_ticket_id", "Returns", groups=SELLS
    )
    cc_sale_amount = fields.Monetary(
        "Total",
        compute="_compute_cc_sale_amount",
        compute_sudo=True,
        currency_field="cc_currency_id",
        groups=SELLS,
    )
    cc_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the sale",
        compute="_compute_cc_sale_amount",
        compute_sudo=True,
        groups=SELLS,
    )
    cc_stock_state = fields.Selection(
        [
            ("open", "Not taken"),
            ("waiting", "Waiting for stock"),
            ("reserved", "Reserved"),
            ("partial", "Partly delivered"),
            ("delivered", "Delivered"),
            ("restored", "Back in stock"),
            ("sold", "Nothing to deliver"),
            ("returning", "Return expected"),
            ("kept", "Return cancelled"),
        ],
        "Stock",
        compute="_compute_cc_stock_state",
        compute_sudo=True,
        groups=SEES,
    )
    cc_delivery_text = fields.Char(
        "Delivery", compute="_compute_cc_stock_state", compute_sudo=True, groups=SEES
    )
    cc_products_fixed = fields.Boolean(
        "Products fixed",
        compute="_compute_cc_stock_state",
        compute_sudo=True,
        groups=SELLS,
        help="Its products are taken, or it is a return.",
    )
    cc_returnable = fields.Boolean(
        "Can come back",
        compute="_compute_cc_stock_state",
        compute_sudo=True,
        groups=SELLS,
        help="Something of it is with the customer.",
    )

    @api.depends("cc_line_ids.amount", "cc_line_ids.currency_id")
    def _compute_cc_sale_amount(self):
        for ticket in self:
            ticket.cc_sale_amount = sum(ticket.cc_line_ids.mapped("amount"))
            ticket.cc_currency_id = (
                ticket.cc_line_ids.currency_id[:1] or ticket._cc_price_currency()
            )

    @api.depends(
        "cc_line_ids.sale_line_id.move_ids.state",
        "cc_line_ids.sold_line_id",
        "cc_return_picking_ids.state",
    )
    def _compute_cc_stock_state(self):
        for ticket in self:
            ticket.cc_stock_state = ticket._cc_stock_word()
            pickings = ticket._cc_pickings()
            words = dict(pickings._fields["state"]._description_selection(self.env))
            ticket.cc_delivery_text = ", ".join(
                f"{picking.name}: {words[picking.state]}" for picking in pickings
            )
            lines = ticket.cc_line_ids
            ticket.cc_products_fixed = bool(
                ticket.cc_return_of_id or any(line._is_taken() for line in lines)
            )
            ticket.cc_returnable = not ticket.cc_return_of_id and any(
                line.uom_id.compare(line.delivered_qty, line.returned_qty) > 0 for line in lines
            )

    def _cc_stock_word(self):
        """:return: where the goods of this ticket are, a key of `cc_stock_state`; False without products"""
        lines = self.cc_line_ids
        if not lines:
            return False
        if self.cc_return_of_id:
            states = set(self.cc_return_picking_ids.mapped("state"))
            if states == {"cancel"}:
                return "kept"
            return "restored" if states and states <= {"done", "cancel"} else "returning"
        taken = lines.filtered("sale_line_id")
        if not taken:
            return "open"
        # services are sold with the goods, and never delivered
        goods = taken.filtered(lambda line: line.product_id.type == "consu")
        if not goods:
            return "sold"

        def all_of(amount):
            return all(line.uom_id.compare(amount(line), line.quantity) >= 0 for line in goods)

        if all(order.state == "cancel" for order in goods.sale_line_id.order_id):
            out = goods.filtered(
                lambda line: line.uom_id.compare(line.delivered_qty, line.returned_qty) > 0
            )
            if not out:
                return "restored"
            return "partial" if any(line._is_taken() for line in out) else "returning"
        if all_of(lambda line: line.returned_qty):
            return "restored"
        if all_of(lambda line: line.delivered_qty):
            return "delivered"
        if any(line.delivered_qty for line in goods):
            return "partial"
        if any(not line.uom_id.is_zero(line.waiting_qty) for line in goods):
            return "waiting"
        return "reserved"

    def _cc_pickings(self):
        return (
            self.cc_line_ids.sale_line_id.move_ids.picking_id | self.cc_return_picking_ids
        ).sorted("id")

    # ---- what only the flow writes ----

    @api.model_create_multi
    def create(self, vals_list):
        check_finite_rows(self.env, vals_list, "cc_line_ids", ("quantity", "price_unit"))
        for vals in vals_list:
            self._cc_check_own(vals)
            if self.env.su:
                continue
            # a ticket of a template is made with superuser rights, and its lines with it
            for command in vals.get("cc_line_ids") or ():
                if command[0] != Command.CREATE:
                    raise AccessError(
                        self.env._("A product line cannot be moved to another ticket.")
                    )
                self.env["cc.ticket.line"]._check_guarded(command[2])
        return super().create(vals_list)

    def write(self, vals):
        # emptied, too: a return that is none any more would sell its goods once more
        self._cc_check_own(dict.fromkeys(vals, True))
        return super().write(vals)

    def _cc_check_own(self, vals):
        """:raise AccessError: somebody writes what only the flow does"""
        if not self.env.su and any(vals.get(name) for name in OWN):
            raise AccessError(
                self.env._("Only the ticket's flow can record what was sold or returned.")
            )

    # ---- price and availability, for whoever sells ----

    def _cc_warehouse(self):
        """:return: where this ticket's products come from: a warehouse of its own company"""
        # sudo: cc.ticket.template - agents need no stock rights to sell
        company = self.company_id or self.env.company
        return self.sudo().cc_template_id._cc_warehouse_of(company)

    def _cc_price_currency(self):
        """:return: the currency of this customer's prices"""
        company = self.company_id or self.env.company
        # sudo: product.pricelist - agents need no sales rights to sell
        partner_sudo = self.sudo().partner_id.with_company(company)
        return partner_sudo.property_product_pricelist.currency_id or company.currency_id

    def _cc_price(self, product, quantity=1.0, uom=None):
        """:return: what the customer pays for one `uom` of the product when `quantity` are bought"""
        company = self.company_id or self.env.company
        # sudo: product.pricelist - agents need no sales rights to sell
        product_sudo = product.sudo().with_company(company)
        if not product_sudo:
            return 0.0
        uom = uom or product_sudo.uom_id
        pricelist_sudo = self.sudo().partner_id.with_company(company).property_product_pricelist
        if pricelist_sudo:
            return pricelist_sudo._get_product_price(product_sudo, quantity or 1.0, uom=uom)
        price = product_sudo.uom_id._compute_price(product_sudo.lst_price, uom)
        own = product_sudo.currency_id or company.currency_id
        return own._convert(price, company.currency_id, company) if own else price

    def _cc_free(self, product, uom=None):
        """:return: how much of a product may be promised now, in `uom`, at this ticket's warehouse"""
        if not product:
            return 0.0
        warehouse = self._cc_warehouse()
        # sudo: product.product, stock.quant - agents need no stock rights to sell
        product_sudo = product.sudo().with_company(self.company_id or self.env.company)
        if not warehouse:
            return 0.0
        # where sales are taken from: neither the goods-in nor a shelf that is not for sale
        free = product_sudo.with_context(location=warehouse.lot_stock_id.id).free_qty
        return product_sudo.uom_id._compute_quantity(free, uom) if uom else free

    @api.model
    def _cc_chosen(self, rows):
        """What a browser says was chosen, as `[(product, quantity)]`.

        :raise UserError: it isn't `[[product id, quantity]]`
        """
        try:
            chosen = [(int(product), float(quantity)) for product, quantity in rows or ()]
            right = all(0 < id_ <= LARGEST_ID and quantity <= MOST for id_, quantity in chosen)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(self.env._("Choose products and their quantities.")) from error
        if not right:
            raise UserError(self.env._("Choose products and their quantities."))
        products = self.env["product.product"].browse(id_ for id_, _quantity in chosen)
        products.check_access("read")
        return [(products.browse(id_), quantity) for id_, quantity in chosen]

    def _cc_offer(self, product, quantity):
        """:return: what the call's panel shows of a product, see `cc.call.cc_products`"""
        price = self._cc_price(product, quantity)
        free = self._cc_free(product)
        currency = self._cc_price_currency()
        offer = {
            "id": product.id,
            "name": product.display_name,
            "quantity": quantity,
            "uom": product.uom_id.name,
            "price": format_amount(self.env, price, currency),
            "amount": price * quantity,
        }
        if self.env.user.has_groups(SEES) and product.is_storable:
            offer |= {"free": free, "short": product.uom_id.compare(free, quantity) < 0}
        return offer

    @api.model
    def _cc_panel_values(self, values):
        """The products that were chosen in the call's panel: `values["products"]`, `[[id, quantity]]`."""
        chosen = self._cc_chosen(values.get("products"))
        lines = [
            Command.create({"product_id": product.id, "quantity": quantity})
            for product, quantity in chosen
        ]
        more = {"cc_line_ids": lines} if lines else {}
        return {**super()._cc_panel_values(values), **more}

    def _cc_panel_marks(self):
        """The call's panel says where the goods are."""
        marks = super()._cc_panel_marks()
        if self._has_field_access(self._fields["cc_stock_state"], "read") and self.cc_stock_state:
            words = dict(self._fields["cc_stock_state"]._description_selection(self.env))
            marks.append(
                {
                    "key": f"stock_{self.cc_stock_state}",
                    "text": words[self.cc_stock_state],
                    "more": self.cc_delivery_text or "",
                }
            )
            if self.cc_sale_amount:
                marks.append(
                    {
                        "key": "amount",
                        "text": format_amount(self.env, self.cc_sale_amount, self.cc_currency_id),
                        "more": "",
                    }
                )
        return marks
