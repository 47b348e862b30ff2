"""Public notices end on the right working day, make-up Saturdays included."""

from datetime import date

import pytest

from rules.refusals import Refused
from rules.workdays import Calendar, is_workday, notice_end

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
