"""What an edition comes to, counted once: by event, sex, age, district, industry, employer.

All counts are person-times, one for each person in each entry (R7.12), unless said otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.data import RuleData
from rules.editions import ContestKind

STAGES = ("registered", "accepted", "competed", "passed", "prized", "levelled")
# What is counted by: each knows its own values.
AXES = ("event", "staff", "sex", "district", "industry", "employer")
AGES = (18, 25, 30, 35, 40, 45, 50)
FEWEST = 3
# Editions that are counted; what only carries a choice or stands for a contest elsewhere is not.
COUNTED_KIND = ContestKind.CONTEST


MOST_NAMED = 3  # more lists than these are not named one by one


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number comes from: editions that were held here, and lists by their numbers."""

    here: bool = False
    lists: frozenset[int] = frozenset()

    @property
    def named(self) -> list[int]:
        """Return the lists that are named one by one: none where they are too many for that."""
        return sorted(self.lists) if len(self.lists) <= MOST_NAMED else []

    def __add__(self, other: "Origin") -> "Origin":
        """Take both together."""
        return Origin(self.here or other.here, self.lists | other.lists)


class Steps(RuleData):
    """How far people came, from the entry to the level (person-times)."""

    registered: int = 0
    accepted: int = 0
    competed: int = 0
    passed: int = 0
    prized: int = 0
    levelled: int = 0

    def __add__(self, other: "Steps") -> "Steps":
        """Add up step by step."""
        return Steps(**{name: getattr(self, name) + getattr(other, name) for name in STAGES})

    def count(self, stage: str) -> int | None:
        """Return how many came to a step."""
        found: int = getattr(self, stage)
        return found

    def rate(self, part: str, whole: str) -> Decimal | None:
        """Return those who came to one step as a percentage of those who came to another."""
        return share(getattr(self, part), getattr(self, whole))

    @property
    def origin(self) -> Origin:
        """Say that they were counted here."""
        return Origin(here=True)

    def origin_of(self, _stage: str) -> Origin:
        """Say the same of each step."""
        return self.origin


class Marks(RuleData):
    """The totals of an event: how many, their sum, the ends, and how many in each band of ten."""

    count: int = 0
    total: Decimal = Decimal(0)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    bands: dict[int, int] = {}

    @property
    def mean(self) -> Decimal | None:
        """Return the mean to two places."""
        return None if not self.count else (self.total / self.count).quantize(Decimal("0.01"))


class TierCount(RuleData):
    """One tier of an edition: entries and persons that got it, and its prize money."""

    title: str
    order: int
    entries: int
    persons: int
    amount: Decimal


class Tally(RuleData):
    """The counts of one edition that one pass over its entries gives."""

    by: dict[str, dict[str, Steps]] = {}
    persons: int = 0
    employers: int = 0
    women: int = 0
    staff_persons: int = 0
    marks: dict[int, Marks] = {}
    tiers: tuple[TierCount, ...] = ()
    levels: dict[int, int] = {}
    amount: Decimal = Decimal(0)

    @property
    def whole(self) -> Steps:
        """Return the steps of the whole edition."""
        return added(self.by.get("event", {}).values())

    @property
    def prizes(self) -> int:
        """Return how many persons got a prize (person-times)."""
        return sum(tier.persons for tier in self.tiers)


class ItemCount(RuleData):
    """How one item of a marking scheme did: marks, mean share of its maximum, discrimination."""

    part: str
    title: str
    maximum: Decimal
    count: int
    difficulty: Decimal | None
    discrimination: Decimal | None


class PanelCount(RuleData):
    """How far the judges of one part agree: works, judges, reliability, how far apart."""

    part: str
    works: int
    judges: int
    single: Decimal | None
    panel: Decimal | None
    apart: Decimal
    widest: Decimal


class EventDetails(RuleData):
    """Items, their reliability, and panels of one event."""

    items: tuple[ItemCount, ...] = ()
    reliability: dict[str, Decimal] = {}
    panels: tuple[PanelCount, ...] = ()


class Details(RuleData):
    """What takes a longer look at an edition: ages, and marks item by item."""

    ages: dict[str, Steps] = {}
    events: dict[int, EventDetails] = {}


def added(many: Iterable[Steps]) -> Steps:
    """Add up."""
    total = Steps()
    for one in many:
        total = total + one
    return total


def age_band(age: int | None) -> str:
    """Return the band of an age, named by its first year; empty where no age is known."""
    if age is None:
        return ""
    return str(max((start for start in AGES if start <= age), default=0))


def share(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """Return a percentage with one digit; None of nothing."""
    return None if not whole else (Decimal(100) * part / whole).quantize(Decimal("0.1"))


def hidden(counts: Sequence[int], fewest: int = FEWEST) -> frozenset[int]:
    """Return which counts of a list may not leave the bureau, so that nobody is made out by them.

    Those of fewer people; and, where it is a single one, the next smallest with it: otherwise the
    sum of all would tell it.
    """
    small = [place for place, count in enumerate(counts) if 0 < count < fewest]
    if len(small) == 1:
        others = [p for p, count in enumerate(counts) if count >= fewest]
        small += sorted(others, key=lambda place: counts[place])[:1]
    return frozenset(small)


def largest(rows: Mapping[str, Steps], most: int) -> list[tuple[str, Steps]]:
    """List the values with the most accepted people, ties by name; at most so many."""
    ordered = sorted(rows.items(), key=lambda row: (-row[1].accepted, row[0]))
    return ordered[:most]
