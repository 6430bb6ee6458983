# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A draw that needs no sort of all candidates and can be shown to be fair.

Each candidate has a number of its own, ``hashint8extended(id, seed)``: who knows the seed can compute
it again. Of each agent's calls the ones with the smallest numbers are drawn. Below a bound that lets
somewhat more than these through, only few rows leave the database; these alone are sorted.
"""

import math
import random
from collections.abc import Mapping

#: Raised when the same seed and candidates would give another draw.
RULE_VERSION = 1
LOWEST, SPAN = 1 - 2**63, 2**64
# so many standard deviations and rows more than asked: the bound is too low once in a million draws
SIGMAS, SPARE = 5, 12


def quota(rule: str, count: int, agents: int, rounding: str) -> int:
    """Calls an agent: of a total number the quotient rounded up or down, else the number itself.

    >>> quota("total", 10, 3, "up"), quota("total", 10, 3, "down"), quota("per_agent", 2, 3, "up")
    (4, 3, 2)
    """
    if rule == "per_agent":
        return count
    if not agents:
        return 0
    return math.ceil(count / agents) if rounding == "up" else count // agents


def bound(wanted: int, candidates: int) -> int | None:
    """The number below which almost surely `wanted` of so many candidates lie; None: take all."""
    if wanted <= 0:
        return LOWEST
    enough = wanted + SIGMAS * math.sqrt(wanted) + SPARE
    if enough >= candidates:
        return None
    return LOWEST + int(SPAN * (enough / candidates))


def shares(
    wanted: int, total: int, have: Mapping[int, int], fill: bool, seed: int = 0
) -> dict[int, int]:
    """How many calls to draw of each agent.

    :param wanted: an agent's share
    :param total: of all agents together
    :param have: candidates by agent
    :param fill: what agents with too few calls leave over is drawn from the others, evenly
    :param seed: decides who gives a call more where it does not divide
    """
    take = {agent: min(wanted, count) for agent, count in have.items()}
    left = total - sum(take.values())
    order = sorted(have)
    random.Random(seed).shuffle(order)
    while fill and left > 0:
        room = [agent for agent in order if take[agent] < have[agent]]
        if not room:
            break
        more = max(left // len(room), 1)
        for agent in room:
            step = min(more, have[agent] - take[agent], left)
            take[agent] += step
            left -= step
            if not left:
                break
    return take
