# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the plug-in and the addon in Odoo must agree on. Both import this folder; it needs the standard library only.

``facts.schema.json``: the bodies of the facts that the plug-in tells, in the words of ``cc_contract.forms``;
``abandonment.py``: how abandoned calls are counted.
"""
