# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The tables of what is meant: `tests/data/access.json` of each addon (docs/security.md, "The access walk")."""

import json
from contextlib import suppress

from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessError, UserError
from odoo.modules import Manifest
from odoo.tools import file_open

CENTRE = "agent other leader other_leader manager"
ALIASES = {
    "centre": CENTRE,
    "internal": f"{CENTRE} admin inspector stock_keeper finance salesperson clerk",
}
ALIASES["everybody"] = f"{ALIASES['internal']} portal public"
OPTIONAL_GROUPS = {
    "inspector": "cc_quality.group_inspector",
    "stock_keeper": "cc_inventory_link.group_stock_keeper",
    "finance": "cc_inventory_link.group_finance",
}
# what refuses: an AccessError, or a UserError with a reason
REFUSALS = (AccessError, UserError, HTTPException)
MAGIC = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}


def roles_of(words, known):
    """The roles that a table names, of those known: `"internal -clerk"`.

    :raise ValueError: a word that is no role
    """
    found = set()
    for word in (words or "").split():
        names = set(ALIASES.get(word.lstrip("-"), word.lstrip("-")).split())
        if strange := names - set(ALIASES["everybody"].split()):
            raise ValueError(f"{sorted(strange)[0]!r} is no role")
        found = found - names if word.startswith("-") else found | names
    return found & known


def our_addons(env):
    """Names of the installed addons of this project."""
    author = Manifest.for_addon("cc_telephony")["author"]
    return {
        name
        for name in env.registry._init_modules
        if (manifest := Manifest.for_addon(name)) and manifest["author"] == author
    }


def _joined(key, known, more):
    """Two addons' words about one model; what a role writes is what either lets it write."""
    if key != "write":
        return {**known, **more}
    both = known.keys() & more.keys()
    return {**known, **more, **{role: f"{known[role]} {more[role]}" for role in both}}


def tables_of(addons):
    """What is meant, of several addons: `{"models": …, "fields": …, "routes": …, "bus": …}`."""
    merged = {"models": {}, "fields": {}, "routes": {}, "bus": {}}
    for addon in sorted(addons):
        with suppress(FileNotFoundError), file_open(f"{addon}/tests/data/access.json") as file:
            for part, rows in json.load(file).items():
                for name, row in rows.items():
                    known = merged[part].setdefault(name, row if isinstance(row, str) else {})
                    if isinstance(row, dict):
                        for key, value in row.items():
                            if isinstance(value, dict):
                                known[key] = _joined(key, known.get(key, {}), value)
                            else:
                                known[key] = value
    return merged
