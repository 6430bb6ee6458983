# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def make_samples(case):
    """A lead that Ann made of a call."""
    lead = case.env["crm.lead"].create(
        {"name": "Chairs", "cc_call_id": case.call.id, "user_id": case.ann.user_id.id}
    )
    return {"crm.lead": lead}
