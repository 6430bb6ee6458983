# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""CEL and queue_log in the words of AMI, so that one call model judges both the same way.

Pure: rows in, events out, in order. What CEL does not say (ringing, a phone's hold key, user events of
the dialplan) stays unsaid; the model works without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cc_contract.causes import Cause

from ..calls.channels import make
from ..events import Event
from .cel import CelRow
from .queuelog import QueueRow

#: Parts of an event that several have.
Headers = dict[str, str]

# queue_log's words for a queue that let the caller go
_LET_GO = {
    "EXITWITHTIMEOUT": "TIMEOUT",
    "EXITEMPTY": "LEAVEEMPTY",
    "EXITWITHKEY": "CONTINUE",
}
# the dialplan's context of test calls
_ECHO = "cc-echo"
_RING_WORDS = frozenset({"RINGNOANSWER", "RINGCANCELED"})
_WAY_OUT = frozenset({"APP_END", "BRIDGE_EXIT", "STREAM_END", "HANGUP", "CHAN_END", "LINKEDID_END"})
# what has one time is in this order, however the lines stand in the file
_RANK = {"CHAN_START": 0, "HANGUP": 2, "CHAN_END": 3, "LINKEDID_END": 4}
_SECOND = 1_000_000


@dataclass(slots=True)
class _Chan:
    """A channel on its way through the rows. ``by``: who dialled it; ``queue``: in whose name; ``originated``: an
    Originate's."""

    uid: str
    name: str
    linked: str
    local: bool
    half: int
    t: int
    by: str | None = None
    queue: str | None = None
    originated: bool = False
    up: bool = False
    connected: bool = False
    # (application, its data) under way
    app: tuple[str, str] | None = None
    dials: int = 0
    exten: str = ""
    context: str = ""
    status: str = ""
    dialled: list[str] = field(default_factory=list)


