# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class HelpdeskTicketMoves(models.Model):
    """What each move does."""

    _inherit = "helpdesk.ticket"

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
        if department.company_id and department.company_id != self.company_id:
            raise UserError(self.env._("This department belongs to another company."))
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
        if not user or not user.active or user.share or self.company_id not in user.company_ids:
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
            lambda user: (
                user.active
                and user.has_group("cc_telephony.group_agent")
                and self.company_id in user.company_ids
            )
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
