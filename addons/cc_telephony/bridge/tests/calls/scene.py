# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A hand-made stream: what the PBX sends, in the order and words of the recordings."""

from typing import Any

from cc_bridge.calls import CallModel
from cc_bridge.facts import CallFact

from . import streams

START = 1_795_000_000
STATES = {"Down": "0", "Ring": "4", "Ringing": "5", "Up": "6"}


class Scene:
    """A PBX on paper; every call of a method is one event, fed at once."""

    def __init__(self, **model: Any) -> None:
        self.model = CallModel(mint=streams.minter(), **model)
        self.now = float(START)
        self.facts: list[CallFact] = []
        self.known: dict[str, dict[str, str]] = {}
        self.count = 0

    def send(self, name: str, **headers: str) -> list[CallFact]:
        """One event."""
        event = {"Event": name, "Timestamp": f"{self.now:.6f}", **headers}
        facts = self.model.feed(event)
        self.facts += facts
        return facts

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds

    def of(self, name: str, prefix: str = "") -> dict[str, str]:
        """The headers that an event carries about a channel."""
        return {f"{prefix}{k}": v for k, v in self.known[name].items()}

    def new(
        self, name: str, number: str = "", exten: str = "s", state: str = "Down", uid: str = ""
    ) -> str:
        """A channel is made."""
        self.count += 1
        self.known[name] = {
            "Channel": name,
            "Uniqueid": uid or f"pbx-{START}.{self.count}",
            "CallerIDNum": number or "<unknown>",
            "CallerIDName": "<unknown>",
            "Exten": exten,
            "Context": "x",
            "ChannelState": STATES[state],
            "ChannelStateDesc": state,
        }
        self.send("Newchannel", **self.of(name))
        return name

    def state(self, name: str, state: str) -> None:
        """A channel rings or is up."""
        self.known[name].update(ChannelState=STATES[state], ChannelStateDesc=state)
        self.send("Newstate", **self.of(name))

    def local(self, exten: str, context: str, serial: str = "00000001") -> tuple[str, str]:
        """A pair of Local halves."""
        one, two = (f"Local/{exten}@{context}-{serial};{half}" for half in "12")
        self.new(one, exten=exten)
        self.new(two, exten=exten, state="Ring")
        return one, two

    def dial(self, src: str | None, dst: str, string: str, **more: str) -> None:
        """``src`` dials ``dst``."""
        head = self.of(src) if src else {}
        self.send("DialBegin", **{**head, **self.of(dst, "Dest"), "DialString": string, **more})

    def dialled(self, src: str | None, dst: str, status: str) -> None:
        """How it ended."""
        if status == "ANSWER":
            self.known[dst].update(ChannelState="6", ChannelStateDesc="Up")
        head = self.of(src) if src else {}
        self.send("DialEnd", **{**head, **self.of(dst, "Dest"), "DialStatus": status})

    def bridge(self, bridge: str, *names: str, **more: str) -> None:
        """Channels come together."""
        for name in names:
            self.send("BridgeEnter", **self.of(name), BridgeUniqueid=bridge, **more)

    def queue(self, name: str, kind: str, queue: str, dst: str = "", **more: str) -> None:
        """A queue's event about a caller, and a member."""
        dest = self.of(dst, "Dest") if dst else {}
        self.send(kind, **{**self.of(name), **dest, "Queue": queue, **more})

    def asks(self, name: str) -> None:
        """The far end hangs up."""
        self.send("HangupRequest", **self.of(name))

    def gone(self, *names: str, cause: int = 16) -> None:
        """Channels are no more."""
        for name in names:
            self.send("Hangup", **self.of(name), Cause=str(cause))

    def customer(self, exten: str = "100", number: str = "13800000001") -> str:
        """A call comes in by the trunk."""
        return self.new("PJSIP/trunk-00000001", number, exten, "Ring")

    def calls(self) -> list[dict[str, Any]]:
        """The newest state of every call; all facts checked on the way."""
        streams.check(self.facts)
        return streams.last(self.facts)

    def only(self) -> dict[str, Any]:
        """The one call."""
        (call,) = self.calls()
        return call

    def kinds(self) -> list[str]:
        """The moments so far."""
        return streams.kinds(self.facts)
