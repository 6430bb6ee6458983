# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A draw that sorts nothing and can be shown to be fair.

The seed shuffles the ids of calls: each id has its place in an order of all ids, and each place its id.
Of each agent's calls the first ones in this order are drawn. So nobody needs to look at all calls: whoever
walks along the order meets the drawn calls soon where candidates are many, and where they are few, their
places are worked out one by one. Both ways draw the same calls.
"""

import hashlib
import math
import random
from collections.abc import Mapping

import numpy as np

#: Raised when the same seed and candidates would give another draw.
RULE_VERSION = 2
SPAN = 2**64
# so many standard deviations and calls more than asked: too few are met once in a million draws
SIGMAS, SPARE = 5, 12
ROUNDS, FEWEST_BITS = 8, 16


class Order:
    """An order of the ids from 0 to the highest, by seed: a Feistel network over as many bits as they have.

    ``places`` and ``ids`` are each other's inverse.
    """

    def __init__(self, seed: int, highest: int) -> None:
        self.half = max(FEWEST_BITS, highest.bit_length() + 1) // 2
        self.size = 1 << 2 * self.half
        digest = hashlib.sha512(str(seed).encode()).digest()
        self.keys = [int.from_bytes(digest[8 * n : 8 * n + 8], "big") for n in range(ROUNDS)]

    def _mixed(self, half: np.ndarray, key: int) -> np.ndarray:
        """The round function: SplitMix64's finalizer, cut to half of the bits."""
        mixed = half ^ np.uint64(key)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (mixed ^ (mixed >> np.uint64(31))) & np.uint64((1 << self.half) - 1)

    def places(self, ids: np.ndarray) -> np.ndarray:
        """Where these ids stand."""
        left, right = self._halves(ids)
        for key in self.keys:
            left, right = right, left ^ self._mixed(right, key)
        return self._whole(left, right)

    def ids(self, places: np.ndarray) -> np.ndarray:
        """What stands at these places."""
        left, right = self._halves(places)
        for key in reversed(self.keys):
            left, right = right ^ self._mixed(left, key), left
        return self._whole(left, right)

    def _halves(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        whole = np.asarray(values).astype(np.uint64)
        return whole >> np.uint64(self.half), whole & np.uint64((1 << self.half) - 1)

    def _whole(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        return ((left << np.uint64(self.half)) | right).astype(np.int64)

    def depth(self, wanted: int, candidates: int) -> int:
        """How far to walk until almost surely `wanted` of so many candidates are met."""
        enough = wanted + SIGMAS * math.sqrt(wanted) + SPARE
        return math.ceil(self.size * min(enough / candidates, 1.0))

    def first(self, ids: list[int], wanted: int) -> list[int]:
        """The first of these ids."""
        found = np.asarray(ids, dtype=np.int64)
        return found[np.argsort(self.places(found))][:wanted].tolist()


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
