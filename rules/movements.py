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
        """Say whether the award or a level is another one."""
        old = (None, ()) if self.old is None else (self.old.award, self.old.levels)
        new = (None, ()) if self.new is None else (self.new.award, self.new.levels)
        return old != new


def movements(old: Mapping[int, Finish], new: Mapping[int, Finish]) -> list[Movement]:
    """List the entries that moved, by their new rank, those without one last."""
    found = [
        Movement(entry, old.get(entry), new.get(entry))
        for entry in old.keys() | new.keys()
        if old.get(entry) != new.get(entry)
    ]
    return sorted(found, key=lambda one: (*_place(one.new), *_place(one.old), one.entry_id))


def _place(finish: Finish | None) -> tuple[bool, int]:
    rank = None if finish is None else finish.rank
    return rank is None, rank or 0
