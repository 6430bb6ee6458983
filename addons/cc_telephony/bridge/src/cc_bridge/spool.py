# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What must survive a crash: facts, commands seen, the open calls, agents, uploads. One sqlite file.

A fact and the state that it came from are committed together. With a full disk facts live in memory,
numbered on, and go to Odoo from there; ``health`` says so.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

#: Acknowledged facts are kept this long, for an Odoo that is restored from a backup; seconds.
KEEP_S = 7 * 86400
#: So many recordings are worked on before it is asked again what is newest.
UPLOADS_AT_ONCE = 20
#: A recording may arrive so long after its call's last fact; after a restore those go again too.
MARGIN_S = 600.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS fact_at ON fact (at);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS command (id TEXT PRIMARY KEY, at REAL NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS upload (
    call_uid TEXT NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL,
    seq INTEGER, tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, PRIMARY KEY (call_uid, part));
CREATE TABLE IF NOT EXISTS channel (
    uid TEXT PRIMARY KEY, call_uid TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS channel_at ON channel (at);
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact on its way; ``body`` is the envelope without epoch and seq."""

    seq: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A recording on its way: state ``new`` (to be merged), ``ready`` (fact written), ``done``, ``failed``."""

    call_uid: str
    part: int
    body: dict[str, Any]
    state: str
    seq: int | None
    tries: int


#: Beginnings of names of states, old to new.
_OLD_STATES = {"doubt:": "unsettled:"}


class Spool:
    """The file. Used from the event loop's thread only."""

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._rename_states()
        self._memory: list[Fact] = []
        self._memory_states: dict[str, Any] = {}
        self._memory_channels: dict[str, str] = {}
        self._memory_done: list[str] = []
        # by call and part: the newest state, and when it is due
        self._memory_uploads: dict[tuple[str, int], tuple[Upload, float]] = {}
        self.error: str | None = None
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'fact'").fetchone()
        self._last = int(row[0]) if row else 0
        self._acked = int(self.state("acked") or 0)

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    # -- facts ----------------------------------------------------------------------------------

    @property
    def last_seq(self) -> int:
        """The newest fact's number."""
        return self._last

    @property
    def acked(self) -> int:
        """The newest number that Odoo has confirmed."""
        return self._acked

    @property
    def waiting(self) -> int:
        """How many facts Odoo has not confirmed."""
        return self._last - self._acked

    def append(
        self,
        bodies: Sequence[dict[str, Any]],
        *,
        states: dict[str, Any] | None = None,
        commands_done: Iterable[str] = (),
        uploads: Iterable[Upload] = (),
        channels: Mapping[str, str] | None = None,
    ) -> list[int]:
        """Stores facts, and what changed with them, in one transaction. Returns the facts' numbers.

        :param channels: unique id of a channel to the call it belongs to; the first word counts
        """
        facts = [Fact(self._last + n, body) for n, body in enumerate(bodies, 1)]
        self._last += len(facts)
        now = time.time()
        done = [*self._memory_done, *commands_done]
        sent = {**self._memory_uploads, **{(u.call_uid, u.part): (u, now) for u in uploads}}
        try:
            self._store(
                [*self._memory, *facts],
                {**self._memory_states, **(states or {})},
                done,
                sent.values(),
                {**(channels or {}), **self._memory_channels},
            )
        except sqlite3.OperationalError as error:
            if self.error is None:
                log.error("spool: cannot store facts (%s); they are kept in memory", error)
            self.error = str(error)
            self._memory += facts
            self._memory_states.update(states or {})
            self._memory_channels = {**(channels or {}), **self._memory_channels}
            self._memory_done, self._memory_uploads = done, sent
        else:
            if self.error is not None:
                log.warning("spool: storing again, %d facts came from memory", len(self._memory))
            self.error = None
            self._memory.clear()
            self._memory_states.clear()
            self._memory_channels.clear()
            self._memory_done.clear()
            self._memory_uploads.clear()
        return [fact.seq for fact in facts]

    def _store(
        self,
        facts: Iterable[Fact],
        states: dict[str, Any],
        commands_done: Iterable[str],
        uploads: Iterable[tuple[Upload, float]],
        channels: Mapping[str, str],
    ) -> None:
        now = time.time()
        with _Transaction(self._db):
            self._db.executemany(
                "INSERT INTO fact (seq, at, body) VALUES (?, ?, ?)",
                [(f.seq, now, json.dumps(f.body)) for f in facts],
            )
            self._put_states(states)
            self._db.executemany(
                "UPDATE command SET done = 1 WHERE id = ?", [(one,) for one in commands_done]
            )
            for one, due in uploads:
                self._put_upload(one, due)
            self._db.executemany(
                "INSERT OR IGNORE INTO channel (uid, call_uid, at) VALUES (?, ?, ?)",
                [(uid, call_uid, now) for uid, call_uid in channels.items()],
            )

    @contextmanager
    def together(
        self, may: Callable[[int, str | None, str | None], bool]
    ) -> Iterator[tuple[sqlite3.Connection, list[dict[str, Any]]]]:
        """A transaction on somebody else's tables, and the facts that are stored with it or not at all.

        No other work of the loop may come in between. Raises sqlite3.OperationalError with a full disk.

        :param may: asked for each thing that a statement does (sqlite's action code and its two arguments)
        """
        self.retry()
        if self.error is not None:
            raise sqlite3.OperationalError(self.error)
        bodies: list[dict[str, Any]] = []
        with _Transaction(self._db):
            self._db.set_authorizer(
                lambda what, one, two, *_: sqlite3.SQLITE_OK
                if may(what, one, two)
                else sqlite3.SQLITE_DENY
            )
            try:
                yield self._db, bodies
            finally:
                self._db.set_authorizer(None)
            now = time.time()
            self._db.executemany(
                "INSERT INTO fact (seq, at, body) VALUES (?, ?, ?)",
                [(self._last + n, now, json.dumps(body)) for n, body in enumerate(bodies, 1)],
            )
        self._last += len(bodies)

    def retry(self) -> None:
        """Tries to bring facts from memory to the disk."""
        if self.error is not None:
            self.append([])

    def batch(self, after: int, limit: int = 500) -> list[Fact]:
        """The next facts behind a number, in order."""
        rows = self._db.execute(
            "SELECT seq, body FROM fact WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)
        )
        facts = [Fact(seq, json.loads(body)) for seq, body in rows]
        facts += [fact for fact in self._memory if fact.seq > after][: limit - len(facts)]
        return facts

    def acknowledge(self, seq: int) -> None:
        """Odoo has everything up to this number (lower than before after a restore: that holds too)."""
        if seq == self._acked:
            return
        self._acked = seq
        self.set_state("acked", seq)

    def align(self, cursor: int) -> None:
        """Makes our numbers fit Odoo's cursor at a hello.

        An Odoo ahead of us means that this file is new or came from a backup: what Odoo has not seen
        (everything behind our own mark) moves behind its cursor. An Odoo behind us was restored:
        the kept facts are sent again.
        """
        # a file that never met Odoo numbered its facts from 1
        fresh = self.state("met") is None
        if cursor > self._last or (fresh and cursor > 0 and self._last > 0):
            shift = max(cursor - self._acked, 0)
            log.warning(
                "spool: Odoo is at %d, we at %d: numbers move by %d", cursor, self._last, shift
            )
            with _Transaction(self._db):
                self._db.execute(
                    "UPDATE fact SET seq = -(seq + ?) WHERE seq > ?", (shift, self._acked)
                )
                self._db.execute("UPDATE fact SET seq = -seq WHERE seq < 0")
                self._db.execute(
                    "UPDATE upload SET seq = seq + ? WHERE seq > ?", (shift, self._acked)
                )
                self._db.execute("DELETE FROM sqlite_sequence WHERE name = 'fact'")
                self._last = max(self._last + shift, cursor)
                self._db.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES ('fact', ?)", (self._last,)
                )
            self._memory = [Fact(f.seq + shift, f.body) for f in self._memory]
        elif cursor < self._acked:
            self._send_recordings_again(cursor)
        self._acked = cursor
        self.set_state("acked", cursor)
        self.set_state("met", True)

    def _send_recordings_again(self, cursor: int) -> None:
        """Odoo was restored: it lacks the recordings that came after its backup, told of before or not."""
        row = self._db.execute("SELECT max(at) FROM fact WHERE seq <= ?", (cursor,)).fetchone()
        since = (row[0] or 0.0) - MARGIN_S
        with _Transaction(self._db):
            again = self._db.execute(
                "UPDATE upload SET state = 'ready', tries = 0 WHERE state = 'done' AND seq IS NOT NULL"
                " AND due >= ?",
                (since,),
            )
        log.warning(
            "spool: Odoo is back at %d, %d had been confirmed: facts and %d recordings go again",
            cursor,
            self._acked,
            again.rowcount,
        )

    def prune(self, now: float | None = None) -> int:
        """Deletes facts, commands and uploads past their time; returns how many facts."""
        limit = (now or time.time()) - KEEP_S
        with _Transaction(self._db):
            gone = self._db.execute(
                "DELETE FROM fact WHERE at < ? AND seq <= ?", (limit, self._acked)
            )
            self._db.execute("DELETE FROM command WHERE at < ?", (limit,))
            # a call may go on for longer than a fact is kept: twice as long is on the safe side
            self._db.execute("DELETE FROM channel WHERE at < ?", (limit - KEEP_S,))
            self._db.execute(
                "DELETE FROM upload WHERE due < ? AND state IN ('done', 'failed')", (limit,)
            )
        return gone.rowcount

    # -- which call a channel was part of ---------------------------------------------------------

    def calls_of(self, uids: Iterable[str]) -> dict[str, str]:
        """Unique id to call_uid, for those channels that a call is known of."""
        wanted = list(uids)
        found: dict[str, str] = {}
        for first in range(0, len(wanted), 500):
            some = wanted[first : first + 500]
            marks = ",".join("?" * len(some))
            found.update(
                self._db.execute(f"SELECT uid, call_uid FROM channel WHERE uid IN ({marks})", some)
            )
        found.update((u, self._memory_channels[u]) for u in wanted if u in self._memory_channels)
        return found

    def last_t(self) -> int | None:
        """The PBX time (µs) of the newest facts that came of its events: until then we have listened.

        Others may have our own clock's time, from before the PBX was reached.
        """
        rows = self._db.execute("SELECT body FROM fact ORDER BY seq DESC LIMIT 100")
        facts = [json.loads(body) for (body,) in rows]
        heard = [
            f for f in facts if f["kind"].startswith("call.") and f["kind"] != "call.corrected"
        ]
        return max((f["t"] for f in heard if isinstance(f["t"], int)), default=None)

    def _rename_states(self) -> None:
        """Names that bridges of 19.0.1.0.0 gave to states."""
        for old, new in _OLD_STATES.items():
            like = (len(old), old)
            if self._db.execute(
                "SELECT 1 FROM state WHERE substr(name, 1, ?) = ?", like
            ).fetchone():
                self._db.execute(
                    "UPDATE OR REPLACE state SET name = ? || substr(name, ?)"
                    " WHERE substr(name, 1, ?) = ?",
                    (new, len(old) + 1, *like),
                )

    # -- states ---------------------------------------------------------------------------------

    def state(self, name: str) -> Any:
        """A stored value, or None."""
        if name in self._memory_states:
            return self._memory_states[name]
        row = self._db.execute("SELECT body FROM state WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def states(self, prefix: str) -> dict[str, Any]:
        """The stored values whose names begin so, oldest first."""
        rows = self._db.execute(
            "SELECT name, body FROM state WHERE substr(name, 1, ?) = ? ORDER BY rowid",
            (len(prefix), prefix),
        )
        found = {name: json.loads(body) for name, body in rows}
        found.update((k, v) for k, v in self._memory_states.items() if k.startswith(prefix))
        return {name: value for name, value in found.items() if value is not None}

    def set_state(self, name: str, value: Any) -> None:
        """Stores a value of its own; None removes it."""
        self.append([], states={name: value})

    def _put_states(self, states: dict[str, Any]) -> None:
        self._db.executemany(
            "INSERT INTO state (name, body) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            [(name, json.dumps(value)) for name, value in states.items() if value is not None],
        )
        self._db.executemany(
            "DELETE FROM state WHERE name = ?",
            [(name,) for name, value in states.items() if value is None],
        )

    # -- commands -------------------------------------------------------------------------------

    def command_is_new(self, command_id: str) -> bool:
        """Stores a command's id before it runs; false when it had been stored before.

        Raises sqlite3.OperationalError with a full disk: what can't be stored isn't run.
        """
        done = self._db.execute(
            "INSERT OR IGNORE INTO command (id, at) VALUES (?, ?)", (command_id, time.time())
        )
        return done.rowcount == 1

    def unfinished_commands(self) -> list[str]:
        """Commands that began before a crash and have no result."""
        return [
            row[0] for row in self._db.execute("SELECT id FROM command WHERE done = 0 ORDER BY at")
        ]

    # -- uploads --------------------------------------------------------------------------------

    def _put_upload(self, one: Upload, due: float) -> None:
        self._db.execute(
            "INSERT INTO upload (call_uid, part, body, state, seq, tries, due) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (call_uid, part) DO UPDATE SET body = excluded.body, state = excluded.state, "
            "seq = excluded.seq, tries = excluded.tries, due = excluded.due",
            (one.call_uid, one.part, json.dumps(one.body), one.state, one.seq, one.tries, due),
        )

    def put_upload(self, one: Upload, *, due: float | None = None) -> None:
        """Stores an upload's new state; ``due`` is when it is looked at again (unix time)."""
        self._memory_uploads[one.call_uid, one.part] = (one, time.time() if due is None else due)
        self.append([])

    def due_uploads(self, now: float | None = None) -> list[Upload]:
        """Uploads to work on, the newest first, not all at once; those whose fact Odoo hasn't confirmed wait.

        So a call of this minute is not heard only when thousands that a restored Odoo lacks have gone again.
        """
        rows = self._db.execute(
            "SELECT call_uid, part, body, state, seq, tries FROM upload WHERE due <= ? "
            "AND (state = 'new' OR (state = 'ready' AND seq <= ?)) ORDER BY due DESC LIMIT ?",
            (now or time.time(), self._acked, UPLOADS_AT_ONCE + len(self._memory_uploads)),
        )
        found = [Upload(r[0], r[1], json.loads(r[2]), r[3], r[4], r[5]) for r in rows]
        # those in memory are newer than what the full disk says; they go on when there is room
        free = [u for u in found if (u.call_uid, u.part) not in self._memory_uploads]
        return free[:UPLOADS_AT_ONCE]

    def uploads_of(self, call_uid: str) -> list[Upload]:
        """All of a call, whatever became of them."""
        rows = self._db.execute(
            "SELECT call_uid, part, body, state, seq, tries FROM upload WHERE call_uid = ?",
            (call_uid,),
        )
        found = {r[1]: Upload(r[0], r[1], json.loads(r[2]), r[3], r[4], r[5]) for r in rows}
        held = [u for u, _ in self._memory_uploads.values() if u.call_uid == call_uid]
        return list({**found, **{u.part: u for u in held}}.values())

    @property
    def uploads(self) -> int:
        """How many recordings are on their way."""
        rows = self._db.execute(
            "SELECT call_uid, part FROM upload WHERE state IN ('new', 'ready')"
        ).fetchall()
        going = {(row[0], row[1]) for row in rows} - self._memory_uploads.keys()
        held = [u for u, _ in self._memory_uploads.values() if u.state in ("new", "ready")]
        return len(going) + len(held)


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT; ROLLBACK on an error, which goes on."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            try:
                self._db.execute("COMMIT")
                return
            except sqlite3.Error:
                self._rollback()
                raise
        self._rollback()

    def _rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
