# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain

from ...utils.controls import legal_controls, situation
from ...utils.guard import guarded
from ...utils.talk import Hold, Leg, Move, Ring, Talk, View
from ...utils.times import now_us, to_us


class CcCall(models.Model):
    """The card: what an agent's browser shows of a call."""

    _inherit = "cc.call"

    def _cc_known(self):
        """How many customers the caller's number belongs to."""
        self.ensure_one()
        return len(self.number_id.link_ids.partner_id.filtered("active"))

    def _cc_view(self):
        """The call as its rows tell it, for `Talk`."""
        self.ensure_one()
        return View(
            direction=self.direction,
            state=self.state,
            answered_t=to_us(self.answered_at),
            legs=tuple(
                Leg(
                    leg.leg,
                    leg.role,
                    leg.agent_id.id or None,
                    leg.number_id.id or None,
                    to_us(leg.joined_at),
                    to_us(leg.left_at),
                    leg.mode,
                )
                for leg in self.leg_ids
            ),
            rings=tuple(
                Ring(
                    ring.n,
                    bool(ring.queue_id),
                    ring.agent_id.id or None,
                    ring.number_id.id or None,
                    to_us(ring.ring_at),
                    to_us(ring.end_at),
                    ring.outcome or None,
                )
                for ring in self.attempt_ids
            ),
            holds=tuple(
                Hold(to_us(hold.from_at), to_us(hold.to_at), hold.agent_id.id or None)
                for hold in (self.hold_ids if self.hold_count else ())
            ),
            moves=tuple(
                Move(to_us(move.at), move.how, move.completed, move.agent_id.id or None)
                for move in (self.transfer_ids if self.transfer_tries else ())
            ),
            keys=tuple((key.node, key.key) for key in (self.key_ids if self.keys else ())),
        )

    def _cc_card(self, agent, view=None):
        """What the agent's browser shows of this call: ids and masks, never a whole number.

        Addons extend it. `moment`, `t` and `clock_us` are of the asking, not of a fact.

        :param agent: the cc.agent whose card it is
        :param view: the call as a fact tells it; without it as the rows do
        :return: dict as in docs/architecture/browser.md, "the card"
        """
        self.ensure_one()
        talk = Talk(view or self._cc_view(), agent.id)
        moment = "ringing" if talk.mine == "ringing" else "answered"
        return {
            "id": self.id,
            "call_uid": self.call_uid,
            "rev": self.rev,
            "moment": "ended" if self.state == "ended" else moment,
            "state": self.state,
            "direction": self.direction,
            "mine": talk.mine,
            "t": None,
            "clock_us": now_us(),
            "started_t": to_us(self.started_at),
            "queued_t": to_us(self.queued_at),
            "ring_t": talk.part.ring_t,
            "answered_t": to_us(self.answered_at),
            "ended_t": to_us(self.ended_at),
            "queue": {"id": self.queue_id.id, "name": self.queue_id.name}
            if self.queue_id
            else None,
            "line": self.line or None,
            "dialled": self.dialled_id.mask or None,
            "caller": self._cc_caller_for(talk),
            "attempt_outcome": talk.part.attempt_outcome,
            "muted": False,
            "sender": self._cc_sender(talk.sender),
            "extra": self._cc_extra_for(agent),
            **self._cc_talk(talk),
        }

    def _cc_sender(self, sender):
        """The colleague who transferred the call here, asks for advice or invites (TEL-61).

        :return: `{kind: "transfer"|"consult"|"invite", name, agent_id, since}` or None
        """
        if not sender:
            return None
        # sudo: cc.agent - colleagues are known by name, the archived too
        agent_sudo = self.env["cc.agent"].sudo().browse(sender.agent_id)
        return {
            "kind": sender.kind,
            "name": agent_sudo.name,
            "agent_id": sender.agent_id,
            "since": sender.since,
        }

    def _cc_extra_for(self, agent):
        """What addons put on the card; nothing where one of them fails: the phone must ring."""
        if type(self)._cc_card_extra is CcCall._cc_card_extra:
            return {}  # no addon takes part: two round trips to the database less
        return guarded(
            self.env, lambda: self._cc_card_extra(self, agent), f"the card of call {self.call_uid}"
        )

    @api.model
    def _cc_card_extra(self, call, agent):
        """What addons put on a call's card; the browser has it as `card.extra`.

        Called at each moment of each call, for each agent concerned: a few look-ups by index at most.

        :param call: the cc.call, as superuser where a fact made the card
        :param agent: the cc.agent whose card it is: nothing may stand on it that they may not see
        :return: `{addon's technical name: anything JSON can hold}`
        """
        return {}

    def _cc_talk(self, talk):
        """What the card says of the conversation: `held, parties, consult, conference, keys, can`."""
        self.ensure_one()
        parties = [self._cc_party(party) for party in talk.parties]
        third = next(
            (
                shown
                for party, shown in zip(talk.parties, parties, strict=True)
                if party is talk.third
            ),
            None,
        )
        consult = None
        if talk.consult:
            consult = {
                "state": talk.consult,
                "name": third["name"] if third else None,
                "mask": third["mask"] if third else None,
            }
        return {
            "held": talk.held,
            "parties": parties,
            "consult": consult,
            "conference": talk.conference,
            "keys": talk.keys,
            "can": legal_controls(situation(talk)) if talk.mine in ("ringing", "talking") else [],
        }

    def _cc_party(self, party):
        """Somebody else in the call, as the card shows them."""
        number = self.env["cc.phone.number"].browse(party.number_id or ())
        # sudo: cc.agent - colleagues are known by name, the archived too
        agent_sudo = self.env["cc.agent"].sudo().browse(party.agent_id or ())
        if party.agent_id:
            name, mask = agent_sudo.name, agent_sudo.number
        elif party.role == "customer" and number in (self.number_id, number.browse()):
            caller = self._cc_caller()
            name, mask = caller["name"], caller["mask"]
        else:
            partners = number._partners() if number else number.partner_ids
            name = partners.display_name if len(partners) == 1 else None
            mask = number.mask or None
        return {
            "leg": party.leg,
            "ring": party.ring,
            "role": party.role,
            "name": name,
            "mask": mask,
            "agent_id": party.agent_id or False,
            "state": party.state,
            "mode": party.mode,
            "since": party.since,
        }

    def _cc_caller(self):
        """Who the other party is, for the card."""
        self.ensure_one()
        known = self._cc_known()
        return {
            "name": self._cc_person() or self.caller_name or None,
            "company": self._cc_shared_company() if known > 1 and not self.partner_id else None,
            "mask": self.number_id.mask or None,
            "known": known,
            "partner_id": self.partner_id.id,
        }

    def _cc_caller_for(self, talk):
        """Who the other party is for the agent of this `Talk`: of an internal call the colleague."""
        caller = self._cc_caller()
        other = next((party for party in talk.parties if party.role == "agent"), None)
        if self.direction != "internal":
            return caller
        # sudo: cc.agent - colleagues are known by name, the archived too
        agents_sudo = self.env["cc.agent"].sudo()
        if other:
            agents_sudo = agents_sudo.browse(other.agent_id)
        elif self.dialled_id:
            # the own phone rings first: nobody else is in it yet
            number = (self.dialled_id.key or "").rpartition(":")[2]
            mine = [("pbx_id", "=", self.pbx_id.id), ("number", "=", number)]
            agents_sudo = agents_sudo.search([*mine, ("id", "!=", talk.me)], limit=1)
        if agents_sudo:
            caller.update(name=agents_sudo.name, mask=agents_sudo.number)
        return caller

    def _cc_person(self):
        """The customer's name, the person before the company: what is too long is cut at its end."""
        self.ensure_one()
        partner = self.partner_id
        if partner.parent_id and partner.name:
            return f"{partner.name}, {partner.parent_id.name}"
        return partner.display_name

    def _cc_shared_company(self):
        """Name of the company to which all contacts with the caller's number belong, or None."""
        self.ensure_one()
        companies = self.number_id.link_ids.partner_id.filtered("active").commercial_partner_id
        return companies.name if len(companies) == 1 else None

    def _cc_owner_agent(self):
        """The agent on this PBX who owns the call's customer, as superuser; empty without one."""
        self.ensure_one()
        return (
            self.partner_id._cc_owner_agent(self.pbx_id)
            if self.partner_id
            else self.env["cc.agent"].sudo()
        )

    @api.model
    def _cc_open_of(self, agent):
        """Calls that are going on at this agent now, as superuser."""
        # sudo: cc.call - cards are made for the agent whose calls these are
        calls_sudo = self.sudo()
        ringing = [("agent_id", "=", agent.id), ("end_at", "=", False), ("outcome", "=", False)]
        talking = [("agent_id", "=", agent.id), ("left_at", "=", False)]
        return calls_sudo.search(
            Domain("state", "!=", "ended")
            & Domain("pbx_id", "=", agent.pbx_id.id)
            & (Domain("attempt_ids", "any", ringing) | Domain("leg_ids", "any", talking)),
            order="started_at, id",
        )
