# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Asterisk 22 as a part: configuration from templates, its own folders, a small AMI client for whoever runs the stack."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from cc_stack.process import HOST, PATIENCE_S, Part, run
from cc_stack.settings import Settings, StackError

TEMPLATES = Path(__file__).parent / "asterisk"
GENERATED = (
    "cc_extensions.conf",
    "cc_confbridge.conf",
    "cc_pjsip.conf",
    "cc_queues.conf",
    "cc_hints.conf",
)
Event = dict[str, str]


def _addresses() -> list[str]:
    """The machine's own IPv4 addresses outside 127/8."""
    lines = run(["ip", "-o", "-4", "addr", "show"]).splitlines()
    found = [line.split()[3].partition("/")[0] for line in lines]
    return [address for address in found if not address.startswith("127.")]


class Asterisk(Part):
    """One PBX below <run>/asterisk, all sockets on loopback."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.run / "asterisk"
        own = os.environ.get("CC_ASTERISK")
        root = settings.asterisk_root
        if own:
            self.program: list[str] = [own]
            self.modules = self._first("/usr/lib/*/asterisk/modules", "/usr/lib/asterisk/modules")
            self.data = self._first("/usr/share/asterisk", "/var/lib/asterisk")
        else:
            lib = root / "usr/lib/x86_64-linux-gnu"
            loader = root / "usr/lib64/ld-linux-x86-64.so.2"
            self.program = [
                str(loader),
                "--library-path",
                str(lib),
                str(root / "usr/sbin/asterisk"),
            ]
            self.modules = lib / "asterisk/modules"
            self.data = root / "usr/share/asterisk"
        self.program += ["-C", str(self.home / "etc/asterisk.conf")]
        super().__init__("asterisk", settings.run, [*self.program, "-f", "-q"])

    @staticmethod
    def _first(*patterns: str) -> Path:
        for pattern in patterns:
            for path in sorted(Path("/").glob(pattern.lstrip("/"))):
                return path
        raise StackError(f"an installed Asterisk keeps none of {', '.join(patterns)}")

    @property
    def cel(self) -> Path:
        """Where Asterisk writes what happened on its channels."""
        return self.home / "log" / "cel-custom" / "cc_cel.csv"

    @property
    def queue_log(self) -> Path:
        """Where its queues write theirs."""
        return self.home / "log" / "queue_log"

    @property
    def ami_secret(self) -> str:
        """The AMI password of this instance, made once."""
        file = self.home / "ami-secret"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(18))
        return file.read_text().strip()

    def configure(self) -> None:
        """Fills the templates in; files of the bridge are made empty if they are not there yet."""
        for folder in (
            "etc/cc",
            "lib/keys",
            "cache",
            "agi-bin",
            "run",
            "log/cdr-csv",
            "log/cel-custom",
        ):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        for folder in ("monitor", "voicemail", "outgoing", "tmp"):
            (self.home / "spool" / folder).mkdir(parents=True, exist_ok=True)
        ports = self.settings.ports
        values = {
            "RUN": str(self.home),
            "MODULES": str(self.modules),
            "DATA": str(self.data),
            "NAME": self.settings.name.replace("_", "-"),
            "HTTP_PORT": str(ports.asterisk_http),
            "AMI_PORT": str(ports.ami),
            "AMI_SECRET": self.ami_secret,
            "SIP_PORT": str(ports.sip),
            "TRUNK_PORT": str(ports.trunk),
            "RTP_FIRST": str(ports.rtp),
            "RTP_LAST": str(ports.rtp + 299),
            "ICE_MAP": "\n".join(f"{address} => {HOST}" for address in _addresses()),
            "GENERATED": str(self.settings.pbx_generated),
        }
        for template in TEMPLATES.glob("*.conf"):
            text = template.read_text()
            for key, value in values.items():
                text = text.replace(f"@{key}@", value)
            target = self.home / "etc" / template.name
            target.touch(mode=0o600)
            target.write_text(text)
        for name in GENERATED:
            (self.settings.pbx_generated / name).touch()

    def up(self) -> None:
        """Starts and waits until every module is up."""
        self.configure()
        self.start()
        self.ready_when(lambda: "fully booted" in self.cli("core waitfullybooted"))

    def cli(self, command: str) -> str:
        """Output of a command of Asterisk's console, empty when it does not answer."""
        done = subprocess.run(
            [*self.program, "-rx", command],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return done.stdout if done.returncode == 0 else ""

    def ami(self) -> Ami:
        """A logged-in AMI connection of the user stack."""
        return Ami(self.settings.ports.ami, "stack", self.ami_secret)

    def forget(self) -> None:
        """Removes what earlier calls left: recordings, the queue log, astdb."""
        shutil.rmtree(self.home, ignore_errors=True)


class Ami:
    """A plain blocking AMI client, for tests and for the demo's loop (the bridge has its own).

    Every event stays in `events`; `wait` finds one among those after a mark and the coming ones.
    """

    def __init__(self, port: int, user: str, secret: str) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=PATIENCE_S)
        self.buffer = b""
        self.events: list[Event] = []
        self._serial = 0
        self._read_line()
        answer = self.action("Login", Username=user, Secret=secret)
        if answer.get("Response") != "Success":
            raise StackError(f"AMI refuses the user {user}: {answer.get('Message')}")

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Ami:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def mark(self) -> int:
        """A point in the stream, to wait from."""
        return len(self.events)

    def _receive(self, seconds: float) -> bool:
        self.socket.settimeout(max(seconds, 0.001))
        try:
            chunk = self.socket.recv(1 << 16)
        except TimeoutError:
            return False
        if not chunk:
            raise StackError("AMI closed the connection")
        self.buffer += chunk
        return True

    def _read_line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            if not self._receive(PATIENCE_S):
                raise StackError("AMI is silent")
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def _next(self, seconds: float) -> Event | None:
        """The next whole message, or None when the time is over."""
        end = time.monotonic() + seconds
        while b"\r\n\r\n" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not self._receive(left):
                return None
        blob, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        message: Event = {}
        for line in blob.decode(errors="replace").split("\r\n"):
            key, _, value = line.partition(":")
            key, value = key.strip(), value.strip()
            message[key] = f"{message[key]}\n{value}" if key in message else value
        return message

    def action(self, name: str, /, **headers: str) -> Event:
        """Sends an action and gives its response; events meanwhile are kept."""
        self._serial += 1
        serial = f"stack-{self._serial}"
        lines = [
            f"Action: {name}",
            f"ActionID: {serial}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        if any("\r" in line or "\n" in line for line in lines):
            raise StackError("a line break in an AMI header")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            message = self._next(end - time.monotonic())
            if message is None:
                break
            if message.get("ActionID") == serial and "Response" in message:
                return message
            self.events.append(message)
        raise StackError(f"no answer to the AMI action {name}")

    def list(self, name: str, complete: str, /, **headers: str) -> list[Event]:
        """Events that an action answers with, up to the event `complete`."""
        mark = self.mark()
        self.action(name, **headers)
        serial = f"stack-{self._serial}"
        self.wait(complete, since=mark, ActionID=serial)
        found = [
            e
            for e in self.events[mark:]
            if e.get("ActionID") == serial and e.get("Event") != complete
        ]
        self.events[mark:] = [e for e in self.events[mark:] if e.get("ActionID") != serial]
        return found

    def wait(
        self, event: str, /, seconds: float = PATIENCE_S, since: int | None = None, **having: str
    ) -> Event:
        """The first event of that name whose headers contain the given texts; StackError after `seconds`.

        `since` is a `mark()`; without it only coming events count.
        """

        def fits(one: Event) -> bool:
            return one.get("Event") == event and all(v in one.get(k, "") for k, v in having.items())

        for one in self.events[since:] if since is not None else []:
            if fits(one):
                return one
        for one in self.stream(seconds):
            if fits(one):
                return one
        raise StackError(f"no AMI event {event} {having} within {seconds:.0f} s")

    def stream(self, seconds: float) -> Iterator[Event]:
        """Events as they come, for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            message = self._next(left)
            if message is not None:
                self.events.append(message)
                yield message
