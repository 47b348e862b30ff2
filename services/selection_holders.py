"""The register of titles in their term: searched, counted by persons and person-times, exported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from models.database import db
from models.honours import Honour
from models.people import Person
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selections import SelectionProgramme
from rules.refusals import Missing, Refused
from rules.selections import HolderState
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
    """Which titles are asked for; without a state all but those of replaced lists."""

    programme_id: int | None = None
    title: str = ""
    year: int | None = None
    state: HolderState | None = None
    of_company: bool = False
    q: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on titles, honours and names."""
        exact = (
            (SelectionHolder.programme_id, self.programme_id),
            (Honour.title, self.title or None),
            (SelectionHolder.year, self.year),
            (SelectionHolder.state, self.state),
        )
        found: list[ColumnElement[bool]] = [
            Honour.state.in_((HonourState.STANDING, HonourState.REVOKED))
        ]
        found += [column == value for column, value in exact if value is not None]
        if self.of_company:
            found.append(Honour.of_company.is_(True))
        if self.q:
            near = Person.name.contains(self.q, autoescape=True)
            found.append(near | Honour.employer.contains(self.q, autoescape=True))
        return found


def _query(wanted: Wanted) -> Any:
    return (
        select(SelectionHolder)
        .join(SelectionHolder.honour)
        .join(SelectionHolder.person)
        .options(
            contains_eager(SelectionHolder.honour),
            contains_eager(SelectionHolder.person),
            joinedload(SelectionHolder.programme),
        )
        .where(*wanted.conditions())
        .order_by(SelectionHolder.year.desc(), SelectionHolder.starts_on.desc(), SelectionHolder.id)
    )


def list_holders(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[SelectionHolder]:
    """List titles, the newest first."""
    return page_of(_query(wanted), page, size)


class Totals(NamedTuple):
    """How many people, how many times, and how many of them as staff of a company (R7.12)."""

    persons: int
    times: int
    company_persons: int
    company_times: int


_COMPANY = Honour.of_company.is_(True)
_COUNTS = (
    func.count(func.distinct(SelectionHolder.person_id)),
    func.count(),
    func.count(func.distinct(case((_COMPANY, SelectionHolder.person_id)))),
    func.coalesce(func.sum(case((_COMPANY, 1), else_=0)), 0),
)


def totals(wanted: Wanted) -> Totals:
    """Count persons and person-times apart, and of which company staff."""
    query = select(*_COUNTS).select_from(SelectionHolder)
    query = query.join(SelectionHolder.honour).join(SelectionHolder.person)
    return Totals(*db.session.execute(query.where(*wanted.conditions())).one())


class Count(NamedTuple):
    """The titles of one tier in one year."""

    title: str
    year: int
    totals: Totals


def counts(wanted: Wanted) -> list[Count]:
    """Count by title and year what is asked for; revoked titles are not counted."""
    query = (
        select(Honour.title, SelectionHolder.year, *_COUNTS)
        .select_from(SelectionHolder)
        .join(SelectionHolder.honour)
        .join(SelectionHolder.person)
        .where(*wanted.conditions(), SelectionHolder.state != HolderState.REVOKED)
        .group_by(Honour.title, SelectionHolder.year)
        .order_by(SelectionHolder.year.desc(), func.min(SelectionHolder.id))
    )
    return [Count(row[0], row[1], Totals(*row[2:])) for row in db.session.execute(query)]


def by_title(found: Sequence[Count]) -> dict[str, dict[int, int]]:
    """Arrange counts as person-times by title and year."""
    table: dict[str, dict[int, int]] = {}
    for one in found:
        table.setdefault(one.title, {})[one.year] = one.totals.times
    return table


def programmes_known() -> list[tuple[int, str]]:
    """List the programmes for the filter."""
    query = select(SelectionProgramme.id, SelectionProgramme.title)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(SelectionProgramme.id))]


def years_known() -> list[int]:
    """List the years in which titles were given, the newest first."""
    query = select(SelectionHolder.year).distinct().order_by(SelectionHolder.year.desc())
    return list(db.session.scalars(query))


def titles_known() -> list[str]:
    """List the titles that are in the register of terms."""
    query = select(Honour.title).join(SelectionHolder, SelectionHolder.honour_id == Honour.id)
    return list(db.session.scalars(query.distinct().order_by(Honour.title)))


