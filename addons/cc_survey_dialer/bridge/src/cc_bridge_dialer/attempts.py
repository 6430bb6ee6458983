# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Leases and what became of them: one row each in the spool, written before the PBX is asked to dial."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cc_bridge.plugins import Kernel
from cc_contract.causes import Cause

#: Finished rows are kept so long, for the allowance of the last window; seconds.
KEEP_S = 31 * 86_400
#: Rows are counted by so many parts of the window.
SLICES = 288
#: What the PBX's clock may differ from ours; seconds.
CLOCKS_S = 3600.0
EMPTY = frozenset(
    {
        Cause.UNALLOCATED_NUMBER,
        Cause.NO_ROUTE_TRANSIT_NETWORK,
        Cause.NO_ROUTE_DESTINATION,
        Cause.NUMBER_CHANGED,
        Cause.INVALID_NUMBER_FORMAT,
    }
)
OFF = frozenset({Cause.SUBSCRIBER_ABSENT, Cause.DESTINATION_OUT_OF_ORDER})
#: No answer from the network: at once it is a phone that is off, after a while one that nobody takes.
SILENT = frozenset({Cause.NO_USER_RESPONSE, Cause.NO_ANSWER})
CONGESTED = frozenset(
    {
        Cause.NO_CIRCUIT_AVAILABLE,
        Cause.NETWORK_OUT_OF_ORDER,
        Cause.TEMPORARY_FAILURE,
        Cause.SWITCH_CONGESTION,
        Cause.REQUESTED_CHANNEL_UNAVAILABLE,
    }
)
#: With these a carrier refuses what comes too fast.
REFUSALS = CONGESTED | {Cause.USER_BUSY}
_OFF_WITHIN_US = 8_000_000
_MICRO = 1_000_000


@dataclass(slots=True)
class Attempt:
    """One lease. Times µs of the PBX; ``state`` held, sent, answered, ended."""

    lease: str
    campaign: int
    number: str
    zone: str
    until: int
    line: str = ""
    caller_id: str = ""
    sure: bool = False
    state: str = "held"
    call_uid: str = ""
    rev: int = 0
    dialled_t: int | None = None
    ring_t: int | None = None
    answered_t: int | None = None
    ended_t: int | None = None
    outcome: str | None = None
    cause: int | None = None
    counts: bool = True
    #: the line has said something of it: that it rings, what is heard meanwhile
    heard: bool = False
    amd: dict[str, Any] | None = None
    #: a person, as far as is known: no machine detection, or its verdict
    person_t: int | None = None
    agent: str | None = None
    agent_t: int | None = None
    message_t: int | None = None
    abandoned: bool = False
    #: menus, recordings: served without an agent
    served: bool = False
    hung_up_by: str | None = None
    #: what the network said, by the administrator's name for it
    announcement: str | None = None

    @property
    def channel(self) -> str:
        """The unique id that its channel has, chosen before it exists."""
        return f"cc-{self.lease}"

    @property
    def counted(self) -> bool:
        """Whether it is a person of whom an agent, or the lack of one, is held against us."""
        return self.person_t is not None and self.outcome not in ("hung_up", "machine")

    @property
    def flying(self) -> bool:
        """Dialled, not over."""
        return self.state in ("sent", "answered")

    def fact(self) -> dict[str, Any]:
        """The body of ``dialer.attempt``."""
        waited = None
        if self.person_t is not None:
            end = self.agent_t or self.message_t or self.ended_t
            waited = None if end is None else max(end - self.person_t, 0) // 1000
        return {
            "lease": self.lease,
            "campaign": self.campaign,
            "rev": self.rev,
            "state": {"sent": "dialled"}.get(self.state, self.state),
            "call_uid": self.call_uid,
            "channel": self.channel,
            "line": self.line,
            "caller_id": self.caller_id or None,
            **{
                name: getattr(self, name)
                for name in ("dialled_t", "ring_t", "answered_t", "ended_t", "outcome", "cause")
            },
            "counts": self.counts,
            "amd": self.amd,
            "agent": self.agent,
            "agent_t": self.agent_t,
            "waited_ms": waited,
            "abandoned": self.abandoned,
            "message_t": self.message_t,
            "hung_up_by": self.hung_up_by,
            "announcement": self.announcement,
        }


def outcome(one: Attempt, cause: int | None, t: int, *, ring_s: int, connect_s: int) -> str:
    """How a dialled number ended, by what was seen of it and the cause of its channel's end."""
    if one.outcome == "machine":
        return "machine"
    if one.answered_t is not None:
        if one.agent_t is not None or one.served:
            return "person"
        # who leaves by themselves before an agent had to be there, or while it is found out whether they are
        # a machine, is nobody's fault
        early = one.person_t is None or t - one.person_t < connect_s * _MICRO
        if one.message_t is None and early:
            return "hung_up"
        return "abandoned"
    lasted = t - (one.dialled_t or t)
    if cause in EMPTY:
        return "empty"
    if cause in OFF or (cause in SILENT and one.ring_t is None and lasted < _OFF_WITHIN_US):
        return "off"
    if cause == Cause.USER_BUSY:
        return "busy"
    if cause == Cause.CALL_REJECTED:
        return "rejected"
    if cause in CONGESTED:
        return "congestion"
    if one.ring_t is not None or cause in SILENT or lasted >= (ring_s - 1) * _MICRO:
        return "no_answer"
    return "failed"


