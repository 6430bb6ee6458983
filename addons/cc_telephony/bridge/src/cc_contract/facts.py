# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The form of facts: ``facts.schema.json``, and what a schema cannot say."""

from typing import Any

from .forms import FormError, Forms
from .tables import table

SCHEMA: dict[str, Any] = table("facts.schema.json")
VERSION: int = SCHEMA["properties"]["v"]["const"]
#: Kinds that the bridge itself tells; plug-ins have kinds of their own.
KINDS: tuple[str, ...] = tuple(SCHEMA["properties"]["kind"]["enum"])
CALL_KINDS: tuple[str, ...] = tuple(kind for kind in KINDS if kind.startswith("call."))
#: Characters of a text, and of a message for people.
MAX_TEXT: int = SCHEMA["$defs"]["text"]["maxLength"]

_forms = Forms(SCHEMA)
_call = _forms.check("call")
check_agent = _forms.check("agent")
check_phone = _forms.check("phone")
check_queue = _forms.check("queue")
check_result = _forms.check("command")
check_pbx_state = _forms.check("pbx_state")
check_dial = _forms.check("dial")
#: Microseconds since 1970, or null.
is_time = _forms.right("time")
#: A short text, or null.
is_text = _forms.right("text")
#: What is wrong between bridge and PBX, or null.
is_link_error = _forms.right("link_error")


def check_call(call: Any, where: str = "the call") -> None:
    """Raises FormError: the body of a ``call.*`` fact has not its form."""
    _call(call, where)
    for name, key in (("legs", "leg"), ("attempts", "n")):
        if len({item[key] for item in call[name]}) != len(call[name]):
            raise FormError(f"{where}'s {name!r} number one twice")


def words(*path: str) -> frozenset[str]:
    """The closed list of words that the schema has for a part: ``words("call", "legs", "role")``."""
    part = SCHEMA["$defs"][path[0]]
    for name in path[1:]:
        part = part.get("items", part)["properties"][name]
        # beside null
        part = part.get("anyOf", [part])[-1]
        if "$ref" in part:
            part = SCHEMA["$defs"][part["$ref"].rpartition("/")[2]]
    return frozenset(word for word in part["enum"] if word is not None)
