# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.access_walk import AccessWalkCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestAccessWalk(AccessWalkCase):
    """ALL-07: every door of this addon, by every role."""

    addons = ["cc_inventory_link"]
