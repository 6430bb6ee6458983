# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The form of the dialling plug-in's facts."""

import re

from odoo.addons.cc_telephony.ingest.errors import FactError

from .outcomes import OUTCOMES

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIMES = ("dialled_t", "ring_t", "answered_t", "ended_t", "agent_t", "message_t")
MOST_US = 4102444800 * 1_000_000  # 2100


def _need(good, what):
    if not good:
        raise FactError(f"{what} has a wrong value")


def _is_int(value, most=2**31):
    return type(value) is int and 0 <= value < most


def _is_text(value, most=256):
    return value is None or (isinstance(value, str) and len(value) <= most and "\0" not in value)


def check_attempt(body):
    """:raise FactError: no try as the dialler protocol has it"""
    check_lease_id(body.get("lease"))
    _need(_is_int(body.get("rev")) and body["rev"] > 0, "rev")
    _need(body.get("state") in ("dialled", "answered", "ended"), "state")
    for name in TIMES:
        value = body.get(name)
        _need(value is None or _is_int(value, MOST_US), name)
    outcome = body.get("outcome")
    _need(outcome is None or outcome in OUTCOMES, "outcome")
    _need(body["state"] != "ended" or outcome, "outcome")
    for name in ("line", "caller_id", "agent", "call_uid", "channel", "announcement"):
        _need(_is_text(body.get(name)), name)
    cause = body.get("cause")
    _need(cause is None or _is_int(cause, 256), "cause")
    waited = body.get("waited_ms")
    _need(waited is None or _is_int(waited), "waited_ms")
    _need(body.get("hung_up_by") in (None, "customer", "us"), "hung_up_by")
    amd = body.get("amd")
    _need(amd is None or isinstance(amd, dict), "amd")
    for name in ("status", "cause"):
        _need(not amd or _is_text(amd.get(name)), f"amd.{name}")


def check_lease_id(value):
    """:raise FactError: no name of a lease"""
    _need(isinstance(value, str) and UUID.fullmatch(value), "lease")


def check_lease(body):
    """:raise FactError: no lease given back"""
    check_lease_id(body.get("lease"))
    _need(isinstance(body.get("reason"), str), "reason")


def check_state(body):
    """:raise FactError: no state of a campaign's dialling"""
    _need(_is_int(body.get("campaign")), "campaign")
    _need(_is_text(body.get("state")) and _is_text(body.get("why")), "state")
    _need(len(str(body)) < 4000, "state")


def check_alarm(body):
    """:raise FactError: no alarm"""
    _need(isinstance(body.get("kind"), str), "kind")
    _need(body.get("campaign") is None or _is_int(body["campaign"]), "campaign")
    _need(_is_text(body.get("line")) and _is_text(body.get("text"), 1000), "text")
