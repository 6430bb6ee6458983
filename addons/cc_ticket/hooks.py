# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def pre_init_hook(env):
    """Articles that are there already have no language until somebody says so, rather than the installer's."""
    env.cr.execute("ALTER TABLE document_page ADD COLUMN IF NOT EXISTS cc_lang varchar")


def post_init_hook(env):
    """Tickets that were there before us are left as they are; articles are taken into the knowledge base."""
    env["document.page"]._cc_adopt()
