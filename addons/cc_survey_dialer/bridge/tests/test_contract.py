# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What plug-in and Odoo agree on: the form of facts, and how abandoned calls are counted."""

import pytest
from cc_bridge_dialer.attempts import Attempt
from cc_bridge_dialer.contract import facts
from cc_bridge_dialer.contract.abandonment import Formula, formula

from cc_contract import forms

CHECKS = facts.checks(forms)


def _attempt(**more: object) -> Attempt:
    lease = "0190a000-0000-7000-8000-000000000001"
    return Attempt(lease, 1, "+8613800138000", "Asia/Shanghai", 0, rev=1, **more)  # type: ignore[arg-type]


def test_an_attempt_has_its_form():
    """What the plug-in tells is what Odoo takes; an end without an outcome is not."""
    CHECKS["attempt"](_attempt(state="sent").fact(), "the try")
    CHECKS["attempt"](_attempt(state="ended", outcome="busy", cause=17).fact(), "the try")
    for wrong in (
        _attempt(state="ended").fact(),
        _attempt(state="ended", outcome="happy").fact(),
        _attempt(state="sent", dialled_t=-1).fact(),
    ):
        with pytest.raises(forms.FormError):
            CHECKS["attempt"](wrong, "the try")


def test_published_example():
    """29 dropped, 9 persons served, 7 served but machines (Ofcom 2010; VICIdial's document)."""
    by = formula("plain", served=16, served_machines=7)
    assert by.percent(29, 16, 0) == pytest.approx(100 * 29 / 38)
    by = formula("estimate", served=16, served_machines=7)
    # 29 - 29 x 7 / 16 = 16.3125 of these and the 9
    assert by.percent(29, 16, 0) == pytest.approx(100 * 16.3125 / 25.3125)


def test_with_detection():
    """Five in a hundred of the detected are persons, and were abandoned."""
    by = formula("estimate", served=95, amd_wrong=5)
    assert by == Formula(0.0, 0.05)
    assert by.percent(2, 95, 100) == pytest.approx(100 * 7 / 102)
    # 3 % of 102 less the 7
    assert by.slack(0.03, 2, 95, 100) == pytest.approx(-3.94)
    assert formula("plain", served=95, amd_wrong=5).percent(2, 98, 100) == 2


def test_nobody_answered():
    """No percentage of nothing."""
    assert formula("plain").percent(0, 0, 0) is None
    assert formula("plain", served=5, served_machines=5).percent(0, 5, 0) is None
