# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Phone numbers and whose they are."""

from . import (
    cc_phone_link,
    cc_phone_number,
    cc_phone_owner_mixin,
    res_partner,
)
