# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A stranger's office: phones named after people, plain Dial and Queue, Local members, phone keys.

alice, bob and carol have the extensions 101, 102, 103; ``voipms`` is the trunk; 0… leads outside.
"""

from typing import Any

from .words import Handed, Leg, Ring, inbound

NUM = "+33144556677"
MOB = "07700900111"
CUST = Leg("customer", NUM)
A, B, C = (Leg("agent", n) for n in ("101", "102", "103"))
FAR = Leg("outside", MOB)
GOT = {n: Ring(None, n, "answered") for n in ("101", "102", "103", MOB)}
# the customer is left alone with a machine, or nobody came
LOST: dict[str, Any] = {"answered": False, "legs": [CUST], "loss": "agent_no_answer"}


def shop(did: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """A call from outside to one of the numbers."""
    base: dict[str, Any] = {
        "from": NUM,
        "to": f"44207183{did}",
        "line": "voipms",
        "queue": None,
        "legs": [CUST, *others],
        "attempts": [],
        "ended_by": "customer",
    }
    return inbound(**{**base, **more})


def inside(frm: str | None, to: str | None, *legs: Leg, **more: Any) -> dict[str, Any]:
    """A call that a phone, or an Originate, began."""
    base: dict[str, Any] = {
        "direction": "internal",
        "from": frm,
        "to": to,
        "line": None,
        "legs": list(legs),
        "ended_by": "agent",
    }
    return shop("", **{**base, **more})


def out(frm: str | None, *legs: Leg, **more: Any) -> dict[str, Any]:
    """A call to the mobile outside."""
    base: dict[str, Any] = {"direction": "outbound", "line": "voipms", "attempts": [GOT[MOB]]}
    return inside(frm, MOB, *legs, **{**base, **more})


def queued(did: str, queue: str, *others: Leg, **more: Any) -> dict[str, Any]:
    """A call to a queue."""
    return shop(did, *others, **{"queue": queue, **more})


def strategy(did: str, queue: str) -> list[dict[str, Any]]:
    """alice does not answer, bob does and ends the call."""
    rings = [Ring(queue, "101", "no_answer"), Ring(queue, "102", "answered")]
    return [queued(did, queue, B, attempts=rings, ended_by="agent")]


PHONE = Leg("customer", MOB)

EXPECTED: dict[str, list[dict[str, Any]]] = {
    "shop_ring_two": [shop("8700", B, attempts=[Ring(None, "101", "cancelled"), GOT["102"]])],
    "shop_direct_connect_sub": [shop("8701", A, attempts=[GOT["101"]])],
    "shop_noanswer_voicemail": [shop("8701", attempts=[Ring(None, "101", "no_answer")], **LOST)],
    "shop_busy_voicemail": [shop("8701", attempts=[Ring(None, "101", "busy")], **LOST)],
    "shop_read_menu_to_phone": [
        shop("8702", A, attempts=[GOT["101"]], keys=[(None, "1")], ended_by="agent")
    ],
    "shop_read_menu_nothing": [shop("8702", **{**LOST, "loss": "ivr", "ended_by": "system"})],
    # both ways by Locals that are optimised away: the mobile answers, its number is all we know
    "shop_follow_me_mobile_wins": [
        shop("8703", FAR, attempts=[Ring(None, "101", "cancelled"), GOT[MOB]])
    ],
    "shop_mobile_local_n": [shop("8704", FAR, attempts=[GOT[MOB]], ended_by="agent")],
    "shop_forwarded_to_mobile": [shop("8705", FAR, attempts=[GOT[MOB]])],
    # a customer alone in a conference; alice alone in another one
    "shop_conference_of_customers": [
        shop("8706", **{**LOST, "loss": "ivr"}),
        inside("101", "8000", A, answered=False),
    ],
    "shop_one_after_the_other": [
        shop("8707", B, attempts=[Ring(None, "101", "no_answer"), GOT["102"]], ended_by="agent")
    ],
    "shop_announcement_only": [shop("8708", **{**LOST, "loss": "ivr", "ended_by": "system"})],
    "shop_congestion": [shop("8709", **{**LOST, "loss": "ivr", "ended_by": "system"})],
    "shop_caller_gives_up_ringing": [
        shop("8700", attempts=[Ring(None, n, "cancelled") for n in ("101", "102")], **LOST)
    ],
    "shop_both_reject": [
        shop(
            "8700",
            attempts=[Ring(None, n, "rejected") for n in ("101", "102")],
            **LOST,
            ended_by="system",
        )
    ],
    "shop_ringall": [
        queued(
            "8710",
            "sales",
            B,
            attempts=[Ring("sales", "101", "cancelled"), Ring("sales", "102", "answered")],
        )
    ],
    "shop_linear": strategy("8711", "linear"),
    "shop_leastrecent": strategy("8712", "leastrecent"),
    "shop_fewestcalls": strategy("8713", "fewestcalls"),
    "shop_random": strategy("8714", "random"),
    "shop_wrandom": strategy("8715", "wrandom"),
    "shop_rrordered": strategy("8716", "rrordered"),
    # two rings in vain, the queue's time is over, the caller hangs up in the voicemail
    "shop_timeout_voicemail": [
        queued(
            "8710",
            "sales",
            **{**LOST, "loss": "overflow"},
            attempts=[Ring("sales", "101", "no_answer")] * 2,
        )
    ],
    # nobody is signed in: the queue lets nobody in
    "shop_join_empty": [
        queued("8717", "closed", **{**LOST, "loss": "overflow"}, ended_by="system")
    ],
    # alice, rung, goes on a break: the queue is empty
    "shop_leave_empty": [
        queued(
            "8718",
            "leaver",
            **{**LOST, "loss": "overflow"},
            attempts=[Ring("leaver", "101", "no_answer")],
            ended_by="system",
        )
    ],
    # one waits, a second finds the queue full
    "shop_full": [
        queued(
            "8719",
            "small",
            **{**LOST, "loss": "queue"},
            attempts=[Ring("small", "101", "cancelled")],
        ),
        {
            **queued("8719", "small", answered=False, loss="overflow", ended_by="system"),
            "from": "+33199999999",
            "legs": [Leg("customer", "+33199999999")],
        },
    ],
    # 0 in the queue leads to carol
    "shop_exit_by_key": [
        queued(
            "8720",
            "exit",
            C,
            attempts=[Ring("exit", "101", "cancelled"), GOT["103"]],
            keys=[(None, "0")],
            ended_by="agent",
        )
    ],
    "shop_two_queues": [
        queued(
            "8722",
            "linear",
            B,
            attempts=[Ring("sales", "101", "no_answer"), Ring("linear", "102", "answered")],
        )
    ],
    "shop_local_member_optimised": [
        queued(
            "8710",
            "sales",
            A,
            attempts=[Ring("sales", "101", "answered")],
            holds=["101"],
            ended_by="agent",
        )
    ],
    "shop_local_member_n": [
        queued("8710", "sales", A, attempts=[Ring("sales", "101", "answered")], holds=["101"])
    ],
    # a queue rings its agent at an outside mobile
    "shop_mobile_member_optimised": [
        queued("8721", "mobiles", Leg("agent", MOB), attempts=[Ring("mobiles", MOB, "answered")])
    ],
    "shop_mobile_member_n": [
        queued(
            "8721",
            "mobiles",
            Leg("agent", MOB),
            attempts=[Ring("mobiles", MOB, "answered")],
            ended_by="agent",
        )
    ],
    # the member is a number outside, without any Local; the line is a line afterwards too
    "shop_number_is_member": [
        queued(
            "8721",
            "mobiles",
            Leg("agent", MOB),
            attempts=[Ring("mobiles", MOB, "answered")],
            ended_by="agent",
        ),
        {
            **shop("8701", attempts=[GOT["101"]]),
            "from": "+33122222222",
            "legs": [Leg("customer", "+33122222222"), A],
        },
    ],
    # bob is rung first
    "shop_local_member_refuses": [
        queued(
            "8710",
            "sales",
            B,
            attempts=[Ring("sales", "102", "answered"), Ring("sales", "101", "rejected")],
        )
    ],
    "shop_abandon_while_two_ring": [
        queued(
            "8710",
            "sales",
            **{**LOST, "loss": "queue"},
            attempts=[Ring("sales", n, "cancelled") for n in ("101", "102")],
        )
    ],
    "shop_pickup_of_queue_call": [
        queued(
            "8710",
            "sales",
            B,
            attempts=[Ring("sales", "101", "taken")],
            transfers=[Handed("pickup", "102", "102", True)],
            ended_by="agent",
        )
    ],
    "shop_pickup_of_local_member": [
        queued(
            "8710",
            "sales",
            B,
            attempts=[Ring("sales", "101", "taken")],
            transfers=[Handed("pickup", "102", "102", True)],
        )
    ],
    "shop_refer_blind_to_mobile": [
        shop(
            "8701",
            A,
            FAR,
            attempts=[GOT["101"], GOT[MOB]],
            transfers=[Handed("blind", "101", MOB, True)],
        )
    ],
    "shop_refer_blind_noanswer": [
        shop(
            "8701",
            A,
            attempts=[GOT["101"], Ring(None, "102", "busy")],
            transfers=[Handed("blind", "101", "102", False)],
            ended_by="system",
        )
    ],
    # handed to the queue, where the customer loses patience
    "shop_refer_blind_to_queue_abandoned": [
        queued(
            "8701",
            "sales",
            A,
            attempts=[GOT["101"], Ring("sales", "102", "cancelled")],
            transfers=[Handed("blind", "101", "600", False)],
        )
    ],
    "shop_refer_attended": [
        shop(
            "8701",
            A,
            B,
            attempts=[GOT["101"], GOT["102"]],
            transfers=[Handed("attended", "101", "102", True)],
            holds=["101"],
            ended_by="agent",
        )
    ],
    # the customer leaves while alice asks bob: the end of the call, the two talk on
    "shop_consult_after_customer_left": [
        shop("8701", A, B, attempts=[GOT["101"], GOT["102"]], holds=["101"])
    ],
    "shop_transfer_back": [
        shop(
            "8701",
            A,
            B,
            A,
            attempts=[GOT["101"], GOT["102"], GOT["101"]],
            transfers=[Handed("blind", "101", "102", True), Handed("blind", "102", "101", True)],
            ended_by="agent",
        )
    ],
    "shop_atxfer_keys": [
        shop(
            "8701",
            A,
            B,
            attempts=[GOT["101"], GOT["102"]],
            transfers=[Handed("attended", "101", "102", True)],
            holds=["101"],
        )
    ],
    "shop_outbound_transferred": [
        out(
            "101",
            A,
            PHONE,
            B,
            attempts=[GOT[MOB], GOT["102"]],
            transfers=[Handed("blind", "101", "102", True)],
            ended_by="customer",
        )
    ],
    # alice called bob, bob hands her to the mobile: still the call that alice began inside
    "shop_internal_transferred_outside": [
        inside(
            "101",
            "102",
            A,
            B,
            FAR,
            attempts=[GOT["102"], GOT[MOB]],
            transfers=[Handed("blind", "102", MOB, True)],
        )
    ],
    # taken away by a leader while alice rings: nobody had served, nothing was handed over
    "shop_redirect_ringing": [
        shop("8701", B, attempts=[Ring(None, "101", "cancelled"), GOT["102"]])
    ],
    "shop_park_key": [
        shop(
            "8701",
            A,
            B,
            attempts=[GOT["101"]],
            transfers=[Handed("park", "101", "701", True)],
            holds=["101"],
        )
    ],
    "shop_park_timeout": [
        shop(
            "8701",
            A,
            A,
            attempts=[GOT["101"], GOT["101"]],
            transfers=[Handed("park", "101", "701", False)],
            holds=["101"],
            ended_by="agent",
        )
    ],
    # the phone's own transfer to the parking extension: parked, fetched by carol
    "shop_park_by_refer": [
        shop(
            "8701",
            A,
            C,
            attempts=[GOT["101"]],
            transfers=[Handed("park", "101", "701", True)],
            holds=["101"],
            ended_by="agent",
        )
    ],
    "shop_pickup_direct": [
        shop(
            "8701",
            C,
            attempts=[Ring(None, "101", "taken")],
            transfers=[Handed("pickup", "103", "103", True)],
        )
    ],
    # two phones ring, carol takes alice's ring
    "shop_pickup_of_ring_two": [
        shop(
            "8700",
            C,
            attempts=[Ring(None, "101", "taken"), Ring(None, "102", "cancelled")],
            transfers=[Handed("pickup", "103", "103", True)],
            ended_by="agent",
        )
    ],
    # both in a conference; bob dials in by himself: a party more, nothing handed over
    "shop_conference_redirect": [shop("8701", A, B, attempts=[GOT["101"]])],
    "shop_originate_agent_first": [out("101", A, PHONE, ended_by="customer")],
    "shop_originate_customer_first": [out(None, PHONE, A, attempts=[GOT[MOB], GOT["101"]])],
    "shop_originate_local": [out("101", A, PHONE, ended_by="customer")],
    "shop_originate_local_n": [out("101", A, PHONE)],
    "shop_originate_app_dial": [out("101", A, PHONE)],
    # alice's own phone refuses: the customer was never dialled, and no line taken
    "shop_originate_agent_refuses": [
        out("101", A, line=None, answered=False, attempts=[], ended_by="system")
    ],
    "shop_originate_customer_busy": [
        out("101", A, answered=False, attempts=[Ring(None, MOB, "busy")], ended_by="system")
    ],
    "shop_customer_first_busy": [
        out(None, answered=False, attempts=[Ring(None, MOB, "busy")], ended_by="system")
    ],
    "shop_internal": [inside("101", "102", A, B, attempts=[GOT["102"]])],
    "shop_outbound": [out("101", A, PHONE)],
    "shop_echo": [inside("101", "*61", A, answered=False)],
    "shop_internal_to_queue": [
        inside("101", "600", A, B, queue="sales", attempts=[Ring("sales", "102", "answered")])
    ],
    # carol dials a number that listens to alice
    "shop_spy_by_dialling": [
        shop("8701", A, Leg("supervisor", "103", "listen"), attempts=[GOT["101"]])
    ],
    "shop_forward_by_phone": [
        shop("8701", B, attempts=[Ring(None, "101", "cancelled"), GOT["102"]])
    ],
    "shop_forward_by_phone_outside": [
        shop("8701", FAR, attempts=[Ring(None, "101", "cancelled"), GOT[MOB]], ended_by="agent")
    ],
    # a second customer while the first is on hold: two calls
    "shop_two_at_once": [
        shop("8701", A, attempts=[GOT["101"]], holds=["101"], ended_by="agent"),
        {
            **shop("8701", attempts=[GOT["101"]], ended_by="agent"),
            "from": "+33111111111",
            "legs": [Leg("customer", "+33111111111"), A],
        },
    ],
}
