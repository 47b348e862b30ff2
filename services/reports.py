"""Questions answered from the registers: the number, its parts, and the list behind it.

The number and its parts are counted by the database over the same rows that the list shows, in one
statement that reads the register once; a page of the list takes another one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    cast,
    false,
    func,
    literal,
    null,
    select,
    union_all,
)

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
    total: int | None = None,
) -> Page[Row]:
    """Return a page of the rows behind the number; who knows how many there are may say it."""
    question = question.on(today)
    if question.needs_ages:
        rows = list_rows(question, today)
        number = max(1, min(number, -(-len(rows) // size) or 1))
        return Page(rows[(number - 1) * size : number * size], len(rows), number, size)
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(_rows(question))) or 0
    number = max(1, min(number, -(-total // size) or 1))
    query = _listed(question).limit(size).offset((number - 1) * size)
    return Page(_read(query, question), total, number, size)


def digest_of(question: Question, number: Decimal, rows: list[Row]) -> str:
    """Return the digest of a question with its day, its number and its rows."""
    return digest(question.digest(), number, rows)


def choices(source: Source, parts: Iterable[Part], today: date) -> dict[Part, list[str]]:
    """List the values that a register holds for parts, for people to choose from."""
    wanted = [part for part in parts if part not in SPAN_PARTS]
    found: dict[Part, list[str]] = {part: [] for part in wanted}
    if not wanted:
        return found
    told = SOURCES[source](AsOf(today)).subquery("told")
    rows = select(*(told.c[part.value] for part in wanted)).cte("rows")
    queries = []
    for place, part in enumerate(wanted):
        column = rows.c[part.value]
        known = select(column.label("value")).where(column.is_not(None), column != "")
        few = known.distinct().order_by(column).limit(MOST_CHOICES).subquery()
        queries.append(select(literal(place), few.c.value))
    for place, value in db.session.execute(union_all(*queries)):
        found[wanted[place]].append(value)
    return {part: sorted(values) for part, values in found.items()}


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


# What is counted once each, and the column that tells it apart.
_ONCE = {
    Counted.PERSONS: "person",
    Counted.EVENTS: "event_key",
    Counted.EMPLOYERS: "employer",
}
_ADDED = {
    Counted.TIMES: "weight",
    Counted.TEAMS: "weight",
    Counted.SUM: "amount",
    Counted.BEST: "place",
}
# A statement has one type in a column, and parts have three.
_VALUES: Mapping[str, Any] = {"text": String(), "whole": Integer(), "flag": Boolean()}


def _counted(question: Question) -> Answer:
    """Count a register for the number and for all parts at once."""
    what = question.counted
    needed = [part.value for part in question.splits]
    needed += [one for one in (_ONCE.get(what), _ADDED.get(what)) if one is not None]
    rows = _asked(question, dict.fromkeys(needed or ["key"])).cte("rows")
    queries = [_counts(rows, what, 0, None)]
    queries += [_counts(rows, what, n, part) for n, part in enumerate(question.splits, start=1)]
    found: list[dict[Any, Decimal]] = [{} for _ in queries]
    count = 0
    for place, text, whole, flag, number, size in db.session.execute(union_all(*queries)):
        value = next((one for one in (text, whole, flag) if one is not None), None)
        found[place][value] = _decimal(number)
        # PostgreSQL adds whole numbers up to a decimal, which divides in another way.
        count += int(size) if place == 0 else 0
    splits = tuple(
        sorted_split(part, values) for part, values in zip(question.splits, found[1:], strict=True)
    )
    return Answer(question, found[0][None], splits, count)


def _counts(rows: CTE, what: Counted, place: int, part: Part | None) -> Select[Any]:
    """Count the rows for the number, or for each value of a part."""
    value = None if part is None else _value(rows, part)
    size: ColumnElement[int] = func.count()
    once = _ONCE.get(what)
    if once is None:
        source: FromClause = rows
        number = _added(rows, what)
    else:
        # Databases count what is told apart beforehand far faster than count(distinct …).
        column: ColumnElement[Any] = rows.c[once]
        column = func.nullif(column, "") if what is Counted.EMPLOYERS else column
        kept = [column.label("once"), func.count().label("size")]
        kept += [] if value is None else [value.label("value")]
        grouped = [column] if value is None else [column, value]
        source = select(*kept).group_by(*grouped).subquery()
        number, size = func.count(source.c.once), func.coalesce(func.sum(source.c.size), 0)
        value = None if value is None else source.c.value
    shown = [
        (cast(null(), kind) if value is None or _kind(part) != name else value).label(name)
        for name, kind in _VALUES.items()
    ]
    query = select(literal(place).label("part"), *shown, number.label("number"), size.label("size"))
    query = query.select_from(source)
    return query if value is None else query.group_by(value)


def _value(rows: CTE, part: Part) -> ColumnElement[Any]:
    column: ColumnElement[Any] = rows.c[part.value]
    return column if part in SPAN_PARTS else func.nullif(column, "")


def _kind(part: Part | None) -> str:
    return {Part.YEAR: "whole", Part.COMPANY: "flag"}.get(part or Part.TITLE, "text")


def _added(rows: CTE, what: Counted) -> ColumnElement[Any]:
    if what is Counted.ROWS:
        return func.count()
    column = rows.c[_ADDED[what]]
    if what is Counted.BEST:
        return func.min(column)
    total: ColumnElement[Any] = func.sum(column)
    return total if what is Counted.SUM else func.coalesce(total, 0)


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
