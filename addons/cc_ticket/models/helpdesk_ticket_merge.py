# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import escape_psql, plaintext2html
from odoo.tools.translate import LazyTranslate

from .helpdesk_ticket import LIVE

_lt = LazyTranslate(__name__)


class HelpdeskTicketMerge(models.Model):
    """Two tickets about the same thing become one: the other is closed and hangs below it."""

    _inherit = "helpdesk.ticket"

    def _cc_do_merge(self, values):
        target = self._cc_merge_target(str(values.get("number") or "").strip())
        target._cc_lock()
        target._cc_earlier(self.cc_deadline)
        self._cc_give_rows(target)
        self._cc_handled()
        # closed first: a target that closes with its last sub-ticket is not done by this one
        self._cc_finish("merge")
        self._cc_write({"cc_parent_id": target.id})
        values["text"] = plaintext2html(target.number) + values["text"]
        target._cc_write({"cc_rev": target.cc_rev + 1})
        move = target._cc_log(
            "merge", text=plaintext2html(f"{self.number} {self.name}") + values["text"]
        )
        target._cc_after_move(move)
        target._cc_tell(
            target._cc_people() - self.env.user,
            _lt(
                "Ticket %(number)s was merged into %(into)s.",
                number=self.number,
                into=target.number,
            ),
        )
        target._cc_ring(target._cc_people())

    def _cc_own_moves(self):
        """:return: the cc.ticket.move of this ticket's own walk, without those of tickets that were merged
        into it; theirs stand in the handling history, but it did not do them itself
        """
        self.ensure_one()
        return self.cc_move_ids.filtered(lambda move: move.turn_id.ticket_id == self)

    def _cc_merge_target(self, number):
        """:return: the running ticket of the same customer with this number, which the user may change
        :raise UserError: there is none
        """
        # the number itself: no part of one, no pattern
        known = [("number", "=ilike", escape_psql(number))]
        target = self.search(known, limit=1) if number else self.browse()
        may = (
            target and target != self and target.with_env(target.env(su=False)).has_access("write")
        )
        if not may or target.cc_state not in LIVE or not target.cc_template_id:
            raise UserError(self.env._("Name a running ticket that you may change."))
        if target.commercial_partner_id != self.commercial_partner_id:
            raise UserError(
                self.env._("Ticket %(number)s is another customer's.", number=target.number)
            )
        chain = target
        while (above := chain[-1:].cc_parent_id) and above not in chain:
            chain += above
        if self.cc_parent_id or self in chain:
            raise UserError(
                self.env._("One of the two is a sub-ticket; close it instead, or merge its parent.")
            )
        return target

    def _cc_earlier(self, deadline):
        """The earlier deadline of the two counts."""
        turn = self.cc_turn_id
        if not deadline or turn.paused_at or (turn.deadline and turn.deadline <= deadline):
            return
        worked = self._cc_calendar()._cc_worked(turn.started_at, deadline)
        turn.allowed_s = max(worked - turn.wait_s, 1)
        turn._cc_deadline()
        self._cc_write({"cc_deadline": turn.deadline})

    def _cc_give_rows(self, target):
        """What hangs on this ticket hangs on the other: history, messages, files, calls, parcels, visits."""
        self.cc_move_ids.write({"ticket_id": target.id})
        here = [("res_id", "=", self.id)]
        messages = self.env["mail.message"].search(
            [
                *here,
                ("model", "=", self._name),
                ("message_type", "not in", ("notification", "user_notification")),
            ]
        )
        messages.write({"res_id": target.id})
        self.env["ir.attachment"].search([*here, ("res_model", "=", self._name)]).write(
            {"res_id": target.id}
        )
        self.activity_ids.write({"res_id": target.id})
        target._cc_write({"cc_call_ids": [(4, call.id) for call in self.cc_call_ids]})
        self.cc_child_ids._cc_write({"cc_parent_id": target.id})
        known = {(parcel.number, parcel.provider_id) for parcel in target.cc_parcel_ids}
        self.cc_parcel_ids.filtered(
            lambda parcel: (parcel.number, parcel.provider_id) not in known
        ).write({"ticket_id": target.id})
        self.cc_event_ids.write({"cc_ticket_id": target.id})
        readers = {(row.user_id, row.kind) for row in target.cc_reader_ids}
        for row in self.cc_reader_ids:
            if (row.user_id, row.kind) not in readers:
                row.copy({"ticket_id": target.id})
