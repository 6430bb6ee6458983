# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.hoot import AddonHootCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestHoot(AddonHootCase):
    """ALL-09: the browser's doors, used from outside."""

    def test_desktop(self):
        self.run_suite("cc_probe_addon")
