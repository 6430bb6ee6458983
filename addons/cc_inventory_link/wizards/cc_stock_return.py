# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..utils import check_finite_rows, hold


class CcStockReturn(models.TransientModel):
    """What of a delivered sale comes back: makes a return sub-ticket and its native return."""

    _name = "cc.stock.return"
    _description = "Return of a sale"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    reason = fields.Text(required=True)
    line_ids = fields.One2many(
        "cc.stock.return.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )

    @api.depends("ticket_id")
    def _compute_line_ids(self):
        for wizard in self:
            # as the user: whoever may not read the sale learns nothing of it here
            readable = wizard.ticket_id._origin.sudo(False)._filtered_access("read")
            wizard.line_ids = [Command.clear()] + [
                Command.create({"ticket_line_id": line.id, "quantity": 0.0})
                for line in readable.sudo().cc_line_ids  # sudo: cc.ticket.line - delivered, or not
                if line.delivered_qty
            ]

    @api.constrains("ticket_id")
    def _check_ticket(self):
        # Odoo checks as superuser
        self.ticket_id.sudo(False).check_access("read")

    @api.model_create_multi
    def create(self, vals_list):
        check_finite_rows(self.env, vals_list, "line_ids", ["quantity"])
        return super().create(vals_list)

    def action_return(self):
        """Make the sub-ticket; its goods are back in stock when it is closed.

        :return: the action that shows it
        :raise UserError: nothing to return, or more than was delivered and is not back or on its way
        """
        self.check_access("read")
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("read")
        if ticket.cc_return_of_id:
            raise UserError(self.env._("This is a return already."))
        rows = self.line_ids.filtered(
            lambda row: row.ticket_line_id.uom_id.compare(row.quantity, 0)
        )
        if not rows:
            raise UserError(self.env._("Say how much comes back."))
        if any(row.quantity < 0 for row in rows):
            raise UserError(self.env._("The returned quantity must be greater than zero."))
        # sudo: helpdesk.ticket, stock.picking - who may read the sale may open its return; limits checked here
        ticket_sudo = ticket.sudo()
        # two people who return the same sale in the same second: the second sees what is left
        hold(ticket_sudo)
        lines = ticket_sudo.cc_line_ids.browse()
        for row in rows:
            line = row.sudo().ticket_line_id  # sudo: as above
            if line.ticket_id != ticket_sudo:
                raise UserError(self.env._("This product was not sold with the ticket."))
            if line in lines:
                raise UserError(self.env._("Each product can be returned only once here."))
            lines |= line
            if line.uom_id.compare(row.quantity, row._left()) > 0:
                raise UserError(
                    self.env._(
                        "Only %(left)s of %(product)s can be returned, not %(wanted)s.",
                        product=line.product_id.display_name,
                        left=f"{row._left():g}",
                        wanted=f"{row.quantity:g}",
                    )
                )
            row._check_lots()
        child = self.env["helpdesk.ticket"].create(
            {
                "name": self.env._("Return of %(number)s", number=ticket.number),
                "description": self.reason,
                "cc_template_id": ticket.cc_template_id.id,
                "partner_id": ticket_sudo.partner_id.id,
                "cc_parent_id": ticket.id,
            }
        )
        child_sudo = child.sudo().with_context(cc_move=True)  # sudo: as above
        child_sudo.cc_return_of_id = ticket
        per_move, lots = {}, {}
        for row in rows:
            line = row.sudo().ticket_line_id  # sudo: as above
            self.env["cc.ticket.line"].sudo().create(  # sudo: as above
                {
                    "ticket_id": child.id,
                    "product_id": line.product_id.id,
                    "quantity": row.quantity,
                    "uom_id": line.uom_id.id,
                    "price_unit": line.price_unit,
                    "sold_line_id": line.id,
                }
            )
            row._spread(per_move, lots)
        pickings = {}
        for move, quantity in per_move.items():
            pickings.setdefault(move.picking_id, {})[move] = quantity
        for picking, quantities in pickings.items():
            child_sudo._cc_return_picking(picking, quantities, lots)
        child.cc_move("start")
        return child.get_formview_action()
