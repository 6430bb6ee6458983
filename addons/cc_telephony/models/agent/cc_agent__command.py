# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from ...utils.controls import device_can, is_legal, situation

MAX_NUMBER = 64


class CcAgent(models.Model):
    """The buttons of a call. Each becomes a `cc.command`; the bridge does it and says how it went."""

    _inherit = "cc.agent"

    @api.model
    def command(self, kind, args=None, call_uid=None):
        """Ask the PBX for something in the name of the caller's agent.

        :param str kind: as docs/architecture/commands.md lists them; each has a method
            `_prepare_command_<kind>(args, call_uid)` that returns what `cc.command._issue` takes
        :param dict args: as docs/architecture/commands.md says for the kind
        :param str call_uid: the call that is meant; without it the agent's only one
        :return: `{"id": command uuid}`; the result comes as bus message `cc.command/result`
        :raise UserError: not signed in, no such call, not possible now
        """
        agent = self._mine()
        if not agent._open_session():
            raise UserError(self.env._("Sign in first."))
        prepare = getattr(agent, f"_prepare_command_{kind}", None)
        if not prepare or not isinstance(kind, str):
            raise UserError(self.env._("Your phone does not support “%(kind)s”.", kind=kind))
        values = prepare(dict(args or {}), call_uid)
        command = self.env["cc.command"]._issue(agent.pbx_id, kind, agent=agent, **values)
        return {"id": command.uuid}

    def _call_for(self, control, call_uid):
        """The agent's live call for which a control is meant.

        :param str control: as in `call_controls.json`, which says when it is legal
        :param str call_uid: the call that is meant; without it the agent's only one
        :return: `(call, talk)`: the cc.call as superuser and the `Talk` as this agent sees it
        :raise UserError: the control is not legal now; the text says why
        """
        self.ensure_one()
        self._check_device(control)
        found, refused = [], []
        for call, talk in self.env["cc.call"]._cc_open_talks(self):
            if call_uid not in (None, False, call.call_uid):
                continue
            if is_legal(control, situation(talk)):
                found.append((call, talk))
            else:
                refused.append(situation(talk))
        if not found:
            raise UserError(self._why_not(control, refused[0] if refused else situation()))
        if len(found) > 1:
            raise UserError(self.env._("You have several calls. Choose one."))
        return found[0]

    def _check_device(self, control):
        """:raise UserError: the phone at which the agent is signed in can't do this"""
        device = self._open_session().device
        if device and not device_can(control, device):
            raise UserError(
                self.env._("Your phone does not support this from here. Use its own keys.")
            )

    def _why_not(self, control, found):
        """Why a control is not legal in a situation, in words.

        :param dict found: as `utils.controls.situation` gives it
        """
        if control in ("answer", "reject"):
            return self.env._("Your phone is no longer ringing.")
        if control in ("whisper", "barge", "takeover") and found["supervise"] is None:
            return self.env._("Listen to a call first.")
        if found["supervise"]:
            return self.env._("Not available while you supervise the call.")
        if found["mine"] == "none":
            return self.env._("You are no longer in this call.")
        if found["mine"] == "ringing":
            return self.env._("Answer the call first.")
        if found["call"] == "guest":
            return self.env._("Your colleague leads this call. You can mute yourself or hang up.")
        if control in ("cancel", "toggle", "conference", "complete") and not found["consult"]:
            return self.env._("You are not consulting anyone.")
        if control == "uninvite" and not found["invited"]:
            return self.env._("No one is being called anymore.")
        if control in ("toggle", "conference") and found["consult"] == "ringing":
            return self.env._("Wait until the other party has answered.")
        if found["consult"]:
            return self.env._(
                "Go back to the customer, complete the transfer or merge the calls first."
            )
        if control == "kick":
            return self.env._("There is no one to remove: this is not a conference.")
        if found["conference"]:
            return self.env._("Not available in a conference. Remove the others first.")
        if found["call"] == "held":
            if control == "hold":
                return self.env._("The customer is already on hold.")
            return self.env._("Take the customer off hold first.")
        if control == "resume":
            return self.env._("The customer is not on hold.")
        return self.env._("Available once the call is answered.")

    def _prepare_command_answer(self, args, call_uid):
        return {"args": {}, "call_uid": self._call_for("answer", call_uid)[0].call_uid}

    def _prepare_command_reject(self, args, call_uid):
        return {"args": {}, "call_uid": self._call_for("reject", call_uid)[0].call_uid}

    def _prepare_command_hangup(self, args, call_uid):
        call = self._talks_on()
        if call and call_uid in (None, False, call.call_uid):
            return {"args": {}, "call_uid": call.call_uid}
        return {"args": {}, "call_uid": self._call_for("hangup", call_uid)[0].call_uid}

    def _prepare_command_mute(self, args, call_uid):
        call, _talk = self._call_for("mute", call_uid)
        return {"args": {"on": bool(args.get("on"))}, "call_uid": call.call_uid}

    def _check_free(self):
        """:return: the agent's state
        :raise UserError: signed out, or a call is going on or ringing
        """
        state = self._open_interval().state
        if state in (False, "ringing", "on_call"):
            raise UserError(self.env._("Sign in and finish your current call before dialling."))
        return state

    def _check_may_dial(self):
        """:raise UserError: not now, or not in this state"""
        state = self._check_free()
        if self.pbx_id.busy_blocks_dialling and state in ("busy", "break"):
            raise UserError(self.env._("You cannot dial while busy or on a break."))

    def _prepare_command_dial(self, args, call_uid):
        """The number goes into its own row, not into the command's arguments."""
        if "agent" in args:
            colleague = self._row_of("cc.agent", args["agent"])
            self._check_may_dial()
            return {"args": {"number": self._reachable(colleague, "dial").number}}
        if "phone" in args:
            number_sudo = self._usable_number(args["phone"])
        else:
            number_sudo = self._typed_number(args.get("number"))
        self._check_may_dial()
        self._check_destination(number_sudo)
        return {"args": {}, "number": number_sudo}

    def _prepare_command_echo(self, args, call_uid):
        """A test call: the agent's phone rings and gives back what is said."""
        self._check_free()
        return {"args": {}}

    def _check_destination(self, number_sudo):
        """:raise UserError: this PBX's people, or this one of them, may not have the number called"""
        why = self.env["cc.dial.destination"]._why_not(self.pbx_id, number_sudo.key, self.env.user)
        if why:
            raise UserError(why)

    def _typed_number(self, raw):
        """The number that somebody typed, as superuser.

        :raise UserError: there is none in it
        """
        if not isinstance(raw, str) or not raw.strip() or len(raw) > MAX_NUMBER:
            raise UserError(self.env._("Enter a number to dial."))
        country = self.pbx_id._country_code()
        # sudo: cc.phone.number - a number dialled for the first time gets its row
        number_sudo = self.env["cc.phone.number"].sudo()._ingest([(raw, country)])[(raw, country)]
        if not number_sudo:
            raise UserError(self.env._("“%(number)s” cannot be dialled.", number=raw))
        return number_sudo

    def _usable_number(self, number_id):
        """A number of a customer or a call that the user may see, as superuser.

        :raise UserError: there is none with this id that the user may call
        """
        number = self.env["cc.phone.number"]
        if type(number_id) is int:
            number = number.browse(number_id).exists()
        if not number or not number._cc_may_call():
            raise UserError(
                self.env._("You have no access to a customer or call with this number.")
            )
        # sudo: cc.phone.number - the bridge gets the number, the browser does not
        return number.sudo()
