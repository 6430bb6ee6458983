# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A plug-in that uses every door: it counts knocks at a door, and rings people back who knocked."""

import asyncio
from typing import Any

from cc_bridge.plugins import (
    AgentChange,
    AmiError,
    CallFact,
    Event,
    Kernel,
    NotPossible,
    Order,
    Plugin,
    Result,
    text,
    uuid7,
)


class Probe(Plugin):
    """Made with the bridge, started before it turns to PBX and Odoo."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.section: dict[str, Any] = {}
        self.seen: dict[str, list[Any]] = {}
        kernel.tables(
            "CREATE TABLE IF NOT EXISTS probe_knock (n INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL)",
            "CREATE INDEX IF NOT EXISTS probe_knock_who ON probe_knock (who)",
        )
        kernel.dialplan("[cc-probe]\nexten => s,1,Answer()\n same => n,Hangup()\n")
        kernel.intent_section("probe", self._intent, self._check)
        kernel.command("probe_knock", self._knock)
        kernel.command("probe_ring", self._ring)
        kernel.command("probe_ask", self._ask)
        kernel.on_event("UserEvent", self._user_event)
        kernel.on_event(None, lambda event: self._saw("events", text(event, "Event")))
        kernel.on_call(self._call)
        kernel.on_agent_state(self._agent)
        kernel.on_connected(self._connected)
        kernel.on_disconnected(lambda: self._saw("disconnected", kernel.ami.connected))
        kernel.on_recall(self._recall)

    async def start(self) -> None:
        self._saw("started", [agent.agent for agent in self.kernel.agents])
        self.kernel.spawn(self._beat(), "beat")

    async def close(self) -> None:
        self._saw("closed", True)

    def _recall(self, uid: str) -> dict[str, Any] | None:
        return {"call_uid": uid, "number": "+8613800138000"} if uid.startswith("cc-") else None

    def _saw(self, what: str, value: Any) -> None:
        self.seen.setdefault(what, []).append(value)

    async def _beat(self) -> None:
        try:
            while True:
                await asyncio.sleep(0.01)
                self._saw("beats", 1)
        finally:
            self._saw("beat ended", True)

    # -- intent ---------------------------------------------------------------------------------

    def _check(self, section: dict[str, Any]) -> dict[str, Any]:
        device = self.kernel.encoder.choice(section.get("ring"), frozenset({"desk", "mobile"}))
        return {"ring": device, "most": self.kernel.encoder.seconds(section.get("most", 3))}

    def _intent(self, section: dict[str, Any]) -> None:
        self.section = section
        self._saw("sections", dict(section))
        # what a reader does with its section is its own business
        section.clear()

    # -- commands -------------------------------------------------------------------------------

    async def _knock(self, order: Order) -> Result:
        """A row and the fact about it: both or none."""
        if order.args.get("shy"):
            raise NotPossible("refused", "nobody knocks shyly")
        with self.kernel.db() as db:
            db.execute("INSERT INTO probe_knock (who) VALUES (?)", (order.agent,))
            [count] = db.execute(
                "SELECT count(*) FROM probe_knock WHERE who = ?", (order.agent,)
            ).fetchone()
            self.kernel.fact(
                "probe.knocked",
                self.kernel.clock.now_us(),
                {"knock": {"who": order.agent, "count": count}},
            )
            if order.args.get("fall"):
                raise NotPossible("failed", "fell on the way")
        return Result(message=f"knock {count}", call_uid=order.call_uid)

    async def _ring(self, order: Order) -> Result:
        number = self.kernel.encoder.number(order.args.get("number"))
        way, call_uid = self.kernel.rules().outside(number), uuid7()
        async with self.kernel.lock(call_uid):
            await self.kernel.originate(
                way.device,
                context="cc-probe",
                exten="s",
                call_uid=call_uid,
                caller=way.caller_id,
                direction="outbound",
                number=number,
                line=way.trunk,
            )
        return Result(call_uid=call_uid)

    async def _ask(self, order: Order) -> Result:
        answer = await self.kernel.post("/cc/probe", {"say": order.args.get("say")})
        return Result(message=str(answer.get("heard")))

    # -- hearing --------------------------------------------------------------------------------

    def _user_event(self, event: Event) -> None:
        self._saw("user events", text(event, "UserEvent"))
        # a copy: nobody else sees this
        event.clear()  # type: ignore[attr-defined]

    def _call(self, fact: CallFact) -> None:
        self._saw("calls", (fact.kind, fact.call["call_uid"]))
        fact.call.clear()

    def _agent(self, change: AgentChange) -> None:
        self._saw("agents", (change.agent, change.state, change.reachable))

    async def _connected(self) -> None:
        self._saw("connected", self.kernel.ami.connected)
        try:
            await self.kernel.ami.action({"Action": "UserEvent", "UserEvent": "ProbeIsHere"})
        except AmiError as error:
            self._saw("refused", str(error))
