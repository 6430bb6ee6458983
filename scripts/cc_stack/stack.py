# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""All parts of an instance, in the order they start."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from cc_stack import odoo as odoo_part
from cc_stack.asterisk import Asterisk
from cc_stack.bridge import Bridge
from cc_stack.customers import Customer, Outside
from cc_stack.nginx import Nginx
from cc_stack.odoo import Odoo
from cc_stack.phones import Phone
from cc_stack.postgres import Postgres, home
from cc_stack.process import Part, locked
from cc_stack.settings import Settings, StackError
from cc_stack.templates import TemplateStore, progress


class Stack:
    """One instance. Any process can make this object and find what another one started."""

    def __init__(self, name: str) -> None:
        self.settings = Settings.load(name)
        self.settings.make_folders()
        self.postgres = Postgres(
            self.settings,
            home(self.settings) / f"instance-{name}",
            port=self.settings.ports.postgres,
            run_folder=self.settings.run,
            fsync=self.settings.fsync,
        )
        self.asterisk = Asterisk(self.settings)
        self.odoo = Odoo(self.settings, self.postgres)
        self.nginx = Nginx(self.settings)
        self.bridge = Bridge(self.settings, self.postgres, self.asterisk)
        self.outside = Outside(self.settings)
        self._phones: dict[str, Phone] = {}
        self._with_history = False

    # ---- as a whole

    @property
    def core(self) -> list[Part]:
        """What an instance always has, in the order of starting."""
        return [self.postgres, self.odoo, self.asterisk, self.nginx, self.bridge, self.outside]

    def up(self, *, fresh: bool = False, with_bridge: bool = True) -> None:
        """Starts everything that does not run yet; `fresh` begins with an empty call log.

        Raises StackError, with everything ended again, when a part does not come up.
        """
        busy = f"another process is starting {self.settings.name}"
        with locked(Path(f"{self.settings.run}.lock"), busy):
            try:
                begun = time.monotonic()
                self.prepare(fresh=fresh)
                steps: list[tuple[str, Callable[[], None]]] = [
                    ("PostgreSQL", self._up_database),
                    ("Asterisk", self.asterisk.up),
                    ("Odoo", self.odoo.up),
                    ("nginx", self.nginx.up),
                    ("the outside world", self.outside.up),
                ]
                if with_bridge:
                    self.bridge.write_dialplan()
                    steps.append(("bridge", self.bridge.up))
                for name, step in steps:
                    before = time.monotonic()
                    step()
                    progress(f"{name} is up ({time.monotonic() - before:.1f} s)")
                progress(f"{self.settings.name}: all up in {time.monotonic() - begun:.1f} s")
            except BaseException:
                self.down()
                raise

    def prepare(self, *, fresh: bool) -> None:
        """Makes the instance's database from the template, if it has none of this version or a fresh one is wanted."""
        store = TemplateStore(self.settings)
        template = store.with_addons()
        self._with_history = self.settings.name == "demo" and not fresh
        mark = self.settings.run / "template-name"
        if (
            not fresh
            and mark.exists()
            and mark.read_text() == template.cluster.name
            and self._has_database()
        ):
            return
        if any(part.alive for part in self.core):
            self.down()
        progress("a fresh database from the template")
        self.clear()
        self.settings.make_folders()
        store.copy(
            template,
            self.postgres.data,
            self.settings.data_dir / "filestore" / self.settings.database,
        )
        mark.write_text(template.cluster.name)

    def _has_database(self) -> bool:
        return (self.postgres.data / "PG_VERSION").exists() and self.settings.data_dir.exists()

    def _up_database(self) -> None:
        self.postgres.up()
        if not self.postgres.has(self.settings.database):
            self.postgres.copy_database("cc_addons", self.settings.database)
            self.postgres.query(
                "INSERT INTO ir_config_parameter (key, value) VALUES ('web.base.url.freeze', 'True')"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value;"
                f"UPDATE ir_config_parameter SET value = '{self.settings.url}' WHERE key = 'web.base.url';"
                "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid';",
                self.settings.database,
            )
            if self._with_history:
                self.make_history()

    def make_history(self) -> None:
        """The demo's weeks of work, for its reports; templates have none."""
        progress("three weeks of calls for the reports")
        config = odoo_part.write_config(
            self.settings,
            self.postgres,
            self.settings.database,
            self.odoo.config,
            self.settings.data_dir,
        )
        done = subprocess.run(
            odoo_part.command(self.settings, config, "shell", "--no-http", "--workers=0"),
            input="env['cc.demo']._make_history(); env.cr.commit()\n",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            env={**os.environ, "CC_DEMO_CALLS": "1"},
        )
        (self.settings.logs / "history.log").write_text(done.stdout)
        if done.returncode:
            raise StackError(f"the demo's history failed: {self.settings.logs / 'history.log'}")

    def down(self) -> None:
        """Ends everything, phones and customers first."""
        for part in self.strays():
            part.stop()
        for part in reversed(self.core):
            part.stop()

    def clear(self) -> None:
        """Removes the instance's database, recordings and logs. It must be down."""
        if any(part.alive for part in self.core):
            raise StackError(f"{self.settings.name} is running")
        shutil.rmtree(self.settings.run, ignore_errors=True)
        shutil.rmtree(self.postgres.data, ignore_errors=True)

    def strays(self) -> list[Part]:
        """Phones, customers and whatever else was started beside the core, found by their pid files."""
        known = {part.name for part in self.core}
        folder = self.settings.run / "pids"
        names = sorted(file.name for file in folder.iterdir()) if folder.exists() else []
        return [
            Part(name, self.settings.run, [], stop_seconds=5) for name in names if name not in known
        ]

    def check(self) -> None:
        """Raises StackError with the tail of its log when a part of the core has died."""
        for part in self.core:
            if part.pid_file.exists():
                part.require_alive()

    # ---- people

    def phone(self, extension: str, *, answer: str = "auto") -> Phone:
        """A desk phone of the database, registered. Raises StackError for an extension that Odoo does not have."""
        known = self._phones.get(extension)
        if known and known.alive and known.mode == answer:
            return known
        rows = self.postgres.query(
            f"SELECT secret FROM cc_extension WHERE code = '{extension}' AND kind = 'desk'",
            self.settings.database,
        )
        if not rows:
            raise StackError(f"Odoo has no desk phone {extension}")
        phone = Phone(self.settings, extension, rows[0][0], answer=answer)
        phone.stop()
        phone.up()
        self._phones[extension] = phone
        return phone

    def customer(
        self,
        number: str,
        to: str = "100",
        *,
        name: str = "",
        patience: float = 180,
        sound: Path | None = None,
    ) -> Customer:
        """A customer who is dialling."""
        return Customer(self.settings, number, to, name=name, patience=patience, sound=sound).call()
