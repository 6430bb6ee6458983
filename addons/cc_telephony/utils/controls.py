# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which control of a call is legal when, read from the one file that bridge and browser read too."""

import functools
import json

from odoo.tools import file_open

CONTROLS_FILE = "cc_telephony/bridge/src/cc_bridge/call_controls.json"
# a supervisor's words for his part, by the mode of his leg
SUPERVISE = {"listen": "listen", "whisper": "whisper", "talk": "barge"}


@functools.cache
def call_controls():
    """The content of `call_controls.json`: `words` and `controls`."""
    with file_open(CONTROLS_FILE, "r") as source:
        return json.load(source)


@functools.cache
def _by_name():
    return {row["control"]: row for row in call_controls()["controls"]}


def situation(talk=None):
    """The situation of an agent in the words of the file.

    :param talk: the `Talk` of the call that is meant; None for no call at all
    """
    found = {
        "mine": "none",
        "call": None,
        "consult": None,
        "conference": False,
        "invited": False,
        "supervise": None,
    }
    if talk is None or talk.view.state == "ended":
        return found
    found["call"] = talk.view.state
    if talk.view.state in ("talking", "held"):
        found["call"] = "held" if talk.held else "talking"
    if talk.supervisor:
        found["supervise"] = SUPERVISE[talk.mode]
        return found
    if talk.mine in ("ringing", "talking"):
        found["mine"] = talk.mine
    if talk.guest:
        # who is asked for advice has no hand in the customer: no word of the file means this
        found["call"] = "guest"
    found["consult"] = talk.consult
    found["conference"] = talk.conference
    found["invited"] = talk.invited
    return found


def is_control(control):
    """Whether there is a control of this name."""
    return control in _by_name()


def device_can(control, device):
    """Whether the control works with a device: "browser", "desk" or "mobile"."""
    return device in _by_name()[control]["devices"]


def is_legal(control, found):
    """Whether a control is legal in a situation.

    :param dict found: as `situation` gives it
    """
    return any(
        all(found[word] in allowed for word, allowed in when.items())
        for when in _by_name()[control]["when"]
    )


def legal_controls(found):
    """The controls that are legal in a situation, in the order of the file."""
    return [
        row["control"] for row in call_controls()["controls"] if is_legal(row["control"], found)
    ]
