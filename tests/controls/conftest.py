# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is said to an agent's commands by a real Asterisk and the bridge, without Odoo: see line_fixtures.py."""

from line_fixtures import line_rig, rig, settings, talk

__all__ = ["line_rig", "rig", "settings", "talk"]
