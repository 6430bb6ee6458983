# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What is dialled for a number.

A rule is for numbers in E.164 whose digits (without +) begin with its prefix: that many digits are taken
off (``strip``), others put before (``prepend``). The longest prefix wins, of equal ones the first; one that
would leave nothing to dial is passed over. What is no E.164 number (a short code) and what no rule fits
goes to the PBX's own trunk behind ``prefix``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``trunk`` and ``caller_id`` None: the PBX's own."""

    prefix: str
    strip: int
    prepend: str
    trunk: str | None
    caller_id: str | None

    def digits(self, number: str) -> str | None:
        """What is dialled for an E.164 number by this rule; None when it does not fit."""
        digits = number[1:]
        if not digits.startswith(self.prefix):
            return None
        return self.prepend + digits[self.strip :] or None


@dataclass(frozen=True, slots=True)
class Way:
    """How a number is reached. ``rule``: its index; None for the PBX's own trunk."""

    digits: str
    trunk: str
    caller_id: str
    rule: int | None

    @property
    def device(self) -> str:
        """For the PBX's Dial and Originate."""
        return f"PJSIP/{self.digits}@{self.trunk}"


@dataclass(frozen=True, slots=True)
class DialPlan:
    """The rules of a PBX and its own trunk, with what the other side sees by each trunk."""

    rules: Sequence[Rule]
    trunk: str
    prefix: str
    caller_id: str
    caller_ids: Mapping[str, str]

    def shown(self, rule: Rule | None) -> str:
        """What the other side sees: the rule's word, the trunk's, the PBX's; may be empty."""
        if rule and rule.caller_id:
            return rule.caller_id
        trunk = (rule.trunk if rule else None) or self.trunk
        return self.caller_ids.get(trunk) or self.caller_id

    def way(self, number: str) -> Way:
        """How a number is reached: E.164 with its plus, or digits of no numbering plan."""
        fitting = {}
        if number.startswith("+"):
            for index, rule in enumerate(self.rules):
                if digits := rule.digits(number):
                    fitting[index] = digits
        if not fitting:
            return Way(self.prefix + number, self.trunk, self.shown(None), None)
        best = min(fitting, key=lambda index: (-len(self.rules[index].prefix), index))
        rule = self.rules[best]
        return Way(fitting[best], rule.trunk or self.trunk, self.shown(rule), best)
