# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Facts about agents' states: the bridge owns the state, the intervals here are its record.

Intervals are cut to fit, never refused: a state that began before the one known ends nothing that
is already written.
"""

from ..utils.phone import phone_key, phone_mask
from ..utils.states import agent_states
from ..utils.times import from_us
from . import stat
from .errors import FactError
from .handlers import run_handlers
from .kinds import StateChange

# of the state that goes on: all that a next one is compared with
OPEN_FIELDS = ("agent_id", "session_id", "state", "reason", "call_uid", "started_at")


def apply_agent_states(batch, facts):
    """Write the intervals of `facts` (`agent.state`, in order), the whole batch in one write and create.

    :raise FactError: unknown agent or state
    """
    env = batch.env
    by_agent, told = {}, []
    for fact in facts:
        body = fact["agent"]
        agent = batch.agent_by_number(body["agent"])
        if not agent:
            raise FactError(f"there is no agent {body['agent']!r} on this PBX")
        if body["state"] not in agent_states()["states"]:
            raise FactError(f"there is no state {body['state']!r}")
        by_agent.setdefault(agent, []).append(body)
        told.append((agent, body))
    if not by_agent:
        return
    ids = [agent.id for agent in by_agent]
    intervals = env["cc.agent.interval"]
    open_by_agent = {
        interval.agent_id.id: interval
        for interval in intervals.search_fetch(
            [("agent_id", "in", ids), ("ended_at", "=", False)], OPEN_FIELDS
        )
    }
    last_ends = {
        agent.id: end
        for agent, end in intervals._read_group(
            [("agent_id", "in", ids)], ["agent_id"], ["ended_at:max"]
        )
    }
    sessions = _sessions(batch, by_agent)
    reasons = _reasons(batch, by_agent)
    to_create = []
    for agent, bodies in by_agent.items():
        chain = _Chain(open_by_agent.get(agent.id), last_ends.get(agent.id))
        for body in bodies:
            extension = _phone_word(batch, body)
            call = batch.calls.get(body["call_uid"])
            session = sessions.get((agent.id, body["session"]))
            reason = reasons.get(body["reason"])
            chain.add(
                {
                    "agent_id": agent.id,
                    "company_id": agent.company_id,
                    "department_id": agent.department_id,
                    "session_id": session,
                    "state": body["state"],
                    "reason": body["reason"],
                    "reason_id": reason.id if reason else None,
                    "device": body["device"],
                    "extension": extension,
                    "until_at": from_us(body["until"]),
                    # the version before did not say
                    "more": body.get("more") or 0,
                    "next_state": (body.get("next") or {}).get("state"),
                    "next_reason": (body.get("next") or {}).get("reason"),
                    "reachable": body.get("reachable") is not False,
                    "call_uid": body["call_uid"],
                    "call_id": call.id if call else False,
                },
                from_us(body["since"]),
            )
            batch.tell(
                agent,
                "cc.agent/state",
                {
                    "agent_id": agent.id,
                    "session_id": session or False,
                    "state": body["state"],
                    "reason": _word(reason, agent) if reason else body["reason"],
                    "since": body["since"],
                    "until": body["until"],
                    "more": body.get("more") or 0,
                    # "stays": a bridge before 19.0.1.1.0
                    "talks_on": bool(body.get("talks_on", body.get("stays"))),
                    "next": _next(body, reasons, agent),
                    "reachable": body.get("reachable") is not False,
                    "device": body["device"],
                    "extension": extension,
                    "call_uid": body["call_uid"],
                    "clock_us": None,
                },
            )
        chain.write_open()
        to_create += chain.new
        if chain.stale_from:
            # a state that goes on counts until now, also one of before that turns out to be over
            goes_on = chain.current or agent.id in open_by_agent
            stat.mark_agent(batch, agent.id, chain.stale_from, chain.floor, bool(goes_on))
    _close_sessions(batch, told, sessions)
    # the closing write has to be in the table before the next row: the constraint is immediate
    intervals.flush_model()
    if to_create:
        intervals.create(to_create)
    _take_part(batch, told)


def _take_part(batch, told):
    """Let addons take part. What fails there must not undo or block the intervals."""
    agents = batch.env["cc.agent"]
    handlers = agents._cc_state_handlers()
    if not handlers:
        return
    changes = []
    for agent, body in told:
        call = batch.calls.get(body["call_uid"])
        changes.append(
            StateChange(
                agent.id,
                body["state"],
                body["reason"],
                body["since"],
                body["until"],
                call.id if call else False,
                body,
            )
        )
    run_handlers(batch, agents, handlers, changes)


class _Chain:
    """The intervals of one agent through a batch: the open row of before, then the new ones."""

    def __init__(self, row, last_end):
        self.row = row  # the open cc.agent.interval of before the batch, if any
        self.row_vals = {}
        self.floor = last_end  # nothing may begin before it
        self.new = []
        self.current = None  # the last of self.new, while open
        self.stale_from = None  # from when on the batch changes what is known
        if row:
            self.floor = row.started_at

    def add(self, vals, since):
        since = max(since, self.floor) if self.floor else since
        self.floor = since
        open_vals = self._open_vals()
        if open_vals and self._same(open_vals, vals):
            self._update(vals)  # told again, or a timer changed: the interval goes on
            return
        begin = open_vals["started_at"] if open_vals else since
        self.stale_from = min(self.stale_from or begin, begin)
        if open_vals and open_vals["started_at"] == since and vals["state"] != "offline":
            self._update({**vals, "duration_s": 0.0})  # it never lasted: it becomes what follows it
            return
        self._close(since)
        if vals["state"] != "offline":
            self.current = {**vals, "started_at": since, "ended_at": False}
            self.new.append(self.current)

    def _open_vals(self):
        if self.current:
            return self.current
        if self.row:
            names = ("state", "reason", "call_uid", "started_at", "reachable")
            vals = {name: self.row[name] for name in names}
            vals["session_id"] = self.row.session_id.id
            return {**vals, **self.row_vals}
        return None

    @staticmethod
    def _same(old, new):
        names = ["state", "reason", "call_uid", "session_id"]
        if new["state"] == "ready":
            # Ready with no phone behind it is counted apart
            names.append("reachable")
        return all((old[name] or False) == (new[name] or False) for name in names)

    def _update(self, vals):
        if self.current:
            self.current.update(vals)
        else:
            self.row_vals.update(vals)

    def _close(self, end):
        open_vals = self._open_vals()
        if not open_vals:
            return
        duration = (end - open_vals["started_at"]).total_seconds()
        self._update({"ended_at": end, "duration_s": duration})
        self.current = None
        if self.row:
            self.write_open()
            self.row = None

    def write_open(self):
        """Write what the batch changed on the row that was open before it."""
        if self.row and self.row_vals:
            self.row.write(self.row_vals)
            self.row_vals = {}


def _phone_word(batch, body):
    """The phone as logs and screens show it: an outside phone's number only as its mask."""
    if body["device"] != "mobile" or not body["extension"]:
        return body["extension"]
    return phone_mask(phone_key(body["extension"], batch.country or None))


