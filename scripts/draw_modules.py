#!/usr/bin/env python3
# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Draws the modules and their arrows from the imports: docs/architecture/modules.md.

    scripts/draw_modules.py           writes the page
    scripts/draw_modules.py --check   exit 1 when the page is old or a circle is there

An arrow says "imports". Arrows that follow from others are left out, so that the drawing shows the layers.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
PAGE = REPO / "docs" / "architecture" / "modules.md"

#: Module name to the modules that it imports.
Graph = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Package:
    """One Python package. ``rooms``: its folders that are drawn folder by folder; ``outside``: folders not looked at."""

    title: str
    name: str
    folder: Path
    rooms: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    #: absolute names by which it imports itself
    also: str = ""


ADDONS = REPO / "addons"


def _bridges() -> Iterable[Package]:
    for folder in sorted(ADDONS.glob("*/bridge/src/*/")):
        if (folder / "__init__.py").is_file():
            yield Package(f"`{folder.name}`, in the bridge", folder.name, folder)


def _addons() -> Iterable[Package]:
    for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
        name = manifest.parent.name
        yield Package(
            f"The addon `{name}`",
            name,
            manifest.parent,
            rooms=("models",),
            outside=("bridge", "tests", "static"),
            also=f"odoo.addons.{name}",
        )


#: All are looked at for circles.
PACKAGES = (*_bridges(), *_addons())
#: Large enough for a drawing of their own; of all there is one together.
DRAWN = ("cc_bridge", "cc_telephony")


def imports(package: Package) -> Graph:
    """Every module of the package and what it imports of it, also within functions; not for types alone.

    A package's ``__init__`` that gathers its modules is no layer: what it imports from its own folder is left out.
    """
    found: Graph = {}
    for file in sorted(package.folder.rglob("*.py")):
        inside = file.relative_to(package.folder)
        if inside.parts[0] in package.outside or inside.stem in ("__manifest__", "__main__"):
            continue
        parts = [package.name, *inside.with_suffix("").parts]
        is_init = parts[-1] == "__init__"
        here = parts[:-1] if is_init else parts
        base = here if is_init else here[:-1]
        targets = found.setdefault(".".join(here), set())
        for node in _walk(ast.parse(file.read_text("utf-8"))):
            for target in _targets(node, base, package):
                own_child = is_init and target.startswith(".".join(here) + ".")
                if target != ".".join(here) and not own_child:
                    targets.add(target)
    return {
        name: {t for t in (_module(target, found) for target in targets) if t and t != name}
        for name, targets in found.items()
    }


def _walk(tree: ast.AST) -> Iterable[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _walk(node)


def _targets(node: ast.AST, base: list[str], package: Package) -> Iterable[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from _own(alias.name, package)
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            stem = ".".join([*base[: len(base) - node.level + 1], *(node.module or "").split(".")])
            stem = stem.rstrip(".")
            # ``from . import name``: a module of that name, or something of the package itself
            yield from (f"{stem}.{alias.name}" for alias in node.names)
        else:
            for own in _own(node.module or "", package):
                yield from (f"{own}.{alias.name}" for alias in node.names)


def _own(name: str, package: Package) -> Iterable[str]:
    for root in filter(None, (package.also, package.name)):
        if name == root or name.startswith(root + "."):
            yield package.name + name[len(root) :]
            return


def _module(target: str, known: Mapping[str, object]) -> str | None:
    """The module that a dotted name leads to: itself, or the one that holds the name."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    # the package's own __init__ holds nothing but what it gathers, and its version
    return target if "." in target else None


def folders(graph: Graph, rooms: tuple[str, ...] = ()) -> Graph:
    """The same by folders: modules of a folder are one node, those of ``rooms`` a node for each folder within."""

    def node(name: str) -> str:
        parts = name.split(".")[1:]
        deep = 2 if parts and parts[0] in rooms else 1
        return ".".join(parts[:deep])

    found: Graph = {}
    for name, targets in graph.items():
        if "." not in name or node(name) in rooms:
            continue
        mine = found.setdefault(node(name), set())
        mine |= {node(t) for t in targets if node(t) not in rooms} - {node(name)}
    return found


def circles(graph: Graph) -> list[list[str]]:
    """Groups of nodes that reach each other (Tarjan), each as a list of more than one."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == node:
                    break
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return sorted(found)


def _below(graph: Graph, node: str) -> set[str]:
    seen: set[str] = set()
    ahead = list(graph.get(node, ()))
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += graph.get(one, ())
    return seen


def reduced(graph: Graph) -> Graph:
    """Without the arrows that follow from others; only for graphs without circles."""
    below = {node: _below(graph, node) for node in graph}
    return {
        node: {t for t in targets if not any(t in below.get(o, ()) for o in targets if o != t)}
        for node, targets in graph.items()
    }


def mermaid(graph: Graph) -> list[str]:
    """The drawing's lines."""
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'    {_id(node)}["{node}"]' for node in sorted(graph)]
    for node in sorted(graph):
        lines += [f"    {_id(node)} --> {_id(target)}" for target in sorted(graph[node])]
    return [*lines, "```"]


def _id(node: str) -> str:
    # "end" and the like are words of mermaid's
    return "n_" + node.replace(".", "_")


def problems() -> list[str]:
    """A sentence for each circle, between modules and between folders."""
    said = [
        f"these packages import each other: {', '.join(group)}" for group in circles(together())
    ]
    for package in PACKAGES:
        graph = imports(package)
        for what, one in (("modules", graph), ("folders", folders(graph, package.rooms))):
            said += [
                f"{package.name}: these {what} import each other: {', '.join(group)}"
                for group in circles(one)
            ]
    return said


def together() -> Graph:
    """Every package, of which others it imports anything, and on which others its manifest says it depends."""
    found: Graph = {package.name: set() for package in PACKAGES}
    for package in PACKAGES:
        manifest = package.folder / "__manifest__.py"
        if manifest.is_file():
            found[package.name] |= set(ast.literal_eval(manifest.read_text("utf-8"))["depends"]) & {
                *found
            }
        for file in package.folder.rglob("*.py"):
            inside = file.relative_to(package.folder).parts
            if inside[0] in package.outside:
                continue
            for node in _walk(ast.parse(file.read_text("utf-8"))):
                found[package.name] |= _others(node, found) - {package.name}
    return found


def _others(node: ast.AST, known: Mapping[str, object]) -> set[str]:
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    # an addon is imported as odoo.addons.<name>; the shared folder by its place in cc_telephony
    return {part for name in names for part in name.split(".") if part in known}


def page() -> str:
    """The page's text."""
    lines = [
        "# Modules and their arrows",
        "",
        "Made by `scripts/draw_modules.py` from the imports; a test fails on a circle. An arrow says *imports*,",
        "between addons also *depends on*;",
        "those that follow from others are left out. Folders are one box each.",
        "",
        "## All packages",
        "",
        *mermaid(reduced(together())),
    ]
    for package in (one for one in PACKAGES if one.name in DRAWN):
        graph = imports(package)
        drawn = folders(graph, package.rooms)
        lines += ["", f"## {package.title}", ""]
        lines += mermaid(drawn if circles(drawn) else reduced(drawn))
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes or checks; says what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    said = problems()
    text = page()
    if options.check:
        if not PAGE.is_file() or PAGE.read_text("utf-8") != text:
            said.append(f"{PAGE.relative_to(REPO)} is old: run scripts/draw_modules.py")
    else:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, "utf-8")
    for line in said:
        print(line, file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
