# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker
from odoo.tests import tagged

SUITE = "/web/tests?headless&loglevel=2&preset=%(preset)s&timeout=15000&id=%(suite)s"


@tagged("post_install", "-at_install")
class TestHoot(HOOTCommon):
    """The widgets of tickets, in the browser."""

    def _run(self, preset):
        suite = self._generate_hash("@cc_ticket")
        self.browser_js(
            SUITE % {"preset": preset, "suite": suite},
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )

    def test_desktop(self):
        self._run("desktop")
