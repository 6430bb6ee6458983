# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo as a signed-in person uses it, without a browser: the same RPCs with the same rights."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.request
from typing import Any

from cc_stack.settings import StackError


class Person:
    """A user's session. The demo's passwords are the logins."""

    def __init__(self, url: str, database: str, login: str, password: str | None = None) -> None:
        self.url = url
        self.login = login
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password or login},
        )

    def __call__(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Calls a method as the web client does. Raises StackError with the server's words."""
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def _post(self, path: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=120) as reply:
                answer = json.load(reply)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise StackError(f"{self.login}: {path}: {error}") from None
        if "error" in answer:
            data = answer["error"].get("data") or {}
            raise StackError(
                f"{self.login}: {path}: {data.get('message') or answer['error'].get('message')}"
            )
        return answer.get("result")
