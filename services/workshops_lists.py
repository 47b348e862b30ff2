"""The register of workshops as a list, counted by level and body, and what a host has of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.people import Employer, Person
from models.workshop_applications import WorkshopApplication
from models.workshops import Workshop, WorkshopReport
from rules.workshops import (
    OPEN_APPLICATIONS,
    ApplicationState,
    ReportState,
    WorkshopLevel,
    WorkshopState,
)
from services.pages import Page, page_of
from services.people import likeness
from services.workshops_reports import NUMBERS, TEXTS, ReportFacts


@dataclass(frozen=True)
class Wanted:
    """Which workshops are asked for; without a state those that stand."""

    q: str = ""
    level: WorkshopLevel | None = None
    recognised_by: str = ""
    district: str = ""
    occupation: str = ""
    state: WorkshopState = WorkshopState.STANDING

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what the rows must fulfil."""
        found: list[ColumnElement[bool]] = [Workshop.state == self.state]
        exact = (
            (Workshop.level, self.level),
            (Workshop.recognised_by, self.recognised_by),
            (Workshop.district, self.district),
            (Workshop.occupation, self.occupation),
        )
        found += [column == value for column, value in exact if value]
        if self.q:
            like = likeness(self.q)
            texts = (Workshop.title, Workshop.plaque_number, Person.name, Employer.title)
            found.append(or_(*(column.like(like, escape="\\") for column in texts)))
        return found


def list_workshops(wanted: Wanted, page: int = 1) -> Page[Workshop]:
    """List workshops, the highest level first, then by name."""
    query = (
        select(Workshop)
        .join(Workshop.leader)
        .join(Workshop.employer)
        .options(joinedload(Workshop.leader), joinedload(Workshop.employer))
        .where(*wanted.conditions())
        .order_by(Workshop.founded_on.desc(), Workshop.title)
    )
    return page_of(query, page)


class Count(NamedTuple):
    """How many workshops stand that a body recognises at a level."""

    level: WorkshopLevel
    recognised_by: str
    number: int


def count_workshops() -> list[Count]:
    """Count standing workshops by level and by the body, the highest level first."""
    query = (
        select(Workshop.level, Workshop.recognised_by, func.count())
        .where(Workshop.state == WorkshopState.STANDING)
        .group_by(Workshop.level, Workshop.recognised_by)
    )
    found = [Count(*row) for row in db.session.execute(query)]
    ladder = list(WorkshopLevel)
    return sorted(found, key=lambda one: (-ladder.index(one.level), one.recognised_by))


class Choices(NamedTuple):
    """What the list can be filtered by."""

    bodies: Sequence[str]
    districts: Sequence[str]
    occupations: Sequence[str]


def choices() -> Choices:
    """Return the bodies, districts and trades that there are (one statement)."""
    query = select(Workshop.recognised_by, Workshop.district, Workshop.occupation).distinct()
    rows = db.session.execute(query).all()
    columns = [sorted({row[place] for row in rows} - {""}) for place in range(3)]
    return Choices(*columns)


def taught_before() -> int:
    """Return the person-times that workshops taught before the register began (R7.12)."""
    return db.session.scalar(select(func.coalesce(func.sum(Workshop.taught_before), 0))) or 0


def list_applications(
    state: ApplicationState | None = None, page: int = 1, employer_id: int | None = None
) -> Page[WorkshopApplication]:
    """List applications, the newest first; without a state those under way."""
    query = select(WorkshopApplication).options(
        joinedload(WorkshopApplication.leader), joinedload(WorkshopApplication.employer)
    )
    if employer_id is not None:
        query = query.where(WorkshopApplication.employer_id == employer_id)
    elif state is None:
        query = query.where(
            WorkshopApplication.state.in_(OPEN_APPLICATIONS - {ApplicationState.DRAFT})
        )
    if state is not None:
        query = query.where(WorkshopApplication.state == state)
    return page_of(query.order_by(WorkshopApplication.id.desc()), page)


def workshops_of(employer_id: int) -> Sequence[Workshop]:
    """List the workshops of a host, those that stand first."""
    query = (
        select(Workshop)
        .options(joinedload(Workshop.leader))
        .where(Workshop.employer_id == employer_id)
        .order_by(Workshop.state.desc(), Workshop.title)
    )
    return db.session.scalars(query).all()


def waiting_reports() -> Sequence[WorkshopReport]:
    """List the reports that wait to be looked at, the oldest first."""
    query = (
        select(WorkshopReport)
        .options(joinedload(WorkshopReport.workshop))
        .where(WorkshopReport.state == ReportState.SUBMITTED)
        .order_by(WorkshopReport.submitted_at, WorkshopReport.id)
    )
    return db.session.scalars(query).all()


def facts_of(report: WorkshopReport | None) -> ReportFacts:
    """Return what a report says, to be shown in its form."""
    if report is None:
        return ReportFacts()
    return ReportFacts(
        {key: getattr(report, key) for key in NUMBERS},
        {key: getattr(report, key) for key in TEXTS},
        report.own_grade,
        {one.category: one.amount for one in report.spendings},
        {one.category: one.note for one in report.spendings},
    )


def years_to_report(workshop: Workshop, today: date) -> list[int]:
    """List the years for which a report can be written, the newest first."""
    first = max(workshop.founded_on.year, today.year - 3)
    return list(range(today.year, first - 1, -1))
