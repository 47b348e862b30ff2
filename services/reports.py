"""Questions answered from the registers: the number, its parts, and the list behind it.

The number and its parts are counted by the database over the same rows that the list shows; each
question takes one statement for the number, one for each part, one for a page of the list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, false, func, select

from models.database import db
from rules.figure_tallies import (
    FIELDS,
    Row,
    Split,
    aged,
    counted,
    digest,
    fits_age,
    sorted_split,
    split,
)
from rules.figures import SPAN_PARTS, Counted, Part, Question, Source
from services import reports_sources_contests as of_contests
from services import reports_sources_people as of_people
from services import reports_sources_programmes as of_programmes
from services import reports_sources_provincial as of_provincial
from services.pages import PAGE_SIZE, Page
from services.reports_sources import AsOf

SOURCES: Mapping[Source, Callable[[AsOf], Any]] = {
    Source.CONTESTS: of_contests.contests,
    Source.EVENTS: of_contests.events,
    Source.ENTRIES: of_contests.entries,
    Source.ENTRANTS: of_contests.entrants,
    Source.AWARDS: of_contests.awards,
    Source.HONOURS: of_people.honours,
    Source.LEVELS: of_people.levels,
    Source.LEVEL_GRANTS: of_contests.level_grants,
    Source.CERTIFICATES: of_contests.certificates,
    Source.WORKSHOPS: of_programmes.workshops,
    Source.MASTERS: of_programmes.masters,
    Source.GRANTS: of_programmes.grants,
    Source.MENTORSHIPS: of_programmes.mentorships,
    Source.PAYOUTS: of_programmes.payouts,
    Source.APPLICATIONS: of_people.applications,
    Source.HOLDERS: of_people.holders,
    Source.BENEFITS: of_people.benefits,
    Source.NOMINATIONS: of_people.nominations,
    Source.PROVINCIAL_EVENTS: of_provincial.events,
    Source.PROVINCIAL_ENTRANTS: of_provincial.entrants,
    Source.PROVINCIAL_RESULTS: of_provincial.results,
}
MOST_CHOICES = 200
_READ = tuple(name for name in FIELDS if name != "age")
_NULL_TEXTS = frozenset(name for name, kind in Row.__annotations__.items() if kind is str)


@dataclass(frozen=True)
class Answer:
    """What the registers say to a question on a day."""

    question: Question
    number: Decimal
    splits: tuple[Split, ...]
    row_count: int

    @property
    def day(self) -> date:
        """Return the day as of which it was asked."""
        day = self.question.as_of
        assert day is not None
        return day


def ask(question: Question, today: date) -> Answer:
    """Return the number and its parts as of the question's day, or else as of today."""
    question = question.on(today)
    if question.needs_ages:
        return answer_of(question, list_rows(question, today))
    rows = _rows(question)
    query = select(_number(rows, question), func.count()).select_from(rows)
    number, count = db.session.execute(query).one()
    splits = tuple(_split(rows, question, part) for part in question.splits)
    return Answer(question, _decimal(number), splits, count)


def answer_of(question: Question, rows: list[Row]) -> Answer:
    """Count rows that were read already."""
    splits = tuple(split(rows, question.counted, part) for part in question.splits)
    return Answer(question, counted(rows, question.counted), splits, len(rows))


def list_rows(question: Question, today: date) -> list[Row]:
    """Return all rows behind the number, by day and key."""
    question = question.on(today)
    return [row for row in _read(_listed(question), question) if fits_age(row, question)]


def page_of_rows(
    question: Question, today: date, number: int = 1, size: int = PAGE_SIZE
) -> Page[Row]:
    """Return a page of the rows behind the number."""
    question = question.on(today)
    if question.needs_ages:
        rows = list_rows(question, today)
        number = max(1, min(number, -(-len(rows) // size) or 1))
        return Page(rows[(number - 1) * size : number * size], len(rows), number, size)
    total = db.session.scalar(select(func.count()).select_from(_rows(question))) or 0
    number = max(1, min(number, -(-total // size) or 1))
    query = _listed(question).limit(size).offset((number - 1) * size)
    return Page(_read(query, question), total, number, size)


def digest_of(question: Question, number: Decimal, rows: list[Row]) -> str:
    """Return the digest of a question with its day, its number and its rows."""
    return digest(question.digest(), number, rows)


def choices(source: Source, part: Part, today: date) -> list[str]:
    """List the values that a register holds for a part, for people to choose from."""
    if part in SPAN_PARTS:
        return []
    column = SOURCES[source](AsOf(today)).subquery().c[part.value]
    query = select(column).where(column.is_not(None), column != "").distinct().order_by(column)
    return list(db.session.scalars(query.limit(MOST_CHOICES)))


def _day(question: Question) -> date:
    assert question.as_of is not None
    return question.as_of


def _rows(question: Question) -> Subquery:
    """Return the rows of a register that a question asks for, without regard to ages."""
    told = SOURCES[question.source](AsOf(_day(question))).subquery("told")
    return select(told).where(*_conditions(told, question)).subquery("rows")


def _conditions(told: Subquery, question: Question) -> list[ColumnElement[bool]]:
    only = dict(question.only)
    if question.states:
        only[Part.STATE] = question.states
    found: list[ColumnElement[bool]] = [
        told.c[part.value].in_(values) for part, values in only.items()
    ]
    spans = (
        (told.c.year, question.from_year, question.to_year),
        (told.c.day, question.from_on, question.to_on),
    )
    for column, first, last in spans:
        if first is not None:
            found.append(column >= first)
        if last is not None:
            found.append(column <= last)
    if question.company is not None:
        # Of whom it is not known is not of a company.
        found.append(func.coalesce(told.c.company, false()) == question.company)
    return found


def _number(rows: Subquery, question: Question) -> ColumnElement[Any]:
    what = question.counted
    if what is Counted.ROWS:
        return func.count()
    if what is Counted.BEST:
        return func.min(rows.c.place)
    if what in (Counted.TIMES, Counted.TEAMS):
        return func.coalesce(func.sum(rows.c.weight), 0)
    if what is Counted.SUM:
        return func.sum(rows.c.amount)
    names = {Counted.PERSONS: "person", Counted.EVENTS: "event_key"}
    column: ColumnElement[Any] = rows.c[names.get(what, "employer")]
    if what is Counted.EMPLOYERS:
        column = func.nullif(column, "")
    return func.count(func.distinct(column))


def _split(rows: Subquery, question: Question, part: Part) -> Split:
    column: ColumnElement[Any] = rows.c[part.value]
    if part not in SPAN_PARTS:
        column = func.nullif(column, "")
    query = select(column, _number(rows, question)).group_by(column).select_from(rows)
    return sorted_split(
        part, {value: _decimal(number) for value, number in db.session.execute(query)}
    )


def _decimal(number: Any) -> Decimal:
    return Decimal(0) if number is None else Decimal(number)


def _listed(question: Question) -> Any:
    rows = _rows(question)
    columns = [rows.c[name] for name in _READ]
    if question.needs_ages:
        columns.append(rows.c.born)
    return select(*columns).order_by(rows.c.day, rows.c.key)


def _read(query: Any, question: Question) -> list[Row]:
    day = _day(question)
    found = []
    for values in db.session.execute(query):
        given = dict(zip(_READ, values, strict=False))
        for name in _NULL_TEXTS:
            if given[name] is None:
                given[name] = ""
        if question.needs_ages:
            given["age"] = aged(values[-1], day)
        found.append(Row(**given))
    return found
