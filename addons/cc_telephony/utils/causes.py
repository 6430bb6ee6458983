# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Causes of a call's end, as networks number them (ITU-T Q.850, table 1), in people's words."""

from odoo.tools import LazyTranslate

from .contract import causes

_lt = LazyTranslate(__name__)
Cause = causes.Cause

CAUSES = {
    Cause.UNALLOCATED_NUMBER: _lt("Number not in use"),
    Cause.NO_ROUTE_TRANSIT_NETWORK: _lt("No route to that network"),
    Cause.NO_ROUTE_DESTINATION: _lt("No route to the number"),
    Cause.NORMAL_CLEARING: _lt("Ended normally"),
    Cause.USER_BUSY: _lt("Number busy"),
    Cause.NO_USER_RESPONSE: _lt("The phone does not respond"),
    Cause.NO_ANSWER: _lt("No one answered"),
    Cause.SUBSCRIBER_ABSENT: _lt("Switched off or unreachable"),
    Cause.CALL_REJECTED: _lt("Rejected"),
    Cause.NUMBER_CHANGED: _lt("Number changed"),
    Cause.REDIRECTED: _lt("Redirected to another number"),
    Cause.ANSWERED_ELSEWHERE: _lt("Answered by another phone"),
    Cause.DESTINATION_OUT_OF_ORDER: _lt("The phone or its line is out of order"),
    Cause.INVALID_NUMBER_FORMAT: _lt("Number incomplete or invalid"),
    Cause.FACILITY_REJECTED: _lt("Service refused by the network"),
    Cause.NORMAL_UNSPECIFIED: _lt("Ended without a reason"),
    Cause.NO_CIRCUIT_AVAILABLE: _lt("No free line"),
    Cause.NETWORK_OUT_OF_ORDER: _lt("Network out of order"),
    Cause.TEMPORARY_FAILURE: _lt("Temporary network failure"),
    Cause.SWITCH_CONGESTION: _lt("Network overloaded"),
    Cause.REQUESTED_CHANNEL_UNAVAILABLE: _lt("The requested line is not available"),
    Cause.RESOURCE_UNAVAILABLE: _lt("Network short of resources"),
    Cause.FACILITY_NOT_SUBSCRIBED: _lt("Service not subscribed to"),
    Cause.BEARER_CAPABILITY_NOT_AUTHORIZED: _lt("Not allowed on this line"),
    Cause.BEARER_CAPABILITY_UNAVAILABLE: _lt("Service not available now"),
    Cause.SERVICE_UNAVAILABLE: _lt("Service not available"),
    Cause.BEARER_CAPABILITY_NOT_IMPLEMENTED: _lt("Audio format not supported"),
    Cause.SERVICE_NOT_IMPLEMENTED: _lt("Service not supported"),
    Cause.INCOMPATIBLE_DESTINATION: _lt("The other phone cannot take this type of call"),
    Cause.RECOVERY_ON_TIMER_EXPIRY: _lt("The network did not respond in time"),
    Cause.PROTOCOL_ERROR: _lt("Signalling error"),
    Cause.INTERWORKING: _lt("Ended by another network without a reason"),
}
