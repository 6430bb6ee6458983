# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge's one table of channels: what a name says, which are alive, who sits at them.

It goes by phones, which keep their record where the PBX's ids change hands. What the PBX has under its own ids
is a view on it (``live.py``).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..events import Event, born
from .lines import Lines

H = TypeVar("H")

# Made by Asterisk for itself: announcers, recorders, snoops. They are nobody.
_NOBODY = frozenset(
    [
        "cbann",
        "cbrec",
        "bann",
        "confbridgerec",
        "announcer",
        "recorder",
        "message",
        "surrogate",
        "asyncgoto",
        "bridge",
        "snoop",
        "null",
        "multicastrtp",
        "unicastrtp",
        "audiosocket",
        "parked",
        "mock",
    ]
)
_NAME = re.compile(r"^([A-Za-z0-9_]+)/(.+?)(?:-([0-9a-fA-F]{4,})(?:[;,]([12]))?)?$", re.ASCII)
# a port of a card, and which of its calls: DAHDI/7-1
_PORT = re.compile(r"^(?:DAHDI|Zap)/\d+-\d$", re.I | re.ASCII)
_LOCAL = re.compile(r"^(?:Local/)?([^@/;,]+)@", re.I)


# A uniqueid tells the second in which its channel was made; a pair may be made on the edge of one.
_AT_ONCE_US = 1_000_000

# Events after a hang-up in which something about the same channel may still come, out of order.
_LATE = 25

# Events that say how their own channel is.
_TELLING = frozenset({"Newchannel", "Newstate", "ConfbridgeJoin", "ConfbridgeLeave"})


@dataclass(slots=True)
class Channel:
    """One live channel.

    ``half``: 1 or 2 of a Local pair (0: real), ``pair``: the pair's common name. ``incoming``:
    it called us; else we (or an Originate) called it. ``asked``: its own far end hung up.
    ``rang_first``: of an originated Local, the phone that it rang first. ``consult``: a phone's second
    channel, on which it asks somebody about the call that it is in. ``picks_up``: it came to take a call.
    """

    uid: str
    name: str
    tech: str = ""
    endpoint: str = ""
    half: int = 0
    pair: str = ""
    # the PBX's word: Ring, Ringing, Up …
    state: str = ""
    # the conference that it is in
    joined: str | None = None
    nobody: bool = False
    incoming: bool = False
    in_progress: bool = False
    number: str | None = None
    caller_name: str | None = None
    exten: str | None = None
    # what it dialled, whatever the dialplan makes of it later
    wanted: str | None = None
    context: str | None = None
    # the PBX's own grouping: a hint for those whose beginning we missed, never a key
    linked: str | None = None
    t: int | None = None
    up: bool = False
    up_t: int | None = None
    rang: bool = False
    originated: bool = False
    dialled: str | None = None
    dialled_t: int | None = None
    rung_by: str | None = None
    bridge: str | None = None
    # the one that it was in before
    was_in: str | None = None
    # that is a conference: its music is for who waits there, no phone's hold
    conference: bool = False
    # has been in one since it heard music last
    mixed: bool = False
    call: str | None = None
    attempt: int | None = None
    agent: str | None = None
    agent_hint: str | None = None
    room: str | None = None
    line: str | None = None
    spy: str | None = None
    asked: bool = False
    asked_t: int | None = None
    # its dialplan has come to ``h``: there is nobody on it any more
    hung_up: bool = False
    rang_first: str | None = None
    outside: bool = False
    consult: bool = False
    # whom it dials must press a key before they count
    confirm: bool = False
    picks_up: bool = False

    @property
    def local(self) -> bool:
        """A Local half: a way, not a party."""
        return self.half != 0


def make(uid: str, name: str) -> Channel:
    """A channel from its name; ``PJSIP/trunk-0000002a``, ``Local/1004@ctx-0000000a;2``, …"""
    ch = Channel(uid=uid, name=name)
    found = _NAME.match(name)
    if not found:
        # An odd name, maybe cut: the part before the last dash is the best guess.
        tech, _, rest = name.partition("/")
        ch.tech, ch.endpoint = tech, rest.rpartition("-")[0] or rest
    elif _PORT.match(name):
        ch.tech, ch.endpoint = name.partition("/")[0], name.partition("/")[2].partition("-")[0]
    else:
        ch.tech, ch.endpoint = found[1], found[2]
    kind = ch.tech.lower()
    ch.nobody = kind in _NOBODY
    if kind == "local":
        base, _, half = name.replace(",", ";").partition(";")
        ch.pair, ch.half = base, 1 if half.startswith("1") else 2
    # SIP/trunk/number-… of old dial strings: the endpoint is the first part
    ch.endpoint = ch.endpoint.split("/")[0] if kind != "local" else ch.endpoint
    return ch


def same_pair(uid: str, half: H, halves: Mapping[H, str]) -> bool:
    """Whether a new Local half belongs to these that have its name: both halves are made at once.

    :param halves: half to uniqueid
    """
    if halves.get(half, uid) != uid:
        return False
    mine = born(uid)
    times = [t for one in halves.values() if (t := born(one)) is not None]
    return mine is None or all(abs(mine - t) <= _AT_ONCE_US for t in times)


