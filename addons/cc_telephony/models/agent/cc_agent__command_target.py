# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

# kinds of targets, as they come from the browser
TARGETS = {
    "transfer": {"agent", "queue", "ivr", "phone", "number", "owner"},
    "consult": {"agent", "phone", "number", "owner"},
    "invite": {"agent", "phone", "number", "owner"},
}


class CcAgent(models.Model):
    """Buttons with a target: transfer, consult, invite. What the browser names becomes what a PBX knows."""

    _inherit = "cc.agent"

    def _prepare_command_transfer(self, args, call_uid):
        return self._targeted("transfer", args, call_uid)

    def _prepare_command_consult(self, args, call_uid):
        return self._targeted("consult", args, call_uid)

    def _prepare_command_invite(self, args, call_uid):
        return self._targeted("invite", args, call_uid)

    def _targeted(self, control, args, call_uid):
        call_sudo, _talk = self._call_for(control, call_uid)
        to = args.get("to")
        kind = to.get("kind") if isinstance(to, dict) else None
        if not isinstance(kind, str) or kind not in TARGETS[control]:
            raise UserError(self.env._("Choose a recipient."))
        if kind in ("phone", "number"):
            number_sudo = (
                self._usable_number(to.get("id"))
                if kind == "phone"
                else self._typed_number(to.get("number"))
            )
            self._check_destination(number_sudo)
            # the number itself stands in its own row only
            return {
                "args": {"to": {"kind": "number"}},
                "number": number_sudo,
                "call_uid": call_sudo.call_uid,
            }
        if kind in ("agent", "owner"):
            agent = (
                call_sudo._cc_owner_agent().with_env(self.env)
                if kind == "owner"
                else self._row_of("cc.agent", to.get("id"))
            )
            if not agent and kind == "owner":
                raise UserError(
                    self.env._("This customer's salesperson has no extension on this PBX.")
                )
            value = {"kind": "agent", "value": self._reachable(agent, control).number}
        else:
            row = self._row_of("cc.queue" if kind == "queue" else "cc.ivr.menu", to.get("id"))
            value = {"kind": kind, "value": row.code}
        return {"args": {"to": value}, "call_uid": call_sudo.call_uid}

    def _row_of(self, model, row_id):
        """An active row of the agent's own PBX that the user may see.

        :raise UserError: there is none with this id
        """
        row = self.env[model]
        if type(row_id) is int:
            row = row.search([("id", "=", row_id), ("pbx_id", "=", self.pbx_id.id)])
        if not row:
            raise UserError(self.env._("Your PBX has no such target."))
        return row

    def _reachable(self, target, control):
        """:return: `target`
        :raise UserError: the colleague can't be rung for this now
        """
        if target == self:
            raise UserError(self.env._("You cannot transfer a call to yourself."))
        interval = target._open_interval()
        why = target._why_unreachable(interval.state or "offline", control, interval.reachable)
        if why:
            raise UserError(why)
        return target

    def _why_unreachable(self, state, control, reachable=True):
        """Why this agent can't be rung for a transfer, a consult or an invitation.

        :param str state: the agent's live state
        :param bool reachable: whether the PBX reaches the agent's phone
        :return: text for people, or None when nothing is against it
        """
        self.ensure_one()
        if state != "offline" and not reachable:
            return self.env._("%(agent)s's phone is not reachable.", agent=self.name)
        if state == "ready":
            return None
        if state == "offline":
            return self.env._("%(agent)s is not signed in.", agent=self.name)
        if state == "on_call":
            return self.env._("%(agent)s is on a call.", agent=self.name)
        if state == "ringing":
            return self.env._("%(agent)s's phone is ringing.", agent=self.name)
        if state == "break":
            return self.env._("%(agent)s is on a break.", agent=self.name)
        if control == "consult":
            return self.env._("%(agent)s is not ready.", agent=self.name)
        return None
