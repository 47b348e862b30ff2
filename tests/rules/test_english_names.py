"""English names of people and prizes."""

import pytest

from rules.english_names import passport_name, prize_in_english
from rules.refusals import Refused


@pytest.mark.parametrize(
    ("surname", "given", "name"),
    [
        ("LYU", "XIAOMING", "Lyu Xiaoming"),
        ("ouyang", " zhen hua ", "Ouyang Zhen Hua"),
        ("ＺＨＡＮＧ", "SAN-FENG", "Zhang San-Feng"),
        ("O'BRIEN", "J. P.", "O'Brien J. P."),
        ("GULMIRA", "", "Gulmira"),
    ],
)
def test_a_name_is_written_as_in_the_passport(surname: str, given: str, name: str) -> None:
    assert passport_name(surname, given) == name


@pytest.mark.parametrize(
    ("surname", "given", "field"),
    [("", "X", "surname"), ("吕", "X", "surname"), ("LYU", "小明", "given"), ("LÜ", "X", "surname"),
     ("A1", "X", "surname"), ("A" * 61, "", "surname")],
)  # fmt: skip
def test_what_no_passport_holds_is_refused(surname: str, given: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        passport_name(surname, given)
    assert refused.value.field == field


def test_usual_prizes_have_english_names() -> None:
    assert prize_in_english("一等奖") == prize_in_english("First prize") == "First prize"
    assert prize_in_english("技能标兵特别奖") == ""