def local_exten(interface: str) -> str | None:
    """``1004`` of ``Local/1004@qagent/n`` or of a Local channel's name."""
    found = _LOCAL.match(interface)
    return found[1] if found else None


class Registry(Lines):
    """Live channels by uniqueid and by name, their bridges, the pairs of Local halves."""

    def __init__(
        self,
        trunks: Iterable[str] = (),
        agent_endpoints: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__(trunks, agent_endpoints)
        self.live: dict[str, Channel] = {}
        self.names: dict[str, str] = {}
        self.pairs: dict[str, dict[int, str]] = {}
        # after a masquerade: the PBX's uniqueid -> the phone that has it now
        self.swapped: dict[str, str] = {}
        self.bridges: dict[str, set[str]] = {}
        # the channels of one device
        self.by_endpoint: dict[tuple[str, str], set[str]] = {}
        # whether this PBX tells who asked to hang up; else the order of leaving has to
        self.asks = False
        # whether it tells of its queues: then they say when a member and a caller are together
        self.queues = False
        # the PBX has listed what it has: whom we do not know then is no more, only their end is still told
        self.resynced = False
        # Hung up lately: an event that comes late must not bring them back.
        self.gone: OrderedDict[str, int] = OrderedDict()
        self.fed = 0

    # -- finding -----------------------------------------------------------------------

    def get(self, uid: str | None) -> Channel | None:
        """A live channel by the uniqueid that we know it by."""
        return self.live.get(uid) if uid else None

    def by_id(self, uid: str | None) -> Channel | None:
        """A live channel by the uniqueid that the PBX says: another one than ours after a masquerade."""
        return self.live.get(self.swapped.get(uid, uid)) if uid else None

    def pbx_uid(self, ch: Channel) -> str:
        """The uniqueid that the PBX has for this phone's channel now."""
        return next((pbx for pbx, phone in self.swapped.items() if phone == ch.uid), ch.uid)

    def by_name(self, name: str | None) -> Channel | None:
        """A live channel by name."""
        return self.live.get(self.names.get(name or "", ""))

    def find(self, e: Event, prefix: str = "", *, create: bool = True) -> Channel | None:
        """The channel that headers ``<prefix>Channel`` and ``<prefix>Uniqueid`` name.

        One we have not seen is made (we joined in mid-stream), one that has hung up is not.
        """
        uid, name = e.value(f"{prefix}Uniqueid"), e.value(f"{prefix}Channel")
        ch = self.by_id(uid) or self.by_name(name)
        if ch is not None:
            if uid and self.swapped.get(uid, uid) != ch.uid and uid not in self.gone:
                # the name was taken over by another channel (masquerade): by name is stale
                ch = None
            else:
                if name and name != ch.name and "<" not in name:
                    self.rename(ch, name)
                return ch
        if not create or name is None or "/" not in name:
            return None
        key = uid or name
        if key in self.gone or (uid is None and name in self.gone):
            return None
        ch = self.add(key, name)
        ch.in_progress = True
        # a recording without times has none, also where a uniqueid would tell the second
        ch.t = e.t if e.t is None else born(key) or e.t
        self.describe(ch, e, prefix)
        if prefix == "" and not ch.local and ch.up and not e.blank("Exten"):
            # in mid-call little tells who called whom: what was dialled has no extension of its own
            ch.incoming = True
        return ch

    def describe(self, ch: Channel, e: Event, prefix: str = "") -> None:
        """Take over who and where from an event about this channel."""
        if not ch.number and (number := e.value(f"{prefix}CallerIDNum")):
            ch.number = number
            if not ch.local and not ch.nobody:
                self.claim(ch)
        ch.context = ch.context or e.value(f"{prefix}Context")
        ch.linked = e.value(f"{prefix}Linkedid") or ch.linked
        ch.caller_name = ch.caller_name or e.value(f"{prefix}CallerIDName")
        exten = e.value(f"{prefix}Exten", f"{prefix}Extension")
        if exten not in (None, "s", "h") or not ch.exten:
            ch.exten = exten or ch.exten
        state = e.value(f"{prefix}ChannelState")
        desc = (e.value(f"{prefix}ChannelStateDesc", f"{prefix}State") or "").lower()
        if state == "4" or desc == "ring":
            ch.incoming = True
        if state == "5" or desc == "ringing":
            ch.rang = True
        if (state == "6" or desc == "up") and not ch.up:
            ch.up, ch.up_t = True, e.t

    def note(self, e: Event) -> None:
        """Takes over how the PBX says that its channel is now, once all else of the event is done."""
        if e.name not in _TELLING or (ch := self.by_id(e.value("Uniqueid"))) is None:
            return
        if e.name == "ConfbridgeJoin":
            ch.joined = e.value("Conference")
        elif e.name == "ConfbridgeLeave":
            ch.joined = None
        else:
            ch.state = e.value("ChannelStateDesc") or ""

    # -- coming and going --------------------------------------------------------------

    def add(self, uid: str, name: str, *, new: bool = False) -> Channel:
        """A live channel that was not known; ``new``: it was made just now."""
        ch = make(uid, name)
        if new and ch.local:
            self._set_aside(ch)
        self.hold(ch)
        return ch

    def _set_aside(self, ch: Channel) -> None:
        """A PBX that was started again counts its pairs from the beginning: an old pair of this name is another one."""
        halves = self.pairs.get(ch.pair)
        if not halves or same_pair(ch.uid, ch.half, halves):
            return
        aside = f"{ch.pair} {min(halves.values())}"
        self.pairs[aside] = self.pairs.pop(ch.pair)
        for uid in halves.values():
            if (old := self.live.get(uid)) is not None:
                old.pair = aside

    def hold(self, ch: Channel) -> None:
        """Know this channel from now on."""
        self.live[ch.uid] = ch
        self.names[ch.name] = ch.uid
        if ch.local:
            self.pairs.setdefault(ch.pair, {})[ch.half] = ch.uid
        else:
            self.by_endpoint.setdefault((ch.tech, ch.endpoint), set()).add(ch.uid)
        if ch.bridge:
            self.bridges.setdefault(ch.bridge, set()).add(ch.uid)

    def rename(self, ch: Channel, name: str) -> None:
        """The channel's name changed (masquerade, transfer)."""
        if self.names.get(ch.name) == ch.uid:
            del self.names[ch.name]
        ch.name = name
        self.names[name] = ch.uid

    def swap(self, original: Channel, clone: Channel) -> None:
        """A masquerade: the clone's phone takes the original's place and uniqueid, and so reversed.

        We go by phones: whoever speaks on one keeps their leg, whatever the PBX calls its channel.
        """
        first, second = self.pbx_uid(original), self.pbx_uid(clone)
        self.swapped[first], self.swapped[second] = clone.uid, original.uid
        original.state, clone.state = clone.state, original.state
        original.joined, clone.joined = clone.joined, original.joined
        bridge = original.bridge
        self.leave(original)
        self.leave(clone)
        if bridge is not None:
            self.enter(clone, bridge)

    def drop(self, ch: Channel) -> None:
        """The channel is no more."""
        self.leave(ch)
        self.live.pop(ch.uid, None)
        if self.swapped:
            for uid in [k for k, v in self.swapped.items() if v == ch.uid]:
                del self.swapped[uid]
                self.gone[uid] = self.fed
        if self.names.get(ch.name) == ch.uid:
            del self.names[ch.name]
        if (pair := self.pairs.get(ch.pair)) and pair.get(ch.half) == ch.uid:
            del pair[ch.half]
            if not pair:
                del self.pairs[ch.pair]
        if there := self.by_endpoint.get((ch.tech, ch.endpoint)):
            there.discard(ch.uid)
            if not there:
                del self.by_endpoint[ch.tech, ch.endpoint]
        for key in (ch.uid, ch.name):
            self.gone[key] = self.fed
            self.gone.move_to_end(key)
        while len(self.gone) > 4000:
            self.gone.popitem(last=False)

    def other(self, ch: Channel) -> Channel | None:
        """The other half of a Local pair."""
        return self.by_id(self.pairs.get(ch.pair, {}).get(3 - ch.half)) if ch.local else None

    def reborn(self, uid: str) -> bool:
        """Whether a hung-up uniqueid may live again: nothing comes so late, the PBX began anew."""
        if uid in self.gone and self.fed - self.gone[uid] < _LATE:
            return False
        self.gone.pop(uid, None)
        return True

    # -- bridges -----------------------------------------------------------------------

    def enter(self, ch: Channel, bridge: str) -> None:
        """The channel is in this bridge now."""
        if ch.bridge != bridge:
            self.leave(ch)
            ch.bridge = bridge
            ch.mixed, ch.conference = True, False
        self.bridges.setdefault(bridge, set()).add(ch.uid)

    def leave(self, ch: Channel) -> None:
        """The channel is in no bridge now."""
        if ch.bridge and (members := self.bridges.get(ch.bridge)) is not None:
            members.discard(ch.uid)
            if not members:
                del self.bridges[ch.bridge]
        ch.bridge, ch.was_in = None, ch.bridge or ch.was_in

    def beside(self, ch: Channel) -> list[Channel]:
        """The other channels in the same bridge, the oldest first."""
        found = [self.live[u] for u in self.bridges.get(ch.bridge or "", ()) if u != ch.uid]
        return sorted((x for x in found if not x.nobody), key=lambda x: (x.t or 0, x.uid))

    def reach(self, ch: Channel) -> list[Channel]:
        """The real channels that hear this one: by bridges, and through Local pairs."""
        seen, todo = {ch.uid}, [ch]
        while todo:
            one = todo.pop()
            near = [self.live[u] for u in self.bridges.get(one.bridge or "", ()) if u in self.live]
            if (other := self.other(one)) is not None:
                near.append(other)
            for x in near:
                if x.uid not in seen and not x.nobody:
                    seen.add(x.uid)
                    todo.append(x)
        seen.discard(ch.uid)
        found = [self.live[u] for u in seen if not self.live[u].local]
        return sorted(found, key=lambda x: (x.t or 0, x.uid))
