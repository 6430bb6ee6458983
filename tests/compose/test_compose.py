# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docker-compose.yml from nothing to calls, restarts, a backup restored: docs/containers.md, step by step.

One test, since each step stands on the one before; the base images are stand-ins (tests/compose/stand_ins.sh).
"""

from __future__ import annotations

import shutil
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from site_of import Site

from cc_stack.customers import Customer
from cc_stack.rpc import Person
from cc_stack.settings import REPO, Settings

sys.path[:0] = [str(REPO / "tests" / "system"), str(REPO / "tests")]
from chromium import CHROMIUM  # noqa: E402
from desk import Desk, eventually  # noqa: E402
from sound_of import loudness  # noqa: E402

CUSTOMER = "+8613800138000"


@pytest.fixture
def site() -> Iterator[Site]:
    settings = Settings.load("compose")
    settings.make_folders()
    site = Site(settings)
    site.prepare()
    site.down(volumes=True)
    try:
        site.compose("build", seconds=1500)
        yield site
    finally:
        logs = settings.logs / "containers"
        logs.mkdir(parents=True, exist_ok=True)
        for service in ("db", "odoo", "nginx", "asterisk", "bridge"):
            try:
                (logs / f"{service}.log").write_text(
                    site.podman("logs", "--tail", "400", site.container(service))
                )
            except AssertionError:
                continue
        site.down(volumes=True)


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Chromium is not installed: scripts/install.sh does it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


def administer(admin: Person) -> None:
    """What the guide says after the first login: a department, an agent with a browser phone, a queue."""
    [[pbx, _name]] = admin("cc.pbx", "name_search", "", domain=[["code", "=", "main"]])
    china = admin("res.country", "search", [["code", "=", "CN"]])[0]
    admin("cc.pbx", "write", [pbx], {"country_id": china})
    department = admin("hr.department", "create", [{"name": "Service"}])[0]
    group = admin(
        "ir.model.data",
        "search_read",
        [["module", "=", "cc_telephony"], ["name", "=", "group_agent"]],
        ["res_id"],
    )
    user = admin(
        "res.users",
        "create",
        [
            {
                "name": "Ann",
                "login": "ann",
                "password": "ann",
                "group_ids": [[4, group[0]["res_id"]]],
            }
        ],
    )[0]
    agent = admin(
        "cc.agent",
        "create",
        [{"user_id": user, "number": "1001", "pbx_id": pbx, "department_id": department}],
    )[0]
    admin(
        "cc.queue",
        "create",
        [
            {
                "name": "Support",
                "code": "support",
                "pbx_id": pbx,
                "department_id": department,
                "wrap_up_s": 2,
                "member_ids": [[0, 0, {"agent_id": agent}]],
            }
        ],
    )


def calls(site: Site) -> list[list[str]]:
    return site.sql(
        "SELECT id, state, answered_at IS NOT NULL, duration_s FROM cc_call"
        " WHERE direction = 'inbound' ORDER BY id"
    )


def dialled(site: Site) -> int:
    """How many calls came in by the trunk, as Asterisk's own log of channels has them."""
    cel = site.exec("asterisk", "cat", "/var/log/asterisk/cel-custom/cc_cel.csv")
    return sum("CHAN_START" in line and "PJSIP/trunk" in line for line in cel.splitlines())


def talk(site: Site, ann: Desk, seconds: float = 3) -> Customer:
    customer = Customer(site.settings, CUSTOMER, patience=120).call()
    ann.page.wait_for_selector(".o_cc_card .o_cc_answer", timeout=20_000)
    # a button that has just come under the pointer does nothing for half a second
    time.sleep(1)
    ann.answer()
    ann.expect_talking()
    time.sleep(seconds)
    return customer


def certificate(site: Site, folder: Path) -> None:
    """A certificate for 127.0.0.1, its own authority."""
    folder.mkdir(parents=True, exist_ok=True)
    site.run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        *("-keyout", folder / "tls.key", "-out", folder / "tls.crt"),
    )


def switched(port: int, authority: Path) -> bytes:
    """The PBX's answer to a browser phone's handshake over TLS; empty while nobody answers."""
    context = ssl.create_default_context(cafile=str(authority))
    request = (
        "GET /pbx/main/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: sip\r\n\r\n"
    )
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as wire,
        ):
            wire.sendall(request.encode())
            return wire.recv(200).splitlines()[0]
    except OSError:
        return b""


def ended(site: Site, count: int) -> list[list[str]]:
    return eventually(
        lambda: [row for row in calls(site) if row[1] == "ended"][count - 1 :] and calls(site), 60
    )


def ready(ann: Desk) -> None:
    state = ann.page.get_attribute(".o_cc_bar", "data-state")
    if state == "ready":
        return
    eventually(lambda: ann.page.get_attribute(".o_cc_bar", "data-state") in ("ready", "busy"), 60)
    if ann.page.get_attribute(".o_cc_bar", "data-state") == "busy":
        ann.choose_state("ready")


