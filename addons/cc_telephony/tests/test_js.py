# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo.addons.cc_telephony.utils.controls import call_controls
from odoo.addons.cc_telephony.utils.states import agent_states
from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open

SUITE = "/web/tests?headless&loglevel=2&preset=%(preset)s&timeout=15000&id=%(suite)s"


@tagged("post_install", "-at_install")
class TestHoot(HOOTCommon):
    """The bar's own tests, in the browser."""

    def _run(self, preset):
        suite = self._generate_hash("@cc_telephony")
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


class TestFixtures(TransactionCase):
    """What the browser's tests take for granted."""

    def test_shared_tables(self):
        """The tables in the browser's tests are those that bridge and server read."""
        with file_open("cc_telephony/static/tests/shared_tables.js") as fixture:
            made = fixture.read().split("`")[1::2]
        self.assertEqual([json.loads(text) for text in made], [agent_states(), call_controls()])
