# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One batch of facts and everything it has to look up, each sort in one query."""

from ..utils.times import now_us


class Batch:
    """Look-ups of the facts being applied, and the messages to send when all went well.

    :ivar calls: call_uid → cc.call, for calls known before or made in this batch
    :ivar outbox: `(agent, message type, payload)`, in order; sent by `send` only: what is rolled
        back must not be announced
    :ivar after_send: further things to do only when all went well, in order
    :ivar cursor_vals: what the batch tells about the PBX itself, for its cursor row
    """

    def __init__(self, env, pbx, facts):
        self.env = env
        self.pbx = pbx
        self.country = pbx._country_code()
        self.outbox = []
        self.after_send = []
        self.cursor_vals = {}
        self.known = {}
        bodies = [fact["call"] for fact in facts if fact["kind"].startswith("call.")]
        states = [fact["agent"] for fact in facts if fact["kind"] == "agent.state"]
        self._load_calls(bodies, states)
        self._load_agents(bodies, states)
        self._load_queues(bodies)
        self._load_numbers(bodies)

    def _load_calls(self, bodies, states):
        uids = {body["call_uid"] for body in bodies}
        uids |= {body["call_uid"] for body in states if body.get("call_uid")}
        calls = self.env["cc.call"].search([("call_uid", "in", list(uids))]) if uids else []
        self.calls = {call.call_uid: call for call in calls}

    def _load_agents(self, bodies, states):
        """Who is meant by a number on the PBX: an agent's number, own phone, or phone signed in at."""
        tokens = {body["agent"] for body in states}
        for body in bodies:
            tokens.update(leg["number"] for leg in body["legs"] if leg["number"])
            tokens.update(item["target"] for item in body["attempts"] if item["target"])
        self.agents = {}
        if not tokens:
            return
        here = [("pbx_id", "=", self.pbx.id)]
        agents = self.env["cc.agent"].with_context(active_test=False)
        for agent in agents.search(here + [("number", "in", list(tokens))]):
            self.agents[agent.number] = agent
        rest = [token for token in tokens if token not in self.agents]
        if rest:
            sessions = self.env["cc.agent.session"].search(
                [
                    ("agent_id.pbx_id", "=", self.pbx.id),
                    ("ended_at", "=", False),
                    ("extension", "in", rest),
                ]
            )
            extensions = self.env["cc.extension"].search(
                here + [("code", "in", rest), ("agent_id", "!=", False)]
            )
            for extension in extensions:
                self.agents[extension.code] = extension.agent_id
            for session in sessions:
                self.agents[session.extension] = session.agent_id

    def _load_queues(self, bodies):
        codes = {body["queue"] for body in bodies if body["queue"]}
        codes.update(item["queue"] for body in bodies for item in body["attempts"] if item["queue"])
        queues = self.env["cc.queue"].with_context(active_test=False)
        found = (
            queues.search([("pbx_id", "=", self.pbx.id), ("code", "in", list(codes))])
            if codes
            else []
        )
        self.queues = {queue.code: queue for queue in found}

    def _load_numbers(self, bodies):
        raws = set()
        for body in bodies:
            raws.update((body["from"]["number"], body["to"]["number"]))
            raws.update(leg["number"] for leg in body["legs"] if leg["number"] not in self.agents)
            raws.update(
                item["target"] for item in body["attempts"] if item["target"] not in self.agents
            )
        pairs = [(raw, self.country) for raw in raws if raw]
        self.numbers = self.env["cc.phone.number"]._ingest(pairs) if pairs else {}

    def agent(self, token):
        """The agent that the PBX means by `token`; empty for anybody else."""
        return self.agents.get(token) or self.env["cc.agent"]

    def queue(self, code):
        """The queue of that name on the PBX; empty if Odoo doesn't know it."""
        return self.queues.get(code) or self.env["cc.queue"]

    def number(self, raw):
        """The cc.phone.number of what the PBX wrote; empty for nothing and for anonymous."""
        return self.numbers.get((raw, self.country)) or self.env["cc.phone.number"]

    def tell(self, agent, kind, payload):
        """Have a message sent to the agent's browsers once the batch is applied."""
        self.outbox.append((agent, kind, payload))

    def send(self):
        """Put the messages on the bus; they leave with the commit."""
        clock = now_us()
        bus = self.env["bus.bus"]
        for agent, kind, payload in self.outbox:
            if "clock_us" in payload:
                payload["clock_us"] = clock
            bus._sendone(agent.user_id.partner_id, kind, payload)
        self.outbox.clear()
        for action in self.after_send:
            action()
        self.after_send.clear()

    def take(self, other):
        """Take over what another batch wants sent and noted."""
        self.outbox += other.outbox
        self.after_send += other.after_send
        self.cursor_vals.update(other.cursor_vals)