@dataclass(slots=True)
class Store:
    """All open rows, in memory as in the spool."""

    kernel: Kernel
    open: dict[str, Attempt] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kernel.tables(
            "CREATE TABLE IF NOT EXISTS dialer_attempt (lease TEXT PRIMARY KEY, campaign INTEGER NOT NULL,"
            " ended REAL, answered INTEGER NOT NULL DEFAULT 0, abandoned INTEGER NOT NULL DEFAULT 0,"
            " body TEXT NOT NULL)",
            "CREATE INDEX IF NOT EXISTS dialer_attempt_ended ON dialer_attempt (campaign, ended)",
            "CREATE TABLE IF NOT EXISTS dialer_memory (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        )
        with self.kernel.db() as db:
            rows = db.execute("SELECT body FROM dialer_attempt WHERE ended IS NULL").fetchall()
        for (body,) in rows:
            one = Attempt(**json.loads(body))
            self.open[one.lease] = one

    def of(self, campaign: int) -> Iterator[Attempt]:
        """Open rows of a campaign, in the order in which they came."""
        return (one for one in self.open.values() if one.campaign == campaign)

    def memory(self, name: str) -> str:
        """A value that outlives the bridge; empty when it was never kept."""
        with self.kernel.db() as db:
            row = db.execute("SELECT value FROM dialer_memory WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keep(self, attempts: Iterable[Attempt] = (), *, now_s: float, **memory: str) -> None:
        """Writes rows and values, and tells Odoo of those that have a revision; all or nothing."""
        changed = list(attempts)
        with self.kernel.db() as db:
            for one in changed:
                if one.state != "held":
                    one.rev += 1
                db.execute(
                    "INSERT INTO dialer_attempt (lease, campaign, ended, answered, abandoned, body)"
                    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (lease) DO UPDATE SET ended = excluded.ended,"
                    " answered = excluded.answered, abandoned = excluded.abandoned, body = excluded.body",
                    (
                        one.lease,
                        one.campaign,
                        now_s if one.state == "ended" else None,
                        int(one.counted),
                        int(one.abandoned),
                        json.dumps(asdict(one)),
                    ),
                )
                if one.state != "held":
                    self.kernel.fact(
                        "dialer.attempt", self.kernel.clock.now_us(), {"attempt": one.fact()}
                    )
            for name, value in memory.items():
                db.execute(
                    "INSERT INTO dialer_memory VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )
        for one in changed:
            if one.state == "ended":
                self.open.pop(one.lease, None)
            else:
                self.open[one.lease] = one

    def give_back(self, attempts: Iterable[Attempt], reason: str) -> None:
        """Leases that were never dialled: forgotten here, free again in Odoo."""
        returned = list(attempts)
        if not returned:
            return
        with self.kernel.db() as db:
            for one in returned:
                db.execute("DELETE FROM dialer_attempt WHERE lease = ?", (one.lease,))
                self.kernel.fact(
                    "dialer.returned",
                    self.kernel.clock.now_us(),
                    {
                        "lease": {
                            "lease": one.lease,
                            "campaign": one.campaign,
                            "reason": reason,
                            "text": "",
                        }
                    },
                )
        for one in returned:
            self.open.pop(one.lease, None)

    def ended(self, lease: str) -> Attempt | None:
        """A row that is over, if it is still kept."""
        with self.kernel.db() as db:
            row = db.execute(
                "SELECT body FROM dialer_attempt WHERE lease = ? AND ended IS NOT NULL", (lease,)
            ).fetchone()
        return Attempt(**json.loads(row[0])) if row else None

    def counted(
        self, campaign: int, now_us: int, window_s: float
    ) -> list[tuple[float, int, int, int]]:
        """What was answered within the window, as :meth:`.pacer.Pacer.recall` takes it."""
        slice_us = max(int(window_s / SLICES * _MICRO), _MICRO)
        since = now_us - int(window_s * _MICRO)
        with self.kernel.db() as db:
            rows = db.execute(
                "SELECT json_extract(body, '$.answered_t') / ? AS slice, sum(answered), sum(abandoned),"
                " sum(coalesce(json_extract(body, '$.outcome') = 'machine', 0)) FROM dialer_attempt"
                " WHERE campaign = ? AND (ended IS NULL OR ended >= ?)"
                " AND json_extract(body, '$.answered_t') > ? GROUP BY slice ORDER BY slice",
                (slice_us, campaign, since / _MICRO - CLOCKS_S, since),
            ).fetchall()
        return [
            (max((now_us - slice_ * slice_us) / _MICRO, 0.0), answered, abandoned, detected)
            for slice_, answered, abandoned, detected in rows
        ]

    def prune(self, now_s: float) -> None:
        """Deletes what is past its time."""
        with self.kernel.db() as db:
            db.execute("DELETE FROM dialer_attempt WHERE ended < ?", (now_s - KEEP_S,))


def lease_of(row: Mapping[str, Any], campaign: int, encoder: Any, ahead: int = 0) -> Attempt:
    """A lease as Odoo grants it. Raises encoder.Refused, KeyError, TypeError.

    :param ahead: of Odoo's clock the PBX's is, in µs
    """
    until = row["until"]
    if type(until) is not int:
        raise TypeError("until is no time")
    return Attempt(
        lease=encoder.uuid(row["lease"]),
        campaign=campaign,
        number=encoder.number(row["number"]),
        zone=str(row.get("zone") or ""),
        until=until + ahead,
        line=encoder.code(row["line"]) if row.get("line") else "",
        caller_id=encoder.prefix(row.get("caller_id")),
        sure=row.get("sure") is True,
    )
