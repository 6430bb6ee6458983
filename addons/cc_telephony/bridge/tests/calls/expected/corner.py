# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The office of ``shop`` with the rest of the textbook: Page, FollowMe, RetryDial, ways to wait, limits, forwarding twice.

Each was written down before its call was made.
"""

from typing import Any

from .shop import GOT, MOB, NUM, A, B, C, inside, out, queued, shop
from .words import Handed, Leg, Ring

EXPECTED: dict[str, list[dict[str, Any]]] = {
    # music is what a caller hears instead of ringing: no hold
    "corner_music_while_two_ring": [
        shop("8801", A, attempts=[GOT["101"], Ring(None, "102", "cancelled")], holds=[])
    ],
    # an announcement without answering first
    "corner_early_media": [shop("8803", A, attempts=[GOT["101"]])],
    # alice hangs up; what the customer hears then changes nothing
    "corner_goes_on_after": [shop("8806", A, attempts=[GOT["101"]], ended_by="agent")],
    "corner_retry_dial": [
        shop("8807", A, attempts=[Ring(None, "101", "no_answer"), GOT["101"]]),
    ],
    # FollowMe: alice's time is over, bob takes it by pressing 1. Its rings end without a DialEnd
    "corner_follow_me_app": [
        shop("8808", B, attempts=[Ring(None, "101", "no_answer"), GOT["102"]], holds=[]),
    ],
    # alice must press 1 after picking up
    "corner_screened": [shop("8809", A, attempts=[GOT["101"]])],
    # Dial's G: both go on in the dialplan, into one room; nobody handed over
    "corner_both_into_a_room": [shop("8810", A, attempts=[GOT["101"]], transfers=[])],
    # alice fetches who waits in a BridgeWait: she was not rung
    "corner_waiting_bridge": [shop("8811", A, transfers=[])],
    # the dialplan parks: by nobody, and nobody holds
    "corner_parked_by_the_dialplan": [
        shop("8812", A, transfers=[Handed("park", None, "701", True)], holds=[])
    ],
    # two seconds allowed: nobody hung up
    "corner_time_limit": [shop("8814", A, attempts=[GOT["101"]], ended_by="system")],
    # one Local is one ring: of whom it leads to, who answers
    "corner_two_behind_a_local": [shop("8821", B, attempts=[GOT["102"]])],
    # Page rings by nobody's name; all are in one room
    "corner_paged_by_customer": [shop("8822", A, B, attempts=[GOT["101"], GOT["102"]])],
    "corner_page_inside": [
        inside("101", "199", A, B, C, attempts=[GOT["102"], GOT["103"]], transfers=[])
    ],
    # alice's phone sends on to bob's, bob's to carol's
    "corner_forwarded_twice": [
        shop(
            "8701",
            C,
            attempts=[
                Ring(None, "101", "cancelled"),
                Ring(None, "102", "cancelled"),
                GOT["103"],
            ],
        )
    ],
    # bob listens in and can be heard
    "corner_barge_by_dialling": [
        shop(
            "8813",
            A,
            Leg("supervisor", "102", "talk"),
            attempts=[GOT["101"]],
            ended_by="agent",
        )
    ],
    # the customer's phone puts alice on hold
    "corner_customer_holds": [
        shop("8813", A, attempts=[GOT["101"]], holds=[NUM], ended_by="agent")
    ],
    # a customer rings alice while she talks with bob, whom she leaves for him: two calls
    "corner_internal_then_customer": [
        inside("101", "102", A, B, attempts=[GOT["102"]]),
        shop("8813", A, attempts=[GOT["101"]]),
    ],
    # no time in the first round, alice in the second
    "corner_queue_twice": [
        queued(
            "8819",
            "sales",
            A,
            attempts=[Ring("sales", "101", "no_answer"), Ring("sales", "101", "answered")],
        )
    ],
    # the customer is called first and put into the queue
    "corner_originate_local_to_queue": [
        out(
            None,
            Leg("customer", MOB),
            A,
            queue="sales",
            attempts=[GOT[MOB], Ring("sales", "101", "answered")],
            ended_by="customer",
        )
    ],
}
