# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Agents saw stock and deliveries by being agents; now by a group of its own, which they have at first."""

from odoo import SUPERUSER_ID, Command, api


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    sees = env.ref("cc_inventory_link.group_sees_stock")
    env.ref("cc_telephony.group_agent").implied_ids = [Command.link(sees.id)]
