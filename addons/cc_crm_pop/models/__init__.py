# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from . import cc_call, cc_phone_link, cc_phone_number, crm_lead
