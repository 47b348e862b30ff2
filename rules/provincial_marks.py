"""Marks of the tests at a training: in percent, so that tests of different fulls compare."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rules.data import plain
from rules.refusals import Refused
from rules.texts import N_

TENTH = Decimal("0.1")
_MARK = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody reached in a test."""

    day: date
    title: str
    mark: Decimal
    full: Decimal

    @property
    def percent(self) -> Decimal:
        """Return the mark in percent of what could be reached."""
        return (100 * self.mark / self.full).quantize(TENTH, ROUND_HALF_UP)


def read_mark(text: str, full: Decimal) -> Decimal | None:
    """Read a mark as it was typed; an empty text says that the test was not taken."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return None
    if not _MARK.fullmatch(typed) or not 0 <= Decimal(typed) <= full:
        raise Refused(N_("A mark lies between 0 and %(full)s."), full=plain(full))
    return Decimal(typed)


def mean_of(marks: Sequence[Mark]) -> Decimal | None:
    """Return the mean of marks in percent; None without a mark."""
    if not marks:
        return None
    whole = sum((100 * one.mark / one.full for one in marks), Decimal(0))
    return (whole / len(marks)).quantize(TENTH, ROUND_HALF_UP)


def places_of(marks: Sequence[Mark], width: int, height: int) -> list[tuple[Decimal, Decimal]]:
    """Return where marks stand in a picture: the days from left to right, 100 percent on top."""
    if not marks:
        return []
    first, last = marks[0].day, marks[-1].day
    span = max((last - first).days, 1)
    found = []
    for place, one in enumerate(marks):
        # Several tests on one day stand side by side.
        share = Decimal((one.day - first).days) / span if last > first else _even(place, marks)
        down = height * (100 - one.percent) / 100
        found.append((_round(width * share), _round(down)))
    return found


def _even(place: int, marks: Sequence[Mark]) -> Decimal:
    return Decimal(place) / max(len(marks) - 1, 1)


def _round(value: Decimal) -> Decimal:
    return value.quantize(TENTH, ROUND_HALF_UP)
