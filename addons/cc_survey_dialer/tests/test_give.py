# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError

from .common import CampaignCase


class TestGive(CampaignCase):
    """DIA-18: a task's customers are given to agents evenly, by leaders of these agents only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Give {n}",
                    "phone": f"+86 138 0013 8{n:03d}",
                    "company_id": cls.company.id,
                }
                for n in range(100, 105)
            ]
        )
        cls.given = cls.make_task(name="Give")
        cls.given._add_records(cls.customers)
        cls.given.action_start()

    def give(self, user, agents, **values):
        wizard = (
            self.env["cc.customer.task.give"]
            .with_user(user)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"task_id": self.given.id, "agent_ids": [(6, 0, agents.ids)], **values})
        )
        wizard.action_give()
        self.env.invalidate_all()
        return wizard

    def owners(self):
        return [partner._cc_owner() for partner in self.customers]

    def test_evenly(self):
        """Five customers for two agents: three and two, in turn; the log says how they came to them."""
        self.give(self.lea.user_id, self.ann | self.ben)
        ann, ben = self.ann.user_id, self.ben.user_id
        counts = [self.owners().count(user) for user in (ann, ben)]
        self.assertEqual(sorted(counts), [2, 3])
        rows = self.env["cc.customer.owner"].search([("partner_id", "in", self.customers.ids)])
        self.assertEqual(set(rows.mapped("how")), {"allocation"})
        self.assertEqual(rows.given_by_id, self.lea.user_id)

    def test_some_and_only_free_ones(self):
        """One for each; later those who have an owner stay with them, unless it is asked otherwise."""
        self.give(self.lea.user_id, self.ann, each=2)
        self.assertEqual(self.owners().count(self.ann.user_id), 2)
        self.give(self.lea.user_id, self.ben)
        self.assertEqual(self.owners().count(self.ann.user_id), 2)
        self.assertEqual(self.owners().count(self.ben.user_id), 3)
        with self.assertRaises(UserError):
            self.give(self.lea.user_id, self.ben)
        self.give(self.lea.user_id, self.ben, unowned=False)
        self.assertEqual(self.owners().count(self.ben.user_id), 5)

    def test_not_to_others(self):
        """A leader gives to their own agents only, and takes from nobody else's."""
        with self.assertRaises(AccessError):
            self.give(self.lea.user_id, self.cai)
        self.customers[0]._cc_give(self.cai.user_id, "claim")
        with self.assertRaises(AccessError):
            self.give(self.lea.user_id, self.ann, unowned=False)
        self.give(self.lea.user_id, self.ann)
        self.assertEqual(self.customers[0]._cc_owner(), self.cai.user_id)
