"""What one person has won: awards, recommended levels and certificates of all years."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select, true

from models.awards import Award, LevelGrant
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.results import Result, Revision
from rules.certificate_kinds import CertificateKind
from rules.states import CertificateState, EventState, RevisionState


@dataclass(frozen=True)
class Paper:
    """A certificate as far as a list shows it."""

    number: str
    state: CertificateState


@dataclass(frozen=True)
class Honour:
    """What one entry brought a person, by signed results."""

    entry_id: int
    year: int
    contest: str
    event_id: int
    event: str
    event_state: EventState
    division: str
    rank: int | None
    tier: str | None
    titles: Sequence[str]
    level: int | None
    papers: Sequence[Paper] = ()


def list_honours(person_id: int, contests: frozenset[int] | None = None) -> list[Honour]:
    """List a person's honours, newest first; in some contests only unless None."""
    papers = _papers(person_id)
    return [
        Honour(**{**row, "titles": row["titles"] or ()}, papers=papers.get(row["entry_id"], ()))
        for row in db.session.execute(_query(person_id, contests)).mappings()
    ]


def _query(person_id: int, contests: frozenset[int] | None) -> Any:
    same = (Award.revision_id == Result.revision_id, Award.entry_id == Result.entry_id)
    own = (
        LevelGrant.revision_id == Result.revision_id,
        LevelGrant.entry_id == Result.entry_id,
        LevelGrant.person_id == person_id,
    )
    return (
        select(
            Entry.id.label("entry_id"),
            Contest.year.label("year"),
            Contest.title.label("contest"),
            Event.id.label("event_id"),
            Event.title.label("event"),
            Event.state.label("event_state"),
            Division.title.label("division"),
            Result.rank.label("rank"),
            Award.tier_title.label("tier"),
            Award.honours.label("titles"),
            LevelGrant.level.label("level"),
        )
        .select_from(Result)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .outerjoin(Award, and_(*same))
        .outerjoin(LevelGrant, and_(*own))
        .where(EntryMember.person_id == person_id, Revision.state == RevisionState.SIGNED)
        .where(or_(Award.id.is_not(None), LevelGrant.id.is_not(None)))
        .where(true() if contests is None else Contest.id.in_(contests))
        .order_by(Contest.year.desc(), Contest.starts_on.desc(), Event.position, Event.id)
    )


def _papers(person_id: int) -> dict[int, list[Paper]]:
    query = (
        select(Award.entry_id, Certificate.number, Certificate.state)
        .join(Award, Award.id == Certificate.award_id)
        .where(Certificate.person_id == person_id, Certificate.kind == CertificateKind.HONOUR)
        .order_by(Certificate.id)
    )
    found: dict[int, list[Paper]] = {}
    for entry_id, number, state in db.session.execute(query):
        found.setdefault(entry_id, []).append(Paper(number, state))
    return found
