"""Tables of delegations: medal points, their mean, and places with ties (marking, section 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rules.provincial import Medal

Order = Literal["points", "average", "medals"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The medals of one delegation, and in how many events it started."""

    delegation: str
    events: int
    medals: Mapping[Medal, int]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A delegation in the table; equal ones share a place, and the next ones are passed over."""

    tally: Tally
    points: int
    average: Fraction | None
    rank: int


def points_of(medals: Mapping[Medal, int], worth: Mapping[Medal, int]) -> int:
    """Return the points of medals; a team counts once."""
    return sum(count * worth.get(medal, 0) for medal, count in medals.items())


def counted(medals: Iterable[Medal | None]) -> dict[Medal, int]:
    """Count the medals of entries, one each."""
    found = dict.fromkeys(Medal, 0)
    for medal in medals:
        if medal is not None:
            found[medal] += 1
    return found


def standings(
    tallies: Sequence[Tally], worth: Mapping[Medal, int], order: Order = "points"
) -> list[Standing]:
    """Rank delegations: 1, 2, 2, 4; by points, by points an event, or by gold, silver, bronze."""
    rows = [(_key(one, worth, order), one) for one in tallies]
    rows.sort(key=lambda row: (row[0], row[1].delegation))
    found: list[Standing] = []
    for place, (key, one) in enumerate(rows, start=1):
        same = place > 1 and rows[place - 2][0] == key
        points = points_of(one.medals, worth)
        average = Fraction(points, one.events) if one.events else None
        found.append(Standing(one, points, average, found[-1].rank if same else place))
    return found


def _key(one: Tally, worth: Mapping[Medal, int], order: Order) -> tuple[Fraction, ...]:
    points = Fraction(points_of(one.medals, worth))
    if order == "average":
        return (-(points / one.events) if one.events else Fraction(1),)
    if order == "medals":
        return tuple(Fraction(-one.medals.get(medal, 0)) for medal in Medal)
    return (-points,)
