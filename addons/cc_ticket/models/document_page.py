# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import html
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# what ends a line of an article's text
BLOCKS = ("p", "div", "li", "tr", "td", "th", "br", "h1", "h2", "h3", "h4", "h5", "h6", "pre")


class DocumentPage(models.Model):
    """An article of the knowledge base: rights, languages, what editors mark, what is sanitised."""

    _inherit = "document.page"
    _order = "cc_pinned desc, name"

    # OCA stores whatever is sent: every door leads through this field
    content = fields.Html(
        sanitize=True, sanitize_overridable=False, sanitize_attributes=True, sanitize_style=True
    )
    template = fields.Html(sanitize=True, sanitize_overridable=False, sanitize_style=True)

    cc_recommended = fields.Boolean("Recommended")
    cc_pinned = fields.Boolean("Pinned", help="First in lists.")
    cc_internal = fields.Boolean(
        "For colleagues only", help="Not included in answers to customers."
    )
    cc_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        default=lambda self: self.env.lang,
    )
    cc_original_id = fields.Many2one(
        "document.page",
        "Translation of",
        index="btree_not_null",
        ondelete="set null",
        domain="[('type', '=', 'content'), ('cc_original_id', '=', False), ('id', '!=', id)]",
    )
    cc_translation_ids = fields.One2many("document.page", "cc_original_id", "Translations")
    cc_department_ids = fields.Many2many(
        "hr.department", "cc_page_department_rel", "page_id", "department_id", "Departments"
    )
    # what limits the article, its own or its category's: record rules ask these
    cc_limited = fields.Boolean(compute="_compute_cc_may", store=True, recursive=True)
    cc_may_group_ids = fields.Many2many(
        "res.groups",
        "cc_page_may_group_rel",
        "page_id",
        "group_id",
        compute="_compute_cc_may",
        store=True,
        recursive=True,
    )
    cc_may_user_ids = fields.Many2many(
        "res.users",
        "cc_page_may_user_rel",
        "page_id",
        "user_id",
        compute="_compute_cc_may",
        store=True,
        recursive=True,
    )
    cc_may_department_ids = fields.Many2many(
        "hr.department",
        "cc_page_may_department_rel",
        "page_id",
        "department_id",
        compute="_compute_cc_may",
        store=True,
        recursive=True,
    )
    cc_read_count = fields.Integer("Reads", compute="_compute_cc_counts")
    cc_helped_count = fields.Integer("Helped", compute="_compute_cc_counts")
    cc_not_helped_count = fields.Integer("Did not help", compute="_compute_cc_counts")
    cc_favourite = fields.Boolean(
        "My favourite", compute="_compute_cc_favourite", search="_search_cc_favourite"
    )

    @api.depends(
        "groups_id",
        "user_ids",
        "cc_department_ids",
        "parent_id.cc_limited",
        "parent_id.cc_may_group_ids",
        "parent_id.cc_may_user_ids",
        "parent_id.cc_may_department_ids",
    )
    def _compute_cc_may(self):
        for page in self:
            own = page.groups_id or page.user_ids or page.cc_department_ids
            parent = page.parent_id
            if own or not parent:
                page.cc_limited = bool(own)
                page.cc_may_group_ids = page.groups_id
                page.cc_may_user_ids = page.user_ids
                page.cc_may_department_ids = page.cc_department_ids
            else:
                page.cc_limited = parent.cc_limited
                page.cc_may_group_ids = parent.cc_may_group_ids
                page.cc_may_user_ids = parent.cc_may_user_ids
                page.cc_may_department_ids = parent.cc_may_department_ids

    def _compute_cc_counts(self):
        # sudo: cc.page.read, cc.page.vote - counts, whoever reads the article
        reads = dict(
            self.env["cc.page.read"]
            .sudo()
            ._read_group([("page_id", "in", self.ids)], ["page_id"], ["count:sum"])
        )
        votes = {
            (page.id, helped): count
            for page, helped, count in self.env["cc.page.vote"]
            .sudo()
            ._read_group([("page_id", "in", self.ids)], ["page_id", "helped"], ["__count"])
        }
        for page in self:
            page.cc_read_count = reads.get(page._origin, 0)
            page.cc_helped_count = votes.get((page.id, True), 0)
            page.cc_not_helped_count = votes.get((page.id, False), 0)

    @api.depends_context("uid")
    def _compute_cc_favourite(self):
        mine = self.env["cc.page.favourite"].search([("user_id", "=", self.env.uid)]).page_id
        for page in self:
            page.cc_favourite = page in mine

    def _search_cc_favourite(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.env["cc.page.favourite"].search([("user_id", "=", self.env.uid)]).page_id
        return [("id", "in" if True in value else "not in", mine.ids)]

    def _get_page_index(self, link=True):
        """As OCA's, with titles that can't be markup."""
        self.ensure_one()
        items = Markup("").join(
            Markup("<li>%s</li>") % Markup(child._get_page_index()) for child in self.child_ids
        )
        title = (
            Markup('<a href="%s">%s</a>') % (self.backend_url, self.name) if link else Markup("")
        )
        return title + (Markup("<ul>%s</ul>") % items if items else "")

    @api.constrains("cc_original_id")
    def _check_cc_original(self):
        for page in self:
            if page.cc_original_id and (
                page.cc_original_id.cc_original_id or page.cc_translation_ids
            ):
                raise ValidationError(
                    self.env._("Translations are tied to the original, not to one another.")
                )

    # ---- writing ----

    @api.model_create_multi
    def create(self, vals_list):
        pages = super().create(vals_list)
        pages._cc_reindex()
        return pages

    def write(self, vals):
        seen = vals.pop("cc_seen_head", None) if "cc_seen_head" in vals else None
        if seen is not None and "content" in vals:
            for page in self:
                if page.history_head.id != seen:
                    raise UserError(
                        self.env._(
                            "%(who)s has saved another version of “%(name)s” in the "
                            "meantime. Your text is still here; reload the article "
                            "and compare.",
                            who=page.history_head.create_uid.name,
                            name=page.name,
                        )
                    )
        bound = self.browse()
        if not {"approval_required", "approver_gid", "parent_id"}.isdisjoint(vals):
            bound = self.filtered(lambda page: page._cc_needs_approver())
        result = super().write(vals)
        if any(not page._cc_needs_approver() for page in bound):
            raise AccessError(self.env._("Only approvers decide whether changes need approval."))
        if not {"name", "tag_ids", "active", "type", "content"}.isdisjoint(vals):
            self._cc_reindex()
        return result

    cc_seen_head = fields.Integer(
        "Version seen", store=False, help="Sent by a form that saves: which version it shows."
    )

    def _cc_needs_approver(self):
        """:return: whether what the user changes in this article has to be approved by somebody else"""
        self.ensure_one()
        return self.is_approval_required and not self.am_i_approver and not self.env.su

    # ---- the index ----

    def _cc_reindex(self):
        """Bring the search index in step with what is public of these articles."""
        # sudo: cc.page.index - a table of ours beside the articles, with no rights of its own
        self.env["cc.page.index"].sudo()._cc_update(self.sudo())

    @api.model
    def _cc_adopt(self):
        """Take in the articles that were there before us: what OCA stored as it was sent is sanitised, and they
        are put into the index, so that they are found.
        """
        pages = self.with_context(active_test=False).search([("id", "!=", False)])
        for row in self.env["document.page.history"].search([("page_id", "in", pages.ids)]):
            row.content = row.content  # written only where that differs
        for page in pages.filtered("template"):
            page.template = page.template
        pages._cc_reindex()

    def _cc_text(self):
        """:return: the public text of the article, without markup"""
        self.ensure_one()
        root = html.fromstring(f"<div>{self.history_head.content or ''}</div>")
        for node in root.iter(*BLOCKS):
            node.tail = "\n" + (node.tail or "")
        return root.text_content().strip()

    def _cc_family(self):
        """:return: this article and its translations"""
        self.ensure_one()
        original = self.cc_original_id or self
        return original | original.cc_translation_ids

    def _cc_for_reader(self):
        """:return: the article in the reader's language, if they may read it there"""
        self.ensure_one()
        lang = self.env.lang
        family = self._cc_family()._filtered_access("read").filtered("active")
        exact = family.filtered(lambda page: page.cc_lang == lang)
        near = family.filtered(lambda page: (page.cc_lang or "")[:2] == (lang or "")[:2])
        return (exact or near or self)[:1]

    def _cc_once(self):
        """:return: these articles, each once and in the reader's language where they have it"""
        return self.browse(dict.fromkeys(page._cc_for_reader().id for page in self))


class DocumentPageHistory(models.Model):
    """Versions are sanitised, too, and indexed when they become public."""

    _inherit = "document.page.history"

    content = fields.Html(
        sanitize=True, sanitize_overridable=False, sanitize_attributes=True, sanitize_style=True
    )

    @api.depends("page_id.name")
    def _compute_display_name(self):  # pylint: disable=missing-return
        """OCA's is the text of a tuple."""
        for row in self:
            row.display_name = f"{row.page_id.name} #{row._origin.id}"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._cc_check_approved()
        rows.page_id._cc_reindex()
        return rows

    def write(self, vals):
        if not {"content", "state", "page_id", "approved_date"}.isdisjoint(vals):
            self._cc_check_approved()
        result = super().write(vals)
        if vals.get("state") == "approved" or "page_id" in vals:
            self._cc_check_approved()
        if not {"content", "state"}.isdisjoint(vals):
            self.page_id._cc_reindex()
        return result

    def _cc_check_approved(self):
        """OCA looks at who approves in the buttons only: what is public is not written past them.

        :raise AccessError: one of these versions is public, and it takes an approver to make or change it
        """
        if any(row.state == "approved" and row.page_id._cc_needs_approver() for row in self):
            raise AccessError(self.env._("Only approvers publish or change what is public."))

    def _get_diff(self, v1, v2):
        """A comparison shows no version that its reader may not read."""
        for row in self.browse([one for one in (v1, v2) if one]):
            row.check_access("read")
        return super()._get_diff(v1, v2)


def mark(text, spans):
    """:return: the text as Markup, with what was found marked"""
    out, last = Markup(""), 0
    for one, two in spans:
        out += escape(text[last:one]) + Markup("<mark>%s</mark>") % text[one:two]
        last = two
    return out + escape(text[last:])
