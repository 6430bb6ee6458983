# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Debian's Chromium with a microphone that needs no person."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

ARGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # the PBX is on 127.0.0.1, and so is the browser
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--no-first-run",
]


def chromium() -> str:
    """Path of the browser; RuntimeError when there is none (a missing browser fails, it never skips)."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    raise RuntimeError("no Chromium on this machine: run scripts/install.sh")


def launch(playwright: Playwright, *more: str) -> Browser:
    """A headless browser with further arguments, e.g. a file as the microphone's sound."""
    return playwright.chromium.launch(
        executable_path=chromium(), headless=True, args=[*ARGS, *more]
    )
