# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker

from .browser import PatientCase

SUITE = "/web/tests?headless&loglevel=2&preset=%(preset)s&timeout=60000&id=%(suite)s"


class AddonHootCase(PatientCase, HOOTCommon):
    """Runs an addon's own tests of the browser."""

    def run_suite(self, addon, preset="desktop", timeout=1800):
        """Run all tests below an addon's ``static/tests`` and fail with what failed there.

        :param str addon: its technical name
        :param str preset: ``desktop`` or ``mobile``, as hoot has it
        :param int timeout: seconds for the whole suite
        """
        suite = self._generate_hash(f"@{addon}")
        self.browser_js(
            SUITE % {"preset": preset, "suite": suite},
            "",
            "",
            login="admin",
            timeout=timeout,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
