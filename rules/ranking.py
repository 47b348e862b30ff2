"""Places 1-2-2-4 and the chain of tie-breaks, never the order of the rows (R2.27, R2.29)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Literal, NamedTuple

from rules.data import RuleData, later
from rules.decisions import Decision, Undecided, decided_order

Score = Decimal | Fraction
DECISION = "decision"


class EntryStatus(StrEnum):
    """What became of an entry; a real zero is COMPETED, the others have no place (R2.20)."""

    COMPETED = "competed"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    VIOLATION = "violation"


def stricter(one: EntryStatus, other: EntryStatus) -> EntryStatus:
    """Return the status with the heavier consequence: a violation outweighs an absence (R2.20)."""
    return max(one, other, key=list(EntryStatus).index)


class TieBreak(RuleData):
    """One step of the tie-break chain: the higher score of a part wins, or the shorter time.

    "node" is any part, module or stage; "best_single" compares the best value below a node, then
    the next best; "age" and "fact" compare what is known of the entry. `prefer` turns a step round.
    """

    kind: Literal["part", "time", "node", "best_single", "age", "fact"]
    key: str
    prefer: Literal["usual", "higher", "lower"] = later("usual")

    @property
    def lower_wins(self) -> bool:
        """Say whether the lower value wins; usually that is so for times only."""
        return self.prefer == "lower" or (self.prefer == "usual" and self.kind == "time")


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry to be placed; `scores` and `lists` hold what the tie-breaks name.

    Whoever `reached` a later stage comes before all who did not.
    """

    entry_id: int
    total: Score
    status: EntryStatus = EntryStatus.COMPETED
    in_competition: bool = True
    scores: Mapping[str, Score] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Score]] = field(default_factory=dict)
    reached: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one entry.

    `award_rank` skips those out of competition (R1.26); `shared` says that others have the same
    rank; `tie_break` is the key of the tie-break that parted the entry from an equal total.
    """

    entry_id: int
    rank: int | None
    award_rank: int | None
    shared: bool
    tie_break: str | None


_Key = tuple[object, ...]
_TOTAL = 2  # stage reached and total stand before the tie-breaks
_LAST = (EntryStatus.ABSENT, EntryStatus.WITHDRAWN)


def places(
    entries: Sequence[Ranked],
    tie_breaks: Sequence[TieBreak] = (),
    *,
    ties: Literal["share", "decide"] = "share",
    unplaced: Literal["none", "last"] = "none",
    decisions: Sequence[Decision] = (),
) -> list[Place]:
    """Place the entries 1-2-2-4, those without a place last.

    A tie that every tie-break leaves open is shared, or parted by a recorded decision; never by
    row order. Whoever did not compete, or broke the rules, has no place; with `unplaced` "last"
    the absent and withdrawn share the place after all others.
    """
    groups = list(_decided(_groups(entries, tie_breaks), decisions))
    open_ties = [[one.entry_id for one in group] for _, group in groups if len(group) > 1]
    if ties == "decide" and open_ties:
        raise Undecided("place", "", open_ties)
    placed = list(_placed(groups, tie_breaks))
    rest = [entry for entry in entries if entry.status is not EntryStatus.COMPETED]
    rest.sort(key=lambda entry: (entry.status, entry.entry_id))
    after = len(placed) + 1 if unplaced == "last" else None
    lasts = sum(entry.status in _LAST for entry in rest)
    return [*placed, *(_without_place(entry, after, lasts > 1) for entry in rest)]


def _without_place(entry: Ranked, after: int | None, shared: bool) -> Place:
    rank = after if entry.status in _LAST else None
    return Place(entry.entry_id, rank, None, rank is not None and shared, None)


_Group = tuple[_Key, list[Ranked]]


def _groups(entries: Sequence[Ranked], tie_breaks: Sequence[TieBreak]) -> Iterator[_Group]:
    steps = [_Step(s.kind == "best_single", s.key, 1 if s.lower_wins else -1) for s in tie_breaks]
    keyed = sorted(
        (_key(entry, steps), entry.entry_id, entry)
        for entry in entries
        if entry.status is EntryStatus.COMPETED
    )
    for key, group in groupby(keyed, key=lambda item: item[0]):
        yield key, [entry for _, _, entry in group]


class _Step(NamedTuple):
    """A tie-break made ready for many entries."""

    of_list: bool
    key: str
    sign: int


def _key(entry: Ranked, steps: Sequence[_Step]) -> _Key:
    return (-entry.reached, -entry.total, *(_part_of_key(entry, *step) for step in steps))


def _part_of_key(entry: Ranked, of_list: bool, key: str, sign: int) -> object:
    if not of_list:
        return sign * entry.scores[key]
    values = sorted(sign * value for value in entry.lists[key])
    # A value that is missing loses against any that is there.
    return (*((0, value) for value in values), (1, 0))


def _decided(groups: Iterator[_Group], decisions: Sequence[Decision]) -> Iterator[_Group]:
    """Part groups of equals for which a decision is recorded."""
    for key, group in groups:
        ids = [entry.entry_id for entry in group]
        order = decided_order(decisions, "place", "", ids) if len(group) > 1 else None
        if order is None:
            yield (*key, 0), group
        else:
            for entry in sorted(group, key=lambda entry: order[entry.entry_id]):
                yield (*key, order[entry.entry_id]), [entry]


def _placed(groups: Sequence[_Group], tie_breaks: Sequence[TieBreak]) -> Iterator[Place]:
    names = [*(step.key for step in tie_breaks), DECISION]
    rank = award_rank = 1
    for index, (key, group) in enumerate(groups):
        neighbours = [groups[i][0] for i in (index - 1, index + 1) if 0 <= i < len(groups)]
        decided = _tie_break(key, neighbours, names)
        for entry in group:
            own = award_rank if entry.in_competition else None
            yield Place(entry.entry_id, rank, own, len(group) > 1, decided)
        rank += len(group)
        award_rank += sum(entry.in_competition for entry in group)


def _tie_break(key: _Key, neighbours: Sequence[_Key], names: Sequence[str]) -> str | None:
    """Name the last tie-break that was needed against a neighbour with the same total."""
    equal = [other for other in neighbours if other[:_TOTAL] == key[:_TOTAL]]
    needed = [_first_difference(key, other) for other in equal]
    return names[max(needed) - _TOTAL] if needed else None


def _first_difference(one: _Key, other: _Key) -> int:
    return next(i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
