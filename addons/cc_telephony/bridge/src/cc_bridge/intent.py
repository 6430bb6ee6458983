# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The form of an intent, checked before it is kept: what is stored comes back at every start.

Only the containers and the keys by which rows are found are looked at here; the values pass the encoder
where they are used.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from . import encoder

log = logging.getLogger(__name__)

#: A list of the intent: what names a row, and the rule for it (None: any text).
_LISTS: Mapping[str, tuple[str, Callable[[object], str] | None]] = {
    "agents": ("agent", encoder.agent),
    "queues": ("queue", None),
    "extensions": ("extension", None),
    "routes": ("route", encoder.code),
}

#: Lists of objects among the settings; each row is checked where it is used.
_ROWS = ("dial_rules", "trunks", "destinations")


def well_formed(
    raw: object, sections: Callable[[object], Mapping[str, Any]] = lambda _: {}
) -> dict[str, Any]:
    """The intent with every row that has a name and is an object; the others are logged and left out.

    :param sections: gives those sections that plug-ins read, in the form that they have checked
    """
    if not isinstance(raw, Mapping):
        log.error("the intent is no object: nothing of it is taken")
        return {}
    settings = raw.get("settings")
    intent: dict[str, Any] = {
        "settings": {
            name: value
            for name, value in (settings.items() if isinstance(settings, Mapping) else ())
            if value is None or isinstance(value, str | bool | int)
        }
    }
    for name in _ROWS:
        if isinstance(settings, Mapping) and settings.get(name):
            rows = _list(settings[name], name)
            intent["settings"][name] = [dict(row) for row in rows if isinstance(row, Mapping)]
    for name, (key, rule) in _LISTS.items():
        intent[name] = [
            _agent(row) if name == "agents" else dict(row)
            for row in _list(raw.get(name), name)
            if _named(row, name, key, rule)
        ]
    intent.update(sections(raw))
    return intent


def _list(value: object, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        log.error("intent: %s is no list", name)
        return []
    return value


def _named(row: object, name: str, key: str, rule: Callable[[object], str] | None) -> bool:
    try:
        value = row[key] if isinstance(row, Mapping) else None
        if rule is not None:
            rule(value)
        elif not isinstance(value, str):
            raise encoder.Refused(f"{key!r} is missing or no text")
    except (KeyError, encoder.Refused) as error:
        log.error("intent: a row of %s is left out: %s", name, error)
        return False
    return True


def _agent(row: Mapping[str, Any]) -> dict[str, Any]:
    """An agent's row whose queues are what they should be, and whose sign-in is whole or none."""
    agent = dict(row)
    agent["agent"] = str(agent["agent"])
    queues = _list(row.get("queues"), "an agent's queues")
    agent["queues"] = [
        {"queue": one["queue"], "penalty": _penalty(one.get("penalty"))}
        for one in queues
        if _named(one, "an agent's queues", "queue", encoder.code)
    ]
    session = row.get("session")
    if session is not None:
        whole = type(session) is int and all(
            isinstance(row.get(name), str) for name in ("device", "extension")
        )
        if not whole:
            log.error("intent: the sign-in of agent %s has a wrong form", agent["agent"])
            agent["session"] = None
    return agent


def _penalty(value: object) -> int:
    return value if type(value) is int and 0 <= value < 1000 else 0
