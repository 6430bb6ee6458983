# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from .access_walk import AccessWalkCase


class TestAccessWalk(AccessWalkCase):
    """ALL-07: every model, field, method and route of every installed addon of ours, as every role."""

    addons = None

    def check_walk(self):
        self.assertGreaterEqual(self.walk(), 2000)
