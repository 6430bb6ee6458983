# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.addons.cc_telephony.utils.search_text import fold, tsvector
from odoo.tools import SQL

# of a text that is searched; what is behind it is found by its title
MOST_TEXT = 200_000


class CcPageIndex(models.Model):
    """What articles are found by: title, keywords and public text as terms.

    A table of its own: reads of the article stay cheap, and nothing that is counted or searched writes on
    the page. The terms are a tsvector made by us (`utils/search_text.py`), with a plain GIN index.
    """

    _name = "cc.page.index"
    _description = "Search index of articles"
    _log_access = False
    _rec_name = "title"

    page_id = fields.Many2one("document.page", required=True, ondelete="cascade")
    title = fields.Char()
    keywords = fields.Char()
    body = fields.Text()
    folded = fields.Text(
        help="Title, keywords and text, folded: what exact words are looked for in"
    )

    _page_unique = models.Constraint("UNIQUE (page_id)", "An article is indexed once.")

    def init(self):
        self.env.cr.execute(
            SQL("ALTER TABLE cc_page_index ADD COLUMN IF NOT EXISTS terms tsvector")
        )
        self.env.cr.execute(
            SQL("CREATE INDEX IF NOT EXISTS cc_page_index_terms ON cc_page_index USING gin (terms)")
        )

    def _cc_update(self, pages):
        """Index these articles anew, or take out what is no longer there."""
        pages = pages.exists()
        shown = pages.filtered(lambda page: page.type == "content" and page.active)
        self.search([("page_id", "in", (pages - shown).ids)]).unlink()
        known = {row.page_id.id: row for row in self.search([("page_id", "in", shown.ids)])}
        missing = [{"page_id": page.id} for page in shown if page.id not in known]
        known |= {row.page_id.id: row for row in self.create(missing)}
        for page in shown:
            title = page.name or ""
            # words of every language that a keyword has
            keywords = " ".join(
                name
                for tag in page.tag_ids
                for name in {
                    tag.with_context(lang=code).name
                    for code, _n in self.env["res.lang"].get_installed()
                }
            )
            body = page._cc_text()[:MOST_TEXT]
            row = known[page.id]
            row.write(
                {
                    "title": title,
                    "keywords": keywords,
                    "body": body,
                    "folded": fold(f"{title}\n{keywords}\n{body}"),
                }
            )
            row.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE cc_page_index SET terms = %s::tsvector WHERE id = %s",
                    tsvector([(title, "A"), (keywords, "B"), (body, "C")]),
                    row.id,
                )
            )
