# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where services put facts: gathered for one turn of the loop, stored with the states they belong to."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cc_contract.facts import MAX_TEXT

from .spool import Spool, Upload

#: Odoo takes longer texts only as messages; a fact must not be refused for an error's length.
LONGEST, LONGEST_MESSAGE = MAX_TEXT, 1000


def clean(value: Any, longest: int = LONGEST) -> Any:
    """The same with texts that JSON, sqlite and PostgreSQL can hold: no NUL, no half character, not endless."""
    if isinstance(value, str):
        text = value[:longest]
        return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    if isinstance(value, Mapping):
        return {
            name: clean(part, LONGEST_MESSAGE if name in ("message", "path") else longest)
            for name, part in value.items()
        }
    return [clean(part, longest) for part in value] if isinstance(value, list | tuple) else value


class Outbox:
    """One commit a turn, whatever number of facts it brought.

    :param on_stored: called after each commit that stored facts (the sender's wake-up)
    """

    def __init__(self, spool: Spool, on_stored: Callable[[], None]) -> None:
        self._spool = spool
        self._on_stored = on_stored
        self._facts: list[dict[str, Any]] = []
        self._done: list[str] = []
        self._uploads: list[Upload] = []
        self._channels: dict[str, str] = {}
        self._known: dict[str, set[str]] = {}
        self._providers: dict[str, Callable[[], Any]] = {}
        self._families: dict[str, Callable[[str], Any]] = {}
        self._dirty: set[str] = set()
        self._scheduled: asyncio.Handle | None = None

    def provide(self, name: str, snapshot: Callable[[], Any]) -> None:
        """Registers a state that is stored whenever it was touched."""
        self._providers[name] = snapshot

    def provide_each(self, prefix: str, snapshot: Callable[[str], Any]) -> None:
        """Registers a family of states, named by the prefix and a key; a state of None is removed."""
        self._families[prefix] = snapshot

    def put(
        self,
        kind: str,
        t: int | None,
        body: Mapping[str, Any],
        *,
        touch: str | Iterable[str] | None = None,
        command_done: str | None = None,
    ) -> None:
        """Adds a fact; ``body`` is ``{"call": …}`` and the like. ``touch`` names provided states."""
        # what a call says was cleaned by its model, header by header
        told = body if kind.startswith("call.") else clean(body)
        self._facts.append({"kind": kind, "t": t, **told})
        if command_done is not None:
            self._done.append(command_done)
        for name in [touch] if touch is None or isinstance(touch, str) else touch:
            self.touch(name)

    @contextmanager
    def together(
        self, may: Callable[[int, str | None, str | None], bool]
    ) -> Iterator[tuple[sqlite3.Connection, Callable[..., None]]]:
        """Somebody else's tables and the facts about them, in one commit; see :meth:`Spool.together`.

        The second value takes a fact as :meth:`put` does.
        """
        # what was told before comes before
        self.flush()
        with self._spool.together(may) as (db, bodies):

            def put(kind: str, t: int | None, body: Mapping[str, Any]) -> None:
                bodies.append({"kind": kind, "t": t, **clean(body)})

            yield db, put
        if bodies:
            self._on_stored()

    def put_upload(self, upload: Upload) -> None:
        """Adds an upload to the next commit."""
        self._uploads.append(upload)
        self.touch(None)

    def learn(self, call_uid: str, channels: Iterable[str], *, over: bool = False) -> None:
        """These channels (unique ids) are part of this call; stored with the next commit.

        :param over: the call has ended: nothing more needs to be remembered of what is stored
        """
        known = self._known.setdefault(call_uid, set())
        fresh = set(channels) - known
        known |= fresh
        if over:
            self._known.pop(call_uid)
        self._channels.update(dict.fromkeys(fresh, call_uid))
        if fresh:
            self.touch(None)

    def touch(self, name: str | None) -> None:
        """Marks a state as changed; the commit follows at the end of this turn."""
        if name is not None:
            self._dirty.add(name)
        if self._scheduled is None:
            self._scheduled = asyncio.get_running_loop().call_soon(self.flush)

    def stored(self) -> None:
        """Somebody stored a fact directly in the spool."""
        self._on_stored()

    def flush(self) -> None:
        """Commits now."""
        if self._scheduled is not None:
            self._scheduled.cancel()
            self._scheduled = None
        facts, done, uploads, dirty = self._facts, self._done, self._uploads, self._dirty
        channels = self._channels
        if not (facts or done or uploads or dirty or channels):
            return
        self._facts, self._done, self._uploads, self._dirty = [], [], [], set()
        self._channels = {}
        states = {name: self._state(name) for name in dirty}
        self._spool.append(
            facts, states=states, commands_done=done, uploads=uploads, channels=channels
        )
        if facts:
            self._on_stored()

    def _state(self, name: str) -> Any:
        if name in self._providers:
            return self._providers[name]()
        prefix, colon, key = name.partition(":")
        return self._families[prefix + colon](key)
