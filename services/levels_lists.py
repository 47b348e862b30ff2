"""What pages show of level lists and of the levels that people hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from models.accounts import Account
from models.awards import LevelGrant
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.levels import LevelLine, LevelList, PersonLevel
from models.people import Person
from models.results import Revision
from rules.states import LevelListState, RevisionState
from services.pages import PAGE_SIZE, Page, page_of

HAS_PROBLEM, OPEN, DROPPED, CERTIFIED = "problem", "open", "dropped", "certified"
SHOWN = (HAS_PROBLEM, OPEN, DROPPED, CERTIFIED)


class Count(NamedTuple):
    """How many lines a list has, and how they stand."""

    active: int = 0
    dropped: int = 0
    open: int = 0
    certified: int = 0
    superseded: int = 0


NOTHING = Count()


def list_lists(contest_id: int) -> list[tuple[LevelList, Count]]:
    """List the lists of a contest with their counts, the newest first."""
    query = select(LevelList).where(LevelList.contest_id == contest_id)
    found = db.session.scalars(query.order_by(LevelList.number.desc())).all()
    counts = _counts([one.id for one in found])
    return [(one, counts.get(one.id, NOTHING)) for one in found]


def count_of(list_id: int) -> Count:
    """Count the lines of a list."""
    return _counts([list_id]).get(list_id, NOTHING)


def _counts(list_ids: Sequence[int]) -> dict[int, Count]:
    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    open_line = LevelLine.has_problem & LevelLine.settled.is_(None)
    query = (
        select(
            LevelLine.list_id,
            number(LevelLine.active),
            number(~LevelLine.active & ~open_line),
            number(open_line),
            number(PersonLevel.certificate_number.is_not(None)),
            number(LevelLine.active & (Revision.state != RevisionState.SIGNED)),
        )
        .join(LevelGrant, LevelGrant.id == LevelLine.grant_id)
        .join(Revision, Revision.id == LevelGrant.revision_id)
        .outerjoin(PersonLevel, PersonLevel.line_id == LevelLine.id)
        .where(LevelLine.list_id.in_(list_ids))
        .group_by(LevelLine.list_id)
    )
    return {row[0]: Count(*row[1:]) for row in db.session.execute(query)}


@dataclass(frozen=True)
class Wanted:
    """Which lines of a list are asked for."""

    show: str = ""
    level: int | None = None
    q: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on lines and names."""
        found: list[ColumnElement[bool]] = []
        if self.show == HAS_PROBLEM:
            found.append(LevelLine.has_problem.is_(True))
        if self.show == OPEN:
            found.append(LevelLine.has_problem & LevelLine.settled.is_(None))
        if self.show == DROPPED:
            found.append(~LevelLine.active)
        if self.show == CERTIFIED:
            found.append(PersonLevel.certificate_number.is_not(None))
        if self.level:
            found.append(LevelLine.level == self.level)
        if self.q:
            found.append(Person.name.contains(self.q, autoescape=True))
        return found


def list_lines(
    list_id: int, wanted: Wanted, page: int = 1, size: int = PAGE_SIZE
) -> Page[LevelLine]:
    """List the lines of a list; those that wait for a decision come first."""
    query = (
        select(LevelLine)
        .join(LevelLine.person)
        .join(LevelLine.grant)
        .join(LevelGrant.entry)
        .outerjoin(PersonLevel, PersonLevel.line_id == LevelLine.id)
        .where(LevelLine.list_id == list_id, *wanted.conditions())
        .options(
            contains_eager(LevelLine.person),
            contains_eager(LevelLine.grant).options(
                joinedload(LevelGrant.revision).load_only(Revision.state),
                contains_eager(LevelGrant.entry).options(
                    joinedload(Entry.event).load_only(Event.title, Event.occupation),
                    joinedload(Entry.division),
                    joinedload(Entry.employer),
                ),
            ),
        )
        .order_by((LevelLine.has_problem & LevelLine.settled.is_(None)).desc(), LevelLine.id)
    )
    return page_of(query, page, size)


def numbers_of(lines: Sequence[LevelLine]) -> dict[int, PersonLevel]:
    """Return the certificates that came back for some lines."""
    ids = [line.id for line in lines]
    rows = db.session.scalars(select(PersonLevel).where(PersonLevel.line_id.in_(ids)))
    return {row.line_id: row for row in rows if row.line_id is not None}


def people_of(found: LevelList) -> dict[int, str]:
    """Name those who prepared, handed in and approved a list."""
    ids = [found.prepared_by_id, found.submitted_by_id, found.approved_by_id]
    query = select(Account).where(Account.id.in_([one for one in ids if one]))
    rows = db.session.scalars(query.options(load_only(Account.title)))
    return {row.id: row.title for row in rows}


class Held(NamedTuple):
    """A level that somebody holds."""

    occupation: str
    level: int
    number: str | None
    granted_on: Any
    contest: str | None


def held_by(person_id: int) -> list[Held]:
    """List the levels that a person holds, the highest first."""
    query = (
        select(
            PersonLevel.occupation,
            PersonLevel.level,
            PersonLevel.certificate_number,
            PersonLevel.granted_on,
            Contest.title,
        )
        .outerjoin(LevelLine, LevelLine.id == PersonLevel.line_id)
        .outerjoin(LevelList, LevelList.id == LevelLine.list_id)
        .outerjoin(Contest, Contest.id == LevelList.contest_id)
        .where(PersonLevel.person_id == person_id)
        .order_by(PersonLevel.level, PersonLevel.occupation)
    )
    return [Held(*row) for row in db.session.execute(query)]


class Way(NamedTuple):
    """A level recommended for somebody of an entry, and how far it has come."""

    name: str
    level: int
    state: LevelListState | None
    number: str | None


def ways_of(entry_id: int) -> list[Way]:
    """Say of each level that signed results recommend for an entry how far it has come."""
    query = (
        select(Person.name, LevelGrant.level, LevelList.state, PersonLevel.certificate_number)
        .join(Person, Person.id == LevelGrant.person_id)
        .join(Revision, Revision.id == LevelGrant.revision_id)
        .outerjoin(LevelLine, (LevelLine.grant_id == LevelGrant.id) & LevelLine.active)
        .outerjoin(LevelList, LevelList.id == LevelLine.list_id)
        .outerjoin(PersonLevel, PersonLevel.line_id == LevelLine.id)
        .where(LevelGrant.entry_id == entry_id, Revision.state == RevisionState.SIGNED)
        .order_by(LevelGrant.id)
    )
    return [Way(*row) for row in db.session.execute(query)]


class Due(NamedTuple):
    """A list that waits for somebody."""

    list_id: int
    contest_id: int
    contest: str
    number: int
    state: LevelListState


def waiting_lists(contests: frozenset[int] | None) -> list[Due]:
    """List the lists that wait for somebody; None is every contest."""
    done = (LevelListState.CLOSED, LevelListState.WITHDRAWN)
    query = (
        select(LevelList.id, Contest.id, Contest.title, LevelList.number, LevelList.state)
        .join(Contest, Contest.id == LevelList.contest_id)
        .where(LevelList.state.not_in(done))
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [Due(*row) for row in db.session.execute(query.order_by(LevelList.id).limit(50))]
