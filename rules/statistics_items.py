"""Item difficulty and discrimination, reliability, and how far judges agree.

Difficulty is the mean share of an item's maximum that was awarded (得分率): the higher, the easier.
Discrimination is that share among the best 27 % of entries less that among the last 27 %.
Reliability is Cronbach's alpha over the items of a sheet. Agreement is the intraclass correlation
of judges' totals, absolute agreement in a two-way random model: of one judge, and of the panel's
mean (Shrout and Fleiss 1979, ICC(2,1) and ICC(2,k)).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.awarding import awarded, mark_problem
from rules.scheme_nodes import Aspect, AspectKind, Part
from rules.statistics import ItemCount, PanelCount

OUTER = Fraction(27, 100)
_PLACES = Decimal("0.001")
HIGH, LOW = 1, -1
# An item's worth grows with its mark in one proportion: a sheet can be added up by the database.
LINEAR = frozenset({AspectKind.POINTS, AspectKind.JUDGEMENT, AspectKind.MEASUREMENT})


@dataclass(frozen=True, slots=True)
class Given:
    """So many equal marks of one item among the best (1), the last (-1) or the middle (0)."""

    value: Decimal
    group: int
    count: int


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sums over all complete sheets of a part: how many, their totals, the squares of these."""

    count: int
    total: Fraction
    squares: Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """The sums over all works that the whole panel marked.

    `seats` holds the sum of each judge's totals; `works` the sum of the squared sums of a work.
    """

    works: int
    seats: Sequence[Fraction]
    squares: Fraction
    works_squared: Fraction
    apart: Fraction
    widest: Fraction


def cuts(count: int) -> int:
    """Return how many entries make up the best, and the last, 27 % of so many."""
    return int(OUTER * count)


def item_count(part: Part, aspect: Aspect, given: Sequence[Given]) -> ItemCount:
    """Say how an item did; marks that the scheme no longer knows say nothing."""
    given = [one for one in given if mark_problem(aspect, one.value) is None]
    found = {group: _mean_share(aspect, given, group) for group in (HIGH, LOW)}
    whole = _mean_share(aspect, given, None)
    best, last = found[HIGH], found[LOW]
    apart = None if best is None or last is None else best - last
    return ItemCount(
        part=part.title,
        title=aspect.title,
        maximum=aspect.maximum,
        count=sum(one.count for one in given),
        difficulty=_shown(whole),
        discrimination=_shown(apart),
    )


def _mean_share(aspect: Aspect, given: Iterable[Given], group: int | None) -> Fraction | None:
    count, worth = 0, Fraction(0)
    for one in given:
        if group is None or one.group == group:
            count += one.count
            worth += awarded(aspect, one.value) * one.count
    if not count or not aspect.maximum:
        return None
    return worth / count / Fraction(aspect.maximum)


def factor(aspect: Aspect) -> Fraction | None:
    """Return what one unit of a mark is worth; None where the worth is in no proportion."""
    if aspect.kind is AspectKind.POINTS:
        return Fraction(1)
    if aspect.kind is AspectKind.JUDGEMENT and not aspect.awards:
        return Fraction(aspect.maximum) / aspect.top
    if aspect.kind is AspectKind.MEASUREMENT and not aspect.minimum:
        return Fraction(aspect.maximum)
    return None


def alpha(items: Mapping[str, tuple[Aspect, Sequence[Given]]], sheets: Sheets) -> Decimal | None:
    """Return Cronbach's alpha; None with fewer than two items or without differences."""
    if len(items) < 2 or sheets.count < 2:
        return None
    n = sheets.count
    whole = sheets.squares / n - (sheets.total / n) ** 2
    if whole <= 0:
        return None
    single = sum((_variance(aspect, given) for aspect, given in items.values()), Fraction(0))
    k = len(items)
    return _shown(Fraction(k, k - 1) * (1 - single / whole))


def _variance(aspect: Aspect, given: Sequence[Given]) -> Fraction:
    count = sum(one.count for one in given)
    if not count:
        return Fraction(0)
    worths = [(awarded(aspect, one.value), one.count) for one in given]
    mean = sum((worth * times for worth, times in worths), Fraction(0)) / count
    square = sum((worth * worth * times for worth, times in worths), Fraction(0)) / count
    return square - mean * mean


def agreement(part: Part, sums: Agreement) -> PanelCount:
    """Say how far the judges of a part agree."""
    single, panel = _icc(sums)
    return PanelCount(
        part=part.title,
        works=sums.works,
        judges=len(sums.seats),
        single=_shown(single),
        panel=_shown(panel),
        apart=Decimal(round(float(sums.apart / sums.works), 2)).quantize(Decimal("0.01")),
        widest=Decimal(round(float(sums.widest), 2)).quantize(Decimal("0.01")),
    )


def _icc(sums: Agreement) -> tuple[Fraction | None, Fraction | None]:
    n, k = sums.works, len(sums.seats)
    if n < 2 or k < 2:
        return None, None
    whole = sum(sums.seats, Fraction(0))
    centre = whole * whole / (n * k)
    rows = sums.works_squared / k - centre
    columns = sum((seat * seat for seat in sums.seats), Fraction(0)) / n - centre
    rest = sums.squares - centre - rows - columns
    row, column = rows / (n - 1), columns / (k - 1)
    error = rest / ((n - 1) * (k - 1))
    one = row + (k - 1) * error + Fraction(k, n) * (column - error)
    many = row + (column - error) / n
    single = (row - error) / one if one > 0 else None
    panel = (row - error) / many if many > 0 else None
    return single, panel


def _shown(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES)
