# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docker-compose.yml from nothing to calls, restarts, a backup restored: docs/containers.md, step by step.

The base images are stand-ins (tests/compose/stand_ins.sh).
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from guide import commands, short_way
from ledger import oracle, settled
from people import (
    PATIENCE_S,
    call,
    connected,
    eventually,
    go_home,
    hears,
    log_in,
    ready,
    sit_down,
)
from playwright.sync_api import Browser, expect
from site_of import SERVICES, ZONE, Site
from sound_of import loudness

from cc_stack.settings import REPO
from cc_stack.templates import our_addons

BUILT = ("odoo", "nginx", "asterisk", "bridge")


def calls(site: Site) -> list[list[str]]:
    return site.sql("SELECT id, call_uid, state, answered_at, duration_s FROM cc_call ORDER BY id")


def recordings(site: Site) -> list[list[str]]:
    return site.sql("SELECT id, call_id, state FROM cc_recording ORDER BY id")


def plays(site: Site, browser: Browser, call_id: str) -> None:
    """The recording plays in the call's form, for the agent who had the call."""
    ann = log_in(site, browser, "ann")
    page = ann.page
    page.goto(f"{site.settings.url}/odoo/cc.call/{call_id}", timeout=PATIENCE_S * 1000)
    player = page.locator(".o_cc_player").first
    expect(player).to_be_visible(timeout=PATIENCE_S * 1000)
    player.locator("button").first.click()
    page.wait_for_function(
        "() => { const a = document.querySelector('audio'); return a && a.currentTime > 0.3; }",
        timeout=PATIENCE_S * 1000,
    )
    ann.close()


def test_both_guides_say_the_same() -> None:
    steps = [
        block for step in ("Passwords", "Start", "The administrator") for block in commands(step)
    ]
    assert len(steps) == 3 and short_way() == steps


def test_no_image_takes_what_git_ignores() -> None:
    """What tests leave behind between two builds would make the second one anew, with the registries' help."""
    ours = (REPO / ".dockerignore").read_text().split()
    for pattern in (REPO / ".gitignore").read_text().split():
        rooted, name = pattern.startswith("/"), pattern.strip("/")
        assert name in ours if rooted else {name, f"**/{name}"} & set(ours), pattern


def test_the_first_start_makes_all(site: Site) -> None:
    """Six addons, the languages, UTF-8, a PBX whose bridge has nothing to complain of."""
    names = ", ".join(f"'{name}'" for name in our_addons())
    states = site.sql(
        f"SELECT state, count(*) FROM ir_module_module WHERE name IN ({names}) GROUP BY state"
    )
    assert states == [["installed", str(len(our_addons()))]]
    languages = site.sql("SELECT code FROM res_lang WHERE active ORDER BY code")
    assert languages == [["en_US"], ["zh_CN"], ["zh_TW"]]
    assert site.sql("SHOW server_encoding") == [["UTF8"]]
    said = eventually(lambda: checked(site), PATIENCE_S, 2)
    assert "knows this PBX" in said
    # what Asterisk's classes leave open is told on each site
    others = [line for line in said.splitlines() if not line.startswith("ok ")]
    assert [line.split()[0] for line in others] == ["note"] and "MixMonitor" in others[0], others


def checked(site: Site) -> str:
    """What `cc_bridge check` says once it finds nothing wrong."""
    try:
        return site.guide("The administrator")
    except AssertionError as wrong:
        checked.__doc__ = str(wrong)
        return ""


def test_nothing_is_said_that_is_secret(site: Site) -> None:
    """No password in an image, in an environment, in arguments or logs; none of the PBX's secret either."""
    [[secret]] = site.sql("SELECT secret FROM cc_pbx WHERE code = 'main'")
    secrets = [*site.secrets, secret]
    assert len(secrets) == 5 and all(len(one) >= 20 for one in secrets)
    places = {f"log of {service}": site.log(service) for service in SERVICES}
    for image in BUILT:
        name = f"localhost/{site.container(image).removesuffix('_1')}"
        places[f"layers of {image}"] = site.podman("history", "--no-trunc", name)
        places[f"inspect of the image {image}"] = site.podman("image", "inspect", name)
    for service in SERVICES:
        where = site.container(service)
        places[f"inspect of {service}"] = site.podman("container", "inspect", where)
        places[f"arguments of {service}"] = site.podman("top", where, "args")
        places[f"environment of {service}"] = site.exec(service, "env")
    told = [place for place, text in places.items() if any(one in text for one in secrets)]
    assert not told


def test_nobody_is_root_and_nothing_can_be_written(site: Site) -> None:
    for service in SERVICES:
        users = set(site.podman("top", site.container(service), "huser").split()[1:])
        assert users and not users & {"0", "root"}, f"{service} runs as {users}"
        assert site.exec(service, "id", "-u").strip() != "0", service
        [about] = json.loads(site.podman("container", "inspect", site.container(service)))
        assert about["HostConfig"]["ReadonlyRootfs"], service
        assert not about["EffectiveCaps"], f"{service} has {about['EffectiveCaps']}"
        denied = "for f in /x /etc/x /usr/x; do ! touch $f 2>/dev/null || exit 1; done"
        site.exec(service, "sh", "-c", denied)