def test_from_nothing_to_a_restored_backup(site: Site, browser: Browser, tmp_path: Path) -> None:
    """TEL-47, ALL-04: the owner's compose file on one host."""
    site.up()
    secrets = [
        site.values[name] for name in ("CC_DB_PASSWORD", "CC_AMI_SECRET", "CC_ADMIN_PASSWORD")
    ]
    for image in ("odoo", "asterisk", "bridge", "nginx"):
        history = site.podman("history", "--no-trunc", f"localhost/{site.project}_{image}")
        assert not any(secret in history for secret in secrets)
    for service in ("odoo", "asterisk", "bridge"):
        who = site.exec(service, "id", "-u").strip()
        assert who != "0", f"{service} runs as root"
        running = site.podman("top", site.container(service), "args")
        assert not any(secret in running for secret in secrets)

    # step 3: nothing by hand: the first start has made the PBX, and its bridge has its key
    eventually(lambda: site.sql("SELECT connected FROM cc_pbx_cursor")[:1] == [["t"]], 60)
    admin = Person(site.settings.url, "contact_centre", "admin", site.values["CC_ADMIN_PASSWORD"])
    administer(admin)

    # the first call: browser phone by nginx, both hear each other, the recording plays
    stack: Any = SimpleNamespace(settings=site.settings)
    ann = Desk(browser, stack, "ann")
    ann.sign_in("browser")
    ann.choose_state("ready")
    show = ("asterisk", "-C", "/etc/asterisk/asterisk.conf", "-rx", "queue show support")
    eventually(lambda: "1001" in site.exec("asterisk", *show), 60)
    before = ann.audio()
    customer = talk(site, ann, 4)
    after = ann.audio()
    assert after["received"] - before["received"] > 100, "she does not hear the customer"
    assert after["sent"] - before["sent"] > 100, "the customer does not hear her"
    assert after["energy"] > before["energy"], "what she hears is silence"
    ann.hang_up()
    customer.wait_end(20)
    assert len(ended(site, 1)) == 1
    [[recording]] = eventually(
        lambda: site.sql("SELECT id FROM cc_recording WHERE state = 'stored'"), 60
    )
    reply = ann.context.request.get(f"{site.settings.url}/cc/recording/{recording}/audio")
    assert reply.status == 200
    left, right = loudness(reply.body(), tmp_path)
    assert left > 0.005 and right > 0.005, "a channel is silent"

    # each container once in mid-call; the PBX last, which ends the call that it has
    count = 1
    for service in ("bridge", "nginx", "odoo", "db", "asterisk"):
        ready(ann)
        customer = talk(site, ann, 2)
        site.restart(service)
        if service == "asterisk":
            customer.stop()
        else:
            time.sleep(3)
            customer.hang_up()
            customer.wait_end(30)
        site.wait_web(120)
        count += 1
        ended(site, count)
        if service in ("odoo", "db", "nginx", "asterisk"):
            ann.page.reload()
            ann.page.wait_for_selector(".o_cc_bar")
            eventually(
                lambda: (ann.page.get_attribute(".o_cc_bar", "data-state") or "offline")
                != "offline",
                60,
            )
    assert len(calls(site)) == dialled(site) == count

    # a second PBX on the same Odoo, and https with the browser phone's wss
    site.compose("--profile", "second", "up", "-d", "asterisk_second", "bridge_second")
    site.exec("odoo", "cc-pbx", "second", seconds=90)
    second = "SELECT c.connected FROM cc_pbx_cursor c JOIN cc_pbx p ON p.id = c.pbx_id WHERE p.code = 'second'"
    eventually(lambda: site.sql(second) == [["t"]], 60)
    certificate(site, Path(site.values["CC_CERTS"]))
    site.compose("--profile", "tls", "up", "-d", "nginx_tls")
    port = int(site.values["CC_TLS_PORT"])
    eventually(lambda: b"101" in switched(port, Path(site.values["CC_CERTS"]) / "tls.crt"), 30)

    # down and up keep everything
    was = calls(site)
    ann.close()
    site.down()
    site.up()
    assert calls(site) == was
    eventually(lambda: site.sql("SELECT connected FROM cc_pbx_cursor")[:1] == [["t"]], 60)

    # the guide's backup, restored into an empty stack
    dump = tmp_path / "odoo.dump"
    site.run("bash", REPO / "scripts" / "compose-backup.sh", site.project, tmp_path, seconds=300)
    assert dump.stat().st_size > 100_000
    site.down(volumes=True)
    site.run(
        "bash",
        REPO / "scripts" / "compose-restore.sh",
        site.project,
        tmp_path,
        site.env_file,
        seconds=300,
    )
    site.up()
    assert calls(site) == was
    ann = Desk(browser, stack, "ann")
    reply = ann.context.request.get(f"{site.settings.url}/cc/recording/{recording}/audio")
    assert reply.status == 200 and len(reply.body()) > 1000
    ann.close()
