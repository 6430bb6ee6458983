# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one gate for everything that reaches AMI, the dialplan or a configuration file.

Each function takes a value from outside and returns it unchanged, or raises :class:`Refused`:
nothing is silently repaired, except :func:`display`, whose text is only ever shown.
"""

import re

from cc_contract import names

_SECRET = re.compile(r"[A-Za-z0-9._~!@%^*()+=-]{4,128}")
_PATH = re.compile(r"/[A-Za-z0-9._/-]{0,300}")
_WIRE = re.compile(r"[\r\n\x00]")


class Refused(ValueError):
    """A value that must not reach the PBX; the text says which and why, without the value of a secret."""


def _match(
    pattern: re.Pattern[str], value: object, what: str, allowed: str, *, shown: bool = True
) -> str:
    # True, None or a list have a text too, but nobody means it
    text = str(value) if type(value) in (str, int) else ""
    if not pattern.fullmatch(text):
        name = f"{what} {_short(value)}" if shown else what
        raise Refused(f"{name} is not allowed: {allowed}")
    return text


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def code(value: object) -> str:
    """A queue, trunk or music class."""
    return _match(names.CODE, value, "name", "2 to 40 letters, digits, _ and -, no _ or - in front")


def agent(value: object) -> str:
    """An agent number: digits only."""
    return _match(names.AGENT, value, "agent number", "digits only")


def extension(value: object) -> str:
    """A SIP endpoint's name."""
    return _match(
        names.EXTENSION, value, "extension", "up to 32 letters, digits and _, no _ in front"
    )


def number(value: object) -> str:
    """A number that may be dialled: digits, * and #, a plus only in front."""
    return _match(names.NUMBER, value, "number", "digits, * and #, a + only in front")


def prefix(value: object) -> str:
    """Digits put before outside numbers; may be empty."""
    return number(value) if value else ""


def keys(value: object) -> str:
    """Keys of a phone, at most 32."""
    return _match(names.KEYS, value, "keys", "1 to 32 of 0-9 * # A-D")


def secret(value: object) -> str:
    """A SIP password; never repeated in the error."""
    return _match(
        _SECRET, value, "secret", "4 to 128 letters, digits and ._~!@%^*()+=-", shown=False
    )


def path(value: object) -> str:
    """An absolute folder on the PBX, without characters that mean something to the dialplan."""
    text = _match(_PATH, str(value), "path", "letters, digits and ._- between /")
    if ".." in text:
        raise Refused(f"path {text!r} climbs")
    return text


def uuid(value: object) -> str:
    """A call or command id in canonical form."""
    return _match(names.UUID, value, "id", "a UUID in small letters")


def is_uuid(value: str) -> bool:
    """Whether it is a call or command id in canonical form."""
    return names.UUID.fullmatch(value) is not None


def seconds(value: object, *, low: int = 0, high: int = 86400) -> int:
    """A whole number of seconds within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(f"{_short(value)} is not a number from {low} to {high}")
    return value


def choice(value: object, allowed: frozenset[str]) -> str:
    """One word of a closed list."""
    if not isinstance(value, str) or value not in allowed:
        raise Refused(f"{_short(value)} is not one of {', '.join(sorted(allowed))}")
    return value


def display(value: object) -> str:
    """A person's name for a phone's screen: letters of any script, digits, space and . ' - remain."""
    return "".join(c for c in str(value) if c.isalnum() or c in " .'-")[:60].strip()


def wire(value: object) -> str:
    """A header value or name on its way to AMI: CR, LF and NUL would start a new action."""
    text = str(value)
    if _WIRE.search(text):
        raise Refused("a value for AMI holds a line break or a NUL")
    return text
