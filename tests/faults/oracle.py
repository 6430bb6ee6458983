# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What really happened, by the PBX's own record (CEL), against what Odoo holds afterwards."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cc_stack.settings import StackError
from cc_stack.stack import Stack

# columns of cel_custom.conf
TYPE, TIME, CHANNEL, UNIQUEID, LINKEDID, NUMBER = range(6)
# a wav file without a sample
EMPTY_WAV = 44
# how long before a killed PBX's end its last lines may be missing from its own record, s
CEL_MAY_LACK_S = 2.0


@dataclass(slots=True)
class PbxCall:
    """A customer's call as CEL has it: the channels that the PBX linked with the customer's own."""

    customer: str
    number: str
    started: float
    channels: set[str] = field(default_factory=set)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    """What is wrong; all lists empty when nothing is."""

    calls: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    intervals: list[str] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    estimated: int = 0
    recorded: int = 0

    @property
    def wrong(self) -> dict[str, list[str]]:
        """Only what is wrong."""
        names = ("lost", "double", "open", "invented", "disorder", "intervals", "recordings")
        return {name: rows for name in names if (rows := getattr(self, name))}

    def __str__(self) -> str:
        lines = []
        for name, rows in self.wrong.items():
            lines.append(f"{name} ({len(rows)}):")
            lines += [f"  {row}" for row in rows[:12]]
        return "\n".join(lines)


def cel_files(stack: Stack) -> list[Path]:
    """The record's files, the oldest first (a rotated one has a suffix)."""
    folder = stack.asterisk.home / "log" / "cel-custom"
    if not folder.is_dir():
        raise StackError(f"the PBX keeps no record of its channels in {folder}")
    return sorted(folder.glob("cc_cel.csv*"), key=lambda path: path.stat().st_mtime)


def cel_rows(stack: Stack) -> list[list[str]]:
    """All whole lines; a killed PBX leaves a half one."""
    rows = []
    for path in cel_files(stack):
        text = path.read_text(errors="replace")
        lines = [line for line in text.splitlines() if line.count('"') % 2 == 0]
        rows += [row for row in csv.reader(lines) if len(row) > NUMBER and row[UNIQUEID]]
    return rows


def cel_mark(stack: Stack) -> int:
    """How many lines there are now: what comes later belongs to the next run."""
    return len(cel_rows(stack))


def pbx_calls(rows: list[list[str]]) -> dict[str, PbxCall]:
    """CHAN_START grouped by call: the customers' channels, and all that CEL links with each."""
    group: dict[str, str] = {}

    def root(uid: str) -> str:
        while group.setdefault(uid, uid) != uid:
            uid = group[uid]
        return uid

    for row in rows:
        one, other = root(row[UNIQUEID]), root(row[LINKEDID] or row[UNIQUEID])
        if one != other:
            group[max(one, other)] = min(one, other)
    calls: dict[str, PbxCall] = {}
    for row in rows:
        if row[TYPE] == "CHAN_START" and row[CHANNEL].startswith("PJSIP/trunk-"):
            calls[row[UNIQUEID]] = PbxCall(row[UNIQUEID], row[NUMBER], float(row[TIME]))
    of_group = {root(uid): call for uid, call in calls.items()}
    for row in rows:
        if call := of_group.get(root(row[UNIQUEID])):
            call.channels.add(row[UNIQUEID])
            call.rows.append(row)
    return calls


def _rows_text(call: PbxCall) -> str:
    return " · ".join(f"{row[TIME][-13:]} {row[TYPE]} {row[CHANNEL]}" for row in call.rows[:14])


