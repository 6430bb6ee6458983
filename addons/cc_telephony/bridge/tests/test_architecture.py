# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""No module and no folder of the bridge or of the addon imports another in a circle (ALL-09)."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[4] / "scripts" / "draw_modules.py"


@pytest.fixture(scope="module")
def draw() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_modules", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_no_circles(draw: ModuleType) -> None:
    assert draw.problems() == []
    # what was looked at is what there is
    graphs = {package.name: draw.imports(package) for package in draw.PACKAGES}
    assert {"cc_contract", "cc_bridge", "cc_bridge_dialer", "cc_telephony", "cc_ticket"} <= set(
        graphs
    )
    for name, some in (("cc_bridge", "kernel.hub"), ("cc_telephony", "ingest.form")):
        assert f"{name}.{some}" in graphs[name]
        assert sum(map(len, graphs[name].values())) > len(graphs[name]) / 2


def test_who_stands_on_whom(draw: ModuleType) -> None:
    """The shared folder stands on nothing, cc_telephony and its bridge on nothing else."""
    found = draw.together()
    assert found["cc_contract"] == set()
    assert found["cc_bridge"] == found["cc_telephony"] == {"cc_contract"}
    assert "cc_bridge" in found["cc_bridge_dialer"]


def package(draw: ModuleType, folder: Path, files: dict[str, str], **more: object) -> object:
    for name, text in files.items():
        file = folder / "pack" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return draw.Package("Pack", "pack", folder / "pack", **more)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "from . import b", "b.py": "from .a import x"}, id="modules"),
        pytest.param({"a.py": "import pack.b", "b.py": "def f():\n    from . import a"}, id="late"),
        pytest.param(
            {"a.py": "from . import b", "b.py": "from .c import x", "c.py": "import pack.a as q"},
            id="three",
        ),
    ],
)
def test_a_circle_of_modules_is_found(
    draw: ModuleType, tmp_path: Path, files: dict[str, str]
) -> None:
    [circle] = draw.circles(draw.imports(package(draw, tmp_path, files)))
    assert circle == [f"pack.{Path(name).stem}" for name in files]


def test_a_circle_of_folders_is_found(draw: ModuleType, tmp_path: Path) -> None:
    """No module imports itself by others, but the folders do: as agents and controls did."""
    files = {
        "x/__init__.py": "from . import one, two",
        "x/one.py": "from ..y.one import a",
        "x/two.py": "b = 1",
        "y/one.py": "a = 1",
        "y/two.py": "from ..x import two",
    }
    one = package(draw, tmp_path, files)
    graph = draw.imports(one)
    assert draw.circles(graph) == []
    assert draw.circles(draw.folders(graph)) == [["x", "y"]]


def test_what_is_no_arrow(draw: ModuleType, tmp_path: Path) -> None:
    """Types alone, the gathering of a package's own modules, others' packages."""
    files = {
        "__init__.py": "from . import a, b",
        "a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .b import B\nimport os",
        "b.py": "from . import __version__\nfrom .a import x",
    }
    graph = draw.imports(package(draw, tmp_path, files))
    assert graph == {"pack": set(), "pack.a": set(), "pack.b": {"pack.a"}}


def test_arrows_that_follow_are_left_out(draw: ModuleType) -> None:
    graph = {"a": {"b", "c", "d"}, "b": {"c"}, "c": {"d"}, "d": set()}
    assert draw.reduced(graph) == {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set()}
