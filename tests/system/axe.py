# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What axe-core finds wrong in the parts of a page that are ours; the rest of it is Odoo's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from desk import Desk

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async (ours) => {
    const include = ours.filter((one) => document.querySelector(one)).map((one) => [one]);
    // what moves or fades is judged as it is when it has come to rest
    await Promise.all(document.getAnimations().filter((one) => {
        const {iterations} = one.effect.getComputedTiming();
        return iterations !== Infinity;
    }).map((one) => one.finished.catch(() => {})));
    const {violations, passes} = await window.axe.run({include}, {
        resultTypes: ["violations", "passes"],
    });
    return {
        checked: passes.length,
        faults: violations.filter(({impact}) => ["serious", "critical"].includes(impact)).map(
            ({id, help, nodes}) => ({
                id, help, nodes: nodes.map(({html, failureSummary}) => [html, failureSummary]),
            })
        ).map((fault) => ({
            // Odoo writes aria-selected on the entries of all its menus
            ...fault, nodes: fault.nodes.filter(([html, why]) => !(
                fault.id === "aria-allowed-attr" && /o-dropdown-item/.test(html)
                && /aria-selected/.test(why)
            )),
        })).filter(({nodes}) => nodes.length),
    };
}"""


def looked_at(desk: Desk, ours: list[str]) -> dict[str, Any]:
    """How many rules were kept, and the serious faults, of those of these selectors that are there."""
    assert AXE.is_file(), "axe-core is not installed: make install"
    desk.page.wait_for_timeout(300)
    if not desk.page.evaluate("Boolean(window.axe)"):
        desk.page.evaluate(AXE.read_text())
    found: dict[str, Any] = desk.page.evaluate(RUN, ours)
    return found


def assert_no_faults(desk: Desk, *ours: str) -> None:
    """Each of these selectors is on the page, and nothing serious is wrong with them."""
    for one in ours:
        desk.page.wait_for_selector(one)
    found = looked_at(desk, list(ours))
    assert found["checked"] > 3, "axe looked at next to nothing"
    assert not found["faults"], json.dumps(found["faults"], indent=1, ensure_ascii=False)
