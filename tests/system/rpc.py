# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A person of the web client without a browser: logs in, signs in at a phone, presses the bar's buttons by RPC."""

from __future__ import annotations

from typing import Any

from desk import eventually

from cc_stack import rpc
from cc_stack.stack import Stack


class Person:
    """One logged-in user."""

    def __init__(self, stack: Stack, login: str) -> None:
        self.stack = stack
        self.login = login
        self._odoo = rpc.Person(stack.settings.url, stack.settings.database, login)

    def rpc(self, method: str, *args: Any, model: str = "cc.agent", **kwargs: Any) -> Any:
        """A method of ``cc.agent`` for this user. Raises StackError with the server's words."""
        return self._odoo(model, method, *args, **kwargs)

    def sign_in(self, device: str, extension: str) -> None:
        """Signs in, waits until the PBX has confirmed it, and is ready."""
        self.rpc("sign_in", device, extension)
        eventually(lambda: self.rpc("my_phone")["state"] == "busy")
        self.rpc("set_state", "ready", False)
        eventually(lambda: self.rpc("my_phone")["state"] == "ready")

    @property
    def state(self) -> str:
        return str(self.rpc("my_phone")["state"])

    @property
    def card(self) -> dict[str, Any]:
        """The card of the only call: what it does to their state may be told before it is."""

        def only() -> list[dict[str, Any]]:
            cards: list[dict[str, Any]] = self.rpc("my_phone")["calls"]
            return cards if len(cards) == 1 else []

        found: dict[str, Any] = eventually(only)[0]
        return found

    def does(self, kind: str, call_uid: str | None = None, **args: Any) -> None:
        """A button of the bar, with its good result from the PBX."""
        uuid = self.rpc("command", kind, args, call_uid)["id"]

        def state() -> list[list[str]]:
            return self.stack.postgres.query(
                f"SELECT code FROM cc_command WHERE uuid = '{uuid}' AND code IS NOT NULL AND code <> ''",
                self.stack.settings.database,
            )

        [[code]] = eventually(state)
        assert code == "ok", f"{kind}: {code}"
