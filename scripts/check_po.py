# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Are the addons' translations complete? `python scripts/check_po.py`; a stage of scripts/lint.sh.

Every addon has a template and, in each of our languages, a translation of each of its terms, with the
same placeholders and tags. Whether the template is that of the code needs Odoo: scripts/i18n.sh --check.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import polib

REPO = Path(__file__).resolve().parents[1]
LANGUAGES = ("zh_CN", "zh_TW")
# the same in every language; Odoo and its linters want these left empty
SAME = {"ID", "MP3", "PBX", "SHA-256", "WAV", "main", "support"}
# %(name)s, %s, %d, and the tags of a text that is HTML; "100 %" and "a < b" are neither
PLACEHOLDER = re.compile(r"%\(\w+\)[sdrf]|(?<!%)%[sdrf](?!\w)")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# characters that only one of the two ways of writing Chinese has: a text was copied from the other file
SIMPLIFIED = set("话务队录转签发电访问页码时间启动设备标识类号这为无网关闭听")
TRADITIONAL = set("話務隊錄轉簽發電訪問頁碼時間啟動設備標識類號這為無網關閉聽")
FOREIGN = {
    "zh_CN": TRADITIONAL - SIMPLIFIED,
    "zh_TW": SIMPLIFIED - TRADITIONAL,
}


def compare(entry: polib.POEntry, language: str) -> list[str]:
    """What is wrong with one translated entry, as sentences."""
    found = []
    if entry.msgid in SAME:
        return ["is to be left empty: it is the same in every language"] if entry.msgstr else []
    if entry.msgstr.strip() in ("", entry.msgid):
        return ["is not translated"]
    if entry.fuzzy:
        found.append("is marked fuzzy")
    for name, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
        source, translated = (
            Counter(pattern.findall(text)) for text in (entry.msgid, entry.msgstr)
        )
        if source != translated:
            found.append(
                f"has other {name}: {sorted(source.elements())} became {sorted(translated.elements())}"
            )
    for edge, side in (("begins", 0), ("ends", -1)):
        if entry.msgid[side].isspace() != entry.msgstr[side].isspace():
            found.append(f"{edge} with a space on one side only")
    if foreign := FOREIGN.get(language, set()) & set(entry.msgstr):
        found.append(f"has characters of the other script: {''.join(sorted(foreign))}")
    return found


def check_addon(addon: Path) -> list[str]:
    """Everything wrong with an addon's translations, as lines for people."""
    template_path = addon / "i18n" / f"{addon.name}.pot"
    if not template_path.exists():
        return [f"{template_path.relative_to(REPO)} is missing: run scripts/i18n.sh"]
    template = {entry.msgid: entry for entry in polib.pofile(str(template_path))}
    problems = []
    for language in LANGUAGES:
        path = addon / "i18n" / f"{language}.po"
        where = path.relative_to(REPO)
        if not path.exists():
            problems.append(f"{where} is missing: run scripts/i18n.sh")
            continue
        catalogue = polib.pofile(str(path), check_for_duplicates=True)
        entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
        if catalogue.metadata.get("Language") != language:
            problems.append(f"{where}: its header does not say Language: {language}")
        problems += [
            f"{where}: “{msgid}” is missing: run scripts/i18n.sh"
            for msgid in sorted(template.keys() - entries.keys())
        ]
        problems += [
            f"{where}: “{msgid}” is in no code any more: run scripts/i18n.sh"
            for msgid in sorted(entries.keys() - template.keys())
        ]
        for msgid in sorted(entries.keys() & template.keys()):
            entry = entries[msgid]
            problems += [f"{where}: “{msgid}” {what}" for what in compare(entry, language)]
            # Odoo gives the browser only what this comment marks
            if entry.comment != template[msgid].comment:
                problems.append(f"{where}: “{msgid}” has an outdated comment: run scripts/i18n.sh")
    return problems


def main() -> int:
    """Prints what is wrong; exit code 1 when something is."""
    addons = sorted(path.parent for path in (REPO / "addons").glob("*/__manifest__.py"))
    problems = [line for addon in addons for line in check_addon(addon)]
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
