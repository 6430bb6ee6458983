# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, is_html_empty, plaintext2html

from ..utils.own_fields import carry_words

# moves that need words, and what they are called
NEEDS_TEXT = ("send_back", "feedback", "visit", "add", "opinion", "extend")


class HelpdeskTicketFlow(models.Model):
    """How a ticket is moved: who may do what, in which order things happen.

    What each move does, the steps, the notices: `helpdesk_ticket_moves.py`, `_walk.py`, `_telling.py`.
    """

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

    def _cc_check_colleague(self):
        """:raise AccessError: the user may not read this ticket, or reads it as its customer: how it is handled
        is among colleagues
        """
        self.check_access("read")
        if self.env.user.share and not self.env.su:
            raise AccessError(self.env._("Customers read what their page shows."))

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
        self._cc_check_colleague()
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
        step = from_step or self.cc_step_id
        following = (
            self.cc_step_id
            if from_step is not None and self.cc_step_id != from_step
            else self.cc_step_id.browse()
        )
        move = self.env["cc.ticket.move"].create(
            {
                "ticket_id": self.id,
                "kind": kind,
                "user_id": self.env.uid,
                "turn_id": turn.id if turn else self.cc_turn_id.id,
                "from_step": step.name,
                "to_step": following.name,
                "to_user_id": to_user.id if to_user else False,
                "to_department_id": department.id if department else False,
                "state": self.cc_state,
                "text": text or False,
            }
        )
        for name, named in (("from_step", step), ("to_step", following)):
            if named:
                carry_words(named, "name", move, name)
        move._cc_put_files(attachments)
        return move
