# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.access_walk import AccessWalkCase


class TestAccessWalk(AccessWalkCase):
    addons = ["cc_long_hold"]
