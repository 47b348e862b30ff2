"""What became of apprentices, how long pairs last, who teaches no more, which workshops lack."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager, joinedload

from models.contests import Contest, Event
from models.database import db
from models.entries import EntryMember
from models.honours import Honour
from models.levels import PersonLevel
from models.mentorships import Mentorship, MentorshipMonth
from models.people import Employer, Person
from models.results import Result, Revision
from models.workshops import Workshop, WorkshopReport, WorkshopTerm
from rules.editions import ContestKind
from rules.honours import HonourKind
from rules.mentorships import MentorshipState
from rules.quality import HIGHLY_SKILLED, Cohort, Lacking, cohorts, lacking, months_back
from rules.states import EventState, HonourState, RevisionState
from rules.survival import Lasted, Step, survival
from rules.workshop_grades import Taught
from rules.workshop_policies import Policy
from rules.workshops import ReportState, TermState, WorkshopState
from services.generations import RUNS, was_taught
from services.pages import PAGE_SIZE, Page
from services.workshops_policies import rules_of

ENDED_EARLY = (MentorshipState.BROKEN_OFF, MentorshipState.TRANSFERRED)


@dataclass(frozen=True)
class Wanted:
    """Which pairs are looked at: by the year in which they began, and by trade."""

    since: int | None = None
    until: int | None = None
    occupation: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on pairs."""
        found: list[ColumnElement[bool]] = [was_taught()]
        if self.since is not None:
            found.append(Mentorship.starts_on >= date(self.since, 1, 1))
        if self.until is not None:
            found.append(Mentorship.starts_on <= date(self.until, 12, 31))
        if self.occupation:
            found.append(Mentorship.occupation == self.occupation)
        return found


class Count(NamedTuple):
    """Persons and person-times (R7.12)."""

    persons: int
    times: int


@dataclass(frozen=True)
class Became:
    """How many were taught, and how many reached something after they had begun."""

    taught: Count
    levels: Count
    skilled: Count
    places: Count
    prizes: Count
    titles: Count


def became(wanted: Wanted) -> Became:
    """Count what became of apprentices after their first start, from the registers."""
    person = func.count(func.distinct(Mentorship.apprentice_id))
    taught = db.session.execute(select(person, func.count()).where(*wanted.conditions())).one()
    honours = _honours(wanted)
    levels, skilled = _levels(wanted)
    return Became(
        Count(*taught),
        levels,
        skilled,
        _places(wanted),
        honours.get(HonourKind.PRIZE, Count(0, 0)),
        honours.get(HonourKind.TITLE, Count(0, 0)),
    )


def _began_before(wanted: Wanted, person: Any, day: Any) -> ColumnElement[bool]:
    return exists().where(
        Mentorship.apprentice_id == person, Mentorship.starts_on < day, *wanted.conditions()
    )


def _levels(wanted: Wanted) -> tuple[Count, Count]:
    high = PersonLevel.level <= HIGHLY_SKILLED
    row = db.session.execute(
        select(
            func.count(func.distinct(PersonLevel.person_id)),
            func.count(),
            func.count(func.distinct(case((high, PersonLevel.person_id)))),
            func.count(case((high, 1))),
        ).where(_began_before(wanted, PersonLevel.person_id, PersonLevel.granted_on))
    ).one()
    return Count(row[0], row[1]), Count(row[2], row[3])


def _honours(wanted: Wanted) -> dict[HonourKind, Count]:
    query = (
        select(Honour.kind, func.count(func.distinct(Honour.person_id)), func.count())
        .where(Honour.state == HonourState.STANDING)
        .where(_began_before(wanted, Honour.person_id, Honour.granted_on))
        .group_by(Honour.kind)
    )
    return {kind: Count(persons, times) for kind, persons, times in db.session.execute(query)}


