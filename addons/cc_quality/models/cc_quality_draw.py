# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..utils import sampling

# places of the order that are walked at most; beyond, an agent's calls are read instead
WALK = 250_000


class CcQualityDraw(models.AbstractModel):
    """The SQL of a draw: one pass over what qualifies, then few rows by their keys; no sort."""

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
        self.env.flush_all()
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
        # the sum does not depend on the order, so that no sort is needed to compute it again
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, count(*), sum(hashint8extended(%s, 0)), min(%s), max(%s)
                   FROM %s WHERE %s GROUP BY 1""",
                agent,
                call,
                call,
                call,
                source,
                where,
            )
        )
        have = {agent_id: count for agent_id, count, _sum, _low, _high in rows}
        digest = f"{sum(int(row[2]) for row in rows) % sampling.SPAN:016x}"
        take = sampling.shares(each, target, have, fill, seed)
        take = {agent_id: number for agent_id, number in take.items() if number}
        if not take:
            return sum(have.values()), digest, []
        lowest, highest = min(row[3] for row in rows), max(row[4] for row in rows)
        order = sampling.Order(seed, highest)
        depths = {key: order.depth(number, have[key]) for key, number in take.items()}
        near = [key for key, depth in depths.items() if depth <= WALK]
        drawn = {}
        if near:
            met = order.ids(np.arange(max(depths[key] for key in near)))
            met = met[(met >= lowest) & (met <= highest)].tolist()
            drawn = self._read_ids(source, where, call, agent, near, met)
        # few calls, or one draw in a million: not enough of this agent's were met
        rest = [key for key in take if len(drawn.get(key, ())) < take[key]]
        if rest:
            drawn.update(self._read_ids(source, where, call, agent, rest))
        ids = [one for key in take for one in order.first(drawn[key], take[key])]
        return sum(have.values()), digest, sorted(ids)

    def _read_ids(self, source, where, call, agent, agent_ids, met=None):
        """:return: ids of these agents' candidates, by agent; only those among `met` if it is given"""
        within = SQL("TRUE") if met is None else SQL("%s = ANY(%s)", call, met)
        found = {}
        for agent_id, one in self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM %s WHERE %s AND %s = ANY(%s) AND %s",
                agent,
                call,
                source,
                within,
                agent,
                agent_ids,
                where,
            )
        ):
            found.setdefault(agent_id, []).append(one)
        return found
