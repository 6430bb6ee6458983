# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL

from ...ingest.form import is_time
from ...utils.contract import forms
from ...utils.controls import legal_controls, situation
from ...utils.phone import phone_key, phone_mask
from ...utils.talk import Ring, Talk, View
from ...utils.times import now_us

LONGEST = 256
# whom a number belongs to: as `cc.phone.number._partners` and `cc.call._cc_person` have it
WHO = """
    SELECT p.id, CASE WHEN c.id IS NOT NULL AND p.name != '' THEN p.name || ', ' || c.name
                      ELSE p.complete_name END, bool_or(coalesce(l.main, false))
      FROM cc_phone_number n
      JOIN cc_phone_link l ON l.number_id = n.id
      JOIN res_partner p ON p.id = l.partner_id AND p.active
 LEFT JOIN res_partner c ON c.id = p.parent_id
     WHERE n.key = %s
  GROUP BY p.id, c.id, c.name
"""


class CcCall(models.Model):
    """The fast lane of a ring: a card before the fact, from one statement (docs/architecture/browser.md).

    What it says is what the fact's card will say, as far as it is known by then; that one replaces it.
    """

    _inherit = "cc.call"

    @api.model
    def _cc_hint(self, pbx, hint):
        """Show a ring to the agent who is rung, before its fact is there.

        :param pbx: the cc.pbx, as superuser, whose bridge says so: only its own agents are told
        :param hint: as the bridge's `hints.py` makes it; anything else is passed over
        """
        if not self._cc_is_hint(hint):
            return
        country, agents, extensions, queues = pbx._lookup()
        token = hint["agent"]
        agent = agents.get(token) or agents.get(extensions.get(token))
        if not agent:
            return
        key = phone_key(hint["number"] or "", country or pbx._country_code() or None)
        people = self.env.execute_query(SQL(WHO, key)) if key else []
        main = [row for row in people if row[2]]
        known = (people if len(people) == 1 else main if len(main) == 1 else [None])[0]
        queue = queues.get(hint["queue"])
        card = {
            "id": False,
            "hint": True,
            "call_uid": hint["call_uid"],
            # between the fact before it and its own
            "rev": hint["rev"] - 0.5,
            "moment": "ringing",
            "state": "ringing",
            "direction": "inbound",
            "t": hint["t"],
            "clock_us": now_us(),
            "queue": {"id": queue.id, "name": queue.name} if queue else None,
            "line": None,
            "dialled": None,
            "caller": {
                "name": known[1] if known else hint["name"] or None,
                "company": None,
                "mask": phone_mask(key) if key else None,
                "known": len(people),
                "partner_id": known[0] if known else False,
            },
            **self._cc_hint_talk(agent.id, hint),
        }
        partner = self.env["res.partner"].browse(agent.partner_id)
        self.env["bus.bus"]._cc_send_at_once(partner, "cc.call/hint", card)

    @api.model
    def _cc_hint_talk(self, agent_id, hint):
        """The parts of the card that say who does what in the call."""
        ring = Ring(1, bool(hint["queue"]), agent_id, None, hint["ring_t"], None, None)
        talk = Talk(View("inbound", "ringing", None, (), (ring,), (), (), ()), agent_id)
        return {
            "mine": talk.mine,
            "started_t": hint["started_t"],
            "queued_t": hint["queued_t"],
            "ring_t": hint["ring_t"],
            "answered_t": None,
            "ended_t": None,
            "attempt_outcome": None,
            "muted": False,
            "held": False,
            "parties": [],
            "consult": None,
            "conference": False,
            "keys": "",
            "sender": None,
            "extra": {},
            "can": legal_controls(situation(talk)),
        }

    @api.model
    def _cc_is_hint(self, hint):
        """Whether it has the form of a hint: it comes over a socket, from outside Odoo."""
        names = ("call_uid", "rev", "agent", "number", "name", "queue", "t", "ring_t")
        if not isinstance(hint, dict) or not hint.keys() >= {*names, "started_t", "queued_t"}:
            return False
        texts = [hint[name] for name in ("agent", "number", "name", "queue")]
        return (
            isinstance(hint["call_uid"], str)
            and bool(forms.UUID.fullmatch(hint["call_uid"]))
            and type(hint["rev"]) is int
            and 0 < hint["rev"] < 2**31
            and isinstance(hint["agent"], str)
            and all(
                text is None or (isinstance(text, str) and len(text) <= LONGEST) for text in texts
            )
            and is_time(hint["t"])
            and all(
                hint[name] is None or is_time(hint[name])
                for name in ("ring_t", "started_t", "queued_t")
            )
        )
