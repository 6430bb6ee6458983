# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast tickets open with 100,000 of them: lists, counter, statistics, as those who may see few, many, all.

    .cache/venv-bridge/bin/python bench/tickets.py [--tickets 100000] [--times 15] [--keep]

An instance of its own with two workers behind nginx; the tickets are written by SQL: 97 % closed, one customer with a
twentieth of them, two turns and four moves each, handled by the demo's agents in their departments. Asked for are
the web client's own RPCs (the list's columns by its view, 80 rows, the counted total), by HTTP, so that a
figure is what a browser waits for; warm, p50 and p95. Last, the same in Chromium: from the click in the menu until
the rows of "Done by me" and "Created by me" are there.

Baselines in the same run: each RPC on the demo's few tickets before the fill, and the smallest RPC that reads.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from table import percentile, show

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / name) for name in ("scripts", "tests", "tests/system")]

from chromium import CHROMIUM  # noqa: E402
from desk import Desk  # noqa: E402

from cc_stack.rpc import Person  # noqa: E402
from cc_stack.stack import Stack  # noqa: E402

INSTANCE = os.environ.get("CC_BENCH_INSTANCE", "bench")
TICKETS = "helpdesk.ticket"
CLICK = "in Chromium: from the click until the rows"
LIVE = ["open", "progress", "feedback", "visit"]
BIG = "Customer of the bench"

