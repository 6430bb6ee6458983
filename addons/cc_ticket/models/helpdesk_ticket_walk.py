# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext
from odoo.tools.translate import LazyTranslate

from ..utils.own_fields import carry_words
from .helpdesk_ticket import LIVE

# a flow that goes on by itself more often than this stops and tells
AUTO_MOST = 20
STAGES = {
    "draft": "helpdesk_mgmt.helpdesk_ticket_stage_new",
    "open": "helpdesk_mgmt.helpdesk_ticket_stage_new",
    "progress": "helpdesk_mgmt.helpdesk_ticket_stage_in_progress",
    "feedback": "helpdesk_mgmt.helpdesk_ticket_stage_in_progress",
    "visit": "helpdesk_mgmt.helpdesk_ticket_stage_in_progress",
    "waiting": "helpdesk_mgmt.helpdesk_ticket_stage_awaiting",
    "closed": "helpdesk_mgmt.helpdesk_ticket_stage_done",
}

_lt = LazyTranslate(__name__)


class HelpdeskTicketWalk(models.Model):
    """From step to step: turns, handlers, stages."""

    _inherit = "helpdesk.ticket"

    def _cc_plain(self, html):
        return html2plaintext(html or "").strip()

    def _cc_calendar(self):
        """:return: the resource.calendar of this ticket's deadlines; may be empty"""
        # sudo: resource.calendar - read to reckon a deadline, whoever asks
        ticket_sudo = self.sudo()
        calendar = ticket_sudo.cc_template_id.calendar_id
        return calendar or ticket_sudo.company_id.resource_calendar_id

    def _cc_stage_of(self, team, state):
        """:return: the stage that shows a state in a team: ours if the team has it, else one that fits"""
        stages = team._get_applicable_stages()
        wanted = self.env.ref(STAGES[state], raise_if_not_found=False)
        if wanted and wanted in stages:
            return wanted
        closed = state == "closed"
        return stages.filtered(lambda stage: stage.closed == closed)[:1] or stages[:1]

    def _cc_stage(self, state):
        step_stage = self.cc_step_id.stage_id
        if step_stage and state in ("open", "progress") and not step_stage.closed:
            return step_stage
        return self._cc_stage_of(self.team_id, state)

    def _cc_set_state(self, state):
        self._cc_write({"cc_state": state, "stage_id": self._cc_stage(state).id})

    def _cc_previous(self):
        """:return: the last turn of another step, which sending back returns to; empty on the first step"""
        turns = self.cc_turn_ids.sorted("id", reverse=True)
        own = self.cc_step_id
        for turn in turns:
            if turn.step_id and turn.step_id != own and turn.ended_how in ("submit", "feedback"):
                return turn
        return turns.browse()

    def _cc_has_handled(self, user):
        kinds = ("submit", "feedback", "close", "visit")
        return any(move.user_id == user and move.kind in kinds for move in self.cc_move_ids)

    def _cc_handled(self):
        """The user handled this step: the ticket stays in their list of done ones."""
        readers = self.env["cc.ticket.reader"]
        known = self.cc_reader_ids.filtered(
            lambda row: row.user_id == self.env.user and row.kind == "past"
        )
        if not known:
            readers.create({"ticket_id": self.id, "user_id": self.env.uid, "kind": "past"})

    def _cc_enter(self, step, how="submit", state="open"):
        """Come to a step; steps that nobody handles are gone through at once.

        :param step: empty: the flow is at its end
        """
        for _count in range(AUTO_MOST):
            if not step:
                return self._cc_finish(how)
            if step.handler_kind != "none":
                user, department, group = self._cc_resolve(step)
                # nobody accepts from themselves, nor what they made themselves
                own = user and (user == self.env.user or step.handler_kind == "creator")
                if state == "open" and own:
                    state = "progress"
                return self._cc_open_turn(step, user, department, group, state, how)
            self._cc_log("auto", from_step=step)
            step = step._cc_next(self)
        raise UserError(
            self.env._(
                "The flow of “%(name)s” continued automatically more than %(count)s "
                "times and was stopped.",
                name=self.cc_template_id.name,
                count=AUTO_MOST,
            )
        )

    def _cc_resolve(self, step):
        """:return: ``(user, department, group)`` who handles a step now; never nobody"""
        users, departments = self.env["res.users"], self.env["hr.department"]
        user, department, group = users, departments, self.env["res.groups"]
        kind = step.handler_kind
        if kind == "person":
            user = step.handler_user_id
        elif kind == "department":
            department = step.handler_department_id
        elif kind == "role":
            group = step.handler_group_id
        elif kind == "creator":
            return self._cc_back_to_creator()
        elif kind == "salesperson":
            user = self._cc_salesperson()
        if user and user.active and user.has_group("cc_telephony.group_agent"):
            return user, user._cc_home_department() or self.cc_department_id, group
        if department and department.active:
            return users, department, group
        if group and group.all_user_ids.filtered("active"):
            return users, departments, group
        department = self._cc_fallback(department or (user and user._cc_home_department()))
        if kind != "salesperson":
            self._cc_tell_owner(
                self.env._(
                    "The handler of step “%(step)s” no longer exists; ticket "
                    "%(number)s went to %(department)s.",
                    step=step.name,
                    number=self.number,
                    department=department.name or self.env._("nobody"),
                )
            )
        return users, department, group

    def _cc_salesperson(self):
        """:return: the res.users to whom the customer was given (`cc.customer.owner`)

        Not the contact's salesperson field: whoever may write a contact writes themselves into that, and
        would read the ticket.
        """
        return self.partner_id and self.partner_id._cc_owner_agent().user_id

    def _cc_back_to_creator(self):
        """:return: ``(user, department, group)``: who created the ticket, or their department"""
        creator = self.cc_creator_id
        none = self.env["res.groups"]
        if creator.active and creator.has_group("cc_telephony.group_agent"):
            return creator, self.cc_home_department_id or creator._cc_home_department(), none
        return self.env["res.users"], self._cc_fallback(self.cc_home_department_id), none

    def _cc_fallback(self, department):
        """:return: the department that takes what another can't: the one above, else the template's"""
        while department and not department.active:
            department = department.parent_id
        template = self.cc_template_id.department_id
        choices = (department, template, self.cc_home_department_id, self.cc_department_id)
        for choice in choices:
            if choice and choice.active:
                return choice
        return self.env["hr.department"]

    def _cc_open_turn(self, step, user, department, group, state, how):
        """End the turn that is and begin another."""
        now = fields.Datetime.now()
        self.cc_turn_id._cc_end(now, how)
        self.env["cc.ticket.turn"].flush_model()
        turn = self.env["cc.ticket.turn"].create(
            {
                "ticket_id": self.id,
                "template_id": self.cc_template_id.id,
                "type_id": self.type_id.id,
                "step_id": step.id,
                "step_name": step.name,
                "user_id": user.id if user else False,
                "department_id": department.id if department else False,
                "group_id": group.id if group else False,
                "started_at": now,
                "accepted_at": now if state in ("progress", "feedback") and user else False,
                "allowed_s": round(step.deadline_h * 3600),
            }
        )
        carry_words(step, "name", turn, "step_name")
        turn._cc_deadline()
        entered = step != self.cc_step_id
        self._cc_write(
            {
                "cc_step_id": step.id,
                "cc_turn_id": turn.id,
                "user_id": user.id if user else False,
                "cc_department_id": department.id if department else False,
                "cc_group_id": group.id if group else False,
                "cc_state": state,
                "cc_waiting": False,
                "cc_warned": 0,
                "cc_deadline": turn.deadline,
            }
        )
        self._cc_write({"stage_id": self._cc_stage(state).id})
        if entered:
            self._cc_step_entered(step)
        if user and user != self.env.user:
            self._cc_tell(
                user,
                _lt("Ticket %(number)s is yours: %(step)s", number=self.number, step=step.name),
            )

    def _cc_give(self, user, department, state, accepted):
        """The turn goes on with another person."""
        turn = self.cc_turn_id
        turn.write(
            {
                "user_id": user.id,
                "department_id": department.id or turn.department_id.id,
                "accepted_at": fields.Datetime.now() if accepted else False,
            }
        )
        if self.cc_state in ("feedback", "visit"):
            state = self.cc_state
        self._cc_write({"user_id": user.id, "cc_department_id": turn.department_id.id})
        if state != self.cc_state:
            self._cc_set_state(state)

    def _cc_finish(self, how):
        """Close the ticket; its parent, too, if it waits for nothing else and its template says so."""
        self.cc_turn_id._cc_end(fields.Datetime.now(), how)
        self._cc_write(
            {
                "cc_state": "closed",
                "cc_waiting": False,
                "cc_deadline": False,
                "cc_turn_id": False,
                "stage_id": self._cc_stage("closed").id,
            }
        )
        self._cc_step_entered(self.env["cc.ticket.step"])
        parent = self.cc_parent_id
        if parent.cc_state in LIVE and all(
            child.cc_state == "closed" for child in parent.cc_child_ids
        ):
            if parent.cc_template_id.parent_rule == "close":
                parent._cc_write({"cc_rev": parent.cc_rev + 1})
                old = parent.cc_state
                parent._cc_finish("auto")
                move = parent._cc_log(
                    "close", text=self.env._("Its last sub-ticket %(n)s was closed.", n=self.number)
                )
                parent._cc_after_move(move)
                parent._cc_state_changed(old, "closed")
            else:
                parent._cc_tell(
                    parent._cc_people(),
                    _lt("All sub-tickets of %(number)s are closed.", number=parent.number),
                )

    def _cc_reopen(self, text):
        """:return: a sub-ticket that goes on with what was closed, begun at once"""
        template = self.cc_template_id
        child = self.with_context(cc_move=False).create(
            {
                "cc_template_id": template.id,
                "cc_parent_id": self.id,
                "name": self.name,
                "description": text or self.description or "<p></p>",
                "partner_id": self.partner_id.id,
                "partner_name": self.partner_name,
                "partner_email": self.partner_email,
                "priority": self.priority,
                "channel_id": self.channel_id.id,
            }
        )
        child = child.sudo().with_context(cc_move=True)
        if child.cc_version_id == self.cc_version_id:
            # as stored: read one by one Odoo says choices in words
            child._cc_write({"cc_properties": dict(self.cc_properties._values or {})})
        if self.env.user._is_internal() and not self.env.user._is_superuser():
            creator = self.env.user
        else:
            creator = self.cc_creator_id
        child._cc_write(
            {
                "cc_creator_id": creator.id,
                "cc_home_department_id": (
                    creator._cc_home_department() or self.cc_home_department_id
                ).id,
            }
        )
        child._cc_do("start", {"text": ""})
        return child
