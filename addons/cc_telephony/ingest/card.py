# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which agents are told of a fact about a call, and the card that each of them gets."""

from ..utils.guard import at_once
from ..utils.talk import Hold, Leg, Move, Ring, View, parts


def moment(fact):
    """Last word of the fact's kind: "started", "ringing", "answered" …"""
    return fact["kind"].partition(".")[2]


def view_of(batch, body):
    """The call as the fact tells it, for `Talk`."""

    def who(token, agent):
        return (agent.id, None) if agent else (None, batch.number(token).id or None)

    return View(
        direction=body["direction"],
        state=body["state"],
        answered_t=body["answered_t"],
        legs=tuple(
            Leg(
                leg["leg"],
                leg["role"],
                *who(leg["number"], batch.party(leg)),
                leg["joined_t"],
                leg["left_t"],
                leg["mode"],
            )
            for leg in body["legs"]
        ),
        rings=tuple(
            Ring(
                ring["n"],
                ring["queue"] is not None,
                *who(ring["target"], batch.agent(ring["target"])),
                ring["ring_t"],
                ring["end_t"],
                ring["outcome"],
            )
            for ring in body["attempts"]
        ),
        holds=tuple(
            Hold(hold["from_t"], hold["to_t"], who(hold["by"], batch.agent(hold["by"]))[0])
            for hold in body["holds"]
        ),
        moves=tuple(
            Move(
                move["t"],
                move["how"],
                move["completed"],
                who(move["by"], batch.agent(move["by"]))[0],
            )
            for move in body["transfers"]
        ),
        keys=tuple((key["node"], key["key"]) for key in body["ivr"]),
    )


def live_before(batch, fresh):
    """Agents who, before this batch, were being rung or in each call.

    :return: `{call_uid: set of agent ids}`
    """
    ids = {}
    for row in batch.parts["cc.call.attempt"].values():
        if not row.end_at and not row.outcome and row.agent_id:
            ids.setdefault(row.call_id.id, set()).add(row.agent_id.id)
    for row in batch.parts["cc.call.leg"].values():
        if not row.left_at and row.agent_id:
            ids.setdefault(row.call_id.id, set()).add(row.agent_id.id)
    before = {}
    for uid in fresh:
        call = batch.calls.get(uid)
        before[uid] = ids.get(call.id, set()) if call else set()
    return before


def tell_agents(batch, moments, before):
    """One card for each agent whom the moment concerns: in the call, rung, or just out of either."""
    told = list(_concerned(batch, moments, before))
    if not told:
        return
    cards = at_once(batch.env, lambda env: [_card(batch, env, *one) for one in told])
    for (_call, _fact, agent, _view), card in zip(told, cards, strict=True):
        batch.tell(agent, "cc.call/changed", card)


def _concerned(batch, moments, before):
    """Whom to tell of what, in order.

    :return: `(call, fact, AgentInfo, View)` for each card
    """
    for call, fact in moments:
        body = fact["call"]
        view = view_of(batch, body)
        found = parts(view)
        live = {agent for agent, part in found.items() if part.mine in ("ringing", "talking")}
        concerned = live | before[body["call_uid"]]
        # a correction tells of the past: it closes what a screen still shows, and brings up nothing
        if body["state"] == "ended" and fact["kind"] != "call.corrected":
            concerned |= {agent for agent, part in found.items() if part.mine == "left"}
        before[body["call_uid"]] = live
        for agent_id in sorted(concerned):
            agent = batch.agent_by_id(agent_id)
            if agent:
                yield call, fact, agent, view


def _card(batch, env, call, fact, agent, view):
    """The card as of this fact: later ones of the same batch are not shown before their time."""
    body = fact["call"]
    queue = batch.queue(body["queue"])
    card = call.with_env(env)._cc_card(env["cc.agent"].browse(agent.id), view)
    card.update(
        moment=moment(fact),
        t=fact["t"],
        rev=body["rev"],
        state=body["state"],
        started_t=body["started_t"],
        queued_t=body["queued_t"],
        answered_t=body["answered_t"],
        ended_t=body["ended_t"],
        queue={"id": queue.id, "name": queue.name} if queue else None,
    )
    return card
