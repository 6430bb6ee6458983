# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What strangers, broken peers and mischief may send: refused or shown as text, and the rest goes on."""
