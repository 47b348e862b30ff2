"""Who may be called as a judge."""

from datetime import date

import pytest

from rules.judges import TitleGrade, is_barred, is_qualified, knows


@pytest.mark.parametrize(
    ("grade", "level", "qualified"),
    [
        (TitleGrade.NONE, None, False),
        (TitleGrade.JUNIOR, 3, False),
        (TitleGrade.NONE, 2, True),
        (TitleGrade.NONE, 1, True),
        (TitleGrade.MIDDLE, None, True),
        (TitleGrade.SENIOR, 5, True),
    ],
)
def test_a_middle_title_or_a_technician_qualifies(
    grade: TitleGrade, level: int | None, qualified: bool
) -> None:
    assert is_qualified(grade, level) is qualified


def test_a_bar_holds_up_to_its_last_day() -> None:
    assert not is_barred(None, date(2026, 9, 15))
    assert is_barred(date(2026, 9, 15), date(2026, 9, 15))
    assert not is_barred(date(2026, 9, 14), date(2026, 9, 15))


def test_who_names_no_occupation_is_not_left_out() -> None:
    assert knows((), "钳工") and knows(("钳工", "焊工"), "钳工")
    assert not knows(("焊工",), "钳工")
