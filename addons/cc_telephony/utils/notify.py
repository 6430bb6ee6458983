# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bus's NOTIFY over a connection that is kept.

Odoo keeps no connection to the database `postgres` and opens one for each commit that tells something:
five milliseconds of each ring and of each click (docs/architecture/measured.md).
"""

import os
import threading

import psycopg2
import psycopg2.sql

from odoo.sql_db import connection_info_for

# a connection that the network dropped without a word is given up after this, ms
GIVE_UP_MS = 3000


class KeptNotify:
    """One connection of this process, opened when it is needed and again when it broke."""

    def __init__(self):
        self._begin()
        # a child that spoke over its parent's connection would garble both; nor may it close that
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self):
        self._lock = threading.Lock()
        self._connection = None

    def send(self, function, payloads):
        """Notify all who listen to `imbus`.

        :param str function: `pg_notify`, or what ODOO_NOTIFY_FUNCTION puts in its place
        :param list payloads: texts; after a connection that broke between two, the first goes again:
            a notification only says "look"
        :raise psycopg2.Error: not even a new connection took it
        """
        query = psycopg2.sql.SQL("SELECT {}('imbus', %s)").format(psycopg2.sql.Identifier(function))
        with self._lock:
            kept = self._connection is not None
            try:
                self._execute(query, payloads)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                self._drop()
                if not kept:
                    raise
                self._execute(query, payloads)

    def _execute(self, query, payloads):
        if self._connection is None:
            _name, info = connection_info_for("postgres")
            self._connection = psycopg2.connect(**{"tcp_user_timeout": GIVE_UP_MS, **info})
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            for payload in payloads:
                cursor.execute(query, [payload])

    def _drop(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


kept_notify = KeptNotify()
