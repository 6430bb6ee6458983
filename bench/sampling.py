# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How long the database works to draw an inspection list among ten million calls.

    .cache/venv/bin/python bench/sampling.py ODOO_CONF DATABASE [--calls 10000000] [--draws 5]

DATABASE has cc_quality installed; it is only read: everything happens in a copy that is dropped at the end. The calls
lie in the table in order of time over a year, by 200 agents of ten departments, each with a recording. A list asks for
200 calls of one month and one department; others for 200 of all departments and the whole year, one of them by talk
time too. Milliseconds are of the SQL of one draw alone, as the product sends it; the plans are looked at for a sort.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from table import percentile, show

import odoo
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import SQL, config

COPY = "cc_bench_sampling"
BEGIN = datetime(2025, 11, 1)
YEAR = 365 * 86400
AGENTS, DEPARTMENTS = 200, 10


def admin(statement: str) -> None:
    """One statement outside a transaction."""
    with db_connect("postgres").cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(SQL(statement))


def fill(env: Any, calls: int) -> dict[str, Any]:
    """The rows: agents by the ORM, calls and recordings by the database itself.

    :return: company, template and one of the departments
    """
    company = env["res.company"].create({"name": "Bench"})
    env = env(context={"allowed_company_ids": [company.id]})
    pbx = env["cc.pbx"].create({"name": "Bench", "code": "bench", "company_id": company.id})
    departments = env["hr.department"].create(
        [{"name": f"D{n}", "company_id": company.id} for n in range(DEPARTMENTS)]
    )
    users = env["res.users"].create(
        [
            {
                "name": f"A{n}",
                "login": f"bench{n}",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
            }
            for n in range(AGENTS)
        ]
    )
    agents = env["cc.agent"].create(
        [
            {
                "user_id": user.id,
                "number": str(10000 + n),
                "pbx_id": pbx.id,
                "company_id": company.id,
                "department_id": departments[n % DEPARTMENTS].id,
            }
            for n, user in enumerate(users)
        ]
    )
    item = env["cc.quality.item"].create(
        {"name": "I", "total": 10, "subitem_ids": [(0, 0, {"name": "S", "maximum": 10})]}
    )
    template = env["cc.quality.template"].create(
        {"name": "T", "line_ids": [(0, 0, {"item_id": item.id})], "enabled": True}
    )
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'cc_call'")
    kept = [row[0] for row in cr.fetchall()]
    cr.execute(
        """SELECT conname FROM pg_constraint
           WHERE conrelid = 'cc_call'::regclass AND contype IN ('f', 'u')"""
    )
    for (name,) in cr.fetchall():
        cr.execute(SQL("ALTER TABLE cc_call DROP CONSTRAINT %s", SQL.identifier(name)))
    cr.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'cc_call' AND indexname NOT LIKE %s",
        ["%pkey"],
    )
    for (name,) in cr.fetchall():
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    cr.execute(
        """INSERT INTO cc_call (call_uid, pbx_id, company_id, department_id, agent_id, rev, direction,
                                state, started_at, answered_at, ended_at, talk_s, duration_s, create_uid,
                                number_display, line, ring_at, queued_at, wait_s, ring_s, hold_s, ended_by,
                                has_recording)
           SELECT 'bench-' || n, %(pbx)s, %(company)s,
                  (%(departments)s::int[])[1 + n %% %(n)s], (%(agents)s::int[])[1 + n %% %(m)s], 6,
                  CASE WHEN n %% 4 = 0 THEN 'outbound' ELSE 'inbound' END, 'ended',
                  %(begin)s::timestamp + make_interval(secs => n * %(step)s),
                  %(begin)s::timestamp + make_interval(secs => n * %(step)s + 9),
                  %(begin)s::timestamp + make_interval(secs => n * %(step)s + 100),
                  60 + n %% 61, 100, 1, '+86 138 0013 8000', 'trunk',
                  %(begin)s::timestamp + make_interval(secs => n * %(step)s + 3),
                  %(begin)s::timestamp + make_interval(secs => n * %(step)s + 1),
                  8, 6, 0, 'customer', true
           FROM generate_series(0, %(last)s) n""",
        {
            "pbx": pbx.id,
            "company": company.id,
            "departments": departments.ids,
            "agents": agents.ids,
            "n": DEPARTMENTS,
            "m": AGENTS,
            "begin": BEGIN,
            "step": YEAR / calls,
            "last": calls - 1,
        },
    )
    for definition in kept:
        if "pkey" not in definition:
            cr.execute(SQL(definition.replace("%", "%%")))
    env.cr.commit()
    with db_connect(COPY).cursor() as other:
        other._cnx.autocommit = True
        other.execute("VACUUM (ANALYZE) cc_call")
    return {"company": company, "template": template, "department": departments[0]}


