# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import pytest

from cc_bridge.kernel import load

pytest_plugins = ["bridge_fixtures"]


@pytest.fixture(autouse=True)
def _no_plugins_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other addons' plug-ins may be installed beside: here the bridge is tested by itself."""
    monkeypatch.setattr(load, "found", list)
