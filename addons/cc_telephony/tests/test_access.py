# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import T0, FactsMixin, S

CALL_MODELS = (
    "cc.call",
    "cc.call.attempt",
    "cc.call.leg",
    "cc.call.hold",
    "cc.call.transfer",
    "cc.call.key",
    "cc.call.note",
)
SPEC = {"display_name": {}}


@tagged("post_install", "-at_install")
class TestAccess(FactsMixin, TransactionCase):
    """A call of Service, answered by Ann: who sees it, by every RPC that reads.

    May: Ann herself, Lea who leads Service, Max the manager. May not: Ben of the same department, Cai
    of Sales, Lin who leads Sales.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        move = {"t": T0, "how": "conference", "by": "8101", "to": "13912345678", "completed": True}
        cls.facts = cls.life(transfers=[move], ivr=[{"t": T0, "node": "main", "key": "1"}])
        cls.ingest(
            *cls.facts,
            cls.agent_fact(cls.ann, "ready", T0),
            cls.agent_fact(cls.ann, "busy", T0 + S),
        )
        cls.call = cls.call_of(cls.facts)
        cls.env["cc.call.note"].create({"call_id": cls.call.id, "note": "secret"})
        cls.env["cc.agent"].with_user(cls.ann.user_id).sign_in("desk", "8201")
        cls.may = [cls.ann, cls.lea, cls.max]
        cls.may_not = [cls.ben, cls.cai, cls.lin]

    def rows(self, model):
        """All rows of the story in `model`."""
        if model == "cc.call":
            return self.call
        return self.env[model].sudo().search([("call_id", "=", self.call.id)])

    def readers(self, model, rows):
        """Every RPC that reads, as functions of a user's model: each returns what was seen."""
        domain = [("id", "in", rows.ids)]
        group = "direction" if model == "cc.call" else "call_id"
        found = {
            "search": lambda m: m.search(domain).ids,
            "search_count": lambda m: m.search_count(domain),
            "search_read": lambda m: m.search_read(domain, ["display_name"]),
            "web_search_read": lambda m: m.web_search_read(domain, SPEC)["records"],
            "web_read_group": lambda m: m.web_read_group(domain, [group], ["__count"])["groups"],
            "formatted_read_group": lambda m: m.formatted_read_group(domain, [group], ["__count"]),
            "name_search": lambda m: m.name_search("", domain),
        }
        refused = {
            "read": lambda m: m.browse(rows.ids).read(["display_name"]),
            "web_read": lambda m: m.browse(rows.ids).web_read(SPEC),
            "export_data": lambda m: m.browse(rows.ids).export_data(["display_name"])["datas"],
        }
        return found, refused

    def test_calls(self):
        export = self.env.ref("base.group_allow_export")
        for agent in self.may + self.may_not:
            agent.user_id.group_ids |= export
        for model in CALL_MODELS:
            rows = self.rows(model)
            self.assertTrue(rows, model)
            found, refused = self.readers(model, rows)
            for agent in self.may:
                mine = self.env[model].with_user(agent.user_id)
                for name, read in {**found, **refused}.items():
                    self.assertTrue(read(mine), f"{agent.name} must see {model} by {name}")
            for agent in self.may_not:
                mine = self.env[model].with_user(agent.user_id)
                for name, read in found.items():
                    self.assertFalse(read(mine), f"{agent.name} must not see {model} by {name}")
                for name, read in refused.items():
                    with self.assertRaises(AccessError, msg=f"{agent.name} {model} {name}"):
                        read(mine)

    def test_through_others(self):
        """Nor by way of what they may see: the queue, the agent, the number."""
        self.assertFalse(
            self.env["cc.call"]
            .with_user(self.cai.user_id)
            .search([("queue_id", "=", self.queue.id)])
        )
        number = self.call.number_id
        self.assertFalse(
            self.env["cc.call"].with_user(self.cai.user_id).search([("number_id", "=", number.id)])
        )

    def test_attempt_is_part(self):
        """Who was rung had part in the call."""
        fact = self.life(target="8102")[1]
        self.ingest(fact)
        call = self.call_of([fact])
        self.assertEqual(self.env["cc.call"].with_user(self.ben.user_id).search([]), call)

    def test_owner_hears_own_customers(self):
        """A customer's owner sees the customer's calls, whoever took them; nobody else's (M2.5)."""
        customer = self.env["res.partner"].create({"name": "Customer"})
        self.call.sudo().write({"partner_id": customer.id, "partner_sure": True})
        cai = self.env["cc.call"].with_user(self.cai.user_id)
        self.assertFalse(cai.search([]))
        customer.with_user(self.lin.user_id).action_cc_give(self.cai.user_id.id)
        self.assertEqual(cai.search([]), self.call)
        for model in CALL_MODELS:
            self.assertTrue(self.rows(model).with_user(self.cai.user_id).read(["display_name"]))
            with self.assertRaises(AccessError):
                self.rows(model).with_user(self.ben.user_id).read(["display_name"])
        customer.with_user(self.max.user_id).action_cc_give(self.ben.user_id.id)
        self.assertFalse(cai.search([]))
        with self.assertRaises(AccessError):
            self.call.with_user(self.cai.user_id).read(["display_name"])
        log = customer.cc_owner_ids.sorted("id")
        self.assertEqual(
            [(row.user_id, row.given_by_id, bool(row.ended_at)) for row in log],
            [
                (self.cai.user_id, self.lin.user_id, True),
                (self.ben.user_id, self.max.user_id, False),
            ],
        )

    def test_leader_of_the_department_above(self):
        """Who leads a department leads all below it; who leads one below does not lead its sister."""
        theirs = self.life(target="8103", queue=None, queued_t=None)
        self.ingest(*theirs)
        of_sales = self.call_of(theirs)
        self.assertEqual(of_sales.department_id, self.sales)
        rob = self.make_agent("rob", "8113", self.root, "leader", self.root)
        expected = {rob: self.call | of_sales, self.lea: self.call, self.lin: of_sales}
        for leader, calls in expected.items():
            found = self.env["cc.call"].with_user(leader.user_id).search([])
            self.assertEqual(set(found.ids), set(calls.ids), leader.name)
        for model in ("cc.agent.session", "cc.agent.interval"):
            domain = [("agent_id", "=", self.ann.id)]
            self.assertTrue(self.env[model].with_user(rob.user_id).search(domain), model)
            self.assertFalse(self.env[model].with_user(self.lin.user_id).search(domain), model)

    def test_work_log(self):
        for model in ("cc.agent.session", "cc.agent.interval"):
            for agent in self.may:
                rows = (
                    self.env[model]
                    .with_user(agent.user_id)
                    .search([("agent_id", "=", self.ann.id)])
                )
                self.assertTrue(rows, f"{agent.name} {model}")
            for agent in self.may_not:
                rows = (
                    self.env[model]
                    .with_user(agent.user_id)
                    .search([("agent_id", "=", self.ann.id)])
                )
                self.assertFalse(rows, f"{agent.name} {model}")

    def test_commands(self):
        domain = [("agent_id", "=", self.ann.id)]
        for agent in self.may:
            self.assertTrue(self.env["cc.command"].with_user(agent.user_id).search(domain))
        for agent in self.may_not:
            self.assertFalse(self.env["cc.command"].with_user(agent.user_id).search(domain))

    def test_only_the_ingest_writes(self):
        """Not even the administrator: facts are the PBX's."""
        for user in (self.ann.user_id, self.max.user_id, self.ada):
            for model in (*CALL_MODELS[:-1], "cc.agent.interval"):
                rows = self.env[model].with_user(user)
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(rows.has_access(operation), f"{user.name} {model} {operation}")

    def test_note(self):
        """One's own calls take a note of one's own; others' calls don't, and others' notes stay."""
        note = self.call.note_ids
        with self.assertRaises(AccessError):
            note.with_user(self.ann.user_id).note = "not mine"
        notes = self.env["cc.call.note"].with_user(self.ann.user_id)
        own = notes.create({"call_id": self.call.id, "note": "better"})
        own.note = "best"
        name = note.author_id.name
        self.assertEqual(self.call.with_user(self.ann.user_id).note, f"{name}: secret\nAnn: best")
        other = self.life()
        self.ingest(*other)
        with self.assertRaises(AccessError):
            notes.with_user(self.cai.user_id).create({"call_id": self.call_of(other).id})
        notes.create({"call_id": self.call_of(other).id})
        action = self.call.with_user(self.ann.user_id).action_edit_note()
        self.assertEqual(action["res_id"], own.id)
        with self.assertRaises(AccessError):
            self.call.with_user(self.cai.user_id).action_edit_note()

    def test_a_call_that_is_handed_over(self):
        """All departments that took part see it, with its parts: the first leader does not lose it."""
        legs = [
            self.leg(1, "customer", "13800138000", T0),
            self.leg(2, "agent", "8101", T0 + S, T0 + 20 * S),
            self.leg(3, "agent", "8103", T0 + 15 * S),
        ]
        rings = [
            self.attempt(n, to, T0, T0 + S, "answered") for n, to in ((1, "8101"), (2, "8103"))
        ]
        facts = self.life(legs=legs, attempts=rings)[:-1]
        self.ingest(*facts)
        call = self.call_of(facts)
        self.assertEqual(call.department_id, self.sales)
        self.env["cc.call.note"].create({"call_id": call.id, "note": "handed over"})
        for leader in (self.lea, self.lin):
            seen = call.with_user(leader.user_id)
            self.assertEqual(seen.read(["note"])[0]["note"], "handed over")
            self.assertEqual((len(seen.leg_ids), len(seen.attempt_ids)), (3, 2))
            self.assertIn(call, seen.search([]))
        # who moves to another department takes no call along, and leaves none behind
        self.ann.department_id = self.root
        self.assertTrue(call.with_user(self.lea.user_id).has_access("read"))
        stranger = self.make_agent("ole", "8119", self.root, "leader", self.root.browse())
        self.assertFalse(call.with_user(stranger.user_id).has_access("read"))

    def test_a_call_that_waited_elsewhere(self):
        """A queue's department sees what became of its callers, as its report names them: whoever took them."""
        facts = self.life(target="8103")
        self.ingest(*facts)
        call = self.call_of(facts)
        self.assertEqual(
            (call.department_id, call.visit_ids.department_id), (self.sales, self.service)
        )
        seen = call.with_user(self.lea.user_id)
        self.assertEqual((len(seen.leg_ids), len(seen.attempt_ids), len(seen.hold_ids)), (2, 1, 1))
        self.assertIn(call, seen.search([("visit_ids.queue_id", "=", self.queue.id)]))
        stranger = self.make_agent("ole", "8119", self.root, "leader", self.root.browse())
        self.assertFalse(call.with_user(stranger.user_id).has_access("read"))
        self.assertFalse(
            seen.visit_ids.with_user(stranger.user_id).search([("call_id", "=", call.id)])
        )

    def test_leading_changes(self):
        """Rule domains are cached: leading another department, or moving one, takes hold at once."""
        calls = self.env["cc.call"].with_user(self.lin.user_id)
        self.assertFalse(calls.search([]))
        self.lin.led_department_ids |= self.service
        self.assertTrue(calls.search([]))
        self.lin.led_department_ids = self.sales
        self.assertFalse(calls.search([]))
        self.service.parent_id = self.sales
        self.assertTrue(calls.search([]))
        self.service.parent_id = self.root
        self.assertFalse(calls.search([]))

    def test_companies(self):
        """Another company's manager sees nothing of this one."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.max.user_id.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model in (
            *CALL_MODELS,
            "cc.pbx",
            "cc.pbx.cursor",
            "cc.agent",
            "cc.agent.session",
            "cc.agent.interval",
            "cc.queue",
            "cc.queue.member",
            "cc.extension",
            "cc.command",
        ):
            found = (
                self.env[model]
                .with_user(self.max.user_id)
                .with_context(allowed_company_ids=company.ids)
            )
            theirs = found.search([])
            self.assertFalse(
                theirs.sudo().filtered(
                    lambda row: "company_id" in row._fields and row.company_id == self.company
                ),
                model,
            )

    def test_secrets(self):
        """Agents and managers use phones without ever reading their passwords."""
        for user in (self.ann.user_id, self.max.user_id):
            with self.assertRaises(AccessError):
                self.desk.with_user(user).read(["secret"])
            with self.assertRaises(AccessError):
                self.pbx.with_user(user).read(["secret"])
        self.assertTrue(self.desk.with_user(self.ada).secret)
        self.assertFalse(
            self.env["cc.fact.rejected"].with_user(self.max.user_id).has_access("read")
        )
        self.assertTrue(self.env["cc.fact.rejected"].with_user(self.ada).has_access("read"))
