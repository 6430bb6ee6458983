# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The commands of docs/containers.md, to be run as they stand there."""

from __future__ import annotations

import re

from cc_stack.settings import REPO

GUIDE = REPO / "docs" / "containers.md"


def commands(chapter: str) -> list[str]:
    """The blocks of commands below the heading `chapter` (without its number)."""
    text = GUIDE.read_text()
    parts = re.split(r"^## (?:\d+\. )?(.+)$", text, flags=re.MULTILINE)
    bodies = dict(zip(parts[1::2], parts[2::2], strict=True))
    return _blocks(bodies[chapter])


def short_way() -> list[str]:
    """The blocks of docs/admin.md, "In containers": the same steps with less beside them."""
    return _blocks((REPO / "docs" / "admin.md").read_text().partition("\n## In containers\n")[2])


def _blocks(text: str) -> list[str]:
    found = re.findall(r"^( *)```sh\n(.*?)^ *```$", text, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]
