# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The share of abandoned calls as regulators count it, from the same raw counts by each one's formula.

The dialler holds the limit by it, Odoo shows it. A call is *abandoned*, *served* (an agent took it, whoever
answered) or was *detected* as a machine; who hung up before an agent had to be there is none of these.
"""

from dataclasses import dataclass

#: Abandoned of all persons, and Ofcom's, which estimates how many of either were machines.
FORMULAS = ("plain", "estimate")


@dataclass(frozen=True, slots=True)
class Formula:
    """A regulator's formula with what is known of its estimates.

    ``of_served``: the part of those served who were machines by the agents' word, and no persons.
    ``of_detected``: the part of detected machines who are persons, by tests of the detection: abandoned ones.
    """

    of_served: float = 0.0
    of_detected: float = 0.0

    def lost(self, abandoned: float, detected: float) -> float:
        """How many count as abandoned."""
        return abandoned + self.of_detected * detected

    def persons(self, abandoned: float, served: float, detected: float) -> float:
        """How many persons answered, abandoned ones too."""
        return self.lost(abandoned, detected) + (1 - self.of_served) * served

    def slack(self, limit: float, abandoned: float, served: float, detected: float) -> float:
        """How many more may be abandoned without passing the limit; below 0 it is passed."""
        lost = self.lost(abandoned, detected)
        return limit * self.persons(abandoned, served, detected) - lost

    def percent(self, abandoned: float, served: float, detected: float) -> float | None:
        """Never rounded; None while nobody answered."""
        persons = self.persons(abandoned, served, detected)
        return 100 * self.lost(abandoned, detected) / persons if persons > 0 else None


def formula(
    kind: str, *, served: int = 0, served_machines: int = 0, amd_wrong: float | None = None
) -> Formula:
    """The formula in force.

    Ofcom's without machine detection takes off, of the abandoned as of the served, the part that was machines
    among the served. The same part of both: it falls out of the division.

    :param kind: one of :data:`FORMULAS`
    :param served: calls that an agent took, ``served_machines`` of them machines by the agents' word
    :param amd_wrong: percent of detected machines who are persons; None without detection
    """
    of_served = min(served_machines / served, 1.0) if served else 0.0
    if kind != "estimate":
        return Formula(of_served)
    if amd_wrong is None:
        return Formula()
    return Formula(of_served, amd_wrong / 100)
