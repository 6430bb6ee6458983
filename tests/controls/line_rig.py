# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A real Asterisk, the real bridge and telephones that all sing their own tone; Odoo's part is played by the
bridge's own tests' server, so that a control is tried in seconds and every party's ear can be measured."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import re
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from cc_stack.asterisk import Asterisk
from cc_stack.phones import Phone
from cc_stack.process import HOST, Part
from cc_stack.settings import REPO, Settings

BRIDGE = REPO / "addons" / "cc_telephony" / "bridge"
for folder in (BRIDGE / "src", BRIDGE / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from fake_odoo import PBX, SECRET, FakeOdoo, order, serve  # noqa: E402

from cc_bridge import config as bridge_config  # noqa: E402
from cc_bridge.bridge import Bridge  # noqa: E402
from cc_bridge.calls.live import LiveChannel  # noqa: E402
from cc_bridge.controls import steering as steering_module  # noqa: E402
from cc_bridge.controls.commands import consult as consult_module  # noqa: E402
from cc_bridge.odoo import link as link_module  # noqa: E402

RATE = 8000
#: agent number to their desk phone
DESKS = {"1001": "2001", "1002": "2002", "1003": "2003", "1004": "2004"}
MOBILES = {"1005": "+8613900001005"}
#: numbers at which somebody outside answers; to dial rules that change digits, as they arrive
OUTSIDE = (
    "outside",
    *MOBILES.values(),
    "+8613800000001",
    "+8613800000009",
    "013800000009",
    "62345678",
)
Call = dict[str, Any]
T = TypeVar("T")
# everybody else is in "support" alone; 1004 is a leader and in none
_QUEUES: dict[str, list[dict[str, Any]]] = {
    "1002": [{"queue": "support", "penalty": 0}, {"queue": "sales", "penalty": 0}],
    "1004": [],
}


def eventually(what: Callable[[], Any], seconds: float = 60, step: float = 0.05) -> Any:
    """The first true value; AssertionError when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < end, f"not so after {seconds} s: {what.__doc__ or what}"
        time.sleep(step)


class Ear(Phone):
    """A telephone with a tone of its own that keeps what it hears. Without a secret it is somebody outside."""

    def __init__(
        self,
        settings: Settings,
        name: str,
        index: int,
        *,
        secret: str = "",
        answer: str = "manual",
        port: int | None = None,
    ) -> None:
        super().__init__(settings, "2000", secret, answer=answer)
        self.index = index
        self.extension = name
        self.port = port
        self.acts = ""
        self.home = settings.run / "phones" / re.sub(r"\W", "_", name)
        self.control_port = settings.ports.phone_control + index
        Part.__init__(
            self, f"phone-{self.home.name}", settings.run, ["baresip", "-4", "-f", self.home]
        )

    @property
    def tone(self) -> int:
        # no tone is a harmonic of another
        return 350 + 70 * self.index

    def configure(self) -> None:
        super().configure()
        ports = self.settings.ports
        file = self.home / "config"
        text = file.read_text().replace("module ausine.so", "module ausine.so\nmodule sndfile.so")
        text += f"snd_path {self.home}\ncall_hold_other_calls no\n"
        if self.port:
            text = text.replace(
                f"sip_listen {HOST}:{ports.phones + 2 * self.index}",
                f"sip_listen {HOST}:{self.port}",
            )
        file.write_text(text)
        self.forget()
        if not self.secret:
            names = OUTSIDE if self.extension == "outside" else (self.extension,)
            (self.home / "accounts").write_text(
                "".join(
                    f"<sip:{name}@{HOST};transport=udp>;regint=0;answermode={self.mode}"
                    ";audio_codecs=pcmu/8000/1;ptime=20\n"
                    for name in names
                )
            )

    def up(self) -> None:
        if self.secret:
            super().up()
            return
        self.configure()
        self.start()
        self.ready_when(lambda: self._talks(), 60)

    def _talks(self) -> bool:
        try:
            return bool(self.command("listcalls"))
        except OSError:
            return False

    def call(self, to: str) -> None:
        """Dials as somebody outside does."""
        self.command("dial", f"sip:{to}@{HOST}:{self.settings.ports.sip}")

    def keys(self, digits: str) -> None:
        """Presses keys in the call."""
        self._choose()
        for digit in digits:
            self.command("sndcode", digit)
            time.sleep(0.25)

    def as_number(self, number: str) -> Ear:
        """One telephone stands for everybody outside: which of them acts."""
        self.acts = number
        return self

    def _choose(self) -> None:
        if self.acts:
            self.command("uafind", f"sip:{self.acts}@{HOST}")

    def hang_up(self) -> None:
        self._choose()
        super().hang_up()

    def forget(self) -> None:
        """What was heard so far; its last call must be over."""
        for old in self.home.glob("dump-*"):
            old.unlink()

    def _newest(self) -> Path:
        """The sound of the newest call. A phone has it a moment after the PBX says that it has answered."""

        def dumps() -> list[Path]:
            return [*self.home.glob("dump-*-dec.wav")]

        dumps.__doc__ = f"{self.extension} hears anything at all"
        files: list[Path] = eventually(dumps)
        return max(files, key=lambda f: f.stat().st_mtime)

    @property
    def sound_s(self) -> float:
        """How much sound of the newest call has come in, in seconds."""
        return (self._newest().stat().st_size - 44) / 2 / RATE

    def _samples(self, seconds: float) -> list[int]:
        """The newest sound of the newest call."""
        data = self._newest().read_bytes()[44:]
        need = int(seconds * RATE) * 2
        data = data[-(len(data) // 2 * 2) :][-need:]
        return list(struct.unpack(f"<{len(data) // 2}h", data))

    def hears(self, hertz: int, seconds: float = 0.4) -> bool:
        """Whether this tone is in the newest sound."""
        samples = self._samples(seconds)
        return len(samples) >= seconds * RATE * 0.9 and _has(samples, hertz)

    def first(self, hertz: int, step: float = 0.05) -> float | None:
        """After how many seconds of the newest call's sound this tone is heard; None for never."""
        samples, size = self._samples(600), int(step * RATE)
        for start in range(0, len(samples) - size + 1, size):
            if _has(samples[start : start + size], hertz):
                return start / RATE
        return None

    def loud(self, seconds: float = 0.4) -> float:
        """Root mean square of the newest sound, 0 to 1."""
        return _loudness(self._samples(seconds))

    def loud_before(self, hertz: int, seconds: float = 1.0) -> float:
        """The same of the last sound before this tone is first heard in the newest call."""
        first = self.first(hertz)
        assert first is not None, f"{self.extension} never hears {hertz} Hz"
        end = int((first - 0.1) * RATE)
        return _loudness(self._samples(600)[max(end - int(seconds * RATE), 0) : end])

    @property
    def heard_keys(self) -> str:
        """Keys that arrived as signalling."""
        if not self.log.exists():
            return ""
        return "".join(
            re.findall(r"received event: '(.)' \(end=1\)", self.log.read_text(errors="replace"))
        )


def _loudness(samples: list[int]) -> float:
    """Root mean square, 0 to 1."""
    return math.sqrt(sum(v * v for v in samples) / max(len(samples), 1)) / 32768


def _has(samples: list[int], hertz: int) -> bool:
    """Whether the tone is in them (Goertzel, -36 dB of full scale)."""
    k = 2 * math.cos(2 * math.pi * hertz / RATE)
    a = b = 0.0
    for value in samples:
        a, b = value + k * a - b, a
    power = (a * a + b * b - k * a * b) / (len(samples) / 2) ** 2
    return math.sqrt(max(power, 0.0)) > 500


class LineRig:
    """Asterisk, bridge, phones. ``odoo`` is where facts arrive and commands are put."""

    def __init__(self, settings: Settings, **extra: Any) -> None:
        self.settings = settings
        settings.make_folders()
        self.asterisk = Asterisk(settings)
        self.odoo = FakeOdoo()
        self.odoo.intent = self._intent(extra)
        self.ears: dict[str, Ear] = {}
        #: AMI events as the bridge gets them
        self.stream: list[dict[str, Any]] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: Any = None

    @staticmethod
    def _intent(extra: dict[str, Any]) -> dict[str, Any]:
        queues = ("support", "sales")
        return {
            "agents": [
                {
                    "agent": number,
                    "name": f"Agent {number}",
                    "session": None,
                    "device": None,
                    "extension": None,
                    "queues": _QUEUES.get(number, [{"queue": "support", "penalty": 0}]),
                    "may": "leader" if number == "1004" else "agent",
                }
                for number in (*DESKS, *MOBILES)
            ],
            "queues": [
                {
                    "queue": queue,
                    "name": queue,
                    "strategy": "linear",
                    # as long as a test takes to answer
                    "ring_s": 100,
                    "wrap_up_s": 1,
                    "service_level_s": 20,
                    "max_wait_s": 120,
                    "max_waiting": 0,
                    "music": "default",
                    "weight": 0,
                }
                for queue in queues
            ],
            "extensions": [
                {
                    "extension": extension,
                    "kind": "desk",
                    "secret": f"s-{extension}",
                    "name": extension,
                    "agent": number,
                }
                for number, extension in DESKS.items()
            ],
            "settings": {
                "country": "CN",
                "dial_prefix": "",
                "trunk": "trunk",
                "record": True,
                "record_consults": True,
                **extra,
            },
        }

    # ---- up and down

    def up(self) -> None:
        for left in (self.settings.run / "pids").glob("*"):
            Part(left.name, self.settings.run, [], stop_seconds=3).stop()
        link_module._FIRST = 0.05
        link_module.LOOK_EVERY_S = 0.05
        # whom a colleague asks rings until the test answers; a phone is given time to say that it is there
        consult_module._COLLEAGUE_MS = 120_000
        steering_module.QUALIFY_S = 10.0
        self._serving = serve(self.odoo)
        self._serving.__enter__()
        folder = self.settings.run / "bridge"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("spool*"):
            old.unlink()
        (folder / "bridge.toml").write_text(
            f'[odoo]\nurl = "{self.odoo.url}"\ndatabase = "db"\npbx = "{PBX}"\nsecret = "{SECRET}"\n'
            f'[ami]\nhost = "{HOST}"\nport = {self.settings.ports.ami}\nusername = "bridge"\n'
            f'secret = "{self.asterisk.ami_secret}"\n[spool]\npath = "{folder / "spool.sqlite"}"\n'
            f'[recordings]\nfolder = "{self.settings.recordings}"\n'
            f'[pbx]\nconfig_dir = "{self.settings.pbx_generated}"\n[log]\nlevel = "info"\n'
        )
        self.asterisk.configure()
        self._write_dialplan()
        self.asterisk.up()
        self.start_bridge()
        outside = Ear(self.settings, "outside", 18, answer="auto", port=self.settings.ports.trunk)
        outside.up()
        self.ears["outside"] = outside

    def _write_dialplan(self) -> None:
        from cc_bridge.pbx_config import generate, write

        write(self.settings.pbx_generated, generate(self.odoo.intent))

    def start_bridge(self) -> None:
        """The bridge, until it has taken up what goes on; as it left it when it was stopped."""
        started, before = threading.Event(), len(self.facts("pbx.state"))

        async def main() -> None:
            settings = bridge_config.load(self.settings.run / "bridge" / "bridge.toml")
            # a PBX that stands still for some seconds is not gone
            ami = replace(settings.ami, action_timeout=60.0, ping_timeout=60.0)
            self.bridge = Bridge(replace(settings, ami=ami))
            inner = self.bridge._event

            def tap(event: Any) -> None:
                self.stream.append(dict(event))
                inner(event)

            self.bridge._event = tap  # type: ignore[method-assign]
            started.set()
            await self.bridge.run()

        def run() -> None:
            with asyncio.Runner() as runner, contextlib.suppress(asyncio.CancelledError):
                self._loop = runner.get_loop()
                runner.run(main())

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(60)
        eventually(
            lambda: any(f["pbx_state"]["reconciled"] for f in self.facts("pbx.state")[before:])
        )

    def stop_bridge(self) -> None:
        """In the middle of whatever it does."""
        if loop := self._loop:
            # its commands too, else it would wait for them
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
            assert self._thread
            self._thread.join(60)
            assert not self._thread.is_alive(), "the bridge does not stop"
            self._loop = None

    def down(self) -> None:
        self.stop_bridge()
        for ear in self.ears.values():
            ear.stop()
        self.asterisk.stop()
        if self._serving:
            self._serving.__exit__(None, None, None)

    def configure(self, settings: dict[str, Any]) -> None:
        """Other settings; back when the PBX has them."""
        assert self._loop
        with self.odoo.lock:
            self.odoo.intent["settings"] = settings
            intent = json.loads(json.dumps(self.odoo.intent))
        asyncio.run_coroutine_threadsafe(self.bridge._intent(intent), self._loop).result(60)

    def asks_for_a_key(self) -> bool:
        """Somebody is asked for keys now: a mobile that has answered, a customer in a menu."""
        return "!Read!" in self.asterisk.cli("core show channels concise")

    def recordings_on_their_way(self) -> int:
        """How many recordings the bridge has noted and not sent."""
        return self.asked(lambda: self.bridge.spool.uploads)

    def channels(self, device: str) -> list[LiveChannel]:
        """An endpoint's channels, as the bridge knows them."""
        return self.asked(lambda: self.bridge.calls.live.of_device(device))

    def asked(self, what: Callable[[], T]) -> T:
        """What the bridge answers, in its own thread: what it has may change while it is looked through."""

        async def ask() -> T:
            return what()

        assert self._loop
        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(60)

    def settle(self) -> None:
        """Between tests: no call, everybody signed out."""
        self.asterisk.cli("channel request hangup all")
        for number in (*DESKS, *MOBILES):
            if self.state(number) not in (None, "offline"):
                self.command("sign_out", {"session": None}, number)
        eventually(lambda: not self.asked(self.bridge.calls.open_calls))
        for ear in self.ears.values():
            ear.forget()

    # ---- people

    def desk(self, number: str, *, answer: str = "manual") -> Ear:
        """An agent's desk phone, registered; they are signed in at it and ready."""
        extension = DESKS[number]
        ear = self.ears.get(extension)
        if ear is None or not ear.alive or ear.mode != answer:
            if ear is not None:
                ear.stop()
            ear = Ear(
                self.settings,
                extension,
                int(extension) - 2000,
                secret=f"s-{extension}",
                answer=answer,
            )
            ear.up()
            self.ears[extension] = ear
        self.sign_in(number, "desk", extension)
        return ear

    def without(self, extension: str) -> None:
        """Somebody else says that they are this phone: ours is put away, the next who asks gets a new one."""
        if ear := self.ears.pop(extension, None):
            ear.stop()

    def sign_in(self, number: str, device: str, extension: str) -> None:
        session = int(time.time() * 1000) % 10**9
        # the intent says it too: else the bridge would sign them out again
        for row in self.odoo.intent["agents"]:
            if row["agent"] == number:
                row.update(session=session, device=device, extension=extension)
        args = {"device": device, "extension": extension, "session": session}
        assert self.command("sign_in", args, number)["ok"]
        assert self.command("set_state", {"state": "ready", "reason": None}, number)["ok"]

    def customer(self, number: str, index: int = 10) -> Ear:
        """Somebody outside with a telephone."""
        ear = self.ears.get(number)
        if ear is None or not ear.alive:
            ear = Ear(self.settings, number, index, answer="auto")
            ear.up()
            self.ears[number] = ear
        return ear

    # ---- what is told

    def facts(self, kind: str) -> list[dict[str, Any]]:
        with self.odoo.lock:
            return [f for f in self.odoo.facts if f["kind"].startswith(kind)]

    def state(self, number: str) -> str | None:
        found = [f["agent"] for f in self.facts("agent.state") if f["agent"]["agent"] == number]
        return str(found[-1]["state"]) if found else None

    def calls(self, since: int = 0) -> list[Call]:
        """The newest word on every call that began since, oldest first."""
        found: dict[str, Call] = {}
        for fact in self.facts("call."):
            if (fact["call"]["started_t"] or 0) >= since:
                found[fact["call"]["call_uid"]] = fact["call"]
        return list(found.values())

    def send(
        self, kind: str, args: dict[str, Any], agent: str, call_uid: str | None = None
    ) -> dict[str, Any]:
        """What Odoo would send."""
        one = order(kind, args, agent=agent, call_uid=call_uid, ttl_s=60)
        with self.odoo.lock:
            self.odoo.commands.append(one)
        return one

    def command(
        self, kind: str, args: dict[str, Any], agent: str, call_uid: str | None = None
    ) -> dict[str, Any]:
        """The same, and the result."""
        one = self.send(kind, args, agent, call_uid)

        def result() -> dict[str, Any] | None:
            for fact in self.facts("command.result"):
                if fact["command"]["id"] == one["id"]:
                    body: dict[str, Any] = fact["command"]
                    return body
            return None

        found: dict[str, Any] = eventually(result, 70, 0.02)
        with self.odoo.lock:
            self.odoo.commands.remove(one)
        return found
