# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one base of tests on the server: a small contact centre, and calls played through the ingest."""

import hashlib
import uuid
from datetime import UTC, datetime

from odoo.tests import TransactionCase, tagged

from .common import T0, FactsMixin, S

# Two frames' worth of a stereo MP3 (MPEG-1 layer III, 128 kbit/s, 44.1 kHz, joint stereo): enough for
# a store and a player's first request; the tests that play sound make their own.
MP3_STEREO = (bytes((0xFF, 0xFB, 0x90, 0x44)) + bytes(413)) * 4


def us(moment):
    """µs since 1970 of a naive UTC datetime; an int is µs already."""
    if isinstance(moment, datetime):
        return round(moment.replace(tzinfo=UTC).timestamp() * 1_000_000)
    return moment


class CentreMixin(FactsMixin):
    """`make_centre()` and what tests do with it; for classes that are no `TransactionCase`."""

    @classmethod
    def user_of(cls, agent):
        """The res.users of an agent."""
        return agent.user_id

    @classmethod
    def apply(cls, *facts):
        """Have facts applied as one request of the bridge; a list of them is taken too.

        :raise AssertionError: one was set aside
        """
        flat = [
            fact for item in facts for fact in ([item] if isinstance(item, dict) else list(item))
        ]
        _seq, rejected = cls.ingest(*flat)
        if rejected:
            errors = cls.env["cc.fact.rejected"].sudo().search([], limit=rejected).mapped("error")
            raise AssertionError(f"facts were set aside: {errors}")

    @classmethod
    def sign_in(cls, agent, state="ready", device="browser", extension=None, t=T0):
        """Sign an agent in, as the bar and then the bridge do.

        :return: id of the session
        """
        if device == "mobile":
            answer = cls.outside(agent, extension)
        else:
            answer = cls.env["cc.agent"].with_user(agent.user_id).sign_in(device, extension)
        cls.apply(cls.agent_fact(agent, state, t, session=answer["session"], device=device))
        return answer["session"]

    @classmethod
    def play_call(cls, **what):
        """Play a whole call through the ingest, moment by moment in one request.

        :param str direction: "inbound" (default), "outbound" or "internal"
        :param str number: the customer's; None: withheld
        :param str name: what the network says of the caller
        :param agent: the cc.agent who takes or makes the call (Ann); False: nobody
        :param queue: a cc.queue, None: none; by default Help where the call is inbound
        :param rings: agents at whom it rang before, in vain: cc.agents
        :param start: µs or naive UTC datetime
        :param wait_s: from the start to the agent's ring (3)
        :param ring_s: how long it rang (4)
        :param talk_s: from the answer to the end (53)
        :param until: state in which it stays: "queued", "ringing", "talking"; by default it ends
        :param colleague: the cc.agent called, where it is internal
        :param uid: identifier of the call
        :param more: further parts of the body (`rating`, `loss`, `cause`, `line`, `legs` …), as facts have them
        :return: the cc.call, as the class's own user
        """
        facts = cls.call_facts(**what)
        cls.apply(facts)
        return cls.call_of(facts).with_env(cls.env)

    @classmethod
    def call_facts(
        cls,
        direction="inbound",
        number="13800138000",
        name=None,
        agent=None,
        queue=...,
        rings=(),
        start=T0,
        wait_s=3,
        ring_s=4,
        talk_s=53,
        until="ended",
        colleague=None,
        uid=None,
        **more,
    ):
        """The facts of `play_call`."""
        agent = cls.ann if agent is None else agent
        start = us(start)
        if queue is ...:
            queue = cls.queue if direction == "inbound" else None
        code = queue.code if queue else None
        own = agent.number if agent else None
        frame = {
            "direction": direction,
            "queue": code,
            "started_t": start,
            "queued_t": start if code else None,
            "to": {"number": more.pop("dialled", "4008001000")},
        }
        first = {"role": "customer", "number": number}
        if direction == "inbound":
            frame["from"] = {"number": number, "name": name}
        else:
            first = {"role": "agent", "number": own}
            frame["from"] = {"number": own, "name": None}
            frame["to"] = {"number": colleague.number if colleague else number}
        frame.update(more)
        t = start + int(wait_s * S)
        legs = [cls.leg(1, first["role"], first["number"], start)]
        attempts, steps = [], []
        # a call without a queue is in the menu, or being set up, until it rings
        waiting = "queued" if code else "ringing" if direction != "inbound" else "ivr"
        steps.append(("queued" if code else "started", start, waiting))
        snapshots = [{"legs": list(legs), "attempts": []}]

        def step(moment, at, state, **values):
            steps.append((moment, at, state))
            snapshots.append({"legs": list(legs), "attempts": list(attempts), **values})

        def ring(target, in_vain):
            nonlocal t
            begun = cls.attempt(len(attempts) + 1, target, t)
            begun["queue"] = code
            attempts.append(begun)
            step("ringing", t, "ringing")
            t += int(ring_s * S)
            outcome = "no_answer" if in_vain else "answered"
            attempts[-1] = {**begun, "end_t": t, "outcome": outcome}

        def finish():
            ended = [{**leg, "left_t": leg["left_t"] or t} for leg in legs]
            values = {"ended_t": t, "ended_by": "customer", "cause": 16}
            step("ended", t, "ended", **{**answered, **values, "legs": ended, **more})

        answered = {}
        for other in rings:
            ring(other.number, True)
        if until != "queued":
            target = own if direction == "inbound" else frame["to"]["number"]
            talks = bool(agent) and talk_s is not None
            if target and agent:
                ring(target, not talks)
            if until == "ringing" and attempts:
                # it rings still
                attempts[-1] = {**attempts[-1], "end_t": None, "outcome": None}
            elif talks:
                role = {"inbound": "agent", "outbound": "customer", "internal": "agent"}[direction]
                legs.append(cls.leg(2, role, target, t))
                answered = {"answered_t": t}
                step("answered", t, "talking", **answered)
                t += int(talk_s * S)
            if until == "ended":
                finish()
        uid = uid or str(uuid.uuid4())
        return [
            cls.fact(
                f"call.{moment}",
                at,
                call=cls.call_body(uid, rev, state, **{**frame, **snapshot}),
            )
            for rev, ((moment, at, state), snapshot) in enumerate(
                zip(steps, snapshots, strict=True), 1
            )
        ]

    @classmethod
    def record(cls, call, part=1, data=MP3_STEREO, seconds=2.0):
        """Store a recording of a call, as the bridge's upload does.

        :return: the cc.recording
        """
        recordings = cls.env["cc.recording"].sudo()
        digest = hashlib.sha256(data).hexdigest()
        return recordings._store(call.sudo(), part, digest, int(seconds * 1000), "mp3", data)

    @classmethod
    def number_of(cls, text, country="CN"):
        """The cc.phone.number of what is written."""
        return cls.env["cc.phone.number"].sudo()._ingest([(text, country)])[text, country]


