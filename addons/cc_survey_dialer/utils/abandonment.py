# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The share of abandoned calls as regulators count it, from the same raw facts by each one's formula."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FORMULAS = {
    "plain": _lt("Abandoned ÷ (abandoned + persons served)"),
    "estimate": _lt("The same, machines among the abandoned estimated (Ofcom)"),
}


def abandon_rate(abandoned, persons, *, served_machines=0, formula="plain", amd=None):
    """Percent, never rounded; None while nobody answered.

    Ofcom's formula without machine detection takes off the share of the abandoned that were machines, as
    many as there are among the calls that agents took. With detection the persons it took for machines are
    added, by the rate that tests of it have shown.

    :param int abandoned: answered, no agent in time
    :param int persons: persons whom an agent served
    :param int served_machines: calls that an agent took and called a machine
    :param tuple amd: ``(machines detected, percent of them that are persons)``; None without detection
    """
    lost = float(abandoned)
    if formula == "estimate":
        if amd is not None:
            detected, wrong = amd
            lost += detected * wrong / 100
        elif persons + served_machines:
            lost -= lost * served_machines / (persons + served_machines)
    return 100 * lost / (lost + persons) if lost + persons else None
