# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the dialling plug-in and Odoo must agree on, from the folder that both import."""

from odoo.addons.cc_telephony.ingest.form import of_body
from odoo.addons.cc_telephony.utils.contract import forms

from ..bridge.src.cc_bridge_dialer.contract import abandonment, facts

_checks = facts.checks(forms)
check_attempt = of_body(_checks["attempt"], "the try")
check_lease = of_body(_checks["lease"], "the lease")
check_dialer = of_body(_checks["dialer"], "the campaign's state")
check_alarm = of_body(_checks["alarm"], "the alarm")

__all__ = [
    "abandonment",
    "check_alarm",
    "check_attempt",
    "check_dialer",
    "check_lease",
    "facts",
]
