# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""For `odoo shell` of version 19.0.1.0.0: calls through its own ingest, notes and recordings.

Written against that version's code and never changed with ours: it is what people's databases hold.
"""

import hashlib
import uuid

from odoo.addons.cc_telephony.tests.common import T0, FactsMixin, S


class Fill(FactsMixin):
    pass


Fill.env = env  # noqa: F821 - the shell's
Fill.make_centre()
env = Fill.env
fill = Fill()
number = env["cc.phone.number"]._ingest([("13800138000", "CN")])["13800138000", "CN"]
customer = env["res.partner"].create({"name": "Sun Juan", "phone": "+8613800138000"})
for agent, start in ((fill.ann, 0), (fill.ben, 5)):
    for state, at in (
        ("busy", 0),
        ("ready", 20),
        ("break", 4000),
        ("ready", 4600),
        ("offline", 9000),
    ):
        fill.ingest(fill.agent_fact(agent, state, T0 + (start + at) * S))
stories = []
for n in range(30):
    facts = fill.life(target=("8101", "8102")[n % 2])
    for fact in facts:
        # a call every five minutes
        shift = n * 300 * S
        body = fact["call"]
        fact["t"] += shift
        for part in (body, *body["legs"], *body["attempts"], *body["holds"]):
            for key, value in part.items():
                if key.endswith("_t") and value is not None:
                    part[key] = value + shift
    fill.ingest(*facts)
    stories.append(facts[-1])
for n in range(6):
    end = T0 + (100 + n * 400) * S
    start = end - (4 + n * 6) * S
    legs = [fill.leg(1, "customer", f"1391234567{n}", start, end)]
    body = fill.call_body(
        str(uuid.uuid4()),
        1,
        "ended",
        **{
            "from": {"number": f"1391234567{n}", "name": None},
            "started_t": start,
            "queued_t": start,
            "ended_t": end,
            "ended_by": "customer",
            "loss": "queue",
            "legs": legs,
        },
    )
    fill.ingest(fill.fact("call.ended", end, call=body))
# handed over to another queue
sales = env["cc.queue"].create(
    {"name": "Sales", "code": "vsales", "pbx_id": fill.pbx.id, "department_id": fill.sales.id}
)
whole = stories[0]["call"]
moved = {
    **whole,
    "call_uid": str(uuid.uuid4()),
    "transfers": [
        {
            "t": whole["ended_t"] - 20 * S,
            "how": "blind",
            "by": "8101",
            "to": "vsales",
            "completed": False,
        }
    ],
    "queue": "vsales",
}
fill.ingest(fill.fact("call.ended", whole["ended_t"], call=moved))
purpose = env.ref("cc_telephony.call_purpose_question")
for n, fact in enumerate(stories[:10]):
    call = fill.call_of([fact])
    call.with_user(fill.ann.user_id if n % 2 == 0 else fill.ben.user_id)._cc_write_note(
        {"purpose_id": purpose.id, "note": f"Asked for order {n}", "partner_id": customer.id}
    )
    data = b"\xff\xfb\x90\x44" * (100 + n)
    env["cc.recording"].sudo()._store(call, 1, hashlib.sha256(data).hexdigest(), 53000, "mp3", data)
# a rule that somebody bent: the upgrade puts ours back and leaves theirs
env.ref("cc_telephony.cc_call_rule_leader").domain_force = "[(1, '=', 1)]"
env["ir.rule"].create(
    {
        "name": "A rule of the house",
        "model_id": env.ref("cc_telephony.model_cc_call").id,
        "domain_force": "[('company_id', 'in', company_ids)]",
    }
)
env.cr.commit()
print("FILLED")
