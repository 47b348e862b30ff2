"""What a pair of mentor and apprentice earns, event by event, and what cuts it (R7.06-10).

An item is one month, one success, one outcome or one advance. Its amount times the factor of its
day is rounded once; then, in this order, whatever cuts it: a break-off, other subsidies, a success
rewarded before, the higher of months and success, the cap of the pair, the cap of mentor and year.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from rules.stipend_scales import (
    Achievement,
    BreakOff,
    Combination,
    OncePer,
    Part,
    Scale,
    SubsidyKind,
    scale_on,
)

NOTHING = Decimal("0.00")
MONTHS = 12


class End(StrEnum):
    """How a pair came to its end; a void one never counted."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"
    TRANSFERRED = "transferred"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Reached:
    """A success of the apprentice on a day."""

    kind: Achievement
    day: date
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair with its evidence: months that both confirmed, successes, and how it ended."""

    key: int
    mentor: int
    apprentice: int
    employer: int
    occupation: str
    signed_on: date
    starts_on: date
    ends_on: date
    safe_on: date
    ended_on: date | None = None
    end: End | None = None
    level_gained: int | None = None
    months: frozenset[date] = frozenset()
    pauses: tuple[tuple[date, date | None], ...] = ()
    reached: tuple[Reached, ...] = ()
    # What is left to the mentor after a break-off, by case.
    kept: Decimal | None = None

    def over_by(self, day: date) -> bool:
        """Say whether the pair had ended by a day."""
        return self.end is not None and self.ended_on is not None and self.ended_on <= day

    def fell_by(self, day: date) -> bool:
        """Say whether the pair was broken off, or found void, by a day."""
        return self.end in (End.BROKEN_OFF, End.VOID) and self.over_by(day)


@dataclass(frozen=True, slots=True)
class OtherSubsidy:
    """A training of a person that was subsidised elsewhere."""

    kind: SubsidyKind
    occupation: str
    level: int | None
    day: date


class Cut(StrEnum):
    """Why an item comes to less than its amount."""

    BROKEN_OFF = "broken_off"
    CASE = "case"
    VOID = "void"
    TRAININGS = "trainings"
    SAME_LEVEL = "same_level"
    OTHER_KIND = "other_kind"
    ONCE = "once"
    MAX = "max"
    PAIR_CAP = "pair_cap"
    YEAR_CAP = "year_cap"
    ENDED = "ended"
    EARNED = "earned"
    LOST = "lost"


@dataclass(slots=True, kw_only=True)
class Trace:
    """What an item comes to by now; of an item whose evidence is gone this alone is left."""

    pair: Pair
    part: Part
    key: str
    day: date
    amount: Decimal = NOTHING
    cuts: list[tuple[Cut, Decimal, Decimal | None]] = field(default_factory=list)

    @property
    def full(self) -> Decimal:
        """Return what the item came to before anything was cut."""
        return self.amount + sum((one[1] for one in self.cuts), NOTHING)

    def cut(self, reason: Cut, left: Decimal, limit: Decimal | None = None) -> None:
        """Let the item come to what is left of it."""
        if left < self.amount:
            self.cuts.append((reason, self.amount - left, limit))
            self.amount = left


@dataclass(slots=True, kw_only=True)
class Item(Trace):
    """One event that is paid, with the amount and the factor by which its scale pays it."""

    scale: Scale
    base: Decimal
    factor: Decimal
    reached: Reached | None = None
    years: int = 1


def entitled(
    scales: Sequence[Scale],
    pairs: Iterable[Pair],
    subsidies: Mapping[int, Sequence[OtherSubsidy]],
    until: date,
) -> list[Item]:
    """Return what all pairs have earned by events up to a day, whatever was settled."""
    found = [item for pair in pairs for item in _earned(scales, pair, until)]
    for item in found:
        _break_off(item, until)
        _exclude(item, subsidies.get(item.pair.apprentice, ()), until)
    _once(found)
    found.sort(key=_by_pair)
    for _key, group in groupby(found, key=lambda one: (one.pair.key, one.day.year)):
        _combine([*group])
    for _key, group in groupby(found, key=lambda one: one.pair.key):
        _cap_pair(group)
    found.sort(key=_by_mentor)
    for _key, group in groupby(found, key=lambda one: (one.pair.mentor, one.day.year)):
        _cap_year(group)
    return [*found, *_advances(scales, found, pairs, until)]


_ORDER = {part: place for place, part in enumerate(Part)}
MENTORS = (Part.MONTH, Part.SUCCESS)


def _by_pair(item: Item) -> tuple[int, date, int]:
    return item.pair.key, item.day, _ORDER[item.part]


def _by_mentor(item: Item) -> tuple[int, date, int, int]:
    return item.pair.mentor, item.day, item.pair.key, _ORDER[item.part]


def _earned(scales: Sequence[Scale], pair: Pair, until: date) -> Iterator[Item]:
    for month in sorted(pair.months):
        if month <= until and _counts(pair, month):
            scale = scale_on(scales, month)
            if scale is not None and scale.monthly is not None:
                key = f"{Part.MONTH}/{month:%Y-%m}"
                yield _item(pair, Part.MONTH, key, month, scale, scale.monthly)
    success = _success(scales, pair, until)
    if success is not None:
        yield success
    outcome = _outcome(scales, pair, until)
    if outcome is not None:
        yield outcome


def _item(
    pair: Pair,
    part: Part,
    key: str,
    day: date,
    scale: Scale,
    base: Decimal,
    reached: Reached | None = None,
    years: int = 1,
) -> Item:
    factor = scale.factor_on(day)
    return Item(
        pair=pair,
        part=part,
        key=key,
        day=day,
        amount=scale.rounded(base * years * factor),
        scale=scale,
        base=base,
        factor=factor,
        reached=reached,
        years=years,
    )


def _counts(pair: Pair, month: date) -> bool:
    """Say whether a month lies in the term and not wholly within a pause."""
    last = _last_day(month)
    end = pair.ended_on or pair.ends_on
    if last < pair.starts_on or month > end:
        return False
    return not any(start <= month and (stop is None or stop >= last) for start, stop in pair.pauses)


def _last_day(month: date) -> date:
    following = date(month.year + month.month // MONTHS, month.month % MONTHS + 1, 1)
    return following - timedelta(days=1)


def _success(scales: Sequence[Scale], pair: Pair, until: date) -> Item | None:
    """Return the first success that counts by the scale of its own day (R7.06)."""
    for one in sorted(pair.reached, key=lambda one: (one.day, one.kind)):
        scale = scale_on(scales, one.day)
        if one.day > until or scale is None or not _is_success(scale, pair, one):
            continue
        assert scale.success is not None
        key = f"{Part.SUCCESS}/{one.day.year}"
        return _item(pair, Part.SUCCESS, key, one.day, scale, scale.success.amount, one)
    return None


def _is_success(scale: Scale, pair: Pair, one: Reached) -> bool:
    rule = scale.success
    if rule is None or one.kind not in rule.counts or one.day < pair.starts_on:
        return False
    gone = pair.end in (End.BROKEN_OFF, End.TRANSFERRED) and pair.ended_on is not None
    if gone and pair.ended_on is not None and one.day > pair.ended_on:
        return False
    if one.kind is Achievement.LEVEL and (one.level is None or one.level > rule.level):
        return False
    return rule.within_years is None or one.day <= anniversary(pair.signed_on, rule.within_years)


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _outcome(scales: Sequence[Scale], pair: Pair, until: date) -> Item | None:
    """Return the employer's subsidy of a pair whose plan was carried out (R7.10)."""
    day = pair.ended_on
    if pair.end is not End.PASSED or day is None or day > until:
        return None
    scale = scale_on(scales, day)
    if scale is None or scale.apprenticeship is None:
        return None
    base = scale.apprenticeship.for_level(pair.level_gained)
    key = f"{Part.SUBSIDY}/{day.year}"
    return _item(pair, Part.SUBSIDY, key, day, scale, base, years=years_of(pair))


