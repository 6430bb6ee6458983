# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.tests.test_js import SUITE
from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestHoot(HOOTCommon):
    """ALL-09: the browser's doors, used from outside."""

    def test_desktop(self):
        self.browser_js(
            SUITE % {"preset": "desktop", "suite": self._generate_hash("@cc_probe_addon")},
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
