"""Stipends of mentors (导师津贴): settled from evidence, line by line, each with its words.

What was settled never changes. Where evidence comes later, or is withdrawn, a further line holds
the difference; so the lines of an item always add up to what its evidence is worth by now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from rules.stipend_items import NOTHING, Cut, Item, OtherSubsidy, Pair, Trace, entitled
from rules.stipend_scales import Part, Scale
from rules.stipend_words import Words, words_of


class ScaleState(StrEnum):
    """A scale is drafted, and valid once a second person has approved it."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class RunState(StrEnum):
    """How far a run has come; each step is somebody else's."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    ORDERED = "ordered"
    CANCELLED = "cancelled"


SCALE_MOVES = {
    ScaleState.DRAFT: {ScaleState.APPROVED, ScaleState.WITHDRAWN},
    ScaleState.APPROVED: set[ScaleState](),
    ScaleState.WITHDRAWN: set[ScaleState](),
}
RUN_MOVES = {
    RunState.DRAFT: {RunState.CHECKED, RunState.CANCELLED},
    RunState.CHECKED: {RunState.DRAFT, RunState.APPROVED, RunState.CANCELLED},
    RunState.APPROVED: {RunState.ORDERED, RunState.CANCELLED},
    RunState.ORDERED: set[RunState](),
    RunState.CANCELLED: set[RunState](),
}
OPEN_RUNS = (RunState.DRAFT, RunState.CHECKED, RunState.APPROVED)


class LineKind(StrEnum):
    """What a line of a run is."""

    MONTH = "month"
    SUCCESS = "success"
    SUBSIDY = "subsidy"
    ADVANCE = "advance"
    OFFSET = "offset"
    CORRECTION = "correction"
    CLAW_BACK = "claw_back"


class Cause(StrEnum):
    """Why a line is there."""

    DUE = "due"
    LATE = "late"
    CHANGED = "changed"
    EARNED = "earned"
    ENDED = "ended"
    BROKEN_OFF = "broken_off"


EMPLOYERS = (Part.SUBSIDY, Part.SUBSIDY_ADVANCE)
_ADVANCES = (Part.ADVANCE, Part.SUBSIDY_ADVANCE)
_KINDS = {
    Part.MONTH: LineKind.MONTH,
    Part.SUCCESS: LineKind.SUCCESS,
    Part.SUBSIDY: LineKind.SUBSIDY,
    Part.ADVANCE: LineKind.ADVANCE,
    Part.SUBSIDY_ADVANCE: LineKind.ADVANCE,
}


class Change(NamedTuple):
    """One item with what of it was settled before."""

    item: Trace
    before: Decimal
    known: bool
    kind: LineKind
    cause: Cause

    @property
    def difference(self) -> Decimal:
        """Return what this run adds or takes."""
        return self.item.amount - self.before


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a run: to whom, for which pair, how much, made up of which items, and why."""

    mentor: int
    pair: int
    employer: int | None
    kind: LineKind
    year: int
    amount: Decimal
    cause: Cause
    items: tuple[tuple[str, Decimal], ...]
    words: tuple[Words, ...]


Settled = Mapping[tuple[int, str], Decimal]


def settle(
    scales: Sequence[Scale],
    pairs: Sequence[Pair],
    subsidies: Mapping[int, Sequence[OtherSubsidy]],
    settled: Settled,
    until: date,
    through: date | None,
) -> list[Line]:
    """Return the lines of a run for events up to a day; ``through`` is where the last one ended.

    An event of a day that a run has settled already can only bring a correction.
    """
    items = entitled(scales, pairs, subsidies, until)
    found = [_change(item, settled, through, until) for item in items]
    found += _lost(items, pairs, settled, until)
    changes = [one for one in found if _matters(one)]
    changes.sort(key=_place)
    return [_line([*group]) for _key, group in groupby(changes, key=_group)]


def _matters(one: Change) -> bool:
    return one.difference != 0 or not (one.known or one.item.part in _ADVANCES)


def _change(item: Item, settled: Settled, through: date | None, until: date) -> Change:
    before = settled.get((item.pair.key, item.key))
    known = before is not None
    before = NOTHING if before is None else before
    late = known or (through is not None and item.day <= through)
    return Change(item, before, known, *_kind(item, before, known, late, until))


def _kind(
    item: Item, before: Decimal, known: bool, late: bool, until: date
) -> tuple[LineKind, Cause]:
    less = item.amount < before
    if less and item.pair.fell_by(until):
        return LineKind.CLAW_BACK, Cause.BROKEN_OFF
    if less and item.part in _ADVANCES:
        ended = any(cut[0] is Cut.ENDED for cut in item.cuts)
        return LineKind.OFFSET, Cause.ENDED if ended else Cause.EARNED
    if late:
        return LineKind.CORRECTION, Cause.CHANGED if known else Cause.LATE
    return _KINDS[item.part], Cause.DUE


def _lost(
    items: Iterable[Item], pairs: Iterable[Pair], settled: Settled, until: date
) -> Iterator[Change]:
    """Yield items that were settled and have no evidence any more."""
    present = {(one.pair.key, one.key) for one in items}
    by_key = {pair.key: pair for pair in pairs}
    for (pair_key, key), before in settled.items():
        if (pair_key, key) not in present and before:
            yield _gone(by_key[pair_key], key, before, until)


def _gone(pair: Pair, key: str, before: Decimal, until: date) -> Change:
    name, when = key.split("/")
    day = date.fromisoformat(f"{when}-01" if "-" in when else f"{when}-01-01")
    item = Trace(pair=pair, part=Part(name), key=key, day=day)
    item.cuts.append((Cut.LOST, before, None))
    fell = before > 0 and pair.fell_by(until)
    kind = LineKind.CLAW_BACK if fell else LineKind.CORRECTION
    return Change(item, before, True, kind, Cause.BROKEN_OFF if fell else Cause.CHANGED)


def _group(one: Change) -> tuple[int, int, bool, str, int, str]:
    pair, part = one.item.pair, one.item.part
    return pair.mentor, pair.key, part in EMPLOYERS, one.kind, one.item.day.year, one.cause


def _place(one: Change) -> tuple[tuple[int, int, bool, str, int, str], date, str]:
    return _group(one), one.item.day, one.item.key


def _line(changes: Sequence[Change]) -> Line:
    first = changes[0]
    pair = first.item.pair
    return Line(
        pair.mentor,
        pair.key,
        pair.employer if first.item.part in EMPLOYERS else None,
        first.kind,
        first.item.day.year,
        sum((one.difference for one in changes), NOTHING),
        first.cause,
        tuple((one.item.key, one.difference) for one in changes),
        tuple(words_of([(one.item, one.before, one.known) for one in changes])),
    )


def added(settled: Settled, lines: Iterable[Line]) -> dict[tuple[int, str], Decimal]:
    """Return what is settled once these lines are ordered."""
    found = dict(settled)
    for line in lines:
        for key, amount in line.items:
            found[line.pair, key] = found.get((line.pair, key), NOTHING) + amount
    return found
