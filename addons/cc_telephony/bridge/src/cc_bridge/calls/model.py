# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The call model: AMI events in, facts about calls out. No I/O and no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..events import Event
from ..facts import CallFact, uuid7
from . import snapshot
from .channels import Registry
from .events import HANDLERS
from .events.channel import PATIENCE
from .live import LiveChannel, LiveChannels
from .records import Call
from .resync import bury, resync
from .world import Expected, World


class CallModel:
    """Feed it every AMI event in order; it tells what happened to which call.

    ``mint`` makes call ids (UUID text). ``trunks``: names of the endpoints that lead outside,
    if they are known (else they are guessed). ``agent_endpoints``: endpoint name to agent
    number (``w1001`` to ``1001``), None for an endpoint that is nobody's.
    """

    def __init__(
        self,
        *,
        mint: Callable[[], str] = uuid7,
        trunks: Iterable[str] = frozenset(),
        agent_endpoints: Callable[[str], str | None] | None = None,
        dialled: Callable[[str], str] | None = None,
    ) -> None:
        self._world = World(mint=mint, reg=Registry(trunks, agent_endpoints))
        # PBX time and the recorder's seconds of the last event that had both
        self._clock: tuple[int, float] | None = None
        if dialled is not None:
            self._world.reg.plain = dialled
        #: The channels as the PBX has them now.
        self.live = LiveChannels(self._world.reg)

    def lines(self, trunks: Iterable[str]) -> None:
        """The names of the endpoints that lead outside, when they have changed."""
        self._world.reg.told = frozenset(trunks)
        self._world.reg.trunks |= self._world.reg.told

    def feed(self, event: Mapping[str, Any]) -> list[CallFact]:
        """One AMI event, header names as sent (a repeated header as a list). Never raises."""
        name = event.get("Event")
        handler = HANDLERS.get(name) if isinstance(name, str) else None
        if handler is None:
            return []
        w = self._world
        e = Event.of(event)
        w.now = self._time(e)
        w.reg.fed += 1
        handler(w, e)
        w.reg.note(e)
        if w.waiting:
            self._patience(e)
        w.sweep()
        return w.settle()

    def _time(self, e: Event) -> int | None:
        """PBX time; of an event that carries none (*FullyBooted*), by the recorder's own clock."""
        at = e.value("_t")
        try:
            tick = float(at) if at is not None else None
        except ValueError:
            tick = None
        if tick is None or not 0 <= tick < 1e9:
            return e.t
        if e.t is not None:
            self._clock = (e.t, tick)
            return e.t
        if self._clock is not None and tick >= self._clock[1]:
            return self._clock[0] + int((tick - self._clock[1]) * 1_000_000)
        return None

    def _patience(self, e: Event) -> None:
        """A phone that is still alone after a while is a call too (echo, voicemail, a menu).

        Its own events measure the while, not those of others.
        """
        w = self._world
        uid = e.value("Uniqueid")
        if uid is None or uid not in w.waiting:
            return
        ch = w.reg.by_id(uid)
        if ch is None or w.call(ch) is not None or w.over(ch):
            w.waiting.pop(uid, None)
            return
        since = ch.up_t if ch.originated else ch.t
        if ch.originated and (ch.bridge or uid in w.early):
            return  # connected beforehand: whoever comes begins the call
        if ch.spy or ch.room or not (ch.incoming or (ch.originated and ch.up)):
            return
        if since is not None and e.t is not None and e.t - since > PATIENCE:
            w.begin_from(ch)

    def adopt(self, call_uid: str, channel_id: str, **known: Any) -> None:
        """An Originate of ours with this ChannelId belongs to this call; say it before sending.

        ``known``: ``agent`` (agent number on that channel), ``number`` (of the customer, to be
        dialled), ``name`` (agent's), ``direction`` (default outbound), ``line``, ``action_id``
        of the Originate, ``role="supervisor"`` for one who only listens, ``role="nobody"`` for a
        channel that is no call at all, ``first`` (customer-first: the agent whose phone is rung
        after the customer's). A call that does not exist yet begins with the channel.
        """
        fields = {k: v for k, v in known.items() if k in Expected.__slots__ and v is not None}
        expected = Expected(call_uid=call_uid, **fields)
        ch = self._world.reg.by_id(channel_id)
        if ch is None:
            self._world.expected[channel_id] = expected
            while len(self._world.expected) > 1000:
                self._world.expected.pop(next(iter(self._world.expected)))

    def break_off(self, channel_id: str) -> None:
        """A ring is about to be ended by our own command: it is cancelled, not unanswered."""
        w = self._world
        ch = w.reg.by_id(channel_id)
        call = w.call(ch)
        made = call.attempt_of(ch.attempt) if call is not None and ch is not None else None
        if made is not None and made.outcome is None:
            made.broken = True

    def leaves(self, call_uid: str, number: str | None) -> None:
        """A caller is about to bring the others together and to go: that hands over, it makes no conference.

        ``number``: of the agent; None: nobody is.
        """
        if (call := self._world.calls.get(call_uid)) is not None:
            call.leaves = number

    def forget(self, channel_id: str) -> None:
        """An adopted Originate failed before it had a channel."""
        self._world.expected.pop(channel_id, None)

    def resync(
        self,
        channels: Sequence[Mapping[str, Any]],
        *,
        queue_entries: Sequence[Mapping[str, Any]] = (),
        rooms: Mapping[str, str] = MappingProxyType({}),
        t: int | None,
    ) -> list[CallFact]:
        """What the PBX has now, after a (re)connect: rows of CoreShowChannels and QueueEntry.

        Calls whose customer the PBX no longer has end (``estimated``, at the last evidence);
        channels that we do not know begin calls in their middle. ``rooms``: unique id to the conference
        that it is in. ``t``: PBX time now (µs).
        """
        w = self._world
        w.now = t
        rows = [Event.of(row) for row in channels]
        resync(w, rows, [Event.of(row) for row in queue_entries], rooms)
        return w.settle()

    def in_doubt(self, since: int) -> dict[str, LiveChannel]:
        """The channels, by our unique ids, of open calls in which nobody is with anybody, and that have told
        nothing since then: the end of one may not have reached us.
        """
        w = self._world
        found: dict[str, LiveChannel] = {}
        for call in self.open_calls():
            parties = w.parties(call)
            if (
                call.last_t is not None
                and call.last_t < since
                and not any(x.bridge for x in parties)
            ):
                found |= {x.uid: self.live.of(x) for x in parties}
        return found

    def gone(self, channels: Iterable[str]) -> list[CallFact]:
        """The PBX has these no more, and we were not told."""
        bury(self._world, [x for x in map(self._world.reg.get, channels) if x is not None])
        return self._world.settle()

    def open_calls(self) -> list[Call]:
        """The calls that go on, oldest first."""
        return [c for c in self._world.calls.values() if not c.ended]

    def open(self, call_uid: str | None) -> Call | None:
        """An open call by its id."""
        call = self._world.calls.get(call_uid or "")
        return None if call is None or call.ended else call

    def channels_of(self, call_uid: str) -> set[str]:
        """Unique ids of the channels that a call has now, Local halves too."""
        call = self._world.calls.get(call_uid)
        return set(call.channels) if call is not None else set()

    def extend(self, t: int) -> None:
        """The PBX was heard until ``t`` (µs), and had not said of any open call that it is over."""
        for call in self.open_calls():
            call.last_t = max(call.last_t or 0, t)

    def drop(self, call_uid: str) -> bool:
        """Completeness has ended this call: no more is told of it. Whether it was open here."""
        call = self._world.calls.get(call_uid)
        if call is None or call.ended:
            return False
        call.state = "ended"
        return True

    def call_of(self, channel: str) -> str | None:
        """The call_uid of a live channel, by uniqueid or name."""
        reg = self._world.reg
        call = self._world.call(reg.by_id(channel) or reg.by_name(channel))
        return call.call_uid if call is not None else None

    def snapshot(self) -> dict[str, Any]:
        """Everything that must outlive a restart, JSON-able."""
        return snapshot.dump(self._world)

    def snapshot_call(self, call_uid: str) -> dict[str, Any] | None:
        """One open call's part of the snapshot; None when it is over."""
        return snapshot.dump_call(self._world, call_uid)

    def snapshot_rest(self) -> dict[str, Any]:
        """The snapshot without the open calls, which ``snapshot_call`` gives one by one."""
        return snapshot.dump_rest(self._world)

    def restore(self, saved: Mapping[str, Any], parts: Sequence[Mapping[str, Any]] = ()) -> None:
        """Take up a snapshot, or one's rest and the parts of calls; follow it with ``resync``."""
        whole = {
            **saved,
            "calls": [*saved.get("calls", ()), *(part["call"] for part in parts)],
            "channels": [
                *saved.get("channels", ()),
                *(channel for part in parts for channel in part["channels"]),
            ],
        }
        snapshot.load(self._world, whole)
