# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The frame of a fact, checked before any row is touched; what its body looks like its kind says.

The forms of the bridge's own facts stand in `cc_contract/facts.schema.json`.
"""

import math
import re

from ..utils.contract import facts, forms
from .errors import FactError

VERSION = facts.VERSION
# PostgreSQL stores no NUL, and UTF-8 has no half characters
UNFIT = re.compile("[\x00\ud800-\udfff]")
is_time = facts.is_time


def is_link_error(value):
    """Whether it is one of the words for what is wrong between bridge and PBX."""
    return value is not None and facts.is_link_error(value)


def of_body(check, where):
    """The shared check of a body, its errors as what the ingest sets facts aside for."""

    def check_body(body):
        try:
            check(body, where)
        except forms.FormError as error:
            raise FactError(str(error)) from error

    return check_body


check_call = of_body(facts.check_call, "the call")
check_agent = of_body(facts.check_agent, "the agent")
check_phone = of_body(facts.check_phone, "the phone")
check_queue = of_body(facts.check_queue, "the queue")
check_result = of_body(facts.check_result, "the command")
check_pbx_state = of_body(facts.check_pbx_state, "the PBX's state")
check_dial = of_body(facts.check_dial, "the alarm")


def check_nothing(body):
    """Bodies whose form is looked at where they are applied."""


def storable(value, depth=50):
    """The same as something that any column can hold: for what is kept because it can't be applied.

    Unfit characters become U+FFFD, numbers that JSON does not know their names; what is nested deeper than
    `depth` is left out.
    """
    if isinstance(value, str):
        return UNFIT.sub("\ufffd", value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, (dict, list)) and not depth:
        return "…"
    if isinstance(value, dict):
        return {storable(key): storable(part, depth - 1) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part, depth - 1) for part in value]
    return value


def check_fact(fact, pbx_uuid, kinds):
    """Check the frame of a fact, and its body by its kind's own check.

    :param dict kinds: `cc.pbx._cc_fact_kinds()`
    :return: the FactKind
    :raise FactError: the fact is not one that this Odoo understands
    """
    version = fact.get("v")
    if type(version) is not int or version < 1:
        raise FactError("the fact has no version")
    if version > VERSION:
        raise FactError(
            f"the fact is of version {version}, this Odoo understands versions up to {VERSION}:"
            " update the contact centre's addons, then retry"
        )
    name = fact.get("kind")
    kind = kinds.get(name) if isinstance(name, str) else None
    if not kind:
        raise FactError(f"there is no fact of kind {str(name)[:40]!r}")
    if fact.get("pbx") != pbx_uuid:
        raise FactError("the fact is of another PBX")
    if not is_time(fact.get("t")):
        raise FactError("the fact's time has a wrong value")
    body = fact.get(kind.body)
    if not isinstance(body, dict):
        raise FactError(f"the fact lacks its body {kind.body!r}")
    kind.check(body)
    return kind
