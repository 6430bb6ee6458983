# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import random
import uuid
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models

from ...ingest.apply import apply_request
from ...utils.times import now, to_us

DAYS = 21
ZONE = "Asia/Shanghai"
OPEN, LUNCH, CLOSE = time(9), time(12), time(18)
#: Calls an hour and queue in the forenoon; half as many after lunch.
CALLS_AN_HOUR = 4
S = 1_000_000


class CcDemo(models.AbstractModel):
    """Weeks of work for the demo, told by facts as a bridge tells them: what reports are looked at with."""

    _name = "cc.demo"
    _description = "History of the demo"

    @api.model
    def _days(self):
        return DAYS

    @api.model
    def _is_wanted(self):
        """Whether a history is made: `CC_DEMO_CALLS=0` leaves it out, tests and pictures make their own calls."""
        return os.environ.get("CC_DEMO_CALLS") != "0"

    @api.model
    def _make_history(self, pbx_xmlid="cc_telephony.pbx_main"):
        """Three weeks of calls and states of the demo's PBX, until yesterday.

        Addons with a history of their own add it (docs/extending.md, "Demo data").
        """
        pbx = self.env.ref(pbx_xmlid, raise_if_not_found=False)
        if not pbx or not self._is_wanted():
            return
        facts = _History(self.env, pbx).facts(self._days())
        cursor = pbx.cursor_ids
        before = cursor.read(["seq", "last_fact_at", "heard_at", "lag_s", "skew_s"], load=False)[0]
        seq = cursor.seq
        for start in range(0, len(facts), 500):
            part = facts[start : start + 500]
            for fact in part:
                seq += 1
                fact.update(seq=seq, epoch=cursor.epoch)
            apply_request(self.env, pbx, cursor.epoch, part, {})
            # nobody is there to be told
            self.env.cr.precommit.data.get("bus.bus.values", []).clear()
        # a real bridge begins where it would have begun
        before.pop("id")
        cursor.write(before)
        self._choose_subjects(pbx)
        self._make_sign_ins(pbx)
        dirty = self.env["cc.stat.dirty"]
        while dirty._recompute():
            pass

    @api.model
    def _make_sign_ins(self, pbx):
        """An agent's states from the first of a day to the last are one sign-in."""
        intervals = self.env["cc.agent.interval"].with_context(tz=ZONE)
        days = intervals._read_group(
            [("agent_id.pbx_id", "=", pbx.id), ("session_id", "=", False)],
            ["agent_id", "started_at:day"],
            ["id:recordset"],
        )
        for agent, _day, found in days:
            rows = found.sorted("started_at")
            rows.session_id = self.env["cc.agent.session"].create(
                {
                    "agent_id": agent.id,
                    "company_id": agent.company_id.id,
                    "department_id": rows[0].department_id.id,
                    "device": rows[0].device,
                    "extension": rows[0].extension,
                    "started_at": rows[0].started_at,
                    "ended_at": rows[-1].ended_at,
                    "end_reason": "signed_out",
                }
            )

    @api.model
    def _choose_subjects(self, pbx):
        """What most of the answered calls were about."""
        chance = random.Random(7)
        purposes = self.env["cc.call.purpose"].search([("active", "=", True)])
        sources = self.env["cc.call.source"].search([("active", "=", True)])
        calls = self.env["cc.call"].search(
            [
                ("pbx_id", "=", pbx.id),
                ("answered_at", "!=", False),
                ("purpose_id", "=", False),
                ("agent_id", "!=", False),
            ]
        )
        for subject, rows in (("purpose_id", purposes), ("source_id", sources)):
            chosen = {}
            for call in calls:
                if rows and chance.random() < 0.6:
                    chosen.setdefault(chance.choice(rows), []).append(call.id)
            for row, ids in chosen.items():
                calls.browse(ids).write({subject: row.id})