def years_of(pair: Pair) -> int:
    """Return how many full years the agreed term has, at least one."""
    start, after = pair.starts_on, pair.ends_on + timedelta(days=1)
    months = (after.year - start.year) * MONTHS + after.month - start.month
    return max(1, (months - (after.day < start.day)) // MONTHS)


def _break_off(item: Item, until: date) -> None:
    """Cut what a break-off takes back: all of it, or what the case decides (R7.03)."""
    pair = item.pair
    if not pair.fell_by(until):
        return
    if pair.end is End.VOID:
        item.cut(Cut.VOID, NOTHING)
    elif item.scale.break_off is BreakOff.FULL:
        item.cut(Cut.BROKEN_OFF, NOTHING)
    elif pair.kept is not None:
        item.cut(Cut.CASE, item.scale.rounded(item.amount * pair.kept))


def _exclude(item: Item, others: Sequence[OtherSubsidy], until: date) -> None:
    """Cut what other subsidies of the apprentice stand against (R7.09)."""
    rule, pair = item.scale.exclusions, item.pair
    if item.part not in rule.applies_to:
        return
    earlier = [one for one in others if one.day <= item.day]
    this_year = sum(one.day.year == item.day.year for one in earlier)
    end = min(pair.ended_on or pair.ends_on, until)
    same = (pair.occupation, pair.level_gained)
    if rule.trainings_a_year is not None and this_year >= rule.trainings_a_year:
        item.cut(Cut.TRAININGS, NOTHING)
    elif (
        rule.same_level_once
        and pair.level_gained is not None
        and any((one.occupation, one.level) == same for one in earlier)
    ):
        item.cut(Cut.SAME_LEVEL, NOTHING)
    elif any(one.kind in rule.kinds and pair.starts_on <= one.day <= end for one in others):
        item.cut(Cut.OTHER_KIND, NOTHING)


def _once(items: Sequence[Item]) -> None:
    """Cut a success of an apprentice for whom another pair was rewarded before (R7.06)."""
    successes = [one for one in items if one.part is Part.SUCCESS and one.amount > 0]
    rewarded: set[int] = set()
    for item in sorted(successes, key=lambda one: (one.day, one.pair.key)):
        rule = item.scale.success
        assert rule is not None
        if rule.once_per is OncePer.APPRENTICE and item.pair.apprentice in rewarded:
            item.cut(Cut.ONCE, NOTHING)
        rewarded.add(item.pair.apprentice)


def _combine(items: Sequence[Item]) -> None:
    """Let the higher of months and success of a pair and year stay; months if they are equal."""
    success = next((one for one in items if one.part is Part.SUCCESS and one.amount > 0), None)
    if success is None or success.scale.combine is not Combination.MAX:
        return
    months = [one for one in items if one.part is Part.MONTH]
    if success.amount > sum((one.amount for one in months), NOTHING):
        for one in months:
            one.cut(Cut.MAX, NOTHING)
    else:
        success.cut(Cut.MAX, NOTHING)


def _cap_pair(items: Iterable[Item]) -> None:
    used = NOTHING
    for item in items:
        if item.part in MENTORS:
            _within(item, Cut.PAIR_CAP, item.scale.pair_cap, used)
            used += item.amount


def _cap_year(items: Iterable[Item]) -> None:
    used = NOTHING
    for item in items:
        if item.part in MENTORS:
            _within(item, Cut.YEAR_CAP, item.scale.mentor_year_cap, used)
            used += item.amount


def _within(item: Item, reason: Cut, cap: Decimal | None, used: Decimal) -> None:
    if cap is not None:
        item.cut(reason, max(NOTHING, min(item.amount, cap - used)), cap)


def _advances(
    scales: Sequence[Scale], earned: Sequence[Item], pairs: Iterable[Pair], until: date
) -> Iterator[Item]:
    """Yield advances: while a pair runs, what is earned is topped up to the advance."""
    sums: dict[tuple[int, Part], Decimal] = {}
    for item in earned:
        side = Part.SUBSIDY if item.part is Part.SUBSIDY else Part.MONTH
        sums[item.pair.key, side] = sums.get((item.pair.key, side), NOTHING) + item.amount
    for pair in pairs:
        scale = scale_on(scales, pair.safe_on)
        if scale is None or pair.safe_on > until:
            continue
        subsidy = NOTHING if scale.apprenticeship is None else scale.apprenticeship.advance
        for part, side, base in (
            (Part.ADVANCE, Part.MONTH, scale.advance),
            (Part.SUBSIDY_ADVANCE, Part.SUBSIDY, subsidy),
        ):
            if base:
                yield _advance(pair, part, scale, base, sums.get((pair.key, side), NOTHING), until)


def _advance(
    pair: Pair, part: Part, scale: Scale, base: Decimal, earned: Decimal, until: date
) -> Item:
    amount = base.quantize(NOTHING)
    item = Item(
        pair=pair,
        part=part,
        key=f"{part}/{pair.safe_on.year}",
        day=pair.safe_on,
        amount=amount,
        scale=scale,
        base=base,
        factor=Decimal(1),
    )
    if pair.fell_by(until):
        item.cut(Cut.BROKEN_OFF, NOTHING)
    elif pair.over_by(until):
        item.cut(Cut.ENDED, NOTHING)
    item.cut(Cut.EARNED, max(NOTHING, amount - earned))
    return item
