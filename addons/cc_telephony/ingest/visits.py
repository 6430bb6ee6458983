# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which queues a call waited in, from which time to which, and how each stay ended.

A fact names the last queue and the first entry, and where there were several also each entry that the PBX
told of; the rest is worked out from rings and transfers, and as the fact carries the whole call so far, it is
worked out anew each time.
"""

from ..utils.times import from_us, seconds

#: A transfer within this time of the first entry is that entry, µs.
NEAR_US = 2_000_000


def visits_of(body, is_queue):
    """The stays in queues of one call, in order.

    :param dict body: a call as its fact tells it
    :param is_queue: function: whether the PBX's word for a target is a queue
    :return: dicts with `queue` (its name on the PBX), `entered_t`, `left_t` (µs, None while it
        waits), `outcome` (None while it waits, see `cc.call.visit`) and `target` (who answered)
    """
    if body["queued_t"] is None or body["loss"] == "out_of_hours":
        return []
    story = _Story(body)
    for t, _order, queue, how, ring in _events(body, is_queue):
        if ring is None:
            story.enter(t, queue, how)
        else:
            story.ring(ring)
    story.end()
    return story.visits


def _events(body, is_queue):
    """Entries and rings, in order of time, as `(t, order, queue, how the stay before ended, ring)`."""
    rings = [
        attempt
        for attempt in body["attempts"]
        if attempt["queue"] and attempt["ring_t"] is not None and not _aside(body, attempt)
    ]
    rings.sort(key=lambda ring: (ring["ring_t"], ring["n"]))
    moves = [
        (transfer["t"], 0, transfer["to"], "handed_over", None)
        for transfer in body["transfers"]
        if transfer["how"] == "blind" and transfer["t"] is not None and is_queue(transfer["to"])
    ]
    moves.sort(key=lambda move: move[0])
    if entries := body.get("entries"):
        moves = _entered(entries, moves)
        return _sorted(moves, rings)
    first_t = body["queued_t"]
    if not moves or moves[0][0] > first_t + NEAR_US:
        before = moves[0][0] if moves else None
        early = next(
            (ring["queue"] for ring in rings if before is None or ring["ring_t"] < before), None
        )
        # without a ring only the last queue is known
        if queue := early or (None if moves else body["queue"]):
            moves.insert(0, (first_t, 0, queue, "handed_over", None))
    else:
        moves[0] = (first_t, *moves[0][1:])
    return _sorted(moves, rings)


def _sorted(moves, rings):
    return sorted(
        [*moves, *((ring["ring_t"], 1, ring["queue"], None, ring) for ring in rings)],
        key=lambda event: event[:2],
    )


def _entered(entries, moves):
    """The PBX's own word of each entry, and transfers to queues of which it told none."""
    found, rest = [], list(moves)
    for entry in entries:
        t, queue = entry["from_t"], entry["queue"]
        by_hand = next((move for move in rest if move[2] == queue and move[0] <= t + NEAR_US), None)
        if by_hand:
            rest.remove(by_hand)
        found.append((t, 0, queue, "handed_over" if by_hand else "overflow", None))
    return [*found, *rest]


def _aside(body, attempt):
    """Whether a queue's agent was asked for advice while the customer heard music elsewhere."""
    return any(
        hold["from_t"] is not None
        and hold["from_t"] <= attempt["ring_t"]
        and (hold["to_t"] is None or attempt["ring_t"] < hold["to_t"])
        for hold in body["holds"]
    )


class _Story:
    """The visits so far; the last one may still be open."""

    def __init__(self, body):
        self.body = body
        self.visits = []

    def enter(self, t, queue, how):
        self._close(self._left(t), how)
        self.visits.append(
            {"queue": queue, "entered_t": t, "left_t": None, "outcome": None, "target": None}
        )

    def _left(self, t):
        """When the last stay was over, at the latest at `t`: a menu between two queues is no wait."""
        if not self.visits:
            return t
        stay = (self.visits[-1]["queue"], self.visits[-1]["entered_t"])
        for entry in self.body.get("entries") or ():
            if entry["to_t"] and (entry["queue"], entry["from_t"]) == stay:
                return min(t, entry["to_t"])
        return t

    def ring(self, ring):
        last = self.visits[-1] if self.visits else None
        over = last and last["left_t"] is not None and last["left_t"] <= ring["ring_t"]
        if not last or over or last["queue"] != ring["queue"]:
            # the PBX led the customer on, or back, by itself
            self.enter(ring["ring_t"], ring["queue"], "overflow")
        if ring["outcome"] in ("answered", "taken"):
            self._close(ring["end_t"] or ring["ring_t"], "answered", ring["target"])

    def end(self):
        """Close what is open as the call says it ended."""
        body = self.body
        if body["ended_t"] is None:
            answered = body["answered_t"]
            if answered is not None and self.visits and self.visits[-1]["entered_t"] <= answered:
                self._close(answered, "answered")
            return
        if body["loss"] == "overflow":
            how = "overflow"
        elif body["ended_by"] == "customer" or (
            body["loss"] == "queue" and body["ended_by"] != "system"
        ):
            how = "abandoned"
        else:
            how = "ended"
        self._close(body["ended_t"], how)

    def _close(self, t, how, target=None):
        last = self.visits[-1] if self.visits else None
        if not last or last["left_t"] is not None:
            return
        answered = self.body["answered_t"]
        if how != "answered" and answered is not None and last["entered_t"] <= answered <= t:
            # picked up by somebody whom the queue did not ring
            t, how = answered, "answered"
        last.update(left_t=max(t, last["entered_t"]), outcome=how, target=target)


def visit_items(batch, body):
    """The visits in queues that Odoo knows, numbered, as the ingest writes parts of a call."""
    found = visits_of(body, lambda token: not batch.agent(token) and bool(batch.queue(token)))
    known = [visit for visit in found if batch.queue(visit["queue"])]
    return [{**visit, "n": n} for n, visit in enumerate(known, 1)]


def visit_born(batch, item):
    """What a visit keeps from its begin on, whatever becomes of the queue later."""
    queue = batch.queue(item["queue"])
    return {
        "department_id": queue.department_id,
        "service_level_s": queue.service_level_s,
        "short_s": queue.short_s,
    }


def visit_vals(batch, item):
    """Values of a `cc.call.visit`."""
    queue = batch.queue(item["queue"])
    agent = batch.agent(item["target"])
    return {
        "queue_id": queue.id,
        "agent_id": agent.id if agent else False,
        "entered_at": from_us(item["entered_t"]),
        "left_at": from_us(item["left_t"]),
        "wait_s": seconds(item["entered_t"], item["left_t"]),
        "outcome": item["outcome"],
    }
