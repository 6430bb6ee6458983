# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo as a part: the project's odoo.conf with this instance's ports, folders and database in it."""

from __future__ import annotations

import configparser
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from cc_stack.postgres import Postgres
from cc_stack.process import HOST, Part
from cc_stack.settings import REPO, Settings, StackError


def write_config(
    settings: Settings,
    postgres: Postgres,
    database: str,
    target: Path,
    data_dir: Path,
    more_addons: Sequence[Path] = (),
) -> Path:
    """Writes an odoo.conf for `database` and gives its path; `more_addons` are further folders of addons."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(REPO / "odoo.conf")
    env = postgres.client_env
    config["options"].update(
        {
            "addons_path": ",".join(map(str, (REPO / "addons", *more_addons))),
            "data_dir": str(data_dir),
            "db_host": env["PGHOST"],
            "db_port": env["PGPORT"],
            "db_user": env["PGUSER"],
            "db_password": env["PGPASSWORD"],
            "db_name": database,
            "dbfilter": f"^{database}$",
            "http_interface": HOST,
            "http_port": str(settings.ports.odoo),
            "gevent_port": str(settings.ports.gevent),
            "workers": str(settings.workers),
        }
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    with target.open("w") as file:
        config.write(file)
    return target


def script(settings: Settings) -> Path:
    """Odoo's start script: `python -m odoo` can't start the process for websockets, which is run by its path."""
    home = Path(os.environ.get("ODOO_HOME") or settings.cache / "odoo")
    for place in (
        "odoo-bin",
        "usr/bin/odoo",
        "../odoo-bin",
        "../../../bin/odoo",
        "../../../../bin/odoo",
    ):
        if (found := home / place).is_file():
            return found.resolve()
    if installed := shutil.which("odoo"):
        return Path(installed)
    raise StackError(f"no start script of Odoo at {home}: run scripts/install.sh")


def command(settings: Settings, config: Path, *args: str) -> Sequence[str]:
    """The command line of an Odoo program with that configuration; the server is the one without a name."""
    name, rest = ([args[0]], args[1:]) if args and not args[0].startswith("-") else ([], args)
    return [str(settings.odoo_python), str(script(settings)), *name, "-c", str(config), *rest]


class Odoo(Part):
    """Two HTTP workers, the gevent process for websockets, one cron thread."""

    def __init__(self, settings: Settings, postgres: Postgres) -> None:
        self.settings = settings
        self.config = settings.run / "odoo.conf"
        self.postgres = postgres
        super().__init__(
            "odoo",
            settings.run,
            command(settings, self.config),
            # the warning about root is for installations; this one is on loopback and thrown away
            env={"PYTHONUNBUFFERED": "1", "ODOO_RC": str(self.config)},
            stop_seconds=25,
        )

    def up(self) -> None:
        """Writes the configuration, starts, waits until both ports serve."""
        write_config(
            self.settings,
            self.postgres,
            self.settings.database,
            self.config,
            self.settings.data_dir,
        )
        self.start()
        self.ready_when(self._healthy, 120)

    def _healthy(self) -> bool:
        for port in (self.settings.ports.odoo, self.settings.ports.gevent):
            try:
                with urllib.request.urlopen(
                    f"http://{HOST}:{port}/web/health", timeout=20
                ) as answer:
                    if answer.status != 200:
                        return False
            except (urllib.error.URLError, OSError):
                return False
        return True
