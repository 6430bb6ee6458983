# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: what a batch cost and whether it is paid is theirs to know
PAYS = (
    "cc_inventory_link.group_stock_keeper,cc_inventory_link.group_finance,"
    "account.group_account_invoice"
)


class StockPicking(models.Model):
    """A receipt is a batch: its number, its vendor, whether it is paid, when and how."""

    _inherit = "stock.picking"

    cc_return_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Return ticket",
        groups="base.group_user",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    cc_bill_ids = fields.Many2many(
        "account.move",
        string="Vendor bills",
        compute="_compute_cc_bills",
        compute_sudo=True,
        groups=PAYS,
    )
    cc_paid = fields.Selection(
        [
            ("no_bill", "No bill yet"),
            ("unpaid", "Unpaid"),
            ("partial", "Partly paid"),
            ("paid", "Paid"),
        ],
        "Payment",
        compute="_compute_cc_bills",
        compute_sudo=True,
        search="_search_cc_paid",
        groups=PAYS,
    )
    cc_paid_on = fields.Date("Paid on", compute="_compute_cc_bills", compute_sudo=True, groups=PAYS)
    cc_paid_by = fields.Char(
        "Payment method", compute="_compute_cc_bills", compute_sudo=True, groups=PAYS
    )
    cc_settled = fields.Boolean(
        "Settled",
        compute="_compute_cc_settled",
        compute_sudo=True,
        groups=PAYS,
        help="Of a return to the vendor: a credit note covers what went back.",
    )

    def _cc_orders(self):
        return self.purchase_id | self.move_ids.purchase_line_id.order_id

    @api.depends(
        "move_ids.purchase_line_id.order_id.invoice_ids.payment_state",
        "move_ids.purchase_line_id.order_id.invoice_ids.state",
    )
    def _compute_cc_bills(self):
        for picking in self:
            bills = picking._cc_orders().invoice_ids.filtered(
                lambda bill: bill.move_type == "in_invoice" and bill.state == "posted"
            )
            paid = bills.filtered(
                lambda bill: bill.payment_state in ("paid", "in_payment", "reversed")
            )
            payments = bills.reconciled_payment_ids | bills.matched_payment_ids
            picking.cc_bill_ids = bills
            if not bills:
                picking.cc_paid = "no_bill"
            elif paid == bills:
                picking.cc_paid = "paid"
            elif paid or any(bill.payment_state == "partial" for bill in bills):
                picking.cc_paid = "partial"
            else:
                picking.cc_paid = "unpaid"
            picking.cc_paid_on = max(payments.mapped("date"), default=False)
            picking.cc_paid_by = ", ".join(
                sorted(set(payments.payment_method_line_id.mapped("name")))
            )

    def _search_cc_paid(self, operator, value):
        if operator != "in":
            return NotImplemented
        receipts = self.search([("picking_type_code", "=", "incoming")])
        found = receipts.filtered(lambda picking: picking.cc_paid in value)
        return [("id", "in", found.ids)]

    @api.depends("move_ids.purchase_line_id.invoice_lines.move_id.state")
    def _compute_cc_settled(self):
        for picking in self:
            back = picking.move_ids.filtered(lambda move: move.cc_kind == "returned")
            lines = back.purchase_line_id
            picking.cc_settled = bool(lines) and all(
                line.product_uom_id.compare(line.qty_invoiced, line.qty_received) <= 0
                for line in lines
            )

    # ---- paying ----

    def action_cc_pay(self):
        """Pay the bills of these batches together: the native wizard, all unpaid ones in it.

        The bills are held until the end of the transaction, so that nobody else pays one meanwhile.

        :raise UserError: nothing is to be paid
        """
        if not self.env.user.has_group("cc_inventory_link.group_finance"):
            raise AccessError(self.env._("Only the finance role can pay vendors."))
        self.check_access("read")
        bills = self._cc_unpaid_bills()
        if not bills:
            raise UserError(self.env._("There is nothing to pay for these batches."))
        return bills.action_register_payment()

    def _cc_unpaid_bills(self):
        bills = self.cc_bill_ids.with_env(self.env)
        bills.check_access("read")
        if bills:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM account_move WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                    bills.ids,
                )
            )
            bills.invalidate_recordset(["payment_state", "amount_residual"])
        return bills.filtered(
            lambda bill: bill.payment_state in ("not_paid", "partial")
            and not bill.currency_id.is_zero(bill.amount_residual)
        )

    @api.model
    def action_cc_pay_all(self):
        """Pay whatever is unpaid: the wizard opens with every unpaid batch preselected."""
        if not self.env.user.has_group("cc_inventory_link.group_finance"):
            raise AccessError(self.env._("Only the finance role can pay vendors."))
        batches = self.search(
            [("picking_type_code", "=", "incoming"), ("cc_paid", "in", ["unpaid", "partial"])]
        )
        return batches.action_cc_pay()

    # ---- returning to the vendor ----

    def action_cc_settle(self):
        """Make the credit note for what went back to the vendor.

        :return: the action that shows it
        :raise UserError: nothing went back, or all of it is settled
        """
        if not self.env.user.has_group("cc_inventory_link.group_finance"):
            raise AccessError(self.env._("Only the finance role can settle with vendors."))
        self.ensure_one()
        back = self.move_ids.filtered(lambda m: m.cc_kind == "returned" and m.state == "done")
        orders = back.purchase_line_id.order_id
        if not orders or self.cc_settled:
            raise UserError(self.env._("There are no vendor returns left to settle."))
        # sudo: purchase.order - finance settles without purchase rights, checked above
        return orders.sudo().action_create_invoice()

    # ---- of a ticket ----

    def _cc_validate(self):
        """Do these transfers as they stand. As superuser."""
        for picking in self:
            picking.action_assign()
            for move in picking.move_ids:
                if move.product_uom.is_zero(move.quantity):
                    move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True, skip_sms=True)._action_done()
