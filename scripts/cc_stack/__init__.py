# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The whole suite on one machine: PostgreSQL, Odoo, nginx, Asterisk, bridge, phones and customers, for `make demo` and the tests."""
