# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How fast, and how surely, a caller's number finds its customer among a million written numbers.

    .cache/venv/bin/python bench/lookup.py DATABASE [--numbers 1000000] [--probes 2000]

DATABASE has cc_telephony installed; it is only read: everything happens in a copy that is dropped at the end.
Each customer's number stands in the phone field in one of five written forms, by turns; each probe is a number as
a trunk sends it, in one of four forms. Three ways on the same rows, in the same run:

- *key*: one probe of the unique index on ``cc.phone.number.key``, with the link to the customer;
- *phone_mobile_search*: Odoo's own search on the number as it came (``=``);
- *last 8 digits*: ``phone ilike '%12345678'``, what many integrations do.

Milliseconds are of the SQL alone, as the ORM writes it. *found*: the right customer is among the answers; *alone*:
and nobody else is. Probes of the slow ways are fewer (a scan of a million rows takes its time); the count is shown.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
from table import percentile, show

ADDONS = Path(__file__).parents[1] / "addons"
sys.path.insert(0, str(ADDONS / "cc_telephony" / "utils"))
import phone  # noqa: E402  (the addon's own function, without Odoo round it)

SEED = 19
COUNTRY = "CN"
# China's mobile prefixes with eight digits behind: enough for a hundred million different numbers
PREFIXES = ("135", "136", "137", "138", "139", "150", "151", "158", "186", "187", "188")

WRITTEN: tuple[Callable[[str], str], ...] = (
    lambda d: f"+86 {d[:3]} {d[3:7]} {d[7:]}",
    lambda d: d,
    lambda d: f"{d[:3]}-{d[3:7]}-{d[7:]}",
    lambda d: f"0086 {d[:3]} {d[3:7]} {d[7:]}",
    lambda d: f"(86){d}",
)
CALLED: tuple[Callable[[str], str], ...] = (
    lambda d: f"+86{d}",
    lambda d: d,
    lambda d: f"0{d}",
    lambda d: f"0086{d}",
)


def numbers(count: int) -> list[str]:
    """`count` different national numbers, the same in every run."""
    dice = random.Random(SEED)
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{dice.choice(PREFIXES)}{dice.randrange(10**8):08d}"] = None
    return list(found)


def keys_of(texts: list[str]) -> list[str | None]:
    return [phone.phone_key(text, COUNTRY) for text in texts]


def read_keys(texts: list[str]) -> tuple[list[str | None], float]:
    """The keys of all texts by the addon's own function, on all cores; and the milliseconds of one on one."""
    begun = time.perf_counter()
    keys_of(texts[:2000])
    one = (time.perf_counter() - begun) / min(2000, len(texts)) * 1000
    chunks = [texts[at : at + 20_000] for at in range(0, len(texts), 20_000)]
    keys: list[str | None] = []
    with ProcessPoolExecutor() as pool:
        for n, chunk in enumerate(pool.map(keys_of, chunks), 1):
            keys.extend(chunk)
            print(f"\r  reading numbers: {n * 100 // len(chunks)} %", end="", flush=True)
    print()
    return keys, one


def copy(
    cursor: Any, table: str, columns: Iterable[str], rows: Iterable[tuple[object, ...]]
) -> None:
    buffer = io.StringIO()
    for row in rows:
        buffer.write("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n")
    buffer.seek(0)
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", buffer)