def _close_sessions(batch, told, sessions):
    """End the sessions of agents who have signed out after a call, as they had chosen before."""
    for agent, body in told:
        session_id = sessions.get((agent.id, body["session"]))
        if body["state"] != "offline" or not session_id:
            continue
        session = batch.env["cc.agent.session"].browse(session_id)
        if not session.ended_at:
            session.write({"ended_at": from_us(body["since"]), "end_reason": "signed_out"})


def _next(body, reasons, agent):
    """What comes after the call, as the browser shows it: `{state, reason}` or None."""
    chosen = body.get("next")
    if not chosen:
        return None
    reason = reasons.get(chosen["reason"])
    return {
        "state": chosen["state"],
        "reason": _word(reason, agent) if reason else chosen["reason"],
    }


def _sessions(batch, by_agent):
    """`{(agent id, session id): session id}` of those sessions that really are the agent's."""
    ids = [body["session"] for bodies in by_agent.values() for body in bodies if body["session"]]
    rows = (
        batch.env["cc.agent.session"].search_fetch([("id", "in", ids)], ["agent_id"]) if ids else []
    )
    return {(row.agent_id.id, row.id): row.id for row in rows}


def _reasons(batch, by_agent):
    names = [
        reason
        for bodies in by_agent.values()
        for body in bodies
        for reason in (body["reason"], (body.get("next") or {}).get("reason"))
        if reason
    ]
    if not names:
        return {}
    # facts name reasons untranslated, see cc.agent.set_state
    rows = batch.env["cc.break.reason"].with_context(active_test=False, lang=None)
    return {row.name: row for row in rows.search([("name", "in", names)])}


def _word(reason, agent):
    """The reason as the agent reads it."""
    lang = reason.env["res.partner"].browse(agent.partner_id).lang
    return reason.with_context(lang=lang).name
