# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...utils.controls import call_controls
from ...utils.guard import guarded
from ...utils.states import agent_states, may_move
from ...utils.times import now_us, to_us

# what may be chosen to come after a call
NEXT_STATES = ("ready", "busy", "break", "offline")


class CcAgent(models.Model):
    """What the phone bar of an agent asks and wants. Every method acts for the caller's agent."""

    _inherit = "cc.agent"

    @api.model
    def _mine(self, required=True):
        """The calling user's agent.

        :raise AccessError: the user is not in the agents' group
        :raise UserError: the user has no agent row and `required`
        """
        if not self.env.user.has_group("cc_telephony.group_agent"):
            raise AccessError(self.env._("Only agents of the contact centre may do this."))
        # with what each click needs of it, so that it is not asked for again
        agent = self.search_fetch(
            [("user_id", "=", self.env.uid)], ["name", "number", "pbx_id"], limit=1
        )
        if required and not agent:
            raise UserError(
                self.env._(
                    "You are not set up as an agent. Ask an administrator for an agent number."
                )
            )
        return agent

    @api.model
    def my_phone(self):
        """All that a fresh or reconnected page needs, in the form of docs/architecture/browser.md."""
        agent = self._mine(required=False)
        reasons = self.env["cc.break.reason"]._choices()
        phone = {
            "agent": False,
            "session": False,
            "state": "offline",
            "reason": None,
            "since": None,
            "until": None,
            "more": 0,
            "next": None,
            "reachable": True,
            "device": None,
            "extension": None,
            "calls": [],
            "pbx": False,
            "sip": False,
            "states": agent_states(),
            "controls": call_controls(),
            "break_reasons": [{"id": reason.id, "name": reason.name} for reason in reasons],
            "devices": [],
            "last_device": False,
            "last_call": False,
            "announcements": 0,
            "extra": {},
            "clock_us": now_us(),
        }
        if not agent:
            return phone
        session = agent._open_session()
        interval = agent._open_interval()
        phone.update(
            agent={"id": agent.id, "number": agent.number, "name": agent.name},
            session=session.id,
            device=session.device or None,
            extension=session._phone_word(),
            calls=[call._cc_card(agent) for call in self.env["cc.call"]._cc_open_of(agent)],
            pbx=agent.pbx_id._phone_state(),
            devices=agent._devices(),
            last_device=agent._last_device(),
            announcements=self.env["cc.announcement"]._unread_count(),
            extra=guarded(self.env, agent._cc_snapshot_extra, "the snapshot of the phone bar"),
        )
        if interval:
            phone.update(
                state=interval.state,
                reason=interval._reason_word() or None,
                since=to_us(interval.started_at),
                until=to_us(interval.until_at),
                more=interval.more,
                next=interval._next_choice(),
                reachable=interval.reachable,
            )
            last = interval.call_id if interval.state == "wrap_up" else agent._talks_on()
            if last:
                # a page that is opened only now has a note to write, or a talk to end, too
                phone["last_call"] = last._cc_card(agent)
        if session.device == "browser":
            phone["sip"] = agent._sip_account()
        return phone

    def _cc_snapshot_extra(self):
        """What addons put into the snapshot of the phone bar; the browser has it as `phone.store.extra`.

        Called on the agent with the rights of the agent's own user.

        :return: `{addon's technical name: anything JSON can hold}`
        """
        self.ensure_one()
        return {}

    def _cc_tell_extra(self):
        """Bring what addons show in the phone bar up to date in the agents' browsers."""
        for agent in self:
            # sudo: res.users - whoever caused the change, the agent's own rights decide what is counted
            user_sudo = agent.sudo().user_id
            ask = agent.with_user(user_sudo)._cc_snapshot_extra
            extra = guarded(self.env, ask, "what addons show in the phone bar")
            agent._bus_to_user("cc.agent/extra", {"extra": extra})

    def _talks_on(self):
        """The call, over, whose customer has left while the agent goes on talking with a colleague.

        :return: the cc.call as superuser; empty when it is not so
        """
        self.ensure_one()
        interval = self._open_interval()
        call = interval.call_id if interval.state == "on_call" else interval.call_id.browse()
        return call.filtered(lambda row: row.state == "ended")

    def _sip_account(self):
        """What the browser phone registers with."""
        self.ensure_one()
        own_sudo = self._browser_extension()
        return {
            "ws": self.pbx_id.ws_path,
            "extension": own_sudo.code,
            "secret": own_sudo.secret,
            "realm": self.pbx_id.sip_realm or "",
            "ice": self.pbx_id._ice_servers(),
        }

    def _check_leads(self):
        """:raise AccessError: the caller is neither a manager nor a leader of this agent"""
        self.ensure_one()
        if not self._is_led_by_user():
            raise AccessError(
                self.env._("%(agent)s is not in a department you lead.", agent=self.name)
            )

    def _is_led_by_user(self):
        """Whether the user is a manager or a leader of this agent's department or one above."""
        self.ensure_one()
        user = self.env.user
        if user.has_group("cc_telephony.group_manager"):
            return True
        if not user.has_group("cc_telephony.group_leader") or not self.department_id:
            return False
        # sudo: hr.department - the tree below the departments that the caller leads
        led_sudo = self.env["hr.department"].sudo()
        return bool(
            led_sudo.search_count(
                [
                    ("id", "child_of", user.cc_led_department_ids.ids),
                    ("id", "=", self.department_id.id),
                ],
                limit=1,
            )
        )

    @api.model
    def set_state(self, state, reason_id=False):
        """Ask for another state; the screen changes when the PBX's bridge says so.

        :param str state: "ready", "busy" or "break"
        :param reason_id: of the break
        :return: `{"id": command uuid}`; False when there is nothing to do: it came about by itself in this moment
        :raise UserError: signed out, the move isn't legal from the current state, or the reason is set by a rule only
        """
        agent = self._mine()
        if not agent._open_session():
            raise UserError(self.env._("Sign in first."))
        # a break has a reason: another one would be another state
        if state in ("ready", "busy") and agent._open_interval().state == state:
            return False
        agent._check_move(state)
        reason = self.env["cc.break.reason"]
        if state == "break":
            reason = reason._chosen(reason_id)
        command = self.env["cc.command"]._issue(
            agent.pbx_id,
            "set_state",
            # the PBX's side knows one name of a reason, whatever language it was chosen in
            {"state": state, "reason": reason.with_context(lang=None).name or None},
            agent=agent,
        )
        return {"id": command.uuid}

    def _check_move(self, state):
        """:raise UserError: an agent may not go from the current state to `state` by hand"""
        self.ensure_one()
        states = agent_states()["states"]
        if state not in states:
            raise UserError(self.env._("State “%(state)s” does not exist.", state=state))
        current = self._open_interval().state or "offline"
        if may_move(current, state, "agent"):
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        if current == "offline":
            raise UserError(
                self.env._("The PBX has not confirmed your sign-in yet. Try again in a moment.")
            )
        if current == state:
            raise UserError(self.env._("You are already “%(state)s”.", state=labels[state]))
        raise UserError(
            self.env._(
                "You cannot change from “%(old)s” to “%(new)s”.",
                old=labels[current],
                new=labels[state],
            )
        )

    @api.model
    def end_wrap_up(self, values=None):
        """End the work after a call: what was written is saved and "ready" asked for, both or neither.

        :param dict values: as `cc.call.cc_save_note`, of the call that the wrap-up belongs to
        :return: `{"id": command uuid}`
        :raise UserError: not in wrap-up
        """
        agent = self._mine()
        interval = agent._open_interval()
        if interval.state != "wrap_up":
            raise UserError(self.env._("You are not in wrap-up."))
        if values:
            call = interval.call_id.with_env(self.env)
            values = call._cc_note_values(values)
            if not call:
                raise UserError(self.env._("The call of this wrap-up is unknown."))
            call._cc_write_note(values)
        command = self.env["cc.command"]._issue(agent.pbx_id, "finish_wrap_up", agent=agent)
        return {"id": command.uuid}

    @api.model
    def set_next_state(self, state, reason_id=False):
        """Choose what comes after the call that is on and its wrap-up (TEL-60).

        :param str|False state: "ready", "busy", "break" or "offline" (signs out); False takes it back
        :param reason_id: of the break
        :return: `{"id": command uuid}`
        :raise UserError: neither on a call nor in wrap-up, no such state, or the reason is set by a rule only
        """
        agent = self._mine()
        if agent._open_interval().state not in ("on_call", "wrap_up"):
            raise UserError(self.env._("Choose the next state during a call or its wrap-up."))
        if state and state not in NEXT_STATES:
            raise UserError(self.env._("State “%(state)s” does not exist.", state=state))
        reason = self.env["cc.break.reason"]
        if state == "break":
            reason = reason._chosen(reason_id)
        command = self.env["cc.command"]._issue(
            agent.pbx_id,
            "next_state",
            {"state": state or None, "reason": reason.with_context(lang=None).name or None},
            agent=agent,
        )
        return {"id": command.uuid}

    @api.model
    def prolong_wrap_up(self):
        """Ask for half a minute more of the work after a call (`prolong_s` of agent_states.json).

        :return: `{"id": command uuid}`
        :raise UserError: not in wrap-up, or prolonged as often as the PBX allows
        """
        agent = self._mine()
        interval = agent._open_interval()
        if interval.state != "wrap_up":
            raise UserError(self.env._("You are not in wrap-up."))
        if interval.more <= 0:
            raise UserError(self.env._("This wrap-up cannot be extended any further."))
        command = self.env["cc.command"]._issue(agent.pbx_id, "prolong", agent=agent)
        return {"id": command.uuid}
