# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..utils import hold

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
    cc_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Ticket",
        compute="_compute_cc_ticket_id",
        compute_sudo=True,
        groups="base.group_user",
        help="Whose products it brings: the sale's, or the return's.",
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
    cc_currency_id = fields.Many2one(related="company_id.currency_id", groups=PAYS)
    cc_bill_amount = fields.Monetary(
        "Billed",
        compute="_compute_cc_bills",
        compute_sudo=True,
        currency_field="cc_currency_id",
        groups=PAYS,
        help="Of its vendor bills, in the company's currency.",
    )
    cc_due_amount = fields.Monetary(
        "Due",
        compute="_compute_cc_bills",
        compute_sudo=True,
        currency_field="cc_currency_id",
        groups=PAYS,
        help="What is still to be paid of them.",
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
    cc_to_vendor = fields.Boolean(
        "To the vendor",
        compute="_compute_cc_settled",
        compute_sudo=True,
        groups=PAYS,
        help="A return to the vendor.",
    )
    cc_refund_ids = fields.Many2many(
        "account.move",
        string="Credit notes",
        compute="_compute_cc_settled",
        compute_sudo=True,
        groups=PAYS,
        help="What settles this return with the vendor.",
    )

    @api.depends("sale_id.cc_ticket_id", "cc_return_ticket_id")
    def _compute_cc_ticket_id(self):
        for picking in self:
            # what the system wrote: in a form that is not saved anybody may name any ticket
            returned = picking._origin.cc_return_ticket_id
            picking.cc_ticket_id = returned or picking.sale_id.cc_ticket_id

    def _cc_orders(self):
        return self.purchase_id | self.move_ids.purchase_line_id.order_id

    def _create_backorder_picking(self):
        """The rest of a customer's return belongs to the same return ticket."""
        backorder = super()._create_backorder_picking()
        # sudo: stock.picking - a link that only the system writes
        backorder.sudo().cc_return_ticket_id = self.sudo().cc_return_ticket_id
        return backorder

    @api.depends(
        "move_ids.purchase_line_id.order_id.invoice_ids.payment_state",
        "move_ids.purchase_line_id.order_id.invoice_ids.state",
    )
    def _compute_cc_bills(self):
        # read together what is looked at one by one below
        together = self._cc_orders().invoice_ids
        together.mapped("payment_state")
        self._cc_how_paid(together)
        for picking in self:
            bills = picking._cc_orders().invoice_ids.filtered(
                lambda bill: bill.move_type == "in_invoice" and bill.state == "posted"
            )
            paid = bills.filtered(
                lambda bill: bill.payment_state in ("paid", "in_payment", "reversed")
            )
            picking.cc_bill_ids = bills
            # vendor bills are negative in Odoo's signed amounts
            picking.cc_bill_amount = -sum(bills.mapped("amount_total_signed"))
            picking.cc_due_amount = -sum(bills.mapped("amount_residual_signed"))
            if not bills:
                picking.cc_paid = "no_bill"
            elif paid == bills:
                picking.cc_paid = "paid"
            elif paid or any(bill.payment_state == "partial" for bill in bills):
                picking.cc_paid = "partial"
            else:
                picking.cc_paid = "unpaid"
            picking.cc_paid_on, picking.cc_paid_by = picking._cc_how_paid(bills)

    def _cc_how_paid(self, bills):
        """:return: `(date, words)`: when the last of it was paid, and by which methods"""
        due = bills.line_ids.filtered(lambda line: line.account_type == "liability_payable")
        parts = due.matched_debit_ids | due.matched_credit_ids
        rows = (parts.debit_move_id | parts.credit_move_id) - due
        # what rates made of it is no payment
        rows = rows.filtered(lambda row: row.move_id not in parts.exchange_move_id)
        payments = rows.payment_id | bills.matched_payment_ids
        words = set(payments.payment_method_line_id.mapped("name"))
        for row in rows - rows.filtered("payment_id"):
            words.add(
                self.env._("Credit note %(name)s", name=row.move_id.name)
                if row.move_id.move_type == "in_refund"
                else row.journal_id.name
            )
        dates = [*rows.mapped("date"), *payments.mapped("date")]
        return max(dates, default=False), ", ".join(sorted(words))

    def _search_cc_paid(self, operator, value):
        if operator != "in":
            return NotImplemented
        receipts = self.search(Domain("picking_type_code", "=", "incoming"))
        found = receipts.filtered(lambda picking: picking.cc_paid in value)
        return Domain("id", "in", found.ids)

    @api.depends("move_ids.purchase_line_id.invoice_lines.move_id.state", "move_ids.state")
    def _compute_cc_settled(self):
        for picking in self:
            back = picking.move_ids.filtered(lambda move: move.cc_kind == "returned")
            lines = back.purchase_line_id
            picking.cc_to_vendor = bool(back)
            picking.cc_settled = bool(lines) and all(
                line.product_uom_id.compare(line.qty_invoiced, line.qty_received) <= 0
                for line in lines
            )
            picking.cc_refund_ids = lines.invoice_lines.move_id.filtered(
                lambda refund: refund.move_type == "in_refund" and refund.state != "cancel"
            )

    # ---- paying ----

    def action_cc_pay(self):
        """Pay what is due for these batches together: the native wizard, all unpaid bills in it.

        What a credit note has not been used for yet is taken off. That nothing is paid twice is seen to
        when the wizard pays, see `account.payment.register`.

        :raise UserError: nothing is to be paid
        """
        self._cc_check_finance()
        self.check_access("read")
        due = self._cc_due()
        if not due:
            raise UserError(self.env._("There is nothing to pay for these batches."))
        if len(due.company_id) > 1:
            raise UserError(
                self.env._(
                    "These batches belong to several companies. Pay one company's batches at a time."
                )
            )
        action = due.action_register_payment()
        # one payment a vendor: that is what paying together means
        return {**action, "context": {**action["context"], "default_group_payment": True}}

    def _cc_check_finance(self):
        if not self.env.user.has_group("cc_inventory_link.group_finance"):
            raise AccessError(
                self.env._("Only the finance role can pay vendors and settle with them.")
            )

    def _cc_due(self):
        """:return: the account.move that are open: bills, and credit notes of vendors who are owed more"""
        bills = self.cc_bill_ids.with_env(self.env)
        bills.check_access("read")

        def is_open(move):
            return (
                move.state == "posted"
                and move.payment_state in ("not_paid", "partial")
                and not move.currency_id.is_zero(move.amount_residual)
            )

        due = bills.filtered(is_open)
        # sudo: purchase.order - finance reads no orders; what is found are the vendor's own credit notes
        refunds = self.sudo()._cc_orders().invoice_ids.with_env(self.env)
        return due | refunds.filtered(
            lambda move: move.move_type == "in_refund"
            and is_open(move)
            and move.commercial_partner_id in due.commercial_partner_id
        )

    @api.model
    def action_cc_pay_all(self):
        """Pay whatever is unpaid: the wizard opens with every unpaid batch of the company preselected."""
        self._cc_check_finance()
        batches = self.search(
            Domain("picking_type_code", "=", "incoming")
            & Domain("company_id", "=", self.env.company.id)
            & Domain("cc_paid", "in", ["unpaid", "partial"])
        )
        return batches.action_cc_pay()

    def action_cc_bill(self):
        """Make the vendor bill of a batch that came in without one; it is a draft, to be checked and posted.

        :return: the action that shows it
        :raise UserError: all of it is billed
        """
        self._cc_check_finance()
        self.ensure_one()
        self.check_access("read")
        # sudo: purchase.order - finance bills what came in without purchase rights, checked above
        orders_sudo = self.sudo()._cc_orders()
        if not orders_sudo:
            raise UserError(self.env._("No order belongs to this batch."))
        hold(orders_sudo)
        lines_sudo = orders_sudo.order_line
        if all(line.product_uom_id.is_zero(line.qty_to_invoice) for line in lines_sudo):
            raise UserError(self.env._("This batch is fully billed."))
        return orders_sudo.action_create_invoice()

    # ---- returning to the vendor ----

    def action_cc_settle(self):
        """Settle what went back to the vendor: a credit note, taken off the batch's bill if that is unpaid.

        :return: the action that shows it
        :raise UserError: nothing went back, or all of it is settled
        """
        self._cc_check_finance()
        self.ensure_one()
        self.check_access("read")
        # sudo: purchase.order - finance settles without purchase rights, checked above
        picking_sudo = self.sudo()
        hold(picking_sudo._cc_orders())
        back = picking_sudo.move_ids.filtered(
            lambda move: move.cc_kind == "returned" and move.state == "done"
        )
        orders_sudo = back.purchase_line_id.order_id
        if not orders_sudo or picking_sudo.cc_settled:
            raise UserError(self.env._("There are no vendor returns left to settle."))
        before = orders_sudo.invoice_ids
        action = orders_sudo.action_create_invoice()
        refunds_sudo = (orders_sudo.invoice_ids - before).filtered(
            lambda move: move.move_type == "in_refund"
        )
        for refund in refunds_sudo:
            refund.write({"invoice_date": fields.Date.context_today(self), "ref": self.name})
            refund.action_post()
            open_lines = (refund | before).line_ids.filtered(
                lambda line: line.account_type == "liability_payable"
                and line.parent_state == "posted"
                and not line.reconciled
            )
            for account in open_lines.account_id:
                same = open_lines.filtered(
                    lambda line, account=account, refund=refund: line.account_id == account
                    and line.currency_id == refund.currency_id
                )
                if refund in same.move_id and len(same.move_id) > 1:
                    same.reconcile()
        return action

    # ---- of a ticket ----

    def action_cancel(self):
        """What a customer sends back comes, whatever becomes of the order: see `_cc_restore`."""
        pickings = self
        if self.env.context.get("cc_keep_returns"):
            pickings = self.filtered(lambda picking: not picking.cc_return_ticket_id)
        return super(StockPicking, pickings).action_cancel()

    def _cc_validate(self):
        """Do these transfers as they stand. As superuser."""
        for picking in self:
            picking.action_assign()
            for move in picking.move_ids:
                if move.product_uom.is_zero(move.quantity):
                    move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True, skip_sms=True)._action_done()