def _places(wanted: Wanted) -> Count:
    """Count who was ranked in a contest whose results are final."""
    query = (
        select(func.count(func.distinct(EntryMember.person_id)), func.count())
        .join(Result, Result.entry_id == EntryMember.entry_id)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Event, Event.id == Revision.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .where(
            Result.rank.is_not(None),
            Revision.state == RevisionState.SIGNED,
            Event.state == EventState.FINAL,
            Contest.kind == ContestKind.CONTEST,
            _began_before(wanted, EntryMember.person_id, Contest.starts_on),
        )
    )
    return Count(*db.session.execute(query).one())


def _part(day: Any, first: int, length: int) -> ColumnElement[int]:
    """Cut a number out of a day, which both databases write as 2026-11-29."""
    return cast(func.substr(cast(day, String), first, length), Integer)


def _months(start: Any, end: Any) -> ColumnElement[int]:
    """Count the full months between two days, as months_between does."""
    whole = 12 * (_part(end, 1, 4) - _part(start, 1, 4)) + _part(end, 6, 2) - _part(start, 6, 2)
    return whole - case((_part(end, 9, 2) < _part(start, 9, 2), 1), else_=0)


def list_cohorts(wanted: Wanted) -> list[Cohort]:
    """Count the pairs by the year in which they began and by what became of them."""
    year = _part(Mentorship.starts_on, 1, 4)
    rows = db.session.execute(
        select(year, Mentorship.state, func.count())
        .where(*wanted.conditions())
        .group_by(year, Mentorship.state)
    )
    people = db.session.execute(
        select(year, func.count(func.distinct(Mentorship.apprentice_id)))
        .where(*wanted.conditions())
        .group_by(year)
    )
    persons = {key: count for key, count in people}
    return cohorts([(key, state, count) for key, state, count in rows], persons)


@dataclass(frozen=True)
class Curve:
    """How long pairs last, and how many are left out because their end is not known."""

    steps: list[Step]
    unknown: int


def curve(wanted: Wanted, today: date) -> Curve:
    """Estimate how many pairs still go on after so many months.

    A pair ends badly when it is broken off or goes on with another mentor; whoever came to the
    check at the end, or is still taught, is watched up to then.
    """
    early = Mentorship.state.in_(ENDED_EARLY)
    unknown = and_(early, Mentorship.ended_on.is_(None))
    end = case(
        (Mentorship.state.in_(RUNS), literal(today.isoformat())),
        else_=cast(func.coalesce(Mentorship.ended_on, Mentorship.ends_on), String),
    )
    months = _months(Mentorship.starts_on, end)
    query = (
        select(months, early, func.count())
        .where(*wanted.conditions(), ~unknown, Mentorship.starts_on <= today)
        .group_by(months, early)
    )
    watched = [
        Lasted(max(0, length), bool(ended), count)
        for length, ended, count in db.session.execute(query)
    ]
    left_out = select(func.count()).where(*wanted.conditions(), unknown)
    return Curve(survival(watched), db.session.scalar(left_out) or 0)


class Silent(NamedTuple):
    """A mentor with running pairs none of which has had a confirmed month for long."""

    person_id: int
    name: str
    employer: str
    pairs: int
    since: date
    last: date | None


