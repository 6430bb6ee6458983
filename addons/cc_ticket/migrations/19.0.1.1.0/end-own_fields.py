# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Translations are loaded: versions that people made of ours read as ours do."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["cc.ticket.template.version"]._cc_carry_translations()
