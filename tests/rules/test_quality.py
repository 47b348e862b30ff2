"""Cohorts, silent months, and what workshops lack of their duties."""

from datetime import date

import pytest

from rules.mentorships import MentorshipState as State
from rules.quality import cohorts, lacking, months_back
from rules.workshop_grades import Taught
from rules.workshop_policies import Duty, Policy
from rules.workshops import WorkshopLevel

POLICY = Policy(
    duties=(
        Duty(span="year", counted="apprentices", least=10),
        Duty(span="term", counted="highly_skilled", least=5),
    )
)
TERM = (date(2024, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("today", "months", "expected"),
    [
        (date(2026, 11, 29), 3, date(2026, 8, 1)),
        (date(2026, 2, 1), 3, date(2025, 11, 1)),
        (date(2026, 12, 31), 12, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_back(today: date, months: int, expected: date) -> None:
    assert months_back(today, months) == expected


def test_cohorts_have_every_year_and_count_persons_apart() -> None:
    rows = [
        (2022, State.ACCEPTED, 6),
        (2022, State.BROKEN_OFF, 1),
        (2022, State.TRANSFERRED, 1),
        (2022, State.PAUSED, 2),
        (2024, State.RUNNING, 4),
    ]
    first, empty, last = cohorts(rows, {2022: 9, 2024: 3})
    assert (first.persons, first.times, first.completed, first.running) == (9, 10, 6, 2)
    assert (first.ended_early, first.failed, first.percent) == (2, 0, 75)
    assert (empty.year, empty.times, empty.percent) == (2023, 0, None)
    assert (last.times, last.running, last.percent) == (4, 4, None)


def test_no_pairs_are_no_cohorts() -> None:
    assert cohorts([], {}) == []


def test_a_year_that_is_not_over_lacks_nothing_yet_and_a_term_says_so_far() -> None:
    reports = {
        2024: Taught(2024, 10, 6, 2),
        2025: Taught(2025, 7, 6, 1),
        2026: Taught(2026, 1, 0, 0),
    }
    found = lacking(POLICY, WorkshopLevel.CITY, reports, TERM, TODAY)
    assert [(one.gap.year, one.gap.missing, one.so_far) for one in found] == [
        (2025, 3, False),
        (None, 2, True),
    ]


def test_a_term_that_is_over_lacks_for_good() -> None:
    found = lacking(POLICY, WorkshopLevel.CITY, {}, TERM, date(2027, 2, 1))
    assert [(one.gap.year, one.so_far) for one in found] == [
        (2024, False),
        (2025, False),
        (2026, False),
        (None, False),
    ]


def test_a_workshop_that_does_its_duty_lacks_nothing() -> None:
    reports = {year: Taught(year, 10, 3, 3) for year in (2024, 2025)}
    assert lacking(POLICY, WorkshopLevel.CITY, reports, TERM, TODAY) == []
