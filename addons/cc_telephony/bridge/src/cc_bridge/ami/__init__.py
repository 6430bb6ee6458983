# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""AMI: the only place that knows panoramisk."""

from .errors import (
    AmiDown,
    AmiError,
    AmiFailed,
    AmiLoginError,
    AmiNetworkError,
    AmiPermissionError,
    AmiTimeout,
)
from .transport import AmiSettings, AmiTransport, Reply

__all__ = [
    "AmiDown",
    "AmiError",
    "AmiFailed",
    "AmiLoginError",
    "AmiNetworkError",
    "AmiPermissionError",
    "AmiSettings",
    "AmiTimeout",
    "AmiTransport",
    "Reply",
]
