"""What a revision says: its list by division, and how one result came about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from models.awards import Award, LevelGrant
from models.contests import Division, Event
from models.database import db
from models.entries import Entry
from models.people import Employer, Person
from models.results import Result, Revision
from rules.plans import EventPlan
from rules.ranking import EntryStatus
from rules.refusals import Missing
from services.awards import counts_for_selection_only
from services.pages import PAGE_SIZE, Page, ordered, page_of


def list_revisions(event_id: int) -> Sequence[Revision]:
    """List the revisions of an event, the newest first."""
    query = select(Revision).where(Revision.event_id == event_id)
    return db.session.scalars(query.order_by(Revision.number.desc())).all()


def find_newest(event_id: int) -> Revision | None:
    """Return the newest revision of an event with its rules; None before the first computation."""
    query = select(Revision).where(Revision.event_id == event_id)
    query = query.order_by(Revision.number.desc()).limit(1)
    return db.session.scalar(query.options(*_WITH_RULES))


def get_with_rules(revision_id: int) -> Revision:
    """Return a revision with its event, contest and rules; raise Missing."""
    query = select(Revision).where(Revision.id == revision_id)
    revision = db.session.scalar(query.options(*_WITH_RULES))
    if revision is None:
        raise Missing(revision_id)
    return revision


_WITH_RULES = (
    joinedload(Revision.rule_version),
    joinedload(Revision.event).options(joinedload(Event.contest), selectinload(Event.divisions)),
)


@dataclass(frozen=True)
class DivisionCount:
    """How many of a division competed, passed, and did not compete in one revision."""

    division: Division
    total: int = 0
    competed: int = 0
    passed: int = 0
    selection_only: bool = False


def count_divisions(revision: Revision) -> list[DivisionCount]:
    """Count each division of a revision's event."""
    query = (
        select(Entry.division_id, Result.status, Result.passed, func.count())
        .select_from(Result)
        .join(Result.entry)
        .where(Result.revision_id == revision.id)
        .group_by(Entry.division_id, Result.status, Result.passed)
    )
    rows = db.session.execute(query).all()
    plan = EventPlan.model_validate(revision.rule_version.plan)
    return [_counted(division, rows, plan) for division in revision.event.divisions]


def _counted(division: Division, rows: Sequence[Any], plan: EventPlan) -> DivisionCount:
    mine = [row[1:] for row in rows if row[0] == division.id]
    competed = sum(count for status, _, count in mine if status is EntryStatus.COMPETED)
    return DivisionCount(
        division,
        sum(count for _, _, count in mine),
        competed,
        sum(count for _, passed, count in mine if passed),
        bool(mine) and counts_for_selection_only(plan, competed),
    )


@dataclass(frozen=True)
class Lines:
    """A page of results with the awards and levels of exactly these entries."""

    page: Page[Result]
    awards: dict[int, Award] = field(default_factory=dict)
    levels: dict[int, list[LevelGrant]] = field(default_factory=dict)


_SORTABLE = {
    "code": Entry.code,
    "name": Entry.title,
    "employer": Employer.title,
    "total": Result.total,
}


@dataclass(frozen=True)
class Wanted:
    """What part of a revision is asked for, and in which order."""

    division_id: int | None = None
    status: EntryStatus | None = None
    q: str = ""
    sort: str = "rank"
    descending: bool = False


def list_results(
    revision_id: int, wanted: Wanted | None = None, page: int = 1, size: int = PAGE_SIZE
) -> Lines:
    """List the results of a revision; without a sort by rank, those without a rank last."""
    wanted = wanted or Wanted()
    query = (
        select(Result)
        .join(Result.entry)
        .outerjoin(Entry.employer)
        .options(contains_eager(Result.entry).contains_eager(Entry.employer))
        .where(Result.revision_id == revision_id, *_conditions(wanted))
    )
    if wanted.sort in _SORTABLE:
        query = ordered(query, _SORTABLE, wanted.sort, wanted.descending, Result.id)
    else:
        rank = Result.rank.desc() if wanted.descending else Result.rank.asc()
        query = query.order_by(Result.rank.is_(None), rank, Result.status, Entry.code, Result.id)
    found = page_of(query, page, size)
    entries = [result.entry_id for result in found.items]
    return Lines(found, awards_of(revision_id, entries), levels_of(revision_id, entries))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.division_id is not None:
        found.append(Entry.division_id == wanted.division_id)
    if wanted.status is not None:
        found.append(Result.status == wanted.status)
    if wanted.q:
        like = [column.contains(wanted.q, autoescape=True) for column in (Entry.title, Entry.code)]
        found.append(like[0] | like[1])
    return found


def awards_of(revision_id: int, entries: Sequence[int]) -> dict[int, Award]:
    """Return the awards of some entries in a revision."""
    query = select(Award).where(Award.revision_id == revision_id, Award.entry_id.in_(entries))
    return {award.entry_id: award for award in db.session.scalars(query)}


def levels_of(revision_id: int, entries: Sequence[int]) -> dict[int, list[LevelGrant]]:
    """Return the level grants of some entries in a revision."""
    query = (
        select(LevelGrant)
        .options(joinedload(LevelGrant.person).load_only(Person.name))
        .where(LevelGrant.revision_id == revision_id, LevelGrant.entry_id.in_(entries))
        .order_by(LevelGrant.level, LevelGrant.id)
    )
    found: dict[int, list[LevelGrant]] = {}
    for grant in db.session.scalars(query):
        found.setdefault(grant.entry_id, []).append(grant)
    return found


def count_neighbours(result: Result) -> tuple[int, int, int]:
    """Count those of the division that competed, and the others with the same total and rank."""
    same = (Result.total == result.total) & (Result.reached == result.reached)
    competed = Result.status == EntryStatus.COMPETED
    query = (
        select(
            func.count().filter(competed),
            func.count().filter(competed & same),
            func.count().filter(Result.rank == result.rank),
        )
        .select_from(Result)
        .join(Result.entry)
        .where(Result.revision_id == result.revision_id)
        .where(Entry.division_id == result.entry.division_id)
    )
    size, totals, ranks = db.session.execute(query).one()
    return size, max(0, totals - 1), max(0, ranks - 1)
