"""Marks that look like slips of the hand: swapped digits, a point, a line or a work too far.

A slip is only spoken of where a mark lies apart from the others by several times their own
distance, and where the supposed mark would lie among theirs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rules.alarms import Alarm, AlarmKind, Numbers
from rules.comparisons import FEWEST, PLACES, Compared, Gauge, median
from rules.data import plain
from rules.scheme_nodes import Aspect, AspectKind

# Levels, yes and no, and options have no digits that hands could swap.
_WRITTEN = (AspectKind.POINTS, AspectKind.DEVIATION, AspectKind.BANDS)
_TIMES_APART = 3
_LEAST_PERCENT = 5
_MIXED_PERCENT = 10
_MIXED_ASPECTS = 3
_TEN = Decimal(10)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Odd:
    """A mark that lies apart: the middle of the others, and how near is near."""

    key: str
    seat: int
    value: Decimal
    middle: Decimal
    near: Decimal

    def fits(self, value: Decimal) -> bool:
        return abs(value - self.middle) <= self.near


def mark_slips(gauge: Gauge, one: Compared) -> Iterator[Alarm]:
    """Yield the marks of one work that look like slips."""
    columns = _columns(gauge, one)
    for index, (key, values) in enumerate(columns):
        if not _some_apart(gauge.aspects[key], one.apart[key].values()):
            continue
        for odd in _odd(gauge.aspects[key], values):
            beside = columns[max(index - 1, 0) : index] + columns[index + 1 : index + 2]
            found = _digits(odd) or _point(odd) or _line(gauge, odd, beside)
            if found is not None:
                kind, more = found
                numbers = {"own": odd.value, "middle": odd.middle, **more}
                yield Alarm(kind, one.part, odd.seat, one.work, key, numbers)


_Columns = list[tuple[str, dict[int, Decimal]]]


def _columns(gauge: Gauge, one: Compared) -> _Columns:
    """Return the marks of the written aspects by seat, in the order of the sheet."""
    found: _Columns = []
    for key, aspect in gauge.aspects.items():
        if aspect.kind in _WRITTEN and one.apart.get(key):
            values = {seat: marks[key] for seat, marks in one.marks.items() if key in marks}
            found.append((key, values))
    return found


def _some_apart(aspect: Aspect, distances: Collection[Decimal]) -> bool:
    """Look quickly whether any mark can be odd; readings are no points, so they always may."""
    if aspect.kind is not AspectKind.POINTS:
        return True
    least = _least(aspect)
    return max(distances) >= least or min(distances) <= -least


def _odd(aspect: Aspect, values: Mapping[int, Decimal]) -> Iterator[_Odd]:
    least = _least(aspect)
    for seat, value in values.items():
        others = sorted(other for number, other in values.items() if number != seat)
        middle, near = median(others), max(_step(aspect), others[-1] - others[0])
        distance = abs(value - middle)
        if distance >= least and distance > _TIMES_APART * near:
            yield _Odd(aspect.key, seat, value, middle, near)


def _step(aspect: Aspect) -> Decimal:
    if aspect.kind is AspectKind.POINTS:
        return aspect.step
    return aspect.reading_step or _ZERO


def _least(aspect: Aspect) -> Decimal:
    if aspect.kind is AspectKind.POINTS:
        share = (aspect.maximum - aspect.minimum) * _LEAST_PERCENT / 100
        return max(share, _TIMES_APART * aspect.step)
    return _step(aspect)


_Found = tuple[AlarmKind, dict[str, Decimal | str]] | None


def _digits(odd: _Odd) -> _Found:
    for meant in swapped(odd.value):
        if odd.fits(meant):
            return AlarmKind.SWAPPED, {"meant": meant}
    return None


def swapped(value: Decimal) -> Iterator[Decimal]:
    """Yield what a number becomes when two digits beside each other change places: 87, 78."""
    text = plain(value)
    places = [index for index, sign in enumerate(text) if sign.isdigit()]
    for left, right in pairwise(places):
        if text[left] != text[right]:
            signs = [*text]
            signs[left], signs[right] = signs[right], signs[left]
            yield Decimal("".join(signs))


def _point(odd: _Odd) -> _Found:
    for meant in (odd.value / _TEN, odd.value * _TEN):
        if odd.value and odd.fits(meant):
            return AlarmKind.TENFOLD, {"meant": meant}
    return None


def _line(gauge: Gauge, odd: _Odd, beside: _Columns) -> _Found:
    """Find the mark in the line above or below, where nearly all others gave just this one."""
    for key, values in beside:
        others = [value for seat, value in values.items() if seat != odd.seat]
        count = others.count(odd.value)
        if count >= FEWEST - 1 and 4 * count >= 3 * len(others):
            return AlarmKind.NEIGHBOUR, {"line": gauge.aspects[key].title}
    return None


def mixed_works(gauge: Gauge, works: Sequence[Compared]) -> Iterator[Alarm]:
    """Yield sheets that fit the work before or after, in the order of the codes, far better."""
    least = sum(gauge.spans.values(), _ZERO) * _MIXED_PERCENT / 100
    for index, one in enumerate(works):
        beside = (*works[max(index - 1, 0) : index], *works[index + 1 : index + 2])
        for seat, far in one.far.items():
            found = _other_work(gauge, one, seat, beside) if far and far >= least else None
            if found is not None:
                yield found


def _other_work(gauge: Gauge, one: Compared, seat: int, beside: Sequence[Compared]) -> Alarm | None:
    here = {key: apart[seat] for key, apart in one.apart.items() if seat in apart}
    far = one.far[seat]
    if sum(bool(distance) for distance in here.values()) < _MIXED_ASPECTS:
        return None
    marks = {key: gauge.worth(key, one.marks[seat][key]) for key in here}
    for other in beside:
        # A rough look first: with the judge's own mark among them the middles hardly differ.
        if 2 * _roughly(marks, other) > far:
            continue
        near = _distance(gauge, marks, other, seat)
        if near is not None and 4 * near <= far:
            shown = {"near": near.quantize(PLACES), "far": far.quantize(PLACES)}
            numbers: Numbers = {"other": other.work, **shown}
            return Alarm(AlarmKind.OTHER_WORK, one.part, seat, one.work, None, numbers)
    return None


def _roughly(marks: Mapping[str, Decimal], other: Compared) -> Decimal:
    shared = (key for key in marks if key in other.middles)
    return sum((abs(marks[key] - other.middles[key]) for key in shared), _ZERO)


def _distance(
    gauge: Gauge, marks: Mapping[str, Decimal], other: Compared, seat: int
) -> Decimal | None:
    """Return how far a sheet is from the others' on another work; None without them."""
    total = _ZERO
    for key, worth in marks.items():
        theirs = sorted(
            gauge.worth(key, of_seat[key])
            for number, of_seat in other.marks.items()
            if number != seat and key in of_seat
        )
        if len(theirs) < FEWEST - 1:
            return None
        total += abs(worth - median(theirs))
    return total