FILL = """
SET work_mem = '256MB';
CREATE TEMP TABLE agents AS
    SELECT row_number() OVER (ORDER BY a.id) - 1 AS k, a.user_id, a.department_id
      FROM cc_agent a WHERE a.active AND a.department_id IS NOT NULL;
CREATE TEMP TABLE customers AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS k, id, name FROM res_partner
     WHERE commercial_partner_id = id AND active;
CREATE TEMP TABLE protos AS
    SELECT t.*, cc_state = 'closed' AS done,
           row_number() OVER (PARTITION BY cc_state = 'closed' ORDER BY id) - 1 AS k
      FROM helpdesk_ticket t WHERE cc_template_id IS NOT NULL AND cc_state != 'draft' AND active;
CREATE TEMP TABLE plan AS
    SELECT nextval('helpdesk_ticket_id_seq') AS new_id, n, p.id AS proto, a.user_id, a.department_id,
           c.user_id AS creator, c.department_id AS home,
           CASE WHEN n % 20 = 0 THEN {big} ELSE (SELECT id FROM customers WHERE k = n % (SELECT count(*) FROM customers)) END
               AS partner,
           timezone('UTC', now()) - make_interval(mins => (n % 1000000) * 10) AS at
      FROM generate_series(1, {count}) n
      JOIN protos p ON p.done = (n % 100 >= 3)
       AND p.k = n % (SELECT count(*) FROM protos q WHERE q.done = (n % 100 >= 3))
      JOIN agents a ON a.k = n % (SELECT count(*) FROM agents)
      JOIN agents c ON c.k = (n / 7) % (SELECT count(*) FROM agents);
CREATE TEMP TABLE fresh AS SELECT p.* FROM protos p JOIN plan ON plan.proto = p.id;
"""
# taken over from another ticket as they are, but for these
OVER = {
    "id": "plan.new_id",
    "number": "'HT' || lpad((plan.n + 1000)::text, 5, '0')",
    "name": "'Bench ' || plan.n",
    "partner_id": "plan.partner",
    "commercial_partner_id": "plan.partner",
    "partner_name": "NULL",
    "partner_email": "NULL",
    "user_id": "CASE WHEN p.user_id IS NULL AND NOT p.done THEN NULL ELSE plan.user_id END",
    "cc_department_id": "plan.department_id",
    "cc_group_id": "NULL",
    "cc_creator_id": "plan.creator",
    "cc_home_department_id": "plan.home",
    "cc_turn_id": "NULL",
    "cc_parent_id": "NULL",
    "cc_schedule_id": "NULL",
    "create_date": "plan.at",
    "write_date": "plan.at",
    "closed_date": "CASE WHEN p.done THEN plan.at + interval '2 days' END",
    "cc_deadline": "CASE WHEN NOT p.done AND plan.n % 2 = 0 THEN plan.at + interval '1 day' END",
    "cc_urge_count": "plan.n % 5 / 4",
    "priority": "(plan.n % 3)::text",
    "cc_properties": "COALESCE(p.cc_properties, '{}'::jsonb) || jsonb_build_object('bench', 'serial ' || plan.n)",
    "access_token": "NULL",
    "duplicate_id": "NULL",
}
AFTER = """
INSERT INTO cc_ticket_turn (ticket_id, company_id, template_id, type_id, step_id, first_step_id, step_name, user_id,
                            department_id, started_at, accepted_at, ended_at, ended_how, allowed_s, work_s, work_h, wait_s, overdue, late, urges)
    SELECT t.id, t.company_id, t.cc_template_id, t.type_id, step.id, step.first_id, step.name, plan.user_id, plan.department_id,
           t.create_date + make_interval(hours => 3 * s), t.create_date + make_interval(hours => 3 * s),
           t.create_date + make_interval(hours => 3 * s + 2), 'submit', 14400, 7200, 2, 0,
           t.id % 9 = 0, (t.id % 9 = 0)::int, 0
      FROM helpdesk_ticket t JOIN plan ON plan.new_id = t.id CROSS JOIN generate_series(0, 1) s
           LEFT JOIN LATERAL (SELECT id, first_id, name FROM cc_ticket_step WHERE version_id = t.cc_version_id
                               ORDER BY sequence, id LIMIT 1 OFFSET s) step ON true
     WHERE t.cc_state = 'closed' OR s = 0;
WITH turns AS (
    INSERT INTO cc_ticket_turn (ticket_id, company_id, template_id, type_id, step_id, first_step_id, step_name, user_id,
                                department_id, started_at, deadline, allowed_s, work_s, work_h, wait_s, overdue, late, urges)
    SELECT t.id, t.company_id, cc_template_id, type_id, cc_step_id, step.first_id, step.name, user_id,
           cc_department_id, t.create_date, cc_deadline, 14400, 0, 0, 0, false, 0, 0
      FROM helpdesk_ticket t JOIN cc_ticket_step step ON step.id = cc_step_id WHERE t.id IN (SELECT new_id FROM plan) AND cc_state != 'closed'
    RETURNING id, ticket_id)
UPDATE helpdesk_ticket t SET cc_turn_id = turns.id FROM turns WHERE turns.ticket_id = t.id;
INSERT INTO cc_ticket_move (ticket_id, company_id, kind, at, user_id, state)
    SELECT t.id, t.company_id, k.kind, t.create_date + make_interval(hours => k.n::int), plan.user_id, t.cc_state
      FROM helpdesk_ticket t JOIN plan ON plan.new_id = t.id,
           unnest(ARRAY['create', 'start', 'accept', 'submit']) WITH ORDINALITY AS k(kind, n);
INSERT INTO cc_ticket_reader (ticket_id, user_id, kind)
    SELECT new_id, plan.user_id, 'past' FROM plan JOIN helpdesk_ticket t ON t.id = new_id WHERE t.cc_state = 'closed';
INSERT INTO cc_ticket_reader_user_rel (ticket_id, user_id)
    SELECT new_id, plan.user_id FROM plan JOIN helpdesk_ticket t ON t.id = new_id WHERE t.cc_state = 'closed';
"""


class Worker(Person):
    """A person of the demo, and what is theirs."""

    uid: int
    todo: Any
    ticket: int
    template: int

    def look(self, uid: int) -> None:
        self.uid = uid
        self.todo = self(TICKETS, "action_cc_todo")["domain"]
        [self.ticket] = self(TICKETS, "search", [["cc_state", "!=", False]], limit=1)
        [self.template] = self(
            "cc.ticket.template", "search", [["version_id", "!=", False]], limit=1
        )


