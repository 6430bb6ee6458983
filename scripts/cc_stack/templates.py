# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Databases that are built once and copied: Odoo with our addons' dependencies, and the same with our addons in it.

A template is a whole stopped cluster (.cache/pg/…) with one database and, beside it, its filestore.
Its name carries a hash of what it was built from; when that changes a new one is built and the old one goes.
"""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cc_stack import odoo as odoo_part
from cc_stack.postgres import Postgres, copy_cluster, home
from cc_stack.process import free_port, locked, run, tail
from cc_stack.settings import REPO, Settings, StackError, short_hash

# People expect contacts in a demo; the rest is what the suite builds on, also where an addon that needs it
# is only in another branch: one base template serves them all.
EXTRA_MODULES = (
    "contacts",
    "auditlog",
    "base_user_role",
    "calendar",
    "crm",
    "delivery",
    "document_knowledge",
    "document_page",
    "document_page_access_group",
    "document_page_approval",
    "document_page_tag",
    "helpdesk_mgmt",
    "helpdesk_mgmt_rating",
    "helpdesk_mgmt_sla",
    "helpdesk_type",
    "phone_validation",
    "product_expiry",
    "purchase_stock",
    "queue_job",
    "report_xlsx",
    "sale_management",
    "sale_stock",
    "sms",
    "stock_account",
    "stock_delivery",
    "survey",
)
LANGUAGES = os.environ.get("CC_LANGUAGES", "en_US,zh_CN,zh_TW")
FORMAT = "1"  # raise to throw away all templates


@dataclass(frozen=True, slots=True)
class Template:
    """A stopped cluster with one database, and its filestore."""

    cluster: Path
    filestore: Path
    database: str


def our_addons() -> list[str]:
    """Names of the addons of this repository, those without dependants last."""
    return sorted(p.parent.name for p in (REPO / "addons").glob("*/__manifest__.py"))


def _manifest(addon: str) -> dict[str, object]:
    value = ast.literal_eval((REPO / "addons" / addon / "__manifest__.py").read_text())
    assert isinstance(value, dict)
    return value


def base_modules() -> list[str]:
    """Every module that our addons depend on and that is not ours."""
    ours = our_addons()
    needed: set[str] = set(EXTRA_MODULES)
    for addon in ours:
        depends = _manifest(addon).get("depends", [])
        assert isinstance(depends, list)
        needed.update(depends)
    return sorted(needed - set(ours))


def _odoo_identity(settings: Settings) -> str:
    """Changes when another Odoo is used."""
    return run(
        [
            settings.odoo_python,
            "-c",
            "import odoo.release as r, os; print(r.version, os.path.getmtime(r.__file__))",
        ]
    )


def _content_hash(addons: list[str]) -> str:
    """Over everything of our addons that ends in the database; tests, scripts and assets do not."""
    parts: list[str | bytes] = []
    for addon in addons:
        root = REPO / "addons" / addon
        for file in sorted(root.rglob("*")):
            inside = file.relative_to(root).parts
            if (
                not file.is_file()
                or inside[0] in {"bridge", "static", "tests"}
                or "__pycache__" in inside
            ):
                continue
            parts += [str(file.relative_to(REPO)), file.read_bytes()]
    # the only file of the bridge that Odoo reads
    for file in sorted((REPO / "addons").glob("*/bridge/**/*.json")):
        parts.append(file.read_bytes())
    return short_hash(*parts)


def progress(text: str) -> None:
    """One line for the person who waits."""
    print(f"  {time.strftime('%H:%M:%S')} {text}", flush=True)


def scratch(settings: Settings) -> Postgres:
    """The cluster of a single run, stopped; beside the templates, where a copy of one takes a second."""
    postgres = Postgres(
        settings,
        home(settings) / f"instance-{settings.name}",
        port=settings.ports.postgres,
        run_folder=settings.run,
        fsync=False,
    )
    postgres.stop()
    return postgres


class TemplateStore:
    """The templates of a checkout."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = home(settings)
        self.stores = settings.cache / "filestores"

    def base(self) -> Template:
        """Odoo and our addons' dependencies, with demo data, without our addons."""
        modules = base_modules()
        oca = (REPO / "requirements" / "oca.txt").read_text()
        key = short_hash(FORMAT, _odoo_identity(self.settings), oca, *modules, LANGUAGES)
        template = self._template("base", key, "cc_base")
        with self._lock("base"):
            if self._complete(template):
                return template
            args = ["-i", ",".join(modules)]
            if LANGUAGES:
                args.append(f"--load-language={LANGUAGES}")
            self._build(
                template,
                None,
                args,
                f"Odoo with {len(modules)} modules and what they need (once, 1-3 minutes)",
            )
        return template

    def with_addons(self) -> Template:
        """The base with our addons installed and the first page's assets made."""
        base = self.base()
        addons = our_addons()
        key = short_hash(FORMAT, base.cluster.name, _content_hash(addons))
        template = self._template("addons", key, "cc_addons")
        with self._lock("addons"):
            if self._complete(template):
                return template
            self._build(
                template,
                base,
                ["-i", ",".join(addons)],
                f"our addons: {', '.join(addons)} (half a minute)",
            )
        return template

    def copy(self, template: Template, cluster: Path, filestore: Path) -> None:
        """The template's cluster and filestore as those of an instance; what was there is replaced."""
        with self._lock(template.cluster.name.partition("-")[0]):
            copy_cluster(template.cluster, cluster)
            shutil.rmtree(filestore, ignore_errors=True)
            filestore.parent.mkdir(parents=True, exist_ok=True)
            run(["cp", "-a", template.filestore, filestore])

    def _lock(self, kind: str) -> contextlib.AbstractContextManager[None]:
        """One process at a time builds, removes or copies templates of a kind."""
        return locked(self.settings.cache / f"templates-{kind}.lock")

    def _template(self, kind: str, key: str, database: str) -> Template:
        name = f"{kind}-{key}"
        return Template(self.home / name, self.stores / name, database)

    @staticmethod
    def _complete(template: Template) -> bool:
        return (template.filestore / ".complete").exists() and (
            template.cluster / "PG_VERSION"
        ).exists()

    def _build(
        self, template: Template, source: Template | None, args: list[str], what: str
    ) -> None:
        progress(f"building a database template: {what}")
        work = self.settings.run / "template"
        shutil.rmtree(work, ignore_errors=True)
        for left in (template.cluster, template.filestore):
            shutil.rmtree(left, ignore_errors=True)
        (work / "data" / "filestore").mkdir(parents=True)
        postgres = Postgres(
            self.settings,
            template.cluster,
            port=free_port(self.settings.ports.postgres + 100, 50),
            run_folder=work,
            fsync=False,
        )
        store = work / "data" / "filestore" / template.database
        try:
            if source is None:
                postgres.create()
            else:
                copy_cluster(source.cluster, template.cluster)
            postgres.up()
            if source is not None:
                run(
                    [
                        "psql",
                        "-q",
                        "-d",
                        "postgres",
                        "-c",
                        f'ALTER DATABASE "{source.database}" RENAME TO "{template.database}"',
                    ],
                    env=postgres.client_env,
                )
                run(["cp", "-a", source.filestore, store])
                (store / ".complete").unlink(missing_ok=True)
            config = odoo_part.write_config(
                self.settings, postgres, template.database, work / "odoo.conf", work / "data"
            )
            log = self.settings.logs / f"template-{template.database}.log"
            self._odoo(
                config,
                log,
                [*args, "--with-demo", "--stop-after-init", "--no-http", "--workers=0"],
            )
            if source is not None:
                self._pregenerate(config, log)
        finally:
            postgres.stop()
        self.stores.mkdir(parents=True, exist_ok=True)
        store.mkdir(exist_ok=True)
        shutil.move(store, template.filestore)
        (template.filestore / ".complete").touch()
        shutil.rmtree(work, ignore_errors=True)
        self._prune(template)

    def _odoo(self, config: Path, log: Path, args: list[str], text: str | None = None) -> None:
        """Runs Odoo to its end with a dot now and then; an error or a traceback in its log fails."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a" if text else "w") as out:
            child = subprocess.Popen(
                odoo_part.command(self.settings, config, *args),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                # call logs begin empty; the demo's own is filled when it comes up
                env={**os.environ, "CC_DEMO_CALLS": "0"},
            )
            try:
                assert child.stdin
                child.stdin.write(text or "")
                child.stdin.close()
                begun = time.monotonic()
                while child.poll() is None:
                    time.sleep(0.2)
                    if time.monotonic() - begun > 15:
                        begun = time.monotonic()
                        progress(tail(log, 1)[:150])
            except BaseException:
                child.kill()
                raise
        if child.returncode:
            sys.stderr.write(tail(log, 40) + "\n")
            raise StackError(f"Odoo ended with {child.returncode} (whole log: {log})")

    def _pregenerate(self, config: Path, log: Path) -> None:
        """Makes the bundles of the web client now, so that the demo's first page does not wait for them."""
        self._odoo(
            config,
            log,
            ["shell", "--no-http", "--workers=0"],
            "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n",
        )

    def _prune(self, keep: Template) -> None:
        """Removes older templates of the same kind, but for the last two: another process may be at them."""
        kind = keep.cluster.name.partition("-")[0]
        for folder in (self.home, self.stores):
            found = sorted(folder.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime)
            for old in found[:-3]:
                shutil.rmtree(old, ignore_errors=True)
