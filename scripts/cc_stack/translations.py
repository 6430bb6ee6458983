# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""python -m cc_stack.translations: the addons' .pot files anew out of the code, the .po files brought up to them.

Odoo's own `i18n export` finds the terms, in a database of its own that is copied from the template. What
is translated already stays; what is new is left empty for a translator, and scripts/check_po.py names it.
With --check nothing is written: exit code 1 when a .pot is not what the code says.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import polib  # type: ignore[import-untyped]  # comes with oca-odoo-pre-commit-hooks

from cc_stack import odoo as odoo_part
from cc_stack.process import run
from cc_stack.settings import REPO, Settings, StackError
from cc_stack.templates import TemplateStore, our_addons, progress, scratch

LANGUAGES = ("zh_CN", "zh_TW")
# these change with every export and say nothing
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def export(target: Path) -> None:
    """Writes `<addon>.pot` of each of our addons into `target`. Raises StackError when Odoo fails."""
    settings = Settings.load("i18n-export")
    settings.make_folders()
    store = TemplateStore(settings)
    template = store.with_addons()
    postgres = scratch(settings)
    store.copy(template, postgres.data, settings.data_dir / "filestore" / template.database)
    try:
        postgres.up()
        config = odoo_part.write_config(
            settings, postgres, template.database, settings.run / "odoo.conf", settings.data_dir
        )
        for addon in our_addons():
            progress(f"terms of {addon}")
            out = target / f"{addon}.pot"
            # its options stand behind the subcommand: odoo_part.command() puts them before
            python, odoo = str(settings.odoo_python), str(odoo_part.script(settings))
            options = ["-c", str(config), "-d", template.database, "-o", str(out)]
            run([python, odoo, "i18n", "export", *options, addon])
            if not out.exists():
                raise StackError(f"Odoo has exported no terms of {addon}")
    finally:
        postgres.stop()
        shutil.rmtree(postgres.data, ignore_errors=True)
        shutil.rmtree(settings.run, ignore_errors=True)


def terms(catalogue: polib.POFile) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """What a template says, without its dates: text, comment, places."""
    return [(entry.msgid, entry.comment, tuple(entry.occurrences)) for entry in catalogue]


def differences(addon: str, new: polib.POFile) -> list[str]:
    """What the template in the repository says otherwise than the code, as lines for people."""
    path = REPO / "addons" / addon / "i18n" / f"{addon}.pot"
    if not path.exists():
        return [f"{addon}: there is no template yet"]
    old = polib.pofile(str(path))
    known = {entry.msgid for entry in old}
    current = {entry.msgid for entry in new}
    lines = [f"{addon}: new: “{text}”" for text in sorted(current - known)]
    lines += [f"{addon}: gone: “{text}”" for text in sorted(known - current)]
    if not lines and terms(old) != terms(new):
        lines.append(f"{addon}: terms stand in other places than the template says")
    return lines


def bring_up(addon: str, new: polib.POFile) -> None:
    """Writes the template and merges it into the translations; a file without a change stays as it is."""
    folder = REPO / "addons" / addon / "i18n"
    folder.mkdir(exist_ok=True)
    template = folder / f"{addon}.pot"
    if not template.exists() or terms(polib.pofile(str(template))) != terms(new):
        new.save(str(template))
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        if not path.exists():
            catalogue.header = new.header
            catalogue.metadata = {
                **{key: value for key, value in new.metadata.items() if key not in DATES},
                "Language": language,
                "Content-Transfer-Encoding": "8bit",
                "Plural-Forms": "nplurals=1; plural=0;",
            }
        catalogue.merge(new)
        # a term of old is in git; here it would only be in the way
        for entry in catalogue.obsolete_entries():
            catalogue.remove(entry)
        order = {entry.msgid: place for place, entry in enumerate(new)}
        catalogue.sort(key=lambda entry, order=order: order[entry.msgid])
        catalogue.save(str(path))


def main() -> int:
    """Exports, and compares or merges; exit code 1 with words when something is out of date or fails."""
    parser = argparse.ArgumentParser(prog="cc_stack.translations", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args()
    work = Settings.load("i18n-export").run.with_suffix(".terms")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        export(work)
        found = {addon: polib.pofile(str(work / f"{addon}.pot")) for addon in our_addons()}
    except StackError as error:
        print(f"translations: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.check:
        lines = [line for addon, new in found.items() for line in differences(addon, new)]
        for line in lines:
            print(line, file=sys.stderr)
        return 1 if lines else 0
    for addon, new in found.items():
        bring_up(addon, new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
