# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Facts about phones: only whether each is there now is kept."""

from ..utils.times import from_us, now


def apply_phones(batch, facts):
    """Write the last of `facts` (`phone.changed`, in order) of each phone.

    A PBX may have phones of its own, of which Odoo knows nothing: they are passed over.
    """
    last = {fact["phone"]["extension"]: fact for fact in facts}
    phones = batch.env["cc.extension"].search(
        [("pbx_id", "=", batch.pbx.id), ("code", "in", list(last))]
    )
    rows = batch.env["cc.extension.live"].search([("extension_id", "in", phones.ids)])
    known = {row.extension_id: row for row in rows}
    missing = []
    for phone in phones:
        fact = last[phone.code]
        vals = {"there": fact["phone"]["there"], "told_at": from_us(fact["t"]) or now()}
        if phone in known:
            known[phone].write(vals)
        else:
            missing.append({**vals, "extension_id": phone.id})
    batch.env["cc.extension.live"].create(missing)
