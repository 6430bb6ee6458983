# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.addons.cc_telephony.tests.browser import TourCase
from odoo.addons.cc_telephony.tests.fake_bridge import FakeBridge
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

CODE = "6901234500017"


@tagged("post_install", "-at_install")
class TestStockTour(TourCase):
    """The people of the sales desk in a real browser: agent, finance, stock keeper. INV-01 … INV-08"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.company = env.company
        if not cls.company.chart_template:
            env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company, install_demo=False
            )
        china = env.ref("base.cn")
        cls.agent_user = cls.person("stock_agent", "cc_telephony.group_agent")
        cls.pbx = env["cc.pbx"].create(
            {"name": "Tour PBX", "code": "tour-stock", "country_id": china.id}
        )
        department = env["hr.department"].create({"name": "Tour sales"})
        env["cc.agent"].create(
            {
                "user_id": cls.agent_user.id,
                "number": "7501",
                "pbx_id": cls.pbx.id,
                "department_id": department.id,
            }
        )
        env["cc.extension"].create({"code": "7502", "name": "Desk", "pbx_id": cls.pbx.id})
        env["cc.queue"].create({"name": "Shop", "code": "shop", "pbx_id": cls.pbx.id})
        cls.customer = env["res.partner"].create(
            {"name": "Tour Stock Customer", "phone": "13900007501", "country_id": china.id}
        )
        cls.vendor = env["res.partner"].create({"name": "Tour maker", "supplier_rank": 1})
        cls.template = env["cc.ticket.template"].create(
            {
                "name": "Tour sale",
                "sequence": 0,
                "type_id": env.ref("cc_ticket.type_sale").id,
                "cc_sells": True,
            }
        )
        cls.template.draft_id.step_ids = [
            Command.create(
                {
                    "code": code,
                    "name": code.title(),
                    "sequence": number,
                    "handler_kind": "creator",
                    "may_close": True,
                    "may_send_back": True,
                    "exit_ids": [Command.create({"target": following})] if following else [],
                }
            )
            for number, (code, following) in enumerate((("order", "pack"), ("pack", "")), 1)
        ]
        cls.template.draft_id.action_publish()
        category = env["product.category"].create(
            {"name": "Tour", "property_cost_method": "average", "property_valuation": "periodic"}
        )
        cls.headset, cls.kettle = env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "list_price": price,
                    "standard_price": cost,
                    "barcode": barcode,
                    "categ_id": category.id,
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                }
                for name, price, cost, barcode in (
                    ("Tour headset", 89.0, 52.0, False),
                    ("Tour kettle", 39.0, 21.0, CODE),
                )
            ]
        )
        cls.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": cls.headset.id,
                "location_id": cls.warehouse.lot_stock_id.id,
                "inventory_quantity": 10,
            }
        ).action_apply_inventory()

    @classmethod
    def person(cls, login, group):
        user = new_test_user(cls.env, login, groups=group, name=login.replace("_", " ").title())
        if "odoobot_state" in user._fields:
            user.odoobot_state = "disabled"
        return user

    def sale(self, name, quantity, start=True):
        """A sale of headsets by the agent; without a quantity an empty draft."""
        lines = [Command.create({"product_id": self.headset.id, "quantity": quantity})]
        ticket = (
            self.env["helpdesk.ticket"]
            .with_user(self.agent_user)
            .create(
                {
                    "cc_template_id": self.template.id,
                    "name": name,
                    "partner_id": self.customer.id,
                    "cc_line_ids": lines if quantity else [],
                }
            )
        )
        if start:
            ticket.cc_move("start")
        return ticket.sudo()

    def batch(self, keeper, quantity, cost):
        wizard = (
            self.env["cc.stock.in"]
            .with_user(keeper)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.kettle.id,
                                "quantity": quantity,
                                "price_unit": cost,
                            }
                        )
                    ],
                }
            )
        )
        return self.env["stock.picking"].browse(wizard.action_receive()["res_id"])

    def free(self, product):
        self.env.invalidate_all()
        here = product.with_context(location=self.warehouse.lot_stock_id.id)
        return here.qty_available, here.free_qty

    def open(self, record, action):
        return f"/odoo/action-{action}/{record.id}"

    def test_from_a_call(self):
        self.sale("Sold before", 1)
        other = self.env["cc.ticket.template"].create(
            {"name": "Tour complaint", "type_id": self.template.type_id.id}
        )
        other.draft_id.step_ids = [
            Command.create({"code": "a", "name": "A", "handler_kind": "creator"})
        ]
        other.draft_id.action_publish()
        bridge = FakeBridge(self, self.pbx)
        bridge.on_ready = lambda: bridge.ring("8613900007501", "4008001234", "shop")
        self.start_tour(
            "/odoo/action-cc_telephony.cc_call_action", "cc_inventory_call", login="stock_agent"
        )
        ticket = self.env["helpdesk.ticket"].search([("name", "=", "Headsets and a kettle")])
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(
            ticket.cc_line_ids.mapped(lambda line: (line.product_id, line.quantity)),
            [(self.headset, 3), (self.kettle, 1)],
        )
        # one was sold before
        self.assertEqual(self.free(self.headset), (10, 6))
        task = self.env["cc.replenishment"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual((task.product_id, task.quantity), (self.kettle, 1))

    def test_from_the_customer(self):
        self.sale("Sold before", 1)
        ticket = self.sale("Two headsets", 0, start=False)
        self.start_tour(
            self.open(ticket, "cc_ticket.helpdesk_ticket_action"),
            "cc_inventory_ticket",
            login="stock_agent",
        )
        self.assertEqual(
            ticket.cc_line_ids.mapped(lambda line: (line.product_id, line.quantity)),
            [(self.headset, 2), (self.kettle, 1)],
        )
        self.assertEqual(ticket.cc_sale_ids.state, "cancel")
        self.assertEqual(self.free(self.headset), (10, 9))

    def test_return(self):
        ticket = self.sale("Three headsets", 3)
        ticket.cc_sale_ids.picking_ids._cc_validate()
        with mute_logger("odoo.http"):  # more than was sold is refused
            self.start_tour(
                self.open(ticket, "cc_ticket.helpdesk_ticket_action"),
                "cc_inventory_return",
                login="stock_agent",
            )
        self.assertEqual(ticket.cc_line_ids.returned_qty, 2)
        self.assertEqual(self.free(self.headset), (9, 9))

    def test_pay(self):
        """Whatever was unpaid before is paid first: the tour sees its own three only."""
        keeper = self.person("stock_keeper", "cc_inventory_link.group_stock_keeper")
        self.person("stock_finance", "cc_inventory_link.group_finance")
        pickings = self.env["stock.picking"]
        for old in pickings.search([("cc_paid", "in", ["unpaid", "partial"])]):
            old.cc_bill_ids.filtered(lambda bill: bill.payment_state != "paid").button_draft()
        batches = pickings.browse(self.batch(keeper, count, 10).id for count in (1, 2, 3))
        self.start_tour(
            "/odoo/action-cc_inventory_link.stock_picking_batch_action",
            "cc_inventory_pay",
            login="stock_finance",
        )
        self.env.invalidate_all()
        self.assertEqual(set(batches.mapped("cc_paid")), {"paid"})
        self.assertEqual(batches.cc_bill_ids.matched_payment_ids.mapped("amount"), [60.0])

    def test_keeper_and_settlement(self):
        """Six in, two back to the maker, whose credit note is taken off the bill: 120 - 40 = 80 are due."""
        self.person("stock_keeper", "cc_inventory_link.group_stock_keeper")
        self.person("stock_finance", "cc_inventory_link.group_finance")
        lines = [Command.create({"product_id": self.kettle.id, "quantity": 4})]
        sold = self.sale("Four kettles", 0, start=False)
        sold.cc_line_ids = lines
        sold.with_user(self.agent_user).cc_move("start")
        self.start_tour(
            "/odoo/action-cc_inventory_link.cc_replenishment_action",
            "cc_inventory_keeper",
            login="stock_keeper",
        )
        back = self.env["stock.move"].search(
            [("product_id", "=", self.kettle.id), ("cc_kind", "=", "returned")]
        )
        self.assertEqual((back.state, back.quantity), ("done", 2))
        self.assertEqual(self.free(self.kettle)[0], 4)
        self.start_tour(
            self.open(back.picking_id, "stock.action_picking_tree_all"),
            "cc_inventory_settle",
            login="stock_finance",
        )
        self.env.invalidate_all()
        batch = back.origin_returned_move_id.picking_id
        self.assertEqual(batch.cc_due_amount, 80.0)
        self.assertTrue(back.picking_id.cc_settled)
