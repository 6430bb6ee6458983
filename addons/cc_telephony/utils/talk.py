# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who talks with whom in a call, as one agent sees it: from plain values, without Odoo.

The ingest fills a `View` from a fact, `cc.call` fills it from its rows; both get the same answer.
Times are integer µs since 1970 or None.
"""

from typing import NamedTuple

# keys that the agent asked for stand under this name among the call's keys
COLLECT = "collect"


class Leg(NamedTuple):
    """One party's presence."""

    leg: int
    role: str
    agent_id: int | None
    number_id: int | None
    joined_t: int | None
    left_t: int | None
    mode: str


class Ring(NamedTuple):
    """One ring, at an agent or a number."""

    n: int
    in_queue: bool
    agent_id: int | None
    number_id: int | None
    ring_t: int | None
    end_t: int | None
    outcome: str | None

    @property
    def open(self):
        """Whether it still rings."""
        return self.outcome is None and self.end_t is None


class Hold(NamedTuple):
    """One stretch of the customer on hold, and who put them there."""

    from_t: int | None
    to_t: int | None
    agent_id: int | None


class Move(NamedTuple):
    """One transfer, pick-up or conference."""

    t: int | None
    how: str
    completed: bool
    agent_id: int | None = None  # who did it


class View(NamedTuple):
    """A call at one moment."""

    direction: str
    state: str
    answered_t: int | None
    legs: tuple
    rings: tuple
    holds: tuple
    moves: tuple
    keys: tuple  # of (node, key)


class Party(NamedTuple):
    """Somebody else in the call."""

    leg: int | None
    role: str
    agent_id: int | None
    number_id: int | None
    state: str
    mode: str
    since: int | None
    ring: int | None = None  # of one who is rung and has no leg: the ring's number on the call


class Sender(NamedTuple):
    """The colleague through whom an agent has a call, or is to have it."""

    kind: str  # "transfer", "consult" or "invite"
    agent_id: int
    since: int | None


class Part(NamedTuple):
    """What part an agent has in a call."""

    mine: str | None
    ring_t: int | None
    attempt_outcome: str | None


def parts(view):
    """`{agent id: Part}` of every agent who was ever rung or in the call."""
    found = {}
    live = view.state != "ended"
    for ring in sorted(view.rings, key=lambda ring: ring.n):
        if ring.agent_id:
            mine = "ringing" if ring.open and live else None
            found[ring.agent_id] = Part(mine, ring.ring_t, ring.outcome)
    for leg in view.legs:
        if not leg.agent_id or leg.role == "customer":
            continue
        part = found.get(leg.agent_id, Part(None, None, None))
        if leg.left_t is None and live:
            # not joined: the agent asked for the call, and now the own phone rings
            part = part._replace(mine="ringing" if leg.joined_t is None else "talking")
        elif part.mine is None:
            part = part._replace(mine="left")
        found[leg.agent_id] = part
    return found


