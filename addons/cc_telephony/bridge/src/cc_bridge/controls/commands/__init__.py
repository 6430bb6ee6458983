# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One file a control, or a few that share what they remember; each registers itself by ``register(desk)``."""
