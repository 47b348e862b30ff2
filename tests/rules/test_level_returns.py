"""Certificate numbers that come back are taken as they are written, old form and new (R4.16)."""

import pytest

from rules.level_returns import Line, Match, Returned, matched

# yy(2) province(2) city(2) body kind(1) body serial(3) level(1) serial(5)
OLD = "09" + "33" + "02" + "1" + "001" + "3" + "00123"


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (OLD, Match.MATCHED),
        ("Y000033020001233000012", Match.MATCHED),  # 22 characters: the form of today
        ("123", Match.NO_NUMBER),
        ("9" * 41, Match.NO_NUMBER),
    ],
)
def test_r4_16_numbers_of_both_forms_are_taken_over_and_none_is_made(
    number: str, found: Match
) -> None:
    """The assessment body gives the numbers; the program never makes one (R4.15, R4.16)."""
    assert len(OLD) == 16
    line = Line(1, "陈立", "key", "钳工", 3)
    (one,) = matched([Returned(1, "陈立", "key", "钳工", 3, number, "2026-11-02")], [line])
    assert one.match is found
    assert matched([], [line])[0].match is Match.MISSING
