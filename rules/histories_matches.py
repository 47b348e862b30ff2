"""Who in a list of the past is whom in the register: by identity number, else staff decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.histories import Who
from rules.people import same_name

# What staff decide where nobody of the register is meant.
NOBODY = 0


class HistoryMatch(StrEnum):
    """What became of the person that a row names."""

    KNOWN = "known"
    NEW = "new"
    DECIDED = "decided"
    OPEN = "open"
    NAME_ONLY = "name_only"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the register who bears the name, and what else fits."""

    id: int
    name: str
    employer: str
    birth_date: date | None
    same_employer: bool = False
    same_birth_date: bool = False

    @property
    def points(self) -> int:
        """Return how much speaks for it."""
        return self.same_employer + 2 * self.same_birth_date


def candidates_of(who: Who, people: Sequence[Candidate]) -> list[Candidate]:
    """Return who may be meant, the likeliest first; another birth date speaks against somebody."""
    found = [
        Candidate(
            one.id,
            one.name,
            one.employer,
            one.birth_date,
            bool(who.employer) and _bare(who.employer) == _bare(one.employer),
            who.birth_date is not None and who.birth_date == one.birth_date,
        )
        for one in people
        if same_name(one.name, who.name) and not _contradicts(who, one)
    ]
    return sorted(found, key=lambda one: (-one.points, one.id))


def _contradicts(who: Who, one: Candidate) -> bool:
    known = who.birth_date is not None and one.birth_date is not None
    return known and who.birth_date != one.birth_date


def _bare(title: str) -> str:
    return title.replace("(", "（").replace(")", "）").replace(" ", "").casefold()


def proposed(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the only one for whom employer or birth date speak, if there is just one."""
    likely = [one for one in candidates if one.points]
    return likely[0] if len(likely) == 1 else None


def matched(
    number: int, candidates: Sequence[Candidate], decisions: Mapping[int, int]
) -> tuple[HistoryMatch, int | None]:
    """Return what became of somebody without an identity number in a row, and who it is."""
    decided = decisions.get(number)
    if decided is not None and decided in {one.id for one in candidates}:
        return HistoryMatch.DECIDED, decided
    if decided == NOBODY or not candidates:
        return HistoryMatch.NAME_ONLY, None
    return HistoryMatch.OPEN, None