class _History:
    """A simulation: customers come by chance, who is free and longest idle is rung."""

    def __init__(self, env, pbx):
        self.pbx = pbx
        self.random = random.Random(env["cc.call"].search_count([("pbx_id", "=", pbx.id)]))
        self.told = []
        members = env["cc.queue.member"].search(
            [("queue_id.pbx_id", "=", pbx.id)], order="queue_id, penalty, id"
        )
        self.queues = {}
        for member in members:
            self.queues.setdefault(member.queue_id.code, []).append(member.agent_id.number)
        self.agents = sorted({number for numbers in self.queues.values() for number in numbers})

    def facts(self, days):
        """:param int days: how many until yesterday
        :return: facts without numbers, in order of time"""
        zone = pytz.timezone(ZONE)
        today = pytz.utc.localize(now()).astimezone(zone).date()
        for back in range(days, 0, -1):
            day = today - timedelta(days=back)
            if day.weekday() == 6:
                continue
            self._day(
                *(
                    to_us(
                        zone.localize(datetime.combine(day, moment))
                        .astimezone(pytz.utc)
                        .replace(tzinfo=None)
                    )
                    for moment in (OPEN, LUNCH, CLOSE)
                )
            )
        return sorted(self.told, key=lambda fact: fact["t"])

    def _tell(self, kind, t, **body):
        self.told.append({"v": 1, "pbx": self.pbx.uuid, "t": t, "kind": kind, **body})

    def _state(self, agent, state, t, **more):
        self._tell(
            "agent.state",
            t,
            agent={
                "agent": agent,
                "session": None,
                "extension": f"w{agent}",
                "device": "browser",
                "state": state,
                "reason": None,
                "since": t,
                "call_uid": None,
                "until": None,
                **more,
            },
        )

    def _day(self, begin, lunch, end):
        rand = self.random
        free = {}
        # who eats when
        meals = {agent: (lunch + n % 2 * 3600 * S, 2700 * S) for n, agent in enumerate(self.agents)}
        for agent in self.agents:
            start = begin - rand.randrange(60, 900) * S
            self._state(agent, "busy", start)
            free[agent] = start + rand.randrange(20, 90) * S
            self._state(agent, "ready", free[agent])
        for t, queue in self._arrivals(begin, lunch, end):
            for agent, (at, length) in list(meals.items()):
                if free[agent] <= at <= t:
                    self._state(agent, "break", at, reason="Meal")
                    free[agent] = at + length
                    self._state(agent, "ready", free[agent])
                    del meals[agent]
                elif at < free[agent]:
                    meals[agent] = (free[agent] + S, length)
            if queue:
                self._inbound(t, queue, free)
            else:
                self._outbound(t, rand.choice(self.agents), free)
        for agent in self.agents:
            self._state(agent, "offline", max(end, free[agent]) + rand.randrange(10, 600) * S)

    def _arrivals(self, begin, lunch, end):
        found = []
        for queue in [*self.queues, None]:
            t = begin
            while True:
                rate = CALLS_AN_HOUR if t < lunch else CALLS_AN_HOUR / 2
                t += int(self.random.expovariate(rate / 3600) * S)
                if t >= end:
                    break
                found.append((t, queue))
        return sorted(found, key=lambda item: item[0])

    def _number(self):
        return f"13{self.random.choice('5689')}{self.random.randrange(400):04d}{self.random.randrange(10):04d}"

    def _inbound(self, t, queue, free):
        rand = self.random
        queued = t + rand.randrange(2, 12) * S
        number = self._number()
        members = self.queues[queue]
        agent = min(members, key=lambda one: max(free[one], queued))
        ring = max(free[agent], queued) + S
        patience = queued + int(rand.expovariate(1 / 90) * S)
        attempts = []
        if patience < ring:
            self._lost(t, queued, patience, queue, number, attempts)
            return
        answered = ring + rand.randrange(2, 12) * S
        if rand.random() < 0.06:
            # not answered: another one is rung
            attempts.append(self._attempt(1, queue, agent, ring, ring + 15 * S, "no_answer"))
            self._state(agent, "ringing", ring)
            self._state(agent, "ready", ring + 15 * S)
            free[agent] = ring + 15 * S
            agent = min((one for one in members if one != agent), key=lambda one: free[one])
            ring = max(free[agent], ring + 15 * S) + S
            answered = ring + rand.randrange(2, 12) * S
            if patience < answered:
                self._lost(t, queued, max(patience, ring), queue, number, attempts)
                return
        attempts.append(self._attempt(len(attempts) + 1, queue, agent, ring, answered, "answered"))
        ended = answered + int(rand.lognormvariate(5.3, 0.6) * S)
        holds = []
        if rand.random() < 0.15:
            held = answered + (ended - answered) // 3
            holds.append({"from_t": held, "to_t": held + (ended - answered) // 5, "by": agent})
        uid = self._uid()
        self._work(agent, ring, answered, ended, uid, free)
        outcome = rand.choices(
            ("satisfied", "neutral", "dissatisfied", "hung_up", "wrong_key", "not_sent"),
            (45, 12, 5, 20, 3, 15),
        )[0]
        rating = {"outcome": outcome, "key": None}
        self._call(
            uid,
            ended,
            {
                "from": {"number": number, "name": None},
                "to": {"number": "4008001000"},
                "queue": queue,
                "started_t": t,
                "queued_t": queued,
                "answered_t": answered,
                "attempts": attempts,
                "holds": holds,
                "ended_by": "customer" if rand.random() < 0.7 else "agent",
                "rating": rating,
                "legs": [
                    self._leg(1, "customer", number, t, ended),
                    self._leg(2, "agent", agent, answered, ended),
                ],
            },
        )

    def _lost(self, t, queued, ended, queue, number, attempts):
        self._call(
            self._uid(),
            ended,
            {
                "from": {"number": number, "name": None},
                "to": {"number": "4008001000"},
                "queue": queue,
                "started_t": t,
                "queued_t": queued,
                "attempts": attempts,
                "ended_by": "customer",
                "loss": "queue",
                "legs": [self._leg(1, "customer", number, t, ended)],
            },
        )

    def _outbound(self, t, agent, free):
        if free[agent] > t:
            return
        rand = self.random
        number = self._number()
        answered = t + rand.randrange(6, 25) * S
        taken = rand.random() < 0.65
        ended = answered + (int(rand.lognormvariate(4.6, 0.6) * S) if taken else 20 * S)
        uid = self._uid()
        self._work(agent, None, t, ended, uid, free)
        legs = [self._leg(1, "agent", agent, t, ended)]
        if taken:
            legs.append(self._leg(2, "customer", number, answered, ended))
        self._call(
            uid,
            ended,
            {
                "direction": "outbound",
                "from": {"number": agent, "name": None},
                "to": {"number": number},
                "started_t": t,
                "answered_t": answered if taken else None,
                "ended_by": "customer" if taken else "agent",
                "legs": legs,
            },
        )

    def _work(self, agent, ring, answered, ended, uid, free):
        if ring:
            self._state(agent, "ringing", ring, call_uid=uid)
        self._state(agent, "on_call", answered, call_uid=uid)
        self._state(agent, "wrap_up", ended, call_uid=uid)
        free[agent] = ended + self.random.randrange(5, 40) * S
        self._state(agent, "ready", free[agent])

    def _uid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _call(self, uid, ended, body):
        self._tell(
            # told of the past: it brings up no card
            "call.corrected",
            ended,
            call={
                "call_uid": uid,
                "rev": 1,
                "direction": "inbound",
                "line": "trunk",
                "queue": None,
                "state": "ended",
                "queued_t": None,
                "answered_t": None,
                "ended_t": ended,
                "estimated": False,
                "attempts": [],
                "transfers": [],
                "holds": [],
                "ivr": [],
                "rating": None,
                "cause": 16,
                "loss": None,
                **body,
            },
        )

    @staticmethod
    def _leg(n, role, number, joined, left):
        return {
            "leg": n,
            "role": role,
            "number": number,
            "channels": [],
            "joined_t": joined,
            "left_t": left,
            "mode": "talk",
        }

    @staticmethod
    def _attempt(n, queue, target, ring, end, outcome):
        return {
            "n": n,
            "queue": queue,
            "target": target,
            "ring_t": ring,
            "end_t": end,
            "outcome": outcome,
        }
