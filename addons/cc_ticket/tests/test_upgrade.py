# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged

from ..hooks import post_init_hook
from .common import TicketMixin

HERE = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0"


@tagged("post_install", "-at_install")
class TestUpgrade(TicketMixin, TransactionCase):
    """A database of 19.0.1.0.0, as its rows were, through this version's own scripts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_tickets()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def migrate(self, *names):
        self.env.flush_all()
        for name in names:
            load_script(str(HERE / f"{name}.py"), name).migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def read_by(self, version, lang):
        row = version.with_context(lang=lang).read(["fields_definition"])[0]
        found = {item["name"]: item for item in row["fields_definition"]}["about"]
        return found["string"], [label for _value, label in found["selection"]]

    def test_own_fields(self):
        """Templates older than the words of their own fields are read in the reader's language afterwards, and so
        is the version that people made of one."""
        template = self.env.ref("cc_ticket.template_complaint")
        version = self.env.ref("cc_ticket.version_complaint")
        template.action_draw()
        later = template.draft_id
        later.action_publish()
        rows = (version | later).field_ids
        self.env["ir.model.data"].search(
            [("model", "=", "cc.ticket.field"), ("res_id", "in", rows.ids)]
        ).unlink()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE cc_ticket_field SET option_words = NULL,"
            " label = jsonb_build_object('en_US', label ->> 'en_US') WHERE id = ANY(%s)",
            [rows.ids],
        )
        self.env.invalidate_all()
        english = ("About", ["Product", "Service", "Delivery", "Bill"])
        for one in (version, later):
            self.assertEqual(self.read_by(one, "zh_CN"), english)
        self.migrate("post-own_fields")
        # as Odoo does after the scripts of an addon
        self.env.ref("base.module_cc_ticket")._update_translations(["zh_CN"])
        self.migrate("end-own_fields")
        for one in (version, later):
            self.assertEqual(self.read_by(one, "en_US"), english)
            label, choices = self.read_by(one, "zh_CN")
            self.assertNotEqual(label, "About")
            self.assertFalse(set(choices) & set(english[1]))

    def test_articles_from_before(self):
        """A site that has OCA's articles installs ours: they are found, and lose what does not belong there."""
        page = self.env["document.page"].create(
            {"name": "Older than us", "content": "<p>x</p>", "company_id": False}
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE document_page_history SET content = %s WHERE page_id = %s",
            ["<p>早就有的文章</p><script>alert(1)</script>", page.id],
        )
        self.env["cc.page.index"].search([("page_id", "=", page.id)]).unlink()
        self.env.invalidate_all()
        find = self.env["document.page"].with_user(self.ann.user_id).cc_search
        self.assertEqual(find("早就有的"), [])
        post_init_hook(self.env)
        self.assertEqual([row["id"] for row in find("早就有的")], page.ids)
        self.assertNotIn("script", page.history_head.content)

    def test_first_steps(self):
        """Turns of before are counted by the step in all its versions, and visits become private."""
        first = self.with_ben()
        self.template.action_draw()
        self.template.draft_id.action_publish()
        second = self.with_ben()
        turns = first.cc_turn_ids | second.cc_turn_ids
        steps = turns.step_id
        self.assertEqual(len(steps), 2)
        event = self.env["calendar.event"].create(
            {"name": "Visit", "start": "2026-03-02 02:00:00", "cc_ticket_id": first.id}
        )
        self.env.flush_all()
        self.cr.execute("UPDATE cc_ticket_step SET first_id = NULL")
        self.cr.execute("UPDATE cc_ticket_turn SET first_step_id = NULL")
        self.env.invalidate_all()
        self.migrate("pre-first_steps", "post-own_fields")
        self.assertEqual(turns.first_step_id, first.cc_turn_ids.step_id)
        self.assertEqual(event.privacy, "private")
