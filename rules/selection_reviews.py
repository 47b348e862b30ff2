"""Sheets of a panel in a selection: what may be marked, totals with the trim, and their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import ceil

from rules.awarding import mark_problem
from rules.marking import Calculator, IncompleteMarks
from rules.marks import JudgeMarks
from rules.refusals import Refused
from rules.scheme_nodes import Aspect, Panel, Part, Section
from rules.schemes import Scheme
from rules.selection_rounds import Review
from rules.texts import N_

_PART, _SECTION = "panel_sheet", "panel_lines"
STEP = Decimal("0.5")
MARKED = ("sheet", "sheet_and_ballot")


@dataclass(frozen=True, slots=True)
class OneTotal:
    """What one reviewer's sheet adds up to, and whether the trim dropped it."""

    reviewer: int
    total: Decimal
    dropped: bool


@dataclass(frozen=True, slots=True)
class SheetTotal:
    """The total of an application; ``apart`` is how far its sheets lie from each other."""

    total: Decimal
    sheets: tuple[OneTotal, ...]
    apart: Decimal
    flagged: bool


def sheets_needed(review: Review) -> int:
    """Return how many signed sheets an application needs: the quorum, and more than are dropped."""
    quorum = ceil(review.quorum_percent * review.reviewers / 100)
    return max(quorum, review.drop_high + review.drop_low + 1, 1)


@lru_cache(maxsize=64)
def scheme_of(review: Review) -> Scheme:
    """Return the sheet as a marking scheme: the engine that counts contests counts it."""
    lines = tuple(
        Aspect(key=item.key, title=item.title, maximum=item.maximum, step=STEP)
        for item in review.sheet
    )
    panel = Panel(
        judges=max(review.reviewers, sheets_needed(review)),
        minimum=sheets_needed(review),
        drop_high=review.drop_high,
        drop_low=review.drop_low,
    )
    section = Section(key=_SECTION, title=N_("Review sheet"), aspects=lines)
    part = Part(
        key=_PART, title=N_("Review sheet"), weight=Decimal(100), sections=(section,), panel=panel
    )
    return Scheme(title=N_("Review sheet"), parts=(part,), combine="sum")


@lru_cache(maxsize=64)
def _calculator(review: Review) -> Calculator:
    return Calculator(scheme_of(review))


def _aspects(review: Review) -> dict[str, Aspect]:
    return {one.key: one for one in scheme_of(review).parts[0].aspects}


def read_mark(review: Review, key: str, text: str) -> Decimal | Refused:
    """Return a mark as it was typed, or what is wrong with it."""
    return _read(_aspects(review), key, text)


def _read(aspects: Mapping[str, Aspect], key: str, text: str) -> Decimal | Refused:
    aspect = aspects.get(key)
    if aspect is None:
        return Refused(N_("The sheet has no such line."), key)
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return Refused(N_("Type a number, such as 60 or 0.5."), key)
    return mark_problem(aspect, value) or value


def sheet_sum(review: Review, marks: Mapping[str, str]) -> Decimal:
    """Return what a sheet adds up to so far."""
    aspects = _aspects(review)
    found = (_read(aspects, key, text) for key, text in marks.items())
    return sum((one for one in found if isinstance(one, Decimal)), Decimal(0))


def missing_lines(review: Review, marks: Mapping[str, str]) -> list[str]:
    """Return the lines of a sheet that have no mark that can count."""
    aspects = _aspects(review)
    return [
        item.key
        for item in review.sheet
        if item.key not in marks
        or not isinstance(_read(aspects, item.key, marks[item.key]), Decimal)
    ]


def sheet_total(review: Review, sheets: Mapping[int, Mapping[str, str]]) -> SheetTotal | Refused:
    """Return the total of an application from its signed sheets, or why there is none.

    Sheets of those who step aside are not there: fewer are counted, down to the quorum.
    """
    marks = [
        JudgeMarks(reviewer, {key: Decimal(text) for key, text in own.items()})
        for reviewer, own in sheets.items()
    ]
    try:
        scored = _calculator(review).score({_PART: marks})
    except IncompleteMarks:
        return Refused(
            N_("%(count)s signed sheets of %(needed)s that are needed."),
            count=len(sheets),
            needed=sheets_needed(review),
        )
    judges = tuple(
        OneTotal(one.judge, one.total, one.dropped) for one in scored.parts[_PART].judges
    )
    totals = [one.total for one in judges]
    apart = max(totals) - min(totals)
    limit = review.difference_flag
    return SheetTotal(scored.total, judges, apart, limit is not None and apart >= limit)


def ranks_of(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """Return the places 1-2-2-4 of applications by their totals, the highest first."""
    ordered: Sequence[Decimal] = sorted(totals.values(), reverse=True)
    places = {total: ordered.index(total) + 1 for total in set(ordered)}
    return {key: places[total] for key, total in totals.items()}
