# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo in the foreground: everything up, customers who call by turns, an end by Ctrl-C."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from cc_stack.asterisk import Ami
from cc_stack.settings import StackError
from cc_stack.stack import Stack
from cc_stack.templates import progress

# seconds between one customer's end and the next one's call, when somebody is ready
PAUSE = 20.0
# a ready agent sees the first call after this
FIRST = 4.0
QUEUE = "support"
DESK_PHONES = {"2001": "auto", "2002": "manual"}


class Numbers:
    """Customers' numbers out of the database, by turns: of one customer, of nobody, of several customers."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.turn = 0
        self.random = random.Random()

    def next(self) -> tuple[str, str]:
        """(number as the network would send it, what kind of caller it is)."""
        kinds: list[tuple[str, Callable[[], str | None]]] = [
            ("a known customer", lambda: self._linked("= 1")),
            ("an unknown number", self._unknown),
            ("a number that several customers share", lambda: self._linked("> 1")),
        ]
        for _ in kinds:
            name, find = kinds[self.turn % len(kinds)]
            self.turn += 1
            if number := find():
                return number, name
        return self._unknown(), "an unknown number"

    def _linked(self, count: str) -> str | None:
        """A number with so many customers, E.164 only."""
        rows = self.stack.postgres.query(
            "SELECT n.key FROM cc_phone_number n JOIN cc_phone_link l ON l.number_id = n.id"
            " WHERE n.key LIKE '+%' AND l.partner_id IS NOT NULL"
            f" GROUP BY n.id HAVING count(DISTINCT l.partner_id) {count} ORDER BY random() LIMIT 1",
            self.stack.settings.database,
        )
        return rows[0][0] if rows else None

    def _unknown(self) -> str:
        """A Chinese mobile number that no customer has."""
        while True:
            number = f"+86139{self.random.randrange(10**8):08d}"
            if not self.stack.postgres.query(
                f"SELECT 1 FROM cc_phone_number WHERE key = '{number}'",
                self.stack.settings.database,
            ):
                return number


class CallerLoop:
    """Places a call whenever an agent is ready, nobody waits and the last customer is gone for a while."""

    def __init__(self, stack: Stack, *, pause: float = PAUSE, talk: float = 25) -> None:
        self.stack = stack
        self.pause = pause
        self.talk = talk
        self.numbers = Numbers(stack)
        self._next_at = 0.0
        self._ready_since: float | None = None
        self._talking: threading.Thread | None = None
        self._ami: Ami | None = None

    def step(self) -> None:
        """Looks once; call it about every second."""
        if self._talking and self._talking.is_alive():
            return
        if self._talking:
            self._talking = None
            self._next_at = time.monotonic() + self.pause
        ready, waiting = self._look()
        now = time.monotonic()
        if not ready:
            self._ready_since = None
            return
        if self._ready_since is None:
            # somebody has just become ready: they shall not wait for the whole pause
            self._ready_since = now
            self._next_at = min(max(self._next_at, now + FIRST), now + 10)
        if waiting or now < self._next_at:
            return
        number, kind = self.numbers.next()
        progress(f"{number} calls ({kind})")
        self._talking = threading.Thread(target=self._one, args=(number,), daemon=True)
        self._talking.start()

    def _look(self) -> tuple[int, int]:
        """(agents that a call would ring now, customers waiting)."""
        try:
            if self._ami is None:
                self._ami = self.stack.asterisk.ami()
            rows = self._ami.list("QueueStatus", "QueueStatusComplete", Queue=QUEUE)
            self._ami.events.clear()
        except (StackError, OSError):
            self._ami = None
            return 0, 0
        # device states 1 and 5..: not in use is 1
        ready = sum(
            1
            for row in rows
            if row.get("Event") == "QueueMember"
            and row.get("Paused") == "0"
            and row.get("Status") == "1"
        )
        return ready, sum(1 for row in rows if row.get("Event") == "QueueEntry")

    def _one(self, number: str) -> None:
        """One customer from dialling to hanging up."""
        try:
            customer = self.stack.customer(number, patience=180)
            seconds = self.talk * random.uniform(0.8, 1.6)
            served = customer.talk(self.stack.asterisk, seconds)
            progress(f"{number} {'has hung up' if served else 'was not answered'}")
        except (StackError, OSError) as error:
            progress(f"{number}: {error}")

    def close(self) -> None:
        if self._ami:
            self._ami.close()


def greeting(stack: Stack) -> str:
    """What a person has to know to begin."""
    people = stack.postgres.query(
        "SELECT u.login, coalesce(p.name, u.login), a.number FROM cc_agent a JOIN res_users u ON u.id = a.user_id"
        " JOIN res_partner p ON p.id = u.partner_id WHERE u.active ORDER BY a.number",
        stack.settings.database,
    )
    roles = {"lea": "leader", "lin": "leader", "liu": "leader", "max": "manager"}
    logins = "\n".join(
        f"    {login:<8} {name}, {roles.get(login, 'agent')} ({number})"
        for login, name, number in people
    )
    return f"""
  Open  {stack.settings.url}

  Passwords are the logins:
{logins}
    admin    administrator

  Log in as an agent (ann), sign in at the bar on top with the browser phone, press Ready:
  a customer calls within 15 seconds. Another one: make demo-call FROM=+8613800138000 TO=100
  Desk phones without a person: 2001 answers by itself, 2002 by `make demo-phone EXT=2002 DO=answer`.
  Logs: {stack.settings.logs}
"""


def desk_phones(stack: Stack) -> None:
    """Registers the demo's desk phones."""
    for extension, answer in DESK_PHONES.items():
        stack.phone(extension, answer=answer)


def run_demo(stack: Stack, *, fresh: bool) -> None:
    """Up, customers until Ctrl-C, down. Raises StackError when a part dies meanwhile."""
    try:
        stack.up(fresh=fresh)
        desk_phones(stack)
        print(greeting(stack), flush=True)
        watch(stack)
    except KeyboardInterrupt:
        print()
    finally:
        progress("ending everything")
        stack.down()


def watch(stack: Stack) -> None:
    """Keeps the customers calling and looks that every part lives; returns only by an exception."""
    loop = CallerLoop(stack)
    try:
        while True:
            stack.check()
            loop.step()
            time.sleep(1)
    finally:
        loop.close()
