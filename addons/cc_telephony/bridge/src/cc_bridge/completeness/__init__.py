# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Completeness: what AMI missed, from what Asterisk writes to its files (CEL and queue_log)."""

from .service import Completeness

__all__ = ["Completeness"]
