# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
BATCH = 2000


def post_init_hook(env):
    """Make the numbers of the leads that were there before us known."""
    leads = env["crm.lead"]
    ids = leads.search([("phone", "!=", False), ("partner_id", "=", False)], order="id").ids
    for start in range(0, len(ids), BATCH):
        leads.browse(ids[start : start + BATCH])._cc_sync_numbers()
        env.flush_all()
        env.invalidate_all()