class Bench:
    """The instance, and what its people ask for."""

    def __init__(self, times: int) -> None:
        self.stack = Stack(INSTANCE)
        self.times = times
        self.people: dict[str, Worker] = {}
        self.columns: dict[str, Any] = {}

    def up(self) -> None:
        self.stack.down()
        self.stack.prepare(fresh=True)
        self.stack._up_database()
        self.stack.odoo.up()
        self.stack.nginx.up()
        settings = self.stack.settings
        for role, login in (("agent", "ann"), ("leader", "lea"), ("manager", "max")):
            self.people[role] = Worker(settings.url, settings.database, login)
        self.columns = self._columns()

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        return self.stack.postgres.query(sql, self.stack.settings.database)

    def _columns(self) -> dict[str, Any]:
        """What the web client asks of a row, by the list's own view."""
        [[view]] = self.ask("SELECT id FROM ir_ui_view WHERE name = 'helpdesk.ticket.list.flow'")
        views = self.people["agent"](TICKETS, "get_views", [[int(view), "list"]])
        fields = views["models"][TICKETS]["fields"]
        names = [
            node.get("name") for node in ET.fromstring(views["views"]["list"]["arch"]).iter("field")
        ]
        return {
            name: {"fields": {"display_name": {}}} if fields[name]["type"] == "many2one" else {}
            for name in names
        }

    def fill(self, count: int) -> None:
        """Writes the tickets; they go past HT99999."""
        [big] = self.people["manager"]("res.partner", "create", [{"name": BIG}])
        columns = [
            row[0]
            for row in self.ask(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'helpdesk_ticket'"
                " AND is_generated = 'NEVER' ORDER BY ordinal_position"
            )
        ]
        values = ", ".join(OVER.get(name, f'p."{name}"') for name in columns)
        listed = ", ".join(f'"{name}"' for name in columns)
        sequence = self.ask("SELECT id FROM ir_sequence WHERE code = 'helpdesk.ticket.sequence'")[
            0
        ][0]
        fill = FILL.replace("{big}", str(big)).replace("{count}", str(count))
        self.ask(
            f"{fill} INSERT INTO helpdesk_ticket ({listed}) SELECT {values} FROM plan"
            f" JOIN protos p ON p.id = plan.proto; {AFTER}"
            f" SELECT setval('ir_sequence_{int(sequence):03d}', {count + 2000});"
        )
        self.ask("VACUUM ANALYZE")

    # ---- what is asked for

    def cases(self) -> list[tuple[str, Callable[[Worker], Any]]]:
        def rows(domain: Callable[[Worker], Any], **more: Any) -> Callable[[Worker], Any]:
            return lambda who: who(
                TICKETS,
                "web_search_read",
                domain=domain(who),
                specification=self.columns,
                limit=80,
                order="priority desc, sequence, id desc",
                count_limit=10001,
                **more,
            )

        def groups(by: str, **more: Any) -> Callable[[Worker], Any]:
            flowing = [["cc_template_id", "!=", False]]
            return lambda who: who(TICKETS, "web_read_group", flowing, [by], ["__count"], **more)

        cards = {
            "auto_unfold": True,
            "unfold_read_specification": self.columns,
            "unfold_read_default_limit": 40,
        }
        partner = self.ask(f"SELECT id FROM res_partner WHERE name = '{BIG}'") or [("1",)]
        customer = int(partner[0][0])
        flow = ["cc_template_id", "!=", False]
        return [
            ("to do (the list of the bar's count)", rows(lambda who: who.todo)),
            ("count in the bar", lambda who: who(TICKETS, "cc_todo_count")),
            (
                "running tickets (what All tickets opens with)",
                rows(lambda who: [flow, ["cc_state", "in", LIVE]]),
            ),
            ("all tickets, without a filter", rows(lambda who: [flow])),
            ("done by me", rows(lambda who: [["cc_done_by_me", "=", True]])),
            (
                "created by me",
                rows(lambda who: [["cc_creator_id", "=", who.uid], ["cc_state", "!=", "draft"]]),
            ),
            ("overdue", rows(lambda who: [flow, ["cc_overdue", "=", True]])),
            (
                "search: number or title",
                rows(
                    lambda who: [
                        flow,
                        "|",
                        ["number", "ilike", "99999"],
                        ["name", "ilike", "99999"],
                    ]
                ),
            ),
            ("search: customer", rows(lambda who: [flow, ["partner_id", "child_of", customer]])),
            (
                "search: description",
                rows(lambda who: [flow, ["description", "ilike", "nowhere written"]]),
            ),
            (
                "search: own field",
                rows(lambda who: [flow, ["cc_properties.bench", "ilike", "serial 4711"]]),
            ),
            ("grouped by state (kanban, 40 cards each)", groups("cc_state", **cards)),
            ("grouped by kind (list)", groups("type_id")),
            (
                "customer's page: counts",
                lambda who: who(
                    "res.partner", "web_read", [customer], {"helpdesk_ticket_count_string": {}}
                ),
            ),
            ("statistics: pivot by kind", self.pivot("type_id")),
            ("statistics: pivot by handler", self.pivot("handler_id")),
            ("handling times: pivot by step and person", self.handling),
            ("one ticket's page: the walk", self.desk),
            ("make one and start it", self.make),
        ]

    def pivot(self, by: str) -> Callable[[Worker], Any]:
        sums = [
            "__count",
            "total:sum",
            "open_count:sum",
            "done_count:sum",
            "done_share:avg",
            "overdue_count:sum",
        ]
        return lambda who: who(
            "cc.ticket.report", "formatted_read_grouping_sets", [], [[], [by]], sums
        )

    def handling(self, who: Worker) -> Any:
        return who(
            "cc.ticket.turn",
            "formatted_read_grouping_sets",
            [["ended_at", "!=", False]],
            [[], ["first_step_id"], ["first_step_id", "user_id"]],
            ["__count", "work_h:sum", "late:sum", "urges:sum"],
        )

    def desk(self, who: Worker) -> Any:
        return who(TICKETS, "cc_desk", [who.ticket])

    def make(self, who: Worker) -> Any:
        made = who(TICKETS, "create", [{"cc_template_id": who.template, "name": "Of the bench"}])
        return who(TICKETS, "cc_move", made, "start")

    def prepare(self) -> None:
        """What differs from one person to the next."""
        for person in self.people.values():
            person.look(
                int(self.ask(f"SELECT id FROM res_users WHERE login = '{person.login}'")[0][0])
            )

    def run(self) -> dict[tuple[str, str], list[float]]:
        """:return: ms by what and role"""
        self.prepare()
        found: dict[tuple[str, str], list[float]] = {}
        for name, call in self.cases():
            for role, person in self.people.items():
                call(person)
                call(person)
                for _ in range(self.times):
                    begun = time.perf_counter()
                    call(person)
                    found.setdefault((name, role), []).append((time.perf_counter() - begun) * 1000)
        for _ in range(self.times):
            begun = time.perf_counter()
            self.people["agent"]("res.lang", "search_count", [])
            found.setdefault(("smallest RPC", "agent"), []).append(
                (time.perf_counter() - begun) * 1000
            )
        return found

    def browse(self) -> list[float]:
        """:return: ms from the click in the menu until the rows of the other list are there, in Chromium"""
        found = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=CHROMIUM
            )
            page = Desk(browser, self.stack, "ann").page
            page.goto(f"{self.stack.settings.url}/odoo/cc-tickets")
            page.wait_for_selector(".o_data_row")
            for number in range(2 * self.times + 2):
                name = "Created by me" if number % 2 else "Done by me"
                page.click("[data-menu-xmlid='cc_ticket.menu_tickets']")
                item = page.locator(".dropdown-item", has_text=name)
                item.wait_for()
                begun = time.perf_counter()
                item.click()
                page.wait_for_selector(f".o_breadcrumb:has-text('{name}')")
                page.wait_for_selector(".o_data_row")
                found.append((time.perf_counter() - begun) * 1000)
            browser.close()
        return found[2:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--keep", action="store_true", help="leave the instance up")
    options = parser.parse_args()
    bench = Bench(options.times)
    try:
        bench.up()
        few = bench.run() | {(CLICK, "agent"): bench.browse()}
        begun = time.time()
        bench.fill(options.tickets)
        print(f"{options.tickets} tickets written in {time.time() - begun:.0f} s")
        many = bench.run() | {(CLICK, "agent"): bench.browse()}
        names = list(dict.fromkeys(name for name, _role in many))
        rows = []
        for name in names:
            base = [ms for (what, _role), list_ in few.items() if what == name for ms in list_]
            row: list[object] = [name, round(percentile(base, 0.5))]
            for role in bench.people:
                values = many.get((name, role), [])
                row += (
                    [round(percentile(values, 0.5)), round(percentile(values, 0.95))]
                    if values
                    else ["", ""]
                )
            rows.append(row)
        heads = [
            "what, ms",
            "few: p50",
            *(f"{role} {part}" for role in bench.people for part in ("p50", "p95")),
        ]
        show(f"{options.tickets} tickets against the demo's few", heads, rows)
    finally:
        if not options.keep:
            bench.stack.down()


if __name__ == "__main__":
    main()
