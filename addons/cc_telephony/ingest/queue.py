# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Facts about queues: only how each is now is kept."""

from ..utils.times import from_us, now


def apply_queues(batch, facts):
    """Write the last of `facts` (`queue.changed`, in order) of each queue.

    A PBX may have queues of its own, of which Odoo knows nothing: they are passed over.
    """
    last = {}
    for fact in facts:
        queue = batch.queue(fact["queue"]["queue"])
        if queue:
            last[queue.id] = fact
    if not last:
        return
    # sudo is the batch's: only the ingest writes here
    rows = batch.env["cc.queue.live"].search([("queue_id", "in", list(last))])
    known = {row.queue_id.id: row for row in rows}
    missing = []
    for queue_id, fact in last.items():
        vals = {"waiting": fact["queue"]["waiting"], "told_at": from_us(fact["t"]) or now()}
        row = known.get(queue_id)
        if row is None:
            missing.append({**vals, "queue_id": queue_id})
        elif row.told_at <= vals["told_at"]:
            row.write(vals)
    if missing:
        batch.env["cc.queue.live"].create(missing)
