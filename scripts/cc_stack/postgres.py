# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A PostgreSQL cluster of our own: made, started, copied."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from pathlib import Path

from cc_stack.process import HOST, Part, run
from cc_stack.settings import Settings, StackError, short_hash

# Odoo refuses to work as the user "postgres"
ROLE = "odoo"


def _programs() -> Path:
    """The folder with the newest initdb and postgres; 15 is the oldest that will do."""
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parents[1].name)
    )
    if not versions or int(versions[-1].parents[1].name) < 15:
        raise StackError("PostgreSQL 15 or newer is not installed: run scripts/install.sh")
    return versions[-1].parent


def system_user() -> str | None:
    """PostgreSQL refuses to run as root: then it is the system's user postgres, else whoever we are."""
    return "postgres" if os.geteuid() == 0 else None


def home(settings: Settings) -> Path:
    """The folder of all clusters of this checkout: .cache/pg, or a place in /var/tmp if that user can't reach .cache."""
    folder = settings.cache / "pg"
    user = system_user()
    if user is None:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    for place in (folder, Path("/var/tmp") / f"cc-pg-{short_hash(str(settings.cache))}"):
        place.mkdir(parents=True, exist_ok=True)
        shutil.chown(place, user, user)
        place.chmod(0o755)
        try:
            run(["test", "-w", place], user=user, cwd=Path("/"))
        except (StackError, PermissionError):
            continue
        return place
    raise StackError("no folder that the user postgres can write to")


def password(settings: Settings) -> str:
    """The password of the role odoo in all clusters of this checkout, made once."""
    file = settings.cache / "pg-password"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(18))
    return file.read_text().strip()


class Postgres(Part):
    """The cluster in `data`, on TCP only."""

    def __init__(
        self, settings: Settings, data: Path, *, port: int, run_folder: Path, fsync: bool
    ) -> None:
        self.settings = settings
        self.data = data
        self.port = port
        options = {
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "fsync": "on" if fsync else "off",
            # the fault suite kills it: what was committed must be there then
            "synchronous_commit": "on" if fsync or settings.name == "test-faults" else "off",
            "full_page_writes": "on" if fsync else "off",
            "shared_buffers": "256MB",
            "max_connections": "200",
            "jit": "off",
            "logging_collector": "off",
            "log_line_prefix": "%m [%p] %d ",
        }
        argv: list[str | Path] = [_programs() / "postgres", "-D", data, "-p", str(port)]
        for key, value in options.items():
            argv += ["-c", f"{key}={value}"]
        # SIGINT is PostgreSQL's fast shutdown: sessions are ended, the cluster is left clean
        super().__init__(
            "postgresql",
            run_folder,
            argv,
            cwd=Path("/"),
            user=system_user(),
            stop_signal=signal.SIGINT,
        )

    @property
    def client_env(self) -> dict[str, str]:
        """How clients (psql, createdb, Odoo) find and enter this cluster."""
        return {
            "PGHOST": HOST,
            "PGPORT": str(self.port),
            "PGUSER": ROLE,
            "PGPASSWORD": password(self.settings),
        }

    def create(self) -> None:
        """initdb, unless the cluster is there."""
        if (self.data / "PG_VERSION").exists():
            return
        user = system_user()
        pwfile = home(self.settings) / "initdb-password"
        pwfile.touch(mode=0o600)
        pwfile.write_text(password(self.settings))
        if user:
            shutil.chown(pwfile, user, user)
        try:
            run(
                [
                    _programs() / "initdb",
                    "-D",
                    self.data,
                    "-U",
                    ROLE,
                    "--auth=scram-sha-256",
                    "--pwfile",
                    pwfile,
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ],
                user=user,
                cwd=Path("/"),
            )
        finally:
            pwfile.unlink()

    def up(self) -> None:
        """Starts the cluster and waits until it answers."""
        if not self.alive:
            # after kill -9 the old pid stands here, maybe of another program by now
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.start()
        self.ready_when(self._answers)

    def _answers(self) -> bool:
        try:
            self.query("SELECT 1", "postgres")
        except StackError:
            return False
        return True

    def query(self, sql: str, database: str) -> list[list[str]]:
        """Rows of a statement as lists of text (NULL is an empty text)."""
        out = run(
            [
                "psql",
                "-X",
                "-q",
                "-A",
                "-t",
                "-F",
                "\x1f",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
                sql,
            ],
            env=self.client_env,
        )
        return [line.split("\x1f") for line in out.splitlines() if line]

    def has(self, database: str) -> bool:
        return bool(
            self.query(f"SELECT 1 FROM pg_database WHERE datname = '{database}'", "postgres")
        )

    def copy_database(self, source: str, target: str) -> None:
        """target becomes a fresh copy of source.

        By files, with its checkpoints: after a copy by WAL a kill before the next checkpoint puts the
        sequences back to where the copy had them, and numbers are given out twice.
        """
        run(["dropdb", "--if-exists", "--force", target], env=self.client_env)
        run(["createdb", "--strategy=file_copy", "-T", source, target], env=self.client_env)


def copy_cluster(source: Path, target: Path) -> None:
    """Copies a stopped cluster with its owner and modes; target is replaced."""
    if target.exists():
        shutil.rmtree(target)
    run(["cp", "-a", "--reflink=auto", source, target])
