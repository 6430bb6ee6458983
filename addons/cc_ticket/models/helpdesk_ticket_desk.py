# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.addons.cc_telephony.utils.times import to_us
from odoo.exceptions import UserError
from odoo.models import fix_import_export_id_paths
from odoo.tools import html_sanitize

from .cc_ticket_move import MOVES


class HelpdeskTicketDesk(models.Model):
    """What the page of a ticket shows beside its fields: moves, flow, history, people."""

    _inherit = "helpdesk.ticket"

    cc_flow = fields.Json("Flow", compute="_compute_cc_flow", groups="cc_telephony.group_agent")

    def _compute_cc_flow(self):
        for ticket in self:
            ticket.cc_flow = ticket._cc_picture() if ticket.cc_version_id else False

    # ---- hooks for addons: the panel of the call ----

    @api.model
    def _cc_panel_values(self, values):
        """Values of a ticket that the call's panel makes, out of what an addon's part of it asked for.

        :param dict values: by the names that the part gave them, as the browser sent them
        """
        return {}

    def _cc_panel_marks(self):
        """:return: what the call's panel says beside this ticket: ``[{key, text, more}]``"""
        self.ensure_one()
        return []

    def _cc_picture(self):
        """:return: the version's picture, with where this ticket is, who had it and how long"""
        self.ensure_one()
        # sudo: cc.ticket.* - the way of a ticket belongs to the ticket, whoever may read it
        ticket = self.sudo()
        flow = ticket.cc_version_id._cc_picture()
        now = fields.Datetime.now()
        calendar = ticket._cc_calendar()
        turns = {}
        for turn in ticket.cc_turn_ids.sorted("id"):
            seconds = (
                turn.work_s
                if turn.ended_at
                else calendar._cc_worked(turn.started_at, turn.paused_at or now) - turn.wait_s
            )
            turns.setdefault(turn.step_id.code, []).append(
                {
                    "who": turn.user_id.name or turn.department_id.name or turn.group_id.name or "",
                    "work_s": max(seconds, 0),
                    "late": turn.overdue
                    or bool(not turn.ended_at and turn.deadline and turn.deadline < now),
                    "open": not turn.ended_at,
                    "how": turn.ended_how or "",
                }
            )
        for step in flow["steps"]:
            step["turns"] = turns.get(step["key"], [])
            step["state"] = (
                "now"
                if any(turn["open"] for turn in step["turns"])
                else "done"
                if step["turns"]
                else "ahead"
            )
        flow["closed"] = ticket.cc_state == "closed"
        return flow

    @api.readonly
    def cc_desk(self):
        """:return: what the page shows of the ticket's walk; times in µs since 1970"""
        self.ensure_one()
        self._cc_check_colleague()
        ticket = self.sudo()  # sudo: helpdesk.ticket - read access checked above
        kinds = dict(MOVES)
        labels = dict(self.env["cc.ticket.move"]._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["cc_state"]._description_selection(self.env))
        turn = ticket.cc_turn_id
        return {
            "id": self.id,
            "rev": ticket.cc_rev,
            "number": ticket.number,
            "state": ticket.cc_state,
            "state_label": states.get(ticket.cc_state, ""),
            "step": ticket.cc_step_id.name or "",
            "hint": ticket.cc_step_id.hint or "",
            "who": ticket.user_id.name or "",
            "department": ticket.cc_department_id.name or ticket.cc_group_id.name or "",
            "mine": ticket.user_id == self.env.user,
            "waiting_since": to_us(turn.paused_at),
            "deadline": to_us(ticket.cc_deadline),
            "overdue": ticket.cc_overdue,
            "why_due": ticket._cc_why_due(),
            "urges": ticket.cc_urge_count,
            "result": ticket.cc_result or "",
            "moves": self._cc_allowed(),
            "may_sub": self._cc_may_have_child(),
            "extensions": [
                {
                    "id": row.id,
                    "who": row.asked_by.name,
                    "hours": row.hours,
                    "reason": row.reason,
                    "state": row.state,
                    "may_decide": row.state == "asked" and row.sudo(False)._cc_may_decide(),
                }
                for row in ticket.cc_extension_ids
            ],
            "copies": [
                {
                    "who": row.user_id.name,
                    "opinion": row.opinion or "",
                    "t": to_us(row.opinion_at),
                }
                for row in ticket.cc_reader_ids
                if row.kind == "copy"
            ],
            "history": [
                {
                    "id": move.id,
                    "kind": move.kind,
                    "label": labels.get(move.kind, kinds[move.kind]),
                    "who": move.user_id.name or "",
                    "t": to_us(move.at),
                    "from": move.from_step or "",
                    "to": move.to_step or move.to_department_id.name or move.to_user_id.name or "",
                    "text": html_sanitize(move.text or ""),
                    "files": [{"id": file.id, "name": file.name} for file in move.attachment_ids],
                }
                for move in ticket.cc_move_ids
            ],
            "flow": self._cc_picture() if ticket.cc_version_id else False,
            "number_id": self._cc_dial_number().id or False,
        }

    def export_data(self, fields_to_export):
        """Agents take their lists of tickets along, without Odoo's right to export everything."""
        if not self.env.user.has_group("cc_telephony.group_agent"):
            return super().export_data(fields_to_export)
        self.check_access("read")
        paths = [fix_import_export_id_paths(name) for name in fields_to_export]
        return {"datas": self._export_rows(paths)}

    def _cc_why_due(self):
        """:return: a sentence that says why the ticket is due when it is, or why it isn't"""
        self.ensure_one()
        turn = self.cc_turn_id
        if not turn:
            return ""
        hours = turn.allowed_s / 3600
        if not hours:
            return self.env._("This step has no deadline.")
        calendar = self._cc_calendar()
        if turn.paused_at:
            return self.env._(
                "Waiting for the customer since %(since)s; the deadline is paused.",
                since=self._cc_when(turn.paused_at),
            )
        if not self.cc_deadline:
            return self.env._(
                "Working time “%(name)s” has no upcoming working hours, so there is no deadline.",
                name=calendar.name or "",
            )
        text = self.env._(
            "%(hours)s working hours (%(calendar)s) from %(from)s",
            hours=f"{hours:g}",
            calendar=calendar.name or self.env._("around the clock"),
            **{"from": self._cc_when(turn.started_at)},
        )
        if turn.wait_s:
            text += self.env._(
                ", and %(hours)s h of waiting for the customer", hours=f"{turn.wait_s / 3600:.2g}"
            )
        return text

    def _cc_when(self, moment):
        return fields.Datetime.context_timestamp(self, moment).strftime("%Y-%m-%d %H:%M")

    def _cc_dial_number(self):
        """:return: the cc.phone.number by which the customer is called from the ticket; may be empty"""
        self.ensure_one()
        ticket = self.sudo()  # sudo: cc.phone.number - dialled by id, never shown
        call = ticket.cc_call_ids.sorted("id")[-1:]
        if call.number_id:
            return call.number_id
        links = ticket.partner_id.phone_link_ids.sorted(lambda link: (not link.main, link.id))
        return links[:1].number_id

    def action_cc_call_customer(self):
        """Have the customer dialled: the reply by phone, or the return visit.

        :raise UserError: nobody to call, or the user's phone can't dial now
        """
        self.ensure_one()
        self._cc_check_colleague()
        number = self._cc_dial_number()
        if not number:
            raise UserError(self.env._("No number of this customer is known."))
        # the call that comes of it is tied to the ticket by its number, see cc.call
        # sudo: cc.ticket.dial - what was dialled from where is the system's to remember
        self.env["cc.ticket.dial"].sudo().create(
            {"ticket_id": self.id, "number_id": number.id, "user_id": self.env.uid}
        )
        self.env["cc.agent"].command("dial", {"phone": number.id})
        return True

    def action_cc_calls(self):
        """Open the calls of this ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cc_telephony.cc_call_action")
        return {
            **action,
            "domain": [("id", "in", self.cc_call_ids.ids)],
            "context": {"create": False},
        }

    def action_cc_children(self):
        """Open the sub-tickets."""
        self.ensure_one()
        self.check_access("read")
        return self._cc_list_action(
            self.env._("Sub-tickets of %(number)s", number=self.number),
            [("cc_parent_id", "=", self.id)],
        )

    def action_cc_sub_ticket(self):
        """Begin a sub-ticket of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sub-ticket of %(number)s", number=self.number),
            "res_model": "helpdesk.ticket",
            "views": [[self.env.ref("cc_ticket.helpdesk_ticket_view_form").id, "form"]],
            "context": {
                "default_cc_parent_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_name": self.name,
                "default_cc_template_id": self.cc_template_id.id,
            },
        }

    @api.model
    @api.readonly
    def cc_choices(self):
        """:return: whom a ticket can be passed to: ``{departments, people}``, as ``[{id, name}]``"""
        if not self.env.user.has_group("cc_telephony.group_agent"):
            return {"departments": [], "people": []}
        # sudo: hr.department, cc.agent - names of colleagues, for whoever may pass a ticket on
        departments_sudo = self.env["hr.department"].sudo()
        agents_sudo = self.env["cc.agent"].sudo()
        company = [("company_id", "in", [False, *self.env.companies.ids])]
        return {
            "departments": [
                {"id": row.id, "name": row.complete_name or row.name}
                for row in departments_sudo.search(company).sorted("complete_name")
            ],
            "people": [
                {
                    "id": row.user_id.id,
                    "name": (row.department_id and f"{row.user_id.name} ({row.department_id.name})")
                    or row.user_id.name,
                }
                for row in agents_sudo.search(
                    [("company_id", "in", self.env.companies.ids)], order="name"
                )
                if row.user_id.active
            ],
        }
