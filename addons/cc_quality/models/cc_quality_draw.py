# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL

from ..utils import sampling


class CcQualityDraw(models.AbstractModel):
    """The SQL of a draw: two passes over what qualifies, no sort, few rows out of the database."""

    _name = "cc.quality.draw"
    _description = "Draw of calls"

    @api.model
    def _draw(self, domain, each, target, seed, fill):
        """Draw calls.

        :param domain: of cc.call
        :param int each: calls an agent
        :param int target: calls in all
        :param int seed: 0 to 2⁶² - 1
        :param bool fill: what some agents have too few of is drawn from the others
        :return: (number of candidates, their hash, ids of the calls drawn in ascending order)
        """
        # sudo: cc.call - drawn for the list's company by its filters, whoever pressed the button
        query = self.env["cc.call"].sudo()._search(domain)
        self.env["cc.call"].flush_model()
        self.env["cc.call.note"].flush_model()
        return self._draw_from(
            query.from_clause, query.where_clause or SQL("TRUE"), each, target, seed, fill
        )

    @api.model
    def _draw_from(self, source, where, each, target, seed, fill, table="cc_call"):
        """The same of any source, for the bench too.

        :param SQL source: FROM clause, in which `table` has columns id and agent_id
        :param SQL where: WHERE clause
        """
        call, agent = SQL.identifier(table, "id"), SQL.identifier(table, "agent_id")
        mark = SQL("hashint8extended(%s::bigint, %s::bigint)", call, seed)
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, count(*), sum(hashint8extended(%s::bigint, 0)::numeric)
                   FROM %s WHERE %s GROUP BY 1""",
                agent,
                call,
                source,
                where,
            )
        )
        have = {agent_id: count for agent_id, count, _sum in rows}
        count = sum(have.values())
        # does not depend on the order, so that no sort is needed to compute it again
        digest = f"{sum(int(one) for _agent, _count, one in rows) % sampling.SPAN:016x}"
        take = sampling.shares(each, target, have, fill, seed)
        drawn = self._smallest(source, where, call, agent, mark, have, take, sampling.bound)
        short = {key: take[key] for key in take if len(drawn.get(key, ())) < take[key]}
        if short:
            # one draw in a million: the bound was too low for these agents
            drawn.update(
                self._smallest(
                    source, where, call, agent, mark, have, short, lambda _wanted, _have: None
                )
            )
        return count, digest, sorted(one for ids in drawn.values() for one in ids)

    def _smallest(self, source, where, call, agent, mark, have, take, bound):
        """Ids by agent of the calls with the smallest marks."""
        wanted = {key: (number, bound(number, have[key])) for key, number in take.items() if number}
        if not wanted:
            return {}
        highest = 2**63 - 1
        # the highest bound alone leaves few calls before anything is joined
        ceiling = max(highest if most is None else most for _number, most in wanted.values())
        limits = SQL(", ").join(
            SQL("(%s::int, %s::bigint)", key, highest if most is None else most)
            for key, (_number, most) in wanted.items()
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT %(agent)s, %(mark)s, %(call)s FROM %(source)s
                   JOIN (VALUES %(limits)s) AS most(agent_id, mark)
                     ON most.agent_id = %(agent)s AND %(mark)s <= most.mark
                   WHERE %(mark)s <= %(ceiling)s::bigint AND %(where)s""",
                ceiling=ceiling,
                agent=agent,
                mark=mark,
                call=call,
                source=source,
                limits=limits,
                where=where,
            )
        )
        by_agent = {}
        for key, number, one in rows:
            by_agent.setdefault(key, []).append((number, one))
        return {
            key: [one for _mark, one in sorted(found)[: wanted[key][0]]]
            for key, found in by_agent.items()
        }
