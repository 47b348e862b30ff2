"""Mentors and apprentices over generations (薪火传承): who taught whom, and where each is drawn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import groupby


class Side(StrEnum):
    """Which way a tree grows from somebody."""

    MENTORS = "mentors"
    APPRENTICES = "apprentices"


@dataclass(frozen=True, slots=True)
class Bond:
    """One person taught another, from a day on, with what became of it."""

    mentor_id: int
    apprentice_id: int
    since: date
    until: date | None
    outcome: StrEnum

    def ends(self, side: Side) -> tuple[int, int]:
        """Return who is known and who is found beyond, looking one way."""
        pair = (self.mentor_id, self.apprentice_id)
        return pair if side is Side.APPRENTICES else pair[::-1]


@dataclass(frozen=True, slots=True)
class Branch:
    """A person in a tree: by which bond he or she came in, and who comes after.

    Whoever is met a second time, in a circle too, is named again but not followed again.
    """

    person_id: int
    bond: Bond | None = None
    branches: tuple["Branch", ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a person is drawn: in which column (mentors left of 0), at which row."""

    branch: Branch
    column: int
    row: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All spots, the lines between them, and how many columns and rows there are."""

    spots: tuple[Spot, ...]
    lines: tuple[tuple[Spot, Spot], ...]
    columns: tuple[int, int]
    rows: float


def joined(bonds: Iterable[Bond]) -> list[Bond]:
    """Make one bond of all bonds of the same two: the first start, the last end and outcome."""
    ordered = sorted(bonds, key=lambda one: (one.mentor_id, one.apprentice_id, one.since))
    found = []
    for _pair, same in groupby(ordered, key=lambda one: (one.mentor_id, one.apprentice_id)):
        first, *later = same
        found.append(replace(later[-1], since=first.since) if later else first)
    return sorted(found, key=lambda one: (one.since, one.mentor_id, one.apprentice_id))


def grow(person_id: int, bonds: Iterable[Bond], side: Side, depth: int) -> Branch:
    """Grow the tree of somebody one way, so many generations deep; the nearest way counts."""
    beyond: dict[int, list[Bond]] = {}
    for bond in joined(bonds):
        beyond.setdefault(bond.ends(side)[0], []).append(bond)
    followed = _followed(person_id, beyond, side, depth)
    return _branch(person_id, None, _Known(followed, beyond, side), depth)


def _followed(
    person_id: int, beyond: Mapping[int, Sequence[Bond]], side: Side, depth: int
) -> dict[int, Bond | None]:
    """Say by which bond everybody is met first, generation by generation."""
    met: dict[int, Bond | None] = {person_id: None}
    last = [person_id]
    for _generation in range(depth):
        found: dict[int, Bond | None] = {}
        for bond in (bond for one in last for bond in beyond.get(one, ())):
            key = bond.ends(side)[1]
            if key not in met:
                found.setdefault(key, bond)
        met |= found
        last = list(found)
    return met


@dataclass(frozen=True, slots=True)
class _Known:
    met: Mapping[int, Bond | None]
    beyond: Mapping[int, Sequence[Bond]]
    side: Side

    def after(self, person_id: int) -> Iterator[tuple[int, Bond]]:
        """Give everybody next to a person who is within the depth, with the bond."""
        for bond in self.beyond.get(person_id, ()):
            key = bond.ends(self.side)[1]
            if key in self.met:
                yield key, bond


def _branch(person_id: int, bond: Bond | None, known: _Known, depth: int) -> Branch:
    if known.met[person_id] is not bond:
        return Branch(person_id, bond, again=True)
    if depth == 0:
        return Branch(person_id, bond)
    after = [_branch(key, other, known, depth - 1) for key, other in known.after(person_id)]
    return Branch(person_id, bond, tuple(after))


def persons_of(branch: Branch) -> set[int]:
    """Return everybody in a tree, its root too."""
    return {branch.person_id}.union(*(persons_of(one) for one in branch.branches))


@dataclass
class _Pen:
    """Hands out rows to those after whom nobody comes."""

    used: int = 0
    spots: list[Spot] = field(default_factory=list)
    lines: list[tuple[Spot, Spot]] = field(default_factory=list)

    def place(self, branch: Branch, column: int, step: int) -> Spot:
        """Place a branch and all after it; whoever has others after him stands at their middle."""
        after = [self.place(one, column + step, step) for one in branch.branches]
        if after:
            spot = Spot(branch, column, (after[0].row + after[-1].row) / 2)
        else:
            spot = Spot(branch, column, float(self.used))
            self.used += 1
        self.spots.append(spot)
        self.lines += [(spot, one) for one in after]
        return spot


def draw(mentors: Branch, apprentices: Branch) -> Drawing:
    """Place both trees of one person beside each other: mentors left, apprentices right."""
    sides = [_placed(mentors, -1), _placed(apprentices, 1)]
    root = max(pen.spots[-1].row for pen in sides)
    spots, lines = _shifted(sides[1], root - sides[1].spots[-1].row)
    left_spots, left_lines = _shifted(sides[0], root - sides[0].spots[-1].row)
    spots, lines = [*left_spots[:-1], *spots], [*left_lines, *lines]
    columns = [spot.column for spot in spots]
    rows = max(spot.row for spot in spots) + 1
    return Drawing(tuple(spots), tuple(lines), (min(columns), max(columns)), rows)


def _placed(branch: Branch, step: int) -> _Pen:
    pen = _Pen()
    pen.place(branch, 0, step)
    return pen


def _shifted(pen: _Pen, by: float) -> tuple[list[Spot], list[tuple[Spot, Spot]]]:
    def moved(spot: Spot) -> Spot:
        return replace(spot, row=spot.row + by)

    return [moved(spot) for spot in pen.spots], [(moved(a), moved(b)) for a, b in pen.lines]


def generations(branch: Branch) -> Iterator[Sequence[Branch]]:
    """Give the people of a tree generation by generation, the root first."""
    row: Sequence[Branch] = (branch,)
    while row:
        yield row
        row = [after for one in row for after in one.branches]
