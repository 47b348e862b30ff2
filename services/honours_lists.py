"""The register of honours as a list: searched, counted by persons and person-times, exported."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import contains_eager

from models.contests import Event
from models.database import db
from models.honours import Honour
from models.people import Person
from rules.honours import HonourKind, HonourLevel, HonourVia
from rules.refusals import Refused
from rules.states import HonourState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, page_of
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_writing import write_table

Say = Callable[[str], str]
Named = Callable[[Any], str]


@dataclass(frozen=True)
class Wanted:
    """Which honours are asked for; without a state those that stand."""

    q: str = ""
    title: str = ""
    year: int | None = None
    kind: HonourKind | None = None
    level: HonourLevel | None = None
    via: HonourVia | None = None
    state: HonourState = HonourState.STANDING
    of_company: bool = False
    within: frozenset[int] | None = None  # the contests that the reader is limited to

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on honours and names."""
        exact = (
            (Honour.title, self.title or None),
            (Honour.year, self.year),
            (Honour.kind, self.kind),
            (Honour.level, self.level),
            (Honour.via, self.via),
            (Honour.state, self.state),
        )
        found: list[ColumnElement[bool]] = [
            column == value for column, value in exact if value is not None
        ]
        if self.within is not None:
            events = select(Event.id).where(Event.contest_id.in_(self.within))
            found.append(Honour.event_id.in_(events))
        if self.of_company:
            found.append(Honour.of_company.is_(True))
        if self.q:
            near = Person.name.contains(self.q, autoescape=True)
            found.append(near | Honour.employer.contains(self.q, autoescape=True))
        return found


class Totals(NamedTuple):
    """How many people, how many times, and how many of them as staff of a company (R7.12)."""

    persons: int
    times: int
    company_persons: int
    company_times: int


def list_honours(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[Honour]:
    """List honours, the newest first."""
    return page_of(_query(wanted), page, size)


def _query(wanted: Wanted) -> Any:
    return (
        select(Honour)
        .join(Honour.person)
        .options(contains_eager(Honour.person))
        .where(*wanted.conditions())
        .order_by(Honour.granted_on.desc(), Honour.id.desc())
    )


def totals(wanted: Wanted) -> Totals:
    """Count persons and person-times apart, and of which company staff."""
    company = Honour.of_company.is_(True)
    query = (
        select(
            func.count(func.distinct(Honour.person_id)),
            func.count(),
            func.count(func.distinct(case((company, Honour.person_id)))),
            func.coalesce(func.sum(case((company, 1), else_=0)), 0),
        )
        .join(Honour.person)
        .where(*wanted.conditions())
    )
    return Totals(*db.session.execute(query).one())


def titles_known() -> list[str]:
    """List the titles that the register knows."""
    query = select(Honour.title).distinct().order_by(Honour.title)
    return list(db.session.scalars(query))


def years_known() -> list[int]:
    """List the years of the register, the newest first."""
    return list(db.session.scalars(select(Honour.year).distinct().order_by(Honour.year.desc())))


COLUMNS = (
    Column("number", (N_("No."),), kind="integer"),
    Column("name", (N_("Name"),)),
    Column("employer", (N_("Employer"),)),
    Column("title", (N_("Honour"),)),
    Column("level", (N_("Level of the body"),)),
    Column("granted_by", (N_("Granted by"),)),
    Column("granted_on", (N_("Granted on"),), kind="date"),
    Column("programme", (N_("Programme"),)),
    Column("via", (N_("Way"),)),
    Column("document", (N_("Document"),)),
    Column("state", (N_("State"),)),
)


@transaction
def export(by: Actor, wanted: Wanted, say: Say, named: Named) -> bytes:
    """Write the honours that are asked for, without identity numbers; the act is recorded."""
    rows = [
        {
            "number": number,
            "name": one.person.name,
            "employer": one.employer,
            "title": say(one.title),
            "level": named(one.level),
            "granted_by": one.granted_by,
            "granted_on": one.granted_on,
            "programme": one.programme,
            "via": named(one.via),
            "document": one.document,
            "state": named(one.state),
        }
        for number, one in enumerate(db.session.scalars(_query(wanted)), start=1)
    ]
    if not rows:
        raise Refused(N_("No honour matches."))
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in COLUMNS]
    made = write_table(columns, rows, say(N_("Register of honours")))
    audits.record(by, "export", "honours", None, after={"rows": len(rows)})
    return made
