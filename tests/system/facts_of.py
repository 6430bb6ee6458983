# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the database holds after a call, read past Odoo: a test must not believe the thing it tests."""

from __future__ import annotations

from dataclasses import dataclass

from cc_stack.stack import Stack


@dataclass(frozen=True, slots=True)
class Call:
    """One row of cc_call with what hangs on it. Times are seconds since 1970."""

    id: int
    direction: str
    state: str
    partner: str
    agent: str
    queue: str
    key: str
    started: float
    answered: float
    ended: float
    talk_s: float
    ended_by: str
    loss: str
    attempts: list[tuple[str, str]]
    legs: list[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A customer of the demo data and one of the numbers that reach them."""

    partner_id: int
    name: str
    key: str


def ask(stack: Stack, sql: str) -> list[list[str]]:
    return [list(row) for row in stack.postgres.query(sql, stack.settings.database)]


def calls(stack: Stack, key: str, since: float = 0) -> list[Call]:
    """All calls with this number, oldest first."""
    rows = ask(
        stack,
        f"""
        SELECT c.id, c.direction, c.state, coalesce(p.name, ''), coalesce(a.number, ''),
               coalesce(q.code, ''), n.key,
               coalesce(extract(epoch FROM c.started_at), 0), coalesce(extract(epoch FROM c.answered_at), 0),
               coalesce(extract(epoch FROM c.ended_at), 0), coalesce(c.talk_s, 0),
               coalesce(c.ended_by, ''), coalesce(c.loss, '')
          FROM cc_call c
          JOIN cc_phone_number n ON n.id = c.number_id
          LEFT JOIN res_partner p ON p.id = c.partner_id
          LEFT JOIN cc_agent a ON a.id = c.agent_id
          LEFT JOIN cc_queue q ON q.id = c.queue_id
         WHERE n.key = '{key}' AND extract(epoch FROM c.started_at) >= {since - 2}
         ORDER BY c.id
        """,
    )
    found = []
    for row in rows:
        attempts = ask(
            stack,
            f"""SELECT coalesce(a.number, ''), coalesce(t.outcome, '') FROM cc_call_attempt t
                LEFT JOIN cc_agent a ON a.id = t.agent_id WHERE t.call_id = {row[0]} ORDER BY t.n""",
        )
        legs = ask(stack, f"SELECT role FROM cc_call_leg WHERE call_id = {row[0]} ORDER BY leg")
        found.append(
            Call(
                int(row[0]),
                *row[1:7],
                *(float(value) for value in row[7:11]),
                row[11],
                row[12],
                [(a, b) for a, b in attempts],
                [leg[0] for leg in legs],
            )
        )
    return found


def known_customer(stack: Stack, skip: int = 0) -> Known:
    """A customer with a mobile of their own, which takes text messages too; another one for each `skip`."""
    rows = ask(
        stack,
        f"""
        SELECT p.id, p.name, n.key FROM res_partner p
          JOIN cc_phone_link l ON l.partner_id = p.id
          JOIN cc_phone_number n ON n.id = l.number_id
         WHERE n.key LIKE '+8613%' AND p.parent_id IS NULL
           AND (SELECT count(*) FROM cc_phone_link o WHERE o.number_id = n.id) = 1
           AND (SELECT count(*) FROM cc_phone_link o WHERE o.partner_id = p.id) = 1
           AND NOT EXISTS (SELECT 1 FROM cc_call c WHERE c.number_id = n.id)
         ORDER BY p.id LIMIT 1 OFFSET {skip}
        """,
    )
    assert rows, "the demo data has no customer with a number of their own"
    return Known(int(rows[0][0]), rows[0][1], rows[0][2])


def shared_number(stack: Stack) -> tuple[str, list[str]]:
    """A number that several customers share, and their names."""
    rows = ask(
        stack,
        """
        SELECT n.key, string_agg(p.name, '|' ORDER BY p.id) FROM cc_phone_number n
          JOIN cc_phone_link l ON l.number_id = n.id JOIN res_partner p ON p.id = l.partner_id
         GROUP BY n.key HAVING count(DISTINCT p.id) > 1 ORDER BY n.key LIMIT 1
        """,
    )
    assert rows, "the demo data has no shared number"
    return rows[0][0], rows[0][1].split("|")


def recordings(stack: Stack, call_id: int) -> list[dict[str, str]]:
    """The call's recordings, by part."""
    rows = ask(
        stack,
        "SELECT id, state, round(coalesce(duration_s, 0) * 1000), coalesce(sha256, ''), kind"
        f" FROM cc_recording WHERE call_id = {call_id} ORDER BY part",
    )
    names = ("id", "state", "duration_ms", "sha256", "kind")
    return [dict(zip(names, row, strict=True)) for row in rows]
