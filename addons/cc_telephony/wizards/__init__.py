# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import (
    base_partner_merge,
    cc_agent_create,
    cc_call_register,
    cc_call_stop,
    cc_dial_try,
    cc_extension_setup,
)
