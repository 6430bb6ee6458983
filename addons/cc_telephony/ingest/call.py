# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Facts about calls. Each carries the whole call so far, so of several the highest revision is written.

Every moment in between is still told to the browsers: an agent's phone must ring even if the answer
came in the same batch.
"""

from ..utils.times import from_us, seconds
from . import card, stat, visits
from .errors import FactError
from .handlers import run_handlers
from .kinds import Moment

#: Who leaves within this time of the last has stayed to the end, µs.
TOGETHER_US = 1_000_000
#: A moment after all others, µs: in the year 2286.
STILL_THERE = 10**16


def apply_calls(batch, facts):
    """Write the calls of `facts` (`call.*`, in order) and collect the agents' cards.

    :raise FactError: a call is another PBX's
    """
    fresh = _fresh(batch, facts)
    if not fresh:
        return
    before = card.live_before(batch, fresh)
    _write_calls(batch, {uid: facts[-1]["call"] for uid, facts in fresh.items()})
    moments = [(batch.calls[uid], fact) for uid, of_call in fresh.items() for fact in of_call]
    moments.sort(key=lambda moment: moment[1]["seq"])
    _take_part(batch, moments)
    card.tell_agents(batch, moments, before)


def _fresh(batch, facts):
    """Facts that are news, by call: each of a higher revision than all before it."""
    fresh = {}
    for fact in facts:
        body = fact["call"]
        uid = body["call_uid"]
        call = batch.calls.get(uid)
        if call and call.pbx_id != batch.pbx:
            raise FactError("the call belongs to another PBX")
        if uid in fresh:
            known = fresh[uid][-1]["call"]["rev"]
        else:
            known = call.rev if call else 0
        if body["rev"] > known:
            fresh.setdefault(uid, []).append(fact)
    return fresh


def _write_calls(batch, bodies):
    """One write a known call, one create for all new ones, the same for attempts and legs."""
    env = batch.env
    stat.mark_calls(batch, bodies)
    new_uids, new_vals = [], []
    for uid, body in bodies.items():
        call = batch.calls.get(uid)
        vals = _call_vals(batch, call, body)
        if call:
            call.write({name: value for name, value in vals.items() if _differs(call, name, value)})
        else:
            new_uids.append(uid)
            new_vals.append(
                {
                    **vals,
                    "call_uid": uid,
                    "pbx_id": batch.pbx.id,
                    "company_id": batch.pbx.company_id.id,
                }
            )
    created = env["cc.call"].create(new_vals) if new_vals else env["cc.call"]
    batch.calls.update(zip(new_uids, created, strict=False))
    # one record set: what is read for one call is fetched for all
    calls = env["cc.call"].browse([batch.calls[uid].id for uid in bodies])
    batch.calls.update(zip(bodies, calls, strict=False))
    _write_parts(batch, bodies, "cc.call.attempt", "attempts", "n", _attempt_vals)
    _write_parts(batch, bodies, "cc.call.leg", "legs", "leg", _leg_vals, _leg_born)
    stays = {
        uid: {"visits": visits.visit_items(batch, body)}
        for uid, body in bodies.items()
        if uid in batch.moved
    }
    _write_parts(batch, stays, "cc.call.visit", "visits", "n", visits.visit_vals, visits.visit_born)
    for model, part, make_vals in (
        ("cc.call.hold", "holds", _hold_vals),
        ("cc.call.transfer", "transfers", _transfer_vals),
        ("cc.call.key", "ivr", _key_vals),
    ):
        if batch.parts[model] or any(body[part] for body in bodies.values()):
            numbered = {uid: {part: _numbered(body[part])} for uid, body in bodies.items()}
            _write_parts(batch, numbered, model, part, "n", make_vals)


def _differs(record, name, value):
    current = record[name]
    if record._fields[name].type == "many2one":
        return current.id != (value or False)
    return current != value and bool(current or value)


def _write_parts(batch, bodies, model, part, key, make_vals, make_born=None):
    """Attempts or legs: those that are new are made, those that changed are written.

    :param make_born: what only new rows get
    """
    rows = batch.env[model]
    known = dict(batch.parts[model])
    fresh_ids = {batch.calls[uid].id for uid in bodies}
    missing = []
    for uid, body in bodies.items():
        call_id = batch.calls[uid].id
        for item in body[part]:
            vals = make_vals(batch, item)
            row = known.pop((call_id, item[key]), None)
            if row is None:
                born = make_born(batch, item) if make_born else {}
                missing.append({**vals, **born, "call_id": call_id, key: item[key]})
                continue
            changed = {name: value for name, value in vals.items() if _differs(row, name, value)}
            if changed:
                row.write(changed)
    # the bridge corrected itself: what it no longer tells never was
    gone = [row.id for (call_id, _key), row in known.items() if call_id in fresh_ids]
    if gone:
        rows.browse(gone).unlink()
    if missing:
        rows.create(missing)


def _numbered(items):
    """Those of which the fact knows no number, numbered as they come."""
    return [{**item, "n": n} for n, item in enumerate(items, 1)]


def _other_number(body):
    """The customer's side: who called, or on the way out who was called."""
    return body["to"]["number"] if body["direction"] == "outbound" else body["from"]["number"]


