# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
def make_samples(case):
    return {
        "cc.long.hold": case.env["cc.long.hold"].create(
            {
                "call_id": case.call.id,
                "agent_id": case.ann.id,
                "held_at": "2026-03-02 09:00:00",
                "seconds": 50,
            }
        )
    }
