# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The token by which a bridge proves that it holds its PBX's secret: a JWT with ``iss`` (the PBX's uuid),
``aud``, ``iat`` and ``exp``."""

AUDIENCE = "cc_bridge"
ALGORITHM = "HS256"
#: From ``iat`` to ``exp`` at the most.
MAX_LIFETIME_S = 600