class Clock:
    """Sums up what the database needs, and keeps the statements."""

    def __init__(self, cr: Any) -> None:
        self.cr, self.real = cr, cr.execute
        self.seconds, self.statements = 0.0, []

    def __enter__(self) -> Clock:
        def timed(query: Any, *args: Any, **more: Any) -> Any:
            begun = time.perf_counter()
            try:
                return self.real(query, *args, **more)
            finally:
                self.seconds += time.perf_counter() - begun
                self.statements.append(query)

        self.cr.execute = timed
        return self

    def __exit__(self, *_error: object) -> None:
        del self.cr.execute


# a plan may sort the sums of 200 agents; what it must not sort are the calls
FEW = 10_000
SORTED = re.compile(r"(?:Sort|Gather Merge)  \(.* rows=(\d+) ")


def sorts(cr: Any, statements: list[Any]) -> int:
    """How many of the draw's plans sort calls."""
    found = 0
    for statement in statements:
        if (
            isinstance(statement, SQL)
            and statement.code.lstrip().startswith("SELECT")
            and "cc_call" in statement.code
        ):
            cr.execute(SQL("EXPLAIN %s", statement))
            rows = [int(m[1]) for (line,) in cr.fetchall() if (m := SORTED.search(line))]
            found += any(row > FEW for row in rows)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("conf")
    parser.add_argument("database")
    parser.add_argument("--calls", type=int, default=10_000_000)
    parser.add_argument("--draws", type=int, default=5)
    args = parser.parse_args()
    config.parse_config(["-c", args.conf, "-d", COPY, "--workers=0", "--max-cron-threads=0"])
    logging.disable(logging.INFO)
    admin(f'DROP DATABASE IF EXISTS "{COPY}"')
    admin(f'CREATE DATABASE "{COPY}" TEMPLATE "{args.database}"')
    try:
        registry = Registry(COPY)
        with registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            begun = time.perf_counter()
            made = fill(env, args.calls)
            sys.stdout.write(f"{args.calls} calls made in {time.perf_counter() - begun:.0f} s\n")
            rows = []
            for label, department, days, more in (
                ("a month, one department", made["department"], 30, {}),
                ("the year, everybody", env["hr.department"], 365, {}),
                (
                    "… talks of 70 to 80 s",
                    env["hr.department"],
                    365,
                    {"talk_min_s": 70, "talk_max_s": 80},
                ),
            ):
                times, drawn, count, sorted_plans = [], 0, 0, 0
                for seed in range(args.draws):
                    one = env["cc.quality.list"].create(
                        {
                            "name": label,
                            "company_id": made["company"].id,
                            "template_id": made["template"].id,
                            "rule": "total",
                            "count": 200,
                            "date_from": BEGIN + timedelta(days=90 if days == 30 else 0),
                            "date_to": BEGIN + timedelta(days=90 + days if days == 30 else days),
                            "department_ids": [(6, 0, department.ids)],
                            "state": "waiting",
                            **more,
                        }
                    )
                    env.flush_all()
                    with Clock(cr) as clock:
                        one.with_context(queue_job__no_delay=False)._job_draw(seed)
                        env.flush_all()
                    times.append(clock.seconds * 1000)
                    drawn, count = one.drawn_count, one.candidate_count
                    sorted_plans += sorts(cr, clock.statements)
                rows.append(
                    [
                        label,
                        f"{count:,}",
                        str(drawn),
                        f"{percentile(times, 0.5):.0f}",
                        f"{max(times):.0f}",
                        str(sorted_plans),
                    ]
                )
            show(
                "Drawing an inspection list",
                ["list", "calls that qualify", "drawn", "SQL ms (median)", "worst", "sorts"],
                rows,
            )
            cr.rollback()
    finally:
        odoo.sql_db.close_all()
        admin(f'DROP DATABASE IF EXISTS "{COPY}"')


if __name__ == "__main__":
    main()
