# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is dialled for a number: a PBX's dialling rules, by the code that the bridge runs too."""

import re

from .contract import dialling as _dialling
from .contract import names

PREFIX = names.PREFIX
# what is put in front
PREPEND = re.compile(r"(\+?[0-9*#]*[0-9][0-9*#]*)?")
MOST_PREPENDED = 20


def dialled(number, settings):
    """What is dialled for a number, and by which rule.

    :param str number: E.164 with its plus, or digits of no numbering plan
    :param dict settings: as the intent has them: `dial_rules`, `trunks`, `trunk`, `dial_prefix`
    :return: `{"number", "trunk", "caller_id": or None, "rule": index or None}`
    """
    plan = _dialling.DialPlan(
        rules=[_dialling.Rule(**rule) for rule in settings["dial_rules"]],
        trunk=settings["trunk"] or "trunk",
        prefix=settings["dial_prefix"],
        caller_id="",
        caller_ids={row["code"]: row["caller_id"] for row in settings["trunks"]},
    )
    way = plan.way(number)
    return {
        "number": way.digits,
        "trunk": way.trunk,
        "caller_id": way.caller_id or None,
        "rule": way.rule,
    }
