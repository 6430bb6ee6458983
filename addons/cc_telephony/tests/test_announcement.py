# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import FactsMixin


@tagged("post_install", "-at_install")
class TestAnnouncement(FactsMixin, TransactionCase):
    """Leaders tell their departments; who has read it is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.env["cc.announcement"].search([]).unlink()

    def bar(self, agent):
        return self.env["cc.agent"].with_user(agent.user_id)

    def write_one(self, author, departments, **values):
        return (
            self.env["cc.announcement"]
            .with_user(author)
            .create(
                {
                    "title": "Hours",
                    "body": "<p>Open at <b>9</b></p><script>alert(1)</script>",
                    "company_id": self.company.id,
                    "department_ids": [(6, 0, departments.ids)],
                    **values,
                }
            )
        )

    def test_story(self):
        """Written, published, seen by the department, read."""
        row = self.write_one(self.lea.user_id, self.service)
        self.assertEqual(self.bar(self.ann).announcements(), [])
        self.bus_messages()
        row.action_publish()
        self.assertEqual(
            [
                (channel[1], payload)
                for channel, kind, payload in self.bus_messages()
                if kind == "cc.announcement/new"
            ],
            [
                (
                    agent.user_id.partner_id.id,
                    {"id": row.id, "title": "Hours", "author": "Lea", "unread": 1},
                )
                for agent in (self.ann, self.ben, self.lea)
            ],
        )
        [shown] = self.bar(self.ann).announcements()
        self.assertEqual(
            (shown["id"], shown["title"], shown["author"], shown["read"]),
            (row.id, "Hours", "Lea", False),
        )
        self.assertIn("<b>9</b>", shown["body"])
        self.assertNotIn("script", shown["body"])
        self.assertEqual(self.bar(self.ann).my_phone()["announcements"], 1)
        self.assertEqual(self.bar(self.ann).announcement_read([row.id, "x", 10**9]), 0)
        self.assertEqual(self.bar(self.ann).announcement_read([row.id]), 0)
        self.assertTrue(self.bar(self.ann).announcements()[0]["read"])
        self.assertEqual(self.bar(self.ann).my_phone()["announcements"], 0)
        self.assertEqual(self.bar(self.ben).my_phone()["announcements"], 1)
        self.assertEqual(row.read_count, 1)
        self.assertEqual(row.read_ids.user_id, self.ann.user_id)
        row.action_publish()
        self.assertFalse(self.told(self.ann, "cc.announcement/new"))

    def test_opening_the_form_is_reading(self):
        row = self.write_one(self.lea.user_id, self.service)
        draft = row.copy()
        (row).action_publish()
        mine = row.with_user(self.ben.user_id)
        mine.web_search_read([], {"title": {}})
        self.assertEqual(self.bar(self.ben).my_phone()["announcements"], 1)
        mine.web_read({"title": {}, "body": {}})
        self.assertEqual(self.bar(self.ben).my_phone()["announcements"], 0)
        draft.web_read({"title": {}, "body": {}})
        self.assertFalse(draft.read_ids)

    def test_for_whom(self):
        """A department's own and those of the ones above; others get nothing, by no way of reading."""
        row = self.write_one(self.lea.user_id, self.service)
        row.action_publish()
        self.assertEqual(self.bar(self.cai).announcements(), [])
        self.assertEqual(self.bar(self.cai).announcement_read(row.ids), 0)
        self.assertFalse(row.read_ids)
        cai = self.env["cc.announcement"].with_user(self.cai.user_id)
        self.assertFalse(cai.search([]))
        with self.assertRaises(AccessError):
            cai.browse(row.id).read(["title"])
        # a leader of another department
        with self.assertRaises(AccessError):
            row.with_user(self.lin.user_id).read(["title"])
        everybody = self.write_one(self.max.user_id, self.service.browse(), title="All")
        above = self.write_one(self.max.user_id, self.root, title="Root")
        (everybody | above).action_publish()
        self.assertEqual(
            {shown["title"] for shown in self.bar(self.cai).announcements()}, {"All", "Root"}
        )

    def test_who_may_write(self):
        """Leaders for the departments they lead, managers for all, agents nothing."""
        with self.assertRaises(AccessError):
            self.write_one(self.ann.user_id, self.service)
        for departments in (self.sales, self.service | self.sales, self.service.browse()):
            with self.assertRaises(AccessError):
                self.write_one(self.lea.user_id, departments)
        row = self.write_one(self.lea.user_id, self.service)
        with self.assertRaises(AccessError):
            row.department_ids = self.service | self.sales
        for stranger in (self.ann, self.lin):
            with self.assertRaises(AccessError):
                row.with_user(stranger.user_id).title = "Mine"
            with self.assertRaises(AccessError):
                row.with_user(stranger.user_id).action_publish()
        row.with_user(self.max.user_id).title = "Managed"
        row.action_publish()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            row.unlink()
        reads = self.env["cc.announcement.read"]
        self.bar(self.ann).announcement_read(row.ids)
        self.assertTrue(reads.with_user(self.lea.user_id).search([]))
        self.assertFalse(reads.with_user(self.lin.user_id).search([]))
        self.assertFalse(reads.with_user(self.ben.user_id).search([]))
        with self.assertRaises(AccessError):
            reads.with_user(self.ben.user_id).create(
                {
                    "announcement_id": row.id,
                    "user_id": self.ben.user_id.id,
                    "read_at": fields.Datetime.now(),
                }
            )
        row.with_user(self.max.user_id).unlink()

    def test_times(self):
        """Nobody sees it before its time; when that comes they are told; after its end it is gone."""
        now = fields.Datetime.now()
        row = self.write_one(self.lea.user_id, self.service, from_at=now + timedelta(hours=1))
        self.bus_messages()
        row.action_publish()
        self.assertFalse(self.told(self.ann, "cc.announcement/new"))
        self.assertEqual(self.bar(self.ann).announcements(), [])
        self.assertFalse(self.env["cc.announcement"].with_user(self.ann.user_id).search([]))
        row.from_at = now - timedelta(minutes=1)
        self.env["cc.announcement"].sudo()._cron_announce()
        self.assertEqual(len(self.told(self.ann, "cc.announcement/new")), 1)
        self.env["cc.announcement"].sudo()._cron_announce()
        self.assertFalse(self.told(self.ann, "cc.announcement/new"))
        self.assertEqual(self.bar(self.ann).my_phone()["announcements"], 1)
        row.until_at = now - timedelta(seconds=1)
        self.assertEqual(self.bar(self.ann).announcements(), [])
        self.assertEqual(self.bar(self.ann).my_phone()["announcements"], 0)
        over = self.write_one(self.lea.user_id, self.service, until_at=now - timedelta(hours=1))
        with self.assertRaisesRegex(ValidationError, "in the past"):
            over.action_publish()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            row.from_at = now
            row.flush_recordset()
