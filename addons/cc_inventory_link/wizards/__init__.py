# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    account_payment_register,
    cc_stock_in,
    cc_stock_in_line,
    cc_stock_return,
    cc_stock_return_line,
)