def _serving_agent(batch, body):
    """AgentInfo of who talked last, whose call it is; on the way out, who asked for it. Else None.

    Who was asked or invited and went again does not take the call over. Of those who stayed until the
    end together (phones hang up within `TOGETHER_US` of each other) it is who was there first.
    """
    legs = [leg for leg in body["legs"] if leg["role"] == "agent" and leg["mode"] == "talk"]
    talked = [leg for leg in legs if leg["joined_t"] is not None]
    if talked:
        last = max(talked, key=lambda leg: (_left(leg), leg["joined_t"], leg["leg"]))
        together = [
            leg
            for leg in talked
            if leg is last or max(_left(last) - TOGETHER_US, last["joined_t"]) < _left(leg)
        ]
        first = min(together, key=lambda leg: (leg["joined_t"], leg["leg"]))
        return batch.agent(first["number"])
    if legs and body["direction"] == "outbound":
        return batch.agent(legs[0]["number"])
    return None


def _left(leg):
    """When they went, µs; who is still there goes after all others."""
    return leg["left_t"] if leg["left_t"] is not None else STILL_THERE


def _call_vals(batch, call, body):
    number = batch.number(_other_number(body))
    # on the way out the number dialled is the customer's own
    dialled = (
        batch.number(body["to"]["number"])
        if body["direction"] != "outbound"
        else batch.env["cc.phone.number"]
    )
    ended = body["ended_t"]
    holds = body["holds"]
    hold_s = sum(seconds(hold["from_t"], hold["to_t"] or ended) for hold in holds)
    rings = [item["ring_t"] for item in body["attempts"] if item["ring_t"] is not None]
    vals = {
        "rev": body["rev"],
        "direction": body["direction"],
        "state": body["state"],
        "number_id": number.id,
        "number_display": number.display,
        "caller_name": body["from"]["name"] if body["direction"] != "outbound" else False,
        "line": body["line"],
        "dialled_id": dialled.id,
        "dialled_display": dialled.display,
        "queue_id": _id(batch.queue(body["queue"])),
        "started_at": from_us(body["started_t"]),
        "queued_at": from_us(body["queued_t"]),
        "ring_at": from_us(min(rings, default=None)),
        "answered_at": from_us(body["answered_t"]),
        "ended_at": from_us(ended),
        "estimated": body["estimated"],
        "wait_s": seconds(body["queued_t"], body["answered_t"] or ended),
        "ring_s": sum(seconds(item["ring_t"], item["end_t"]) for item in body["attempts"]),
        "hold_s": hold_s,
        "talk_s": _talk_s(body),
        "duration_s": seconds(body["started_t"], ended),
        "ended_by": body["ended_by"],
        "cause": body["cause"] or 0,
        "loss": body["loss"],
        "rating": body["rating"]["outcome"] if body["rating"] else False,
        "transfer_count": sum(transfer["completed"] for transfer in body["transfers"]),
        "transfer_tries": len(body["transfers"]),
        "hold_count": len(holds),
        "keys": " ".join(item["key"] for item in body["ivr"] if item["key"]) or False,
    }
    if number and (not call or (call.number_id != number and not call.partner_by_id)):
        partner = _partner(number)
        vals["partner_id"] = partner.id
        vals["partner_sure"] = number._cc_names_surely(partner)
    agent = _serving_agent(batch, body)
    vals["agent_id"] = _id(agent)
    if department_id := _department(batch, call, body, agent):
        vals["department_id"] = department_id
    return vals


