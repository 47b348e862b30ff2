"""How many more sheets must be looked at before the order at the award lines is safe.

A risk-limiting check by comparison, after Kaplan and Markov as P. B. Stark uses it for elections:
sheets are drawn with replacement, each with a chance in proportion to the bound u of its error,
where an error counts as a part of the smallest margin that it could eat up. If the order at any
line were wrong, the errors of all sheets together would reach 1. After the draws with the taints
t (error found / bound of the error) the chance to find no more than this, were the order wrong, is
at most

    P = product of (1 - M / U) / (1 - t)

with U the sum of all bounds and M what the sheets that are looked at anyway have left of 1. It
holds at every moment of the check, so one may stop as soon as P is small enough.

Assumed: one sheet's error changes the total of its work by no more than a stated part of what the
sheet can change at all (greater ones are seen as judges too far apart), and in proportion to the
sum of the sheet's errors. Only the order by totals across a line is guarded, no floor, no pass.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, count, groupby, islice

from rules.scheme_maxima import highest_value, stage_maximum
from rules.schemes import Panel, Part, Scheme, Stage
from rules.seats import RECORDER, Layout, is_whole
from rules.sheets import worth

_BITS = 256
_PARTS = 10**9
MOST_DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A work at the award lines of its division: its total, and its tier counted from the best.

    Only works that reached the same stage are parted by their totals.
    """

    code: str
    total: Decimal
    tier: int
    reached: int = 1


@dataclass(frozen=True, slots=True)
class Reach:
    """A sheet, the work it belongs to, and by how much its error may change the work's total."""

    sheet: str
    code: str
    largest: Fraction


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of all sheets that could change the order.

    One that could do so alone is looked at anyway: its bound is 1 or more, None at an equal total.
    """

    certain: Mapping[str, Fraction | None]
    drawn: Mapping[str, Fraction]

    @property
    def total(self) -> Fraction:
        """Return the sum of the bounds of the sheets that are drawn."""
        return sum(self.drawn.values(), Fraction(0))

    @property
    def sheets(self) -> AbstractSet[str]:
        """Return every sheet that could change the order."""
        return self.certain.keys() | self.drawn.keys()


def reach_of(scheme: Scheme, part: str, number: int) -> Fraction:
    """Return by how much one seat's sheet can change the total of a work, at the most.

    A judge's share of the part where the panel takes a mean; all of it where one sheet decides.
    """
    if is_whole(part):
        return max(_stage_top(stage, parts) for stage, parts in scheme.levels)
    node = scheme.part(part)
    stage = next(stage for stage, parts in scheme.levels if node in parts)
    top, weight = highest_value(node), Fraction(node.weight or 0)
    if stage.combine in ("percent", "weighted"):
        top = weight if stage.combine == "percent" else top * weight / 100
    return max(top, Fraction(0)) / (1 if number == RECORDER else _speakers(node))


def _speakers(part: Part) -> int:
    """Return among how many judges a value is shared, on the smallest panel of a part."""
    panels = [part.panel, *(getattr(node, "panel", None) for node in part.nodes)]
    return max(1, min(_counting(panel) for panel in panels if panel is not None))


def _counting(panel: Panel) -> int:
    return 1 if panel.combine == "median" else panel.minimum - panel.drop_high - panel.drop_low


def _stage_top(stage: Stage, parts: Sequence[Part]) -> Fraction:
    tops = [highest_value(part) for part in parts]
    return stage_maximum(stage, tops, [Fraction(part.weight or 0) for part in parts])


def taint_of(
    layout: Layout,
    reported: Mapping[str, Decimal],
    found: Mapping[str, Decimal | None],
    largest_percent: Decimal,
) -> Fraction:
    """Return the error of a sheet as a part of the greatest one that is assumed for it.

    Errors that cancel each other count all the same; one whose weight is not known counts whole.
    """
    error = Fraction(0)
    for key, value in found.items():
        line, old = layout.line(key), reported.get(key)
        if value == old:
            continue
        before, after = (Fraction(0) if one is None else worth(line, one) for one in (old, value))
        if before is None or after is None or not layout.maximum:
            return Fraction(1)
        error += abs(before - after)
    return error / Fraction(layout.maximum or 1) * 100 / Fraction(largest_percent)


def bounds_of(divisions: Sequence[Sequence[Standing]], sheets: Sequence[Reach]) -> Bounds:
    """Return the bound of each sheet: its largest error by the smallest margin it could eat up."""
    by_work: dict[str, Fraction] = {}
    for one in sheets:
        by_work[one.code] = by_work.get(one.code, Fraction(0)) + one.largest
    margins: dict[str, Fraction] = {}
    for standings in divisions:
        margins |= _margins(standings, by_work)
    certain: dict[str, Fraction | None] = {}
    drawn: dict[str, Fraction] = {}
    for one in sheets:
        margin = margins.get(one.code)
        if margin is None or not one.largest:
            continue
        bound = one.largest / margin if margin else None
        if bound is None or bound >= 1:
            certain[one.sheet] = bound
        else:
            drawn[one.sheet] = bound
    return Bounds(certain, drawn)


def _margins(standings: Sequence[Standing], by_work: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return for each work the smallest margin across a line that errors could eat up at all."""
    found: dict[str, Fraction] = {}
    ordered = sorted(standings, key=lambda one: one.reached)
    for _reached, group in groupby(ordered, key=lambda one: one.reached):
        together = [*group]
        greatest = max(by_work.get(one.code, Fraction(0)) for one in together)
        for line in sorted({one.tier for one in together})[:-1]:
            for code, gap in _gaps(together, line):
                if gap <= by_work.get(code, Fraction(0)) + greatest:
                    gap = max(gap, Fraction(0))
                    found[code] = min(gap, found.get(code, gap))
    return found


