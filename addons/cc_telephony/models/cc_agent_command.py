# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

MAX_NUMBER = 64


class CcAgent(models.Model):
    """The buttons of a call. Each becomes a `cc.command`; the bridge does it and says how it went."""

    _inherit = "cc.agent"

    @api.model
    def command(self, kind, args=None, call_uid=None):
        """Ask the PBX for something in the name of the caller's agent.

        :param str kind: dial, answer, reject, hangup or mute; addons add kinds by a method
            `_prepare_command_<kind>(args, call)` that returns what `cc.command._issue` takes
        :param dict args: as docs/architecture.md says for the kind
        :param str call_uid: the call that is meant; without it the agent's only one
        :return: `{"id": command uuid}`; the result comes as bus message `cc.command/result`
        :raise UserError: not signed in, no such call, not possible now
        """
        agent = self._mine()
        if not agent._open_session():
            raise UserError(self.env._("Sign in first."))
        prepare = getattr(agent, f"_prepare_command_{kind}", None)
        if not prepare or not isinstance(kind, str):
            raise UserError(self.env._("The phone cannot do “%(kind)s”.", kind=kind))
        values = prepare(dict(args or {}), call_uid)
        command = self.env["cc.command"]._issue(agent.pbx_id, kind, agent=agent, **values)
        return {"id": command.uuid}

    def _live_call(self, call_uid, wanted):
        """The agent's live call that is meant, and what part the agent has in it.

        :param set wanted: parts that will do: "ringing", "talking"
        :raise UserError: there is none
        """
        self.ensure_one()
        found = []
        for call in self.env["cc.call"]._cc_open_of(self):
            mine = call._cc_card(self)["mine"]
            if mine in wanted and call_uid in (None, False, call.call_uid):
                found.append(call)
        if not found:
            if wanted == {"ringing"}:
                raise UserError(self.env._("No call is ringing at your phone any more."))
            raise UserError(self.env._("You are not in this call any more."))
        if len(found) > 1:
            raise UserError(self.env._("You have several calls: choose one."))
        return found[0]

    def _prepare_command_answer(self, args, call_uid):
        return {"args": {}, "call_uid": self._live_call(call_uid, {"ringing"}).call_uid}

    def _prepare_command_reject(self, args, call_uid):
        return {"args": {}, "call_uid": self._live_call(call_uid, {"ringing"}).call_uid}

    def _prepare_command_hangup(self, args, call_uid):
        call = self._live_call(call_uid, {"ringing", "talking"})
        return {"args": {}, "call_uid": call.call_uid}

    def _prepare_command_mute(self, args, call_uid):
        call = self._live_call(call_uid, {"talking"})
        return {"args": {"on": bool(args.get("on"))}, "call_uid": call.call_uid}

    def _prepare_command_dial(self, args, call_uid):
        """The number goes into its own row, not into the command's arguments."""
        raw = args.get("number")
        if not isinstance(raw, str) or not raw.strip() or len(raw) > MAX_NUMBER:
            raise UserError(self.env._("There is no number to dial."))
        if self._open_interval().state in (False, "ringing", "on_call"):
            raise UserError(self.env._("You can dial when you are signed in and in no call."))
        country = self.pbx_id._country_code()
        # sudo: cc.phone.number - a number dialled for the first time gets its row
        number_sudo = self.env["cc.phone.number"].sudo()._ingest([(raw, country)])[(raw, country)]
        if not number_sudo:
            raise UserError(
                self.env._("“%(number)s” is no number that can be dialled.", number=raw)
            )
        return {"args": {}, "number": number_sudo}
