# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.search_text import Query, score
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, html_sanitize

from .document_page import mark

# looked at more closely, of all that has the terms
CANDIDATES = 120
EXCERPT = 110
# fewer than this share of what was typed is no result
FUZZY_SHARE = 0.5
HOT_DAYS = 30


class DocumentPage(models.Model):
    """Finding articles, and what readers do with them."""

    _inherit = "document.page"

    @api.model
    def _cc_domain(self, parent_id=None, only=None):
        domain = Domain("type", "=", "content") & Domain("history_head", "!=", False)
        if parent_id:
            domain &= Domain("parent_id", "child_of", parent_id)
        if only == "title":
            return domain
        if only == "favourites":
            domain &= Domain("cc_favourite", "=", True)
        elif only == "recommended":
            domain &= Domain("cc_recommended", "=", True)
        return domain

    @api.model
    def _cc_find(self, text, limit=20, parent_id=None, only=None):
        """Articles that a query finds, the best first, among those that the user may read.

        :param str only: "title": what is typed is in the title; "favourites", "recommended": among these
        :return: ``[(page id, score)]``
        """
        query = Query(text)
        if not query:
            return []
        # the user's rights are part of the query: record rules of the page
        may = self._search(self._cc_domain(parent_id, only))
        rows = self._cc_rank(query, query.strict, may, only)
        if not rows:
            rows = [
                row for row in self._cc_rank(query, query.fuzzy, may, only) if row[2] >= FUZZY_SHARE
            ]
        return [(page_id, score) for page_id, score, _share in rows[:limit]]

    @api.model
    def _cc_rank(self, query, tsquery, may, only):
        """:return: ``[(page id, score, share of what was typed)]``, the best first

        See `utils.search_text.score`; `bench/knowledge.py` measures it.
        """
        weights = "{0.05, 0.2, 0.6, 1.0}"  # D, C, B, A
        rows = self.env.execute_query(
            SQL(
                """SELECT page_id, rank, folded
                     FROM (SELECT page_id, folded,
                                  ts_rank(%(weights)s, terms, %(query)s::tsquery, 1) AS rank
                             FROM cc_page_index
                            WHERE terms @@ %(query)s::tsquery AND page_id IN %(may)s
                         ORDER BY rank DESC
                            LIMIT %(most)s) found""",
                weights=weights,
                query=tsquery,
                may=may.subselect(),
                most=CANDIDATES,
            )
        )
        ranked = []
        for page_id, rank, folded in rows:
            total, share = score(query, rank, folded)
            if only == "title":
                share = query.share(folded.partition("\n")[0])
                if share < 1:
                    continue
            ranked.append((page_id, total, share))
        return sorted(ranked, key=lambda row: (-row[1], row[0]))

    @api.model
    def cc_search(self, text, limit=20, parent_id=None, only=None, log=False):
        """Search the knowledge base.

        :param bool log: count the query (the reader stopped typing); without it nothing is written
        :return: ``[{id, title, excerpt, path, recommended, pinned, favourite, internal, lang}]``, title and
            excerpt as safe HTML with marks
        """
        query = Query(text)
        found = self._cc_find(text, limit=limit * 2, parent_id=parent_id, only=only)
        pages = self.browse([page_id for page_id, _score in found])
        # of an article in several languages, the reader's
        seen, kept = set(), self.browse()
        for page in pages:
            family = page.cc_original_id.id or page.id
            if family not in seen:
                seen.add(family)
                kept |= page
        kept = kept[:limit]
        if log and query:
            self._cc_count_search(query.folded, len(kept))
        return [page._cc_card(query) for page in kept]

    @api.model
    def _cc_count_search(self, query, found):
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_page_search
                       (query, times, nothing, last_at, last_found, create_uid, write_uid, create_date,
                        write_date)
                   VALUES (%(query)s, 1, %(nothing)s, %(now)s, %(found)s, %(uid)s, %(uid)s, %(now)s, %(now)s)
                   ON CONFLICT (query) DO UPDATE
                      SET times = cc_page_search.times + 1,
                          nothing = cc_page_search.nothing + EXCLUDED.nothing,
                          last_at = EXCLUDED.last_at,
                          last_found = EXCLUDED.last_found,
                          handled = cc_page_search.handled AND EXCLUDED.nothing = 0""",
                query=query,
                nothing=int(not found),
                found=found,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )

    def _cc_card(self, query=None):
        """:return: what lists show of an article"""
        self.ensure_one()
        # sudo: cc.page.index - the text of an article that the user may read
        index_sudo = self.env["cc.page.index"].sudo().search([("page_id", "=", self.id)], limit=1)
        body = index_sudo.body or ""
        excerpt, spans = body[: EXCERPT * 2], []
        if query:
            spans = query.spans(body)
            start = max(0, spans[0][0] - EXCERPT // 2) if spans else 0
            end = start + EXCERPT * 2
            excerpt = body[start:end]
            spans = [
                (max(one - start, 0), min(two - start, len(excerpt)))
                for one, two in spans
                if two > start and one < end
            ]
            if start:
                excerpt = "…" + excerpt
                spans = [(one + 1, two + 1) for one, two in spans]
        return {
            "id": self.id,
            "title": str(mark(self.name or "", query.spans(self.name or "") if query else [])),
            "excerpt": str(mark(excerpt, spans)).replace("\n", " "),
            "path": self.parent_id.display_name or "",
            "recommended": self.cc_recommended,
            "pinned": self.cc_pinned,
            "favourite": self.cc_favourite,
            "internal": self.cc_internal,
            "lang": self.cc_lang or "",
        }

    @api.model
    @api.readonly
    def cc_home(self):
        """:return: what the panel shows before anything is typed: ``{pinned, recommended, hot, favourites}``"""
        content = self._cc_domain()

        def cards(domain, limit=8):
            pages = self.search(content & Domain(domain), limit=limit)._cc_once()
            return [page._cc_card() for page in pages]

        return {
            "pinned": cards([("cc_pinned", "=", True)]),
            "recommended": cards([("cc_recommended", "=", True), ("cc_pinned", "=", False)]),
            "favourites": cards([("cc_favourite", "=", True)]),
            "hot": [page._cc_card() for page in self._cc_hot()._cc_once()],
        }

    @api.model
    def _cc_hot(self, limit=8):
        """:return: the articles most read of late in all their languages, among those that the user may read"""
        may = self._search(self._cc_domain())
        rows = self.env.execute_query(
            SQL(
                """SELECT min(r.page_id) FROM cc_page_read r JOIN document_page p ON p.id = r.page_id
                    WHERE r.day > %(since)s AND r.page_id IN %(may)s
                 GROUP BY COALESCE(p.cc_original_id, p.id)
                 ORDER BY sum(r.count) DESC, 1 LIMIT %(limit)s""",
                since=fields.Date.add(fields.Date.today(), days=-HOT_DAYS),
                may=may.subselect(),
                limit=limit,
            )
        )
        return self.browse([page_id for (page_id,) in rows])

    @api.model
    @api.readonly
    def cc_browse(self, parent_id=False):
        """One level of the tree.

        :return: ``{path: [{id, name}], categories: [{id, name, count}], articles: [card]}``
        """
        parent = self.browse(parent_id or ())
        if parent:
            parent.check_access("read")
        categories = self.search([("type", "=", "category"), ("parent_id", "=", parent.id)])
        counts = defaultdict(int)
        for category in categories:
            counts[category.id] = self.search_count(self._cc_domain(category.id))
        path = []
        while parent:
            path.insert(0, {"id": parent.id, "name": parent.name})
            parent = parent.parent_id._filtered_access("read")
        articles = self.search(
            Domain(self._cc_domain()) & Domain("parent_id", "=", parent_id or False), limit=200
        )
        return {
            "path": path,
            "categories": [
                {"id": row.id, "name": row.name, "count": counts[row.id]} for row in categories
            ],
            "articles": [row._cc_card() for row in articles],
        }

    def cc_open(self, same=False):
        """Read an article: it is counted, and given in the reader's language.

        :param bool same: this very one, whatever its language
        """
        self.ensure_one()
        self.check_access("read")
        page = self if same else self._cc_for_reader()
        page._cc_count_read()
        # sudo: ir.attachment - names of the files of an article that the user may read
        files_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", page._name),
                    ("res_id", "=", page.id),
                    ("res_field", "=", False),
                ]
            )
        )
        # sudo: cc.page.vote - the user's own
        vote_sudo = (
            self.env["cc.page.vote"]
            .sudo()
            .search([("page_id", "=", page.id), ("user_id", "=", self.env.uid)])
        )
        langs = dict(self.env["res.lang"].get_installed())
        return {
            **page._cc_card(),
            "name": page.name,
            "content": str(html_sanitize(page.history_head.content or "", sanitize_style=True)),
            "date": fields.Datetime.to_string(page.content_date) if page.content_date else "",
            "by": page.content_uid.sudo().name or "",  # sudo: res.users - a colleague's name
            "reads": page.cc_read_count,
            "helped": page.cc_helped_count,
            "vote": None if not vote_sudo else vote_sudo.helped,
            "files": [{"id": file.id, "name": file.name} for file in files_sudo],
            "languages": [
                {"id": one.id, "name": langs.get(one.cc_lang, one.cc_lang or one.name)}
                for one in page._cc_family()._filtered_access("read") - page
            ],
            "may_edit": page.has_access("write"),
        }

    def _cc_count_read(self):
        self.env.cr.execute(
            SQL(
                """INSERT INTO cc_page_read (page_id, user_id, day, count)
                   VALUES (%(page)s, %(user)s, %(day)s, 1)
                   ON CONFLICT (page_id, user_id, day) DO UPDATE SET count = cc_page_read.count + 1""",
                page=self.id,
                user=self.env.uid,
                day=fields.Date.today(),
            )
        )
        self.env["cc.page.read"].invalidate_model()
        self.invalidate_recordset(["cc_read_count"])

    def cc_toggle_favourite(self):
        """Make this article a favourite of the user, or no longer.

        :return: whether it is one now
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.page.favourite - the user's own row
        rows_sudo = self.env["cc.page.favourite"].sudo()
        mine_sudo = rows_sudo.search([("page_id", "=", self.id), ("user_id", "=", self.env.uid)])
        if mine_sudo:
            mine_sudo.unlink()
        else:
            rows_sudo.create({"page_id": self.id, "user_id": self.env.uid})
        self.invalidate_recordset(["cc_favourite"])
        return not mine_sudo

    def cc_vote(self, helped, query=None):
        """Say whether the article helped; a person's last word counts."""
        self.ensure_one()
        self.check_access("read")
        # sudo: cc.page.vote - the user's own row
        rows_sudo = self.env["cc.page.vote"].sudo()
        mine_sudo = rows_sudo.search([("page_id", "=", self.id), ("user_id", "=", self.env.uid)])
        values = {"helped": bool(helped), "query": (query or "")[:200]}
        if mine_sudo:
            mine_sudo.write(values)
        else:
            rows_sudo.create({"page_id": self.id, "user_id": self.env.uid, **values})
        return bool(helped)

    def cc_for_reply(self):
        """:return: the article's HTML to be put into an answer to a customer
        :raise AccessError: it is for colleagues only
        """
        self.ensure_one()
        self.check_access("read")
        if self.cc_internal:
            raise AccessError(self.env._("“%(name)s” is for colleagues only.", name=self.name))
        return str(html_sanitize(self.history_head.content or "", sanitize_style=True))
