# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Own fields get their external ids before translations are loaded; visits become private; articles that
    were there before the first installation are found, too.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["cc.ticket.template.version"]._cc_adopt_fields()
    env["document.page"]._cc_adopt()
    cr.execute(
        "UPDATE calendar_event SET privacy = 'private'"
        " WHERE cc_ticket_id IS NOT NULL AND privacy IS NULL"
    )
