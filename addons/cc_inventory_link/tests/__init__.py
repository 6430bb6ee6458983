# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    test_access_walk,
    test_batches,
    test_concurrency,
    test_panel,
    test_payments,
    test_returns,
    test_sales,
    test_tour,
    test_withstand,
)
