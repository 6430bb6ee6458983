# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What really happened in each recording, decided by reading it, not by running the model."""

from . import controls, corner, lab, moves, ours, pbx, plain, rooms, shared, shop
from .words import Handed, Leg, Ring

__all__ = ["EXPECTED", "Handed", "Leg", "Ring"]

EXPECTED = {
    **shared.EXPECTED,
    **ours.EXPECTED,
    **controls.EXPECTED,
    **moves.EXPECTED,
    **plain.EXPECTED,
    **pbx.EXPECTED,
    **rooms.EXPECTED,
    **shop.EXPECTED,
    **corner.EXPECTED,
    **lab.EXPECTED,
}
