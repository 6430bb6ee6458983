# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The PBX's own record of its channels against what Odoo holds, by the oracle of tests/faults."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from site_of import Site

from cc_stack.settings import REPO

sys.path.append(str(REPO / "tests" / "faults"))
from oracle import Oracle, Verdict


def oracle(site: Site, folder: Path) -> Oracle:
    """One that reads the volumes of the containers; made before the calls."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log").symlink_to(site.volume("pbx_logs"))
    stack: Any = SimpleNamespace(
        asterisk=SimpleNamespace(home=folder),
        bridge=SimpleNamespace(spool=site.volume("spool") / "spool.sqlite"),
        settings=SimpleNamespace(database="contact_centre", recordings=site.volume("recordings")),
        postgres=SimpleNamespace(query=lambda sql, _database: site.sql(sql)),
    )
    return Oracle(stack)


def settled(verdict: Verdict) -> bool:
    """Nothing is missing any more."""
    return not verdict.wrong
