"""What several editions tell together, where those that are known from lists do not tell it all.

A list of the past holds a step only where it says something of it: nobody passed in a list that
knows of no passing. Numbers are added up over the editions that hold them, and rates are formed
over those that hold both sides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from rules.statistics import STAGES, Origin, Steps, added, share

# Beside the steps: whose sex, whose standing as company staff is known, and whether the list names
# all who came. One in which everybody won names the winners alone: of it no rate says anything.
SEX, STAFF, MONEY, EVERYBODY = "sex", "staff", "money", "everybody"
ALL = frozenset({*STAGES, SEX, STAFF, MONEY, EVERYBODY})
NOWHERE = Origin()
Number = TypeVar("Number", int, Decimal)


class Way(Protocol):
    """How far people came, in one edition or several."""

    def count(self, stage: str) -> int | None:
        """Return how many came to a step; None where nobody tells."""

    def rate(self, part: str, whole: str) -> Decimal | None:
        """Return a percentage of two steps; None where nobody tells both."""

    @property
    def origin(self) -> Origin:
        """Return where the numbers come from."""

    def origin_of(self, stage: str) -> Origin:
        """Return where the number of a step comes from."""


@dataclass(frozen=True, slots=True)
class Told:
    """The steps of several editions, each with what it holds and where it is from."""

    parts: tuple[tuple[frozenset[str], Steps, Origin], ...] = ()

    def __add__(self, other: "Told") -> "Told":
        """Take both together."""
        return Told(self.parts + other.parts)

    @property
    def origin(self) -> Origin:
        """Return where the numbers come from."""
        return sum((origin for _held, _steps, origin in self.parts), NOWHERE)

    def origin_of(self, stage: str) -> Origin:
        """Return where the number of a step comes from."""
        return sum((origin for held, _steps, origin in self.parts if stage in held), NOWHERE)

    def of(self, *wanted: str) -> Steps:
        """Add up the steps of the editions that hold all of these."""
        return added(steps for held, steps, _origin in self.parts if held.issuperset(wanted))

    def count(self, stage: str) -> int | None:
        """Return how many came to a step; None where there are editions and none holds it."""
        return summed(
            (getattr(steps, stage) if stage in held else None for held, steps, _ in self.parts), 0
        )

    def rate(self, part: str, whole: str) -> Decimal | None:
        """Return a percentage over the editions that hold both steps and name everybody."""
        steps = self.of(part, whole, EVERYBODY)
        return share(getattr(steps, part), getattr(steps, whole))


def together(many: Iterable[Told]) -> Told:
    """Take several together."""
    total = Told()
    for one in many:
        total = total + one
    return total


def summed(many: Iterable[Number | None], zero: Number) -> Number | None:
    """Add up what is known; None where there is something and nothing of it is known."""
    total: Number = zero
    asked = told = False
    for one in many:
        asked = True
        if one is not None:
            told = True
            total = total + one
    return total if told or not asked else None
