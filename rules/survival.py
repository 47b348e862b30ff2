"""How long pairs of mentor and apprentice last: the estimate of Kaplan and Meier, with counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Lasted:
    """How many months somebody was watched, and whether it ended badly then.

    Who reached the end of the term, or goes on still, was watched so long and no longer. ``count``
    are as many alike.
    """

    months: int
    ended: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One month in which pairs ended: how many could have, did, left, and which share is kept."""

    month: int
    at_risk: int
    ended: int
    left: int
    kept: Fraction

    @property
    def percent(self) -> Decimal:
        """Return the share in per cent, to one place."""
        tenths = Decimal(round(self.kept * 1000))
        return (tenths / 10).quantize(Decimal("0.1"))


def months_between(start: date, end: date) -> int:
    """Count the full months from one day to another; none where the end is before the start."""
    months = 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)
    return max(0, months)


def survival(watched: Iterable[Lasted]) -> list[Step]:
    """Estimate which share of pairs still goes on after each month in which any left or ended.

    Who leaves in a month counts as at risk in it. The share after month t is the product of
    (at risk - ended) / at risk over all months up to t.
    """
    ended: dict[int, int] = {}
    left: dict[int, int] = {}
    for one in watched:
        book = ended if one.ended else left
        book[one.months] = book.get(one.months, 0) + one.count
    at_risk = sum(ended.values()) + sum(left.values())
    kept, steps = Fraction(1), []
    for month in sorted(ended.keys() | left.keys()):
        lost, gone = ended.get(month, 0), left.get(month, 0)
        kept *= Fraction(at_risk - lost, at_risk)
        steps.append(Step(month, at_risk, lost, gone, kept))
        at_risk -= lost + gone
    return steps


def at_risk_after(steps: Iterable[Step], month: int) -> int:
    """Count those who were watched for so many months at least."""
    return next((step.at_risk for step in steps if step.month >= month), 0)


def median(steps: Iterable[Step]) -> int | None:
    """Return the first month after which not more than half go on; None while more do."""
    return next((step.month for step in steps if step.kept <= Fraction(1, 2)), None)


@dataclass(frozen=True, slots=True)
class Sample:
    """The curve at one month: how many were watched that long, how many had ended, which share."""

    month: int
    at_risk: int
    ended: int
    percent: Decimal


def sampled(steps: Sequence[Step], every: int) -> list[Sample]:
    """Read the curve every so many months, from its beginning to its last month."""
    if not steps:
        return []
    last = steps[-1].month
    return [_sample(steps, month) for month in range(0, last + every, every)]


def _sample(steps: Sequence[Step], month: int) -> Sample:
    past = [step for step in steps if step.month <= month]
    percent = past[-1].percent if past else Decimal("100.0")
    return Sample(month, at_risk_after(steps, month), sum(step.ended for step in past), percent)
