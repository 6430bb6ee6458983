# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class CcAnnouncementRead(models.Model):
    """Somebody has read an announcement."""

    _name = "cc.announcement.read"
    _description = "Announcement read receipt"
    _order = "read_at desc, id desc"
    _rec_name = "user_id"

    announcement_id = fields.Many2one("cc.announcement", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    read_at = fields.Datetime("Read at", required=True)

    _once = models.UniqueIndex("(announcement_id, user_id)")
