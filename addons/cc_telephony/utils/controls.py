# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which control of a call is legal when: an agent's situation as the shared table's words."""

from .contract import controls as _controls

call_controls = _controls.call_controls
device_can = _controls.device_can
is_legal = _controls.is_legal
legal_controls = _controls.legal_controls
# a supervisor's words for their part, by the mode of their leg
SUPERVISE = {"listen": "listen", "whisper": "whisper", "talk": "barge"}

# may hold a card's number or a PIN
NOT_HANDED = {"dtmf"}


def situation(talk=None):
    """The situation of an agent in the words of the file.

    :param talk: the `Talk` of the call that is meant; None for no call at all
    """
    found = dict(_controls.NO_CALL)
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
        # who is asked for advice, or on hold themselves, leads nothing: no word of the file means this
        found["call"] = "guest"
    found["consult"] = talk.consult
    found["conference"] = talk.conference
    found["invited"] = talk.invited
    return found


def is_handed(control):
    """Whether its command goes to the bridge with the bell: the plain buttons of a call.

    Digits do not lie on the bus, and what stands in the intent is read after it.
    """
    return control in _controls.by_name() and control not in NOT_HANDED
