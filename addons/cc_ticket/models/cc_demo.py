# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..utils.own_fields import carry_words
from .helpdesk_ticket import LIVE

#: Weeks of tickets before today.
WEEKS = 8
TICKETS_A_WEEK = 5
#: Hours between two moves.
GAPS = (0.2, 0.4, 0.7, 1, 1.5, 2, 3, 5, 20, 26)
#: The first of these that may be done is what is done.
KINDS = ("accept", "close", "submit", "feedback")
#: What customers ring up about, by template.
SUBJECTS = {
    "template_demo": ("Parcel came open", "Wrong size", "Three days late", "Cup is cracked"),
    "template_service": ("Send the bill again", "New address", "Copy of the warranty"),
    "template_complaint": ("Nobody rang back", "Waited twenty minutes", "Unfriendly driver"),
    "template_feedback": ("Likes the new kettle", "Website is hard to read"),
    "template_defect": ("Kettle leaks", "Lamp flickers", "Grinder is loud"),
    "template_support": ("Scale shows E2", "How to descale", "Router has no light"),
    "template_after_sales": ("Return of a lamp", "Exchange of a kettle"),
    "template_sale": ("Offer for 40 lamps", "Price for a service plan"),
}


class CcDemo(models.AbstractModel):
    """Weeks of tickets and of reading for the demo: what lists, flows and statistics are looked at with.

    They are made by the people's own moves; only their times are put back afterwards.
    """

    _inherit = "cc.demo"

    @api.model
    def _make_history(self, pbx_xmlid="cc_telephony.pbx_main"):
        result = super()._make_history(pbx_xmlid)
        self._make_tickets()
        return result

    @api.model
    def _make_tickets(self):
        """Closed tickets of the last weeks, and running ones of the last days, some overdue.

        Once, where the demo data is; `CC_DEMO_CALLS=0` leaves it out: tests count their own.
        """
        if not self.env.ref("cc_ticket.template_demo", raise_if_not_found=False):
            return
        tickets = self.env["helpdesk.ticket"]
        known = tickets.search([("cc_template_id", "!=", False)], order="id")
        if os.environ.get("CC_DEMO_CALLS") == "0" or len(known) > WEEKS * TICKETS_A_WEEK:
            return
        chance = random.Random(11)
        today = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        for number, ticket in enumerate(known):
            days = (0, 0, 1, 0, 3)[number % 5]
            begun = self._morning(today - timedelta(days=days)) if days else today
            self._put_back(ticket, begun - timedelta(hours=1), chance)
        agents = self.env["cc.agent"].search([("user_id.active", "=", True)], order="id")
        partners = self.env["res.partner"].search(
            [("phone_link_ids", "!=", False)], order="id", limit=60
        )
        for day in self._days_back(today, chance):
            ticket = self._make_ticket(agents, partners, chance)
            self._walk(ticket, agents.user_id, chance)
            self._put_back(ticket, day, chance)
        self._urge_and_ask(chance)
        self._make_readers(agents.user_id, chance)
        # nobody is there to be told
        self.env.cr.precommit.data.get("bus.bus.values", []).clear()

    def _morning(self, day):
        """:return: the forenoon of that day, or of the working day before"""
        while day.weekday() > 4:
            day -= timedelta(days=1)
        return day.replace(hour=1)

    def _days_back(self, today, chance):
        days = [chance.randrange(5, WEEKS * 7) for _ in range(WEEKS * TICKETS_A_WEEK)]
        return [
            self._morning(today - timedelta(days=back)) + timedelta(hours=chance.randrange(0, 8))
            for back in sorted(days, reverse=True)
        ]

    def _make_ticket(self, agents, partners, chance):
        template = self.env.ref(f"cc_ticket.{chance.choice(sorted(SUBJECTS))}")
        name = template.get_external_id()[template.id].partition(".")[2]
        return (
            self.env["helpdesk.ticket"]
            .with_user(chance.choice(agents).user_id)
            .create(
                {
                    "cc_template_id": template.id,
                    "name": chance.choice(SUBJECTS[name]),
                    "partner_id": chance.choice(partners).id,
                    "priority": chance.choice("0112"),
                }
            )
        )

    def _walk(self, ticket, users, chance):
        """The whole flow, by whoever has the ticket."""
        ticket.cc_move("start")
        for _step in range(12):
            ticket = ticket.sudo()
            if ticket.cc_state not in LIVE:
                return
            people = (ticket.user_id or ticket._cc_people()) & users
            page = ticket.with_env(self.env).with_user(chance.choice(people.sorted("id") or users))
            allowed = page.sudo(False)._cc_allowed()
            kind = next((kind for kind in KINDS if kind in allowed), None)
            if not kind:
                return
            page.sudo(False).cc_move(kind, {"text": "" if kind == "accept" else "Done."})

    def _put_back(self, ticket, begun, chance):
        """Move a ticket's times into the past: moves in their order, turns as these say, figures anew."""
        now = fields.Datetime.now()
        ticket = ticket.with_env(self.env).sudo()  # sudo: cc.ticket.* - demo data
        moves = ticket.cc_move_ids.sorted("id")
        at = begun
        for move in moves:
            if move.kind not in ("create", "start"):
                at = min(at + timedelta(hours=chance.choice(GAPS)), now)
            move.at = at
        came = begun
        for turn in ticket.cc_turn_ids.sorted("id"):
            own = moves.filtered(lambda move, turn=turn: move.turn_id == turn)
            accepted = own.filtered(lambda move: move.kind == "accept")[:1]
            left = own[-1:].at if turn.ended_at else False
            turn.write(
                {
                    "started_at": came,
                    "accepted_at": accepted.at or (turn.accepted_at and came),
                    "wait_s": 0,
                    "paused_at": turn.paused_at and own[-1:].at,
                }
            )
            turn._cc_deadline()
            # the demo's first tickets are older than the steps' translations
            carry_words(turn.step_id, "name", turn, "step_name")
            if left:
                turn._cc_end(left, turn.ended_how)
                came = left
        ticket._cc_write(
            {
                "cc_deadline": ticket.cc_turn_id.deadline,
                "closed_date": at if ticket.cc_state == "closed" else False,
            }
        )
        ticket.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE helpdesk_ticket SET create_date = %s WHERE id = %s", begun, ticket.id)
        )
        ticket.invalidate_recordset()

    def _urge_and_ask(self, chance):
        """Some running tickets are urged by who made them; one asks for more time."""
        running = self.env["helpdesk.ticket"].search([("cc_state", "in", LIVE)], order="id")
        for ticket in running[::3]:
            page = ticket.with_user(ticket.cc_creator_id)
            if "urge" in page._cc_allowed():
                page.cc_move("urge", {"text": "The customer rang again."})
        for ticket in running.filtered("user_id"):
            page = ticket.with_user(ticket.user_id)
            if "extend" in page._cc_allowed():
                page.cc_move("extend", {"text": "The part comes on Friday.", "hours": 8})
                return

    def _make_readers(self, users, chance):
        """What was read, liked and searched for in the last weeks."""
        today = fields.Date.context_today(self)
        pages = self.env["document.page"].search([("type", "=", "content")], order="id")
        reads, votes = [], []
        for page in pages:
            for user in users.sorted("id"):
                if chance.random() < 0.4:
                    day = today - timedelta(days=chance.randrange(0, 28))
                    count = chance.randrange(1, 9)
                    reads.append(
                        {"page_id": page.id, "user_id": user.id, "day": day, "count": count}
                    )
                if chance.random() < 0.2:
                    helped = chance.random() < 0.8
                    votes.append({"page_id": page.id, "user_id": user.id, "helped": helped})
        self.env["cc.page.read"].create(reads)
        self.env["cc.page.vote"].create(votes)
        self.env["cc.page.favourite"].create(
            [
                {"page_id": page.id, "user_id": user.id}
                for user in users.sorted("id")[:4]
                for page in chance.sample(list(pages), min(3, len(pages)))
            ]
        )
        self.env["cc.page.search"].create(
            [
                {"query": query, "times": times, "nothing": nothing, "last_found": 0}
                for query, times, nothing in (
                    ("gift card", 9, 9),
                    ("会员积分", 7, 7),
                    ("spare lid", 3, 3),
                    ("上门安装", 2, 2),
                )
            ]
        )
