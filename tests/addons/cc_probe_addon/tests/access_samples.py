# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def make_samples(case):
    """A ping of the call, and a contact."""
    return {
        "cc.probe.ping": case.env["cc.probe.ping"].create(
            {"kind": "fact", "call_id": case.call.id}
        ),
        "cc.probe.contact": case.env["cc.probe.contact"].create({"name": "Wu"}),
    }
