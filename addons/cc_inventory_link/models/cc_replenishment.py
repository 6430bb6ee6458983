# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class CcReplenishment(models.Model):
    """What was sold without being in stock: a task for the stock keeper, beside Odoo's own replenishment."""

    _name = "cc.replenishment"
    _description = "Replenishment task"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    ticket_line_id = fields.Many2one(
        "cc.ticket.line", "Sold with", required=True, index=True, ondelete="cascade", readonly=True
    )
    ticket_id = fields.Many2one(related="ticket_line_id.ticket_id", store=True, index=True)
    company_id = fields.Many2one(related="ticket_line_id.company_id", store=True, index=True)
    product_id = fields.Many2one(related="ticket_line_id.product_id", store=True, index=True)
    uom_id = fields.Many2one(related="ticket_line_id.uom_id")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, index=True)
    quantity = fields.Float("Missing when sold", digits="Product Unit", readonly=True)
    waiting_qty = fields.Float("Still missing", related="ticket_line_id.waiting_qty")
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint", "Reordering rule", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )

    @api.depends("product_id", "quantity")
    def _compute_display_name(self):
        for task in self:
            task.display_name = f"{task.quantity:g} {task.uom_id.name} {task.product_id.name}"

    @api.model
    def _cc_make(self, shortages):
        """Make tasks and tell the stock keepers. As superuser.

        :param list shortages: `(cc.ticket.line, missing quantity in its unit)`
        """
        keepers = self.env.ref("cc_inventory_link.group_stock_keeper").all_user_ids
        tasks = self.browse()
        for line, missing in shortages:
            warehouse = line.ticket_id._cc_warehouse()
            task = self.create(
                {
                    "ticket_line_id": line.id,
                    "warehouse_id": warehouse.id,
                    "quantity": missing,
                    "orderpoint_id": self._cc_orderpoint(line.product_id, warehouse).id,
                }
            )
            tasks |= task
            for keeper in keepers:
                if line.company_id not in keeper.company_ids:
                    continue
                task.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=keeper.id,
                    summary=self.env._(
                        "Replenish %(product)s, sold with ticket %(number)s",
                        product=line.product_id.display_name,
                        number=line.ticket_id.number,
                    ),
                )
        return tasks

    @api.model
    def _cc_orderpoint(self, product, warehouse):
        """:return: the product's reordering rule at this warehouse, a manual one if there is none"""
        orderpoints = self.env["stock.warehouse.orderpoint"]
        # archived ones too: Odoo allows one a product and place, whether it is archived or not
        found = orderpoints.with_context(active_test=False).search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", warehouse.lot_stock_id.id),
                ("company_id", "=", warehouse.company_id.id),
            ],
            limit=1,
        )
        if found and not found.active:
            found.active = True
        return found or orderpoints.create(
            {
                "product_id": product.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "company_id": warehouse.company_id.id,
                "trigger": "manual",
            }
        )

    @api.model
    def _cron_close(self):
        """Tasks whose goods are there, or whose sale is over, are done."""
        for task in self.search([("state", "=", "open")]):
            line = task.ticket_line_id
            if not line.sale_line_id or line.sale_line_id.order_id.state == "cancel":
                task._cc_finish("cancelled")
            elif line.uom_id.is_zero(line.waiting_qty):
                task._cc_finish("done")

    def _cc_finish(self, state):
        self.write({"state": state})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_done(self):
        """The stock keeper has seen to it."""
        if not self.env.user.has_group("cc_inventory_link.group_stock_keeper"):
            raise AccessError(self.env._("Only stock keepers can finish replenishment tasks."))
        self.check_access("read")
        # sudo: cc.replenishment - its fields are nobody's to write, the role was checked
        self.sudo()._cc_finish("done")

    def action_replenish(self):
        """Open Odoo's own replenishment for this product."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("stock.action_orderpoint_replenish")
        action["domain"] = [("product_id", "=", self.product_id.id)]
        return action
