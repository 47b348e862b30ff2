"""One work's marks beside each other: each judge against the middle of the others.

The middle is the median, and a judge is never compared with himself: in a panel of three his own
mark would pull it along.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rules.awarding import awarded
from rules.scheme_nodes import Aspect, Part

# With two judges nobody can say which of them is apart.
FEWEST = 3
PLACES = Decimal("0.01")
_FINE = Decimal("0.0001")
_ZERO = Decimal(0)

SheetMarks = Mapping[int, Mapping[str, Decimal]]


class Gauge:
    """The aspects of one part, ready to weigh many marks."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.aspects: dict[str, Aspect] = {aspect.key: aspect for aspect in part.aspects}
        self.spans = {one.key: one.maximum - one.minimum for one in part.aspects}
        self._worths: dict[str, dict[Decimal, Decimal]] = {key: {} for key in self.aspects}

    def worth(self, key: str, value: Decimal) -> Decimal:
        """Return what a mark is worth; each different mark is worked out once."""
        known = self._worths[key]
        found = known.get(value)
        if found is None:
            exact = awarded(self.aspects[key], value)
            found = (Decimal(exact.numerator) / exact.denominator).quantize(_FINE)
            known[value] = found
        return found


@dataclass(frozen=True, slots=True)
class Compared:
    """One work: each judge's marks, and how far they are from the middle of the others'.

    `apart` is by aspect and seat, in the marks of the sheet, and `middles` holds the medians of
    all; `totals` and `off` are in percent of what the marked aspects can bring, for judges who
    marked the same ones. `far` adds up how far a judge is from the others on all aspects.
    """

    work: str
    part: str
    marks: SheetMarks
    apart: Mapping[str, Mapping[int, Decimal]] = field(default_factory=dict)
    middles: Mapping[str, Decimal] = field(default_factory=dict)
    totals: Mapping[int, Decimal] = field(default_factory=dict)
    off: Mapping[int, Decimal] = field(default_factory=dict)
    far: Mapping[int, Decimal] = field(default_factory=dict)


def median(values: Sequence[Decimal]) -> Decimal:
    """Return the median of sorted values."""
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def from_others(values: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return how far each value lies from the median of the others; nothing for small panels."""
    return _from_others(values, sorted(values.values()))


def _from_others(values: Mapping[int, Decimal], order: Sequence[Decimal]) -> dict[int, Decimal]:
    if len(values) < FEWEST:
        return {}
    if order[0] == order[-1]:
        return dict.fromkeys(values, _ZERO)
    return {seat: value - _without(order, value) for seat, value in values.items()}


def _without(order: Sequence[Decimal], value: Decimal) -> Decimal:
    """Return the median of sorted values without one of them."""
    own, rest = bisect_left(order, value), len(order) - 1
    upper = rest // 2
    high = order[upper + (upper >= own)]
    if rest % 2:
        return high
    return (order[upper - 1 + (upper - 1 >= own)] + high) / 2


def compare(gauge: Gauge, work: str, marks: SheetMarks) -> Compared:
    """Put the sheets of one work side by side."""
    worths: dict[str, dict[int, Decimal]] = {}
    for seat, of_seat in marks.items():
        for key, value in of_seat.items():
            if key in gauge.aspects:
                worths.setdefault(key, {})[seat] = gauge.worth(key, value)
    orders = {key: sorted(values.values()) for key, values in worths.items()}
    apart = {key: _from_others(values, orders[key]) for key, values in worths.items()}
    middles = {key: median(order) for key, order in orders.items()}
    totals = _totals(gauge, marks, worths)
    far = {
        seat: sum(
            (abs(of_aspect[seat]) for of_aspect in apart.values() if seat in of_aspect), _ZERO
        )
        for seat in marks
    }
    off = from_others(totals)
    return Compared(work, gauge.part.key, marks, apart, middles, totals, off, far)


def _totals(
    gauge: Gauge, marks: SheetMarks, worths: Mapping[str, Mapping[int, Decimal]]
) -> dict[int, Decimal]:
    """Return the totals of the largest group that marked the same aspects, in percent."""
    groups: dict[frozenset[str], list[int]] = {}
    for seat, of_seat in marks.items():
        groups.setdefault(frozenset(of_seat.keys() & gauge.aspects.keys()), []).append(seat)
    keys = max(groups, key=lambda group: (len(groups[group]), len(group)), default=frozenset())
    highest = sum((gauge.aspects[key].maximum for key in keys), _ZERO)
    if not highest:
        return {}
    return {
        seat: 100 * sum((worths[key][seat] for key in keys), _ZERO) / highest
        for seat in groups[frozenset(keys)]
    }
