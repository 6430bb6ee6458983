# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The outside world: simulated customers who call, and the one who answers outbound calls. SIPp with sound."""

from __future__ import annotations

import re
import socket
import threading
import time
import uuid
from pathlib import Path

from cc_stack.asterisk import Asterisk, Event
from cc_stack.process import HOST, PATIENCE_S, Part, free_port, reap, run
from cc_stack.settings import Settings, StackError
from cc_stack.sound import speech

SCENARIOS = Path(__file__).parent / "sipp"
_ports_in_use = threading.Lock()


def _fill(settings: Settings, scenario: str, target: Path, values: dict[str, str]) -> Path:
    text = (SCENARIOS / scenario).read_text()
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return target


class Customer(Part):
    """One call from the simulated public network to the PBX.

    :param number: who calls, in any form that can stand in a SIP address; "" withholds it
    :param to: the number dialled
    :param patience: seconds after which they hang up whatever happens
    :param sound: a bare µ-law file; speech without it
    """

    def __init__(
        self,
        settings: Settings,
        number: str,
        to: str = "100",
        *,
        name: str = "",
        patience: float = 180,
        sound: Path | None = None,
    ) -> None:
        if not re.fullmatch(r"[+0-9A-Za-z*#.()-]*", number):
            raise StackError(f"a caller's number can't look like this: {number!r}")
        self.settings = settings
        self.number = number or "anonymous"
        self.to = to
        self.display = re.sub(r'["\\\r\n<>&]', "", name) or self.number
        self.patience = patience
        self.sound = sound or speech(settings, "customer")
        self.call_id = f"cc-{uuid.uuid4()}"
        self.answered: Event | None = None
        self._sip_port = 0
        self.media_port = 0
        # the screens that SIPp paints are of no use; its errors go to a file of its own
        super().__init__(
            f"customer-{self.call_id[3:11]}", settings.run, [], stop_seconds=5, keep_output=False
        )

    def call(self) -> Customer:
        """Dials; returns at once."""
        ports = self.settings.ports
        home = self.settings.run / "customers"
        scenario = _fill(
            self.settings,
            "caller.xml",
            home / f"{self.name}.xml",
            {
                "FROM": self.number,
                "DISPLAY": self.display,
                "SOUND": str(self.sound),
                "PATIENCE_MS": str(int(self.patience * 1000)),
            },
        )
        with _ports_in_use:
            self._sip_port = free_port(ports.callers, 20)
            self.media_port = ports.caller_rtp + 6 * (self._sip_port - ports.callers)
            self.argv = [
                *("sipp", f"{HOST}:{ports.sip}", "-sf", str(scenario), "-s", self.to, "-i", HOST),
                *("-p", str(self._sip_port), "-mi", HOST, "-mp", str(self.media_port)),
                *(
                    "-m",
                    "1",
                    "-cid_str",
                    self.call_id,
                    "-nostdin",
                    "-watchdog_interval",
                    "0",
                    "-trace_err",
                ),
                *("-error_file", str(self.log.with_suffix(".err"))),
            ]
            self.cwd = home
            self.start()
            self._wait_bound()
        return self

    def _wait_bound(self) -> None:
        """Until SIPp holds its port, so that the next customer takes another."""
        end = time.monotonic() + PATIENCE_S
        while self.alive and time.monotonic() < end:
            with socket.socket(type=socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind((HOST, self._sip_port))
                except OSError:
                    return
            time.sleep(0.02)

    def hang_up(self) -> None:
        """The customer puts the receiver down (a CANCEL when nobody has answered yet)."""
        message = "\r\n".join(
            (
                f"INFO sip:customer@{HOST}:{self._sip_port} SIP/2.0",
                f"Via: SIP/2.0/UDP {HOST}:{self.settings.ports.callers + 19};branch=z9hG4bK{uuid.uuid4().hex}",
                f"From: <sip:runner@{HOST}>;tag=runner",
                f"To: <sip:customer@{HOST}>",
                f"Call-ID: {self.call_id}",
                "CSeq: 99 INFO",
                "Content-Length: 0",
                "",
                "",
            )
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(message.encode(), (HOST, self._sip_port))

    def wait_end(self, seconds: float = PATIENCE_S) -> None:
        """Until the call is over; StackError when it is not."""
        end = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > end:
                raise StackError(
                    f"the customer {self.number} is still on the line after {seconds:.0f} s"
                )
            time.sleep(0.05)
            reap()

    def talk(self, asterisk: Asterisk, seconds: float) -> bool:
        """Waits to be served, talks so long, hangs up. False when the call ended before anybody answered."""
        with asterisk.ami() as ami:
            uniqueid = None
            for channel in ami.list("CoreShowChannels", "CoreShowChannelsComplete"):
                if self._mine(channel):
                    uniqueid = channel["Uniqueid"]
                    # in a bridge already: somebody was quicker than we
                    self.answered = channel if channel.get("BridgeId") else None
            while self.alive and not self.answered:
                for event in ami.stream(1):
                    if (
                        uniqueid is None
                        and event.get("Event") == "Newchannel"
                        and self._mine(event)
                    ):
                        uniqueid = event["Uniqueid"]
                    elif uniqueid and self._serves(event, uniqueid):
                        self.answered = event
                        break
        if not self.answered:
            self.stop()
            return False
        end = time.monotonic() + seconds
        while self.alive and time.monotonic() < end:
            time.sleep(0.1)
        if self.alive:
            self.hang_up()
            self.wait_end()
        self.stop()
        return True

    def _mine(self, event: Event) -> bool:
        return (
            event.get("Channel", "").startswith("PJSIP/trunk-")
            and event.get("CallerIDNum") == self.number
        )

    @staticmethod
    def _serves(event: Event, uniqueid: str) -> bool:
        """A person has answered this customer."""
        if event.get("Event") == "AgentConnect":
            return event.get("Uniqueid") == uniqueid
        return (
            event.get("Event") == "DialEnd"
            and event.get("DialStatus") == "ANSWER"
            and event.get("DestChannel", "").startswith("PJSIP/")
            and uniqueid in (event.get("Linkedid"), event.get("DestLinkedid"))
        )


class Outside(Part):
    """Answers what the PBX sends to its trunk: the people that agents call."""

    def __init__(self, settings: Settings, *, ring_seconds: float = 2) -> None:
        self.settings = settings
        self.ring_seconds = ring_seconds
        super().__init__("outside", settings.run, [], stop_seconds=5, keep_output=False)

    def up(self) -> None:
        """Starts listening on the trunk's contact port."""
        home = self.settings.run / "customers"
        scenario = _fill(
            self.settings,
            "answerer.xml",
            home / "answerer.xml",
            {
                "SOUND": str(speech(self.settings, "outside")),
                "RING_MS": str(int(self.ring_seconds * 1000)),
            },
        )
        self._listen(scenario)

    def _listen(self, scenario: Path) -> None:
        ports = self.settings.ports
        self.argv = [
            *("sipp", f"{HOST}:{ports.sip}", "-sf", str(scenario)),
            *("-i", HOST, "-p", str(ports.trunk)),
            *("-mi", HOST, "-mp", str(ports.caller_rtp + 140)),
            *("-nostdin", "-watchdog_interval", "0"),
            *("-trace_err", "-error_file", str(self.log.with_suffix(".err"))),
            *("-trace_logs", "-log_file", str(self.log.with_suffix(".invites"))),
        ]
        self.cwd = self.settings.run / "customers"
        self.start()
        time.sleep(0.3)
        self.require_alive()


def _bare(target: Path, *source: str | Path, effects: tuple[str, ...] = ()) -> None:
    """Sound as it goes over the line: µ-law without a head."""
    run(["sox", *source, "-r", "8000", "-c", "1", "-t", "ul", target, *effects])


RING_TONE_HZ, VOICE_HZ = 450, 1250
#: How a number of the crowd ends, and what comes of it (crowd.xml).
ENDS = {
    "0486": "busy",
    "0480": "off",
    "0404": "empty",
    "0408": "no_answer",
    "0101": "hung_up",
    "0600": "machine",
    "0200": "person",
}
#: Others who say something else than a short hello, in two words and in other languages: persons all the same.
GREETINGS = {
    "0201": ("cmn", "喂，你好"),
    "0202": ("en", "Hello?... Hello?"),
    "0203": ("de", "Guten Tag, Müller"),
}


class Crowd(Outside):
    """The people whom a campaign calls, in place of :class:`Outside`; who does what stands in crowd.xml."""

    def up(self) -> None:
        """Starts listening on the trunk's contact port."""
        home = self.settings.run / "customers"
        spoken = speech(self.settings, "outside").read_bytes()
        quiet = b"\xff" * 8000 * 120
        home.mkdir(parents=True, exist_ok=True)
        # 0.7 s of a voice, as long as a hello; 6 s of it, as long as a greeting
        (home / "hello.ul").write_bytes(quiet[:1600] + spoken[2400:8000] + quiet)
        (home / "machine.ul").write_bytes(spoken[2400:50_400] + quiet)
        said = self._announcement(home)
        greetings = {f"SAYS_{end}": str(self._greeting(home, end)) for end in GREETINGS}
        # what a network lets hear while it rings, and then the one who answers
        for name, hertz in (("tone", RING_TONE_HZ), ("voice", VOICE_HZ)):
            _bare(
                home / f"{name}.ul", "-n", effects=("synth", "20", "sine", str(hertz), "vol", "0.3")
            )
        scenario = _fill(
            self.settings,
            "crowd.xml",
            home / "crowd.xml",
            {
                "HELLO": str(home / "hello.ul"),
                "MACHINE": str(home / "machine.ul"),
                "SAYS": str(said),
                **greetings,
                "TONE": str(home / "tone.ul"),
                "VOICE": str(home / "voice.ul"),
                "RING_MS": str(int(self.ring_seconds * 1000)),
            },
        )
        self.invitations.unlink(missing_ok=True)
        self._listen(scenario)

    @property
    def invitations(self) -> Path:
        """Who was called, and as whom: To and From of each INVITE, a line each."""
        return self.log.with_suffix(".invites")

    @property
    def announcement(self) -> Path:
        """What the network says of numbers that end in 0183, as an administrator would have recorded it."""
        return self.settings.run / "customers" / "announcement.wav"

    def _greeting(self, home: Path, end: str) -> Path:
        voice, text = GREETINGS[end]
        spoken, bare = home / f"greeting-{end}.wav", home / f"greeting-{end}.ul"
        run(["espeak-ng", "-v", voice, "-s", "150", "-w", spoken, text])
        _bare(bare, "-v", "0.4", spoken, effects=("pad", "0.2", "120"))
        return bare

    def _announcement(self, home: Path) -> Path:
        text = "您好，您拨打的号码已停机，请核对后再拨。"
        spoken = home / "announcement-16.wav"
        run(["espeak-ng", "-v", "cmn", "-s", "150", "-w", spoken, text])
        run(["sox", spoken, "-r", "8000", "-c", "1", self.announcement])
        bare = home / "announcement.ul"
        run(["sox", "-v", "0.4", self.announcement, "-t", "ul", bare, "pad", "1.5", "2"])
        return bare
