#!/usr/bin/env python3
# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Writes docs/extending/example.md: a whole small addon, out of its files, which are run in tests.

With --check nothing is written: it ends with 1 when the page is not what the files say.
"""

import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
ADDON = REPO / "tests" / "addons" / "cc_long_hold"
PAGE = REPO / "docs" / "extending" / "example.md"
HEAD = """\
# A whole addon

Made by `scripts/docs_example.py` from `tests/addons/cc_long_hold`, whose tests are part of `make test`. It tells of
customers who waited long on hold: a plug-in of the bridge sends a fact of its own, the server keeps a row, the panel
shows how many there were, a tile and a report count them, a setting of the PBX goes to the plug-in. Copy what you
need and put your own name for `cc_long_hold`. What each door is for: [extending.md](../extending.md),
[bridge.md](bridge.md), [browser.md](browser.md), [reports.md](reports.md).

Translations come last: `scripts/i18n.sh` makes `i18n/`.
"""
ORDER = (
    "__manifest__.py",
    "__init__.py",
    "models/__init__.py",
    "models/cc_long_hold.py",
    "models/cc_pbx.py",
    "models/cc_call.py",
    "models/cc_dashboard.py",
    "security/ir.model.access.csv",
    "security/cc_long_hold_security.xml",
    "views/cc_long_hold_views.xml",
    "views/cc_pbx_views.xml",
    "static/src/hold_panel.js",
    "static/src/hold_panel.xml",
    "bridge/pyproject.toml",
    "bridge/src/cc_long_hold_bridge/__init__.py",
    "bridge/tests/conftest.py",
    "bridge/tests/test_long_holds.py",
    "tests/__init__.py",
    "tests/test_long_hold.py",
    "tests/test_js.py",
    "static/tests/hold_panel.test.js",
    "tests/test_access_walk.py",
    "tests/access_samples.py",
    "tests/data/access.json",
)
LANGUAGES = {".py": "python", ".js": "js", ".xml": "xml", ".toml": "toml", ".json": "json"}


def text(name: str) -> str:
    """A file as it stands on the page: without its licence, with paths as in ``addons/``."""
    lines = (ADDON / name).read_text("utf-8").splitlines()
    kept = [line for line in lines if "Copyright 2026" not in line and "License AGPL" not in line]
    return "\n".join(kept).strip("\n").replace("../../../../addons/", "../../")


def page() -> str:
    """The page's text."""
    parts = [HEAD]
    for name in ORDER:
        language = LANGUAGES.get(Path(name).suffix, "")
        parts.append(f"`{name}`\n\n```{language}\n{text(name)}\n```\n")
    return "\n".join(parts)


def main() -> int:
    """Writes or checks."""
    there = {
        str(path.relative_to(ADDON))
        for path in ADDON.rglob("*")
        if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
    }
    if there - set(ORDER):
        print(f"not on the page: {', '.join(sorted(there - set(ORDER)))}")
        return 1
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    elif PAGE.read_text("utf-8") != page():
        print(f"{PAGE.relative_to(REPO)} is old: run scripts/docs_example.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
