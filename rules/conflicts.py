"""Who may not judge whom: employer, coach, mentor and apprentice, kin, own start (R1.12, R1.13).

Judges come from the delegations, so a conflict is the normal case. An edition says what it means:
``event`` keeps such a judge away from the whole event, ``entry`` from the works of his own people
only. Which works these are nobody on the panel may know: so the judge marks them like the others,
and his marks on them are left out when the results are computed, as was written down beforehand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rules.titles import bare_title

BarredFrom = Literal["entry", "event"]


class ConflictKind(StrEnum):
    """Why somebody may not judge an entry, the hardest reason first."""

    SELF = "self"
    KIN = "kin"
    COACH = "coach"
    MENTOR = "mentor"
    EMPLOYER = "employer"
    OTHER = "other"


class Hardness(StrEnum):
    """What a conflict keeps a judge from."""

    EVENT = "event"
    ENTRY = "entry"


@dataclass(frozen=True)
class Tie:
    """What binds a judge to somebody: a declared relation, or a pair of master and apprentice.

    Whoever declares a relation may know only a name: it counts as long as nobody has said which
    person or employer is meant.
    """

    kind: ConflictKind
    person_id: int | None = None
    employer_id: int | None = None
    entry_id: int | None = None
    person: str = ""
    employer: str = ""


@dataclass(frozen=True)
class JudgeFacts:
    """What is known of a judge as far as conflicts go."""

    account_id: int
    person_id: int | None = None
    employers: frozenset[int] = frozenset()
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True)
class EntryFacts:
    """What is known of an entry as far as conflicts go; members by id with their names."""

    entry_id: int
    employer_id: int | None = None
    employer: str = ""
    members: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Conflict:
    """One reason why a judge may not judge an entry."""

    kind: ConflictKind
    entry_id: int
    hardness: Hardness


def conflicts(
    judge: JudgeFacts, entries: Iterable[EntryFacts], barred_from: BarredFrom = "entry"
) -> tuple[Conflict, ...]:
    """Find every reason why a judge may not judge some entries.

    Who starts in an event cannot judge it at all, whatever the edition says.
    """
    usual = Hardness(barred_from)
    return tuple(
        Conflict(kind, entry.entry_id, Hardness.EVENT if kind is ConflictKind.SELF else usual)
        for entry in entries
        for kind in sorted({*_kinds(judge, entry)}, key=_ORDER.index)
    )


_ORDER = [*ConflictKind]


def _kinds(judge: JudgeFacts, entry: EntryFacts) -> Iterator[ConflictKind]:
    members = entry.members or {}
    if judge.person_id is not None and judge.person_id in members:
        yield ConflictKind.SELF
    if entry.employer_id is not None and entry.employer_id in judge.employers:
        yield ConflictKind.EMPLOYER
    for tie in judge.ties:
        if _binds(tie, entry, members):
            yield tie.kind


def _binds(tie: Tie, entry: EntryFacts, members: Mapping[int, str]) -> bool:
    if tie.entry_id is not None:
        return tie.entry_id == entry.entry_id
    if tie.person_id is not None:
        return tie.person_id in members
    if tie.employer_id is not None:
        return tie.employer_id == entry.employer_id
    if tie.person:
        return bare_title(tie.person) in {bare_title(name) for name in members.values()}
    return bool(tie.employer) and bare_title(tie.employer) == bare_title(entry.employer)


def hardest(found: Sequence[Conflict]) -> Conflict | None:
    """Return the conflict that says most: one that bars from the event before all others."""
    return min(
        found,
        key=lambda one: (one.hardness is not Hardness.EVENT, _ORDER.index(one.kind), one.entry_id),
        default=None,
    )


def bars_event(found: Iterable[Conflict]) -> bool:
    """Say whether one of the conflicts keeps the judge away from the whole event."""
    return any(one.hardness is Hardness.EVENT for one in found)


def spared_entries(found: Iterable[Conflict]) -> frozenset[int]:
    """Return the entries on which the judge's marks will be left out."""
    return frozenset(one.entry_id for one in found if one.hardness is Hardness.ENTRY)