def test_each_says_how_it_is_and_logs_to_its_output(site: Site) -> None:
    for service in SERVICES:
        eventually(lambda one=service: site.healthy(one), PATIENCE_S, 1)
        assert len(site.log(service)) > 100 or service == "db", f"{service} says nothing"
        zone = site.exec(service, "sh", "-c", "date +%z; echo $LANG").split()
        assert zone == ["+0800", "C.UTF-8"], f"{service}: {zone} for {ZONE}"


def test_calls_and_each_container_restarted_in_one(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """TEL-47, ALL-04: both hear each other, the recording plays; nothing is lost by the PBX's own record."""
    record = oracle(site, tmp_path / "pbx")
    before = len(calls(site)), len(recordings(site))
    ann = sit_down(site, browser, "ann")
    began = time.time()
    customer = call(site, ann)
    hears(ann)
    ann.hang_up()
    customer.wait_end(60)
    [[recording, first, _state]] = eventually(
        lambda: [row for row in recordings(site)[before[1] :] if row[2] == "stored"], PATIENCE_S, 1
    )
    reply = ann.context.request.get(f"{site.settings.url}/cc/recording/{recording}/audio")
    assert reply.status == 200
    left, right = loudness(reply.body(), tmp_path)
    assert left > 0.005 and right > 0.005, "a channel is silent"
    # stored in UTC, whatever the containers' zone
    [[started]] = site.sql(
        f"SELECT extract(epoch FROM started_at AT TIME ZONE 'UTC') FROM cc_call WHERE id = {first}"
    )
    assert began - 1 <= float(started) <= time.time()

    # Odoo after its database, whose loss leaves browsers untold for 50 s (Odoo's bus waits so long); the PBX last: it
    # ends the call that it has
    together = (("bridge", "nginx"), ("db", "odoo"), ("asterisk",))
    for services in together:
        ready(site, ann)
        customer = call(site, ann)
        time.sleep(1)
        for service in services:
            now = time.time()
            site.restart(service)
            if service == "asterisk":
                record.pbx_killed.append((now, time.time()))
            site.wait_web()
            eventually(lambda since=now: connected(site, since=since), PATIENCE_S, 1)
            assert customer.alive or service == "asterisk", (
                f"{service}: the call did not outlive it"
            )
        if customer.alive:
            customer.hang_up()
            customer.wait_end(60)
        ann.page.reload(timeout=PATIENCE_S * 1000)
        ann.page.wait_for_selector(".o_cc_bar", timeout=PATIENCE_S * 1000)
    verdict = eventually(lambda: settled(record.verdict()) and record.verdict(), PATIENCE_S, 2)
    assert verdict.calls == len(calls(site)) - before[0] == 1 + len(together)
    assert verdict.recorded >= len(together)
    ready(site, ann)
    go_home(ann)
    plays(site, browser, first)


def test_odoo_outlives_an_absence_of_its_database(site: Site) -> None:
    """Its master ends when it needs a worker meanwhile; nobody has to start it again (decided by start.sh)."""

    def ends() -> int:
        return site.log("odoo").count("Stopping forcefully")

    before = ends()
    site.run("docker", "compose", "stop", "db")
    eventually(lambda: ends() > before, PATIENCE_S, 0.5)
    now = time.time()
    site.run("docker", "compose", "start", "db")
    site.wait_web()
    eventually(lambda: connected(site, since=now), PATIENCE_S, 1)


def test_down_and_up_keep_everything(site: Site) -> None:
    was = calls(site), recordings(site)
    site.run("docker", "compose", "down", seconds=600)
    assert not site.podman("ps", "-aq", "--filter", f"name={site.container('odoo')}").strip()
    now = time.time()
    site.guide("Backup", 1, words={"scripts/compose-restore.sh /backup\n": ""})
    site.wait_web()
    assert (calls(site), recordings(site)) == was
    eventually(lambda: connected(site, since=now), PATIENCE_S, 1)


def test_a_backup_goes_into_an_empty_stack(site: Site, browser: Browser, tmp_path: Path) -> None:
    was = calls(site), recordings(site)
    backup = {"/backup": tmp_path / "backup"}
    site.guide("Backup", words=backup, seconds=1800)
    site.sweep()
    now = time.time()
    site.guide("Backup", 1, words=backup, seconds=1800)
    site.wait_web()
    assert (calls(site), recordings(site)) == was
    eventually(lambda: connected(site, since=now), PATIENCE_S, 1)
    plays(site, browser, was[1][0][1])
    # and it works: a call as before
    ann = sit_down(site, browser, "ann")
    customer = call(site, ann)
    hears(ann)
    ann.hang_up()
    customer.wait_end(60)
    eventually(lambda: len(recordings(site)) > len(was[1]), PATIENCE_S, 1)
    go_home(ann)