class Oracle:
    """Compares a stretch of CEL with Odoo. Made before the load, asked after it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.mark = cel_mark(stack)
        [[last]] = self.ask("SELECT coalesce(max(id), 0) FROM cc_call")
        self.last_id = int(last)
        #: when the PBX was killed, unix time: not before, not after
        self.pbx_killed: list[tuple[float, float]] = []

    def ask(self, sql: str) -> list[list[str]]:
        return self.stack.postgres.query(sql, self.stack.settings.database)

    def verdict(self) -> Verdict:
        """Everything the issue asks for after a fault."""
        found = Verdict()
        calls = pbx_calls(cel_rows(self.stack)[self.mark :])
        found.calls = len(calls)
        self._same_calls(found, calls)
        self._order(found)
        self._intervals(found)
        self._recordings(found, calls)
        return found

    def _same_calls(self, found: Verdict, calls: dict[str, PbxCall]) -> None:
        rows = self.ask(
            "SELECT c.id, c.call_uid, c.state, coalesce(string_agg(l.channels, ' '), ''),"
            " extract(epoch FROM c.started_at), c.estimated"
            f" FROM cc_call c LEFT JOIN cc_call_leg l ON l.call_id = c.id WHERE c.id > {self.last_id}"
            " GROUP BY c.id ORDER BY c.id"
        )
        by_channel: dict[str, list[str]] = {}
        for _id, uid, state, channels, started, estimated in rows:
            its = set(channels.split())
            of = {one for one in its if one in calls}
            for one in of:
                by_channel.setdefault(one, []).append(uid)
            found.estimated += estimated == "t"
            if state != "ended":
                found.open.append(f"call {uid} is {state}, channels {channels}")
            if len(of) > 1:
                found.double.append(f"call {uid} has several customers: {sorted(of)}")
            # the PBX's last words before a kill may be missing from its own record
            killed = any(
                begun - CEL_MAY_LACK_S < float(started) <= done for begun, done in self.pbx_killed
            )
            if not of and not killed:
                found.invented.append(
                    f"call {uid} ({state}), channels {channels or 'none'}: {self._told_of(uid, its)}"
                )
        for uid, call in calls.items():
            known = by_channel.get(uid, [])
            if not known:
                found.lost.append(f"{uid} {call.number}: {_rows_text(call)}; {self._known_of(uid)}")
            elif len(known) > 1:
                told = [self._facts_of(one) for one in known]
                found.double.append(f"{uid} {call.number} is {told}: {_rows_text(call)}")

    def _order(self, found: Verdict) -> None:
        rows = self.ask(
            "SELECT call_uid, started_at, queued_at, answered_at, ended_at FROM cc_call"
            f" WHERE id > {self.last_id} AND (ended_at < started_at OR answered_at < started_at"
            " OR ended_at < answered_at OR queued_at < started_at OR duration_s < 0 OR talk_s < 0"
            " OR wait_s < 0 OR hold_s < 0)"
        )
        found.disorder += [f"{' '.join(row)}: {self._facts_of(row[0])}" for row in rows]
        rows = self.ask(
            "SELECT c.call_uid, 'ring', a.ring_at, a.end_at FROM cc_call_attempt a JOIN cc_call c ON"
            f" c.id = a.call_id WHERE c.id > {self.last_id} AND (a.end_at < a.ring_at OR a.end_at IS NULL)"
            " UNION ALL SELECT c.call_uid, 'leg ' || l.role, l.joined_at, l.left_at FROM cc_call_leg l JOIN"
            f" cc_call c ON c.id = l.call_id WHERE c.id > {self.last_id} AND"
            " (l.left_at < l.joined_at OR (l.left_at IS NULL AND c.state = 'ended'))"
        )
        found.disorder += [f"{' '.join(row)}: {self._facts_of(row[0])}" for row in rows]

    def _intervals(self, found: Verdict) -> None:
        """No two of one agent at once, none that ends before it begins, none open of one signed out."""
        rows = self.ask(
            "SELECT a.number, i.state, i.started_at, j.state, j.started_at FROM cc_agent_interval i"
            " JOIN cc_agent_interval j ON i.agent_id = j.agent_id AND i.id < j.id"
            " AND tsrange(i.started_at, i.ended_at) && tsrange(j.started_at, j.ended_at)"
            " JOIN cc_agent a ON a.id = i.agent_id"
        )
        found.intervals += ["at once: " + " ".join(row) for row in rows]
        rows = self.ask(
            "SELECT a.number, i.state, i.started_at, i.ended_at FROM cc_agent_interval i JOIN cc_agent a"
            " ON a.id = i.agent_id WHERE i.ended_at < i.started_at OR i.duration_s < 0"
        )
        found.intervals += ["backwards: " + " ".join(row) for row in rows]
        rows = self.ask(
            "SELECT a.number, i.state, i.started_at FROM cc_agent_interval i JOIN cc_agent a"
            " ON a.id = i.agent_id WHERE i.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM"
            " cc_agent_session s WHERE s.agent_id = a.id AND s.ended_at IS NULL)"
        )
        found.intervals += ["open though signed out: " + " ".join(row) for row in rows]
        rows = self.ask(
            "SELECT a.number, i.state, i.started_at, i.call_uid FROM cc_agent_interval i JOIN cc_agent a"
            " ON a.id = i.agent_id LEFT JOIN cc_call c ON c.call_uid = i.call_uid WHERE i.ended_at IS NULL"
            " AND i.state IN ('ringing', 'on_call') AND coalesce(c.state, 'ended') = 'ended'"
        )
        found.intervals += ["in a call that is over: " + " ".join(row) for row in rows]

    def _recordings(self, found: Verdict, calls: dict[str, PbxCall]) -> None:
        """Every pair of files with sound is stored with its call, or the bridge's list says why not."""
        stored = {
            uid
            for [channels] in self.ask(
                "SELECT l.channels FROM cc_recording r JOIN cc_call_leg l ON l.call_id = r.call_id"
                f" WHERE r.state = 'stored' AND r.call_id > {self.last_id}"
            )
            for uid in channels.split()
        }
        listed = set()
        spool = self.stack.bridge.spool
        with sqlite3.connect(f"file:{spool}?mode=ro", uri=True) as db:
            for body, state in db.execute("SELECT body, state FROM upload"):
                listed |= {uid for uid in calls if f"/{uid}" in body and state == "failed"}
        for wav in self.stack.settings.recordings.glob("*/*-in.wav"):
            uid = wav.name.removesuffix("-in.wav")
            other = wav.with_name(f"{uid}-out.wav")
            size = max(wav.stat().st_size, other.stat().st_size if other.exists() else 0)
            if uid not in calls or size <= EMPTY_WAV:
                continue
            found.recorded += 1
            if uid not in stored and uid not in listed:
                found.recordings.append(
                    f"{wav} ({size} bytes) is neither stored nor listed: {self._known_of(uid)}"
                )

    def _told_of(self, call_uid: str, channels: set[str]) -> str:
        """The bridge's facts of a call, and what the PBX recorded of its channels."""
        rows = [row for row in cel_rows(self.stack) if {row[UNIQUEID], row[LINKEDID]} & channels]
        return f"CEL {[' '.join(row[:6]) for row in rows]}, {self._facts_of(call_uid)}"

    def _facts_of(self, text: str) -> str:
        """What the bridge told of a call, or of a channel: number, kind, when, revision, state, channels, times."""
        facts = self._spooled("SELECT seq, at, body FROM fact WHERE instr(body, ?)", text)
        told = []
        for seq, at, body in facts:
            fact = json.loads(body)
            call = fact.get("call") or {}
            channels = [leg["channels"] for leg in call.get("legs", ())]
            state = (call.get("call_uid"), call.get("rev"), call.get("state"), channels)
            times = [call.get(name) for name in ("started_t", "answered_t", "ended_t")]
            told.append((seq, fact["kind"], f"{at:.3f}", fact["t"], *state, times))
        return f"{text}: {told}"

    def _spooled(self, query: str, text: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.stack.bridge.spool}?mode=ro", uri=True) as db:
            return db.execute(query, (text,)).fetchall()

    def _known_of(self, uid: str) -> str:
        """What the bridge's list and Odoo say of a customer's channel, for whoever looks for the fault."""
        uploads = self._spooled(
            "SELECT call_uid, part, state FROM upload WHERE instr(body, ?)", f"/{uid}"
        )
        calls = {row[0] for row in uploads} or {uid}
        quoted = ", ".join(f"'{one}'" for one in calls)
        rows = self.ask(
            "SELECT c.call_uid, c.state, c.rev, c.started_at, c.answered_at, c.ended_at,"
            " (SELECT string_agg(l.role || ' ' || l.channels, ', ') FROM cc_call_leg l WHERE l.call_id = c.id),"
            " (SELECT string_agg(r.part || ' ' || r.state, ', ') FROM cc_recording r WHERE r.call_id = c.id)"
            f" FROM cc_call c WHERE c.call_uid IN ({quoted})"
            f" OR c.id IN (SELECT call_id FROM cc_call_leg WHERE channels LIKE '%{uid}%')"
        )
        return f"uploads {uploads}, facts {[self._facts_of(one) for one in calls]}, in Odoo {rows}"


def doubled(names: list[str]) -> list[str]:
    """Names that occur more than once."""
    return [name for name, count in Counter(names).items() if count > 1]
