# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """A note is its author's from now on, and links are confirmed or not: fill the new columns.

    Which links were made in good faith nobody can tell any more: those that are there count as confirmed.
    """
    cr.execute("DROP INDEX IF EXISTS cc_call_note_call_unique")
    cr.execute(
        """ALTER TABLE cc_call_note ADD COLUMN IF NOT EXISTS author_id integer
               REFERENCES res_users ON DELETE RESTRICT"""
    )
    cr.execute(
        "UPDATE cc_call_note SET author_id = COALESCE(create_uid, 1) WHERE author_id IS NULL"
    )
    cr.execute("ALTER TABLE cc_phone_link ADD COLUMN IF NOT EXISTS trusted boolean")
    cr.execute("UPDATE cc_phone_link SET trusted = true WHERE trusted IS NULL")
