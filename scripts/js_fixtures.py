#!/usr/bin/env python3
# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Writes what bridge, server and browser share as a module for the browser's tests.

The tests of the browser can't read a file outside `static`. With --check nothing is written: it ends
with 1 when the module is not what the files say.
"""

import json
import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1] / "addons" / "cc_telephony"
TARGET = ADDON / "static" / "tests" / "shared_tables.js"
TABLES = {"agentStates": "agent_states.json", "callControls": "call_controls.json"}
HEAD = """\
// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

// Made by scripts/js_fixtures.py from the files that bridge and server read. Don't edit it.
"""


def module() -> str:
    """The module's text."""
    parts = [HEAD]
    for name, file in TABLES.items():
        (found,) = [p for p in ADDON.rglob(file) if "node_modules" not in p.parts]
        table = json.dumps(json.loads(found.read_text("utf-8")), ensure_ascii=False)
        assert "`" not in table and "${" not in table and "\\" not in table
        parts.append(f"export const {name} = JSON.parse(\n    `{table}`\n);\n")
    return "\n".join(parts)


def main() -> int:
    """Writes or checks."""
    text = module()
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text("utf-8") != text:
            print(f"{TARGET.name} is not what the shared files say: run scripts/js_fixtures.py")
            return 1
        return 0
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
