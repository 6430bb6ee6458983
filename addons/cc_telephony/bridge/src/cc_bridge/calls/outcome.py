# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How a ring ended: the words of Dial, Queue and Q.850 in ours."""

from __future__ import annotations

from cc_contract.causes import UNKNOWN, Cause

from .records import Attempt

_DIAL = {
    "ANSWER": "answered",
    "NOANSWER": "no_answer",
    "CANCEL": "cancelled",
    "ABORT": "cancelled",
    "GOTO": "cancelled",
    "BUSY": "busy",
    "CHANUNAVAIL": "failed",
    "CONGESTION": "failed",
    "UNAVAILABLE": "failed",
    "INVALIDARGS": "failed",
    "DONTCALL": "rejected",
    "TORTURE": "rejected",
}
_CAUSE: dict[int, str] = {
    Cause.USER_BUSY: "busy",
    Cause.CALL_REJECTED: "rejected",
    Cause.NO_USER_RESPONSE: "no_answer",
    Cause.NO_ANSWER: "no_answer",
    Cause.ANSWERED_ELSEWHERE: "cancelled",
}
_NOT_THERE = frozenset(
    {
        Cause.UNALLOCATED_NUMBER,
        Cause.NO_ROUTE_TRANSIT_NETWORK,
        Cause.NO_ROUTE_DESTINATION,
        Cause.SUBSCRIBER_ABSENT,
        Cause.NUMBER_CHANGED,
        Cause.DESTINATION_OUT_OF_ORDER,
        Cause.INVALID_NUMBER_FORMAT,
    }
)
_QUIET = frozenset({UNKNOWN, Cause.NORMAL_CLEARING, Cause.NORMAL_UNSPECIFIED, Cause.INTERWORKING})
#: A person's own no, or their phone's.
_NO = frozenset({Cause.USER_BUSY, Cause.CALL_REJECTED})


# A phone that is busy says so at once; after this (µs) somebody has heard it ring.
_HEARD = 700_000


def heard(made: Attempt, t: int | None) -> None:
    """Events of ringing may be filtered out: time tells as well."""
    if t is not None and made.ring_t is not None and t - made.ring_t > _HEARD:
        made.rang = True


def by_dial(status: str | None, made: Attempt) -> str | None:
    """The outcome that a DialStatus tells; None for one that tells nothing."""
    return _person(_DIAL.get((status or "").upper()), made)


def by_cause(cause: int | None, made: Attempt) -> str:
    """The outcome that the dialled channel's hang-up cause tells when nothing better did."""
    if cause is None or cause in _QUIET:
        return "cancelled"
    return _person(_CAUSE.get(cause, "failed"), made) or "failed"


def refined(cause: int | None, made: Attempt) -> str | None:
    """What a cause adds to a summing-up: a person's or a phone's own no, or that there is none."""
    if cause in _NOT_THERE and not made.rang:
        return "failed"
    return _person(_CAUSE[cause], made) if cause is not None and cause in _NO else None


def _person(outcome: str | None, made: Attempt) -> str | None:
    """*Busy* from a phone of ours that had been ringing is a person who pressed *reject*."""
    return "rejected" if outcome == "busy" and made.rang and not made.outside else outcome


def close_attempt(made: Attempt, outcome: str, t: int | None, *, provisional: bool = False) -> bool:
    """Close an attempt; the first word counts, a provisional one may be refined. Whether it changed."""
    if made.outcome is None:
        if made.hint and outcome in ("no_answer", "cancelled") and made.hint != "cancelled":
            outcome = made.hint
        made.outcome, made.end_t, made.provisional = outcome, t, provisional
        return True
    # somebody's own no stays one, whatever the machinery makes of the phone that went
    said_no = made.outcome in ("busy", "rejected") and outcome == "failed"
    if (
        made.provisional
        and outcome in ("busy", "rejected", "failed", "taken")
        and made.outcome != outcome
        and not said_no
    ):
        made.outcome, made.provisional = outcome, False
        return True
    return False
