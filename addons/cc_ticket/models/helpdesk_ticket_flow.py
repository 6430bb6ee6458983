# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, html2plaintext, is_html_empty, plaintext2html
from odoo.tools.translate import LazyGettext, LazyTranslate

from .helpdesk_ticket import LIVE

_lt = LazyTranslate(__name__)

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
# moves that need words, and what they are called
NEEDS_TEXT = ("send_back", "feedback", "visit", "add", "opinion", "extend")


class HelpdeskTicketFlow(models.Model):
    """How a ticket walks: who may do what, and what it does."""

    _inherit = "helpdesk.ticket"

    # ---- hooks for addons ----

    def _cc_before_move(self, kind, values):
        """Take part before a move is done; raise UserError to refuse it. As superuser, the user in env.

        :param str kind: a move's kind, see `cc.ticket.move`
        :param dict values: what came with it: text, department_id, user_id …
        """

    def _cc_after_move(self, move):
        """Take part after a move, in its transaction. As superuser.

        :param move: the cc.ticket.move
        """

    def _cc_state_changed(self, old, new):
        """Take part when the state has changed ("open" → "progress" …). As superuser."""

    def _cc_step_entered(self, step):
        """Take part when the ticket has come to a step (empty: it was closed). As superuser."""

    # ---- who may ----

    def _cc_is_leader(self):
        """:return: whether the user decides about this ticket: manager, or leader of who has it"""
        user = self.env.user
        return user.has_group("cc_telephony.group_manager") or user._cc_leads(
            self.cc_department_id or self.cc_home_department_id
        )

    def _cc_may_take(self):
        """:return: whether the user may accept this ticket, which nobody has yet"""
        user = self.env.user
        return not self.user_id and (
            self.cc_department_id in user.cc_department_ids
            or user._cc_leads(self.cc_department_id)
            or (self.cc_group_id and self.cc_group_id in user.all_group_ids)
        )

    def _cc_reads_as(self, kind):
        return any(
            row.user_id == self.env.user and row.kind == kind for row in self.sudo().cc_reader_ids
        )  # sudo: cc.ticket.reader - the user's own row

    def _cc_allowed(self):
        """:return: kinds of moves that the user may do now, in the order of their buttons"""
        self.ensure_one()
        ticket = self.sudo()  # sudo: helpdesk.ticket - asked by who may read it
        user = self.env.user
        if not ticket.cc_template_id or not user.has_group("cc_telephony.group_agent"):
            return []
        has = ticket.user_id == user
        created = ticket.cc_creator_id == user
        leads = self._cc_is_leader()
        past = self._cc_reads_as("past")
        state = ticket.cc_state
        if state == "draft":
            return ["start"] if created else []
        if state == "closed":
            allowed = []
            if created or past or leads:
                allowed += ["add", "reopen"]
            return allowed
        allowed = []
        step = ticket.cc_step_id
        if (has and state == "open") or self._cc_may_take():
            allowed.append("accept")
        if has and state != "open" and not ticket.cc_waiting:
            allowed += [
                kind for kind in ("submit", "feedback", "visit", "close") if step[f"may_{kind}"]
            ]
        if has and ticket.cc_waiting:
            allowed.append("resume")
        if has and step.may_send_back and ticket._cc_previous():
            allowed.append("send_back")
        if (has and step.may_pass_on) or leads:
            allowed.append("pass_on")
        if leads:
            allowed.append("assign")
        if has and state != "open" and not ticket.cc_waiting:
            allowed.append("pause")
            turn = ticket.cc_turn_id
            asked = ticket.cc_extension_ids.filtered(
                lambda row: row.turn_id == turn and row.state == "asked"
            )
            if turn.allowed_s and not asked:
                allowed.append("extend")
        if has or created or leads:
            allowed.append("copy")
        if not has and (created or leads or past or self._cc_reads_as("copy")):
            allowed.append("urge")
        if self._cc_reads_as("copy"):
            allowed.append("opinion")
        if (has and state != "open") or leads:
            allowed.append("merge")
        if has or created or past or leads:
            allowed.append("add")
        return allowed

    # ---- doing it ----

    def cc_move(self, kind, values=None):
        """Do a move.

        Two people may press the same button in the same second: the row is locked, and who comes second
        reads what the first has done.

        :param str kind: one of `_cc_allowed`
        :param dict values: ``rev`` that the person saw; ``text``; ``department_id``, ``user_id``,
            ``user_ids``, ``hours``, ``number``, ``attachment_ids``, as the kind asks for
        :return: what the desk shows then, see `cc_desk`
        """
        self.ensure_one()
        self.check_access("read")
        values = dict(values or {})
        self._cc_lock(values.get("rev"))
        if kind not in self._cc_allowed():
            raise AccessError(
                self.env._(
                    "You can't do this with ticket %(number)s as it stands now.",
                    number=self.number,
                )
            )
        values["text"] = self._cc_text(values.get("text"))
        if kind in NEEDS_TEXT and is_html_empty(values["text"]):
            raise UserError(self.env._("Say why, or what was done."))
        # sudo: helpdesk.ticket and its rows - the move is allowed as checked above
        ticket_sudo = self.sudo().with_context(cc_move=True, mail_create_nosubscribe=True)
        ticket_sudo._cc_do(kind, values)
        self.invalidate_recordset()
        return self.cc_desk() if self.has_access("read") else False

    def _cc_text(self, text):
        """:return: what a person typed as HTML; plain text becomes it"""
        text = (text or "").strip()
        return text if text.startswith("<") else plaintext2html(text) if text else ""

    def _cc_lock(self, rev=None):
        """Hold the ticket until the end of the transaction.

        :param rev: the revision that the person saw; None: whatever it is
        :raise UserError: somebody was faster
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL("SELECT cc_rev FROM helpdesk_ticket WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset()
        if rev is not None and rows and (rows[0][0] or 0) != rev:
            self._cc_raise_stale()

    def _cc_do(self, kind, values):
        """Do an allowed move, write it down, tell who must know. As superuser."""
        self.ensure_one()
        self._cc_before_move(kind, values)
        before = self._cc_people()
        old, step = self.cc_state, self.cc_step_id
        turn = self.cc_turn_id
        self._cc_write({"cc_rev": self.cc_rev + 1})
        getattr(self, f"_cc_do_{kind}")(values)
        move = self._cc_log(
            kind,
            text=values.get("text"),
            turn=turn,
            from_step=step,
            to_user=self.env["res.users"].browse(values.get("user_id") or ()),
            department=self.env["hr.department"].browse(values.get("department_id") or ()),
            attachments=values.get("attachment_ids"),
        )
        self._cc_after_move(move)
        if old != self.cc_state:
            self._cc_state_changed(old, self.cc_state)
        self._cc_ring(before | self._cc_people())
        return move

    def _cc_log(
        self,
        kind,
        text=None,
        turn=None,
        from_step=None,
        to_user=None,
        department=None,
        attachments=None,
    ):
        """:return: the row of the handling history; as superuser"""
        self.ensure_one()
        move = self.env["cc.ticket.move"].create(
            {
                "ticket_id": self.id,
                "kind": kind,
                "user_id": self.env.uid,
                "turn_id": turn.id if turn else self.cc_turn_id.id,
                "from_step": (from_step or self.cc_step_id).name,
                "to_step": self.cc_step_id.name
                if from_step is not None and self.cc_step_id != from_step
                else False,
                "to_user_id": to_user.id if to_user else False,
                "to_department_id": department.id if department else False,
                "state": self.cc_state,
                "text": text or False,
            }
        )
        move._cc_put_files(attachments)
        return move

    # ---- the moves ----

    def _cc_do_start(self, _values):
        template = self.cc_template_id
        if not self.cc_version_id.step_ids:
            self._cc_write({"cc_version_id": template.version_id.id})
        self._cc_enter(self.cc_version_id._cc_first())

    def _cc_do_accept(self, _values):
        self._cc_give(self.env.user, self.cc_department_id, state="progress", accepted=True)

    def _cc_do_submit(self, _values):
        self._cc_handled()
        self._cc_enter(self.cc_step_id._cc_next(self), how="submit")

    def _cc_do_feedback(self, values):
        """The result comes back to the call centre, which answers the customer."""
        self._cc_handled()
        self._cc_write({"cc_result": self._cc_plain(values["text"])})
        following = self.cc_step_id._cc_next(self)
        if following:
            self._cc_enter(following, how="feedback", state="feedback")
        else:
            user, department, group = self._cc_back_to_creator()
            self._cc_open_turn(self.cc_step_id, user, department, group, "feedback", "feedback")

    def _cc_do_visit(self, values):
        self._cc_set_state("visit")
        if values.get("result"):
            self._cc_write({"cc_result": values["result"]})

    def _cc_do_close(self, _values):
        waiting = self.cc_child_ids.filtered(lambda child: child.cc_state != "closed")
        if waiting and self.cc_template_id.parent_rule == "wait":
            raise UserError(
                self.env._(
                    "Sub-tickets are open: %(numbers)s. Close them first.",
                    numbers=", ".join(waiting.mapped("number")),
                )
            )
        self._cc_handled()
        self._cc_finish("close")

    def _cc_do_send_back(self, _values):
        previous = self._cc_previous()
        self._cc_open_turn(
            previous.step_id,
            previous.user_id.filtered("active"),
            previous.department_id,
            previous.group_id,
            "open" if previous.user_id != self.env.user else "progress",
            "send_back",
        )

    def _cc_do_pass_on(self, values):
        department = self.env["hr.department"].browse(values.get("department_id") or ()).exists()
        if not department or not department.active:
            raise UserError(self.env._("Choose the department that takes over."))
        if department == self.cc_department_id and not self.cc_group_id:
            raise UserError(self.env._("The ticket is already with this department."))
        # who only passes it on has no part in it any more
        user = self.env.user
        self._cc_open_turn(
            self.cc_step_id, self.env["res.users"], department, None, "progress", "pass_on"
        )
        self.cc_reader_ids.filtered(
            lambda row: row.user_id == user
            and row.kind == "past"
            and not self._cc_has_handled(user)
        ).unlink()

    def _cc_do_assign(self, values):
        user = self.env["res.users"].browse(values.get("user_id") or ()).exists()
        if not user or not user.active or user.share:
            raise UserError(self.env._("Choose who takes over."))
        if not user.has_group("cc_telephony.group_agent"):
            raise UserError(
                self.env._("%(name)s is not an agent and cannot handle tickets.", name=user.name)
            )
        department = user._cc_home_department() or self.cc_department_id
        state = "progress" if user == self.env.user else "open"
        self._cc_give(user, department, state=state, accepted=state == "progress")
        self._cc_tell(user, _lt("Ticket %(number)s was given to you.", number=self.number))

    def _cc_do_add(self, _values):
        """Words and files to a ticket whose step, or which itself, is over already."""

    def _cc_do_reopen(self, values):
        child = self._cc_reopen(values.get("text"))
        values["text"] = values["text"] + plaintext2html(child.number)

    def _cc_do_urge(self, _values):
        priority = str(min(int(self.priority or "0") + 1, 3))
        self._cc_write({"cc_urge_count": self.cc_urge_count + 1, "priority": priority})
        self.cc_turn_id.urges += 1
        self._cc_tell(
            self._cc_people(),
            _lt(
                "%(who)s urges ticket %(number)s: %(name)s",
                who=self.env.user.name,
                number=self.number,
                name=self.name,
            ),
            sticky=True,
        )

    def _cc_do_copy(self, values):
        users = self.env["res.users"].browse(values.get("user_ids") or ()).exists()
        users = users.filtered(
            lambda user: user.active and user.has_group("cc_telephony.group_agent")
        )
        users -= self.cc_reader_ids.filtered(lambda row: row.kind == "copy").user_id
        if not users:
            raise UserError(self.env._("Choose colleagues who are not in copy yet."))
        self.env["cc.ticket.reader"].create(
            [
                {
                    "ticket_id": self.id,
                    "user_id": user.id,
                    "kind": "copy",
                    "added_by": self.env.uid,
                }
                for user in users
            ]
        )
        values["text"] = plaintext2html(", ".join(users.mapped("name"))) + values["text"]
        self._cc_tell(
            users,
            _lt(
                "%(who)s asks for your opinion on ticket %(number)s.",
                who=self.env.user.name,
                number=self.number,
            ),
        )

    def _cc_do_opinion(self, values):
        row = self.cc_reader_ids.filtered(
            lambda row: row.user_id == self.env.user and row.kind == "copy"
        )
        row.write({"opinion": self._cc_plain(values["text"]), "opinion_at": fields.Datetime.now()})
        self._cc_tell(
            self.user_id,
            _lt(
                "%(who)s gave an opinion on ticket %(number)s.",
                who=self.env.user.name,
                number=self.number,
            ),
        )

    def _cc_do_pause(self, _values):
        self.cc_turn_id._cc_pause(fields.Datetime.now())
        self._cc_write(
            {"cc_waiting": True, "cc_deadline": False, "stage_id": self._cc_stage("waiting").id}
        )

    def _cc_do_resume(self, _values):
        self.cc_turn_id._cc_resume(fields.Datetime.now())
        self._cc_write(
            {
                "cc_waiting": False,
                "cc_deadline": self.cc_turn_id.deadline,
                "cc_warned": 0,
                "stage_id": self._cc_stage(self.cc_state).id,
            }
        )

    def _cc_do_extend(self, values):
        try:
            hours = float(values.get("hours") or 0)
        except (TypeError, ValueError):
            hours = 0
        self.env["cc.ticket.extension"].create(
            {
                "ticket_id": self.id,
                "turn_id": self.cc_turn_id.id,
                "department_id": (self.cc_department_id or self.cc_home_department_id).id,
                "asked_by": self.env.uid,
                "hours": hours,
                "reason": self._cc_plain(values["text"]),
                "old_deadline": self.cc_deadline,
            }
        )
        leaders = (self.cc_department_id or self.cc_home_department_id)._cc_leader_users()
        self._cc_tell(
            leaders - self.env.user,
            _lt(
                "%(who)s asks for more time for ticket %(number)s.",
                who=self.env.user.name,
                number=self.number,
            ),
        )

    # ---- walking ----

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

    # ---- telling ----

    def _cc_people(self):
        """:return: users whose to-do list this ticket is in now"""
        if self.cc_state not in LIVE:
            return self.env["res.users"]
        if self.user_id:
            return self.user_id
        users = self.cc_department_id._cc_member_users() if self.cc_department_id else self.user_id
        if self.cc_department_id and not users:
            users = self.cc_department_id._cc_leader_users()
        return users | self.cc_group_id.all_user_ids.filtered("active")

    def _cc_ring(self, users):
        """The count of to-dos of these people changes: their bars ask anew."""
        for user in users.filtered("active"):
            user._bus_send("cc_ticket/todo", {"ticket_id": self.id, "rev": self.cc_rev})

    def _cc_tell(self, users, text, sticky=False):
        """A notice on these people's screens, kept in their inbox.

        :param text: a lazy translation (``_lt``): each reads it in their language; or a str
        """
        for lang, group in users.filtered("active").grouped("lang").items():
            ticket = self.with_context(lang=lang, mail_notify_author=False)
            words = ticket.env._(text) if isinstance(text, LazyGettext) else text
            for user in group:
                user._bus_send(
                    "cc_ticket/notice",
                    {"ticket_id": self.id, "number": self.number, "text": words, "sticky": sticky},
                )
            ticket.message_notify(
                partner_ids=group.partner_id.ids,
                subject=self.display_name,
                body=words,
                author_id=self.env.user.partner_id.id,
            )

    def _cc_tell_owner(self, text):
        """Who owns the template learns that it no longer fits."""
        template = self.cc_template_id
        owner = template.owner_id.filtered("active")
        self._cc_log("note", text=plaintext2html(text))
        self._cc_tell(
            owner,
            _lt("Template “%(name)s”: %(text)s", name=template.name, text=text),
        )

    # ---- who or what went ----

    def _cc_hand_over(self, department, why, user=None):
        """Give open tickets to a department or a person, with a line in their history. As superuser."""
        for ticket in self.with_context(cc_move=True):
            target = ticket._cc_fallback(department)
            before = ticket._cc_people()
            ticket._cc_write({"cc_rev": ticket.cc_rev + 1})
            someone = user or self.env["res.users"]
            ticket.cc_turn_id.write(
                {
                    "user_id": someone.id,
                    "department_id": ((someone and someone._cc_home_department()) or target).id,
                    "accepted_at": False,
                }
            )
            ticket._cc_write(
                {
                    "user_id": someone.id,
                    "cc_department_id": ticket.cc_turn_id.department_id.id,
                }
            )
            if ticket.cc_state == "progress":
                ticket._cc_set_state("open")
            move = ticket._cc_log(
                "handover", text=plaintext2html(why), to_user=user, department=target
            )
            ticket._cc_after_move(move)
            people = ticket._cc_people()
            ticket._cc_tell(
                user or target._cc_leader_users(),
                _lt("Ticket %(number)s: %(why)s", number=ticket.number, why=why),
            )
            ticket._cc_ring(before | people)

    def _cc_person_left(self, users):
        """Nobody's list is a list that nobody reads: what these people had goes to their departments."""
        tickets = self.search([("cc_state", "in", LIVE), ("user_id", "in", users.ids)])
        for ticket in tickets:
            ticket._cc_hand_over(
                ticket.cc_department_id or ticket.user_id._cc_home_department(),
                self.env._("%(name)s has left.", name=ticket.user_id.name),
            )
        self._cc_tell_template_owners([("handler_user_id", "in", users.ids)])

    def _cc_department_left(self, departments):
        """What was with departments that are no more goes to those above them."""
        tickets = self.search(
            [("cc_state", "in", LIVE), ("cc_department_id", "in", departments.ids)]
        )
        for ticket in tickets:
            ticket._cc_hand_over(
                ticket.cc_department_id.parent_id,
                self.env._(
                    "Department %(name)s no longer exists.", name=ticket.cc_department_id.name
                ),
                user=ticket.user_id.filtered("active") or None,
            )
        self._cc_tell_template_owners([("handler_department_id", "in", departments.ids)])

    def _cc_tell_template_owners(self, domain):
        steps = self.env["cc.ticket.step"].search(
            [*domain, ("version_id.state", "in", ("draft", "published"))]
        )
        for template in steps.version_id.template_id:
            owner = template.owner_id.filtered("active")
            names = ", ".join((steps & template.version_ids.step_ids).mapped("name"))
            if owner:
                text = self.env._(
                    "Template “%(name)s”: the handlers of these steps no longer exist: %(steps)s",
                    name=template.name,
                    steps=names,
                )
                owner._bus_send(
                    "cc_ticket/notice", {"ticket_id": False, "text": text, "sticky": True}
                )
                self.env["mail.thread"].message_notify(
                    partner_ids=owner.partner_id.ids,
                    subject=template.name,
                    body=text,
                    model="cc.ticket.template",
                    res_id=template.id,
                )
