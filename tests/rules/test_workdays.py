"""Public notices end on the right working day, make-up Saturdays included."""

from datetime import date, timedelta
from random import Random

import pytest
from chinese_calendar.constants import holidays, workdays

from rules.refusals import Refused
from rules.workdays import Calendar, is_workday, notice_end, year_end_doubt

CALENDAR = Calendar(
    years=frozenset({2021, 2025}),
    off=frozenset({date(2025, 5, 1), date(2025, 5, 2), date(2021, 9, 20), date(2021, 9, 21)}),
    working=frozenset({date(2025, 4, 27), date(2021, 9, 18)}),
)


@pytest.mark.parametrize(
    ("start", "count_first_day", "end"),
    [
        (date(2025, 4, 14), False, date(2025, 4, 21)),
        (date(2025, 4, 14), True, date(2025, 4, 18)),
        (date(2021, 9, 14), True, date(2021, 9, 18)),
        (date(2021, 9, 14), False, date(2021, 9, 22)),
    ],
)
def test_t5_five_working_days_by_both_ways_of_counting(start, count_first_day, end):
    assert notice_end(start, 5, count_first_day, CALENDAR) == end


def test_a_notice_posted_on_a_day_off_begins_with_the_next_working_day():
    assert notice_end(date(2025, 5, 1), 1, True, CALENDAR) == date(2025, 5, 5)
    assert notice_end(date(2025, 4, 26), 1, True, CALENDAR) == date(2025, 4, 27)


def test_holidays_are_skipped():
    assert notice_end(date(2025, 4, 30), 1, False, CALENDAR) == date(2025, 5, 5)


def test_a_year_without_data_is_refused():
    with pytest.raises(Refused) as refused:
        notice_end(date(2025, 12, 30), 5, False, CALENDAR)
    assert str(refused.value) == "There is no holiday table for 2026 yet."


def test_the_last_days_of_a_year_with_data_need_no_data_of_the_next():
    assert notice_end(date(2025, 12, 29), 2, False, CALENDAR) == date(2025, 12, 31)


def test_a_worked_saturday_is_a_working_day_and_an_ordinary_one_is_not():
    assert is_workday(date(2021, 9, 18), CALENDAR)
    assert not is_workday(date(2021, 9, 25), CALENDAR)


def test_a_notice_of_no_days_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        notice_end(date(2025, 4, 14), 0, False, CALENDAR)


def wall_table() -> Calendar:
    """The whole published table, with those days only that break the week's rule."""
    days = {day: False for day in holidays if day.weekday() < 5}
    days |= {day: True for day in workdays if day.weekday() >= 5}
    return Calendar(
        years=frozenset(day.year for day in holidays),
        off=frozenset(day for day, worked in days.items() if not worked),
        working=frozenset(day for day, worked in days.items() if worked),
    )


def slow_end(start: date, days: int, count_first_day: bool) -> date:
    """The same by tearing leaves off a calendar: a day counts when people worked on it."""
    leaf, left = start, days
    while True:
        if leaf != start or count_first_day:
            worked = leaf in workdays if leaf.weekday() >= 5 else leaf not in holidays
            left -= worked
            if left == 0:
                return leaf
        leaf = date.fromordinal(leaf.toordinal() + 1)


def test_ten_thousand_notices_end_where_a_count_day_by_day_ends():
    """2004 to 2026: make-up days, long holidays, year ends and 29 February among the starts."""
    chance, calendar = Random(20261129), wall_table()
    marks = [date(year, 12, 20) for year in range(2004, 2026)]
    marks += [date(year, 2, 26) for year in (2004, 2008, 2012, 2016, 2020, 2024)]
    marks += [day for day in workdays if day.weekday() >= 5 and day < date(2026, 9, 1)]
    seen = {"29 February": 0, "made up": 0, "over a year's end": 0, "counted": 0}
    for _ in range(10_000):
        near = chance.choice(marks) if chance.random() < 0.6 else date(2004, 1, 1)
        span = 12 if near.year > 2004 or near.month > 1 else 8200
        start = near + timedelta(days=chance.randrange(span))
        days, counts = chance.randrange(1, 31), chance.random() < 0.5
        end = notice_end(start, days, counts, calendar)
        assert end == slow_end(start, days, counts), (start, days, counts)
        seen["29 February"] += (end.month, end.day) == (2, 29)
        seen["made up"] += end.weekday() >= 5
        seen["over a year's end"] += end.year > start.year
        seen["counted"] += counts
    assert min(seen.values()) > 10, seen


@pytest.mark.parametrize(
    ("end", "year"),
    [(date(2025, 12, 23), None), (date(2025, 12, 24), 2026), (date(2020, 12, 31), None)],
)
def test_the_last_days_of_a_year_are_in_doubt_while_the_next_table_is_missing(end, year):
    assert year_end_doubt(end, CALENDAR) == year
