"""The way of one judge over many works: severe, lenient, drifting, timid, kind to the own people.

All of it compares a judge with the middle of the others on the same works, so that a good or weak
field is nobody's bias. The means are tested against their own scatter; the factor grows for few
works, so that about one fair judge in several hundred is spoken of.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.alarms import Alarm, AlarmKind, AlarmRules, Numbers
from rules.comparisons import PLACES, Compared, median

_ZERO = Decimal(0)
_FACTOR, _FEW = Decimal(3), Decimal(12)
_NARROW = Decimal("0.4")
_NEAR_LARGEST = Decimal("0.75")
_OWN_WORKS = 2


@dataclass(frozen=True, slots=True)
class Way:
    """One judge's sheets in the order of marking, in points of 100."""

    part: str
    seat: int
    works: Sequence[str]
    totals: Sequence[Decimal]
    off: Sequence[Decimal]


def ways(works: Sequence[Compared], when: Mapping[tuple[str, int], object]) -> list[Way]:
    """Gather each judge's sheets of one part; `when` orders them by work and seat.

    Sheets without a time, not signed yet, are left out.
    """
    found: dict[int, list[tuple[object, Compared]]] = {}
    for one in works:
        for seat in one.off:
            time = when.get((one.work, seat))
            if time is not None:
                found.setdefault(seat, []).append((time, one))
    return [_way(seat, [one for _, one in sorted(found[seat], key=_time)]) for seat in found]


def _time(pair: tuple[object, Compared]) -> tuple[object, str]:
    return pair[0], pair[1].work


def _way(seat: int, works: Sequence[Compared]) -> Way:
    return Way(
        works[0].part,
        seat,
        [one.work for one in works],
        [one.totals[seat] for one in works],
        [one.off[seat] for one in works],
    )


def habits(all_ways: Sequence[Way], rules: AlarmRules) -> Iterator[Alarm]:
    """Yield what is conspicuous in the ways of the judges of one part."""
    yield from _largest(_bias(way, rules) for way in all_ways if way.off)
    yield from _largest(_drift(way, rules) for way in all_ways)
    yield from _narrow(all_ways, rules)


_Sized = tuple[Decimal, Alarm | None]


def _largest(found: Iterable[_Sized]) -> Iterator[Alarm]:
    """Yield the alarms whose size comes near the largest one.

    Where few sit on a panel, one biased judge makes all others look biased the other way.
    """
    sized = list(found)
    largest = max((abs(size) for size, _ in sized), default=_ZERO)
    for size, alarm in sized:
        if alarm is not None and abs(size) >= _NEAR_LARGEST * largest:
            yield alarm


def _bias(way: Way, rules: AlarmRules) -> _Sized:
    count, mean = len(way.off), _mean(way.off)
    usual = _factor(count) * (_variance(way.off) / count).sqrt()
    if count < rules.habit_works or abs(mean) < max(rules.habit_percent, usual):
        return mean, None
    kind = AlarmKind.LENIENT if mean > 0 else AlarmKind.SEVERE
    return mean, _said(kind, way, {"own": abs(mean).quantize(PLACES), "works": count}, mean)


def _drift(way: Way, rules: AlarmRules) -> _Sized:
    third = len(way.off) // 3
    if len(way.off) < 2 * rules.habit_works:
        return _ZERO, None
    first, last = way.off[:third], way.off[-third:]
    change = _mean(last) - _mean(first)
    scatter = ((_variance(first) + _variance(last)) / third).sqrt()
    if abs(change) < max(rules.habit_percent, _factor(len(way.off)) * scatter):
        return change, None
    numbers: Numbers = {
        "works": third,
        "first": _signed(_mean(first)),
        "last": _signed(_mean(last)),
    }
    return change, _said(AlarmKind.DRIFT, way, numbers, change)


def _narrow(all_ways: Sequence[Way], rules: AlarmRules) -> Iterator[Alarm]:
    """Yield judges who keep to the middle where the others use the range."""
    known = [way for way in all_ways if len(way.totals) >= 2 * rules.habit_works]
    widths = {way.seat: _middle_half(way.totals) for way in known}
    for way in known:
        others = sorted(width for seat, width in widths.items() if seat != way.seat)
        if len(others) < 2:
            continue
        usual, own = median(others), widths[way.seat]
        if usual >= 2 * rules.habit_percent and own <= _NARROW * usual:
            numbers: Numbers = {"own": own.quantize(PLACES), "others": usual.quantize(PLACES)}
            yield _said(AlarmKind.NARROW, way, numbers, own)


def own_people(way: Way, own: Collection[str], rules: AlarmRules) -> Iterator[Alarm]:
    """Yield a judge who marks the works of the own employer otherwise than all the rest (R1.13).

    Who stands behind a work is not known while the codes are sealed: this can only be asked
    after the decoding.
    """
    theirs = [off for work, off in zip(way.works, way.off, strict=True) if work in own]
    rest = [off for work, off in zip(way.works, way.off, strict=True) if work not in own]
    if len(theirs) < _OWN_WORKS or len(rest) < rules.habit_works:
        return
    change = _mean(theirs) - _mean(rest)
    scatter = (_variance(rest) * (Decimal(1) / len(theirs) + Decimal(1) / len(rest))).sqrt()
    if abs(change) >= max(rules.habit_percent, _factor(len(way.off)) * scatter):
        numbers: Numbers = {
            "works": len(theirs),
            "own": _signed(_mean(theirs)),
            "rest": _signed(_mean(rest)),
        }
        yield _said(AlarmKind.OWN_PEOPLE, way, numbers, change)


def _said(kind: AlarmKind, way: Way, numbers: Numbers, size: Decimal) -> Alarm:
    # Each further work changes the figures a little; only a real change brings it back.
    stamp = f"{size.quantize(Decimal(1))}/{len(way.off) // 10}"
    return Alarm(kind, way.part, way.seat, numbers=numbers, stamp=stamp)


def _factor(count: int) -> Decimal:
    return _FACTOR + _FEW / count


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, _ZERO) / len(values)


def _variance(values: Sequence[Decimal]) -> Decimal:
    mean = _mean(values)
    return sum(((value - mean) ** 2 for value in values), _ZERO) / max(len(values) - 1, 1)


def _middle_half(values: Sequence[Decimal]) -> Decimal:
    order = sorted(values)
    quarter = len(order) // 4
    return order[-1 - quarter] - order[quarter]


def _signed(value: Decimal) -> str:
    return f"{value.quantize(PLACES):+}"
