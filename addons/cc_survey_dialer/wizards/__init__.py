# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    cc_customer_task_add,
    cc_customer_task_give,
    cc_customer_task_import,
    cc_do_not_call_lift,
    cc_sms_test,
    sms_composer,
)
