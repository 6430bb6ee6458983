# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The telephony bridge: reads an Asterisk over AMI, tells Odoo facts, runs Odoo's commands."""

__version__ = "19.0.1.0.0"
