"""Who moved between two revisions of one event's results."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rules.ranking import EntryStatus


@dataclass(frozen=True, slots=True)
class Finish:
    """What one entry reached in one revision, as far as it is made public."""

    status: EntryStatus
    rank: int | None
    total: Decimal | None
    award: str | None = None
    levels: tuple[tuple[int, int], ...] = ()
    money: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry whose finish differs; None where it is in one of the revisions only."""

    entry_id: int
    old: Finish | None
    new: Finish | None

    @property
    def up(self) -> int:
        """Return how many places the entry moved up; below 0 it went down."""
        if self.old is None or self.new is None:
            return 0
        if self.old.rank is None or self.new.rank is None:
            return 0
        return self.old.rank - self.new.rank

    @property
    def is_award(self) -> bool:
        """Say whether the award, its money or a level is another one."""
        return _won(self.old) != _won(self.new)

    @property
    def gain(self) -> Decimal:
        """Return how much more money the entry was promised; below 0 it loses."""
        return _won(self.new)[2] - _won(self.old)[2]


def movements(old: Mapping[int, Finish], new: Mapping[int, Finish]) -> list[Movement]:
    """List the entries that moved, by their new rank, those without one last."""
    found = [
        Movement(entry, old.get(entry), new.get(entry))
        for entry in old.keys() | new.keys()
        if old.get(entry) != new.get(entry)
    ]
    return sorted(found, key=lambda one: (*_place(one.new), *_place(one.old), one.entry_id))


def _won(finish: Finish | None) -> tuple[str | None, tuple[tuple[int, int], ...], Decimal]:
    if finish is None:
        return None, (), Decimal(0)
    return finish.award, finish.levels, finish.money


def _place(finish: Finish | None) -> tuple[bool, int]:
    rank = None if finish is None else finish.rank
    return rank is None, rank or 0
