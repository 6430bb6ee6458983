# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Dialling rules of an intent: checked, refused ones left out and named; also as dialplan.

Which rule counts is said in ``cc_contract/dialling.py``, by which Odoo shows the same.
"""

from collections.abc import Mapping
from typing import Any

from cc_contract.dialling import DialPlan, Rule, Way

from . import encoder


class DialRules:
    """The rules of one intent.

    :param settings: the intent's settings; ``dial_rules``, ``trunks``, ``trunk``, ``dial_prefix``,
        ``caller_id`` are read
    :param left_out: gets a line for each entry that was refused
    """

    def __init__(self, settings: Mapping[str, Any], left_out: list[str] | None = None) -> None:
        self._left_out = [] if left_out is None else left_out
        self.trunk = self._checked("trunk", encoder.code, settings.get("trunk")) or "trunk"
        self.prefix = self._checked("dial_prefix", encoder.prefix, settings.get("dial_prefix"))
        self.caller_id = self._checked("caller_id", encoder.prefix, settings.get("caller_id"))
        self.caller_ids: dict[str, str] = {}
        for row in settings.get("trunks") or ():
            code = self._checked("trunk", encoder.code, row.get("code"))
            if code:
                self.caller_ids[code] = self._checked(
                    f"caller id of {code}", encoder.prefix, row.get("caller_id")
                )
        found: dict[str, Rule] = {}
        for row in settings.get("dial_rules") or ():
            try:
                rule = _rule(row)
            except (encoder.Refused, KeyError, TypeError) as error:
                self._left_out.append(f"dialling rule {row!r}: {error}")
                continue
            found.setdefault(rule.prefix, rule)
        #: the longest prefix first
        self.rules = sorted(found.values(), key=lambda r: -len(r.prefix))
        self._plan = DialPlan(self.rules, self.trunk, self.prefix, self.caller_id, self.caller_ids)

    def _checked(self, what: str, check: Any, value: Any) -> str:
        try:
            return str(check(value)) if value else ""
        except encoder.Refused as error:
            self._left_out.append(f"setting {what}: {error}")
            return ""

    @property
    def trunks(self) -> frozenset[str]:
        """All lines that the settings name."""
        named = {r.trunk for r in self.rules if r.trunk}
        return frozenset({self.trunk} | named | set(self.caller_ids))

    def outside(self, number: str) -> Way:
        """How a number (E.164 with +, or digits as they are) is reached. Raises encoder.Refused."""
        return self._plan.way(encoder.number(number))

    def dialplan(self) -> list[str]:
        """The same as contexts' lines: ``Gosub(cc-rules,<number>,1)`` sets CC_DIAL, CC_TRUNK, CC_CID."""
        lines = ["[cc-rules]"]
        for rule in self.rules:
            lines += _steps(
                f"_+{rule.prefix}!",
                f"{rule.prepend}${{EXTEN:{rule.strip + 1}}}",
                rule.trunk or self.trunk,
                self._plan.shown(rule),
            )
        return lines + _steps(
            "_[0-9+*#]!", f"{self.prefix}${{EXTEN}}", self.trunk, self._plan.shown(None)
        )


def _rule(row: Mapping[str, Any]) -> Rule:
    prefix = str(row.get("prefix") or "").lstrip("+")
    if prefix and not (prefix.isascii() and prefix.isdigit() and len(prefix) <= 15):
        raise encoder.Refused(f"prefix {prefix!r} is not digits")
    strip = encoder.seconds(row.get("strip") or 0, high=15)
    if strip > len(prefix):
        raise encoder.Refused(f"{strip} digits can't be taken off the prefix {prefix!r}")
    return Rule(
        prefix,
        strip,
        encoder.prefix(row.get("prepend")),
        encoder.code(row["trunk"]) if row.get("trunk") else None,
        encoder.prefix(row.get("caller_id")) or None,
    )


def _steps(pattern: str, digits: str, trunk: str, caller_id: str) -> list[str]:
    return [
        f"exten => {pattern},1,Set(CC_DIAL={digits})",
        f" same => n,Set(CC_TRUNK={trunk})",
        f" same => n,Set(CC_CID={caller_id})",
        " same => n,Return()",
    ]


def typed(country: str | None) -> list[str]:
    """Dialplan that turns what somebody typed at a phone into E.164: ``Gosub(cc-typed,<typed>,1)`` sets CC_NUM.

    What is too short for a national number with its leading 0, and what is in no such form, stays as it is.
    """
    lines = ["[cc-typed]", "exten => _+!,1,Set(CC_NUM=${EXTEN})", " same => n,Return()"]

    def form(pattern: str, number: str) -> None:
        lines.extend((f"exten => {pattern},1,Set(CC_NUM={number})", " same => n,Return()"))

    code, abroad, leading, mobile = plan(country)
    if abroad:
        form(f"_{abroad}XXXXXXX!", f"+${{EXTEN:{len(abroad)}}}")
    if code and leading:
        form(f"_{leading}ZXXXXXX!", f"+{code}${{EXTEN:{len(leading)}}}")
    if code and mobile:
        form(f"_{mobile}", f"+{code}${{EXTEN}}")
    form("_[0-9*#]!", "${EXTEN}")
    return lines


def plan(country: str | None) -> tuple[str, str, str, str]:
    """A country's calling code, the prefixes for abroad and for a national number, and a pattern of mobile
    numbers that are dialled without the latter; empty where there is none or the country is unknown."""
    # loaded where it is needed: the library's tables are large
    import phonenumbers

    region = str(country or "").upper()
    meta = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if meta is None:
        return "", "", "", ""
    abroad, leading = meta.international_prefix or "", meta.national_prefix or ""
    return (
        str(meta.country_code),
        abroad if abroad.isdigit() else (meta.preferred_international_prefix or ""),
        leading if leading.isdigit() else "",
        "1[3-9]XXXXXXXXX" if region == "CN" else "",
    )


class Dialled:
    """Digits that went to a line, and the number that they stood for: rules can't be turned round."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._numbers: dict[str, str] = {}

    def remember(self, way: Way, number: str) -> None:
        """Notes what is about to be dialled."""
        self._numbers.pop(way.digits, None)
        self._numbers[way.digits] = number
        while len(self._numbers) > self._most:
            self._numbers.pop(next(iter(self._numbers)))

    def number(self, digits: str) -> str:
        """The number behind digits; they themselves when they are not known."""
        return self._numbers.get(digits, digits)
