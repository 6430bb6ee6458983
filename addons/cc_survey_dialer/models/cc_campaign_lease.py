# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import models, tools
from odoo.addons.cc_telephony.utils.phone import phone_digits
from odoo.addons.cc_telephony.utils.times import now, to_us
from odoo.tools import SQL

from .cc_campaign_attempt import OPEN

LEASE_S = 60
# looked at for each number wanted, and how often, until enough are found that may be dialled
LOOK_AHEAD, LOOKS = 40, 25
# what numbers may wait for that are dialled later
WAITING = frozenset({"window", "retry", "callback", "ban", "frequency", "dialling"})


class CcCampaign(models.Model):
    """Who may be dialled now: everything that Odoo knows is asked in the transaction that grants it."""

    _inherit = "cc.campaign"

    def _lock(self):
        """One grant of a campaign after the other; held until the transaction ends."""
        self.env.cr.execute(
            SQL("SELECT id FROM cc_campaign WHERE id = %s FOR NO KEY UPDATE", self.id)
        )
        self.invalidate_recordset(["state"], flush=False)

    def _candidates(self, moment, limit, agent=None):
        """Entries that are due by what is stored, call-backs first, and in zones that are open."""
        zones = sorted({row[0] for row in self._place_rows(moment) if row[3]})
        if not zones:
            return []
        own = SQL("false")
        if agent:
            own = SQL("callback_agent_id = %s AND callback_at <= %s", agent.id, moment)
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM (
                       (SELECT id, 0 AS turn, callback_at AS since, sequence
                          FROM cc_campaign_entry
                         WHERE campaign_id = %(campaign)s AND next_at IS NOT NULL
                           AND callback_at IS NOT NULL
                           AND (next_at <= %(now)s OR %(own)s)
                      ORDER BY callback_at, id LIMIT %(limit)s)
                     UNION ALL
                       (SELECT due.id, 1, due.next_at, due.sequence
                          FROM unnest(%(zones)s) AS zone (name)
                    CROSS JOIN LATERAL (
                               SELECT id, next_at, sequence FROM cc_campaign_entry
                                WHERE campaign_id = %(campaign)s AND next_at <= %(now)s
                                  AND zones = zone.name AND callback_at IS NULL
                             ORDER BY next_at, sequence, id LIMIT %(limit)s) AS due)
                   ) found ORDER BY turn, since, sequence, id LIMIT %(limit)s""",
                campaign=self.id,
                now=moment,
                own=own,
                zones=zones,
                limit=limit,
            )
        )
        return [row[0] for row in rows]

    def _grant(self, count, moment=None, agent=None, **values):
        """Lease up to `count` numbers. The campaign's state is the caller's to check.

        :param agent: the cc.agent who will dial (preview)
        :param values: of the attempts made: `holder`, `request` of a bridge
        :return: the cc.campaign.attempt rows, in the order in which they are to be dialled
        """
        self.ensure_one()
        self.env["cc.campaign.entry"].flush_model()
        self._lock()
        moment = moment or now()
        granted = self.env["cc.campaign.attempt"]
        for _look in range(LOOKS):
            missing = count - len(granted)
            if missing <= 0:
                break
            ids = self._candidates(moment, missing + LOOK_AHEAD, agent)
            if not ids:
                break
            sql = self._why_sql(ids, moment, agent)
            reasons = {
                row[0]: row[1:]
                for row in self.env.execute_query(
                    SQL("SELECT id, why, in_ban FROM (%s) reason", sql)
                )
            }
            taken = [id_ for id_ in ids if reasons.get(id_, ("",))[0] == "due"][:missing]
            blocked = [id_ for id_ in ids if reasons.get(id_, ("",))[0] not in ("due", "window")]
            granted |= self._make_leases(taken, reasons, moment, agent, values)
            # what the stored dates did not know is written, so that it isn't looked at again
            self._derive_entries(taken + blocked)
            if not blocked:
                break
        return granted

    def _make_leases(self, ids, reasons, moment, agent, values):
        entries = self.env["cc.campaign.entry"].browse(ids)
        return self.env["cc.campaign.attempt"].create(
            [
                {
                    "campaign_id": self.id,
                    "company_id": self.company_id.id,
                    "department_id": self.department_id.id,
                    "entry_id": entry.id,
                    "number_id": entry.number_id.id,
                    "number_display": entry.number_display,
                    "partner_id": entry.partner_id.id,
                    "pbx_id": self.pbx_id.id,
                    "mode": self.mode,
                    "round_no": self.round_no,
                    "leased_at": moment,
                    "until_at": moment + timedelta(seconds=LEASE_S),
                    "sure": reasons[entry.id][1],
                    "agent_id": agent.id if agent else False,
                    "script_version": self.script_version,
                    **values,
                }
                for entry in entries
            ]
        )

    # ---- for a bridge ----

    def _lease_for_bridge(self, pbx, holder, request, got, count):
        """Answer a bridge's question for numbers, as the protocol says.

        A repeated question gets the same leases; what was granted to questions whose answer never
        arrived is free again; another holder means that the old one's memory is lost.

        :return: `{"leases": […], "none": why or None, "again_s": n}`
        """
        attempts = self.env["cc.campaign.attempt"]
        mine = [("pbx_id", "=", pbx.id), ("holder", "!=", False)]
        lost = attempts.search([*mine, ("holder", "!=", holder), ("state", "in", OPEN)])
        lost.filtered(lambda row: row.state == "leased")._give_back("lost")
        lost._end("unknown", counts=False)
        never_arrived = attempts.search(
            [
                *mine,
                ("holder", "=", holder),
                ("request", ">", got),
                ("request", "<", request),
                ("state", "=", "leased"),
            ]
        )
        never_arrived._give_back("unheard")
        again = attempts.search(
            [*mine, ("holder", "=", holder), ("request", "=", request)], order="id"
        )
        if again:
            live = again.filtered(lambda row: row.state == "leased")
            return {"leases": [row._to_bridge() for row in live], "none": None, "again_s": 5}
        campaign = self.exists()
        why = campaign._why_no_lease(pbx) if campaign else "stopped"
        if why:
            return {"leases": [], "none": why, "again_s": 30}
        granted = campaign._grant(min(count, 50), holder=holder, request=request)
        # what agents have said of those whom they served: the dialler has the other counts itself
        shown = {"abandon_of_served": campaign._of_served()}
        if granted:
            leases = [row._to_bridge() for row in granted]
            return {"leases": leases, "none": None, "again_s": 1, **shown}
        return {"leases": [], **campaign._why_none(), **shown}

    def _why_no_lease(self, pbx):
        """Why the campaign as a whole gives no numbers to this bridge; None if it does."""
        if self.pbx_id != pbx or self.mode == "preview":
            return "stopped"
        self._lock()
        if self.state != "running":
            return "paused" if self.state == "paused" else "stopped"
        if self.task_id.state != "started":
            return "task"
        return None

    def _why_none(self):
        """No number is due: the commonest reason, counted once a minute, and when to ask again."""
        moment = now()
        why = self._commonest_in(int(moment.timestamp() // 60))
        if not why:
            return {"none": "empty", "again_s": 60}
        opens = [
            opens_at
            for _z, _c, _known, is_open_, opens_at, *_rule in self._place_rows(moment)
            if opens_at and not is_open_
        ]
        again = min(
            filter(None, [self._first_due(moment), *opens]), default=moment + timedelta(seconds=30)
        )
        return {"none": why, "again_s": int(min(max((again - moment).total_seconds(), 2), 60))}

    @tools.ormcache("self.id", "minute")
    def _commonest_in(self, minute):  # minute: only part of the key
        """:return: what most numbers wait for that are dialled at all; None when there is none"""
        counts = {why: count for why, (count, _until) in self._why_sums().items() if why in WAITING}
        return max(counts, key=lambda why: counts[why], default=None)


class CcCampaignAttempt(models.Model):
    """A lease as the bridge gets it."""

    _inherit = "cc.campaign.attempt"

    def _to_bridge(self):
        self.ensure_one()
        return {
            "lease": self.lease,
            "number": phone_digits(self.number_id.key),
            "zone": self.entry_id._zone(),
            "until": to_us(self.until_at),
            "line": None,
            "caller_id": None,
            "sure": self.sure,
        }
