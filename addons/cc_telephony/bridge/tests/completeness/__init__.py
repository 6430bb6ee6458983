# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Completeness: what CEL and queue_log tell, and what is made of it."""
