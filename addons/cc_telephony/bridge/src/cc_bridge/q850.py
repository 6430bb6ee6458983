# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Why a call was cleared: the causes of ITU-T Q.850 that are read or given here, as Asterisk numbers them."""

from enum import IntEnum


class Cause(IntEnum):
    """Names as Q.850 has them."""

    UNALLOCATED_NUMBER = 1
    NO_ROUTE_TRANSIT_NETWORK = 2
    NO_ROUTE_DESTINATION = 3
    NORMAL_CLEARING = 16
    USER_BUSY = 17
    NO_USER_RESPONSE = 18
    NO_ANSWER = 19
    SUBSCRIBER_ABSENT = 20
    CALL_REJECTED = 21
    NUMBER_CHANGED = 22
    ANSWERED_ELSEWHERE = 26
    DESTINATION_OUT_OF_ORDER = 27
    INVALID_NUMBER_FORMAT = 28
    NORMAL_UNSPECIFIED = 31
    NO_CIRCUIT_AVAILABLE = 34
    NETWORK_OUT_OF_ORDER = 38
    TEMPORARY_FAILURE = 41
    SWITCH_CONGESTION = 42
    #: what Asterisk gives for a phone that has fallen silent (rtp_timeout)
    REQUESTED_CHANNEL_UNAVAILABLE = 44
    BEARER_CAPABILITY_UNAVAILABLE = 58
    INTERWORKING = 127


#: Asterisk's word for none at all.
UNKNOWN = 0
