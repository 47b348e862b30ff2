"""English names of people and prizes."""

import pytest

from rules.english_names import (
    english_title,
    passport_name,
    place_in_english,
    title_in_english,
)
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
    assert title_in_english("一等奖", {}) == title_in_english("First prize", {}) == "First prize"
    assert title_in_english("技能标兵特别奖", {}) == ""


def test_a_title_that_was_given_goes_before_the_usual_one() -> None:
    given = {"钳工": "Bench Fitting", "职工组": "Workers"}
    assert title_in_english("钳工", given) == "Bench Fitting"
    assert title_in_english("职工组", given) == "Workers"
    assert title_in_english("学生组", given) == "Student division"
    assert title_in_english("车工", given) == ""


def test_english_titles_are_of_latin_letters() -> None:
    assert english_title("  CNC  Turning – “A”, 3D & Café ", "x") == 'CNC Turning – "A", 3D & Café'
    assert english_title(" ", "x") == ""
    for wrong in ("数控", "CNC 车工", "2026", "Тokarь", "A" * 121):
        with pytest.raises(Refused) as refused:
            english_title(wrong, "x")
        assert refused.value.field == "x"


def test_a_sentence_names_event_division_and_contest() -> None:
    assert place_in_english("The Cixi Contest", "Fitting", "Staff") == (
        "Fitting (Staff) at the Cixi Contest"
    )
    assert place_in_english("Cixi Contest", "Fitting", "") == "Fitting at the Cixi Contest"
    assert place_in_english("Cixi Contest", "", "") == "the Cixi Contest"
