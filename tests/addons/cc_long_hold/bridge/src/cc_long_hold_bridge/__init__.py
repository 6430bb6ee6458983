# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tells of customers who waited long on hold."""

from typing import Any

from cc_bridge.plugins import CallFact, Kernel, Plugin


class LongHolds(Plugin):
    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.seconds = 30
        kernel.intent_section("cc_long_hold", self.intent, self.check)
        kernel.on_call(self.call)

    def check(self, section: dict[str, Any]) -> dict[str, Any]:
        return {"seconds": self.kernel.encoder.seconds(section.get("seconds"), low=1, high=3600)}

    def intent(self, section: dict[str, Any]) -> None:
        self.seconds = section.get("seconds") or 30

    def call(self, fact: CallFact) -> None:
        if fact.kind != "call.resumed" or not fact.call["holds"]:
            return
        last = fact.call["holds"][-1]
        if not last["from_t"] or not last["to_t"] or not last["by"]:
            return
        seconds = (last["to_t"] - last["from_t"]) // 1_000_000
        if seconds >= self.seconds:
            self.kernel.fact(
                "long_hold.over",
                last["to_t"],
                {
                    "hold": {
                        "call_uid": fact.call["call_uid"],
                        "agent": last["by"],
                        "seconds": seconds,
                    }
                },
            )
