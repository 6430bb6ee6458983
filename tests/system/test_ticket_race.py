# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""T01: two people press the same button in the same second, on a server with two workers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from facts_of import ask
from rpc import Person

from cc_stack.settings import StackError
from cc_stack.stack import Stack

TICKETS = "helpdesk.ticket"
REPEATS = 20


def at_once(ticket: int, kind: str, people: list[Person]) -> list[str]:
    """All of them do the same move behind a barrier; what each is told, empty for who did it."""
    seen = people[0].rpc("cc_desk", [ticket], model=TICKETS)["rev"]
    barrier = threading.Barrier(len(people))

    def do(person: Person) -> str:
        barrier.wait()
        try:
            values = {"rev": seen, "text": f"By {person.login}"}
            person.rpc("cc_move", [ticket], kind, values, model=TICKETS)
        except StackError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(do, people))


def test_the_same_step_twice(stack: Stack) -> None:
    """One move each time; whoever comes second is told by name who was faster, never by a traceback."""
    ann, ben = Person(stack, "ann"), Person(stack, "ben")
    [template] = ann.rpc("search", [["name", "=", "Technical support"]], model="cc.ticket.template")
    for number in range(REPEATS):
        values = {"cc_template_id": template, "name": f"Race {number}"}
        [ticket] = ann.rpc("create", [values], model=TICKETS)
        ann.rpc("cc_move", [ticket], "start", model=TICKETS)
        told = at_once(ticket, "accept", [ann, ben])
        assert told.count("") == 1, told
        assert any("has changed ticket" in text for text in told), told
        winner = (ann, ben)[told.index("")]
        # the one who has it has it open twice
        told = at_once(ticket, "submit", [winner, Person(stack, winner.login)])
        assert told.count("") == 1, told
        kinds = [
            kind
            for [kind] in ask(
                stack, f"SELECT kind FROM cc_ticket_move WHERE ticket_id = {ticket} ORDER BY id"
            )
        ]
        assert kinds == ["create", "start", "accept", "submit"]
        # nobody holds anything: the next move goes through
        winner.rpc("cc_move", [ticket], "add", {"text": "Still here"}, model=TICKETS)
