# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""nginx as a part: one address for everything a browser needs."""

from __future__ import annotations

import os
import signal
import urllib.error
import urllib.request
from pathlib import Path

from cc_stack.process import Part
from cc_stack.settings import Settings

TEMPLATE = Path(__file__).parent / "nginx" / "nginx.conf"
PROGRAM = "/usr/sbin/nginx"


class Nginx(Part):
    """Before Odoo's two ports and Asterisk's WebSocket."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.run / "nginx"
        self.config = self.home / "nginx.conf"
        super().__init__(
            "nginx",
            settings.run,
            [PROGRAM, "-p", self.home, "-e", "stderr", "-c", self.config],
            stop_signal=signal.SIGTERM,
        )

    def configure(self, pbx: str = "main") -> None:
        """Fills the template in for the PBX with that code."""
        self.home.mkdir(parents=True, exist_ok=True)
        ports = self.settings.ports
        values = {
            "USER": "user root;" if os.geteuid() == 0 else "",
            "RUN": str(self.home),
            "LOGS": str(self.settings.logs),
            "WEB": str(ports.web),
            "ODOO": str(ports.odoo),
            "GEVENT": str(ports.gevent),
            "ASTERISK": str(ports.asterisk_http),
            "PBX": pbx,
        }
        text = TEMPLATE.read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        self.config.write_text(text)

    def up(self) -> None:
        """Starts and waits until Odoo answers through it."""
        self.configure()
        self.start()
        self.ready_when(self.healthy)

    def healthy(self) -> bool:
        """True when Odoo answers through it."""
        try:
            with urllib.request.urlopen(f"{self.settings.url}/web/health", timeout=20) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
