"""Working days for public notices, counted with make-up Saturdays (R3.01 to R3.03)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from rules.data import RuleData
from rules.refusals import Refused
from rules.texts import N_

SATURDAY = 5
# The holiday of New Year may take working days from here on, or make a weekend day one.
YEAR_END = (12, 24)


class Calendar(RuleData):
    """The holiday table: which years have data, days off, and weekend days that are worked."""

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()


def is_workday(day: date, calendar: Calendar) -> bool:
    """Say whether people work on this day; a year without data is refused, not guessed."""
    if day.year not in calendar.years:
        raise Refused(N_("There is no holiday table for %(year)s yet."), year=day.year)
    return day in calendar.working or (day.weekday() < SATURDAY and day not in calendar.off)


def year_end_doubt(end: date, calendar: Calendar) -> int | None:
    """Return the next year where its missing table can still move the last days of this one."""
    near = (end.month, end.day) >= YEAR_END
    return end.year + 1 if near and end.year + 1 not in calendar.years else None


def notice_end(start: date, days: int, count_first_day: bool, calendar: Calendar) -> date:
    """Return the last day of a notice posted on `start` that stands for so many working days."""
    if days < 1:
        raise ValueError("a notice stands for at least one working day")
    first = start if count_first_day else start + timedelta(days=1)
    return next(islice(_workdays_from(first, calendar), days - 1, None))


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """Count the working days from one day to another, both of them counted."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(is_workday(day, calendar) for day in days)


def standing_days(full: int, left: int, restarts: bool) -> int:
    """Return how many working days a list stands that was taken out of a notice and comes back.

    It stands anew, or for what the first notice had left. Never without any day: who learns of it
    can object to it, so that a list that was taken out after its last day stands for one.
    """
    return full if restarts else max(1, min(full, left))


def _workdays_from(day: date, calendar: Calendar) -> Iterator[date]:
    while True:
        if is_workday(day, calendar):
            yield day
        day += timedelta(days=1)
