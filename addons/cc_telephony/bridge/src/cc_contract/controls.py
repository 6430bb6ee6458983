# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which control of a call is legal when: ``call_controls.json``."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from .tables import table

#: Of an agent who is in no call.
NO_CALL: Mapping[str, Any] = {
    "mine": "none",
    "call": None,
    "consult": None,
    "conference": False,
    "invited": False,
    "supervise": None,
}


def call_controls() -> dict[str, Any]:
    """The file: ``words`` and ``controls``."""
    found: dict[str, Any] = table("call_controls.json")
    return found


@cache
def by_name() -> Mapping[str, Mapping[str, Any]]:
    """Control to its row, in the order of the file."""
    return {row["control"]: row for row in call_controls()["controls"]}


def device_can(control: str, device: str) -> bool:
    """Whether the control works with a device: "browser", "desk" or "mobile"."""
    return device in by_name()[control]["devices"]


def is_legal(control: str, situation: Mapping[str, Any]) -> bool:
    """Whether a control of the file is legal in a situation (words as in ``NO_CALL``)."""
    return any(
        all(situation.get(word) in allowed for word, allowed in when.items())
        for when in by_name()[control]["when"]
    )


def legal(control: str, situation: Mapping[str, Any], device: str | None) -> bool:
    """Whether a control may be done there at this device; one that the file does not know may."""
    if control not in by_name():
        return True
    return (device is None or device_can(control, device)) and is_legal(control, situation)


def legal_controls(situation: Mapping[str, Any]) -> list[str]:
    """The controls that are legal in a situation, in the order of the file."""
    return [control for control in by_name() if is_legal(control, situation)]
