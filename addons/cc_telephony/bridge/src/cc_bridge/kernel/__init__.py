# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What plug-ins stand on: the hub of events, the orders, the spool's shared side, the keeper of tasks."""
