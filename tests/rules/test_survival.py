"""The curve of Kaplan and Meier against an example worked by hand."""

import itertools
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.survival import Lasted, Step, at_risk_after, median, months_between, sampled, survival


def test_an_example_worked_by_hand() -> None:
    """Ten pairs: broken off after 3, 3, 6, 12 months; watched 3, 9, 12, 12, 24, 24 months.

    Month 3: 10 at risk, 2 end: 8/10. 3 leave in all, 7 remain. Month 6: 7 at risk, 1 ends:
    8/10 x 6/7 = 24/35. Month 9: nobody ends. Month 12: 5 at risk, 1 ends: 24/35 x 4/5 = 96/175.
    """
    ended = [Lasted(months, True) for months in (3, 3, 6, 12)]
    left = [Lasted(months, False) for months in (3, 9, 12, 12, 24, 24)]
    assert survival(ended + left) == [
        Step(3, 10, 2, 1, Fraction(4, 5)),
        Step(6, 7, 1, 0, Fraction(24, 35)),
        Step(9, 6, 0, 1, Fraction(24, 35)),
        Step(12, 5, 1, 2, Fraction(96, 175)),
        Step(24, 2, 0, 2, Fraction(96, 175)),
    ]


def test_counts_at_risk_and_the_median() -> None:
    steps = survival([Lasted(3, True), Lasted(6, True), Lasted(6, False), Lasted(9, True)])
    assert [at_risk_after(steps, month) for month in (0, 3, 4, 9, 10)] == [4, 4, 3, 1, 0]
    assert median(steps) == 6
    assert median(survival([Lasted(5, False)])) is None


def test_nobody_watched_is_no_curve() -> None:
    assert survival([]) == []


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 1, 31), date(2024, 2, 29), 0),
        (date(2024, 1, 15), date(2024, 2, 15), 1),
        (date(2024, 1, 15), date(2025, 1, 14), 11),
        (date(2024, 5, 1), date(2023, 5, 1), 0),
    ],
)
def test_full_months_are_counted(start: date, end: date, months: int) -> None:
    assert months_between(start, end) == months


@given(st.lists(st.builds(Lasted, st.integers(0, 30), st.booleans()), max_size=60))
def test_the_curve_falls_and_everybody_is_counted(watched: list[Lasted]) -> None:
    steps = survival(watched)
    assert sum(step.ended + step.left for step in steps) == len(watched)
    shares = [Fraction(1), *(step.kept for step in steps)]
    assert all(after <= before for before, after in itertools.pairwise(shares))
    if not any(one.ended for one in watched):
        assert all(step.kept == 1 for step in steps)


def test_many_alike_count_as_many_and_the_curve_is_read_at_months() -> None:
    steps = survival([Lasted(3, True, 2), Lasted(3, False, 2), Lasted(7, True), Lasted(8, False)])
    assert [(one.month, one.at_risk, one.ended, str(one.percent)) for one in sampled(steps, 3)] == [
        (0, 6, 0, "100.0"),
        (3, 6, 2, "66.7"),
        (6, 2, 2, "66.7"),
        (9, 0, 3, "33.3"),
    ]
    assert sampled([], 3) == []
