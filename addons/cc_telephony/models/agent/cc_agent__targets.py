# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...utils.phone import phone_key
from ...utils.times import to_us

# a list of more is no help to who has a customer on the line
MOST_AGENTS, MOST_QUEUES, MOST_PHONES = 30, 10, 12
# letters from which on customers are searched
FEWEST_LETTERS = 2
# whom one wants comes first
STATE_ORDER = ["ready", "ringing", "wrap_up", "busy", "on_call", "break"]


class CcAgent(models.Model):
    """Who can be brought into a call, or called: colleagues, queues, menus, customers' numbers."""

    _inherit = "cc.agent"

    @api.model
    @api.readonly
    def transfer_targets(self, search="", call_uid=None):
        """Find whom a call may go to.

        :param str search: a name, an agent number, a queue, a phone number in any form; may be empty
        :param str call_uid: the call into which somebody is to be brought; without one to call somebody
        :return: dict as docs/architecture/browser.md says; numbers as masks only
        """
        agent = self._mine()
        typed = search.strip()[:64] if isinstance(search, str) else ""
        search = escape_psql(typed)
        call_sudo = agent._call_at_hand(call_uid)
        return {
            "agents": agent._target_agents(search),
            "queues": agent._target_queues(search),
            "ivrs": agent._target_menus(search),
            "owner": agent._target_owner(call_sudo),
            "last": agent._target_last(call_sudo),
            "phones": agent._target_phones(typed, call_sudo),
            "number": bool(phone_key(typed, agent.pbx_id._country_code() or None)),
        }

    def _call_at_hand(self, call_uid):
        """The agent's live call of this identifier, as superuser; else empty."""
        calls_sudo = self.env["cc.call"]._cc_open_of(self)
        return calls_sudo.filtered(lambda call: call.call_uid == call_uid)[:1]

    def _target_agents(self, search):
        domain = Domain("pbx_id", "=", self.pbx_id.id) & Domain("id", "!=", self.id)
        if search:
            domain &= (
                Domain("name", "ilike", search)
                | Domain("number", "=like", f"{search}%")
                | Domain("department_id.name", "ilike", search)
            )
        self.env["cc.agent.interval"].flush_model()
        query = self._search(domain)
        query.add_join(
            "LEFT JOIN",
            "now",
            "cc_agent_interval",
            SQL("now.agent_id = cc_agent.id AND now.ended_at IS NULL"),
        )
        query.order = SQL(
            "array_position(%s, now.state::text), cc_agent.name, cc_agent.id", STATE_ORDER
        )
        query.limit = MOST_AGENTS
        ids = [row[0] for row in self.env.execute_query(query.select())]
        return self.browse(ids)._as_targets(self)

    def _as_targets(self, asking):
        """These agents as the picker shows them.

        :param asking: the agent who looks
        """
        # sudo: cc.agent.interval - colleagues see each other's state
        intervals_sudo = self.env["cc.agent.interval"].sudo()
        live = {
            interval.agent_id.id: interval
            for interval in intervals_sudo.search(
                [("agent_id", "in", self.ids), ("ended_at", "=", False)]
            )
        }
        ringing = self._ringing_for(asking, live)
        targets = []
        for agent in self:
            interval = live.get(agent.id, intervals_sudo)
            state = interval.state or "offline"
            reachable = interval.reachable
            targets.append(
                {
                    "id": agent.id,
                    "name": agent.name,
                    "number": agent.number,
                    "department": agent.department_id.name or None,
                    "state": state,
                    "reason": (interval._reason_word() if interval else None) or None,
                    "since": to_us(interval.started_at),
                    "why": agent._why_unreachable(state, "transfer", reachable),
                    "why_consult": agent._why_unreachable(state, "consult", reachable),
                    "ringing": ringing.get(agent.id, False),
                }
            )
        return targets

    def _ringing_for(self, asking, live):
        """Calls that ring at these agents and that `asking` may pick up.

        :param dict live: agent id → open interval
        :return: `{agent id: {"call_uid", "name", "mask"}}`
        """
        rung = [
            agent_id
            for agent_id, interval in live.items()
            if interval.state == "ringing" and agent_id != asking.id
        ]
        if not rung:
            return {}
        # sudo: cc.call.attempt - whose call it is may be told to who may take it
        rings_sudo = (
            self.env["cc.call.attempt"]
            .sudo()
            .search(
                [
                    ("agent_id", "in", rung),
                    ("end_at", "=", False),
                    ("outcome", "=", False),
                    ("call_id.state", "=", "ringing"),
                ]
            )
        )
        found = {}
        for ring_sudo in rings_sudo:
            call_sudo = ring_sudo.call_id
            if asking._may_pick_up(call_sudo):
                caller = call_sudo._cc_caller()
                found[ring_sudo.agent_id.id] = {
                    "call_uid": call_sudo.call_uid,
                    "name": caller["name"],
                    "mask": caller["mask"],
                }
        return found

    def _target_queues(self, search):
        domain = Domain("pbx_id", "=", self.pbx_id.id)
        if search:
            domain &= Domain("name", "ilike", search) | Domain("code", "ilike", search)
        queues = self.env["cc.queue"].search(domain, limit=MOST_QUEUES)
        # sudo: cc.queue.live - figures of queues that the user may read
        figures = self.env["cc.queue.live"].sudo()._figures(queues)
        return [
            {"id": queue.id, "name": queue.name, **figures[queue.id], "open": queue._is_open()}
            for queue in queues
        ]

    def _target_menus(self, search):
        domain = Domain("pbx_id", "=", self.pbx_id.id)
        if search:
            domain &= Domain("name", "ilike", search) | Domain("code", "ilike", search)
        menus = self.env["cc.ivr.menu"].search(domain, limit=MOST_QUEUES)
        return [{"id": menu.id, "name": menu.name} for menu in menus]

    def _target_owner(self, call_sudo):
        """The agent who owns the call's customer; False without one or where it is oneself."""
        owner = call_sudo._cc_owner_agent() if call_sudo else self.browse()
        if not owner or owner == self:
            return False
        return owner.with_env(self.env)._as_targets(self)[0]

    def _target_last(self, call_sudo):
        """The agent who talked with this customer before; False without one or where it is oneself."""
        if not call_sudo or not call_sudo.number_id:
            return False
        last = call_sudo.search(
            [
                ("number_id", "=", call_sudo.number_id.id),
                ("pbx_id", "=", self.pbx_id.id),
                ("id", "!=", call_sudo.id),
                ("answered_at", "!=", False),
                ("agent_id", "not in", [False, self.id]),
                ("agent_id.active", "=", True),
            ],
            order="started_at desc, id desc",
            limit=1,
        ).agent_id
        return last.with_env(self.env)._as_targets(self)[0] if last else False

    def _target_phones(self, search, call_sudo):
        """Numbers of customers whom the user may read; of the call's own customer when nothing is typed."""
        links = self.env["cc.phone.link"]
        if search:
            links = self._search_links(search)
        elif call_sudo:
            partner = call_sudo.partner_id.with_env(self.env)
            links = partner._filtered_access("read").phone_link_ids
            links = links.filtered(lambda link: link.number_id.id != call_sudo.number_id.id)
        return [link._as_target() for link in links[:MOST_PHONES]]

    def _search_links(self, search):
        """Links of numbers by a customer's name, or by a whole number in any form.

        Addons that link numbers with something else extend it.
        """
        partners = self.env["res.partner"]
        number = self.env["cc.phone.number"]._find(search, self.pbx_id._country_code() or None)
        if number:
            partners = number.link_ids.partner_id._filtered_access("read")
            return number.link_ids.filtered(lambda link: link.partner_id in partners)
        if len(search) < FEWEST_LETTERS:
            return number.link_ids
        partners = partners.search(
            [("name", "ilike", escape_psql(search)), ("phone_link_ids", "!=", False)],
            limit=MOST_PHONES,
        )
        return partners.phone_link_ids
