# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The test of the link to the PBX."""

from ...ami import AmiError
from ...kernel.forms import Order, Result
from ..desk import Desk


def register(desk: Desk) -> None:
    """Registers the control."""

    async def check(_order: Order) -> Result:
        """Tries the link: a word of ok, network, login, permission, and a sentence."""
        action = desk.kernel.ami.action
        try:
            await action({"Action": "Ping"})
            reply = await action({"Action": "CoreSettings"})
        except AmiError as error:
            code = "network" if error.code in ("ami_down", "failed") else error.code
            return Result(code, str(error))
        return Result("ok", f"Asterisk {reply.get('AsteriskVersion')}")

    desk.kernel.command("check", check)
