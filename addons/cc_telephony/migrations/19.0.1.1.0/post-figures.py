# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Queue visits of the calls that are there, and their figures: the cron counts these from then on."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["cc.call.visit"]._make_missing()
    env["cc.stat.dirty"]._mark_everything()
