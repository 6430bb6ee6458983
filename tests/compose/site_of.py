# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docker-compose.yml as it is, under Podman, with passwords and ports of this test's own."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from cc_stack.settings import REPO, Settings

HERE = Path(__file__).parent
SUBNET = "172.28.77.0/24"
PROVIDER = "172.28.77.1"  # this host, as Asterisk's container sees it


class Site:
    """One compose project; every command has an end of its own."""

    def __init__(self, settings: Settings, project: str = "cctest") -> None:
        self.settings = settings
        self.project = project
        self.cache = settings.cache
        store = self.cache / "containers"
        self.env = {
            **os.environ,
            "CONTAINERS_CONF": str(store / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(store / "storage.conf"),
            "CC_CACHE": str(self.cache),
        }
        self.values: dict[str, str] = {}
        self.env_file = settings.run / f"{project}.env"

    # -- commands

    def run(self, *argv: str | Path, seconds: float = 120, stdin: bytes | None = None) -> str:
        """A command's output; AssertionError with all it said when it fails."""
        done = subprocess.run(
            [str(word) for word in argv],
            env=self.env,
            cwd=REPO,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        said = (done.stdout + done.stderr).decode(errors="replace")
        assert done.returncode == 0, f"{argv}: {said[-4000:]}"
        return done.stdout.decode(errors="replace")

    def compose(self, *words: str, seconds: float = 300) -> str:
        """podman-compose, which takes the place of `docker compose`."""
        program = self.cache / "venv-compose" / "bin" / "podman-compose"
        return self.run(
            *(program, "--env-file", self.env_file, "-p", self.project),
            *("--podman-build-args=--network host", *words),
            seconds=seconds,
        )

    def podman(self, *words: str, seconds: float = 60, stdin: bytes | None = None) -> str:
        """podman itself."""
        return self.run("podman", *words, seconds=seconds, stdin=stdin)

    def exec(self, service: str, *words: str, seconds: float = 60) -> str:
        """A command in a service's container."""
        return self.podman("exec", self.container(service), *words, seconds=seconds)

    def container(self, service: str) -> str:
        """The name of a service's container."""
        return f"{self.project}_{service}_1"

    def restart(self, service: str) -> None:
        """As `docker compose restart`."""
        self.podman("restart", "-t", "10", self.container(service), seconds=90)

    # -- the whole

    def prepare(self) -> None:
        """Base images under their public names, an env file as the guide makes it."""
        self.run("bash", REPO / "scripts" / "install" / "containers.sh", seconds=600)
        self.run("bash", HERE / "stand_ins.sh", seconds=1500)
        made = self.run("bash", REPO / "scripts" / "compose-env.sh")
        ports = self.settings.ports
        own = {
            "CC_WEB_PORT": ports.web,
            "CC_SIP_PORT": ports.sip,
            "CC_SECOND_SIP_PORT": ports.sip + 3,
            "CC_TLS_PORT": ports.sip + 4,
            "CC_CERTS": self.settings.run / "certs",
            "CC_TRUNK_HOST": PROVIDER,
            "CC_SUBNET": SUBNET,
        }
        self.env_file.parent.mkdir(parents=True, exist_ok=True)
        self.env_file.touch(mode=0o600)
        self.env_file.write_text(made + "".join(f"{k}={v}\n" for k, v in own.items()))
        lines = self.env_file.read_text().splitlines()
        self.values = dict(line.split("=", 1) for line in lines)

    def up(self) -> None:
        """All services of the plain profile; returns when Odoo answers through nginx."""
        self.compose("up", "-d", "db", "odoo", "nginx", "asterisk", "bridge", seconds=300)
        self.wait_web()

    def wait_web(self, seconds: float = 420) -> None:
        """Until the login page comes through nginx."""
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.settings.url}/web/login", timeout=5) as page:
                    if page.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if time.monotonic() > end:
                log = self.podman("logs", "--tail", "40", self.container("odoo"))
                raise AssertionError(f"Odoo does not answer after {seconds} s: {log}")
            time.sleep(1)

    def down(self, *, volumes: bool = False) -> None:
        """All containers of this project, and what they kept."""
        self.podman("pod", "ps")
        names = self.podman(
            "ps", "-a", "--format", "{{.Names}}", "--filter", f"name={self.project}_"
        ).split()
        # those that would come back by themselves first
        for name in sorted(names, key=lambda one: "asterisk" not in one):
            self.podman("rm", "-f", "-t", "5", "--depend", name, seconds=60)
        if volumes:
            kept = self.podman("volume", "ls", "-q", "--filter", f"name={self.project}_").split()
            for name in kept:
                self.podman("volume", "rm", "-f", name)

    def sql(self, query: str) -> list[list[str]]:
        """Rows of the database, as texts."""
        out = self.exec(
            "db",
            "psql",
            "-h",
            "/tmp",
            "-U",
            "odoo",
            "-d",
            "contact_centre",
            "-AtF",
            "\t",
            "-c",
            query,
        )
        return [line.split("\t") for line in out.splitlines()]
