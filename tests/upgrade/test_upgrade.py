# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A database of the version before, upgraded to what is checked out (ALL-08).

19.0.1.0.0 comes out of git's history, is filled through its own ingest and upgraded; what people had
written and recorded is the same afterwards, and reports count the calls of before.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cc_stack import odoo as odoo_part
from cc_stack.postgres import Postgres, home
from cc_stack.settings import REPO, Settings
from cc_stack.templates import TemplateStore, our_addons

HERE = Path(__file__).parent
#: The commit that 19.0.1.0.0 was, and what it was made of.
OLD, OLD_ADDONS = "32024de", ("cc_telephony", "cc_crm_pop")
#: Columns whose content is meant to change by the upgrade, by table; each with its reason.
CHANGED: dict[str, set[str]] = {
    # one value a call, on the call itself
    "cc_call_note": {"purpose_id", "source_id", "partner_id"},
}
TABLES = (
    "cc_call",
    "cc_call_attempt",
    "cc_call_leg",
    "cc_call_hold",
    "cc_call_transfer",
    "cc_call_key",
    "cc_call_note",
    "cc_recording",
    "cc_agent",
    "cc_agent_session",
    "cc_agent_interval",
    "cc_queue",
    "cc_queue_member",
    "cc_phone_number",
    "cc_phone_link",
    "cc_pbx",
    "cc_extension",
)
COUNTED = ("id", "write_date", "write_uid")
Rows = dict[str, dict[str, dict[str, str]]]


class Upgraded(NamedTuple):
    """The database after the upgrade, and what it held before."""

    postgres: Postgres
    database: str
    before: Rows
    log: str

    def value(self, sql: str) -> str:
        return self.postgres.query(sql, self.database)[0][0]


def _columns(postgres: Postgres, database: str, table: str) -> list[str]:
    rows = postgres.query(
        "SELECT column_name FROM information_schema.columns"
        f" WHERE table_name = '{table}' AND table_schema = 'public' ORDER BY 1",
        database,
    )
    return [row[0] for row in rows]


def _rows(postgres: Postgres, database: str) -> Rows:
    """`{table: {id: {column: value as text}}}` of what people own."""
    found: Rows = {}
    for table in TABLES:
        columns = [name for name in _columns(postgres, database, table) if name not in COUNTED[1:]]
        if not columns:
            continue
        # no text of ours holds a line break in these tables: psql's rows are lines
        listed = ", ".join(f"replace(\"{name}\"::text, E'\\n', ' ')" for name in columns)
        rows = postgres.query(f"SELECT {listed} FROM {table}", database)
        at = columns.index("id")
        found[table] = {row[at]: dict(zip(columns, row, strict=True)) for row in rows}
    return found


