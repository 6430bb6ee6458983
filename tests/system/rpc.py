# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A person of the web client without a browser: logs in, signs in at a phone, presses the bar's buttons by RPC."""

from __future__ import annotations

from typing import Any

import requests
from desk import eventually

from cc_stack.stack import Stack


class Person:
    """One logged-in user."""

    def __init__(self, stack: Stack, login: str) -> None:
        self.stack = stack
        self.login = login
        self.session = requests.Session()
        answer = self._post(
            "/web/session/authenticate",
            {"db": stack.settings.database, "login": login, "password": login},
        )
        assert answer["uid"], f"{login} can't log in"

    def _post(self, path: str, params: dict[str, Any]) -> Any:
        reply = self.session.post(
            f"{self.stack.settings.url}{path}",
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=20,
        ).json()
        if "error" in reply:
            raise RuntimeError(reply["error"]["data"]["message"])
        # a method that returns nothing has no result
        return reply.get("result")

    def rpc(self, method: str, *args: Any, model: str = "cc.agent", **kwargs: Any) -> Any:
        """A method of ``cc.agent`` for this user. Raises RuntimeError with the server's words."""
        return self._post(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def sign_in(self, device: str, extension: str) -> None:
        """Signs in, waits until the PBX has confirmed it, and is ready."""
        self.rpc("sign_in", device, extension)
        eventually(lambda: self.rpc("my_phone")["state"] == "busy", 20)
        self.rpc("set_state", "ready", False)
        eventually(lambda: self.rpc("my_phone")["state"] == "ready")

    @property
    def state(self) -> str:
        return str(self.rpc("my_phone")["state"])

    @property
    def card(self) -> dict[str, Any]:
        """The card of the only call."""
        cards = self.rpc("my_phone")["calls"]
        assert len(cards) == 1, cards
        found: dict[str, Any] = cards[0]
        return found

    def does(self, kind: str, call_uid: str | None = None, **args: Any) -> None:
        """A button of the bar, with its good result from the PBX."""
        uuid = self.rpc("command", kind, args, call_uid)["id"]

        def state() -> list[list[str]]:
            return self.stack.postgres.query(
                f"SELECT code FROM cc_command WHERE uuid = '{uuid}' AND code IS NOT NULL AND code <> ''",
                self.stack.settings.database,
            )

        [[code]] = eventually(state, 12)
        assert code == "ok", f"{kind}: {code}"
