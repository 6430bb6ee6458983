# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

HOW = [
    ("allocation", "Allocated"),
    ("claim", "Claimed"),
    ("first_call", "First answered call"),
    ("leader", "Given by a leader"),
    ("migration", "Taken over from the salesperson"),
]


class CcCustomerOwner(models.Model):
    """A customer was given to somebody: who, when, by whom and how. The rows are the log, too.

    An owner sees and hears the customer's calls, so ownership is given, never taken: no RPC writes here,
    only `res.partner._cc_give` and `_cc_take_back`, which addons call after checks of their own.
    """

    _name = "cc.customer.owner"
    _description = "Owner of a customer"
    _order = "id desc"
    _rec_name = "user_id"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Owner", required=True, index=True, ondelete="restrict")
    how = fields.Selection(HOW, required=True)
    given_by_id = fields.Many2one("res.users", "Given by", ondelete="restrict")
    given_at = fields.Datetime("Given", required=True)
    ended_at = fields.Datetime("Until")
    ended_by_id = fields.Many2one("res.users", "Ended by", ondelete="restrict")

    _one_owner = models.UniqueIndex(
        "(partner_id) WHERE ended_at IS NULL", "This customer already has an owner."
    )
    _by_partner = models.Index("(partner_id, user_id)")
