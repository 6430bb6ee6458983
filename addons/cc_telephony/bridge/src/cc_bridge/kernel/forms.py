# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The forms that plug-ins and the kernel hand to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Plugin(Protocol):
    """What a plug-in's factory returns. Derive from it to have both methods do nothing."""

    async def start(self) -> None:
        """Before the bridge turns to PBX and Odoo; quick, longer work is spawned."""

    async def close(self) -> None:
        """At the bridge's end; tasks that were spawned are cancelled after it."""


@dataclass(frozen=True, slots=True)
class Order:
    """One command as Odoo hands it out; ``expires_t`` in Odoo's clock, microseconds."""

    id: str
    kind: str
    args: Mapping[str, Any]
    agent: str | None
    call_uid: str | None
    expires_t: int


@dataclass(frozen=True, slots=True)
class Result:
    """How it went; any ``code`` but ok is shown to who gave the command, with the message."""

    code: str = "ok"
    message: str = ""
    call_uid: str | None = None


class NotPossible(Exception):
    """The command can't be done now; ``code`` is the result's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class AgentChange:
    """An agent's state as it has become.

    ``since``: PBX time in microseconds. ``reachable``: false when the queues know that their phone is
    not there.
    """

    agent: str
    state: str
    reason: str | None
    since: int
    call_uid: str | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class AgentNow:
    """An agent who is signed in, as they are now; ``queues``: name to penalty."""

    agent: str
    session: int | None
    device: str | None
    extension: str | None
    state: str
    reason: str | None
    since: int
    until: int | None
    call_uid: str | None
    reachable: bool
    queues: Mapping[str, int]
