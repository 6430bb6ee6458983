# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A whole instance under load, whose parts and links can be broken one by one."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from oracle import Oracle, Verdict

from cc_stack.bridge import Bridge
from cc_stack.load import Load
from cc_stack.process import Part, reap, run, wait_until
from cc_stack.proxy import Link
from cc_stack.rpc import Person
from cc_stack.settings import StackError
from cc_stack.stack import Stack

LOGINS = ("ann", "ben", "cai", "dan", "eva", "fei", "lea", "lin", "liu", "max")
FIRST_PHONE = 2101
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
# the bridge's disk: big enough for a long run, small enough to be filled in a moment
DISK_MB = 48
# what must come is waited for so long; how long it took is in the table
PATIENCE_S = 300.0


@dataclass(slots=True)
class Report:
    """One loaded run: what was broken, what was found."""

    seed: int
    faults: list[str]
    calls: int = 0
    lag_s: float = 0.0
    verdict: Verdict = field(default_factory=Verdict)
    trouble: str = ""

    @property
    def ok(self) -> bool:
        return not self.trouble and not self.verdict.wrong


class Site:
    """The stack, ten agents at ten phones, and customers."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        web = stack.settings.ports.web
        self.odoo_link = Link(web + 10, web)
        self.ami_link = Link(web + 11, stack.settings.ports.ami)
        self.disk = stack.settings.run / "bridge-disk"
        self.clock = stack.settings.run / "bridge-clock"
        self.oracle: Oracle | None = None
        self.load: Load | None = None
        self._through_links(stack.bridge)

    def _through_links(self, bridge: Bridge) -> None:
        bridge.odoo_url = f"http://127.0.0.1:{self.odoo_link.port}"
        bridge.ami_port = self.ami_link.port
        bridge.spool = self.disk / "spool.sqlite"
        bridge.env = {
            **(bridge.env or {}),
            "LD_PRELOAD": FAKETIME,
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }

    # -- up and down ----------------------------------------------------------------------------

    def up(self) -> None:
        """A fresh database, everything started, all agents ready."""
        stack = self.stack
        stack.down()
        self._unmount()
        stack.prepare(fresh=True)
        self.clock.write_text("+0\n")
        self.disk.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", self.disk])
        stack.up()
        phones = self._more_phones()
        self.load = Load(stack.settings, seed=1, phones=phones)
        load = self.load
        wait_until(
            lambda: len(load.registered) == len(phones), PATIENCE_S, "the phones' registration"
        )
        self._agents_ready(phones)

    def down(self) -> None:
        if self.load:
            self.load.close()
        self.stack.down()
        self.odoo_link.close()
        self.ami_link.close()
        self._unmount()

    def _unmount(self) -> None:
        if self.disk.is_mount():
            run(["umount", "-l", self.disk])

    def _more_phones(self) -> dict[str, str]:
        """Ten desk phones more, everybody in the queue, no wrap-up: by the administrator's hand."""
        admin = Person(self.stack.settings.url, self.stack.settings.database, "admin")
        [pbx] = admin("cc.pbx", "search", [["code", "=", "main"]])
        codes = [str(FIRST_PHONE + n) for n in range(len(LOGINS))]
        admin(
            "cc.extension",
            "create",
            [{"code": c, "name": f"Desk {c}", "kind": "desk", "pbx_id": pbx} for c in codes],
        )
        [queue] = admin("cc.queue", "search", [["code", "=", "support"]])
        admin("cc.queue", "write", [queue], {"wrap_up_s": 0, "ring_s": 5})
        known = admin("cc.queue.member", "search_read", [["queue_id", "=", queue]], ["agent_id"])
        there = {row["agent_id"][0] for row in known}
        for agent in admin("cc.agent", "search", [["pbx_id", "=", pbx]]):
            if agent not in there:
                admin("cc.queue.member", "create", [{"queue_id": queue, "agent_id": agent}])
        rows = self.stack.postgres.query(
            "SELECT code, secret FROM cc_extension WHERE kind = 'desk'",
            self.stack.settings.database,
        )
        return {code: secret for code, secret in rows if code in codes}

    def _agents_ready(self, phones: dict[str, str]) -> None:
        settings = self.stack.settings
        people = [Person(settings.url, settings.database, login) for login in LOGINS]
        for person, extension in zip(people, sorted(phones), strict=True):
            person("cc.agent", "sign_in", "desk", extension)
        self.wait_states({"busy"}, "the agents' sign-in")
        for person in people:
            person("cc.agent", "set_state", "ready")
        self.wait_states({"ready"}, "ready agents")

    def states(self) -> list[str]:
        """The agents' states as Odoo has them."""
        rows = self.ask("SELECT state FROM cc_agent_interval WHERE ended_at IS NULL")
        return [row[0] for row in rows]

    def wait_states(self, wanted: set[str], what: str) -> None:
        def there() -> bool:
            states = self.states()
            return len(states) == len(LOGINS) and set(states) == wanted

        wait_until(there, PATIENCE_S, what)

    def ask(self, sql: str) -> list[list[str]]:
        return self.stack.postgres.query(sql, self.stack.settings.database)

    # -- a run ----------------------------------------------------------------------------------

    def run(
        self, faults: list[Callable[[Site, random.Random], None]], seed: int, *, rate: float = 5.0
    ) -> Report:
        """Load, the faults at random moments, load again, quiet, catch up, verdict."""
        rng = random.Random(seed)
        report = Report(seed, [fault.__name__ for fault in faults])
        load = self.load
        assert load is not None
        # what an earlier run left on the line is not this one's
        self._quiet(load)
        self.oracle = oracle = Oracle(self.stack)
        load.rate = rate
        load.random.seed(seed)
        try:
            for fault in faults:
                prepare = getattr(fault, "prepare", None)
                if prepare:
                    prepare(self)
            load.go()
            for fault in faults:
                time.sleep(rng.uniform(1.0, 3.0))
                fault(self, rng)
            time.sleep(rng.uniform(2.0, 4.0))
            load.pause()
            self._quiet(load)
            begun = time.monotonic()
            report.verdict = self._caught_up(oracle)
            report.lag_s = time.monotonic() - begun
            report.verdict = self._recordings_stored(oracle)
            report.calls = report.verdict.calls
            if not report.verdict.wrong:
                self.wait_states({"ready"}, "ready agents after the faults")
            self.stack.check()
        except StackError as error:
            report.trouble = str(error)
        finally:
            load.pause()
        return report

    def _quiet(self, load: Load) -> None:
        """Until nobody is on the line, by the customers' word and the PBX's."""
        wait_until(lambda: load.open == 0, PATIENCE_S, "the customers' end")
        wait_until(
            lambda: "0 active channels" in self.stack.asterisk.cli("core show channels count"),
            PATIENCE_S,
            "the end of the PBX's channels",
            every=0.2,
        )

    def stored(self) -> int:
        """Number of the last fact that is stored at the bridge."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.stack.bridge.spool}?mode=ro", uri=True)
        ) as db:
            [last] = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'fact'").fetchone()
        return int(last)

    def applied(self) -> int:
        """Number of the last fact that Odoo has applied, or set aside."""
        [[applied]] = self.ask("SELECT seq FROM cc_pbx_cursor")
        return int(applied)

    def backlog(self) -> int:
        """Facts that are stored at the bridge and not applied in Odoo."""
        return self.stored() - self.applied()

    def all_applied(self) -> None:
        """Waits until Odoo has applied, or set aside, all that is stored at the bridge by now."""
        last: list[int] = []

        def so() -> bool:
            try:
                last[:] = last or [self.stored()]
                return self.applied() >= last[0]
            except (StackError, sqlite3.Error):
                return False

        wait_until(so, PATIENCE_S, "the facts up to here")

    def _caught_up(self, oracle: Oracle) -> Verdict:
        """Waits until Odoo holds what the PBX did; gives what is wrong when it never does."""
        end = time.monotonic() + PATIENCE_S
        while True:
            self.revive()
            try:
                verdict = oracle.verdict()
                wrong = set(verdict.wrong) - {"recordings"}
                if not wrong and self.backlog() == 0:
                    return verdict
            except (StackError, sqlite3.Error):
                if time.monotonic() > end:
                    raise
            if time.monotonic() > end:
                return verdict
            time.sleep(0.3)

    def _recordings_stored(self, oracle: Oracle) -> Verdict:
        # all of a restored Odoo go again, those of earlier runs too
        end = time.monotonic() + 2 * PATIENCE_S
        while True:
            verdict = oracle.verdict()
            if not verdict.recordings or time.monotonic() > end:
                return verdict
            time.sleep(0.5)

    # -- what breaks and heals ------------------------------------------------------------------

    def restart(self, part: Part, rng: random.Random) -> None:
        """What a supervisor does: starts what has died, some seconds later."""
        time.sleep(rng.uniform(0.5, 5.0))
        self._start(part)

    def _start(self, part: Part) -> None:
        if part is self.stack.postgres and not part.alive:
            # of the killed one; its number may be another program's by now
            (self.stack.postgres.data / "postmaster.pid").unlink(missing_ok=True)
        part.start()

    def revive(self) -> None:
        """The supervisor again: whatever could not start the first time (no disk, no database)."""
        reap()
        for part in self.stack.core:
            if not part.alive:
                self._start(part)

    def healthy(self) -> None:
        """Waits until Odoo answers through nginx, and its database: some faults need both to be made at all."""

        def answers() -> bool:
            self.revive()
            try:
                self.ask("SELECT 1")
            except StackError:
                return False
            return self.stack.nginx.healthy()

        wait_until(answers, PATIENCE_S, "Odoo's answer")

    def bridge_heard(self) -> None:
        """Waits until Odoo hears the bridge that runs now: one that has just been started is not known yet."""
        started = self.stack.bridge.pid_file.stat().st_mtime
        since = time.time()
        heard = (
            "SELECT 1 FROM cc_pbx_cursor WHERE extract(epoch FROM hello_at AT TIME ZONE 'UTC')"
            f" >= {started - 1} AND extract(epoch FROM heard_at AT TIME ZONE 'UTC') > {since}"
        )
        wait_until(lambda: bool(self.ask(heard)), PATIENCE_S, "the bridge's word to Odoo")

    def set_clock(self, seconds: int) -> None:
        """The bridge's clock from now on, compared with everybody else's."""
        self.clock.write_text(f"{seconds:+d}\n")

    def fill_disk(self) -> None:
        """Not a byte more fits beside the spool."""
        with contextlib.suppress(OSError), (self.disk / "filler").open("wb") as filler:
            while True:
                filler.write(bytes(1 << 16))
                filler.flush()
        with contextlib.suppress(OSError), (self.disk / "filler2").open("wb") as filler:
            while True:
                filler.write(b"0")
                filler.flush()

    def free_disk(self) -> None:
        for name in ("filler", "filler2"):
            (self.disk / name).unlink(missing_ok=True)

    def workers(self) -> list[int]:
        """Pids of Odoo's HTTP and cron workers, without the process for websockets."""
        found = []
        for pid in self.stack.odoo.children():
            with contextlib.suppress(OSError):  # one may just have ended
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if command and b"gevent" not in command:
                    found.append(pid)
        return found

    def backup(self, name: str) -> None:
        """A copy of Odoo's database, taken while everything runs."""
        database = self.stack.settings.database
        self.stack.postgres.query(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false", "postgres")
        try:
            self.stack.postgres.query(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'",
                "postgres",
            )
            time.sleep(0.2)
            self.stack.postgres.copy_database(database, name)
        finally:
            for one in (database, name):
                self.stack.postgres.query(
                    f"ALTER DATABASE {one} ALLOW_CONNECTIONS true", "postgres"
                )

    def restore(self, name: str) -> None:
        """Odoo's database becomes what it was; Odoo must be down."""
        database = self.stack.settings.database
        env = self.stack.postgres.client_env
        run(["dropdb", "--force", database], env=env)
        self.stack.postgres.query(f"ALTER DATABASE {name} RENAME TO {database}", "postgres")


def remove(folder: Path) -> None:
    """Removes a folder that may not be there."""
    shutil.rmtree(folder, ignore_errors=True)
