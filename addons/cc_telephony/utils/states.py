# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The agent's states in people's words; the states themselves and their moves: `cc_contract.states`."""

from .contract import states as _states

agent_states = _states.agent_states


def state_selection(model):
    """The states as a selection field wants them, in the user's language.

    :param model: recordset whose environment has the language
    :return: `[(state, word)]` in the order of the file
    """
    env = model.env
    # texts are translated where they stand in the code: those of the file can't be
    words = {
        "offline": env._("Offline"),
        "ready": env._("Ready"),
        "ringing": env._("Ringing"),
        "on_call": env._("On call"),
        "wrap_up": env._("Wrap-up"),
        "busy": env._("Busy"),
        "break": env._("Break"),
    }
    states = agent_states()["states"]
    return [(state, words.get(state, options["label"])) for state, options in states.items()]


def may_move(old, new, by):
    """Whether `by` ("agent", "sign_in", "sign_out" …) may move an agent from `old` to `new`."""
    return _states.load().legal(old, new, by)