def _old_addons(folder: Path) -> None:
    """The old version's addons, out of git's history."""
    archive = subprocess.run(
        ["git", "archive", OLD, "addons"], cwd=REPO, capture_output=True, check=False
    )
    if archive.returncode:
        raise AssertionError(
            f"commit {OLD} is not in this clone (a shallow one?): {archive.stderr.decode()}"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    # built files and packages' files lie outside of git
    for addon in OLD_ADDONS:
        built = REPO / "addons" / addon / "static" / "lib"
        if built.exists():
            shutil.copytree(built, folder / "addons" / addon / "static" / "lib")


class _Site:
    """One database and Odoo's program on it."""

    def __init__(self) -> None:
        self.settings = Settings.load("test-upgrade")
        self.settings.make_folders()
        self.postgres = Postgres(
            self.settings,
            home(self.settings) / "instance-test-upgrade",
            port=self.settings.ports.postgres,
            run_folder=self.settings.run,
            fsync=False,
        )

    def copy_base(self) -> None:
        store = TemplateStore(self.settings)
        template = store.base()
        self.postgres.stop()
        shutil.rmtree(self.settings.data_dir, ignore_errors=True)
        store.copy(
            template,
            self.postgres.data,
            self.settings.data_dir / "filestore" / self.settings.database,
        )
        self.postgres.up()
        self.postgres.copy_database(template.database, self.settings.database)

    def odoo(self, addons: Path, log: str, *args: str, text: str = "") -> str:
        """Runs Odoo to its end with these addons.

        :return: what it wrote, its log too
        """
        config = odoo_part.write_config(
            self.settings,
            self.postgres,
            self.settings.database,
            self.settings.run / "odoo.conf",
            self.settings.data_dir,
        )
        config.write_text(
            re.sub(r"(?m)^addons_path = .*", f"addons_path = {addons}", config.read_text())
        )
        done = subprocess.run(
            odoo_part.command(
                self.settings, config, *args, "--no-http", "--workers=0", "--max-cron-threads=0"
            ),
            input=text,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        (self.settings.logs / log).write_text(done.stdout)
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Upgraded]:
    """19.0.1.0.0 installed, filled, upgraded."""
    site = _Site()
    old = site.settings.run / "old"
    _old_addons(old)
    site.copy_base()
    try:
        site.odoo(old / "addons", "install.log", "-i", ",".join(OLD_ADDONS), "--stop-after-init")
        filled = site.odoo(
            old / "addons",
            "fill.log",
            "shell",
            text=(HERE / "fill_19_0_1_0_0.py").read_text() + "\n",
        )
        assert "FILLED" in filled, filled[-4000:]
        before = _rows(site.postgres, site.settings.database)
        log = site.odoo(
            REPO / "addons", "upgrade.log", "-u", ",".join(OLD_ADDONS), "--stop-after-init"
        )
        site.odoo(
            REPO / "addons",
            "figures.log",
            "shell",
            text="env['cc.stat.dirty']._mark_open()\n"
            "while env['cc.stat.dirty']._recompute():\n    pass\n\n"
            "env.cr.commit()\n",
        )
        yield Upgraded(site.postgres, site.settings.database, before, log)
    finally:
        site.postgres.stop()
        shutil.rmtree(site.postgres.data, ignore_errors=True)


def test_the_old_version_had_something(upgraded: Upgraded) -> None:
    """What is compared below is not empty."""
    counts = {table: len(rows) for table, rows in upgraded.before.items()}
    assert counts["cc_call"] == 37
    assert counts["cc_call_note"] == 10
    assert counts["cc_recording"] == 10
    assert counts["cc_agent_interval"] >= 8


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_the_same(upgraded: Upgraded, table: str) -> None:
    """Every row and every value that the old version kept is there."""
    after = _rows(upgraded.postgres, upgraded.database)[table]
    passed_over = CHANGED.get(table, set())
    for key, row in upgraded.before[table].items():
        kept = {name: value for name, value in row.items() if name not in passed_over}
        assert key in after, f"{table} {key} is gone"
        assert {name: after[key].get(name) for name in kept} == kept


def test_recordings_still_play(upgraded: Upgraded) -> None:
    """Each recording's file is there, with its content."""
    rows = upgraded.postgres.query(
        "SELECT a.store_fname, a.checksum FROM ir_attachment a"
        " JOIN cc_recording r ON r.id = a.res_id"
        " WHERE a.res_model = 'cc.recording' AND a.res_field = 'audio'",
        upgraded.database,
    )
    assert len(rows) == 10
    store = Settings.load("test-upgrade").data_dir / "filestore" / upgraded.database
    for name, _checksum in rows:
        assert (store / name).read_bytes().startswith(b"\xff\xfb\x90\x44")


def test_our_rules_are_ours(upgraded: Upgraded) -> None:
    """A rule of ours that was bent is as we bring it, none is frozen; a rule of the house is untouched."""
    assert "child_of" in upgraded.value(
        "SELECT r.domain_force FROM ir_rule r JOIN ir_model_data d ON d.res_id = r.id"
        " WHERE d.model = 'ir.rule' AND d.module = 'cc_telephony' AND d.name = 'cc_call_rule_leader'"
    )
    modules = "', '".join(OLD_ADDONS)
    assert (
        upgraded.value(
            "SELECT count(*) FROM ir_model_data"
            f" WHERE model = 'ir.rule' AND noupdate AND module IN ('{modules}')"
        )
        == "0"
    )
    assert upgraded.value("SELECT count(*) FROM ir_rule WHERE name = 'A rule of the house'") == "1"


def test_calls_of_before_are_counted(upgraded: Upgraded) -> None:
    """Reports know them: 37 visits of help, one of the other queue, hung up in both."""
    rows = upgraded.postgres.query(
        "SELECT q.code, sum(offered), sum(answered), sum(abandoned) FROM cc_stat_queue s"
        " JOIN cc_queue q ON q.id = s.queue_id WHERE q.code IN ('help', 'vsales')"
        " GROUP BY 1 ORDER BY 1",
        upgraded.database,
    )
    assert rows == [["help", "37", "31", "6"], ["vsales", "1", "0", "1"]]
    # Ann's and Ben's sign-ins of 9,000 s
    assert upgraded.value("SELECT round(sum(signed_in_s)) FROM cc_stat_agent") == "18000"


def test_the_log_is_clean(upgraded: Upgraded) -> None:
    """The upgrade warned of nothing."""
    bad = [line for line in upgraded.log.splitlines() if re.search(r" (WARNING|ERROR) ", line)]
    assert not bad


def test_versions(upgraded: Upgraded) -> None:
    """Each addon says that it is newer than what it can upgrade from."""
    assert set(OLD_ADDONS) <= set(our_addons())
    for addon in OLD_ADDONS:
        version = upgraded.value(
            f"SELECT latest_version FROM ir_module_module WHERE name = '{addon}'"
        )
        assert version > "19.0.1.0.0", addon
