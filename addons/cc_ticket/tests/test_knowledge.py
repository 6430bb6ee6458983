# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.addons.cc_telephony.utils.search_text import Query, fold, index_terms
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import TicketMixin


@tagged("post_install", "-at_install")
class TestKnowledge(TicketMixin, TransactionCase):
    """TIC-14, TIC-15, TIC-18: found, read, limited, judged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()
        cls.pages = cls.env["document.page"]
        # only what a test writes is to be found
        cls.pages.search([("type", "=", "content")]).active = False
        cls.category = cls.pages.create({"name": "Handbook", "type": "category"})

    @classmethod
    def article(cls, name, text="", **values):
        return cls.pages.create(
            {
                "name": name,
                "content": f"<p>{text}</p>",
                "parent_id": cls.category.id,
                "company_id": False,
                **values,
            }
        )

    def found(self, query, agent=None, **options):
        pages = self.pages.with_user((agent or self.ann).user_id)
        return [row["id"] for row in pages.cc_search(query, **options)]

    def test_chinese(self):
        """K01: words of two signs, one sign, in the body and in the title; marks on what was found."""
        page = self.article("客户须知", "这是一个测试文档，客户可在七日内申请退款。")
        other = self.article("发票", "发票随货寄出。")
        for query in ("测试", "退款", "申请退款", "七日", "款", "怎么申请退款？", "須知", "測試"):
            self.assertEqual(self.found(query)[:1], page.ids, query)
            self.assertNotIn(other.id, self.found(query), query)
        [row] = self.pages.with_user(self.ann.user_id).cc_search("申请退款")
        self.assertIn("七日内<mark>申请退款</mark>。", row["excerpt"])
        [row] = self.pages.with_user(self.ann.user_id).cc_search("须知")
        self.assertEqual(row["title"], "客户<mark>须知</mark>")

    def test_traditional_and_simplified(self):
        simple = self.article("退货流程", "请联系客服办理退货。")
        traditional = self.article("退貨流程說明", "請聯繫客服辦理退貨。")
        for query in ("退货流程", "退貨流程"):
            self.assertEqual(set(self.found(query)), {simple.id, traditional.id}, query)
        # the mark is on the original signs
        rows = self.pages.with_user(self.ann.user_id).cc_search("办理退货")
        texts = {row["id"]: row["excerpt"] for row in rows}
        self.assertIn("<mark>辦理退貨</mark>", texts[traditional.id])

    def test_mixed(self):
        """K03: letters, digits and signs, together and in parts."""
        wanted = {
            "iPhone15Pro保修": ["15Pro", "iphone 保修", "iphone保修", "iPhone15Pro"],
            "Relay AB-1203.5": ["1203", '"AB-1203.5"', "ab-1203"],
            "Router 192.168.1.1": ["192.168.1.1"],
            "C++ course": ["C++"],
            "port_ruby": ["ruby", "port"],
            "Mail to user@x.cn": ["user@x.cn"],
            "Hotline 400-800-8820": ["8008820", "400-800-8820"],
        }
        pages = {name: self.article(name, "something") for name in wanted}
        for name, queries in wanted.items():
            for query in queries:
                self.assertIn(pages[name].id, self.found(query)[:3], query)
        for query in ("%", "_", "。", "", "   ", "'", "\\", "&", "!"):
            self.assertEqual(self.found(query), [], query)

    def test_words(self):
        page = self.article("Warranty of lamps", "Two years for all lamps that were bought here.")
        self.article("Opening hours", "From nine to five.")
        for query in ("warranty", "warr", "Lamp", "lamps", "warrenty", "how long is the warranty"):
            self.assertEqual(self.found(query)[:1], page.ids, query)
        self.assertEqual(self.found("submarine"), [])

    def test_positions(self):
        """A folded text is as long as the original, whatever is in it."""
        for text in ("ﬁn ①Ａ ß İ 𠮷野家 乾燥 ǆ", "Straße", "e\u0301"):
            self.assertEqual(len(fold(text)), len(text))
        self.assertIn("退款", index_terms("請退款"))
        self.assertEqual(Query("b <i>").spans("x b"), [(2, 3)])

    def test_rights(self):
        """K07: who may not read an article sees no title, text, count, file or version of it anywhere."""
        group = self.env["res.groups"].create({"name": "Secret keepers"})
        above = self.env["res.groups"].create(
            {"name": "Above them", "implied_ids": [(6, 0, group.ids)]}
        )
        page = self.article("机密价格", "底价是八折", groups_id=[(6, 0, group.ids)], cc_pinned=True)
        ids = page.ids
        self.cai.user_id.group_ids |= above  # by implication only
        history = page.history_ids
        stranger, reader = self.ann.user_id, self.cai.user_id

        def ways(user):
            pages = self.pages.with_user(user)
            rows = self.env["document.page.history"].with_user(user)
            home = pages.cc_home()
            yield pages.search([("id", "in", ids)]).ids
            yield rows.search([("page_id", "in", ids)]).page_id.ids
            yield [row["id"] for row in pages.cc_search("机密价格")]
            yield [row["id"] for row in home["pinned"] if row["id"] in ids]
            yield [
                row["id"]
                for row in pages.cc_browse(self.category.id)["articles"]
                if row["id"] in ids
            ]

        for found in ways(stranger):
            self.assertEqual(found, [])
        for found in ways(reader):
            self.assertEqual(found, ids)
        for call in ("cc_open", "cc_toggle_favourite", "cc_for_reply"):
            with self.assertRaises(AccessError):
                getattr(page.with_user(stranger), call)()
        with self.assertRaises(AccessError):
            page.with_user(stranger).cc_vote(True)
        with self.assertRaises(AccessError):
            history.with_user(stranger).read(["content"])
        self.assertIn("底价", page.with_user(reader).cc_open()["content"])
        # hot is counted, and shown to those who may read it only
        self.assertIn(page, self.pages.with_user(reader)._cc_hot())
        self.assertNotIn(page, self.pages.with_user(stranger)._cc_hot())

    def test_departments(self):
        """Of a department, of those above it only by leading; inherited from the category."""
        self.category.cc_department_ids = self.service
        page = self.article("Service only", "x")
        may = (self.ann, self.ben, self.lea, self.max)
        may_not = (self.cai, self.lin)
        for agent in may:
            self.assertTrue(page.with_user(agent.user_id).has_access("read"), agent.name)
        for agent in may_not:
            self.assertFalse(page.with_user(agent.user_id).has_access("read"), agent.name)
        # an article's own limits go before the category's
        page.cc_department_ids = self.sales
        self.assertTrue(page.with_user(self.cai.user_id).has_access("read"))
        self.assertFalse(page.with_user(self.ann.user_id).has_access("read"))
        # a user with OCA's role and none of ours is bound as well
        outside = new_test_user(
            self.env,
            "cc_page_outside",
            groups="document_knowledge.group_document_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertFalse(page.with_user(outside).has_access("read"))

    def test_hostile(self):
        """K05: by the form and straight into a version."""
        bad = (
            "<p style='position:fixed;color:red'>fine</p><script>alert(1)</script>"
            "<img src=x onerror=alert(1)><a href='javascript:alert(1)'>go</a>"
            "<iframe src='https://x.example'></iframe><form action='/x'><input></form>"
            "<meta http-equiv='refresh' content='0;url=https://x.example'>"
            "<table><tbody><tr><td>kept</td></tr></tbody></table>"
        )
        page = self.article("Hostile", "x")
        page.content = bad
        self.env["document.page.history"].create({"page_id": page.id, "content": bad})
        texts = [*page.history_ids.mapped("content"), page.content]
        opened = page.with_user(self.ann.user_id).cc_open()
        texts += [opened["content"], page.with_user(self.ann.user_id).cc_for_reply()]
        for text in texts[:-1]:
            for word in (
                "<script",
                "onerror",
                "javascript:",
                "<iframe",
                "<form",
                "<meta",
                "position",
            ):
                self.assertNotIn(word, text)
        self.assertIn("kept", page.history_head.content)
        self.assertIn("color:red", page.history_head.content.replace(" ", ""))
        evil = self.article('<img src=x onerror="alert(1)">', "x")
        self.assertNotIn("<img", self.category._get_page_index())
        row = evil.with_user(self.ann.user_id).cc_open(same=True)
        self.assertNotIn("<img", row["title"])

    def test_stale_article(self):
        page = self.article("Edited by two", "first")
        head = page.history_head.id
        page.with_user(self.lea.user_id).write({"content": "<p>second</p>", "cc_seen_head": head})
        with self.assertRaisesRegex(UserError, "Lea"):
            page.with_user(self.lin.user_id).write(
                {"content": "<p>third</p>", "cc_seen_head": head}
            )
        self.assertIn("second", page.content)

    def test_approval(self):
        """What is not approved is found by nobody and read by nobody."""
        self.category.approval_required = True
        page = self.article("新规定", "原文")
        page.history_ids.sudo().filtered(lambda row: row.state == "to approve").action_approve()
        author = page.with_user(self.lea.user_id)
        author.content = "<p>草稿词</p>"
        self.assertEqual(self.found("草稿词"), [])
        self.assertNotIn("草稿词", page.with_user(self.ann.user_id).cc_open()["content"])
        waiting = self.env["document.page.history"].search(
            [("page_id", "=", page.id), ("state", "=", "to approve")]
        )
        waiting.action_approve()
        self.assertEqual(self.found("草稿词"), page.ids)

    def test_approval_past_the_button(self):
        """Nobody but an approver makes a version public or changes one that is: not by RPC, nor by a context, nor
        by taking the article to where nothing is approved."""
        page = self.article("规定", "原文")
        self.category.approval_required = True
        public = page.history_head
        elsewhere = self.env["document.page"].create({"name": "Elsewhere", "type": "category"})
        theirs = page.with_user(self.lea.user_id)
        rows = self.env["document.page.history"].with_user(self.lea.user_id)
        values = {"page_id": page.id, "content": "<p>塞进</p>"}
        own = rows.create(values)
        for attempt in (
            lambda: rows.create({**values, "state": "approved"}),
            lambda: rows.with_context(default_state="approved").create(values),
            lambda: own.write({"state": "approved"}),
            lambda: own.action_approve(),
            lambda: rows.browse(public.id).write({"content": "<p>改写</p>"}),
            lambda: rows.browse(public.id).action_cancel(),
            lambda: theirs.write({"parent_id": elsewhere.id}),
            lambda: theirs.write({"parent_id": False}),
            lambda: self.category.with_user(self.lea.user_id).write({"approval_required": False}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual(page.history_head, public)
        self.assertIn("原文", page.with_user(self.ann.user_id).cc_open()["content"])
        # the manager, who approves, does all of it
        own.with_user(self.max.user_id).write({"state": "approved"})
        page.with_user(self.max.user_id).write({"parent_id": elsewhere.id})

    def test_languages(self):
        """One article in two languages: the reader's."""
        self.env["res.lang"]._activate_lang("zh_CN")
        english = self.article("Refunds", "Within seven days. Refund 退款", cc_lang="en_US")
        chinese = self.article("退款", "七日内退款", cc_lang="zh_CN", cc_original_id=english.id)
        self.assertEqual(len(self.found("退款")), 1)
        self.ann.user_id.lang = "zh_CN"
        theirs = english.with_user(self.ann.user_id).with_context(lang="zh_CN")
        self.assertEqual(theirs.cc_open()["id"], chinese.id)
        self.assertEqual(theirs.cc_open(same=True)["id"], english.id)
        self.assertEqual(english.with_user(self.ben.user_id).cc_open()["id"], english.id)

    def test_counts(self):
        """Reads, favourites, votes and searches write nothing on the article."""
        page = self.article("Counted", "words")
        self.env.flush_all()
        before = page.write_date
        mine = page.with_user(self.ann.user_id)
        mine.cc_open()
        mine.cc_open()
        page.with_user(self.ben.user_id).cc_open()
        self.assertEqual(page.cc_read_count, 3)
        self.assertTrue(mine.cc_toggle_favourite())
        self.assertEqual(self.found("counted", only="favourites"), page.ids)
        self.assertEqual(self.found("counted", self.ben, only="favourites"), [])
        self.assertFalse(mine.cc_toggle_favourite())
        mine.cc_vote(True)
        mine.cc_vote(False, "counted")
        page.with_user(self.ben.user_id).cc_vote(True)
        page.invalidate_recordset()
        self.assertEqual((page.cc_helped_count, page.cc_not_helped_count), (1, 1))
        self.env.flush_all()
        self.assertEqual(page.write_date, before)
        self.assertFalse(page.message_partner_ids & self.ann.user_id.partner_id)

    def test_searches_in_vain(self):
        """TIC-18: the editors see what was searched for in vain, the readers don't."""
        self.found("潜水艇", log=True)
        self.found("潜水艇", self.ben, log=True)
        self.found("潜水", log=False)
        rows = (
            self.env["cc.page.search"]
            .with_user(self.lea.user_id)
            .search([("query", "=like", "潜水%")])
        )
        self.assertEqual([(row.query, row.times, row.nothing) for row in rows], [("潜水艇", 2, 2)])
        with self.assertRaises(AccessError):
            self.env["cc.page.search"].with_user(self.ann.user_id).search([])
        self.article("潜水艇", "x")
        self.found("潜水艇", log=True)
        rows.invalidate_recordset()
        self.assertEqual((rows.times, rows.nothing, rows.last_found), (3, 2, 1))

    def test_internal(self):
        """An article for colleagues is not put into an answer."""
        page = self.article("Among us", "x", cc_internal=True)
        with self.assertRaises(AccessError):
            page.with_user(self.ann.user_id).cc_for_reply()
        page.cc_internal = False
        self.assertIn("x", page.with_user(self.ann.user_id).cc_for_reply())
