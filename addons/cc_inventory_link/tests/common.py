# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.addons.cc_ticket.tests.common import TicketMixin
from odoo.tests import Form


class StockMixin(TicketMixin):
    """The centre with a warehouse, products, and a template that sells.

    Its flow: Service packs (may send back) → the creator closes. Headset: 52.0 cost, 89.0 price, 10 in stock.
    """

    @classmethod
    def make_stock(cls):
        cls.make_tickets()
        env = cls.env
        if not env.company.chart_template:
            env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company, install_demo=False
            )
        cls.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.category = category = env["product.category"].create(
            {"name": "Valued", "property_cost_method": "average", "property_valuation": "periodic"}
        )
        cls.headset, cls.kettle, cls.phone = env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "list_price": price,
                    "standard_price": cost,
                    "categ_id": category.id,
                    "tracking": tracking,
                    "company_id": cls.company.id,
                }
                for name, price, cost, tracking in (
                    ("Headset", 89.0, 52.0, "none"),
                    ("Kettle", 39.0, 21.0, "none"),
                    ("Desk phone", 120.0, 70.0, "serial"),
                )
            ]
        )
        cls.put(cls.headset, 10)
        keeper = cls.env.ref("cc_inventory_link.group_stock_keeper")
        cls.keeper = cls.user("cc_keeper", keeper)
        cls.finance = cls.user("cc_finance", cls.env.ref("cc_inventory_link.group_finance"))
        cls.vendor = env["res.partner"].create({"name": "Maker", "supplier_rank": 1})
        cls.template = cls.make_template(
            "Sale",
            [
                {
                    "code": "sell",
                    "name": "Take the order",
                    "handler_kind": "creator",
                    "exit_ids": [Command.create({"condition": "[]", "target": "pack"})],
                },
                {
                    "code": "pack",
                    "name": "Pack",
                    "handler_kind": "department",
                    "handler_department_id": cls.service.id,
                    "may_send_back": True,
                    "may_close": True,
                },
            ],
            cc_sells=True,
            cc_warehouse_id=cls.warehouse.id,
        )

    @classmethod
    def user(cls, login, group):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.link(group.id)],
            }
        )

    @classmethod
    def put(cls, product, quantity, lot=None):
        """An inventory says that so much is there."""
        cls.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": cls.warehouse.lot_stock_id.id,
                "inventory_quantity": quantity,
                "lot_id": lot.id if lot else False,
            }
        ).action_apply_inventory()

    def sale(self, lines, start=True, agent=None):
        """A sales ticket of Ann's: `lines` are (product, quantity) or (product, quantity, values)."""
        ticket = self.make_ticket(agent or self.ann, start=False, name="Order")
        for product, quantity, *more in lines:
            self.env["cc.ticket.line"].with_user((agent or self.ann).user_id).create(
                {
                    "ticket_id": ticket.id,
                    "product_id": product.id,
                    "quantity": quantity,
                    **(more[0] if more else {}),
                }
            )
        if start:
            self.do(ticket, agent or self.ann, "start")
        return ticket

    def value(self, product):
        """What the company's stock of it is worth, by Odoo."""
        self.env.invalidate_all()
        return product.with_company(self.company).total_value

    def journal(self, product):
        """`[(kind, quantity, value)]` of the stock journal, the first first; values as Odoo has them."""
        moves = self.env["stock.move"].search(
            [("product_id", "=", product.id), ("state", "=", "done"), ("cc_kind", "!=", False)],
            order="id",
        )
        return [(move.cc_kind, move.product_qty, move.value) for move in moves]

    def open_transfers(self, ticket):
        """What the warehouse has still to do for a ticket."""
        return (
            ticket.sudo()
            ._cc_pickings()
            .filtered(lambda picking: picking.state not in ("done", "cancel"))
        )

    def deliver_part(self, ticket, quantity):
        """The warehouse sends so many of the only product, and the rest later."""
        picking = self.open_transfers(ticket)
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()

    def stock(self, product):
        """`(on hand, free)` in the warehouse, read anew."""
        self.env.invalidate_all()
        here = product.with_company(self.company).with_context(warehouse_id=self.warehouse.id)
        return here.qty_available, here.free_qty

    def deliver(self, ticket):
        """The warehouse sends what is reserved."""
        ticket.sudo().cc_sale_ids.picking_ids.filtered(
            lambda one: one.state in ("assigned", "confirmed")
        )._cc_validate()


class BatchMixin(StockMixin):
    """Batches that come in, and are paid."""

    def batch(self, product, quantity, cost, bill=True, **line):
        wizard = (
            self.env["cc.stock.in"]
            .with_user(self.keeper)
            .with_company(self.company)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "warehouse_id": self.warehouse.id,
                    "make_bill": bill,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "quantity": quantity,
                                "price_unit": cost,
                                **line,
                            }
                        )
                    ],
                }
            )
        )
        return self.env["stock.picking"].browse(wizard.action_receive()["res_id"])

    def payment(self, batches, **values):
        """The window in which finance pays these batches."""
        action = batches.with_user(self.finance).with_company(self.company).action_cc_pay()
        return (
            self.env["account.payment.register"]
            .with_user(self.finance)
            .with_company(self.company)
            .with_context(**action["context"])
            .create(values)
        )

    def pay(self, batches):
        return self.payment(batches).action_create_payments()

    def send_to_maker(self, batch, quantity):
        """Odoo's return of a receipt, done. :return: its transfer"""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=batch.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back._cc_validate()
        return back
