# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's routes, as plain blocking calls. One instance a thread."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
import requests
import urllib3

from cc_contract.token import ALGORITHM, AUDIENCE

from .. import __version__
from ..config import OdooSettings

#: A token's life and how long before its end it is replaced; seconds.
TOKEN_S = 300
RENEW_S = 60
#: More than any intent or list of commands is, bytes.
LONGEST_ANSWER = 32 << 20


class OdooError(Exception):
    """Odoo did not do it; ``code`` is its word: network, token, epoch, taken, form, too_large, no_call, http."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Hello:
    """Odoo's greeting: our epoch, the last fact it has, what people want, our channel."""

    epoch: int
    seq: int
    intent: dict[str, Any]
    channel: str


@dataclass(frozen=True, slots=True)
class Who:
    """Which bridge speaks: its spool and host, its process, and whether it was sent away before."""

    id: str
    process: str
    again: bool


@dataclass(frozen=True, slots=True)
class Session:
    """What the websocket needs; Odoo ends one that says `burst` things in `within_s` seconds."""

    channel: str
    cookie: str
    burst: int = 10
    within_s: float = 2.0


def _whole(answer: Mapping[str, Any], name: str) -> int:
    value = answer.get(name)
    if type(value) is not int or value < 0:
        raise OdooError("http", f"Odoo's answer has no number {name!r}")
    return value


def _object(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = answer.get(name)
    if not isinstance(value, dict):
        raise OdooError("http", f"Odoo's answer has no object {name!r}")
    return value


class OdooClient:
    """Speaks JSON over HTTP with a short-lived token."""

    def __init__(self, settings: OdooSettings) -> None:
        self.settings = settings
        self._http = requests.Session()
        # proxies and .netrc of the environment are none of our business
        self._http.trust_env = False
        self._token = ""
        self._token_end = 0.0
        #: Odoo's clock minus ours, microseconds, from the latest answer.
        self.skew_us = 0

    def close(self) -> None:
        """Closes kept connections."""
        self._http.close()

    def token(self) -> str:
        """A token that is good for at least another minute."""
        now = time.time()
        if now > self._token_end - RENEW_S:
            self._token_end = now + TOKEN_S
            self._token = jwt.encode(
                {
                    "iss": self.settings.pbx,
                    "aud": AUDIENCE,
                    "iat": int(now),
                    "exp": int(self._token_end),
                },
                self.settings.secret,
                algorithm=ALGORITHM,
            )
        return self._token

    def hello(
        self,
        *,
        asterisk: str | None,
        boot_t: int | None,
        connected: bool,
        error: str | None,
        who: Who,
    ) -> Hello:
        """Announces this bridge; older epochs end. OdooError ``taken``: another bridge is at work."""
        answer = self._post(
            "/cc/hello",
            {
                "v": 1,
                "bridge": __version__,
                "asterisk": asterisk,
                "boot_t": boot_t,
                "ami": {"connected": connected, "error": error},
                "who": {"id": who.id, "process": who.process, "again": who.again},
            },
        )
        return Hello(
            _whole(answer, "epoch"),
            _whole(answer, "seq"),
            _object(answer, "intent"),
            str(answer.get("channel", "")),
        )

    def facts(
        self,
        epoch: int,
        facts: Sequence[Mapping[str, Any]],
        health: Mapping[str, Any],
        after: int,
    ) -> tuple[int, int]:
        """Hands over facts; returns the last number applied and how many were set aside.

        ``after`` is what Odoo has confirmed: one that was restored from a backup refuses by it.
        """
        answer = self._post(
            "/cc/facts", {"epoch": epoch, "after": after, "facts": facts, "health": health}
        )
        return _whole(answer, "seq"), _whole(answer, "rejected")

    def commands(self, epoch: int) -> list[dict[str, Any]]:
        """Open commands, oldest first."""
        commands = self._post("/cc/commands", {"epoch": epoch}).get("commands")
        if not isinstance(commands, list):
            raise OdooError("http", "/cc/commands answered no list of commands")
        return commands

    def intent(self, epoch: int) -> dict[str, Any]:
        """What people want."""
        return _object(self._post("/cc/intent", {"epoch": epoch}), "intent")

    def session(self) -> Session:
        """A websocket channel and the cookie that goes with it."""
        self._http.cookies.clear()
        answer = self._post("/cc/session", {})
        cookie = "; ".join(f"{c.name}={c.value}" for c in self._http.cookies)
        self._http.cookies.clear()
        channel = str(answer.get("channel", ""))
        burst, within_s = answer.get("burst"), answer.get("within_s")
        if type(burst) is not int or not isinstance(within_s, int | float):
            return Session(channel, cookie)  # an addon of before does not say
        return Session(channel, cookie, max(burst, 0), max(within_s, 0.0))

    def recording(
        self, call_uid: str, part: int, sha256: str, duration_ms: int, data: bytes
    ) -> int:
        """Uploads one recording; the same again changes nothing. Returns Odoo's id."""
        answer = self._send(
            "/cc/recording",
            data,
            "audio/mpeg",
            {
                "call_uid": call_uid,
                "part": str(part),
                "sha256": sha256,
                "duration_ms": str(duration_ms),
                "format": "mp3",
            },
        )
        return _whole(answer, "recording")

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A route of somebody else's. Raises OdooError."""
        return self._post(path, body)

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._send(path, json.dumps(body).encode(), "application/json", None)

    def _send(
        self, path: str, data: bytes, kind: str, params: dict[str, str] | None
    ) -> dict[str, Any]:
        settings = self.settings
        headers = {
            "Authorization": f"Bearer {self.token()}",
            "Content-Type": kind,
            "X-Odoo-Database": settings.database,
            "Accept-Encoding": "identity",
        }
        try:
            response = self._http.post(
                settings.url + path,
                data=data,
                headers=headers,
                params=params,
                timeout=settings.timeout,
                allow_redirects=False,
                stream=True,
            )
            try:
                # not unpacked: a small answer must not become a big one
                text = response.raw.read(LONGEST_ANSWER + 1, decode_content=False)
            finally:
                response.close()  # a connection whose answer is read whole is kept all the same
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise OdooError("network", f"{settings.url}: {error.__class__.__name__}") from error
        if len(text) > LONGEST_ANSWER:
            raise OdooError("http", f"{path} answered more than {LONGEST_ANSWER} bytes")
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise OdooError("http", f"{path} answered {response.status_code} without JSON")
        if response.status_code != 200:
            raise OdooError(
                str(answer.get("error") or "http")[:40],
                f"{path} answered {response.status_code}: {str(answer.get('message', ''))[:500]}",
            )
        if type(answer.get("clock_us")) is int:
            self.skew_us = answer["clock_us"] - time.time_ns() // 1000
        return answer
