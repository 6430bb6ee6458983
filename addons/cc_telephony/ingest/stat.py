# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which figures a batch of facts makes stale: rows of `cc.stat.dirty`, written beside the facts' own rows.

A key is an agent or a queue with a span of time. Nothing is counted here: that is done later, from the
rows (`cc.stat.dirty._recompute`).
"""

from ..utils.times import from_us, now_us, to_us

BUCKET_US = 900_000_000


class Marks:
    """Spans by agent and queue, whole buckets, those that touch made one.

    :ivar spans: `("agent" | "queue", id)` → list of `[first bucket, last bucket]` as numbers
    """

    def __init__(self):
        self.spans = {}

    def add(self, kind, key, begin, end):
        """:param begin: µs; :param end: µs, inclusive"""
        if not key or begin is None:
            return
        end = max(begin, end if end is not None else begin)
        first, last = begin // BUCKET_US, end // BUCKET_US
        spans = self.spans.setdefault((kind, key), [])
        for span in spans:
            if first <= span[1] + 1 and span[0] <= last + 1:
                span[0], span[1] = min(span[0], first), max(span[1], last)
                return
        spans.append([first, last])

    def insert(self, env):
        """Insert the keys, in one statement."""
        if not self.spans:
            return
        rows = [
            (
                key if kind == "agent" else None,
                key if kind == "queue" else None,
                from_us(first * BUCKET_US),
                from_us(last * BUCKET_US),
            )
            for (kind, key), spans in self.spans.items()
            for first, last in spans
        ]
        self.spans = {}
        env["cc.stat.dirty"]._insert(rows)


def mark_calls(batch, bodies):
    """Mark whom calls concern before or after they are written: call before and after writing.

    :param bodies: call_uid → the call as the fact tells it
    """
    by_call = {}
    for rows in batch.parts.values():
        for (call_id, _n), row in rows.items():
            by_call.setdefault(call_id, []).append(row)
    for uid, body in bodies.items():
        call = batch.calls.get(uid)
        agents, queues, times = _named(batch, body)
        if call:
            agents.add(call.agent_id.id)
            queues.add(call.queue_id.id)
            times += [to_us(call.started_at), to_us(call.ended_at)]
            for row in by_call.get(call.id, ()):
                if "agent_id" in row._fields:
                    agents.add(row.agent_id.id)
                if "queue_id" in row._fields:
                    queues.add(row.queue_id.id)
        times = [t for t in times if t is not None]
        if not times:
            continue
        begin, end = min(times), max(times)
        for agent in agents:
            batch.marks.add("agent", agent, begin, end)
        for queue in queues:
            batch.marks.add("queue", queue, begin, end)


def _named(batch, body):
    """Ids of agents and queues in the fact's call, and all of its times."""
    legs, attempts = body["legs"], body["attempts"]
    agents = {leg["number"] for leg in legs if leg["role"] == "agent"}
    agents |= {attempt["target"] for attempt in attempts}
    agents |= {item["by"] for item in body["holds"] + body["transfers"]}
    queues = {attempt["queue"] for attempt in attempts} | {body["queue"]}
    queues |= {transfer["to"] for transfer in body["transfers"]}
    entries = body.get("entries") or ()
    queues |= {entry["queue"] for entry in entries}
    times = [body["started_t"], body["queued_t"], body["answered_t"], body["ended_t"]]
    times += [leg[name] for leg in legs for name in ("joined_t", "left_t")]
    times += [attempt[name] for attempt in attempts for name in ("ring_t", "end_t")]
    times += [hold[name] for hold in body["holds"] for name in ("from_t", "to_t")]
    times += [transfer["t"] for transfer in body["transfers"]]
    times += [entry[name] for entry in entries for name in ("from_t", "to_t")]
    return (
        {info.id for info in map(batch.agent, agents - {None}) if info},
        {info.id for info in map(batch.queue, queues - {None}) if info},
        times,
    )


def mark_agent(batch, agent_id, begin, end, goes_on):
    """Mark an agent's time between two naive UTC datetimes, and until now for what goes on."""
    last = to_us(end)
    batch.marks.add("agent", agent_id, to_us(begin), max(last, now_us()) if goes_on else last)
