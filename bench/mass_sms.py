# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast a file of a million lines, half of them rubbish, becomes messages or a campaign's customers.

    .cache/venv/bin/python bench/mass_sms.py CONFIG [--lines 1000000]

CONFIG is an instance's odoo.conf; its database has cc_survey_dialer installed and is only read: everything happens
in a copy that is dropped at the end. Of each twenty lines eight are numbers, in five written forms, two are numbers
that came before, ten hold no number (words, digits cut short, too many digits, prefixes that do not exist). Each
reading is done in a process of its own, committed step by step as Odoo's cron does it:

- *one by one* (baseline): each line through the one reading of numbers and the ORM, on part of the file;
- *mass message*: the whole file into `cc.sms.message`;
- *mass message, killed*: the process is killed (SIGKILL) after its first step; another one reads on;
- *list of customers*: the whole file, with names, into a task that feeds a campaign.

What came out is compared with what was put in: messages, duplicates and bad lines, each with its line.
"""

from __future__ import annotations

import argparse
import base64
import configparser
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from table import show

ADDONS = Path(__file__).parents[1] / "addons"
SEED = 12
BASELINE = 5_000
WRITTEN = ("{0}{1}{2}", "+86 {0} {1} {2}", "{0}-{1}-{2}", "0086{0}{1}{2}", "86{0}{1}{2}")
PREFIXES = ("135", "136", "137", "138", "139", "150", "151", "158", "186", "187", "188")


def rubbish(dice: random.Random, kind: int) -> str:
    """A line without a number."""
    digits = f"{dice.randrange(10**8):08d}"
    return (
        f"customer {digits[:4]}",
        f"138{digits[:7]}",
        f"138{digits}77",
        f"129{digits}",
        f"0000{digits[:7]}",
        f"10{digits}{digits}",
        f"tel {digits[:5]}",
        "----------",
        f"{digits[:3]}",
        f"199 {digits[:6]}",
    )[kind]


def lines(count: int) -> Iterator[tuple[str, str]]:
    """Lines and what is to become of each: number, duplicate or bad. The same in every run."""
    dice = random.Random(SEED)
    taken: list[str] = []
    known: set[str] = set()
    for n in range(count):
        place = n % 20
        if place >= 10:
            yield rubbish(dice, place - 10), "bad"
            continue
        if place >= 8 and taken:
            national, what = dice.choice(taken), "duplicate"
        else:
            national = ""
            while not national or national in known:
                national = f"{dice.choice(PREFIXES)}{dice.randrange(10**8):08d}"
            known.add(national)
            taken.append(national)
            what = "number"
        form = WRITTEN[n % len(WRITTEN)]
        yield form.format(national[:3], national[3:7], national[7:]), what


def environment(config: str, database: str) -> Any:
    """Odoo's environment on the copy, committing."""
    import odoo.tools
    from odoo import api
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", config, "-d", database, "--log-level", "critical"])
    return api.Environment(Registry(database).cursor(), api.SUPERUSER_ID, {})


def read(config: str, database: str, model: str, record: int) -> None:
    """One process's work: steps, each committed. Says so after each."""
    env = environment(config, database)
    one = env[model].browse(record)
    while one.state == "reading":
        one._read_step()
        env.cr.commit()
        print("STEP", one.line_read, flush=True)
    env.cr.close()


def worker(
    args: argparse.Namespace, database: str, model: str, record: int
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, __file__, args.config, "--read", database, model, str(record)],
        stdout=subprocess.PIPE,
        text=True,
    )


def timed(args: argparse.Namespace, database: str, model: str, record: int, *, kill: bool) -> float:
    """Seconds from the first process's start to the end of the last."""
    begun = time.perf_counter()
    first = worker(args, database, model, record)
    assert first.stdout
    if kill:
        first.stdout.readline()
        first.kill()
    first.wait()
    if kill:
        second = worker(args, database, model, record)
        second.wait()
        assert second.returncode == 0
    return time.perf_counter() - begun


def one_by_one(env: Any, company: Any, gateway: Any, texts: list[str]) -> float:
    """Seconds for these lines by the ORM, as a loop over a file would do it."""
    job = env["cc.sms.job"].create({"name": "Loop", "text": "x", "gateway_id": gateway.id})
    begun = time.perf_counter()
    for number, text in enumerate(texts, 1):
        found = env["cc.phone.number"]._ingest([(text, "CN")])[text, "CN"]
        present = env["cc.sms.message"].search_count(
            [("job_id", "=", job.id), ("number_id", "=", found.id)], limit=1
        )
        if not found or not found.key.startswith("+") or present:
            kind = "duplicate" if present else "text"
            env["cc.sms.job.problem"].create(
                {"job_id": job.id, "line_no": number, "kind": kind, "text": text[:3]}
            )
            continue
        env["cc.sms.message"].create(
            {
                "uuid": f"loop-{number}",
                "company_id": company.id,
                "gateway_id": gateway.id,
                "number_id": found.id,
                "number_display": found.display,
                "job_id": job.id,
                "line_no": number,
            }
        )
    env.flush_all()
    seconds = time.perf_counter() - begun
    env.cr.rollback()
    return seconds


