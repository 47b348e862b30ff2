"""The working-day table: seed, edit, and years that are not known."""

from datetime import date

import pytest

from rules.refusals import Refused
from rules.workdays import is_workday, notice_end
from services import calendars
from services.acting import Actor


def enter(by: Actor, first: date, last: date, is_working: bool = False) -> int:
    return calendars.add_days(by, first.year, first, last, is_working, "国庆节")


def test_the_seed_knows_2004_to_2026_and_is_sown_once(by: Actor) -> None:
    assert calendars.seed(by) == 23
    assert calendars.seed(by) == 0
    assert calendars.list_years() == list(range(2004, 2027))


def test_the_seeded_table_counts_make_up_days(by: Actor) -> None:
    calendars.seed(by)
    calendar = calendars.load_calendar()
    assert is_workday(date(2021, 9, 18), calendar)
    assert not is_workday(date(2026, 10, 1), calendar)
    assert notice_end(date(2021, 9, 14), 5, True, calendar) == date(2021, 9, 18)
    with pytest.raises(Refused):
        is_workday(date(2027, 1, 4), calendar)


def test_the_seed_leaves_alone_what_people_entered(by: Actor) -> None:
    enter(by, date(2026, 10, 1), date(2026, 10, 7))
    calendars.seed(by)
    assert calendars.find_year(2026) is None
    assert len(calendars.list_days(2026)) == 5


def test_a_holiday_is_entered_from_day_to_day_without_its_weekend(by: Actor) -> None:
    assert enter(by, date(2027, 10, 1), date(2027, 10, 7)) == 5
    assert enter(by, date(2027, 10, 9), date(2027, 10, 10), is_working=True) == 2
    days = {day.day: day.is_working for day in calendars.list_days(2027)}
    assert days[date(2027, 10, 1)] is False and days[date(2027, 10, 9)] is True
    assert date(2027, 10, 2) not in days


def test_entering_a_day_again_replaces_it(by: Actor) -> None:
    enter(by, date(2027, 10, 1), date(2027, 10, 1))
    calendars.add_days(by, 2027, date(2027, 10, 1), date(2027, 10, 1), False, "国庆")
    assert [day.title for day in calendars.list_days(2027)] == ["国庆"]


@pytest.mark.parametrize(
    ("first", "last", "is_working"),
    [
        (date(2027, 10, 7), date(2027, 10, 1), False),
        (date(2027, 12, 31), date(2028, 1, 3), False),
        (date(2027, 3, 1), date(2027, 6, 1), False),
        (date(2027, 10, 2), date(2027, 10, 3), False),
        (date(2027, 10, 4), date(2027, 10, 5), True),
    ],
)
def test_impossible_days_are_refused(by: Actor, first: date, last: date, is_working: bool) -> None:
    with pytest.raises(Refused):
        calendars.add_days(by, 2027, first, last, is_working, "x")
    assert calendars.list_days(2027) == []


def test_a_year_becomes_known_by_its_source_after_its_holidays(by: Actor) -> None:
    with pytest.raises(Refused):
        calendars.confirm_year(by, 2027, "国办发明电〔2026〕1号")
    with pytest.raises(Refused):
        calendars.confirm_year(by, 1900, "x")
    enter(by, date(2027, 10, 1), date(2027, 10, 7))
    assert calendars.unknown_years(date(2027, 1, 1), date(2028, 1, 1)) == [2027, 2028]
    calendars.confirm_year(by, 2027, "国办发明电〔2026〕1号")
    known = calendars.find_year(2027)
    assert known is not None and known.source == "国办发明电〔2026〕1号"
    assert calendars.unknown_years(date(2027, 1, 1), date(2027, 12, 31)) == []


def test_a_day_is_taken_out_once(by: Actor) -> None:
    enter(by, date(2027, 10, 1), date(2027, 10, 1))
    assert calendars.remove_day(by, date(2027, 10, 1)) == 2027
    with pytest.raises(Refused):
        calendars.remove_day(by, date(2027, 10, 1))