@tagged("post_install", "-at_install")
class CentreCase(CentreMixin, TransactionCase):
    """A small contact centre in a transaction.

    Departments Service (Ann 8101, Ben 8102, led by Lea) and Sales (Cai 8103, led by Lin); Max is the
    manager (all six are cc.agent, and `user_of` gives their users), Ada (a res.users) the administrator;
    the queue Help of Ann and Ben; the PBX `pbx`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_centre()


class RecordingMixin(CentreMixin):
    """A centre with a customer (Li Wei, of the owner), a call of theirs that Ann served, and its sound."""

    @classmethod
    def set_up_recordings(cls):
        cls.make_centre()
        cls.owner = cls.make_user("owner", "cc_telephony.group_agent")
        cls.clerk = cls.make_user("clerk", "base.group_user")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Li Wei", "phone": "139 0000 1111", "user_id": cls.owner.id}
        )
        cls.call = cls.call_with(cls.partner)
        cls.data = MP3_STEREO
        cls.sha256 = hashlib.sha256(cls.data).hexdigest()

    @classmethod
    def call_with(cls, partner, agent=None, **what):
        """A call with a customer, as `play_call` plays it."""
        number = partner.sudo().phone_link_ids.number_id[:1].key
        return cls.play_call(agent=agent, number=number, **what)