def rows_of(env: Any, table: str, owner: str, record: int) -> list[int]:
    env.cr.execute(f"SELECT line_no FROM {table} WHERE {owner} = %s ORDER BY line_no", [record])
    return [row[0] for row in env.cr.fetchall()]


def check(
    env: Any, kinds: list[str], taken: tuple[str, str], left: tuple[str, str], record: int
) -> None:
    """Each line is where it belongs."""
    wanted: dict[bool, list[int]] = {True: [], False: []}
    for number, kind in enumerate(kinds, 1):
        wanted[kind == "number"].append(number)
    assert rows_of(env, *taken, record) == wanted[True], "numbers"
    assert rows_of(env, *left, record) == wanted[False], "lines left out"
    env.cr.execute(
        f"SELECT kind, count(*) FROM {left[0]} WHERE {left[1]} = %s GROUP BY 1", [record]
    )
    found = dict(env.cr.fetchall())
    assert found["duplicate"] == kinds.count("duplicate"), found
    print("  left out:", found, flush=True)


def measure(args: argparse.Namespace, database: str) -> list[list[object]]:
    made = list(lines(args.lines))
    kinds = [kind for _text, kind in made]
    env = environment(args.config, database)
    company = env.company
    company.country_id = env.ref("base.cn")
    gateway = env["cc.sms.gateway"].create(
        {"name": "Bench", "url": "http://127.0.0.1:9", "company_id": company.id}
    )
    plain = "\n".join(text for text, _kind in made)
    named = "\n".join(f"{text},Customer {n}" for n, (text, _kind) in enumerate(made))
    jobs = env["cc.sms.job"].create(
        [
            {
                "name": name,
                "text": "x",
                "gateway_id": gateway.id,
                "state": "reading",
                "file": base64.b64encode(plain.encode()),
            }
            for name in ("whole", "killed")
        ]
    )
    task = env["cc.customer.task"].create({"name": "Bench", "source": "manual"})
    listed = env["cc.customer.task.list"].create(
        {
            "name": "bench.csv",
            "task_id": task.id,
            "file": base64.b64encode(named.encode()),
            "number_column": 1,
            "name_column": 2,
            "country": "CN",
        }
    )
    env.cr.commit()
    some = [text for text, _kind in made[:BASELINE]]
    seconds = one_by_one(env, company, gateway, some)
    rows: list[list[object]] = [
        ["baseline: one by one", len(some), seconds, round(len(some) / seconds)]
    ]
    env.cr.commit()
    messages, problems = ("cc_sms_message", "job_id"), ("cc_sms_job_problem", "job_id")
    for name, model, record, taken, left in (
        ("mass message", "cc.sms.job", jobs[0].id, messages, problems),
        ("mass message, killed and read on", "cc.sms.job", jobs[1].id, messages, problems),
        (
            "list of customers",
            "cc.customer.task.list",
            listed.id,
            ("cc_customer_task_line", "list_id"),
            ("cc_customer_task_list_problem", "list_id"),
        ),
    ):
        seconds = timed(args, database, model, record, kill="killed" in name)
        check(env, kinds, taken, left, record)
        env.cr.commit()
        rows.append([name, args.lines, seconds, round(args.lines / seconds)])
    env.cr.close()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("config")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--read", nargs=3, metavar=("DATABASE", "MODEL", "ID"))
    args = parser.parse_args()
    if args.read:
        read(args.config, args.read[0], args.read[1], int(args.read[2]))
        return
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(args.config)
    options = settings["options"]
    os.environ.update(
        PGHOST=options["db_host"],
        PGPORT=options["db_port"],
        PGUSER=options["db_user"],
        PGPASSWORD=options.get("db_password", ""),
    )
    copy = f"{options['db_name']}_mass_{os.getpid()}"
    subprocess.run(["createdb", "-T", options["db_name"], copy], check=True)
    try:
        rows = measure(args, copy)
    finally:
        subprocess.run(["dropdb", "--force", copy], check=True)
    show(f"{args.lines:,} lines, half of them rubbish", ["way", "lines", "s", "lines/s"], rows)


if __name__ == "__main__":
    main()
