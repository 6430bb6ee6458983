# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase

from ..utils.causes import CAUSES
from ..utils.contract import causes, facts
from ..utils.states import agent_states


class TestContract(TransactionCase):
    """Odoo has a word for whatever the bridge may tell (`cc_contract`)."""

    def values(self, model, field):
        return set(self.env[model]._fields[field].get_values(self.env))

    def test_words_of_a_call(self):
        for model, field, path in (
            ("cc.call", "direction", ("call", "direction")),
            ("cc.call", "state", ("call", "state")),
            ("cc.call", "loss", ("call", "loss")),
            ("cc.call", "ended_by", ("call", "ended_by")),
            ("cc.call.leg", "role", ("call", "legs", "role")),
            ("cc.call.leg", "mode", ("call", "legs", "mode")),
            ("cc.call.attempt", "outcome", ("call", "attempts", "outcome")),
            ("cc.call.transfer", "how", ("call", "transfers", "how")),
        ):
            with self.subTest(model=model, field=field):
                self.assertEqual(self.values(model, field), facts.words(*path))

    def test_words_of_the_rest(self):
        self.assertEqual(self.values("cc.agent", "state"), set(agent_states()["states"]))
        self.assertEqual(self.values("cc.agent.interval", "state"), set(agent_states()["states"]))
        self.assertEqual(self.values("cc.pbx.cursor", "error"), facts.words("pbx_state", "error"))
        self.assertEqual(set(CAUSES), set(causes.Cause))

    def test_kinds(self):
        """Every kind that the bridge itself tells is known here."""
        self.assertLessEqual(set(facts.KINDS), set(self.env["cc.pbx"]._cc_fact_kinds()))