def _talk_s(body):
    """Seconds since the answer in which somebody on our side was there, without holds.

    Who is asked for a rating afterwards, or waits for somebody else, talks no more: until the end, or between two
    of us, as after a crash or a transfer to a queue.
    """
    begun, ended = body["answered_t"], body["ended_t"]
    if begun is None or ended is None:
        return 0.0
    ours = [
        (leg["joined_t"], _left(leg))
        for leg in body["legs"]
        if leg["role"] != "customer" and leg["mode"] == "talk" and leg["joined_t"] is not None
    ]
    talked = _within(ours or [(begun, ended)], begun, ended)
    holds = [(hold["from_t"], hold["to_t"] or ended) for hold in body["holds"]]
    held = _within(holds, begun, ended)
    return seconds(0, _length([*talked, *held]) - _length(held))


def _within(spans, begun, ended):
    """The parts of these spans of time that lie between two times."""
    cut = ((max(start, begun), min(end, ended)) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def _length(spans):
    """How long at least one of these spans lasted."""
    total, reached = 0, None
    for start, end in sorted(spans):
        if reached is None or end > reached:
            total += end - (start if reached is None else max(start, reached))
            reached = end
    return total


def _id(info):
    return info.id if info else False


def _partner(number):
    """The number's only customer, or the one marked as main; empty where people must choose."""
    if not number.link_ids:
        return number.link_ids.partner_id
    partners = number._partners()
    if len(partners) == 1:
        return partners
    return number.link_ids.filtered("main").partner_id & partners


def _department(batch, call, body, agent):
    """Id of the department whose call it becomes; None where it stays whose it was.

    Set when an agent takes the call over, so that a person's later move changes no old call.
    """
    if agent:
        changed = not call or call.agent_id.id != agent.id
        return agent.department_id if changed or not call.department_id else None
    queue = batch.queue(body["queue"])
    if call and call.department_id and call.queue_id.id == _id(queue):
        return None
    if queue and queue.department_id:
        return queue.department_id
    for attempt in reversed(body["attempts"]):
        rung = batch.agent(attempt["target"])
        if rung and rung.department_id:
            return rung.department_id
    return None


def _party_vals(batch, token, agent):
    number = batch.number(token) if not agent else batch.env["cc.phone.number"]
    return {
        "agent_id": _id(agent),
        "number_id": number.id,
        "number_display": number.display,
    }


def _attempt_vals(batch, item):
    return {
        **_party_vals(batch, item["target"], batch.agent(item["target"])),
        "queue_id": _id(batch.queue(item["queue"])),
        "ring_at": from_us(item["ring_t"]),
        "end_at": from_us(item["end_t"]),
        "ring_s": seconds(item["ring_t"], item["end_t"]),
        "outcome": item["outcome"],
    }


def _leg_vals(batch, item):
    return {
        **_party_vals(batch, item["number"], batch.party(item)),
        "role": item["role"],
        "channels": " ".join(item["channels"]),
        "joined_at": from_us(item["joined_t"]),
        "left_at": from_us(item["left_t"]),
        "mode": item["mode"],
    }


def _leg_born(batch, item):
    """What a leg keeps: whose department had part in the call, wherever the agent goes later."""
    agent = batch.party(item) if item["role"] == "agent" else None
    return {"department_id": agent.department_id if agent else False}


def _hold_vals(batch, item):
    return {
        "agent_id": _id(batch.agent(item["by"])),
        "from_at": from_us(item["from_t"]),
        "to_at": from_us(item["to_t"]),
        "duration_s": seconds(item["from_t"], item["to_t"]),
    }


def _transfer_vals(batch, item):
    to = item["to"]
    agent, queue = batch.agent(to), batch.queue(to)
    number = batch.env["cc.phone.number"] if agent or queue else batch.number(to)
    return {
        "at": from_us(item["t"]),
        "how": item["how"],
        "agent_id": _id(batch.agent(item["by"])),
        "to_agent_id": _id(agent),
        "to_queue_id": False if agent else _id(queue),
        "to_number_id": number.id,
        "to_number_display": number.display,
        # a number stands in its own row only
        "to_name": to if not (agent or queue or number) else False,
        "completed": item["completed"],
    }


def _key_vals(batch, item):
    return {"at": from_us(item["t"]), "node": item["node"], "key": item["key"]}


def _take_part(batch, moments):
    """Let addons take part. What fails there must not undo or block the calls."""
    calls = batch.env["cc.call"]
    handlers = calls._cc_moment_handlers()
    if handlers:
        events = [
            Moment(card.moment(fact), fact["t"], fact, fact["call"], call) for call, fact in moments
        ]
        run_handlers(batch, calls, handlers, events)