def silent_mentors(today: date, months: int, page: int = 1, size: int = PAGE_SIZE) -> Page[Silent]:
    """List mentors without a confirmed month in the last full months, the longest silent first."""
    query = _silent(months_back(today, months))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = max(1, min(page, -(-total // size) or 1))
    return Page(list(_named(query.limit(size).offset((page - 1) * size))), total, page, size)


def all_silent(today: date, months: int) -> list[Silent]:
    """List all of them, for a spreadsheet."""
    return list(_named(_silent(months_back(today, months))))


def _silent(since: date) -> Any:
    last = (
        select(func.max(MentorshipMonth.month))
        .where(
            MentorshipMonth.mentorship_id == Mentorship.id,
            MentorshipMonth.mentor_confirmed_at.is_not(None),
            MentorshipMonth.apprentice_confirmed_at.is_not(None),
            MentorshipMonth.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    pairs = (
        select(Mentorship.mentor_id, Mentorship.starts_on, last.label("last"))
        .where(Mentorship.state == MentorshipState.RUNNING, Mentorship.starts_on <= since)
        .subquery()
    )
    latest = func.max(pairs.c.last)
    return (
        select(pairs.c.mentor_id, func.count(), func.min(pairs.c.starts_on), latest)
        .group_by(pairs.c.mentor_id)
        .having(or_(latest.is_(None), latest < since))
        .order_by(func.coalesce(latest, func.min(pairs.c.starts_on)), pairs.c.mentor_id)
    )


def _named(query: Any) -> Iterator[Silent]:
    rows = db.session.execute(query).all()
    names = (
        select(Person.id, Person.name, Employer.title)
        .outerjoin(Employer, Employer.id == Person.employer_id)
        .where(Person.id.in_([row[0] for row in rows]))
    )
    known = {key: (name, employer or "") for key, name, employer in db.session.execute(names)}
    for key, pairs, since, last in rows:
        yield Silent(key, *known[key], pairs, since, last)


@dataclass(frozen=True)
class BelowDuty:
    """A workshop that lacks something of its duties, with its running term."""

    workshop: Workshop
    term: WorkshopTerm
    lacks: list[Lacking]
    registered: int  # apprentices of this year by the register of pairs


def below_duty(today: date) -> list[BelowDuty]:
    """List the standing workshops whose accepted reports lack something of their duties (R6.08)."""
    query = (
        select(WorkshopTerm)
        .join(WorkshopTerm.workshop)
        .options(
            contains_eager(WorkshopTerm.workshop).joinedload(Workshop.leader),
            joinedload(WorkshopTerm.policy),
        )
        .where(WorkshopTerm.state == TermState.RUNNING)
        .where(Workshop.state == WorkshopState.STANDING)
        .order_by(Workshop.title, Workshop.id)
    )
    reports, registered = _reports(), _registered(today)
    policies: dict[int, Policy] = {}
    found = []
    for term in db.session.scalars(query):
        own = reports.get(term.workshop_id, {})
        dates = (term.starts_on, term.ends_on)
        if term.policy_id not in policies:
            policies[term.policy_id] = rules_of(term.policy)
        lacks = lacking(policies[term.policy_id], term.level, own, dates, today)
        if lacks:
            count = registered.get(term.workshop_id, 0)
            found.append(BelowDuty(term.workshop, term, lacks, count))
    return sorted(found, key=lambda one: -sum(lack.gap.missing for lack in one.lacks))


def _reports() -> dict[int, dict[int, Taught]]:
    query = select(
        WorkshopReport.workshop_id, WorkshopReport.year, WorkshopReport.apprentices,
        WorkshopReport.trained, WorkshopReport.highly_skilled,
    ).where(WorkshopReport.state == ReportState.ACCEPTED)  # fmt: skip
    found: dict[int, dict[int, Taught]] = {}
    for workshop_id, *numbers in db.session.execute(query):
        found.setdefault(workshop_id, {})[numbers[0]] = Taught(*numbers)
    return found


def _registered(today: date) -> dict[int, int]:
    """Count the apprentices that each workshop has taught this year, by the register of pairs."""
    end = func.coalesce(Mentorship.ended_on, Mentorship.ends_on)
    query = (
        select(Mentorship.workshop_id, func.count(func.distinct(Mentorship.apprentice_id)))
        .where(
            Mentorship.workshop_id.is_not(None),
            was_taught(),
            Mentorship.starts_on <= today,
            or_(Mentorship.state.in_(RUNS), end >= date(today.year, 1, 1)),
        )
        .group_by(Mentorship.workshop_id)
    )
    return {key: count for key, count in db.session.execute(query) if key is not None}


def occupations_known() -> list[str]:
    """List the trades of pairs."""
    query = select(Mentorship.occupation).distinct().order_by(Mentorship.occupation)
    return list(db.session.scalars(query))
