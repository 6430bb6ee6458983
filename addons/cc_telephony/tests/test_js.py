# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from odoo.addons.cc_telephony.tests.hoot import AddonHootCase
from odoo.addons.cc_telephony.utils.controls import call_controls
from odoo.addons.cc_telephony.utils.states import agent_states
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open


@tagged("post_install", "-at_install")
class TestHoot(AddonHootCase):
    """The bar's own tests, in the browser."""

    def test_desktop(self):
        self.run_suite("cc_telephony")


class TestFixtures(TransactionCase):
    """What the browser's tests take for granted."""

    def test_shared_tables(self):
        """The tables in the browser's tests are those that bridge and server read."""
        with file_open("cc_telephony/static/tests/shared_tables.js") as fixture:
            made = fixture.read().split("`")[1::2]
        self.assertEqual([json.loads(text) for text in made], [agent_states(), call_controls()])
