# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import phonenumbers

from odoo import api, models
from odoo.exceptions import UserError

from ...utils.times import now

# kinds of numbers at which a person can be rung
PERSONAL = {
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    phonenumbers.PhoneNumberType.VOIP,
}


class CcAgent(models.Model):
    """Where an agent signs in: this browser, a desk phone, or an outside fixed or mobile number."""

    _inherit = "cc.agent"

    @api.model
    def sign_in(self, device="browser", extension=None):
        """Sign the caller's agent in on a device; a newer sign-in ends the older.

        :param str device: "browser", "desk" or "mobile"
        :param extension: of a desk phone its code; of an outside phone the number as typed, or the
            id of the number remembered from the last time
        :return: `{"id": command uuid, "session": id, "sip": account of the browser phone or False}`; of an
            outside phone that is not confirmed yet `{"confirm": {...}}` as `_confirm_phone` returns it: once
            the code is keyed in there, sign in again
        :raise UserError: no such phone, or somebody else is signed in at it
        """
        agent = self._mine()
        number = self.env["cc.phone.number"]
        if device == "browser":
            extension = agent._browser_extension().code
        elif device == "mobile":
            number, extension = agent._outside_phone(extension), None
        else:
            agent._check_desk(device, extension)
        agent._check_phone_free(extension, number)
        if number and not agent._is_confirmed(number):
            return {"confirm": agent._confirm_phone(number)}
        agent._end_session("taken_over")
        # sudo: cc.agent.session - sessions are made by sign-in only
        session_sudo = (
            self.env["cc.agent.session"]
            .sudo()
            .create(
                {
                    "agent_id": agent.id,
                    "company_id": agent.company_id.id,
                    "department_id": agent.department_id.id,
                    "device": device,
                    "extension": extension,
                    "number_id": number.id,
                    "started_at": now(),
                }
            )
        )
        remembered = {"number_id": number.id} if number else {}
        self.env["cc.agent.memory"]._remember(
            agent, device=device, extension=extension, **remembered
        )
        command = self.env["cc.command"]._issue(
            agent.pbx_id,
            "sign_in",
            # of an outside phone the number is put there on its way to the bridge
            {"device": device, "extension": extension, "session": session_sudo.id},
            agent=agent,
            number=number,
        )
        agent.pbx_id._cc_ring("intent")
        return {
            "id": command.uuid,
            "session": session_sudo.id,
            "sip": agent._sip_account() if device == "browser" else False,
        }

    def _check_desk(self, device, extension):
        """:raise UserError: there is no such desk phone for this agent"""
        desks = [option for option in self._devices() if option["device"] == "desk"]
        if device != "desk" or extension not in [desk["extension"] for desk in desks]:
            raise UserError(
                self.env._(
                    "You cannot use desk phone %(extension)s on your PBX.",
                    extension=extension or "?",
                )
            )

    def _outside_phone(self, extension):
        """The number of an outside phone, as superuser.

        :param extension: as typed, or the id of the number remembered
        :raise UserError: it is no number at which a person can be rung
        """
        remembered_sudo = self.env["cc.agent.memory"]._of(self).number_id
        if type(extension) is int:
            if extension != remembered_sudo.id:
                raise UserError(self.env._("Enter your external phone number."))
            self._check_destination(remembered_sudo)
            return remembered_sudo
        number_sudo = self._typed_number(extension)
        key = number_sudo.key
        parsed = phonenumbers.parse(key) if key.startswith("+") else None
        if parsed is None or phonenumbers.number_type(parsed) not in PERSONAL:
            raise UserError(
                self.env._(
                    "“%(number)s” cannot be called. Enter a mobile number, or a landline with its "
                    "area code.",
                    number=extension,
                )
            )
        self._check_destination(number_sudo)
        if not self._is_own_number(number_sudo):
            raise UserError(
                self.env._(
                    "“%(number)s” is a customer's number. Sign in at a phone of your own.",
                    number=number_sudo.mask,
                )
            )
        return number_sudo

    def _is_own_number(self, number_sudo):
        """Whether a number may be this agent's own phone: it is linked with nobody else."""
        # sudo: res.users, hr.employee - the agent's own contacts
        user_sudo = self.sudo().user_id
        own = user_sudo.partner_id
        if "work_contact_id" in user_sudo.employee_id._fields:
            own |= user_sudo.employee_ids.work_contact_id
        return all(link._cc_owner() in own for link in number_sudo.link_ids)

    def _devices(self):
        """What the agent may sign in at: `[{device, extension, label}]`, the browser first.

        An outside phone is there when one is remembered; its `extension` is the id of its number.
        """
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
        here = self.env._("This browser")
        devices = [
            {"device": "browser", "extension": own.code, "label": here},
            *({"device": "desk", "extension": desk.code, "label": desk._label()} for desk in desks),
        ]
        outside_sudo = self.env["cc.agent.memory"]._of(self).number_id
        if outside_sudo:
            devices.append(
                {"device": "mobile", "extension": outside_sudo.id, "label": outside_sudo.mask}
            )
        return devices

    def _last_device(self):
        """Where the agent signed in last: `{device, extension}` as in `devices`; False when never."""
        self.ensure_one()
        memory_sudo = self.env["cc.agent.memory"]._of(self)
        if not memory_sudo.device:
            return False
        if memory_sudo.device == "mobile":
            return {"device": "mobile", "extension": memory_sudo.number_id.id}
        return {"device": memory_sudo.device, "extension": memory_sudo.extension}

    def _check_phone_free(self, extension, number):
        """:raise UserError: another agent is signed in at this phone"""
        here = [("number_id", "=", number.id)] if number else [("extension", "=", extension)]
        # sudo: cc.agent.session - whether a phone is taken concerns who wants it
        other_sudo = (
            self.env["cc.agent.session"]
            .sudo()
            .search(
                [
                    ("agent_id.pbx_id", "=", self.pbx_id.id),
                    ("agent_id", "!=", self.id),
                    ("ended_at", "=", False),
                    *here,
                ],
                limit=1,
            )
        )
        if other_sudo:
            raise UserError(
                self.env._(
                    "%(agent)s is signed in at phone %(extension)s.",
                    agent=other_sudo.agent_id.name,
                    extension=number.mask if number else extension,
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
        self._sign_out("leader")
        return True

    def _sign_out(self, reason):
        """Sign the agents out, whoever they are; also those of whom only the bridge believes that they are in."""
        for agent in self:
            session = agent._end_session(reason)
            self.env["cc.command"]._issue(
                agent.pbx_id, "sign_out", {"session": session.id or None}, agent=agent
            )
            agent.pbx_id._cc_ring("intent")
