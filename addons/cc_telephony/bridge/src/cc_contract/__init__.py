# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What bridge, server and browser must agree on, in one place.

Both sides import it: the bridge as the package ``cc_contract``, Odoo through ``utils/`` of cc_telephony; the
browser is given the tables by the server, its tests by ``scripts/js_fixtures.py``. So nothing in here knows
of either side, and nothing beyond Python's own library and ``phonenumbers`` is imported.

- ``agent_states.json``, ``states``: the agent's states and who may move from which to which
- ``call_controls.json``, ``controls``: which control of a call is legal when; ``situation``: the words of it
- ``facts.schema.json``, ``facts``, ``forms``: the form of what the bridge tells
- ``causes``: why a call ended, as networks number it
- ``dialling``: what is dialled for a number; ``destinations``, ``dear_numbers.json``: who may have it called
- ``vectors/``: examples that both sides' tests are held to: dialling rules, written forms of numbers
"""
