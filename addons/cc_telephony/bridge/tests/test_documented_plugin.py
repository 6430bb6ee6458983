# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The plug-in of docs/extending/bridge.md is one: its code and its test are run as they stand there (ALL-09)."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fake_odoo import FakeOdoo
from fake_pbx import FakePbx

from cc_bridge.kernel import load

PAGE = Path(__file__).parents[4] / "docs" / "extending" / "bridge.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.M)


async def test_it_does_what_its_test_says(
    pbx: FakePbx, odoo: FakeOdoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, test, *_ = blocks("python")
    scope: dict[str, Any] = {"__name__": "my_addon_bridge"}
    exec(compile(code, str(PAGE), "exec"), scope)
    exec(compile(test, str(PAGE), "exec"), scope)
    await scope["test_greeting"](pbx, odoo, tmp_path, monkeypatch)
    assert "my_addon.greeted" in {fact["kind"] for fact in odoo.facts}


def test_its_package_is_found_where_the_page_says() -> None:
    project = tomllib.loads(blocks("toml")[0])
    assert project["project"]["entry-points"][load.GROUP] == {"my_addon": "my_addon_bridge:Greeter"}
    scope: dict[str, Any] = {"__name__": "my_addon_bridge"}
    exec(compile(blocks("python")[0], str(PAGE), "exec"), scope)
    assert callable(scope["Greeter"])


@pytest.mark.parametrize("path", ["../architecture/modules.md"])
def test_its_links_lead_somewhere(path: str) -> None:
    assert f"({path})" in PAGE.read_text("utf-8") and (PAGE.parent / path).is_file()
