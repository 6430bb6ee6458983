# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Where an intent's people may call: its rows checked, refused ones left out and named; also as dialplan.

Who may have which number called is said in ``cc_contract/destinations.py``, by which Odoo decides the same.
"""

import re
from collections.abc import Mapping
from typing import Any

from cc_contract.destinations import (
    AGENT,
    LEVELS,
    NOBODY,
    PHONE,
    SHORT,
    Policy,
    dear_numbers,
    emergency,
    lengths,
)

_PREFIX = re.compile(r"[0-9]{0,15}")


def level_of(role: object) -> int:
    """An agent's level by the intent's word; of one that is not known the lowest."""
    return LEVELS.get(role, PHONE) if isinstance(role, str) and role != "nobody" else PHONE


class Destinations:
    """The policy of one intent.

    :param settings: the intent's settings; ``destinations`` and ``country`` are read
    :param left_out: gets a line for each row that was refused; such a row lets nobody call
    """

    def __init__(self, settings: Mapping[str, Any], left_out: list[str] | None = None) -> None:
        rows = settings.get("destinations") or ()
        good: dict[str, int] = {}
        for row in rows:
            prefix, word = row.get("prefix") or "", row.get("allowed_for")
            if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix) or word not in LEVELS:
                if left_out is not None:
                    left_out.append(f"destination {row!r}: a wrong form")
                continue
            good[prefix] = LEVELS[word]
        if rows and not good:
            # a list of which nothing can be read is no empty one
            good[""] = NOBODY
        self.country = str(settings.get("country") or "").upper()
        self._policy = Policy(self.country, good)

    def level(self, number: str) -> int:
        """Who may have this number called at least: E.164 with its plus, or digits as they are dialled."""
        return self._policy.ruling(number).level

    def may(self, number: str, level: int) -> bool:
        """Whether somebody of this level may have the number called."""
        return self.level(number) <= level

    def dialplan(self) -> list[str]:
        """``Gosub(cc-level,+<E.164>,1)`` and ``Gosub(cc-national,<digits>,1)`` return a level; in cc-urgent
        stand emergency numbers."""
        policy, code = self._policy, self._policy.code
        urgent = sorted(emergency(self.country))
        lines = ["[cc-urgent]", *(_returns(one, PHONE) for one in urgent), "", "[cc-level]"]
        lines += [_returns(f"_+{p}!", level) for p, level in sorted(policy.rows.items())]
        lines += [
            _returns(f"_+{one if 'X' in one else f'{one}!'}", NOBODY)
            for one in dear_numbers()
            if one.rstrip("X") not in policy.rows
        ]
        if "" not in policy.rows:
            near = policy.near or ({code: policy.rest} if code else {})
            lines += [
                _returns(f"_+{one}!", level)
                for one, level in sorted(near.items())
                if one not in policy.rows and one not in dear_numbers()
            ]
            lines.append(_returns("_+!", NOBODY if policy.rows else AGENT))
        # of one length the pattern with more digits in front is the stronger one
        lines += ["", "[cc-national]"]
        for length in range(1, SHORT + 1):
            lines += [
                _returns(f"_{p}{'X' * (length - len(p))}", level)
                for p, level in sorted(policy.short.items())
                if len(p) <= length
            ]
        for length in sorted(lengths(self.country)):
            lines += [
                f"exten => _{'X' * length},1,Gosub(cc-level,+{code}${{EXTEN}},1)",
                " same => n,Return(${GOSUB_RETVAL})",
                *(_returns(f"_{p}{'X' * (length - len(p))}", NOBODY) for p in policy.exits),
            ]
        return [*lines, _returns("_X!", NOBODY)]


def _returns(pattern: str, level: int) -> str:
    # a pattern without X and the like is a number
    plain = pattern[1:] if pattern.startswith("_") and not set("X!") & set(pattern) else pattern
    return f"exten => {plain},1,Return({level})"
