# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common import TicketMixin


@tagged("post_install", "-at_install")
class TestMoves(TicketMixin, TransactionCase):
    """TIC-02, TIC-03, TIC-04, TIC-05, TIC-06: every move, by who may and by who may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()

    def refused(self, ticket, kind, *agents, **values):
        values.setdefault("text", "words")
        for agent in agents:
            # AccessError is a UserError: what can't be read, and what can't be done
            with self.assertRaises(UserError, msg=f"{agent.name} {kind}"):
                self.do(ticket, agent, kind, **values)

    def test_start(self):
        """A draft is started by who made it."""
        ticket = self.make_ticket(start=False)
        self.assertEqual(ticket.cc_state, "draft")
        self.assertFalse(ticket.user_id)
        self.refused(ticket, "start", self.ben, self.cai, self.lea, self.max)
        self.do(ticket, self.ann, "start")
        self.assertEqual(
            (ticket.cc_state, ticket.cc_step_id.code, ticket.cc_department_id),
            ("open", "check", self.service),
        )
        self.assertFalse(ticket.user_id)

    def test_accept(self):
        """Whoever is in the department may take it, once."""
        ticket = self.make_ticket()
        self.refused(ticket, "accept", self.cai, self.lin)
        self.do(ticket, self.ben, "accept")
        self.assertEqual((ticket.cc_state, ticket.user_id), ("progress", self.ben.user_id))
        self.refused(ticket, "accept", self.ann, self.lea)

    def test_submit(self):
        """The way on is chosen by the ticket's own fields."""
        for amount, step, department in (
            (501, "decide", self.sales),
            (500, "answer", self.service),
        ):
            ticket = self.make_ticket(cc_properties={"amount": amount})
            self.do(ticket, self.ben, "accept")
            self.refused(ticket, "submit", self.ann, self.lea, self.cai)
            self.do(ticket, self.ben, "submit", text="Checked")
            self.assertEqual(ticket.cc_step_id.code, step)
            self.assertEqual(ticket.cc_department_id, department)
        self.assertEqual(ticket.user_id, self.ann.user_id)

    def walk_to_decide(self):
        ticket = self.make_ticket(cc_properties={"amount": 900, "product": "Lamp"})
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "submit")
        self.do(ticket, self.cai, "accept")
        return ticket

    def test_send_back(self):
        """Back to who had the step before, with a reason."""
        ticket = self.walk_to_decide()
        self.refused(ticket, "send_back", self.ann, self.ben, self.lin)
        with self.assertRaisesRegex(UserError, "Say why, or what was done"):
            self.do(ticket, self.cai, "send_back", text="  ")
        self.do(ticket, self.cai, "send_back", text="The amount is wrong")
        self.assertEqual((ticket.cc_step_id.code, ticket.user_id), ("check", self.ben.user_id))
        self.assertEqual(ticket.cc_state, "open")
        self.assertIn("The amount is wrong", ticket.cc_move_ids[0].text)
        # nothing is before the first step
        self.assertNotIn("send_back", self.allowed(ticket, self.ben))

    def test_pass_on(self):
        """To another department, then in progress; own fields stay; who passed it on has lost it."""
        ticket = self.make_ticket(cc_properties={"amount": 1, "product": "Lamp"})
        self.do(ticket, self.ben, "accept")
        self.refused(ticket, "pass_on", self.ann, self.cai, department_id=self.sales.id)
        self.refused(ticket, "pass_on", self.ben, department_id=False)
        self.refused(ticket, "pass_on", self.ben, department_id=self.service.id)
        self.assertFalse(
            self.do(ticket, self.ben, "pass_on", department_id=self.sales.id, text="Not ours")
        )
        self.assertEqual((ticket.cc_state, ticket.cc_department_id), ("progress", self.sales))
        self.assertFalse(ticket.user_id)
        self.assertEqual(dict(ticket.cc_properties), {"amount": 1, "product": "Lamp"})
        self.assertFalse(ticket.with_user(self.ben.user_id).has_access("read"))
        self.assertTrue(ticket.with_user(self.ann.user_id).has_access("read"))
        self.do(ticket, self.cai, "accept")
        self.assertEqual(ticket.user_id, self.cai.user_id)
        # and back: the values are still there
        self.do(ticket, self.lin, "pass_on", department_id=self.service.id)
        self.assertEqual(dict(ticket.cc_properties), {"amount": 1, "product": "Lamp"})

    def test_assign(self):
        """A leader gives a ticket to somebody; nobody else does."""
        ticket = self.make_ticket()
        who = {"user_id": self.ben.user_id.id}
        self.refused(ticket, "assign", self.ann, self.ben, self.lin, **who)
        self.do(ticket, self.lea, "assign", **who)
        self.assertEqual((ticket.user_id, ticket.cc_state), (self.ben.user_id, "open"))
        self.refused(ticket, "assign", self.lea, user_id=self.ada.id + 100000)

    def test_choices(self):
        """Whom a ticket may go to: named to agents, to nobody else."""
        tickets = self.env["helpdesk.ticket"]
        choices = tickets.with_user(self.cai.user_id).cc_choices()
        self.assertIn("Root / Service", [row["name"] for row in choices["departments"]])
        self.assertIn({"id": self.ben.user_id.id, "name": "Ben (Service)"}, choices["people"])
        clerk = self.env["res.users"].create({"name": "Clerk", "login": "cc_choices_clerk"})
        self.assertFalse(tickets.with_user(clerk).cc_choices()["people"])

    def test_feedback(self):
        """The result comes back to who created it."""
        ticket = self.walk_to_decide()
        self.refused(ticket, "feedback", self.ann, self.ben, self.lin)
        self.do(ticket, self.cai, "feedback", text="We pay half")
        self.assertEqual((ticket.cc_state, ticket.user_id), ("feedback", self.ann.user_id))
        self.assertEqual(ticket.cc_result, "We pay half")
        self.assertIn(ticket, ticket.with_user(self.ann.user_id).search(self.todo(self.ann)))

    def todo(self, agent):
        return self.env["helpdesk.ticket"].with_user(agent.user_id)._cc_todo_domain()

    def test_visit_and_close(self):
        ticket = self.walk_to_decide()
        self.do(ticket, self.cai, "feedback", text="We pay half")
        self.refused(ticket, "visit", self.ben, self.cai, self.lea)
        self.refused(ticket, "close", self.ben, self.cai, self.lea)
        self.do(ticket, self.ann, "visit", text="The customer is content")
        self.assertEqual(ticket.cc_state, "visit")
        self.do(ticket, self.ann, "close", text="Done")
        self.assertEqual(ticket.cc_state, "closed")
        self.assertTrue(ticket.stage_id.closed)
        self.assertTrue(ticket.closed_date)
        self.assertFalse(ticket.cc_turn_id)
        self.assertEqual(
            ticket.cc_turn_ids.sorted("id").mapped("step_id.code"), ["check", "decide", "answer"]
        )
        # who handled a step sees it, and nothing more than adding can be done
        for agent in (self.ann, self.ben, self.cai):
            self.assertEqual(self.allowed(ticket, agent), ["add", "reopen"])

    def test_add(self):
        """To a step that is over, and to a closed ticket, by who had part in it."""
        ticket = self.walk_to_decide()
        self.do(ticket, self.ben, "add", text="One thing more")
        self.assertEqual(ticket.cc_move_ids[0].user_id, self.ben.user_id)
        self.do(ticket, self.cai, "feedback", text="Yes")
        self.do(ticket, self.ann, "close")
        self.do(ticket, self.cai, "add", text="And later")
        outsider = self.make_agent("zoe", "8130", self.root)
        self.refused(ticket, "add", outsider)

    def test_reopen(self):
        """A closed ticket stays closed; a sub-ticket goes on."""
        ticket = self.walk_to_decide()
        self.refused(ticket, "reopen", self.ann, self.cai)
        self.do(ticket, self.cai, "feedback", text="Yes")
        self.do(ticket, self.ann, "close")
        self.do(ticket, self.ann, "reopen", text="It broke again")
        self.assertEqual(ticket.cc_state, "closed")
        child = ticket.cc_child_ids
        self.assertEqual((child.cc_state, child.cc_creator_id), ("open", self.ann.user_id))
        self.assertEqual(child.partner_id, self.partner)
        self.assertEqual(dict(child.cc_properties), {"amount": 900, "product": "Lamp"})

    def test_urge(self):
        """TIC-05: counted, urgency raised up to the highest, who has it is told; not by who has it."""
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        self.refused(ticket, "urge", self.ben, self.cai, self.lin)
        self.assertEqual(ticket.priority, "1")
        self.bus_messages()
        self.do(ticket, self.ann, "urge", text="The customer called again")
        told = self.told(self.ben, "cc_ticket/notice")
        self.assertEqual([(row["ticket_id"], row["sticky"]) for row in told], [(ticket.id, True)])
        # number and name once, in the title or in the words
        said = f"{told[0]['title']} {told[0]['text']}"
        self.assertEqual((said.count(ticket.number), said.count(ticket.name)), (1, 1))
        self.do(ticket, self.lea, "urge")
        self.do(ticket, self.ann, "urge")
        self.assertEqual((ticket.priority, ticket.cc_urge_count), ("3", 3))
        self.assertEqual(ticket.cc_turn_id.urges, 3)

    def test_told_in_their_language(self):
        """Whoever is told reads it in their own language, whatever the language of who did it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.ben.user_id.lang = "zh_CN"
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        self.bus_messages()
        self.do(ticket.with_context(lang="en_US"), self.ann, "urge")
        self.assertIn("催", self.told(self.ben, "cc_ticket/notice")[0]["text"])

    def test_copy_and_opinion(self):
        """TIC-06: who is in copy reads and gives an opinion until it closes, and changes nothing."""
        ticket = self.make_ticket(cc_properties={"amount": 1})
        self.do(ticket, self.ben, "accept")
        self.assertFalse(ticket.with_user(self.cai.user_id).has_access("read"))
        self.refused(ticket, "copy", self.cai, user_ids=self.cai.user_id.ids)
        self.do(ticket, self.ben, "copy", user_ids=self.cai.user_id.ids)
        theirs = ticket.with_user(self.cai.user_id)
        self.assertTrue(theirs.has_access("read"))
        self.assertFalse(theirs.has_access("write"))
        self.assertNotIn(self.cai.user_id.partner_id, ticket.message_partner_ids)
        self.refused(ticket, "opinion", self.ann, self.ben, self.lea)
        self.do(ticket, self.cai, "opinion", text="I would pay")
        row = ticket.cc_reader_ids.filtered(lambda row: row.kind == "copy")
        self.assertEqual(row.opinion, "I would pay")
        self.do(ticket, self.ben, "submit")
        self.do(ticket, self.ann, "close")
        self.refused(ticket, "opinion", self.cai)

    def test_pause(self):
        ticket = self.make_ticket()
        self.refused(ticket, "pause", self.ben)
        self.do(ticket, self.ben, "accept")
        self.refused(ticket, "pause", self.ann, self.lea)
        self.do(ticket, self.ben, "pause", text="Asked for a picture")
        self.assertTrue(ticket.cc_waiting)
        self.assertFalse(ticket.cc_deadline)
        self.assertNotIn(ticket, ticket.with_user(self.ben.user_id).search(self.todo(self.ben)))
        self.refused(ticket, "submit", self.ben)
        self.do(ticket, self.ben, "resume")
        self.assertFalse(ticket.cc_waiting)
        self.assertTrue(ticket.cc_deadline)

    def test_extension(self):
        """TIC-08: asked for by who handles it, decided by the leader and not by who asked."""
        ticket = self.make_ticket()
        self.refused(ticket, "extend", self.ben, hours=8)
        self.do(ticket, self.ben, "accept")
        due = ticket.cc_deadline
        self.refused(ticket, "extend", self.ann, self.lea, hours=8)
        self.refused(ticket, "extend", self.ben, hours=0)
        self.do(ticket, self.ben, "extend", hours=8, text="Parts are late")
        self.refused(ticket, "extend", self.ben, hours=8)
        row = ticket.cc_extension_ids
        for agent in (self.ann, self.ben, self.lin, self.cai):
            with self.assertRaises(AccessError):
                row.with_user(agent.user_id).action_approve()
        self.assertEqual(ticket.cc_deadline, due)
        row.with_user(self.lea.user_id).action_approve()
        # one working day of 8 hours later
        self.assertEqual(
            ticket.cc_deadline, self.company.resource_calendar_id._cc_plan(due, 8 * 3600)
        )
        with self.assertRaises(UserError):
            row.with_user(self.lea.user_id).action_refuse()

    def test_stale(self):
        """Who saw an older revision learns who was faster; nothing is done twice."""
        ticket = self.make_ticket()
        rev = ticket.cc_rev
        self.do(ticket, self.ben, "accept", rev=rev)
        moves = len(ticket.cc_move_ids)
        with self.assertRaisesRegex(UserError, "Ben has changed"):
            self.do(ticket, self.ann, "accept", rev=rev)
        self.assertEqual(len(ticket.cc_move_ids), moves)
        # a form that was loaded before says so when it saves
        theirs = ticket.with_user(self.ben.user_id)
        with self.assertRaisesRegex(UserError, "in the meantime"):
            theirs.write({"name": "Another title", "cc_seen_rev": rev})
        theirs.write({"name": "Another title", "cc_seen_rev": ticket.cc_rev})
        self.assertEqual(ticket.name, "Another title")

    def test_raw_writes(self):
        """Who has it and where it stands changes by moves only, whoever writes."""
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        for agent in (self.ben, self.lea, self.max):
            theirs = ticket.with_user(agent.user_id)
            for vals in (
                {"stage_id": done.id},
                {"user_id": self.cai.user_id.id},
                {"cc_state": "closed"},
                {"cc_department_id": self.sales.id},
                {"cc_rev": 77},
            ):
                with self.assertRaises(UserError):
                    theirs.write(vals)
            with self.assertRaises(UserError):
                theirs.with_context(cc_move=True).write({"stage_id": done.id})
        with self.assertRaises(AccessError):
            ticket.with_user(self.cai.user_id).write({"name": "x"})
        with self.assertRaises(AccessError):
            ticket.with_user(self.ann.user_id).write({"name": "x"})
        ticket.with_user(self.ben.user_id).write({"name": "Mine to say"})
        with self.assertRaises(AccessError):
            self.env["cc.ticket.move"].with_user(self.ben.user_id).create(
                {"ticket_id": ticket.id, "kind": "close"}
            )

    def test_followers(self):
        """Neither making, nor having, nor commenting makes a follower who would keep the right."""
        ticket = self.make_ticket()
        self.do(ticket, self.ben, "accept")
        ticket.with_user(self.ben.user_id).message_post(body="A note")
        ticket.with_user(self.ben.user_id).message_subscribe(self.ben.user_id.partner_id.ids)
        self.assertFalse(ticket.message_partner_ids.filtered("user_ids"))

    def test_circle(self):
        """A loop is refused when saved, naming it."""
        template = self.make_template("Loop", [{"code": "a", "name": "A"}], publish=False)
        version = template.draft_id
        with self.assertRaisesRegex(Exception, "A → B → A"):
            version.step_ids = [
                (1, version.step_ids.id, {"exit_ids": [(0, 0, {"target": "b"})]}),
                (0, 0, {"code": "b", "name": "B", "exit_ids": [(0, 0, {"target": "a"})]}),
            ]

    def test_own_fields_as_rows(self):
        """People write own fields as rows of a form; a copy has the same rows."""
        template = self.make_template(
            "Rows", [{"code": "a", "name": "A", "handler_kind": "creator"}], publish=False
        )
        version = template.draft_id
        self.assertEqual(version.field_ids.mapped("code"), ["amount", "product"])
        version.field_ids = [
            (
                0,
                0,
                {
                    "label": "Colour",
                    "code": "colour",
                    "kind": "selection",
                    "options": "red: Red\nblue",
                },
            )
        ]
        self.assertEqual(
            version.fields_definition[-1],
            {
                "name": "colour",
                "type": "selection",
                "string": "Colour",
                "selection": [["red", "Red"], ["blue", "blue"]],
            },
        )
        version.field_ids[0].unlink()
        self.assertEqual([row["name"] for row in version.fields_definition], ["product", "colour"])
        version.action_publish()
        with self.assertRaises(UserError):
            version.field_ids[0].label = "Other"
        ticket = self.make_ticket(cc_template_id=template.id, cc_properties={"colour": "red"})
        self.assertEqual(ticket.cc_properties["colour"], "Red")  # Odoo says a choice in words
        draft = self.env["cc.ticket.template.version"].browse(template.action_draw()["res_id"])
        options = [options or "" for options in draft.field_ids.mapped("options")]
        self.assertEqual(options, ["", "red: Red\nblue"])

    def test_own_fields_in_languages(self):
        """TIC-02: each reads names and choices of own fields, and steps, in their language; copies keep them."""
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.make_template(
            "In words", [{"code": "a", "name": "Look", "handler_kind": "creator"}], publish=False
        )
        version = template.draft_id
        row = version.field_ids.create(
            {
                "version_id": version.id,
                "label": "Colour",
                "code": "colour",
                "kind": "selection",
                "options": "red: Red\nblue",
                "option_words": "Red\nBlue",
            }
        )
        row.with_context(lang="zh_CN").write({"label": "颜色", "option_words": "红\n蓝"})
        version.step_ids.update_field_translations("name", {"zh_CN": "查看"})
        version.action_publish()
        ticket = self.make_ticket(cc_template_id=template.id, cc_properties={"colour": "red"})

        def read(lang):
            page = ticket.with_user(self.ann.user_id).with_context(lang=lang)
            [item] = [
                one
                for one in page.read(["cc_properties"])[0]["cc_properties"]
                if one["name"] == "colour"
            ]
            [defined] = [
                one
                for one in page.cc_version_id.read(["fields_definition"])[0]["fields_definition"]
                if one["name"] == "colour"
            ]
            self.assertEqual(item["string"], defined["string"])
            self.assertEqual(item["value"], "red")
            group = page.get_property_definition("cc_properties.colour")
            self.assertEqual(group["selection"], item["selection"])
            return (
                item["string"],
                item["selection"],
                page.cc_properties["colour"],
                page.cc_step_id.name,
            )

        english = ("Colour", [["red", "Red"], ["blue", "Blue"]], "Red", "Look")
        chinese = ("颜色", [["red", "红"], ["blue", "蓝"]], "红", "查看")
        self.assertEqual(read("en_US"), english)
        self.assertEqual(read("zh_CN"), chinese)
        # the history and the handling times, too
        for lang, name in (("en_US", "Look"), ("zh_CN", "查看")):
            self.assertEqual(ticket.with_context(lang=lang).cc_turn_id.step_name, name)
            started = ticket.cc_move_ids.filtered(lambda move: move.kind == "start")
            self.assertEqual(started.with_context(lang=lang).to_step, name)
        # whoever draws the next version in Chinese takes nobody's words away
        manager = template.with_user(self.max.user_id).with_context(lang="zh_CN")
        draft = self.env["cc.ticket.template.version"].browse(manager.action_draw()["res_id"])
        draft.with_user(self.max.user_id).with_context(lang="zh_CN").action_publish()
        ticket = self.make_ticket(cc_template_id=template.id, cc_properties={"colour": "red"})
        self.assertEqual(ticket.cc_version_id, draft)
        self.assertEqual(read("en_US"), english)
        self.assertEqual(read("zh_CN"), chinese)
        # choices that nobody has put into words since are read as they are
        template.action_draw()
        later = template.draft_id.field_ids.filtered(lambda one: one.code == "colour")
        later.options = "red: Red\nblue\ngreen"
        template.draft_id.action_publish()
        ticket = self.make_ticket(cc_template_id=template.id, cc_properties={"colour": "red"})
        self.assertEqual(read("zh_CN")[1], [["red", "Red"], ["blue", "blue"], ["green", "green"]])

    def test_new_on_the_page(self):
        """TIC-01: the template's own fields are there at once, and only the title has to be said."""
        page = Form(
            self.env["helpdesk.ticket"].with_user(self.ann.user_id),
            view="cc_ticket.helpdesk_ticket_view_form",
        )
        page.cc_template_id = self.template
        self.assertEqual(page.cc_version_id, self.template.version_id)
        self.assertEqual([one["name"] for one in page.cc_properties], ["amount", "product"])
        page.name = "It is broken"
        ticket = page.save()
        self.assertEqual(
            (ticket.cc_state, ticket.cc_version_id), ("draft", self.template.version_id)
        )
        with Form(ticket, view="cc_ticket.helpdesk_ticket_view_form") as page:
            page.description = False

    def test_parent_circle(self):
        """TIC-07: a ticket is never below itself, whoever writes it."""
        top, middle = self.make_ticket(), self.make_ticket()
        middle.cc_parent_id = top
        bottom = self.make_ticket(cc_parent_id=middle.id)
        for ticket, parent in ((top, top), (top, middle), (top, bottom), (middle, bottom)):
            with (
                self.assertRaisesRegex(ValidationError, "sub-ticket of itself"),
                self.cr.savepoint(),
            ):
                ticket.with_user(self.max.user_id).write({"cc_parent_id": parent.id})
            with self.assertRaises(ValidationError), self.cr.savepoint():
                ticket.sudo()._cc_write({"cc_parent_id": parent.id})
        self.assertEqual((top.cc_parent_id.ids, bottom.cc_parent_id), ([], middle))

    def test_versions(self):
        """A running ticket keeps its version; what is published stays as it is."""
        ticket = self.make_ticket(cc_properties={"amount": 5, "product": "Lamp"})
        version = ticket.cc_version_id
        with self.assertRaises(UserError):
            version.step_ids[0].name = "Other"
        with self.assertRaises(UserError):
            version.step_ids[0].unlink()
        action = self.template.action_draw()
        draft = self.env["cc.ticket.template.version"].browse(action["res_id"])
        draft.fields_definition = [{"name": "colour", "type": "char", "string": "Colour"}]
        draft.step_ids.filtered(lambda step: step.code == "check").exit_ids = [
            (5, 0, 0),
            (0, 0, {"target": "answer"}),
        ]
        draft.action_publish()
        self.assertEqual(self.template.version_id, draft)
        self.assertEqual(version.state, "retired")
        ticket.with_user(self.max.user_id).write({"name": "Later"})
        self.assertEqual(ticket.cc_version_id, version)
        self.assertEqual(dict(ticket.cc_properties), {"amount": 5, "product": "Lamp"})
        self.do(ticket, self.ben, "accept")
        self.do(ticket, self.ben, "submit")
        self.assertEqual(ticket.cc_step_id.version_id, version)
        self.assertEqual(self.make_ticket().cc_version_id, draft)
        with self.assertRaises(UserError):
            self.template.unlink()
        self.template.active = False
        self.do(ticket, self.ann, "close")

    def test_new_ticket_with_rows_of_others(self):
        """Tickets are made with superuser rights: nobody changes or takes on the way what is not theirs."""
        foreign = self.make_ticket(self.cai, start=False)
        self.assertFalse(foreign.with_user(self.ann.user_id).has_access("read"))
        tag = self.env["helpdesk.ticket.tag"].create({"name": "Ours"})
        message = foreign.message_post(body="Words")
        for values in (
            {"cc_child_ids": [Command.update(foreign.id, {"name": "Mine"})]},
            {"cc_child_ids": [Command.link(foreign.id)]},
            {"cc_child_ids": [foreign.id]},
            {"cc_child_ids": [Command.create({"name": "Below", "description": "x"})]},
            {"tag_ids": [Command.update(tag.id, {"name": "Mine"})]},
            {"tag_ids": [Command.delete(tag.id)]},
            {"message_ids": [Command.link(message.id)]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.make_ticket(start=False, **values)
        self.assertEqual(self.make_ticket(start=False, tag_ids=[Command.set(tag.ids)]).tag_ids, tag)
        mine = self.make_ticket()
        with self.assertRaises(AccessError):
            mine.with_user(self.ann.user_id).write({"cc_parent_id": foreign.id})
