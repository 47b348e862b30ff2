"""The working-day calendar: years that are known, holidays, and make-up days (R3.03)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select

from models.calendars import CalendarDay, CalendarYear
from models.database import db
from rules.refusals import Refused
from rules.texts import N_
from rules.workdays import SATURDAY, Calendar
from services import audits
from services.acting import Actor
from services.transaction import transaction

LONGEST_HOLIDAY = 40
FIRST_YEAR, LAST_YEAR = 2000, 2099


def load_calendar() -> Calendar:
    """Return the whole table as the rules want it."""
    days = db.session.execute(select(CalendarDay.day, CalendarDay.is_working)).all()
    return Calendar(
        years=frozenset(db.session.scalars(select(CalendarYear.year))),
        off=frozenset(day for day, is_working in days if not is_working),
        working=frozenset(day for day, is_working in days if is_working),
    )


def find_year(year: int) -> CalendarYear | None:
    """Find a year that is marked as known."""
    return db.session.get(CalendarYear, year)


def list_years() -> list[int]:
    """List the years that are known."""
    return list(db.session.scalars(select(CalendarYear.year).order_by(CalendarYear.year)))


def list_days(year: int) -> list[CalendarDay]:
    """List the holidays and make-up days of a year."""
    query = select(CalendarDay).where(CalendarDay.day.between(*_span(year)))
    return list(db.session.scalars(query.order_by(CalendarDay.day)))


def _span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def unknown_years(first: date, last: date) -> list[int]:
    """List the years of a span for which there is no holiday table yet."""
    known = set(list_years())
    return [year for year in range(first.year, last.year + 1) if year not in known]


@transaction
def add_days(by: Actor, year: int, first: date, last: date, is_working: bool, title: str) -> int:
    """Enter a holiday from day to day, or make-up working days; return how many days changed."""
    if last < first:
        raise Refused(N_("The last day lies before the first."), field="last")
    if first.year != year or last.year != year:
        raise Refused(N_("These days are not in %(year)s."), field="first", year=year)
    if (last - first).days >= LONGEST_HOLIDAY:
        raise Refused(N_("This is longer than any holiday. Check the days."), field="last")
    days = [day for day in _days(first, last) if breaks_the_week(day, is_working)]
    if not days:
        raise Refused(WEEK_RULE_WORK if is_working else WEEK_RULE_OFF, field="first")
    db.session.execute(delete(CalendarDay).where(CalendarDay.day.in_(days)))
    db.session.add_all(CalendarDay(day=day, is_working=is_working, title=title) for day in days)
    after = {"days": days, "is_working": is_working, "title": title}
    audits.record(by, "add_days", "calendar", year, after=after)
    return len(days)


WEEK_RULE_WORK = N_("These days are worked anyway. Only weekend days can be make-up days.")
WEEK_RULE_OFF = N_("These days are free anyway. A holiday has at least one day from Monday on.")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def breaks_the_week(day: date, is_working: bool) -> bool:
    """Say whether the day has to be kept: worked at a weekend, or free from Monday to Friday."""
    return (day.weekday() >= SATURDAY) is is_working


@transaction
def remove_day(by: Actor, day: date) -> int:
    """Let a day follow the week's rule again; return its year."""
    row = db.session.get(CalendarDay, day, with_for_update=True)
    if row is None:
        raise Refused(N_("This day follows the week's rule already."))
    before = {"day": day, "is_working": row.is_working, "title": row.title}
    db.session.delete(row)
    audits.record(by, "remove_day", "calendar", day.year, before=before)
    return day.year


@transaction
def confirm_year(by: Actor, year: int, source: str) -> int:
    """Mark a year as known, with the document that says so."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(N_("Choose a year from %(first)s on."), field="year", first=FIRST_YEAR)
    if not _has_holidays(year):
        raise Refused(N_("Enter the holidays of %(year)s first."), field="source", year=year)
    known = db.session.get(CalendarYear, year, with_for_update=True)
    before = {"source": known.source} if known else None
    db.session.merge(CalendarYear(year=year, source=source))
    audits.record(by, "confirm", "calendar", year, before=before, after={"source": source})
    return year


def _has_holidays(year: int) -> bool:
    query = select(CalendarDay.day).where(
        CalendarDay.day.between(*_span(year)), CalendarDay.is_working.is_(False)
    )
    return db.session.scalar(query.limit(1)) is not None


@transaction
def seed(by: Actor) -> int:
    """Enter the years that the chinesecalendar package knows and we do not; return how many."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    titles = {holiday.value: holiday.chinese for holiday in Holiday}
    known = set(list_years()) | _touched_years()
    years = sorted({day.year for day in holidays} - known)
    for year in years:
        rows = [*_kept(holidays, year, False, titles), *_kept(workdays, year, True, titles)]
        db.session.add_all(rows)
    db.session.add_all(CalendarYear(year=year, source=SEED_SOURCE) for year in years)
    if years:
        audits.record(by, "seed", "calendar", None, after={"years": years})
    return len(years)


SEED_SOURCE = "国务院办公厅历年部分节假日安排的通知（chinesecalendar）"


def _touched_years() -> set[int]:
    """Return the years in which somebody has entered days by hand."""
    return {day.year for day in db.session.scalars(select(CalendarDay.day))}


def _kept(
    days: Mapping[date, str], year: int, is_working: bool, titles: Mapping[str, str]
) -> Sequence[CalendarDay]:
    return [
        CalendarDay(day=day, is_working=is_working, title=titles.get(name, ""))
        for day, name in days.items()
        if day.year == year and breaks_the_week(day, is_working)
    ]
