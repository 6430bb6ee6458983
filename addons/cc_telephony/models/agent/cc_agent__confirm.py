# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import secrets
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ...utils.times import now

DIGITS = 6
# nobody's phone rings more often than this because somebody says that it is theirs
MOST, WITHIN = 3, timedelta(minutes=10)


class CcAgent(models.Model):
    """An outside phone counts once its agent has answered there and keyed in the code that Odoo shows them."""

    _inherit = "cc.agent"

    def _is_confirmed(self, number_sudo):
        """Whether this agent has shown that they are at this outside phone."""
        return number_sudo in self.env["cc.agent.memory"]._of(self).confirmed_ids

    def _confirm_phone(self, number_sudo):
        """Have an outside phone rung and asked for a code.

        :return: `{"id": command uuid, "code": to be keyed in there, "number": masked}`; the result comes as bus
            message `cc.command/result`
        :raise UserError: the agent is in a call, or has asked too often
        """
        if self._open_interval().state in ("ringing", "on_call"):
            raise UserError(self.env._("Finish your current call first."))
        # sudo: cc.command - what this user asked for lately
        asked_sudo = self.env["cc.command"].sudo()
        lately = [
            ("kind", "=", "confirm_number"),
            ("user_id", "=", self.env.uid),
            ("asked_at", ">", now() - WITHIN),
        ]
        if asked_sudo.search_count(lately, limit=MOST) >= MOST:
            raise UserError(self.env._("Too many attempts. Try again in a few minutes."))
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        command_sudo = self.env["cc.command"]._issue(
            # of no agent: while the phone rings the agent's own commands go on
            self.pbx_id,
            "confirm_number",
            {"code": code, "of": self.number},
            number=number_sudo,
        )
        return {"id": command_sudo.uuid, "code": code, "number": number_sudo.mask}

    def _phone_confirmed(self, number_sudo):
        """The code was right."""
        self.env["cc.agent.memory"]._remember(self, confirmed_ids=[(4, number_sudo.id)])
