"""Marks and sheets that lie apart from the panel's, measured by what is usual in the event.

Three or five marks of one work can't say how far judges usually are apart. The yardstick is the
median distance over all works (times 1.4826, a standard deviation where marks scatter normally):
with the usual factor 5, about one fair mark in a million is called apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from rules.alarms import Alarm, AlarmKind, AlarmRules
from rules.comparisons import PLACES, Compared, Gauge, median

_NORMAL = Decimal("1.4826")
_ZERO = Decimal(0)
_FEWEST_WORKS = 5


def usual_distances(gauge: Gauge, works: Sequence[Compared]) -> dict[str, Decimal]:
    """Return for each aspect how far judges usually are from the middle of the others.

    After a few works nobody knows yet what is usual: then it is 0, and only the shares count.
    """
    found = {}
    for key in gauge.spans:
        known = [one.apart[key] for one in works if one.apart.get(key)]
        distances = (distance for apart in known for distance in apart.values())
        found[key] = scale(distances) if len(known) >= _FEWEST_WORKS else _ZERO
    return found


def mark_outliers(
    gauge: Gauge,
    works: Sequence[Compared],
    usual: Mapping[str, Decimal],
    rules: AlarmRules,
) -> Iterator[Alarm]:
    """Yield single marks that lie far from those of the other judges, who lie together."""
    for key, span in gauge.spans.items():
        least = max(span * rules.mark_percent / 100, rules.mads * usual[key])
        for one in works:
            apart = one.apart.get(key)
            if apart and (max(apart.values()) >= least or min(apart.values()) <= -least):
                yield from _marks(gauge, one, key, least)


def scale(distances: Iterable[Decimal]) -> Decimal:
    """Return the usual distance: 1.4826 times the median of the absolute ones."""
    sizes = sorted(map(abs, distances))
    return _NORMAL * median(sizes) if sizes else _ZERO


def _marks(gauge: Gauge, one: Compared, key: str, least: Decimal) -> Iterator[Alarm]:
    values = {
        seat: gauge.worth(key, marks[key]) for seat, marks in one.marks.items() if key in marks
    }
    for seat, distance in one.apart[key].items():
        if abs(distance) >= least and abs(distance) > _width(values, seat):
            numbers = {"own": values[seat], "middle": values[seat] - distance}
            shown = {name: value.quantize(PLACES) for name, value in numbers.items()}
            yield Alarm(AlarmKind.MARK_APART, one.part, seat, one.work, key, shown)


def _width(values: Mapping[int, Decimal], seat: int) -> Decimal:
    """Return how far the others are apart: two camps are a spread, not an outlier."""
    others = [value for number, value in values.items() if number != seat]
    return max(others) - min(others)


def sheet_outliers(works: Sequence[Compared], rules: AlarmRules) -> Iterator[Alarm]:
    """Yield whole sheets that lie far from those of the other judges."""
    usual = scale(distance for one in works for distance in one.off.values())
    least = max(rules.sheet_percent, rules.mads * usual)
    for one in works:
        for seat, distance in one.off.items():
            if all_zero(one.marks[seat]):
                continue  # said as such
            if abs(distance) >= least and abs(distance) > _width(one.totals, seat):
                yield _sheet(AlarmKind.SHEET_APART, one, seat)


def zero_sheets(works: Iterable[Compared]) -> Iterator[Alarm]:
    """Yield sheets on which every mark is 0 although the others gave marks.

    In real panels that is what became of an absent judge; it may also be what he meant.
    """
    for one in works:
        for seat, distance in one.off.items():
            if all_zero(one.marks[seat]) and one.totals[seat] - distance > 0:
                yield _sheet(AlarmKind.ZEROS, one, seat)


def all_zero(marks: Mapping[str, Decimal]) -> bool:
    """Say whether every mark of a sheet is 0."""
    return bool(marks) and not any(marks.values())


def _sheet(kind: AlarmKind, one: Compared, seat: int) -> Alarm:
    numbers = {"own": one.totals[seat], "middle": one.totals[seat] - one.off[seat]}
    shown = {name: value.quantize(PLACES) for name, value in numbers.items()}
    return Alarm(kind, one.part, seat, one.work, None, shown)
