# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is dialled for a number: a PBX's dialling rules. The bridge follows the same rules.

Both are held to `tests/data/dial-rules.json`.
"""

import re

# what a PBX can be given to dial
DIALABLE = re.compile(r"(?=.*[0-9])\+?[0-9*#]{1,40}")
# a beginning, or what is put in front: may be empty
PIECE = re.compile(r"\+?[0-9*#]{0,20}")


def dialled(number, rules, settings):
    """What is dialled for a number.

    The first rule whose prefix the number begins with counts. Without one the PBX's own prefix is put
    in front.

    :param str number: E.164 with its plus, or digits of no numbering plan
    :param list rules: `[{"prefix", "strip", "prepend", "trunk", "caller_id"}]`; `strip` counts the plus
    :param dict settings: `{"dial_prefix", "trunk"}` of the PBX
    :return: `{"number", "trunk", "caller_id", "rule": index or None}`; `number` is None where nothing
        dialable is left
    """
    index = next((n for n, rule in enumerate(rules) if number.startswith(rule["prefix"])), None)
    if index is None:
        text = settings["dial_prefix"] + number
        trunk, caller_id = settings["trunk"], None
    else:
        rule = rules[index]
        text = rule["prepend"] + number[rule["strip"] :]
        trunk, caller_id = rule["trunk"] or settings["trunk"], rule["caller_id"]
    return {
        "number": text if DIALABLE.fullmatch(text) else None,
        "trunk": trunk,
        "caller_id": caller_id,
        "rule": index,
    }
