# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain

from .cc_announcement import MOST_SHOWN


class CcAgent(models.Model):
    """Announcements in the phone bar."""

    _inherit = "cc.agent"

    @api.model
    @api.readonly
    def announcements(self):
        """What is shown to the caller's agent now: `[{id, title, body, at, author, read}]`, the newest first.

        `body` is html, cleaned when it was saved.
        """
        self._mine(required=False)
        model = self.env["cc.announcement"]
        rows = model.search(model._for_user(), limit=MOST_SHOWN)
        read = rows._read_by_user()
        return [row._to_bar(read) for row in rows]

    @api.model
    def announcement_read(self, ids):
        """Note that the caller has read these announcements.

        :param list ids: ids of cc.announcement
        :return: how many are unread now
        """
        self._mine(required=False)
        model = self.env["cc.announcement"]
        wanted = [row_id for row_id in ids if type(row_id) is int] if isinstance(ids, list) else []
        model.search(model._for_user() & Domain("id", "in", wanted))._mark_read()
        return model._unread_count()
