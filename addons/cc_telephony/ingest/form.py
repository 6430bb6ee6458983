# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The form of a fact, checked before any row is touched.

Follows `facts.schema.json` beside the bridge; written out, because a batch of 500 facts has to be
checked in a few milliseconds and Odoo has no schema checker of its own.
"""

import math
import re

from .errors import FactError

VERSION = 1
MAX_TEXT = 256
MAX_LIST = 2000
# PostgreSQL stores no NUL, and UTF-8 has no half characters
UNFIT = re.compile("[\x00\ud800-\udfff]")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)

DIRECTIONS = {"inbound", "outbound", "internal"}
STATES = {"ivr", "queued", "ringing", "talking", "held", "ended"}
ROLES = {"customer", "agent", "outside", "supervisor"}
MODES = {"talk", "listen", "whisper"}
HOWS = {"blind", "attended", "pickup", "park", "conference"}
OUTCOMES = {"answered", "no_answer", "busy", "rejected", "cancelled", "failed", "taken", None}
ENDED_BY = {"customer", "agent", "system", None}
LOSSES = {None, "ivr", "queue", "overflow", "agent_no_answer", "out_of_hours"}
RATINGS = {"satisfied", "neutral", "dissatisfied", "wrong_key", "hung_up", "not_sent"}
CALL_KINDS = {
    f"call.{moment}"
    for moment in [
        "started",
        "queued",
        "ringing",
        "answered",
        "held",
        "resumed",
        "transferred",
        "joined",
        "left",
        "dtmf",
        "rated",
        "ended",
        "corrected",
    ]
}


def _is_int(value):
    # JSON's true is an int to Python; 2**53 is where other languages lose exactness
    return type(value) is int and abs(value) < 2**53


def is_time(value):
    """A time of a fact or null: µs since 1970, before the year 2200."""
    return value is None or (_is_int(value) and 0 <= value < 7_258_118_400_000_000)


def is_text(value):
    """A short text or null."""
    return value is None or (
        isinstance(value, str) and len(value) <= MAX_TEXT and not UNFIT.search(value)
    )


def _is_number(value):
    return _is_int(value) and 0 <= value < 2**31


def _one_of(values):
    return lambda value: (value is None or isinstance(value, str)) and value in values


def _is_bool(value):
    return isinstance(value, bool)


def _is_texts(value):
    return isinstance(value, list) and len(value) <= 50 and all(map(is_text, value))


def _shape(**checks):
    """A check of a dict: every key there, no other, each value right."""

    def check(value, where):
        if not isinstance(value, dict):
            raise FactError(f"{where} is not an object")
        if unknown := value.keys() - checks.keys():
            raise FactError(f"{where} has an unknown part {sorted(unknown)[0]!r}")
        for name, right in checks.items():
            if name not in value:
                raise FactError(f"{where} lacks {name!r}")
            if not right(value[name]):
                raise FactError(f"{where}: {name!r} has a wrong value")

    return check


def _list_of(check):
    def check_list(value, where):
        if not isinstance(value, list) or len(value) > MAX_LIST:
            raise FactError(f"{where} is not a list of reasonable length")
        for item in value:
            check(item, where)

    return check_list


def _anything(value):
    return True


_PARTS = {
    "from": _shape(number=is_text, name=is_text),
    "to": _shape(number=is_text),
    "legs": _list_of(
        _shape(
            leg=_is_number,
            role=_one_of(ROLES),
            number=is_text,
            channels=_is_texts,
            joined_t=is_time,
            left_t=is_time,
            mode=_one_of(MODES),
        )
    ),
    "attempts": _list_of(
        _shape(
            n=_is_number,
            queue=is_text,
            target=is_text,
            ring_t=is_time,
            end_t=is_time,
            outcome=_one_of(OUTCOMES),
        )
    ),
    "transfers": _list_of(
        _shape(t=is_time, how=_one_of(HOWS), by=is_text, to=is_text, completed=_is_bool)
    ),
    "holds": _list_of(_shape(from_t=is_time, to_t=is_time, by=is_text)),
    "ivr": _list_of(_shape(t=is_time, node=is_text, key=is_text)),
}
_RATING = _shape(outcome=_one_of(RATINGS), key=is_text)
_CALL = _shape(
    call_uid=lambda value: isinstance(value, str) and bool(UUID.fullmatch(value)),
    rev=lambda value: _is_number(value) and value >= 1,
    direction=_one_of(DIRECTIONS),
    line=is_text,
    queue=is_text,
    state=_one_of(STATES),
    started_t=is_time,
    queued_t=is_time,
    answered_t=is_time,
    ended_t=is_time,
    estimated=_is_bool,
    rating=_anything,
    ended_by=_one_of(ENDED_BY),
    cause=lambda value: value is None or _is_number(value),
    loss=_one_of(LOSSES),
    **dict.fromkeys(_PARTS, _anything),
)


def check_call(call):
    """:raise FactError: the body of a `call.*` fact has not the form of the schema"""
    _CALL(call, "the call")
    for name, check in _PARTS.items():
        check(call[name], f"the call's {name!r}")
    if call["rating"] is not None:
        _RATING(call["rating"], "the call's 'rating'")
    for name, key in (("legs", "leg"), ("attempts", "n")):
        if len({item[key] for item in call[name]}) != len(call[name]):
            raise FactError(f"the call's {name!r} number one twice")


def _need(body, where, **checks):
    """Parts that must be there and right; bodies other than the call may have more."""
    for name, right in checks.items():
        if not right(body.get(name)):
            raise FactError(f"{where}: {name!r} is missing or wrong")


def _is_name(value):
    return bool(value) and isinstance(value, str) and is_text(value)


def _is_id(value):
    return value is None or _is_number(value)


def _is_next(value):
    return (
        isinstance(value, dict)
        and _is_name(value.get("state"))
        and is_text(value.get("reason"))
        and not value.keys() - {"state", "reason"}
    )


def check_agent(body):
    """:raise FactError: the body of `agent.state` has not the form of the schema"""
    _need(
        body,
        "the agent",
        agent=_is_name,
        state=_is_name,
        since=lambda value: value is not None and is_time(value),
        until=is_time,
        more=_is_id,
        stays=lambda value: value is None or _is_bool(value),
        next=lambda value: value is None or _is_next(value),
        reachable=lambda value: value is None or _is_bool(value),
        session=_is_id,
        reason=is_text,
        device=is_text,
        extension=is_text,
        call_uid=is_text,
    )


def check_queue(body):
    """:raise FactError: the body of `queue.changed` has not the form of the schema"""
    _need(body, "the queue", queue=_is_name, waiting=_is_number)


def check_result(body):
    """:raise FactError: the body of `command.result` has not the form of the schema"""
    _need(body, "the command", id=_is_name, ok=_is_bool, code=_is_name, message=is_long_text)


def check_pbx_state(body):
    """:raise FactError: the body of `pbx.state` has not the form of the schema"""
    _need(
        body,
        "the PBX's state",
        connected=_is_bool,
        asterisk=is_text,
        boot_t=is_time,
        error=lambda value: value is None or is_link_error(value),
        message=is_long_text,
    )


def check_nothing(body):
    """Bodies whose form is looked at where they are applied."""


def is_link_error(value):
    """One of the words for what is wrong between bridge and PBX."""
    return isinstance(value, str) and value in ("network", "login", "permission")


def is_long_text(value):
    """A message for people, or null."""
    return value is None or (
        isinstance(value, str) and len(value) < 4096 and not UNFIT.search(value)
    )


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
    if not _is_int(version) or version < 1:
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