def _gaps(standings: Sequence[Standing], line: int) -> Iterator[tuple[str, Fraction]]:
    """Yield how far each work is from the nearest one beyond a line."""
    lowest = min(Fraction(one.total) for one in standings if one.tier <= line)
    highest = max(Fraction(one.total) for one in standings if one.tier > line)
    for one in standings:
        total = Fraction(one.total)
        yield one.code, total - highest if one.tier <= line else lowest - total


def sequence(bounds: Bounds, seed: str) -> Iterator[str]:
    """Yield the sheets in the order in which the seed draws them, again and again."""
    keys = sorted(bounds.drawn)
    # Whole parts, so that the draw is the same on every machine; a part too much is harmless.
    steps = [*accumulate(int(bounds.drawn[key] * _PARTS) + 1 for key in keys)]
    for number in count(1) if keys else ():
        found = hashlib.sha256(f"{seed}:risk:{number}".encode()).digest()
        place = int.from_bytes(found) * steps[-1] >> _BITS
        yield keys[bisect_right(steps, place)]


@dataclass(frozen=True, slots=True)
class Risk:
    """How far the check has come: the risk now, the draws taken, and the sheets that are next.

    With `needs_all` an error was too great for any sample: every sheet must be looked at.
    """

    limit: Fraction
    risk: Fraction
    draws: int = 0
    unseen: tuple[str, ...] = ()
    needs_all: bool = False

    @property
    def safe(self) -> bool:
        """Say whether the risk is small enough."""
        return not self.needs_all and self.risk <= self.limit


def risk_of(bounds: Bounds, seed: str, taints: Mapping[str, Fraction], limit: Fraction) -> Risk:
    """Follow the draws as far as sheets are looked at; say which ones would make the order safe.

    `taints` holds the error of each sheet that was looked at, as a part of its largest one.
    """
    unseen = bounds.sheets - taints.keys()
    if not unseen:
        return Risk(limit, Fraction(0))
    left = _left(bounds, taints)
    if left <= 0 or any(taints.get(key, 0) >= 1 for key in bounds.sheets):
        return Risk(limit, Fraction(1), 0, tuple(sorted(unseen)), True)
    waiting = sorted(bounds.certain.keys() - taints.keys())
    if bounds.total < left:  # what is drawn could not turn the order round even together
        return Risk(limit, Fraction(1 if waiting else 0), 0, tuple(waiting))
    return _followed(bounds, seed, taints, limit, left, waiting)


def _left(bounds: Bounds, taints: Mapping[str, Fraction]) -> Fraction:
    """Return what the errors of the sheets that are looked at anyway leave of the margin."""
    left = Fraction(1)
    for key in bounds.certain.keys() & taints.keys():
        bound = bounds.certain[key]
        if taints[key]:
            left -= 1 if bound is None else taints[key] * bound
    return left


def _followed(
    bounds: Bounds,
    seed: str,
    taints: Mapping[str, Fraction],
    limit: Fraction,
    left: Fraction,
    waiting: Sequence[str],
) -> Risk:
    """Take the draws one by one, first those already looked at, then those that come next."""
    step = 1 - left / bounds.total
    wanted = _decimal(limit)
    planned, reached, draws = Decimal(1), Decimal(1), 0
    unseen, untouched = dict.fromkeys(waiting), bounds.drawn.keys() - taints.keys()
    for key in islice(sequence(bounds, seed), MOST_DRAWS):
        if planned <= wanted or not untouched:
            break
        untouched = untouched - {key}
        planned *= _decimal(step / (1 - taints.get(key, Fraction(0))))
        if key not in taints:
            unseen[key] = None
        elif len(unseen) == len(waiting):
            reached, draws = planned, draws + 1
    if planned > wanted:  # every sheet has come up by now
        unseen = dict.fromkeys(sorted(bounds.sheets - taints.keys()))
    risk = Decimal(1) if waiting else min(reached, Decimal(1))
    return Risk(limit, Fraction(risk), draws, tuple(unseen))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator
