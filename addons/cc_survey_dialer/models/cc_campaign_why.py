# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.addons.cc_telephony.utils.times import now as clock
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..utils.outcomes import DEAD
from ..utils.window import intersect, is_open, next_open

_lt = LazyTranslate(__name__)

# why a number is not being dialled at this moment, in the order in which the reasons are looked for;
# True: for good
WHY = {
    "removed": (_lt("Removed"), True),
    "do_not_call": (_lt("Do not call"), True),
    "invalid": (_lt("Not a valid number"), True),
    "dialling": (_lt("Being dialled"), False),
    "finished": (_lt("Done"), True),
    "wrong_number": (_lt("Wrong number"), True),
    "dead": (_lt("Number out of service"), True),
    "limit": (_lt("No attempts left"), True),
    "callback": (_lt("Call-back agreed"), False),
    "retry": (_lt("Waiting for the next attempt"), False),
    "ban": (_lt("No redial yet by rule"), False),
    "frequency": (_lt("Called often enough lately"), False),
    "zone": (_lt("Time zone unknown"), True),
    "window": (_lt("Outside calling hours"), False),
    "due": (_lt("Waiting to be dialled"), False),
}

FINAL = frozenset(key for key, (_label, final) in WHY.items() if final)


def why_selection(model):
    """Selection of the reasons."""
    return [(key, model.env._(label)) for key, (label, _final) in WHY.items()]


