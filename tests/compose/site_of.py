# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docker-compose.yml as it is, under Podman, with passwords and ports of this test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from guide import commands

from cc_stack.customers import Customer
from cc_stack.settings import REPO, Settings

HERE = Path(__file__).parent
PROJECT = "cctest"
SUBNET = "172.28.77.0/24"
PROVIDER = "172.28.77.1"  # this host, as the containers see it
ZONE = "Asia/Shanghai"
SERVICES = ("db", "odoo", "nginx", "asterisk", "bridge")
MORE = ("asterisk_second", "bridge_second", "nginx_tls", "turn")


class Site:
    """One compose project; every command has an end of its own. What it runs is swept away even when this is killed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.certs = settings.run / "certs"
        self.env_file = settings.run / "compose.env"
        store = settings.cache / "containers"
        self.env = {
            **os.environ,
            "PATH": f"{HERE / 'bin'}:{os.environ['PATH']}",
            "CONTAINERS_CONF": str(store / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(store / "storage.conf"),
            "CC_CACHE": str(settings.cache),
            "CC_ENV_FILE": str(self.env_file),
            "COMPOSE_PROJECT_NAME": PROJECT,
        }
        self._guard: subprocess.Popen[bytes] | None = None
        #: all who called, to be ended whatever came of it
        self.customers: list[Customer] = []
        # for work on a single test: takes a site that runs, leaves it running
        self.reuse = bool(os.environ.get("CC_COMPOSE_REUSE"))

    # -- commands

    def run(self, *argv: str | Path, seconds: float = 300) -> str:
        """A command's output; AssertionError with all it said when it fails. How long it took: logs/commands.log."""
        begun = time.monotonic()
        with subprocess.Popen(
            [str(word) for word in argv],
            env=self.env,
            cwd=REPO,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as child:
            self._tell_guard(child.pid)
            try:
                out, err = child.communicate(timeout=seconds)
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
                self._tell_guard(0)
                with (self.settings.logs / "commands.log").open("a") as log:
                    words = " ".join(str(word) for word in argv).replace("\n", "; ")
                    log.write(
                        f"{time.strftime('%H:%M:%S')} {time.monotonic() - begun:7.1f} s  {words[:150]}\n"
                    )
        said = (out + err).decode(errors="replace")
        assert child.returncode == 0, f"{argv}: {said[-4000:]}"
        return out.decode(errors="replace")

    def _tell_guard(self, group: int) -> None:
        """Which command is running: it is ended too when this process is killed."""
        if self._guard and self._guard.stdin:
            self._guard.stdin.write(f"{group}\n".encode())
            self._guard.stdin.flush()

    def guide(
        self,
        chapter: str,
        which: int = 0,
        words: Mapping[str, object] | None = None,
        seconds: float = 600,
    ) -> str:
        """What the guide says in a chapter, typed as it stands there but for these words of the reader's own."""
        text = commands(chapter)[which]
        for word, own in (words or {}).items():
            assert word in text, f"the guide no longer says {word!r} in {chapter!r}"
            text = text.replace(word, str(own))
        return self.run("bash", "-ec", text, seconds=seconds)

    def podman(self, *words: str, seconds: float = 300) -> str:
        """podman itself."""
        return self.run("podman", *words, seconds=seconds)

    def exec(self, service: str, *words: str, seconds: float = 300) -> str:
        """A command in a service's container."""
        return self.podman("exec", self.container(service), *words, seconds=seconds)

    def container(self, service: str) -> str:
        """The name of a service's container."""
        return f"{PROJECT}_{service}_1"

    def volume(self, name: str) -> Path:
        """Where a volume lies on this machine."""
        form = "{{.Mountpoint}}"
        return Path(self.podman("volume", "inspect", "-f", form, f"{PROJECT}_{name}").strip())

    def restart(self, service: str) -> None:
        """As the guide says it for the bridge."""
        self.guide("The first call", words={"bridge": service})

    # -- the whole

    @property
    def runs(self) -> bool:
        """Odoo's container is there."""
        return bool(self.podman("ps", "-q", "--filter", f"name={self.container('odoo')}").strip())

    def prepare(self) -> None:
        """Base images under their public names, nothing left of an earlier run, somebody who sweeps after this one."""
        self.run("bash", REPO / "scripts" / "install" / "containers.sh", seconds=900)
        self.run("bash", HERE / "stand_ins.sh", seconds=1800)
        self.sweep()
        if self.reuse:
            return
        self._guard = subprocess.Popen(
            ["bash", HERE / "sweep.sh", PROJECT, "--after"],
            env=self.env,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def configure(self) -> None:
        """The reader's own lines of .env, then the guide's passwords."""
        ports = self.settings.ports
        secrets = self.settings.run / "secrets"
        own = {
            "CC_WEB_PORT": ports.web,
            "CC_SIP_PORT": ports.sip,
            "CC_SECOND_SIP_PORT": ports.sip + 3,
            "CC_RTP_PORTS": f"{ports.rtp}-{ports.rtp + 99}",
            "CC_SECOND_RTP_PORTS": f"{ports.rtp + 100}-{ports.rtp + 199}",
            "CC_TLS_PORT": ports.sip + 4,
            "CC_TURN_PORT": ports.sip + 5,
            "CC_CERTS": self.certs,
            "CC_TRUNK_HOST": PROVIDER,
            "CC_SUBNET": SUBNET,
            "CC_SECRETS": secrets,
            "TZ": ZONE,
        }
        self.env_file.unlink(missing_ok=True)
        self.env_file.write_text("".join(f"{key}={value}\n" for key, value in own.items()))
        self.guide("Passwords")

    @property
    def values(self) -> dict[str, str]:
        """What .env says."""
        lines = self.env_file.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def secrets(self) -> list[str]:
        """Every password that .env has."""
        return [
            text for name, text in self.values.items() if name.endswith(("PASSWORD", "AMI_SECRET"))
        ]

    def up(self) -> None:
        """The guide's start; returns when Odoo answers through nginx."""
        self.guide("Start", seconds=1800)
        self.wait_web()

    def wait_web(self, seconds: float = 1800) -> None:
        """Until the login page comes through nginx."""
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.settings.url}/web/login", timeout=10) as page:
                    if page.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if time.monotonic() > end:
                raise AssertionError(f"no answer after {seconds} s: {self.log('odoo', 40)}")
            time.sleep(0.5)

    def log(self, service: str, lines: int = 0) -> str:
        """What a container has written to its standard output."""
        tail = ("--tail", str(lines)) if lines else ()
        return self.podman("logs", *tail, self.container(service))

    def healthy(self, service: str) -> bool:
        """The container's own check finds it well."""
        try:
            self.podman("healthcheck", "run", self.container(service))
        except AssertionError:
            return False
        return True

    def keep_logs(self) -> None:
        """The containers' logs in a folder, for whoever looks for the reason."""
        folder = self.settings.logs / "containers"
        folder.mkdir(parents=True, exist_ok=True)
        for service in (*SERVICES, *MORE):
            try:
                (folder / f"{service}.log").write_text(self.log(service, 3000))
            except (AssertionError, subprocess.TimeoutExpired):
                continue

    def sweep(self) -> None:
        """All containers, networks and volumes of this project."""
        self.run("bash", HERE / "sweep.sh", PROJECT, seconds=600)

    def end(self) -> None:
        """Keeps the logs, sweeps, and dismisses who would have swept."""
        for customer in self.customers:
            customer.stop()
        self.keep_logs()
        if self.reuse:
            return
        try:
            self.sweep()
        finally:
            if self._guard and self._guard.stdin:
                self._guard.stdin.close()
                self._guard.wait(600)

    def sql(self, query: str) -> list[list[str]]:
        """Rows of the database, as texts."""
        out = self.exec(
            "db", "psql", "-U", "odoo", "-d", "contact_centre", "-AtF", "\t", "-c", query
        )
        return [line.split("\t") for line in out.splitlines()]
