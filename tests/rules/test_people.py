"""A typed person: names, documents, and all problems at once."""

from datetime import date

import pytest

from rules.identity import IdKind, check_digit
from rules.people import TypedPerson, parse_name, read_person, same_name, tidy_name
from rules.refusals import Refused

TODAY = date(2026, 9, 15)
NUMBER = "33028119900517000" + check_digit("33028119900517000")
GOOD = TypedPerson("王小明", "resident", NUMBER, "13912345678", 4)


@pytest.mark.parametrize(
    "name", ["王小明", "阿依古丽·买买提", "欧阳 小慧", "Li Ming", "O'Neill-Smith", "Anne-Marie Li"]
)
def test_names_of_all_peoples_are_names(name):
    assert parse_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "  ", "王1", "王小明。", "·王", "<b>", "x" * 61, "1", "王@明"]
)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(Refused):
        parse_name(name)


def test_a_name_has_one_form():
    assert tidy_name(" 阿依古丽•买买提\u200b ") == "阿依古丽·买买提"
    assert tidy_name("Ｌｉ  Ming") == "Li Ming"


def test_spaces_dots_and_case_make_no_other_name():
    assert same_name("王 小明", "王小明")
    assert same_name("阿依古丽・买买提", "阿依古丽买买提")
    assert same_name("LI MING", "Li Ming")
    assert not same_name("王小明", "王晓明")


def test_a_resident_s_number_tells_birth_date_and_sex_whatever_was_typed():
    typed = TypedPerson("王小明", "resident", NUMBER, "13912345678", 4, date(2000, 1, 1), "M")
    facts, problems = read_person(typed, TODAY)
    assert problems == []
    assert (facts.birth_date, facts.sex) == (date(1990, 5, 17), "F")


def test_another_document_needs_the_birth_date():
    typed = TypedPerson("Li Ming", "passport", "e1234567", "13912345678")
    assert [p.field for p in read_person(typed, TODAY)[1]] == ["birth_date"]
    born = TypedPerson(
        "Li Ming", "passport", "e1234567", "13912345678", None, date(1990, 1, 2), "M"
    )
    facts, problems = read_person(born, TODAY)
    assert problems == []
    assert (facts.id_kind, facts.id_number, facts.sex) == (IdKind.PASSPORT, "E1234567", "M")


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2026, 9, 16)])
def test_a_birth_date_lies_in_the_past(day):
    typed = TypedPerson("Li Ming", "passport", "E1234567", "13912345678", None, day)
    assert [p.field for p in read_person(typed, TODAY)[1]] == ["birth_date"]


def test_every_problem_is_named_at_once():
    facts, problems = read_person(TypedPerson("", "x", "", "", 9), TODAY)
    assert facts is None
    assert [p.field for p in problems] == ["name", "id_kind", "phone", "held_level"]


def test_a_good_person_has_no_problem():
    facts, problems = read_person(GOOD, TODAY)
    assert problems == []
    assert facts.id_number == NUMBER
