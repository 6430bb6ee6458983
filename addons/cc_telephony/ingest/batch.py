# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One batch of facts and everything it has to look up, each sort in one query at most."""

from ..utils.times import now_us
from .stat import Marks

#: Moments that move nobody into a queue or out of one.
QUIET = {"call.held", "call.resumed", "call.dtmf", "call.rated"}
# what few calls have: looked for only where the call or the fact says that there is some
RARE_PARTS = (
    ("cc.call.hold", "holds", "hold_count"),
    ("cc.call.transfer", "transfers", "transfer_tries"),
    ("cc.call.key", "ivr", "keys"),
)


class Batch:
    """Look-ups of the facts being applied, and the messages to send when all went well.

    :ivar calls: call_uid → cc.call, for calls known before or made in this batch
    :ivar parts: model → `{(call id, number): row}`, attempts and legs known before the batch
    :ivar outbox: `(partner id, message type, payload)`, in order; sent by `send` only: what is rolled
        back must not be announced
    :ivar after_send: further things to do only when all went well, in order, in the same transaction
    :ivar committed: what is done when the transaction is committed, in order
    :ivar moved: call_uids of calls that these facts may have moved into a queue or out of one
    :ivar marks: figures that these facts make stale
    :ivar cursor_vals: what the batch tells about the PBX itself, for its cursor row
    """

    def __init__(self, env, pbx, facts):
        self.env = env
        self.pbx = pbx
        self.country, self._agents, self._extensions, self._queues = pbx._lookup()
        # a company's country is written by others, so it is read each time
        self.country = self.country or pbx._country_code()
        self.outbox = []
        self.after_send = []
        self.committed = []
        self.cursor_vals = {}
        self.marks = Marks()
        bodies = [fact["call"] for fact in facts if fact["kind"].startswith("call.")]
        states = [fact["agent"] for fact in facts if fact["kind"] == "agent.state"]
        self.moved = {
            fact["call"]["call_uid"]
            for fact in facts
            if fact["kind"].startswith("call.") and fact["kind"] not in QUIET
        }
        self._load_calls(bodies, states)
        self._load_phones(bodies)
        self._load_numbers(bodies)

    def _load_calls(self, bodies, states):
        """Calls named by the facts; of those that the facts may change also their parts.

        Whole rows: each column is compared with the fact.
        """
        self.calls = {}
        self.parts = {"cc.call.attempt": {}, "cc.call.leg": {}}
        self.parts.update({model: {} for model, _part, _count in RARE_PARTS})
        self.parts["cc.call.visit"] = {}
        told = {body["call_uid"] for body in bodies}
        named = {body["call_uid"] for body in states if body.get("call_uid")}
        if not told and not named:
            return
        calls = self.env["cc.call"].search_fetch([("call_uid", "in", list(told | named))])
        self.calls = {call.call_uid: call for call in calls}
        known = {uid: call for uid, call in self.calls.items() if uid in told}
        self._load_parts("cc.call.attempt", known.values())
        self._load_parts("cc.call.leg", known.values(), "leg")
        self._load_parts(
            "cc.call.visit",
            [call for uid, call in known.items() if uid in self.moved and call.queued_at],
        )
        for model, part, count in RARE_PARTS:
            # a menu passed without a key leaves no trace on the call: the fact tells of it again
            tellers = {body["call_uid"] for body in bodies if body[part]}
            self._load_parts(
                model, [call for uid, call in known.items() if call[count] or uid in tellers]
            )

    def _load_parts(self, model, calls, number="n"):
        """The calls' rows of one model.

        :param str number: the field that numbers them within their call
        """
        if not calls:
            return
        for row in self.env[model].search_fetch([("call_id", "in", [call.id for call in calls])]):
            self.parts[model][row.call_id.id, row[number]] = row

    def _load_phones(self, bodies):
        """Phones of nobody in particular at which somebody is signed in."""
        tokens = {
            leg["number"] for body in bodies for leg in body["legs"] if leg["role"] == "agent"
        }
        tokens |= {item["target"] for body in bodies for item in body["attempts"]}
        tokens |= {item["by"] for body in bodies for item in body["holds"] + body["transfers"]}
        tokens |= {item["to"] for body in bodies for item in body["transfers"]}
        tokens -= self._agents.keys() | self._extensions.keys() | {None}
        self._signed_in = {}
        if not tokens:
            return
        sessions = self.env["cc.agent.session"].search(
            [
                ("agent_id.pbx_id", "=", self.pbx.id),
                ("ended_at", "=", False),
                ("device", "!=", "mobile"),
                ("extension", "in", list(tokens)),
            ]
        )
        self._signed_in = {session.extension: session.agent_id.number for session in sessions}

    def _load_numbers(self, bodies):
        raws = set()
        for body in bodies:
            raws.update((body["from"]["number"], body["to"]["number"]))
            raws.update(leg["number"] for leg in body["legs"] if not self.party(leg))
            raws.update(
                item["target"] for item in body["attempts"] if not self.agent(item["target"])
            )
            raws.update(
                item["to"]
                for item in body["transfers"]
                if not self.agent(item["to"]) and not self.queue(item["to"])
            )
        pairs = [(raw, self.country) for raw in raws if raw]
        numbers = self.env["cc.phone.number"]._ingest(pairs) if pairs else {}
        # what is read for one number is read for all
        ids = [number.id for number in numbers.values() if number]
        self.numbers = {pair: number.with_prefetch(ids) for pair, number in numbers.items()}

    def agent(self, token):
        """AgentInfo of whom the PBX means: by agent number, own phone, or phone signed in at.

        :return: None for anybody else
        """
        info = self._agents.get(token)
        if info:
            return info
        number = self._extensions.get(token) or self._signed_in.get(token)
        return self._agents.get(number)

    def party(self, leg):
        """AgentInfo of a leg; None for customers and others outside, whatever number they show.

        An agent's outside phone stands in facts by the agent's number: a number from outside, or dialled
        there, never makes anybody an agent of ours.
        """
        return self.agent(leg["number"]) if leg["role"] in ("agent", "supervisor") else None

    def agent_by_number(self, number):
        """AgentInfo by agent number only; None if there is none."""
        return self._agents.get(number)

    def agent_by_id(self, agent_id):
        """AgentInfo by the id of the cc.agent; None for another PBX's."""
        return next((info for info in self._agents.values() if info.id == agent_id), None)

    def agents(self):
        """AgentInfo of everybody on this PBX."""
        return self._agents.values()

    def queue(self, code):
        """QueueInfo by the queue's name on the PBX; None if Odoo doesn't know it."""
        return self._queues.get(code)

    def number(self, raw):
        """The cc.phone.number of what the PBX wrote; empty for nothing and for anonymous."""
        return self.numbers.get((raw, self.country)) or self.env["cc.phone.number"]

    def tell(self, agent, kind, payload):
        """Have a message sent to the agent's browsers once the batch is applied.

        :param agent: AgentInfo
        """
        self.tell_partner(agent.partner_id, kind, payload)

    def tell_partner(self, partner_id, kind, payload):
        """Have a message sent to a user's browsers; it leaves with the commit, and only with it.

        :param int partner_id: of the user
        :param str kind: type of the message, e.g. "cc_ticket/changed"
        :param dict payload: `clock_us` in it, if there, becomes the time of sending
        """
        self.outbox.append((partner_id, kind, payload))

    def after_commit(self, action):
        """Have `action()` done after the commit. The cursor is no more to be used then."""
        self.committed.append(action)

    def mark(self):
        """How much is to be sent and done by now, for `back_to`."""
        return len(self.outbox), len(self.after_send), len(self.committed), dict(self.cursor_vals)

    def back_to(self, mark):
        """Forget what was to be sent and done since `mark`."""
        outbox, after_send, committed, cursor_vals = mark
        del self.outbox[outbox:]
        del self.after_send[after_send:]
        del self.committed[committed:]
        self.cursor_vals = cursor_vals

    def send(self):
        """Put the messages on the bus; they leave with the commit."""
        clock = now_us()
        bus = self.env["bus.bus"]
        partners = self.env["res.partner"]
        for partner_id, kind, payload in self.outbox:
            if "clock_us" in payload:
                payload["clock_us"] = clock
            bus._sendone(partners.browse(partner_id), kind, payload)
        self.outbox.clear()
        for action in self.after_send:
            action()
        self.after_send.clear()
        for action in self.committed:
            self.env.cr.postcommit.add(action)
        self.committed.clear()

    def take(self, other):
        """Take over what another batch wants sent, done and noted."""
        self.outbox += other.outbox
        self.after_send += other.after_send
        self.committed += other.committed
        self.cursor_vals.update(other.cursor_vals)