def fill(database: str, texts: list[str], keys: list[str | None]) -> int:
    """Customers, numbers and links, written straight into the tables. Returns the first customer's id."""
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT max(id) + 1 FROM res_partner")
        first = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM cc_phone_number")
        first_number = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM res_country WHERE code = %s", [COUNTRY])
        country = cursor.fetchone()[0]
        # columns that must not be empty take the value of a customer that is there
        cursor.execute(
            """SELECT column_name FROM information_schema.columns
                WHERE table_name = 'res_partner' AND is_nullable = 'NO' AND column_default IS NULL
                  AND column_name NOT IN ('id', 'name', 'phone', 'active', 'country_id')"""
        )
        needed = [name for (name,) in cursor.fetchall()]
        sample: tuple[object, ...] = ()
        if needed:
            cursor.execute(f"SELECT {', '.join(needed)} FROM res_partner ORDER BY id LIMIT 1")
            sample = cursor.fetchone()
        print("  writing customers", flush=True)
        copy(
            cursor,
            "res_partner",
            ["id", "name", "complete_name", "phone", "active", "country_id", *needed],
            (
                (first + n, f"Customer {n}", f"Customer {n}", text, "t", country, *sample)
                for n, text in enumerate(texts)
            ),
        )
        print("  writing numbers and links", flush=True)
        copy(
            cursor,
            "cc_phone_number",
            ["id", "key", "display", "mask"],
            ((first_number + n, key, key, "") for n, key in enumerate(keys)),
        )
        copy(
            cursor,
            "cc_phone_link",
            ["number_id", "partner_id", "main", "synced"],
            ((first_number + n, first + n, "f", "t") for n in range(len(keys))),
        )
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in ("res_partner", "cc_phone_number", "cc_phone_link"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()
    return int(first)


def measure(
    cursor: Any, probes: list[tuple[str, int]], make: Callable[[str], tuple[str, Any]]
) -> tuple[list[float], int, int]:
    """Milliseconds of each probe, how many found their customer, how many found only that one."""
    times, found, alone = [], 0, 0
    for text, partner in probes:
        query, params = make(text)
        begun = time.perf_counter()
        cursor.execute(query, params)
        rows = [row[0] for row in cursor.fetchall()]
        times.append((time.perf_counter() - begun) * 1000)
        found += partner in rows
        alone += rows == [partner]
    return times, found, alone


def compare(database: str, first: int, digits: list[str], count: int) -> list[list[object]]:
    """A row of the table for each way."""
    import odoo.tools
    from odoo import api
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(
        ["-d", database, "--addons-path", str(ADDONS), "--log-level", "critical"]
    )
    dice = random.Random(SEED + 1)
    probes = []
    for n in range(count):
        at = dice.randrange(len(digits))
        probes.append((CALLED[n % len(CALLED)](digits[at]), first + at))
    rows: list[list[object]] = []
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        partners = env["res.partner"]

        def key(text: str) -> tuple[str, Any]:
            return (
                "SELECT l.partner_id FROM cc_phone_number n JOIN cc_phone_link l ON l.number_id = n.id"
                " WHERE n.key = %s",
                [phone.phone_key(text, COUNTRY)],
            )

        def by_domain(domain: list[Any]) -> tuple[str, Any]:
            query = partners._search(domain).select("res_partner.id")
            return query.code, query.params

        cursor = cr._obj
        ways: list[tuple[str, int, Callable[[str], tuple[str, Any]]]] = [
            ("key", count, key),
            (
                "phone_mobile_search",
                count,
                lambda text: by_domain([("phone_mobile_search", "=", text)]),
            ),
            (
                "last 8 digits, ilike",
                min(count, 40),
                lambda text: by_domain([("phone", "=ilike", f"%{text[-8:]}")]),
            ),
        ]
        for name, tries, make in ways:
            print(f"  probing: {name}", flush=True)
            some = probes[:tries]
            measure(cursor, some[: min(20, tries)], make)  # warm: plans and pages
            times, found, alone = measure(cursor, some, make)
            rows.append(
                [
                    name,
                    tries,
                    f"{percentile(times, 0.5):.3f}",
                    f"{percentile(times, 0.99):.3f}",
                    f"{found / tries:.1%}",
                    f"{alone / tries:.1%}",
                ]
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--probes", type=int, default=2000)
    options = parser.parse_args()
    temporary = f"{options.database}_lookup_{os.getpid()}"
    digits = numbers(options.numbers)
    texts = [WRITTEN[n % len(WRITTEN)](number) for n, number in enumerate(digits)]
    print(f"{len(texts)} numbers in {len(WRITTEN)} written forms", flush=True)
    keys, one = read_keys(texts)
    subprocess.run(["createdb", "-T", options.database, temporary], check=True)
    try:
        first = fill(temporary, texts, keys)
        rows = compare(temporary, first, digits, options.probes)
    finally:
        subprocess.run(["dropdb", "--force", temporary], check=True)
    show(
        f"A caller's number among {options.numbers:,} (reading one written number: {one:.3f} ms)",
        ["way", "probes", "p50 ms", "p99 ms", "found", "alone"],
        rows,
    )


if __name__ == "__main__":
    main()
