# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How busy a dialler keeps its agents, and how many it abandons, against what others do.

    .cache/venv-bridge/bin/python bench/pacing.py [--days 5] [--agents 5,10,50,100] [--kinds "p 0.3,lunch"]
        [--pacers "ours,ratio; tuned"] [--seed 1] [--processes 1]

Simulated days of eight hours (``cc_bridge_dialer.simulator``): handling lognormal, mean 150 s, cv 0.8; a person
answers after a lognormal time, mean 9 s; unanswered numbers are let go at 25 s, persons abandoned after 2 s. The
pacer starts each day knowing nothing. *busy*: part of the agents' time in talk or wrap-up, in percent;
*abandoned*: of those whom a person answered, in percent, the mean day and the worst; *over*: days above 3 %.

Ratios: the best single one is looked for on other seeds of the same day (the highest that abandons at most 3 %);
*mistuned* is 3 lines for each ready agent, whatever N. VICIdial's rules with lines for ready agents only, which suits
them better.
"""

import argparse
import math
import sys
from collections.abc import Callable
from multiprocessing import Pool
from pathlib import Path
from statistics import mean

from table import show

BRIDGE = Path(__file__).parents[1] / "addons" / "cc_survey_dialer" / "bridge" / "src"
sys.path.insert(0, str(BRIDGE))
from cc_bridge_dialer.pacer import Limits, Pacer  # noqa: E402
from cc_bridge_dialer.rivals import FixedRatio, Progressive, Vicidial  # noqa: E402
from cc_bridge_dialer.simulator import Day, Outcome, Paces, Simulator, steady  # noqa: E402

LIMIT = 0.03
SHIFT_S = 8 * 3600.0
RATIOS = (1.0, 1.3, 1.5, 1.7, 2.0, 2.2, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0)

PACERS: dict[str, Callable[[float], Paces]] = {
    "ours": lambda _r: Pacer("predictive", Limits()),
    "progressive": lambda _r: Progressive(),
    "ratio, tuned": FixedRatio,
    "ratio 3, mistuned": lambda _r: FixedRatio(3.0),
    "VICIdial tapered": lambda _r: Vicidial("tapered", only_ready=True),
    "VICIdial hard limit": lambda _r: Vicidial("hard_limit", only_ready=True),
}


def swings(t: float) -> float:
    """Between 0.15 and 0.5, there and back in four hours."""
    return 0.325 - 0.175 * math.cos(2 * math.pi * t / 14_400)


def rises(t: float) -> float:
    """From 0.15 in the morning to 0.5 in the evening."""
    return 0.15 + 0.35 * t / SHIFT_S


def jumps(t: float) -> float:
    """0.15 and 0.5 by turns, an hour each."""
    return 0.5 if int(t // 3600) % 2 else 0.15


def _lunch(agents: int) -> tuple[tuple[float, int], ...]:
    """In three thirds, half an hour each, one after the other."""
    third = max(agents // 3, 1)
    changes: list[tuple[float, int]] = []
    for n in range(3):
        changes += [(12_600 + 1800 * n, -third), (14_400 + 1800 * n, third)]
    return tuple(changes)


KINDS: dict[str, Callable[[int], Day]] = {
    "p 0.15": lambda n: Day(agents=n, answer_rate=steady(0.15)),
    "p 0.3": lambda n: Day(agents=n),
    "p 0.5": lambda n: Day(agents=n, answer_rate=steady(0.5)),
    "drift swings": lambda n: Day(agents=n, answer_rate=swings),
    "drift rises": lambda n: Day(agents=n, answer_rate=rises),
    "drift jumps": lambda n: Day(agents=n, answer_rate=jumps),
    "lunch": lambda n: Day(agents=n, staff=_lunch(n)),
    "shift change": lambda n: Day(agents=n, staff=((SHIFT_S / 2, -n), (SHIFT_S / 2 + 300, n))),
    "handling 60 s": lambda n: Day(agents=n, handle_mean_s=60),
    "handling 300 s": lambda n: Day(agents=n, handle_mean_s=300),
    "wrap-up a third": lambda n: Day(agents=n, wrap_share=1 / 3),
    "machines 40 %": lambda n: Day(agents=n, machine_share=0.4, busy_share=0.1),
    "10 % hang up": lambda n: Day(agents=n, hang_up_share=0.1),
    "answer after 15 s": lambda n: Day(agents=n, answer_mean_s=15),
    "60 s swings": lambda n: Day(agents=n, handle_mean_s=60, answer_rate=swings),
    "300 s swings": lambda n: Day(agents=n, handle_mean_s=300, answer_rate=swings),
    "300 s lunch jumps": lambda n: Day(
        agents=n, handle_mean_s=300, answer_rate=jumps, staff=_lunch(n)
    ),
}


def run(task: tuple[str, str, int, float, int]) -> Outcome:
    """One day of one pacer."""
    pacer, kind, agents, ratio, seed = task
    return Simulator(PACERS[pacer](ratio), seed).run(KINDS[kind](agents))


def tuned(pool: Pool, kind: str, agents: int, seed: int) -> float:
    """The highest ratio that keeps the limit on a day of another seed."""
    tasks = [("ratio, tuned", kind, agents, r, seed + 999) for r in RATIOS]
    days = pool.map(run, tasks)
    return max(
        (r for r, day in zip(RATIOS, days, strict=True) if day.abandonment <= LIMIT), default=1.0
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--agents", default="5,10,50,100")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--pacers", default=",".join(PACERS).replace(", ", "; "))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    args = parser.parse_args()
    pacers = [name.strip().replace("; ", ", ") for name in args.pacers.split(",")]
    with Pool(args.processes) as pool:
        for kind in args.kinds.split(","):
            rows = []
            for agents in map(int, args.agents.split(",")):
                for name in pacers:
                    ratio = tuned(pool, kind, agents, args.seed) if name == "ratio, tuned" else 0.0
                    days = pool.map(
                        run, [(name, kind, agents, ratio, args.seed + n) for n in range(args.days)]
                    )
                    rows.append(
                        [
                            f"{agents} {name}" + (f" ({ratio})" if ratio else ""),
                            100 * mean(day.utilisation for day in days),
                            f"{100 * mean(day.abandonment for day in days):.2f}",
                            f"{100 * max(day.abandonment for day in days):.2f}",
                            f"{sum(day.abandonment > LIMIT for day in days)}/{len(days)}",
                        ]
                    )
            show(
                f"{kind}, {args.days} days",
                ("agents, pacer", "busy", "abandoned", "worst", "over"),
                rows,
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
