# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The telephony bridge as a part: its configuration is made from the PBX's row in Odoo's database."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass

from cc_stack.asterisk import Asterisk
from cc_stack.postgres import Postgres
from cc_stack.process import HOST, Part, run
from cc_stack.settings import REPO, Settings, StackError

#: the bridge and its plug-ins; installed too (scripts/install/bridges.sh), for their entry points
SOURCES = os.pathsep.join(str(p) for p in sorted((REPO / "addons").glob("*/bridge/src")))


@dataclass(frozen=True, slots=True)
class Pbx:
    """What a bridge has to know of its PBX's row in Odoo."""

    code: str
    uuid: str
    secret: str


def read_pbx(postgres: Postgres, database: str, code: str = "main") -> Pbx:
    """The PBX's row; raises StackError when the database has none of that code."""
    rows = postgres.query(f"SELECT code, uuid, secret FROM cc_pbx WHERE code = '{code}'", database)
    if not rows:
        raise StackError(f"the database {database} has no PBX with the code {code}")
    return Pbx(*rows[0])


class Bridge(Part):
    """cc_bridge beside this instance's Asterisk."""

    def __init__(self, settings: Settings, postgres: Postgres, asterisk: Asterisk) -> None:
        self.settings = settings
        self.postgres = postgres
        self.asterisk = asterisk
        self.home = settings.run / "bridge"
        self.config = self.home / "bridge.toml"
        self.spool = self.home / "spool.sqlite"
        #: tests put a link of their own between the bridge and its peers
        self.odoo_url = settings.url
        self.ami_port = settings.ports.ami
        self._since = 0.0
        super().__init__(
            "bridge",
            settings.run,
            [settings.bridge_python, "-m", "cc_bridge", "run", "--config", self.config],
            env={"PYTHONPATH": SOURCES, "PYTHONUNBUFFERED": "1"},
        )

    def configure(self) -> None:
        """Writes bridge.toml."""
        self.home.mkdir(parents=True, exist_ok=True)
        pbx = read_pbx(self.postgres, self.settings.database)
        sections: dict[str, dict[str, str | int]] = {
            "odoo": {
                "url": self.odoo_url,
                "database": self.settings.database,
                "pbx": pbx.uuid,
                "secret": pbx.secret,
            },
            "ami": {
                "host": HOST,
                "port": self.ami_port,
                "username": "bridge",
                "secret": self.asterisk.ami_secret,
            },
            "spool": {"path": str(self.spool)},
            "recordings": {"folder": str(self.settings.recordings)},
            "pbx": {
                "config_dir": str(self.settings.pbx_generated),
                "cel": str(self.asterisk.cel),
                "queue_log": str(self.asterisk.queue_log),
            },
            "log": {"level": "info"},
        }
        lines = []
        for section, values in sections.items():
            lines.append(f"[{section}]")
            # a TOML string is written as JSON writes it
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
            lines.append("")
        self.config.touch(mode=0o600)
        self.config.write_text("\n".join(lines))

    def another(self, *, own_spool: bool) -> Bridge:
        """Another bridge for the same PBX, as a copied machine would start it; configured, not started."""
        other = Bridge(self.settings, self.postgres, self.asterisk)
        other.name = "bridge-2"
        other.log = self.settings.logs / "bridge-2.log"
        other.pid_file = self.settings.run / "pids" / "bridge-2"
        other.home = self.settings.run / "bridge-2"
        other.config = other.home / "bridge.toml"
        other.argv = [*other.argv[:-1], str(other.config)]
        other.spool = other.home / "spool.sqlite" if own_spool else self.spool
        if own_spool:
            other.spool.unlink(missing_ok=True)
        other.configure()
        return other

    def write_dialplan(self) -> None:
        """Lets the bridge write its files before Asterisk first starts; later it keeps them itself."""
        if (self.settings.pbx_generated / "cc_extensions.conf").exists():
            return
        run(
            [
                self.settings.bridge_python,
                "-m",
                "cc_bridge",
                "config",
                "--out",
                self.settings.pbx_generated,
            ],
            env={"PYTHONPATH": SOURCES},
        )

    def up(self) -> None:
        """Starts and waits until Odoo knows that the bridge has its PBX."""
        self.configure()
        if not self.alive:
            self._since = time.time()
        self.start()
        self.ready_when(self.connected)

    def connected(self) -> bool:
        """True when Odoo has heard of the connection since the start and Asterisk has the queues and phones."""
        rows = self.postgres.query(
            "SELECT 1 FROM cc_pbx_cursor c JOIN cc_pbx p ON p.id = c.pbx_id WHERE p.code = 'main' AND c.connected"
            f" AND c.hello_at >= to_timestamp({int(self._since)}) AT TIME ZONE 'UTC'",
            self.settings.database,
        )
        return bool(rows) and "No such" not in self.asterisk.cli("queue show support")
