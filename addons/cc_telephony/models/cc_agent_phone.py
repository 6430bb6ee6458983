# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..utils.controls import call_controls
from ..utils.states import agent_states, may_move
from ..utils.times import now, now_us, to_us

# a menu of more is none
MOST_REASONS = 100


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
        agent = self.search([("user_id", "=", self.env.uid)], limit=1)
        if required and not agent:
            raise UserError(
                self.env._("You are no agent yet: ask an administrator to give you a number.")
            )
        return agent

    @api.model
    def my_phone(self):
        """All that a fresh or reconnected page needs, in the form of docs/architecture.md."""
        agent = self._mine(required=False)
        reasons = self.env["cc.break.reason"].search([], limit=MOST_REASONS)
        phone = {
            "agent": False,
            "session": False,
            "state": "offline",
            "reason": None,
            "since": None,
            "until": None,
            "device": None,
            "extension": None,
            "calls": [],
            "pbx": False,
            "sip": False,
            "states": agent_states(),
            "controls": call_controls(),
            "break_reasons": [{"id": reason.id, "name": reason.name} for reason in reasons],
            "devices": [],
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
            extension=session.extension or None,
            calls=[call._cc_card(agent) for call in self.env["cc.call"]._cc_open_of(agent)],
            pbx=agent.pbx_id._phone_state(),
            devices=agent._devices(),
        )
        if interval:
            phone.update(
                state=interval.state,
                reason=interval._reason_word() or None,
                since=to_us(interval.started_at),
                until=to_us(interval.until_at),
            )
        if session.device == "browser":
            phone["sip"] = agent._sip_account()
        return phone

    def _devices(self):
        """What the agent may sign in at: `[{device, extension, label}]`, the browser first."""
        self.ensure_one()
        own = self._browser_extension()
        # sudo: cc.extension - codes and names only, of the agent's PBX
        desks = (
            self.env["cc.extension"]
            .sudo()
            .search(
                [
                    ("pbx_id", "=", self.pbx_id.id),
                    ("kind", "=", "desk"),
                    ("agent_id", "in", [self.id, False]),
                ]
            )
        )
        devices = [
            {"device": "browser", "extension": own.code, "label": self.env._("This browser")}
        ]
        return devices + [
            {"device": "desk", "extension": desk.code, "label": desk._label()} for desk in desks
        ]

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

    @api.model
    def sign_in(self, device="browser", extension=None):
        """Sign the caller's agent in on a device; a newer sign-in ends the older.

        :return: `{"id": command uuid, "session": id, "sip": account of the browser phone or False}`
        :raise UserError: no such phone, or somebody else is signed in at it
        """
        agent = self._mine()
        options = [option for option in agent._devices() if option["device"] == device]
        if device == "browser":
            extension = options[0]["extension"]
        elif extension not in [option["extension"] for option in options]:
            raise UserError(
                self.env._(
                    "Your PBX has no desk phone %(extension)s that you may use.",
                    extension=extension or "?",
                )
            )
        agent._check_phone_free(device, extension)
        # sudo: cc.agent.session - sessions are made by sign-in only
        sessions_sudo = self.env["cc.agent.session"].sudo()
        agent._end_session("taken_over")
        session_sudo = sessions_sudo.create(
            {
                "agent_id": agent.id,
                "company_id": agent.company_id.id,
                "department_id": agent.department_id.id,
                "device": device,
                "extension": extension,
                "started_at": now(),
            }
        )
        command = self.env["cc.command"]._issue(
            agent.pbx_id,
            "sign_in",
            {"device": device, "extension": extension, "session": session_sudo.id},
            agent=agent,
        )
        agent.pbx_id._cc_ring("intent")
        return {
            "id": command.uuid,
            "session": session_sudo.id,
            "sip": agent._sip_account() if device == "browser" else False,
        }

    def _check_phone_free(self, device, extension):
        """:raise UserError: another agent is signed in at this phone"""
        # sudo: cc.agent.session - whether a phone is taken concerns who wants it
        other_sudo = (
            self.env["cc.agent.session"]
            .sudo()
            .search(
                [
                    ("agent_id.pbx_id", "=", self.pbx_id.id),
                    ("agent_id", "!=", self.id),
                    ("extension", "=", extension),
                    ("ended_at", "=", False),
                ],
                limit=1,
            )
        )
        if other_sudo:
            raise UserError(
                self.env._(
                    "%(agent)s is signed in at phone %(extension)s.",
                    agent=other_sudo.agent_id.name,
                    extension=extension,
                )
            )

    def _end_session(self, reason):
        """End the open session, if any, and tell the browsers that follow it.

        :param str reason: "taken_over", "signed_out", "leader" or "failed"
        :return: the session ended, as superuser
        """
        self.ensure_one()
        session_sudo = self._open_session()
        if session_sudo:
            session_sudo.write({"ended_at": now(), "end_reason": reason})
            session_sudo.flush_recordset()
            self._bus_to_user("cc.agent/session", {"session_id": session_sudo.id, "ended": reason})
        return session_sudo

    @api.model
    def sign_out(self):
        """Sign the caller's agent out.

        :return: `{"id": command uuid}`
        :raise UserError: not signed in
        """
        agent = self._mine()
        session = agent._end_session("signed_out")
        if not session:
            raise UserError(self.env._("You are not signed in."))
        command = self.env["cc.command"]._issue(
            agent.pbx_id, "sign_out", {"session": session.id}, agent=agent
        )
        agent.pbx_id._cc_ring("intent")
        return {"id": command.uuid}

    def action_sign_out(self):
        """A leader signs agents out who went home without doing so.

        :raise AccessError: the caller leads none of the agents' departments
        """
        for agent in self:
            agent._check_leads()
            session = agent._end_session("leader")
            self.env["cc.command"]._issue(
                agent.pbx_id, "sign_out", {"session": session.id or None}, agent=agent
            )
            agent.pbx_id._cc_ring("intent")
        return True

    def _check_leads(self):
        """:raise AccessError: the caller is neither a manager nor a leader of this agent"""
        self.ensure_one()
        if not self._is_led_by_user():
            raise AccessError(self.env._("%(agent)s is not of your department.", agent=self.name))

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
        :return: `{"id": command uuid}`
        :raise UserError: signed out, or the move isn't legal from the current state
        """
        agent = self._mine()
        if not agent._open_session():
            raise UserError(self.env._("Sign in first."))
        agent._check_move(state)
        reason = self.env["cc.break.reason"].browse(reason_id or []).exists()
        if reason and state != "break":
            reason = reason.browse()
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
            raise UserError(self.env._("There is no state “%(state)s”.", state=state))
        current = self._open_interval().state or "offline"
        if may_move(current, state, "agent"):
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        if current == "offline":
            raise UserError(
                self.env._("The PBX has not confirmed your sign-in yet. Try again in a moment.")
            )
        if current == state:
            raise UserError(self.env._("You are “%(state)s” already.", state=labels[state]))
        raise UserError(
            self.env._(
                "From “%(old)s” you cannot go to “%(new)s”.",
                old=labels[current],
                new=labels[state],
            )
        )
