# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

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

    def test_agent_states(self):
        """The table in the browser's tests is the one that bridge and server read."""
        name = "cc_telephony/bridge/src/cc_bridge/agents/agent_states.json"
        with file_open(name) as shared:
            expected = json.load(shared)
        with file_open("cc_telephony/static/tests/agent_states_fixture.js") as fixture:
            text = fixture.read().split("`")[1]
        self.assertEqual(json.loads(text), expected)

    def test_call_controls(self):
        """So is the table of controls."""
        name = "cc_telephony/bridge/src/cc_bridge/call_controls.json"
        with file_open(name) as shared:
            expected = json.load(shared)
        with file_open("cc_telephony/static/tests/call_controls_fixture.js") as fixture:
            text = fixture.read().split("JSON.parse(`")[1].split("`")[0]
        self.assertEqual(json.loads(text), expected)