def get_holder(holder_id: int) -> SelectionHolder:
    """Return a title with its person, honour, programme and round; raise Missing."""
    query = select(SelectionHolder).options(
        joinedload(SelectionHolder.person),
        joinedload(SelectionHolder.honour),
        joinedload(SelectionHolder.programme),
        joinedload(SelectionHolder.round),
    )
    found = db.session.scalar(query.where(SelectionHolder.id == holder_id))
    if found is None:
        raise Missing(holder_id)
    return found


def lock_holder(holder_id: int) -> SelectionHolder:
    """Part: return a title under lock; raise Missing."""
    found = db.session.get(SelectionHolder, holder_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(holder_id)
    return found


def own_holders(person_id: int) -> Sequence[SelectionHolder]:
    """List the titles of a person, those that run first."""
    query = _query(Wanted()).where(SelectionHolder.person_id == person_id)
    rows: Sequence[SelectionHolder] = db.session.scalars(query).all()
    return sorted(rows, key=lambda one: one.state is not HolderState.RUNNING)


def reports_of(holder_id: int) -> Sequence[SelectionReport]:
    """List the yearly reports of a title, the newest first."""
    query = select(SelectionReport).where(SelectionReport.holder_id == holder_id)
    return db.session.scalars(query.order_by(SelectionReport.year.desc())).all()


def benefits_of(holder_id: int) -> Sequence[SelectionBenefit]:
    """List the benefits of a title by their day."""
    query = select(SelectionBenefit).where(SelectionBenefit.holder_id == holder_id)
    return db.session.scalars(query.order_by(SelectionBenefit.due_on, SelectionBenefit.id)).all()


class Present(NamedTuple):
    """One line of the public list: name, unit, title and year alone (R9.05)."""

    programme: str
    title: str
    year: int
    name: str
    employer: str


def list_present(today: date, programme_id: int | None = None) -> list[Present]:
    """List whoever bears a title today, by programme and title; nothing else of a person."""
    wanted = Wanted(programme_id=programme_id, state=HolderState.RUNNING)
    query = (
        select(
            SelectionProgramme.title,
            Honour.title,
            SelectionHolder.year,
            Person.name,
            Honour.employer,
        )
        .select_from(SelectionHolder)
        .join(SelectionHolder.honour)
        .join(SelectionHolder.person)
        .join(SelectionProgramme, SelectionProgramme.id == SelectionHolder.programme_id)
        .where(*wanted.conditions(), Honour.state == HonourState.STANDING)
        .where(SelectionHolder.ends_on.is_(None) | (SelectionHolder.ends_on >= today))
        .order_by(
            SelectionProgramme.id,
            SelectionHolder.year.desc(),
            Honour.title,
            Person.name_key,
            SelectionHolder.id,
        )
    )
    return [Present(*row) for row in db.session.execute(query)]


COLUMNS = (
    Column("number", (N_("No."),), kind="integer"),
    Column("name", (N_("Name"),)),
    Column("employer", (N_("Work unit"),)),
    Column("programme", (N_("Programme"),)),
    Column("title", (N_("Title"),)),
    Column("year", (N_("Year"),), kind="integer"),
    Column("starts_on", (N_("First day"),), kind="date"),
    Column("ends_on", (N_("Last day"),), kind="date"),
    Column("document", (N_("Decision document"),)),
    Column("of_company", (N_("Company staff"),)),
    Column("state", (N_("State"),)),
)


@transaction
def export(by: Actor, wanted: Wanted, say: Say, named: Named) -> bytes:
    """Write the titles that are asked for, without identity numbers; the act is recorded."""
    words = {True: N_("yes"), False: N_("no"), None: ""}
    rows = [
        {
            "number": number,
            "name": one.person.name,
            "employer": one.honour.employer,
            "programme": one.programme.title,
            "title": one.honour.title,
            "year": one.year,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "document": one.honour.document,
            "of_company": words[one.honour.of_company] and say(words[one.honour.of_company]),
            "state": named(one.state),
        }
        for number, one in enumerate(db.session.scalars(_query(wanted)), start=1)
    ]
    if not rows:
        raise Refused(N_("No title matches."))
    columns = [Column(one.key, (say(one.title),), kind=one.kind) for one in COLUMNS]
    made = write_table(columns, rows, say(N_("Register of titles")))
    audits.record(by, "export", "selection_holders", None, after={"rows": len(rows)})
    return made
