# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The compose file's profiles, by the guide: a second PBX, TLS, TURN. Each with a call that both parties hear."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import subprocess
from collections.abc import Iterator
from pathlib import Path

import behind_firewall
import pytest
from chromium import CHROMIUM
from people import (
    PATIENCE_S,
    call,
    connected,
    eventually,
    go_home,
    hears,
    ready,
    sit_down,
    staff,
)
from playwright.sync_api import Browser, Error, Playwright
from site_of import PROJECT, SUBNET, Site

from cc_stack.rpc import Person

PAIR = """async () => {
    const peer = window.ccPeers.at(-1);
    const stats = await peer.getStats();
    for (const [, stat] of stats) {
        if (stat.type === "transport" && stat.selectedCandidatePairId) {
            const local = stats.get(stats.get(stat.selectedCandidatePairId).localCandidateId);
            return [local.candidateType, local.relayProtocol || ""];
        }
    }
    return [];
}"""


def address(site: Site, service: str) -> str:
    """A container's address in the compose network."""
    form = f'{{{{(index .NetworkSettings.Networks "{PROJECT}_default").IPAddress}}}}'
    return site.podman("container", "inspect", "-f", form, site.container(service)).strip()


@pytest.fixture(scope="module")
def certificate(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Serves https by a certificate made for this test; returns the pin of its key, for a browser that trusts no other."""
    folder = tmp_path_factory.mktemp("certificate")
    hosts = ipaddress.ip_network(SUBNET).hosts()
    names = ",".join(f"IP:{host}" for host in ("127.0.0.1", *hosts))
    key, chain = folder / "privkey.pem", folder / "fullchain.pem"
    site.run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-subj", "/CN=contact-centre.test", "-addext", f"subjectAltName={names}"),
        *("-keyout", key, "-out", chain),
    )
    own = {"fullchain.pem": chain, "privkey.pem": key, "certs": site.certs}
    site.guide("TLS", words=own, seconds=600)
    # one that runs already has the old certificate
    site.guide("TLS", 1)
    eventually(lambda: site.healthy("nginx_tls"), PATIENCE_S, 1)
    public = subprocess.run(
        ["openssl", "rsa", "-in", key, "-pubout", "-outform", "der"],
        capture_output=True,
        check=True,
    ).stdout
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def trusting(pin: str) -> list[str]:
    return [*CHROMIUM, f"--ignore-certificate-errors-spki-list={pin}"]


@pytest.fixture
def careful(playwright: Playwright, chromium: str, certificate: str) -> Iterator[Browser]:
    """A browser that takes the test's certificate and no other unknown one."""
    browser = playwright.chromium.launch(executable_path=chromium, args=trusting(certificate))
    yield browser
    browser.close()


def test_a_second_pbx_on_the_same_odoo(site: Site, admin: Person, browser: Browser) -> None:
    """Its own row, bridge, agent and queue; its call is its own, with a recording."""
    site.guide("A second PBX", seconds=600)
    eventually(lambda: connected(site, "second"), PATIENCE_S, 1)
    staff(admin, "second", "ben", "1002")
    ben = sit_down(site, browser, "ben", pbx="asterisk_second")
    customer = call(site, ben, sip=int(site.values["CC_SECOND_SIP_PORT"]))
    hears(ben)
    ben.hang_up()
    customer.wait_end(60)
    of_second = (
        "SELECT p.code, c.state, r.state FROM cc_call c JOIN cc_pbx p ON p.id = c.pbx_id"
        " JOIN cc_recording r ON r.call_id = c.id WHERE p.code = 'second'"
    )
    eventually(lambda: site.sql(of_second) == [["second", "ended", "stored"]], PATIENCE_S, 1)
    assert connected(site)
    for service in ("asterisk_second", "bridge_second"):
        eventually(lambda one=service: site.healthy(one), PATIENCE_S, 1)
    go_home(ben)


def test_https_and_wss(site: Site, browser: Browser, careful: Browser) -> None:
    """The page and the browser phone by TLS, a call through them; a browser that does not know the certificate refuses."""
    url = f"https://127.0.0.1:{site.values['CC_TLS_PORT']}"
    stranger = browser.new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        stranger.goto(url)
    stranger.close()
    ann = sit_down(site, careful, "ann", url=url)
    phone = f"wss{url.removeprefix('https')}/pbx/main/ws"
    with ann.page.expect_websocket(lambda socket: socket.url == phone, timeout=PATIENCE_S * 1000):
        ann.page.reload(timeout=PATIENCE_S * 1000)
    ready(site, ann)
    customer = call(site, ann)
    hears(ann)
    ann.hang_up()
    customer.wait_end(60)
    go_home(ann)


def test_sound_by_a_relay_where_udp_is_blocked(
    site: Site,
    admin: Person,
    playwright: Playwright,
    chromium: str,
    certificate: str,
    tmp_path: Path,
) -> None:
    """A browser without UDP hears nothing; with the PBX's TURN server both hear each other, by TCP."""
    program = behind_firewall.build(site, tmp_path, chromium)
    browser = playwright.chromium.launch(executable_path=program, args=trusting(certificate))
    try:
        url = f"https://{address(site, 'nginx_tls')}:8443"
        ann = sit_down(site, browser, "ann", url=url)
        customer = call(site, ann)
        with pytest.raises(AssertionError):
            hears(ann, 5)
        eventually(lambda: behind_firewall.dropped(site) > 0, PATIENCE_S, 1)
        assert ann.audio()["received"] == 0
        customer.hang_up()
        customer.wait_end(60)
        go_home(ann)

        site.guide("TURN", seconds=600)
        eventually(lambda: site.healthy("turn"), PATIENCE_S, 1)
        [[pbx, _name]] = admin("cc.pbx", "name_search", "", domain=[["code", "=", "main"]])
        admin(
            "cc.pbx",
            "write",
            [pbx],
            {
                "turn_url": f"turn:{address(site, 'turn')}:3478?transport=tcp",
                "turn_user": "contact",
                "turn_password": site.values["CC_TURN_PASSWORD"],
            },
        )
        ann = sit_down(site, browser, "ann", url=url)
        customer = call(site, ann)
        hears(ann)
        assert ann.page.evaluate(PAIR) == ["relay", "tcp"]
        ann.hang_up()
        customer.wait_end(60)
        go_home(ann)
    finally:
        browser.close()
        behind_firewall.leave(site)
