# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..utils import check_finite_rows
from .cc_stock_in_line import NUMBERS


class CcStockIn(models.TransientModel):
    """A batch comes in: what, from whom, at which price, paid or not. Makes the native documents."""

    _name = "cc.stock.in"
    _description = "Stock-in of a batch"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", "Vendor", required=True, check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Of the costs: the vendor's, or the company's.",
    )
    reference = fields.Char("Vendor reference")
    date = fields.Date(default=fields.Date.context_today, required=True)
    line_ids = fields.One2many("cc.stock.in.line", "wizard_id", "Products")
    make_bill = fields.Boolean("Bill it now", default=True)

    @api.model_create_multi
    def create(self, vals_list):
        check_finite_rows(self.env, vals_list, "line_ids", NUMBERS)
        return super().create(vals_list)

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for wizard in self:
            wizard.warehouse_id = self.env["stock.warehouse"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            vendor = wizard.partner_id.with_company(wizard.company_id)
            wizard.currency_id = (
                vendor.property_purchase_currency_id or wizard.company_id.currency_id
            )

    def action_receive(self):
        """Order, receive and, if wished, bill the batch.

        :return: the action that shows the receipt
        :raise UserError: no products, or a lot is missing
        """
        self.check_access("read")
        if not self.env.user.has_group("cc_inventory_link.group_stock_keeper"):
            raise AccessError(self.env._("Only stock keepers can receive batches."))
        if self.company_id - self.env.user.company_ids:
            raise AccessError(self.env._("You don't have access to this company."))
        if not self.line_ids:
            raise UserError(self.env._("Add the products of the batch."))
        # sudo: purchase.order, account.move - stock keepers take goods in without purchase or billing rights
        order_sudo = (
            self.env["purchase.order"]
            .sudo()
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": self.partner_id.id,
                    "partner_ref": self.reference,
                    "company_id": self.company_id.id,
                    "currency_id": self.currency_id.id,
                    "picking_type_id": self.warehouse_id.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_qty": line.quantity,
                                "product_uom_id": line.uom_id.id,
                                "price_unit": line.price_unit,
                            }
                        )
                        for line in self.line_ids
                    ],
                }
            )
        )
        order_sudo.button_confirm()
        if order_sudo.state != "purchase":
            raise UserError(
                self.env._("This amount needs an approval. Order and receive it in Purchase.")
            )
        picking_sudo = order_sudo.picking_ids
        for line, bought in zip(self.line_ids, order_sudo.order_line, strict=True):
            line._put_lots(bought.move_ids)
        picking_sudo._cc_validate()
        if self.make_bill:
            order_sudo.action_create_invoice()
            bill = order_sudo.invoice_ids
            bill.write({"invoice_date": self.date, "ref": self.reference or picking_sudo.name})
            bill.action_post()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": picking_sudo.id,
            "views": [[False, "form"]],
        }