class Talk:
    """The conversation as the agent `me` sees it.

    :ivar mine: "ringing", "talking", "left" or None
    :ivar mode: how the agent takes part: "talk", "listen", "whisper"; None while not in
    :ivar supervisor: whether the agent is in it as a supervisor
    :ivar held: whether the customer (in an internal call: the other one) hears music
    :ivar parties: everybody else, as Party
    :ivar third: the party of a consult that this agent leads, or None
    :ivar consult: "ringing", "talking", "waiting" (the third party hears music) or None
    :ivar conference: three or more talk; supervisors are not counted
    :ivar invited: whether somebody is rung to come into the talk, nobody on hold
    :ivar asked: whether the agent is the third party of a colleague's consult
    :ivar guest: whether they lead nothing: asked, or put on hold by a colleague
    :ivar sender: the Sender who transferred the call here, asks for advice or invites; None without one
    """

    def __init__(self, view, me):
        self.view = view
        self.me = me
        self.part = parts(view).get(me, Part(None, None, None))
        self.mine = self.part.mine
        live = view.state != "ended"
        self._legs = [leg for leg in view.legs if leg.left_t is None] if live else []
        self._rings = [ring for ring in view.rings if ring.open] if live else []
        own = [leg for leg in self._legs if leg.agent_id == me and leg.joined_t is not None]
        self.mode = own[-1].mode if own else None
        self.supervisor = bool(own) and own[-1].role == "supervisor"
        self.peer = self._peer_of(me)
        open_holds = [hold for hold in view.holds if hold.to_t is None] if live else []
        self.hold = open_holds[-1] if open_holds else None
        self.held = bool(self.hold) or view.state == "held"
        self.asked = bool(own) and self._is_asked(own[-1])
        self.guest = self.asked or (bool(own) and bool(self.hold) and self._is_led(self.hold))
        self.consult, self._third_leg, self._third_ring = self._find_consult()
        self.invited = self._is_inviting()
        self.parties = self._find_parties()
        self.third = next((party for party in self.parties if self._is_third(party)), None)
        talking = [
            party
            for party in self.parties
            if party.state == "talking" and party.role != "supervisor"
        ]
        self.sender = self._find_sender()
        alone = self.supervisor or self.guest  # who is asked for advice talks with one at a time
        self.conference = self.mode == "talk" and not alone and len(talking) >= 2

    def _peer_of(self, agent_id):
        """The leg of whom the call is with: the customer, in an internal call the other agent."""
        others = [leg for leg in self._legs if leg.agent_id != agent_id or leg.agent_id is None]
        others.sort(key=lambda leg: leg.leg)
        second = {"outbound": "outside", "internal": "agent"}.get(self.view.direction)
        for role in ("customer", second):
            for leg in others:
                if leg.role == role:
                    return leg
        return None

    def _find_consult(self):
        """`(state, leg, ring)` of the party consulted; this agent leads it who put the customer on hold."""
        if self.mode != "talk" or self.supervisor:
            return None, None, None
        thirds = [
            leg
            for leg in self._legs
            if leg is not self.peer
            and leg.agent_id != self.me
            and leg.role != "supervisor"
            and leg.joined_t is not None
        ]
        last = self._last_hold()
        leads = last is not None and last.agent_id in (None, self.me)
        rings = [ring for ring in self._rings if ring.agent_id != self.me and not ring.in_queue]
        if self.hold and leads:
            if thirds:
                return "talking", thirds[-1], None
            if rings:
                return "ringing", None, rings[-1]
            return None, None, None
        if not self.hold and leads and thirds:
            third = thirds[-1]
            joined = self._together_since(third.joined_t)
            # who came before any hold was no consult's: a call taken over, a colleague invited; swaps make more holds
            asked = self._last_hold(third.joined_t)
            consulted = asked is not None and asked.agent_id in (None, self.me)
            if consulted and not joined and self.peer is not None:
                return "waiting", third, None
        return None, None, None

    def _last_hold(self, by=None):
        """The last one, or the last that had begun by a moment (µs)."""
        holds = [hold for hold in self.view.holds if by is None or (hold.from_t or 0) <= by]
        return max(holds, key=lambda hold: hold.from_t or 0, default=None)

    def _is_inviting(self):
        talks = self.mine == "talking" and not self.supervisor and not self.guest
        aside = any(ring.agent_id != self.me and not ring.in_queue for ring in self._rings)
        return talks and aside and self.consult is None and self.view.state == "talking"

    def _is_asked(self, own):
        last = self._last_hold(own.joined_t)
        if not last or not self._is_led(last) or self._together_since(own.joined_t):
            return False
        # whom they were asked about may have gone: then they are whom the call is with
        return self._peer_of(last.agent_id) is not own

    def _is_led(self, hold):
        """Whether somebody else who is here has made this hold."""
        if hold.agent_id in (None, self.me):
            return False
        return any(leg.agent_id == hold.agent_id for leg in self._legs)

    def _find_sender(self):
        """Who sent the call here: it is only ever a colleague who did so by hand."""
        if self.mine not in ("ringing", "talking") or self.supervisor:
            return None
        ring = next((ring for ring in reversed(self.view.rings) if ring.agent_id == self.me), None)
        own = next(
            (leg for leg in reversed(self.view.legs) if leg.agent_id == self.me and leg.joined_t),
            None,
        )
        came = (ring.ring_t if ring else None) or (own.joined_t if own else None)
        if came is None:
            return None
        colleagues = {leg.agent_id for leg in self._legs if leg.joined_t is not None}
        colleagues -= {None, self.me}
        holder = self.hold.agent_id if self.hold else None
        if holder in colleagues and (self.asked or self.mine == "ringing"):
            return Sender("consult", holder, came)
        moves = [
            move
            for move in self.view.moves
            if move.how in ("blind", "attended") and move.agent_id not in (None, self.me)
        ]
        if moves:
            # a transfer to a queue may ring here long after it, one after a consult comes after the ring
            return Sender("transfer", moves[-1].agent_id, moves[-1].t)
        # a direct call is no invitation: there is nothing yet to be invited into
        invites = ring and not ring.in_queue and self.view.answered_t
        if self.mine == "ringing" and invites and colleagues:
            return Sender("invite", min(colleagues), came)
        return None

    def _together_since(self, t):
        """Whether the third party who came in at `t` was brought together with the customer."""
        return any(
            move.how == "conference" and move.completed and (move.t or 0) >= t
            for move in self.view.moves
        )

    def _is_third(self, party):
        if self._third_leg:
            return party.leg == self._third_leg.leg
        ring = self._third_ring
        return bool(
            ring
            and party.state == "ringing"
            and (party.agent_id, party.number_id) == (ring.agent_id, ring.number_id)
        )

    def _find_parties(self):
        found = []
        for leg in sorted(self._legs, key=lambda leg: leg.leg):
            if leg.agent_id is not None and leg.agent_id == self.me:
                continue
            state, since = "talking", leg.joined_t
            if leg.joined_t is None:
                state = "ringing"
            elif leg is self.peer and self.held:
                state, since = "held", self.hold.from_t if self.hold else leg.joined_t
            elif leg is self._third_leg and self.consult == "waiting":
                state = "held"
            role = "customer" if leg is self.peer and leg.role == "outside" else leg.role
            found.append(Party(leg.leg, role, leg.agent_id, leg.number_id, state, leg.mode, since))
        here = {(party.agent_id, party.number_id) for party in found}
        for ring in self._rings:
            who = (ring.agent_id, ring.number_id)
            # of a queue's many rings an agent need not know
            if ring.in_queue or ring.agent_id == self.me or who in here:
                continue
            role = "agent" if ring.agent_id else "outside"
            if role == "outside" and self.view.direction == "outbound" and not self.peer:
                role = "customer"
            found.append(Party(None, role, *who, "ringing", "talk", ring.ring_t, ring.n))
        return found

    @property
    def keys(self):
        """What the customer pressed when asked in the talk; several goes with blanks between."""
        keys = [key or "" for node, key in self.view.keys if node == COLLECT]
        return ("" if all(len(key) < 2 for key in keys) else " ").join(keys)
