# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The call model: pure, fed with AMI events, tells facts about calls."""

from .model import CallModel
from .records import Call

__all__ = ["Call", "CallModel"]