class Translator:
    """One group of rows, in order of time. Iterate ``events()`` once."""

    def __init__(self, rows: Iterable[CelRow], queue_rows: Iterable[QueueRow] | None) -> None:
        rows = list(rows)
        # the test call to an echo is no call
        nobody = {row.uid for row in rows if row.context == _ECHO}
        rows = [row for row in rows if row.uid not in nobody]
        self.rows = sorted(rows, key=lambda row: (row.t, _RANK.get(row.event, 1)))
        self.known = queue_rows is not None
        self.queue: dict[str, list[QueueRow]] = defaultdict(list)
        for told in queue_rows or ():
            self.queue[told.call].append(told)
        self.chans: dict[str, _Chan] = {}
        self.names: dict[str, str] = {}
        self.left_dials: dict[str, int] = defaultdict(int)
        # what is known only later in the file: how the last Dial went, who hung up
        self.last_status: dict[str, str] = {}
        self.causes: dict[str, str] = {}
        for row in self.rows:
            if row.event == "APP_START" and row.app.lower() == "dial":
                self.left_dials[row.uid] += 1
            elif row.event == "HANGUP":
                self.last_status[row.uid] = str(row.extra.get("dialstatus") or "")
                self.causes[row.uid] = str(row.extra.get("hangupcause") or "")
        self.asks = self._who_asked()

    def _who_asked(self) -> set[int]:
        """Rows (by id) before which their channel's own far end hung up: its first step on the way out.

        CEL tells who hung up only at the end, but the caller has left the queue before that.
        """
        last: dict[str, str] = {row.name: row.uid for row in self.rows}
        sources = {
            last.get(str(row.extra.get("hangupsource") or ""))
            for row in self.rows
            if row.event == "HANGUP"
        }
        first: dict[str, CelRow] = {}
        for row in self.rows:
            if row.event not in _WAY_OUT:
                first.pop(row.uid, None)
            else:
                first.setdefault(row.uid, row)
        return {id(row) for uid, row in first.items() if uid in sources}

    def events(self) -> Iterator[Event]:
        """AMI's words, each with its ``Timestamp``."""
        for row in self.rows:
            handler = getattr(self, f"_{row.event.lower()}", None)
            if handler is None and id(row) not in self.asks:
                continue
            chan = self.chans.get(row.uid)
            if chan is None and row.event != "CHAN_START":
                # its beginning is not in this file: the model takes it in its middle
                chan = self._meet(row)
            elif chan is not None:
                chan.linked = row.linked or chan.linked
                if row.name != chan.name:
                    yield self._event("Rename", row, Newname=row.name, Channel=chan.name)
                    chan.name = row.name
            if row.exten not in ("", "s", "h") and chan is not None and not chan.dialled:
                chan.exten, chan.context = row.exten, row.context
            self.names[row.name] = row.uid
            if id(row) in self.asks and chan is not None and not chan.local:
                yield self._event("HangupRequest", row)
            if handler is not None:
                yield from handler(row, chan)

    # -- making ---------------------------------------------------------------------------------

    @staticmethod
    def _event(name: str, row: CelRow, **headers: str) -> Event:
        return Event(
            {
                "Event": name,
                "Timestamp": f"{row.t // _SECOND}.{row.t % _SECOND:06d}",
                "Channel": row.name,
                "Uniqueid": row.uid,
                "Linkedid": row.linked,
                **headers,
            }
        )

    def _meet(self, row: CelRow) -> _Chan:
        form = make(row.uid, row.name)
        chan = _Chan(row.uid, row.name, row.linked, form.local, form.half, row.t)
        self.chans[row.uid] = chan
        return chan

    def _of(self, uid: str | None, prefix: str = "") -> Headers:
        chan = self.chans.get(uid or "")
        if chan is None:
            return {}
        return {f"{prefix}Channel": chan.name, f"{prefix}Uniqueid": chan.uid}

    def _dest(self, row: CelRow, chan: _Chan) -> Headers:
        return {
            "DestChannel": chan.name,
            "DestUniqueid": chan.uid,
            "DestLinkedid": chan.linked,
            "DestCallerIDNum": row.number,
            "DestCallerIDName": row.caller_name,
        }

    # -- channels -------------------------------------------------------------------------------

    def _chan_start(self, row: CelRow, _: _Chan | None) -> Iterator[Event]:
        chan = self._meet(row)
        incoming = row.uid == row.linked and row.exten not in ("", "s") and not chan.local
        yield self._event(
            "Newchannel",
            row,
            ChannelState="4" if incoming else "0",
            CallerIDNum=row.number,
            CallerIDName=row.caller_name,
            Exten=row.exten if incoming else "",
            Context=row.context,
        )
        if incoming or chan.half == 2:
            return
        by = self._dialler(chan)
        if by is None:
            # nobody's: an Originate
            chan.originated = True
            yield self._timed("DialBegin", row, **self._dest(row, chan))
            return
        chan.by = by.uid
        by.dialled.append(chan.uid)
        if by.app and by.app[0] == "queue":
            chan.queue = by.app[1]
            yield self._timed(
                "AgentCalled",
                row,
                **self._of(by.uid),
                **self._dest(row, chan),
                Queue=chan.queue,
                Interface=self._interface(chan),
            )
        yield self._timed(
            "DialBegin",
            row,
            **self._of(by.uid),
            **self._dest(row, chan),
            DialString=self._dial_string(by, chan),
            Exten=by.exten,
            Context=by.context,
        )

    @staticmethod
    def _timed(name: str, row: CelRow, **headers: str) -> Event:
        """An event that is not about the row's own channel."""
        stamp = f"{row.t // _SECOND}.{row.t % _SECOND:06d}"
        return Event({"Event": name, "Timestamp": stamp, **headers})

    def _dialler(self, chan: _Chan) -> _Chan | None:
        """Whose Dial or Queue made this channel."""
        if chan.uid == chan.linked:
            return None
        base = chan.name.rpartition("-")[0]
        near = [c for c in self.chans.values() if c.linked == chan.linked and c.uid != chan.uid]
        dials = [c for c in near if c.app and c.app[0] == "dial"]
        named = [c for c in dials if c.app and base in c.app[1]]
        tech = base.partition("/")
        lines = [
            c for c in dials if c.app and c.app[1].startswith(tech[0]) and f"@{tech[2]}" in c.app[1]
        ]
        queues = [c for c in near if c.app and c.app[0] == "queue" and not c.connected]
        for found in (named, lines, queues, dials):
            if found:
                return found[-1]
        return None

    @staticmethod
    def _interface(chan: _Chan) -> str:
        return chan.name.partition(";")[0].rpartition("-")[0]

    def _dial_string(self, by: _Chan, chan: _Chan) -> str:
        if by.app is None or by.app[0] != "dial":
            return self._interface(chan)
        base = chan.name.rpartition("-")[0]
        for one in by.app[1].partition(",")[0].split("&"):
            tech, _, rest = one.partition("/")
            if base in one or (base.startswith(tech) and f"@{base.partition('/')[2]}" in one):
                return rest or one
        return self._interface(chan)

    def _answer(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        chan.up = True
        yield self._event("Newstate", row, ChannelState="6", ChannelStateDesc="Up")
        if chan.by is not None or chan.originated:
            yield self._timed(
                "DialEnd", row, **self._of(chan.by), **self._dest(row, chan), DialStatus="ANSWER"
            )

    def _hangup(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        if chan.by is not None and not chan.up:
            yield from self._unanswered(row, chan)
        yield from self._queue_over(row, chan)

    def _unanswered(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        by = self.chans.get(chan.by or "")
        if by is None:
            return
        told = self._ring_word(by, chan, row.t)
        if told is not None and told.event == "RINGNOANSWER":
            # a queue's phone that said no has its own cause, which the model sees first
            yield self._timed(
                "AgentRingNoAnswer",
                row,
                **self._of(by.uid),
                **self._dest(row, chan),
                Queue=chan.queue or "",
                RingTime=told.data[0] if told.data else "0",
            )
        elif chan.queue is None and self.left_dials[by.uid] == by.dials:
            status = self.last_status.get(by.uid, "")
            if status and row.extra.get("hangupcause") not in (
                Cause.USER_BUSY,
                Cause.CALL_REJECTED,
            ):
                if status == "ANSWER":
                    status = "CANCEL"
                yield self._timed(
                    "DialEnd", row, **self._of(by.uid), **self._dest(row, chan), DialStatus=status
                )

    def _ring_word(self, by: _Chan, chan: _Chan, t: int) -> QueueRow | None:
        """What the queue wrote of this ring, taken out so that it counts once."""
        rows = self.queue.get(by.uid, [])
        names = {self._interface(chan), chan.name.partition("@")[0].partition("/")[2]}
        for row in rows:
            near = chan.t - 2 * _SECOND <= row.t <= t + 2 * _SECOND
            if row.event in _RING_WORDS and near and row.member in names:
                rows.remove(row)
                return row
        return None

    def _chan_end(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        yield self._event("Hangup", row, Cause=self.causes.get(row.uid, ""))
        self.chans.pop(chan.uid, None)

    # -- applications ---------------------------------------------------------------------------

    def _app_start(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        app = row.app.lower()
        chan.app = (app, row.data)
        chan.exten, chan.context = row.exten, row.context
        if app == "queue":
            name = row.data.partition(",")[0]
            chan.app, chan.connected = (app, name), False
            if self._joined(row, name):
                yield self._event("QueueCallerJoin", row, Queue=name)
        elif app == "dial":
            chan.dials += 1
        elif app == "confbridge":
            room = row.data.partition(",")[0]
            if not chan.local:
                yield self._event("VarSet", row, Variable="ROOM", Value=room)
        else:
            yield self._event("Newexten", row, Application=row.app, AppData=row.data)
            if app in ("chanspy", "extenspy"):
                spied = row.data.partition(",")[0]
                found = self.names.get(spied) or next(
                    (u for n, u in self.names.items() if spied and n.startswith(spied)), None
                )
                if found in self.chans:
                    yield self._event(
                        "ChanSpyStart",
                        row,
                        SpyerChannel=row.name,
                        SpyerUniqueid=row.uid,
                        **self._of(found, "Spyee"),
                    )

    def _joined(self, row: CelRow, name: str) -> bool:
        """A full or empty queue takes nobody: then queue_log has no ENTERQUEUE."""
        if not self.known:
            return True
        for one in self.queue.get(row.uid, ()):
            if one.event == "ENTERQUEUE" and one.queue == name and one.t <= row.t + 3 * _SECOND:
                return True
        return False

    def _app_end(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        if chan.app and chan.app[0] == "queue":
            yield from self._queue_over(row, chan)
        chan.app = None

    def _queue_over(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        """The caller is out of the queue, by themselves or let go."""
        if not chan.app or chan.app[0] != "queue":
            return
        queue = chan.app[1]
        chan.app = None
        words = [x for x in self.queue.get(chan.uid, ()) if x.queue == queue]
        for one in words:
            if one.event in ("COMPLETEAGENT", "COMPLETECALLER"):
                reason = "agent" if one.event == "COMPLETEAGENT" else "caller"
                yield self._event(
                    "AgentComplete", row, Queue=queue, Reason=reason, MemberName=one.member
                )
        if not chan.connected:
            yield self._event("QueueCallerLeave", row, Queue=queue)
        for one in words:
            if one.event in _LET_GO:
                yield self._event("VarSet", row, Variable="QUEUESTATUS", Value=_LET_GO[one.event])
        if self.known and not any(x.event == "ENTERQUEUE" for x in words):
            yield self._event("VarSet", row, Variable="QUEUESTATUS", Value="JOINEMPTY")

    # -- bridges --------------------------------------------------------------------------------

    def _bridge_enter(self, row: CelRow, chan: _Chan) -> Iterator[Event]:
        bridge = str(row.extra.get("bridge_id") or "")
        by = self.chans.get(chan.by or "")
        if chan.queue is not None and by is not None and not by.connected:
            by.connected = True
            yield self._timed("QueueCallerLeave", row, **self._of(by.uid), Queue=chan.queue)
            yield self._timed(
                "AgentConnect", row, **self._of(by.uid), **self._dest(row, chan), Queue=chan.queue
            )
        room = row.data.partition(",")[0] if row.app.lower() == "confbridge" else ""
        yield self._event("BridgeEnter", row, BridgeUniqueid=bridge, Conference=room)

    def _bridge_exit(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        bridge = str(row.extra.get("bridge_id") or "")
        yield self._event("BridgeLeave", row, BridgeUniqueid=bridge)

    # -- the rest -------------------------------------------------------------------------------

    def _stream_begin(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        if row.extra.get("class"):
            yield self._event("MusicOnHoldStart", row, Class=str(row.extra["class"]))

    def _dtmf(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        digit = str(row.extra.get("digit") or "")
        if digit:
            yield self._event("DTMFEnd", row, Digit=digit, Direction="Received")

    def _pickup(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        # the row is the rung channel's; who took it stands beside
        by = {
            "Channel": str(row.extra.get("pickup_channel") or ""),
            "Uniqueid": str(row.extra.get("pickup_channel_uniqueid") or ""),
        }
        yield self._timed("Pickup", row, **by, TargetChannel=row.name, TargetUniqueid=row.uid)

    def _blindtransfer(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        yield self._timed(
            "BlindTransfer",
            row,
            TransfererChannel=row.name,
            TransfererUniqueid=row.uid,
            TransfereeChannel=str(row.extra.get("transferee_channel_name") or ""),
            TransfereeUniqueid=str(row.extra.get("transferee_channel_uniqueid") or ""),
            Extension=str(row.extra.get("extension") or ""),
            Result="Success",
        )

    def _attendedtransfer(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        extra = row.extra
        yield self._timed(
            "AttendedTransfer",
            row,
            OrigTransfererChannel=row.name,
            OrigTransfererUniqueid=row.uid,
            SecondTransfererChannel=str(extra.get("channel2_name") or ""),
            SecondTransfererUniqueid=str(extra.get("channel2_uniqueid") or ""),
            TransfereeChannel=str(extra.get("transferee_channel_name") or ""),
            TransfereeUniqueid=str(extra.get("transferee_channel_uniqueid") or ""),
            TransferTargetChannel=str(extra.get("transfer_target_channel_name") or ""),
            TransferTargetUniqueid=str(extra.get("transfer_target_channel_uniqueid") or ""),
            Result="Success",
        )

    def _park_start(self, row: CelRow, _: _Chan) -> Iterator[Event]:
        yield self._timed(
            "ParkedCall",
            row,
            ParkeeChannel=row.name,
            ParkeeUniqueid=row.uid,
            ParkerDialString=str(row.extra.get("parker_dial_string") or ""),
            ParkingSpace=str(row.extra.get("parking_space") or ""),
        )
