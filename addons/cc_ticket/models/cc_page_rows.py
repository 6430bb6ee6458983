# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class CcPageRead(models.Model):
    """How often who read which article on which day: what is hot is counted from here."""

    _name = "cc.page.read"
    _description = "Reads of an article"
    _log_access = False
    _rec_name = "page_id"

    page_id = fields.Many2one("document.page", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    day = fields.Date(required=True, index=True)
    count = fields.Integer(default=1, required=True)

    _once = models.Constraint("UNIQUE (page_id, user_id, day)", "A day is counted in one row.")


class CcPageFavourite(models.Model):
    """Whose favourite an article is."""

    _name = "cc.page.favourite"
    _description = "Favourite article"
    _log_access = False
    _rec_name = "page_id"

    page_id = fields.Many2one("document.page", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")

    _once = models.Constraint("UNIQUE (page_id, user_id)", "This is a favourite already.")


class CcPageVote(models.Model):
    """Whether an article helped, once a person. TIC-18"""

    _name = "cc.page.vote"
    _description = "Whether an article helped"
    _rec_name = "page_id"
    _order = "id desc"

    page_id = fields.Many2one("document.page", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    helped = fields.Boolean()
    query = fields.Char("Searched for")

    _once = models.Constraint("UNIQUE (page_id, user_id)", "Once a person.")


class CcPageSearch(models.Model):
    """What was searched for, and how much was found: what finds nothing is to be written. TIC-18"""

    _name = "cc.page.search"
    _description = "Search of the knowledge base"
    _rec_name = "query"
    _order = "last_at desc, id desc"

    query = fields.Char(required=True, index=True)
    times = fields.Integer(default=1)
    nothing = fields.Integer("Without a result", default=0)
    last_at = fields.Datetime("Last", default=fields.Datetime.now)
    last_found = fields.Integer("Found last", aggregator=None)
    handled = fields.Boolean(help="An article was written, or none is needed.")

    _once = models.Constraint("UNIQUE (query)", "A query is counted in one row.")

    @api.autovacuum
    def _gc_old(self):
        """What nobody has searched for in a year is of no use to editors."""
        self.search([("last_at", "<", "today -365d")], limit=10000).unlink()
