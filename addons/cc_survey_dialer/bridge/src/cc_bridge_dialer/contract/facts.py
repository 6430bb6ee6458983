# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The form of the plug-in's facts: ``facts.schema.json``, and what a schema cannot say."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Check = Callable[[Any, str], None]

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "facts.schema.json").read_text("utf-8")
)
#: How an attempt may have ended.
OUTCOMES: frozenset[str] = frozenset(
    word for word in SCHEMA["$defs"]["attempt"]["properties"]["outcome"]["enum"] if word
)


def checks(forms: Any) -> Mapping[str, Check]:
    """A check of each body by its name; they raise FormError.

    :param forms: ``cc_contract.forms``, which bridge and Odoo import by names of their own
    """
    made = forms.Forms(SCHEMA)
    attempt = made.check("attempt")

    def check_attempt(body: Any, where: str) -> None:
        attempt(body, where)
        if body["state"] == "ended" and not body.get("outcome"):
            raise forms.FormError(f"{where} has ended without an outcome")

    return {
        "attempt": check_attempt,
        **{name: made.check(name) for name in ("lease", "dialer", "alarm")},
    }
