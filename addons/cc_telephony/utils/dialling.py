# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is dialled for a number: a PBX's dialling rules, as the bridge follows them.

Both are held to `tests/data/dial-rules.json`.
"""

import re

# digits at the beginning of an international number, without its plus
PREFIX = re.compile(r"[0-9]{0,15}")
# what is put in front
PREPEND = re.compile(r"(\+?[0-9*#]*[0-9][0-9*#]*)?")
MOST_PREPENDED = 20


def dialled(number, settings):
    """What is dialled for a number.

    Of the rules whose prefix the digits of an international number begin with, the one with the longest
    prefix counts, of equal ones the first. What is no international number, and what no rule fits, goes
    to the PBX's own trunk behind its own prefix.

    :param str number: E.164 with its plus, or digits of no numbering plan
    :param dict settings: as the intent has them: `dial_rules`, `trunks`, `trunk`, `dial_prefix`
    :return: `{"number", "trunk", "caller_id": or None, "rule": index or None}`
    """
    rules = settings["dial_rules"]
    own = settings["trunk"] or "trunk"
    shown = {row["code"]: row["caller_id"] for row in settings["trunks"]}
    digits = number[1:] if number.startswith("+") else None
    fitting = [
        index
        for index, rule in enumerate(rules)
        if digits is not None
        and digits.startswith(rule["prefix"])
        and rule["prepend"] + digits[rule["strip"] :]
    ]
    if not fitting:
        return {
            "number": settings["dial_prefix"] + number,
            "trunk": own,
            "caller_id": shown.get(own),
            "rule": None,
        }
    index = min(fitting, key=lambda index: (-len(rules[index]["prefix"]), index))
    rule = rules[index]
    trunk = rule["trunk"] or own
    return {
        "number": rule["prepend"] + digits[rule["strip"] :],
        "trunk": trunk,
        "caller_id": rule["caller_id"] or shown.get(trunk),
        "rule": index,
    }
