# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Two people who want the same thing in the same second."""

from odoo.tools import SQL


def hold(records):
    """Hold rows until the end of the transaction, so that who comes second sees what the first has done.

    Odoo's transactions see the database as it was when they began. A row that is merely locked lets the
    second go on with that old picture; one that was written makes PostgreSQL refuse it, and Odoo repeats
    the request by itself, with a new one.

    :param records: a recordset of a stored model
    """
    if not records:
        return
    records.flush_recordset()
    table, ids = SQL.identifier(records._table), records.ids
    # in order, so that two who hold several never wait for each other; new rows may still point to them
    records.env.execute_query(
        SQL("SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", table, ids)
    )
    records.env.cr.execute(
        SQL("UPDATE %s SET write_date = write_date WHERE id = ANY(%s)", table, ids)
    )
    records.env.invalidate_all()
