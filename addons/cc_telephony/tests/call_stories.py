# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid

from .common import T0, FactsMixin, S

CUSTOMER = "13800138000"
ASIDE = "13912345678"


class CallStories(FactsMixin):
    """Moments of a queue call that Ann serves since second 7, for tests of cards and controls."""

    def setUp(self):
        super().setUp()
        self.call_uid = str(uuid.uuid4())
        self.rev = 0

    def tell(self, moment, **body):
        """Give Odoo the call as it is now.

        :return: the fact
        """
        self.rev += 1
        state = "held" if any(not hold["to_t"] for hold in body.get("holds", ())) else "talking"
        call = self.call_body(self.call_uid, self.rev, body.pop("state", state), **body)
        fact = self.fact(f"call.{moment}", T0 + 30 * S, call=call)
        self.assertEqual(self.ingest(fact)[1], 0)
        return fact

    def talking(self, **more):
        """Body of the call in talk; more legs and attempts come after Ann's own."""
        legs = [
            self.leg(1, "customer", CUSTOMER, T0),
            self.leg(2, "agent", "8101", T0 + 7 * S),
            *more.pop("legs", []),
        ]
        attempts = [
            self.attempt(1, "8101", T0 + 3 * S, T0 + 7 * S, "answered"),
            *more.pop("attempts", []),
        ]
        return {"legs": legs, "attempts": attempts, "answered_t": T0 + 7 * S, **more}

    def ringing(self, *targets):
        """Body of the call as it rings at agents."""
        return {
            "legs": [self.leg(1, "customer", CUSTOMER, T0)],
            "attempts": [self.attempt(n, who, T0 + 3 * S) for n, who in enumerate(targets, 1)],
            "state": "ringing",
        }

    def ring(self, target, end=None, outcome=None):
        """The ring at a third party in second 12."""
        return {**self.attempt(2, target, T0 + 12 * S, end, outcome), "queue": None}

    def hold(self, start=10, end=None, by="8101"):
        end = T0 + end * S if end else None
        return {"from_t": T0 + start * S, "to_t": end, "by": by}

    def third(self, number="8102", role="agent"):
        """Parts of a body: a third party who answered in second 15."""
        return {
            "legs": [self.leg(3, role, number, T0 + 15 * S)],
            "attempts": [self.ring(number, T0 + 15 * S, "answered")],
        }

    def together(self, to="8102", t=20):
        """The transfer that makes a consult a conference."""
        return {"t": T0 + t * S, "how": "conference", "by": "8101", "to": to, "completed": True}

    def listener(self, mode="listen"):
        """Lea as a supervisor."""
        return {**self.leg(3, "supervisor", "8111", T0 + 15 * S), "mode": mode}

    def stories(self):
        """Bodies of every situation, by name."""
        held, resumed = [self.hold()], [self.hold(10, 20)]
        return {
            "ringing": self.ringing("8101"),
            "talking": self.talking(),
            "held": self.talking(holds=held),
            "consult ringing": self.talking(holds=held, attempts=[self.ring("8102")]),
            "consult talking": self.talking(holds=held, **self.third()),
            "consult waiting": self.talking(holds=resumed, **self.third()),
            "inviting": self.talking(attempts=[self.ring("8102")]),
            "conference": self.talking(holds=resumed, transfers=[self.together()], **self.third()),
            "listened to": self.talking(legs=[self.listener()]),
            "joined": self.talking(legs=[self.listener("talk")]),
        }
