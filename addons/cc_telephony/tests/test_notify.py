# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bus's NOTIFY over a kept connection: what it must survive."""

import os
import select
from unittest.mock import patch

import psycopg2

from odoo.addons.bus.models import bus
from odoo.sql_db import connection_info_for
from odoo.tests import TransactionCase, tagged

from ..utils.notify import KeptNotify


@tagged("post_install", "-at_install")
class TestNotify(TransactionCase):
    def setUp(self):
        super().setUp()
        self.kept = KeptNotify()
        self.addCleanup(self.kept._drop)
        self.listener = self._connect()
        self.listener.cursor().execute("LISTEN imbus")

    def _connect(self):
        _name, info = connection_info_for("postgres")
        connection = psycopg2.connect(**info)
        connection.autocommit = True
        self.addCleanup(connection.close)
        return connection

    def _heard(self, text):
        """Whether a notification with this text comes, or has come; there are others' too."""
        while not any(text in one.payload for one in self.listener.notifies):
            if not select.select([self.listener], [], [], 60)[0]:
                return False
            self.listener.poll()
        return True

    def _backend(self):
        return self.kept._connection.info.backend_pid

    def test_one_connection_serves_many(self):
        self.kept.send("pg_notify", ['["cc-first"]'])
        backend = self._backend()
        self.kept.send("pg_notify", ['["cc-second"]', '["cc-third"]'])
        self.assertEqual(self._backend(), backend)
        for text in ("cc-first", "cc-second", "cc-third"):
            self.assertTrue(self._heard(text), text)

    def test_a_restarted_server(self):
        """The connection breaks, as when PostgreSQL is restarted: the next one goes over a new one."""
        self.kept.send("pg_notify", ['["cc-before"]'])
        backend = self._backend()
        self._connect().cursor().execute("SELECT pg_terminate_backend(%s, 60000)", [backend])
        self.kept.send("pg_notify", ['["cc-after"]'])
        self.assertNotEqual(self._backend(), backend)
        self.assertTrue(self._heard("cc-after"))

    def test_a_server_that_is_away(self):
        """It is said, and the next one tries again."""
        with (
            patch.object(psycopg2, "connect", side_effect=psycopg2.OperationalError("away")),
            self.assertRaises(psycopg2.OperationalError),
        ):
            self.kept.send("pg_notify", ['["cc-lost"]'])
        self.kept.send("pg_notify", ['["cc-back"]'])
        self.assertTrue(self._heard("cc-back"))

    def test_a_forked_worker(self):
        """A child opens its own, and its end leaves the parent's as it was."""
        self.kept.send("pg_notify", ['["cc-parent"]'])
        backend = self._backend()
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            try:
                self.kept.send("pg_notify", ['["cc-child"]'])
                os.write(writer, str(self._backend()).encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            theirs = answer.read()
        self.assertTrue(theirs.isdigit())
        self.assertNotEqual(int(theirs), backend)
        self.assertTrue(self._heard("cc-child"))
        self.kept.send("pg_notify", ['["cc-parent-again"]'])
        self.assertEqual(self._backend(), backend)
        self.assertTrue(self._heard("cc-parent-again"))

    def test_the_function_that_is_set(self):
        """ODOO_NOTIFY_FUNCTION stays what it is."""
        with (
            patch.object(bus, "ODOO_NOTIFY_FUNCTION", "cc_no_such_function"),
            self.assertRaises(psycopg2.errors.UndefinedFunction),
        ):
            self._commit_message()

    def test_a_message_of_the_bus(self):
        """What the bus sends goes this way, once, and only with the commit."""
        with patch("odoo.sql_db.db_connect", side_effect=AssertionError("a new connection")):
            self._commit_message()
        self.assertTrue(self._heard("cc-channel"))

    def _commit_message(self):
        self.env["bus.bus"]._sendone("cc-channel", "cc-type", {})
        self.env.cr.precommit.run()
        self.env.cr.postcommit.run()
