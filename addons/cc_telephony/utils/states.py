# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent's states and legal moves, read from the one file that bridge and browser read too."""

import functools
import json

from odoo.tools import file_open

STATES_FILE = "cc_telephony/bridge/src/cc_bridge/agents/agent_states.json"


@functools.cache
def agent_states():
    """The content of `agent_states.json`: `states`, `first` and `moves`."""
    with file_open(STATES_FILE, "r") as source:
        return json.load(source)


def may_move(old, new, by):
    """Whether `by` ("agent", "sign_in", "sign_out" …) may move an agent from `old` to `new`."""
    return any(
        move["by"] == by and move["to"] == new and move["from"] in (old, "*")
        for move in agent_states()["moves"]
    )
