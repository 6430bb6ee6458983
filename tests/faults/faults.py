# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each fault: breaks something of a loaded site, waits, and does what heals it in life."""

from __future__ import annotations

import os
import random
import resource
import signal
import time
from collections.abc import Callable

from site_under_load import PATIENCE_S, Site

from cc_stack.process import wait_until
from cc_stack.rpc import Person
from cc_stack.settings import StackError

Fault = Callable[[Site, random.Random], None]
LONG = bool(os.environ.get("CC_SOAK"))
SEED = int(os.environ.get("CC_FAULT_SEED") or random.SystemRandom().randrange(1, 10**6))


# -- kill -9 ------------------------------------------------------------------------------------


def kill_bridge(site: Site, rng: random.Random) -> None:
    site.stack.bridge.kill()
    site.restart(site.stack.bridge, rng)


def kill_odoo_worker(site: Site, rng: random.Random) -> None:
    """Odoo's own master starts another one."""
    site.healthy()
    os.kill(rng.choice(site.workers()), signal.SIGKILL)


def kill_odoo(site: Site, rng: random.Random) -> None:
    site.stack.odoo.kill()
    site.restart(site.stack.odoo, rng)


def kill_postgresql(site: Site, rng: random.Random) -> None:
    site.stack.postgres.kill()
    site.restart(site.stack.postgres, rng)


def kill_asterisk(site: Site, rng: random.Random) -> None:
    assert site.oracle
    begun = time.time()
    site.stack.asterisk.kill()
    site.oracle.pbx_killed.append((begun, time.time()))
    site.restart(site.stack.asterisk, rng)


def kill_nginx(site: Site, rng: random.Random) -> None:
    site.stack.nginx.kill()
    site.restart(site.stack.nginx, rng)


# -- links --------------------------------------------------------------------------------------


def odoo_away(site: Site, rng: random.Random) -> None:
    """Ended properly, and away for a while."""
    site.stack.odoo.stop()
    time.sleep(60 if LONG else 8)
    site.stack.odoo.start()


def ami_cut(site: Site, rng: random.Random) -> None:
    site.ami_link.become("cut")
    time.sleep(rng.uniform(0.2, 4.0))
    site.ami_link.become("pass")


def ami_frozen(site: Site, rng: random.Random) -> None:
    """SIGSTOP: the PBX says nothing and hangs nothing up; customers send again and give up."""
    asterisk = site.stack.asterisk
    asterisk.signal(signal.SIGSTOP)
    try:
        time.sleep(rng.uniform(9.0, 14.0) if LONG else rng.uniform(3.0, 12.0))
    finally:
        asterisk.signal(signal.SIGCONT)


def ami_half_open(site: Site, rng: random.Random) -> None:
    """A firewall forgot the connection: the bridge must notice by itself."""
    site.ami_link.become("half_open")
    time.sleep(rng.uniform(1.0, 8.0))
    site.ami_link.become("pass")


def reply_lost(site: Site, rng: random.Random) -> None:
    """Odoo has committed, the bridge never hears of it."""
    site.healthy()
    site.odoo_link.lose_replies(b"POST /cc/facts", rng.randint(1, 3))
    end = time.monotonic() + PATIENCE_S
    while site.odoo_link.to_lose:
        if time.monotonic() > end:
            raise StackError("no request of which a reply could be lost")
        time.sleep(0.05)


# -- the machine --------------------------------------------------------------------------------


def disk_full(site: Site, rng: random.Random) -> None:
    """The spool can't grow: facts are held in memory until there is room."""
    if site.disk.is_mount():
        site.fill_disk()
        heal: Callable[[], None] = site.free_disk
    else:
        pid = site.stack.bridge.pid
        assert pid
        old = resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

        def heal() -> None:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, old)

    try:
        time.sleep(rng.uniform(2.0, 6.0))
    finally:
        heal()


def clock_step(site: Site, rng: random.Random) -> None:
    """The clock of the bridge's machine jumps, and jumps back."""
    site.set_clock(rng.choice((-1, 1)) * rng.randint(5, 40))
    time.sleep(rng.uniform(3.0, 5.0))
    site.set_clock(0)
    time.sleep(1.5)


# -- people -------------------------------------------------------------------------------------


def second_bridge(site: Site, rng: random.Random) -> None:
    """Somebody starts another bridge for the same PBX; it is refused and touches nothing."""
    site.healthy()
    site.bridge_heard()
    other = site.stack.bridge.another(own_spool=rng.random() < 0.7)
    before = site.ask("SELECT epoch FROM cc_pbx_cursor")
    other.start()
    time.sleep(rng.uniform(3.0, 7.0))
    after = site.ask("SELECT epoch FROM cc_pbx_cursor")
    other.stop()
    if before != after:
        raise StackError(f"the second bridge took over: epoch {before} is {after}")


def odoo_restored(site: Site, rng: random.Random) -> None:
    """Odoo goes back to the copy that was made before the load."""
    site.healthy()
    site.stack.odoo.stop()
    site.restore("backup")
    site.stack.odoo.start()


odoo_restored.prepare = lambda site: site.backup("backup")  # type: ignore[attr-defined]


def fact_refused(site: Site, rng: random.Random) -> None:
    """For a while Odoo can't write some of the calls; a person presses *Retry* later."""
    site.healthy()
    site.ask(
        "CREATE OR REPLACE FUNCTION cc_test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF right(NEW.number_display, 1) IN ('3', '7') THEN RAISE EXCEPTION 'a fault for the test'"
        " USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER cc_test_refuse BEFORE INSERT OR UPDATE ON cc_call FOR EACH ROW"
        " EXECUTE FUNCTION cc_test_refuse()"
    )
    # while the PBX comes up again, nobody calls
    refused = "SELECT 1 FROM cc_fact_rejected WHERE state = 'open'"
    wait_until(lambda: bool(site.ask(refused)), PATIENCE_S, "a fact that is set aside")
    time.sleep(rng.uniform(2.0, 4.0))
    site.ask("DROP TRIGGER cc_test_refuse ON cc_call")
    # what is under way by now is set aside when it has come, however slowly
    site.all_applied()
    admin = Person(site.stack.settings.url, site.stack.settings.database, "admin")
    retried: set[int] = set()
    while rows := set(admin("cc.fact.rejected", "search", [["state", "=", "open"]])):
        if left := rows & retried:
            raise StackError(f"{len(left)} facts can't be applied by a retry")
        admin("cc.fact.rejected", "action_retry", list(rows))
        retried |= rows
        time.sleep(1.0)
    if not retried:
        raise StackError("no fact was set aside")


KILLS: tuple[Fault, ...] = (
    kill_bridge,
    kill_odoo_worker,
    kill_odoo,
    kill_postgresql,
    kill_asterisk,
    kill_nginx,
)
OTHERS: tuple[Fault, ...] = (
    odoo_away,
    ami_cut,
    ami_frozen,
    ami_half_open,
    reply_lost,
    disk_full,
    clock_step,
    second_bridge,
    odoo_restored,
    fact_refused,
)