class CcCampaign(models.Model):
    """Why numbers of a campaign are not being dialled: one statement answers for each and for all."""

    _inherit = "cc.campaign"

    def _weeks(self):
        """`{country code: week}` of the campaign's windows within each country's hours; "" for others."""
        self.ensure_one()
        rules = self.env["cc.country.rule"]._by_code()
        own = self._week()
        weeks = {"": own}
        for code, rule in rules.items():
            weeks[code] = intersect(own, rule._week()) if self.use_country_rules else own
        return weeks, rules

    def _place_rows(self, now):
        """What holds at `now` for each pair of zones and country in the campaign.

        :return: list of ``(zones, country, open, opens at, ban_h, machine_ban, day, week, campaign)``
        """
        weeks, rules = self._weeks()
        holidays = {row.day for row in self.holiday_ids}
        rows = []
        for zones, country in self.places or []:
            week = weeks.get(country, weeks[""])
            rule = rules.get(country) if self.use_country_rules else None
            parts = tuple(zones.split("|")) if zones else ()
            if not parts and self.unknown_zone == "own":
                parts = (self.tz,)
            opened = is_open(now, parts, week, holidays)
            opens_at = now if opened else next_open(now, parts, week, holidays)
            rows.append(
                (
                    zones,
                    country,
                    bool(parts),
                    opened,
                    opens_at,
                    parts[0] if parts else "UTC",
                    rule.redial_ban_h if rule else 0,
                    bool(rule and rule.machine_ban),
                    rule.per_day if rule else 0,
                    rule.per_week if rule else 0,
                    rule.per_campaign if rule else 0,
                )
            )
        return rows

    def _why_sql(self, entry_ids=None, now=None, agent=None):
        """The reason of each number: columns ``id, why, until, due_at, callback_at, agent, in_ban``.

        `until` is when the reason ends (empty: for good, or not known); `due_at` is the same without
        calling hours, which only hold at the moment.

        :param list entry_ids: of these numbers only
        :param agent: a cc.agent who asks for the next contact: own call-backs are due on time for them

        What tries and results say is worked out once (MATERIALIZED), not once a number, whatever PostgreSQL
        supposes that there is of them.
        """
        self.ensure_one()
        now = now or clock()
        for model in ("entry", "attempt", "result", "retry"):
            self.env[f"cc.campaign.{model}"].flush_model()
        self.env["cc.disposition"].flush_model()
        self.env["cc.do.not.call"].flush_model()
        places = self._place_rows(now) or [("-", "-", False, False, None, "UTC", 0, False, 0, 0, 0)]
        some = SQL("AND entry.id = ANY(%s)", list(entry_ids)) if entry_ids is not None else SQL("")
        return SQL(
            """
WITH place (zones, country, known, is_open, opens_at, zone, ban_h, machine_ban, day, week, campaign) AS (
    VALUES %(places)s
), entry AS (
    SELECT entry.* FROM cc_campaign_entry entry WHERE entry.campaign_id = %(campaign)s %(some)s
), own AS (
    SELECT try.entry_id,
           count(*) FILTER (WHERE try.counts AND try.round_no = %(round)s) AS tries,
           count(*) FILTER (WHERE try.counts) AS tries_all,
           bool_or(try.state IN ('leased', 'dialled', 'answered')) AS is_open,
           bool_or(try.outcome = 'person') AS reached,
           max(try.id) AS last_id
      FROM cc_campaign_attempt try
      JOIN entry ON entry.id = try.entry_id
     WHERE try.state != 'returned'
  GROUP BY try.entry_id
), last AS MATERIALIZED (
    SELECT try.entry_id, try.outcome, coalesce(try.ended_at, try.dialled_at, try.leased_at) AS at,
           (SELECT count(*) FROM cc_campaign_attempt same
             WHERE same.entry_id = try.entry_id AND same.round_no = %(round)s
               AND same.outcome = try.outcome AND same.state = 'ended') AS times
      FROM own JOIN cc_campaign_attempt try ON try.id = own.last_id
     WHERE try.round_no = %(round)s AND try.state = 'ended'
), result AS MATERIALIZED (
    SELECT DISTINCT ON (row.entry_id) row.entry_id, row.attempt_id, disposition.follow_up,
           row.callback_at, row.callback_agent_id, row.retry_at, row.round_no
      FROM cc_campaign_result row
      JOIN entry ON entry.id = row.entry_id
      JOIN cc_disposition disposition ON disposition.id = row.disposition_id
  ORDER BY row.entry_id, row.id DESC
), of_number AS MATERIALIZED (
    SELECT entry.id AS entry_id,
           max(try.ended_at) FILTER (WHERE try.outcome = 'abandoned') AS abandoned_at,
           max(try.ended_at) FILTER (WHERE try.outcome = 'machine' AND try.agent_id IS NULL) AS machine_at,
           max(try.ended_at) FILTER (WHERE try.outcome = ANY(%(dead)s)) AS dead_at,
           max(try.ended_at) FILTER (WHERE try.outcome IN ('person', 'abandoned', 'hung_up', 'machine',
                                                           'no_answer', 'busy')) AS alive_at,
           bool_or(try.state IN ('leased', 'dialled', 'answered')) AS is_open,
           count(*) FILTER (WHERE try.counts AND try.dialled_at > %(now)s - interval '1 day') AS day,
           min(try.dialled_at) FILTER (WHERE try.counts AND try.dialled_at > %(now)s - interval '1 day')
               AS day_first,
           count(*) FILTER (WHERE try.counts AND try.dialled_at > %(now)s - interval '7 days') AS week,
           min(try.dialled_at) FILTER (WHERE try.counts AND try.dialled_at > %(now)s - interval '7 days')
               AS week_first
      FROM entry JOIN cc_campaign_attempt try ON try.number_id = entry.number_id
     WHERE try.state != 'returned'
  GROUP BY entry.id
), fact AS (
    SELECT entry.id, entry.zones, entry.country, entry.active, entry.number_id,
           number.key LIKE 'raw:%%' AS invalid,
           own.tries, own.tries_all, own.reached, own.last_id,
           coalesce(own.is_open, false) AS own_open,
           coalesce(of_number.is_open, false) AS number_open,
           result.attempt_id, result.follow_up, result.callback_at, result.callback_agent_id,
           result.retry_at,
           result.entry_id IS NOT NULL AND coalesce(own.last_id <= coalesce(result.attempt_id, 0), true)
               AS result_counts,
           last.outcome, last.at AS last_at, last.times, rule.wait_min, rule.max_tries,
           place.known, place.is_open AS place_open, place.opens_at, place.zone, place.machine_ban,
           place.day AS most_day, place.week AS most_week, place.campaign AS most_campaign,
           of_number.dead_at > coalesce(of_number.alive_at, '-infinity')
               AND of_number.dead_at > %(now)s - interval '90 days' AS dead,
           of_number.abandoned_at + make_interval(hours => place.ban_h) AS ban_until,
           (date_trunc('day', of_number.machine_at AT TIME ZONE 'UTC' AT TIME ZONE place.zone)
               + interval '1 day') AT TIME ZONE place.zone AT TIME ZONE 'UTC' AS machine_until,
           CASE WHEN place.day > 0 AND of_number.day >= place.day
                THEN of_number.day_first + interval '1 day' END AS day_until,
           CASE WHEN place.week > 0 AND of_number.week >= place.week
                THEN of_number.week_first + interval '7 days' END AS week_until,
           %(stops)s AS stopped
      FROM entry
      JOIN cc_phone_number number ON number.id = entry.number_id
 LEFT JOIN own ON own.entry_id = entry.id
 LEFT JOIN last ON last.entry_id = entry.id
 LEFT JOIN result ON result.entry_id = entry.id
 LEFT JOIN of_number ON of_number.entry_id = entry.id
 LEFT JOIN cc_campaign_retry rule
        ON rule.campaign_id = %(campaign)s AND rule.outcome = last.outcome
 LEFT JOIN place ON place.zones = coalesce(entry.zones, '') AND place.country = coalesce(entry.country, '')
), plan AS (
    SELECT fact.*,
           CASE
               WHEN NOT active THEN 'removed'
               WHEN stopped THEN 'do_not_call'
               WHEN invalid THEN 'invalid'
               WHEN own_open THEN 'dialling'
               WHEN follow_up = 'do_not_call' THEN 'do_not_call'
               WHEN follow_up = 'wrong_number' THEN 'wrong_number'
               WHEN follow_up = 'done' THEN 'finished'
               WHEN follow_up IN ('callback', 'retry') AND result_counts THEN NULL
               WHEN reached AND follow_up IS NULL THEN 'finished'
               WHEN outcome = 'person' THEN 'finished'
               WHEN dead THEN 'dead'
               WHEN tries >= %(tries)s THEN 'limit'
               WHEN most_campaign > 0 AND tries_all >= most_campaign THEN 'limit'
               WHEN outcome IS NOT NULL AND (wait_min IS NULL OR times >= max_tries) THEN 'limit'
               WHEN NOT coalesce(known, false) THEN 'zone'
           END AS final,
           CASE WHEN follow_up = 'callback' AND result_counts
                THEN callback_at + CASE WHEN callback_agent_id IS NULL
                                          OR callback_agent_id = %(agent)s THEN interval '0'
                                        ELSE make_interval(mins => %(grace)s) END
           END AS callback_due,
           CASE WHEN follow_up = 'retry' AND result_counts THEN retry_at
                WHEN NOT coalesce(follow_up IN ('callback', 'retry') AND result_counts, false)
                THEN last_at + make_interval(mins => wait_min)
           END AS retry_due
      FROM fact
), dated AS (
    SELECT plan.*,
           CASE WHEN machine_ban THEN machine_until END AS own_machine_until,
           greatest(callback_due, retry_due) AS wanted,
           CASE WHEN callback_due IS NULL
                THEN greatest(ban_until, CASE WHEN machine_ban THEN machine_until END) END AS rule_until,
           CASE WHEN callback_due IS NULL THEN greatest(day_until, week_until) END AS often_until
      FROM plan
)
SELECT id,
       CASE
           WHEN final IS NOT NULL THEN final
           WHEN number_open THEN 'dialling'
           WHEN wanted > %(now)s
                AND wanted >= greatest(wanted, rule_until, often_until)
                THEN CASE WHEN callback_due IS NOT NULL THEN 'callback' ELSE 'retry' END
           WHEN rule_until > %(now)s AND rule_until >= greatest(rule_until, often_until) THEN 'ban'
           WHEN often_until > %(now)s THEN 'frequency'
           WHEN NOT coalesce(place_open, false) THEN 'window'
           ELSE 'due'
       END AS why,
       CASE
           WHEN final IS NOT NULL THEN NULL
           WHEN number_open THEN NULL
           WHEN greatest(wanted, rule_until, often_until) > %(now)s
                THEN greatest(wanted, rule_until, often_until)
           WHEN NOT coalesce(place_open, false) THEN opens_at
       END AS until,
       CASE WHEN final IS NULL
            THEN CASE WHEN number_open THEN greatest(wanted, rule_until, often_until,
                                                     %(now)s + interval '1 minute')
                      ELSE coalesce(greatest(wanted, rule_until, often_until), '1970-01-01'::timestamp)
                 END
       END AS due_at,
       CASE WHEN final IS NULL AND callback_due IS NOT NULL THEN callback_at END AS callback_at,
       CASE WHEN final IS NULL AND callback_due IS NOT NULL THEN callback_agent_id END AS agent,
       coalesce(ban_until > %(now)s, false) AS in_ban
  FROM dated
""",
            places=SQL(", ").join(
                SQL("(%s, %s, %s, %s, %s::timestamp, %s, %s, %s, %s, %s, %s)", *row)
                for row in places
            ),
            campaign=self.id,
            some=some,
            round=self.round_no,
            tries=self.max_tries,
            grace=self.callback_grace_min,
            agent=agent.id if agent else 0,
            now=now,
            dead=list(DEAD),
            stops=self.env["cc.do.not.call"]._sql_stops(
                "call",
                SQL("entry.number_id"),
                SQL("%s", self.id),
                SQL("%s", self.company_id.id),
            ),
        )

    def _why_rows(self, entry_ids=None, now=None, agent=None):
        """:return: list of ``(entry id, why, until)``"""
        if not self.id or entry_ids == []:
            return []
        sql = self._why_sql(entry_ids, now, agent)
        return self.env.execute_query(SQL("SELECT id, why, until FROM (%s) reason", sql))

    def _why_sums(self, now=None):
        """How many numbers there are for each reason, and when the first of them is due.

        :return: ``{why: (count, earliest until or None)}``
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "SELECT why, count(*), min(until) FROM (%s) reason GROUP BY why",
                self._why_sql(None, now),
            )
        )
        return {why: (count, until) for why, count, until in rows}

    def _derive_entries(self, entry_ids=None):
        """Write what follows for these numbers, or all of the campaign's, in one statement."""
        self.ensure_one()
        if entry_ids == []:
            return
        sql = self._why_sql(entry_ids)
        self.env.cr.execute(
            SQL(
                """UPDATE cc_campaign_entry entry
                      SET next_at = CASE WHEN reason.why = 'dialling' AND reason.due_at IS NULL THEN NULL
                                         WHEN reason.due_at IS NULL THEN NULL
                                         ELSE greatest(reason.due_at, entry.create_date) END,
                          closed = CASE WHEN reason.why = ANY(%(closing)s) THEN reason.why
                                        WHEN reason.due_at IS NULL THEN reason.why END,
                          callback_at = reason.callback_at,
                          callback_agent_id = reason.agent
                     FROM (%(sql)s) reason
                    WHERE reason.id = entry.id""",
                closing=list(FINAL),
                sql=sql,
            )
        )
        self.env["cc.campaign.entry"].invalidate_model(
            ["next_at", "closed", "callback_at", "callback_agent_id"], flush=False
        )

    def _tried_entry_ids(self):
        """Those to which rules for retries mean something: of a million, the others are left alone."""
        self.ensure_one()
        self.env["cc.campaign.attempt"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT entry_id FROM cc_campaign_attempt
                    WHERE campaign_id = %s AND state != 'returned'""",
                self.id,
            )
        )
        return [entry_id for (entry_id,) in rows]

    def _first_due(self, moment):
        """When the next number is due after that, by what is stored; or None."""
        [(found,)] = self.env.execute_query(
            SQL(
                "SELECT min(next_at) FROM cc_campaign_entry WHERE campaign_id = %s AND next_at > %s",
                self.id,
                moment,
            )
        )
        return found
