"""One dated line of a life: merged, cut into years, drawn without marks that touch."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.timelines import Point, Theme, by_year, draw, merged

TODAY = date(2026, 11, 29)
SIZE = 20.0


def point(theme: Theme, year: int, month: int = 1, **more: object) -> Point:
    return Point(theme, date(year, month, 1), f"{theme}{year}", **more)  # type: ignore[arg-type]


def test_registers_become_one_line_from_the_oldest_on() -> None:
    line = merged(
        [point(Theme.HONOUR, 2024), point(Theme.HONOUR, 2020)],
        [point(Theme.CONTEST, 2024), point(Theme.LEVEL, 2022)],
    )
    assert [(one.number, one.point.theme, one.point.on.year) for one in line] == [
        (1, Theme.HONOUR, 2020),
        (2, Theme.LEVEL, 2022),
        (3, Theme.CONTEST, 2024),
        (4, Theme.HONOUR, 2024),
    ]


def test_what_two_registers_know_alike_is_there_once() -> None:
    assert len(merged([point(Theme.LEVEL, 2020)], [point(Theme.LEVEL, 2020)])) == 1


def test_years_come_newest_first() -> None:
    line = merged([point(Theme.LEVEL, 2020), point(Theme.LEVEL, 2021), point(Theme.LEVEL, 2021, 5)])
    assert [(year, [one.number for one in of]) for year, of in by_year(line)] == [
        (2021, [3, 2]),
        (2020, [1]),
    ]


def test_what_goes_on_still_ends_today_and_what_ended_ends_then() -> None:
    still = point(Theme.MENTOR, 2025, lasting=True)
    ended = point(Theme.MENTOR, 2024, until=date(2024, 6, 1))
    assert still.is_span and still.end(TODAY) == TODAY
    assert ended.is_span and ended.end(TODAY) == date(2024, 6, 1)
    assert point(Theme.LEVEL, 2024).end(TODAY) == date(2024, 1, 1)


def test_an_end_before_the_start_is_drawn_as_a_day() -> None:
    assert point(Theme.MENTOR, 2024, until=date(2020, 1, 1)).end(TODAY) == date(2024, 1, 1)


def test_lanes_come_in_their_order_and_only_where_something_is() -> None:
    line = merged([point(Theme.HONOUR, 2024), point(Theme.LEVEL, 2020)])
    made = draw(line, TODAY, 700, SIZE)
    assert [lane.theme for lane in made.lanes] == [Theme.LEVEL, Theme.HONOUR]
    assert [lane.first_row for lane in made.lanes] == [0, 1] and made.rows == 2
    assert made.lanes[0].marks[0].x == 0
    assert made.years == tuple((year, x) for year, x in made.years) and len(made.years) == 7
    assert made.today is not None and 600 < made.today < 700


def test_an_empty_line_is_an_empty_picture() -> None:
    assert draw([], TODAY, 700, SIZE).lanes == ()


def test_years_are_thinned_out_over_a_long_life() -> None:
    made = draw(merged([point(Theme.LEVEL, 1986)]), TODAY, 700, SIZE)
    assert [year for year, _x in made.years] == [1990, 1995, 2000, 2005, 2010, 2015, 2020, 2025]


POINTS = st.builds(
    lambda theme, days, length, lasting: Point(
        theme,
        date(2000, 1, 1) + timedelta(days),
        str(days),
        until=date(2000, 1, 1) + timedelta(days + length) if length else None,
        lasting=lasting,
    ),
    st.sampled_from(Theme),
    st.integers(0, 9000),
    st.integers(0, 900),
    st.booleans(),
)


@given(st.lists(POINTS, max_size=40))
def test_marks_of_a_lane_never_touch(points: list[Point]) -> None:
    line = merged(points)
    made = draw(line, TODAY, 700, SIZE)
    assert sum(len(lane.marks) for lane in made.lanes) == len(line)
    assert made.rows == sum(lane.rows for lane in made.lanes)
    for lane in made.lanes:
        for row in range(lane.rows):
            marks = [mark for mark in lane.marks if mark.row == row]
            assert marks
            for before, after in itertools.pairwise(marks):
                assert after.x - before.x_end > SIZE
            assert all(0 <= mark.x <= mark.x_end <= 700 for mark in marks)
