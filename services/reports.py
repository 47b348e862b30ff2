"""Questions answered from the registers: the number, its parts, and the list behind it.

The database brings the rows that the list shows together by their parts and their day, in one
statement that reads the register once; the number and its parts are added up from these groups. A
page of the list takes another one, which reads the days of the page only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    cast,
    false,
    func,
    select,
)

from models.database import db
from rules.figure_tallies import (
    FIELDS,
    Group,
    Row,
    Split,
    aged,
    counted,
    digest,
    fits_age,
    split,
    tallied,
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
_OF_UNIT = frozenset({Part.EMPLOYER, Part.DISTRICT})
# Days are worth to be looked up alone where they hold no more than one of so many rows.
_WORTH = 3
_READ = tuple(name for name in FIELDS if name != "age")
_NULL_TEXTS = frozenset(name for name, kind in Row.__annotations__.items() if kind is str)


@dataclass(frozen=True)
class Answer:
    """What the registers say to a question on a day."""

    question: Question
    number: Decimal
    splits: tuple[Split, ...]
    row_count: int
    # How many rows lie on each day, in order, where that is known: a page need not sort them all.
    days: tuple[tuple[date, int], ...] = field(default=(), compare=False)

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
    return _counted(question)


def answer_of(question: Question, rows: list[Row]) -> Answer:
    """Count rows that were read already."""
    splits = tuple(split(rows, question.counted, part) for part in question.splits)
    return Answer(question, counted(rows, question.counted), splits, len(rows))


def list_rows(question: Question, today: date) -> list[Row]:
    """Return all rows behind the number, by day and key."""
    question = question.on(today)
    return [row for row in _read(_listed(question), question) if fits_age(row, question)]


def page_of_rows(
    question: Question,
    today: date,
    number: int = 1,
    size: int = PAGE_SIZE,
    answer: Answer | None = None,
) -> Page[Row]:
    """Return a page of the rows behind the number; with its answer they are not counted again."""
    question = question.on(today)
    if question.needs_ages:
        rows = list_rows(question, today)
        number = max(1, min(number, -(-len(rows) // size) or 1))
        return Page(rows[(number - 1) * size : number * size], len(rows), number, size)
    if answer is None:
        total = db.session.scalar(select(func.count()).select_from(_rows(question))) or 0
    else:
        total = answer.row_count
    number = max(1, min(number, -(-total // size) or 1))
    span = _span_of(() if answer is None else answer.days, (number - 1) * size, size)
    query = _listed(question, span.first, span.last).limit(size).offset(span.skipped)
    return Page(_read(query, question), total, number, size)


@dataclass(frozen=True)
class _Span:
    """The days on which the rows of a page lie, and how many rows of them come before it."""

    first: date | None
    last: date | None
    skipped: int


def _span_of(days: Sequence[tuple[date, int]], offset: int, size: int) -> _Span:
    """Return the days of a page; none where they hold so much that all is as quickly sorted."""
    total = sum(count for _day, count in days)
    start, before, inside, kept = 0, 0, 0, list[date]()
    for day, count in days:
        if start + count <= offset:
            before += count
        elif start < offset + size:
            kept.append(day)
            inside += count
        start += count
    if not kept or inside * _WORTH > total:
        return _Span(None, None, offset)
    return _Span(kept[0], kept[-1], offset - before)


def digest_of(question: Question, number: Decimal, rows: list[Row]) -> str:
    """Return the digest of a question with its day, its number and its rows."""
    return digest(question.digest(), number, rows)


def choices(source: Source, parts: Iterable[Part], today: date) -> dict[Part, list[str]]:
    """List the values that a register holds for parts, for people to choose from."""
    wanted = [part for part in parts if part not in SPAN_PARTS]
    found: dict[Part, set[Any]] = {part: set() for part in wanted}
    told = SOURCES[source](AsOf(today)).subquery("told")
    for together in (_OF_UNIT, frozenset(wanted) - _OF_UNIT):
        # What hangs together has few combinations, which the database finds by reading once.
        some = [part for part in wanted if part in together]
        if some:
            query = select(*(told.c[part.value] for part in some)).distinct()
            for values in db.session.execute(query):
                for part, value in zip(some, values, strict=True):
                    found[part].add(value)
    return {part: sorted(values - {None, ""})[:MOST_CHOICES] for part, values in found.items()}


def _day(question: Question) -> date:
    assert question.as_of is not None
    return question.as_of


def _rows(question: Question) -> Subquery:
    """Return the rows of a register that a question asks for, without regard to ages."""
    return _asked(question, None).subquery("rows")


def _asked(question: Question, names: Iterable[str] | None) -> Select[Any]:
    told = SOURCES[question.source](AsOf(_day(question))).subquery("told")
    columns = told.c if names is None else [told.c[name] for name in names]
    return select(*columns).where(*_conditions(told, question))


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


# What is told apart by its number, and what is added up.
_ONCE = {Counted.PERSONS: "person", Counted.EVENTS: "event_key"}
_ADDED = {
    Counted.TIMES: "weight",
    Counted.TEAMS: "weight",
    Counted.SUM: "amount",
    Counted.BEST: "place",
}
_COMMA = ","
_DAYS = ("day",)
# Rows of these have each a day of their own: days would make nearly as many groups as rows.
_SCATTERED = frozenset({
    Source.WORKSHOPS, Source.MASTERS, Source.GRANTS, Source.MENTORSHIPS, Source.PAYOUTS,
    Source.APPLICATIONS, Source.BENEFITS, Source.CERTIFICATES,
})  # fmt: skip


def _counted(question: Question) -> Answer:
    """Count a register for the number and for all parts at once."""
    what, parts = question.counted, question.splits
    apart = _apart(question)
    measured = _ONCE.get(what) or _ADDED.get(what)
    keys = [*(part.value for part in parts), *apart]
    names = [*keys, *([measured] if measured else ())]
    rows = _asked(question, dict.fromkeys(names or ["key"])).subquery("rows")
    columns = [rows.c[name] for name in keys]
    query = select(func.count(), _measure(rows, what), *columns).group_by(*columns)
    groups, days = [], dict[Any, int]()
    for size, measure, *values in db.session.execute(query):
        key = values[-1] if apart else None
        days[key] = days.get(key, 0) + size
        told = _told(what, key if what is Counted.EMPLOYERS else measure)
        groups.append(Group(tuple(values), told))
    number, splits = tallied(groups, what, parts)
    known = apart == _DAYS and None not in days
    in_order = tuple(sorted(days.items())) if known else ()
    return Answer(question, number, splits, sum(days.values()), in_order)


def _apart(question: Question) -> tuple[str, ...]:
    """Return by what rows are told apart beside their parts."""
    if question.counted is Counted.EMPLOYERS:
        # The names of employers may hold any sign, so the database tells them apart.
        return ("employer",)
    return () if question.source in _SCATTERED else _DAYS


def _measure(rows: Subquery, what: Counted) -> ColumnElement[Any]:
    if what in _ONCE:
        # One text for a group costs far less than a row for each, or than count(distinct …).
        return func.aggregate_strings(cast(rows.c[_ONCE[what]], String), _COMMA)
    if what not in _ADDED:
        return func.count()
    column = rows.c[_ADDED[what]]
    return func.min(column) if what is Counted.BEST else func.sum(column)


def _told(what: Counted, measure: Any) -> Any:
    """Return what a group counts: the keys of those that count once each, or a number."""
    if what in _ONCE:
        return measure.split(_COMMA) if measure else ()
    if what is Counted.EMPLOYERS:
        return (measure,) if measure else ()
    return measure


def _listed(question: Question, first: date | None = None, last: date | None = None) -> Any:
    rows = _rows(question)
    columns = [rows.c[name] for name in _READ]
    if question.needs_ages:
        columns.append(rows.c.born)
    query = select(*columns).order_by(rows.c.day, rows.c.key)
    return query if first is None else query.where(rows.c.day.between(first, last))


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
