"""The life of a person at the trade as one dated line, and where each point of it is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain, groupby


class Theme(StrEnum):
    """What a point of a timeline is about, in the order of the lanes."""

    LEVEL = "level"
    CONTEST = "contest"
    HONOUR = "honour"
    WORKSHOP = "workshop"
    MENTOR = "mentor"
    APPRENTICE = "apprentice"
    CERTIFICATE = "certificate"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Point:
    """Something that happened on a day, or went on from that day.

    ``until`` ends what went on; ``lasting`` without an end goes on still. ``subject`` and ``key``
    name the row behind it, ``other`` the other person of a pair; ``kind``, ``state`` and ``degree``
    are coded values that the reader's language names.
    """

    theme: Theme
    on: date
    title: str
    subject: str = ""
    key: int | str = 0
    until: date | None = None
    lasting: bool = False
    detail: str = ""
    note: str = ""
    kind: StrEnum | None = None
    state: StrEnum | None = None
    degree: StrEnum | None = None
    other: int | None = None
    level: int | None = None
    rank: int | None = None
    amount: Decimal | None = None

    @property
    def is_span(self) -> bool:
        """Say whether it goes on for some time."""
        return self.lasting or self.until is not None

    def end(self, today: date) -> date:
        """Return its last day, as far as it is known today."""
        return max(self.on, self.until or (today if self.lasting else self.on))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A point with its number in the picture and in the table."""

    number: int
    point: Point


def merged(*registers: Iterable[Point]) -> list[Numbered]:
    """Make one line of what the registers know, the oldest first, numbered from 1."""
    themes = list(Theme)
    points = sorted(
        dict.fromkeys(chain(*registers)),
        key=lambda one: (one.on, themes.index(one.theme), one.title, str(one.key)),
    )
    return [Numbered(number, point) for number, point in enumerate(points, start=1)]


def by_year(line: Sequence[Numbered]) -> list[tuple[int, list[Numbered]]]:
    """Cut a line into years, the newest year first, within it the newest point first."""
    newest = reversed(line)
    return [(year, list(of)) for year, of in groupby(newest, key=lambda one: one.point.on.year)]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a point is drawn: from x to x_end, in which row of its lane."""

    one: Numbered
    x: float
    x_end: float
    row: int


@dataclass(frozen=True, slots=True)
class Lane:
    """All marks of one theme, one above the other where they would touch."""

    theme: Theme
    marks: tuple[Mark, ...]
    first_row: int

    @property
    def rows(self) -> int:
        """Return how many rows the lane takes."""
        return max(mark.row for mark in self.marks) + 1


@dataclass(frozen=True, slots=True)
class Picture:
    """Lanes from above, the years below them, and how many rows there are."""

    lanes: tuple[Lane, ...]
    years: tuple[tuple[int, float], ...]
    today: float | None
    rows: int


@dataclass
class _Axis:
    first: date
    last: date
    width: float

    def x(self, day: date) -> float:
        whole = max(1, (self.last - self.first).days)
        return round(self.width * (day - self.first).days / whole, 1)


@dataclass
class _Rows:
    """How far each row of a lane is filled."""

    gap: float
    filled: list[float] = field(default_factory=list)

    def take(self, left: float, right: float) -> int:
        for row, until in enumerate(self.filled):
            if left >= until + self.gap:
                self.filled[row] = right
                return row
        self.filled.append(right)
        return len(self.filled) - 1


def draw(line: Sequence[Numbered], today: date, width: float, size: float) -> Picture:
    """Place a line on a picture: marks of a lane never touch, each needs so much room."""
    if not line:
        return Picture((), (), None, 0)
    axis = _axis(line, today, width)
    lanes: list[Lane] = []
    used = 0
    for theme in Theme:
        own = [one for one in line if one.point.theme is theme]
        if own:
            lanes.append(_lane(theme, own, axis, today, size, used))
            used += lanes[-1].rows
    seen = axis.x(today) if axis.first <= today <= axis.last else None
    return Picture(tuple(lanes), _years(axis), seen, used)


def _axis(line: Sequence[Numbered], today: date, width: float) -> _Axis:
    first = min(one.point.on for one in line)
    last = max(today, *(one.point.end(today) for one in line))
    return _Axis(date(first.year, 1, 1), date(last.year, 12, 31), width)


def _lane(
    theme: Theme, own: Sequence[Numbered], axis: _Axis, today: date, size: float, used: int
) -> Lane:
    rows, marks = _Rows(size / 5), []
    for one in own:
        left = axis.x(one.point.on)
        right = axis.x(one.point.end(today)) if one.point.is_span else left
        row = rows.take(left - size / 2, max(right, left) + size / 2)
        marks.append(Mark(one, left, right, row))
    return Lane(theme, tuple(marks), used)


MOST_YEARS = 12


def _years(axis: _Axis) -> tuple[tuple[int, float], ...]:
    """Return the years that are written below, not more than fit."""
    count = axis.last.year - axis.first.year + 1
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if count <= step * MOST_YEARS)
    years = range(axis.first.year, axis.last.year + 1)
    return tuple((year, axis.x(date(year, 1, 1))) for year in years if year % step == 0)
