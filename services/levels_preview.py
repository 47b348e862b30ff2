"""What a level rule would give on the present results; nothing is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from models.awards import Award, LevelGrant
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Person
from models.results import Result, Revision
from rules.levels import Candidate, LevelRule, grants, passes
from rules.plans import EditionRules
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import RevisionState
from rules.texts import N_
from services import awards, contests

MOST_SHOWN = 100
_NO_RESULTS = N_("There are no results yet on which the lines could be tried.")


class Change(NamedTuple):
    """Somebody whose level would be another one; None is no level."""

    name: str
    rank: int | None
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Preview:
    """How many people would get each level, so far and by the lines, and who would change."""

    revision: int
    before: dict[int, int]
    after: dict[int, int]
    changes: Sequence[Change]

    @property
    def levels(self) -> list[int]:
        """Return the levels that occur, the highest first."""
        return sorted({*self.before, *self.after})


def preview(event_id: int, rule: LevelRule) -> Preview:
    """Try a rule on the newest revision of an event; raise Refused where there is none."""
    revision = db.session.scalar(
        select(Revision)
        .where(Revision.event_id == event_id, Revision.state != RevisionState.SUPERSEDED)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    if revision is None:
        raise Refused(_NO_RESULTS)
    edition = EditionRules.model_validate(contests.get_event(event_id).contest.rules)
    setting = awards.setting_of(event_id, edition)
    before = _granted(revision.id)
    after: dict[int, int] = {}
    people: dict[int, tuple[str, int | None]] = {}
    for candidates, size in _fields(revision.id, rule, people):
        after |= {one.person_id: one.level for one in grants(rule, candidates, size, setting)}
    changes = [
        Change(*people[key], before.get(key), after.get(key))
        for key in people
        if before.get(key) != after.get(key)
    ]
    return Preview(
        revision.number, Counter(before.values()), Counter(after.values()), changes[:MOST_SHOWN]
    )


def _granted(revision_id: int) -> dict[int, int]:
    query = select(LevelGrant.person_id, LevelGrant.level).where(
        LevelGrant.revision_id == revision_id
    )
    return {person_id: level for person_id, level in db.session.execute(query)}


def _fields(
    revision_id: int, rule: LevelRule, people: dict[int, tuple[str, int | None]]
) -> list[tuple[list[Candidate], int]]:
    """Read those who competed, by division, with the size of each field."""
    query = (
        select(Entry.division_id, Result, EntryMember.person_id, Person.name, Person.held_level)
        .add_columns(Award.tier)
        .join(Entry, Entry.id == Result.entry_id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .outerjoin(
            Award, (Award.revision_id == Result.revision_id) & (Award.entry_id == Result.entry_id)
        )
        .where(Result.revision_id == revision_id, Result.status == EntryStatus.COMPETED)
        .order_by(func.coalesce(Result.rank, 99999), Result.id, EntryMember.position)
    )
    found: dict[int, list[Candidate]] = {}
    ranked: dict[int, set[int]] = {}
    for division_id, result, person_id, name, held, tier in db.session.execute(query):
        parts = {key: part["passed"] for key, part in result.parts.items()}
        people[person_id] = (name, result.rank)
        found.setdefault(division_id, []).append(
            Candidate(
                person_id,
                result.entry_id,
                result.award_rank,
                passes(rule, parts),
                held,
                parts,
                tier,
            )
        )
        if result.award_rank is not None:
            ranked.setdefault(division_id, set()).add(result.entry_id)
    return [(found[key], len(ranked.get(key, ()))) for key in found]
