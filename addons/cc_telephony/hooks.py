# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
BATCH = 2000


def pre_init_hook(env):
    """The exclusion constraint on an agent's intervals compares numbers and time ranges in one index."""
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def post_init_hook(env):
    """Make the numbers of the customers that were there before us known."""
    partners = env["res.partner"].with_context(active_test=False)
    phone_fields = partners._cc_phone_fields()
    domain = ["|"] * (len(phone_fields) - 1) + [(name, "!=", False) for name in phone_fields]
    ids = partners.search(domain, order="id").ids
    for start in range(0, len(ids), BATCH):
        partners.browse(ids[start : start + BATCH])._cc_sync_numbers()
        env.flush_all()
        env.invalidate_all()
