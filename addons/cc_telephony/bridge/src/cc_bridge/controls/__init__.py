# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What agents do with calls, as AMI actions: one file for each group of controls."""

from .control import CallControl

__all__ = ["CallControl"]
