# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An office whose firewall lets no UDP through: a network of its own, joined to the containers', for a browser."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from site_of import HERE, PROJECT, SUBNET, Site

# swept by sweep.sh too
NAME = f"{PROJECT}-office"


def build(site: Site, folder: Path, program: str) -> Path:
    """Makes the office; returns the program that is `program` inside it."""
    bridge = site.podman(
        "network", "inspect", "-f", "{{.NetworkInterface}}", f"{PROJECT}_default"
    ).strip()
    network = ipaddress.ip_network(SUBNET)
    address = f"{network.broadcast_address - 1}/{network.prefixlen}"
    within = ("ip", "netns", "exec", NAME)
    for command in (
        ("ip", "netns", "add", NAME),
        (*within, "sh", HERE / "without_ipv6.sh"),
        ("ip", "link", "add", "cc-office", "type", "veth", "peer", "name", "eth0", "netns", NAME),
        ("ip", "link", "set", "cc-office", "master", bridge, "up"),
        (*within, "ip", "address", "add", address, "dev", "eth0"),
        (*within, "ip", "link", "set", "lo", "up"),
        (*within, "ip", "link", "set", "eth0", "up"),
        *(
            (*within, "iptables", "-A", way, "-p", "udp", "-j", "DROP")
            for way in ("INPUT", "OUTPUT")
        ),
    ):
        site.run(*command)
    inside = folder / "in-the-office"
    inside.write_text(f'#!/bin/sh\nexec ip netns exec {NAME} {program} "$@"\n')
    inside.chmod(0o755)
    return inside


def leave(site: Site) -> None:
    """Takes the office down."""
    site.run("ip", "netns", "del", NAME)


def dropped(site: Site) -> int:
    """How many UDP packets the firewall has thrown away."""
    rules = site.run("ip", "netns", "exec", NAME, "iptables", "-nvxL")
    return sum(int(line.split()[0]) for line in rules.splitlines() if " DROP " in line)
