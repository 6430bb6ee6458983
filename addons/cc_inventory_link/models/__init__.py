# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    cc_call,
    cc_replenishment,
    cc_ticket_line,
    cc_ticket_template,
    helpdesk_ticket,
    helpdesk_ticket_stock,
    res_partner,
    sale_order,
    stock_move,
    stock_picking,
)
