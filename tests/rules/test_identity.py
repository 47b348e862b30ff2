"""Document numbers, unit codes and phones: what is right passes clean, what is wrong is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.identity import (
    IdKind,
    check_digit,
    mask_id,
    normalize,
    parse_id,
    parse_phone,
    parse_unit_code,
    unit_code_check,
)
from rules.refusals import Refused

TODAY = date(2026, 11, 22)


def number(birth="19900307", order="000", area="330282"):
    first17 = f"{area}{birth}{order}"
    return first17 + check_digit(first17)


def refusal(kind, text):
    with pytest.raises(Refused) as refused:
        parse_id(kind, text, TODAY)
    return str(refused.value)


def test_the_example_of_the_national_standard_has_the_right_check_character():
    assert check_digit("11010519491231002") == "X"


def test_a_resident_number_tells_birth_date_and_sex():
    found = parse_id(IdKind.RESIDENT, number(order="001"), TODAY)
    assert (found.birth_date, found.sex) == (date(1990, 3, 7), "male")
    assert parse_id(IdKind.RESIDENT, number(order="002"), TODAY).sex == "female"


def test_typing_habits_do_not_matter():
    found = parse_id(IdKind.RESIDENT, " '110105 19491231 002x\u200b", TODAY)
    assert found.normalized == "11010519491231002X"
    assert normalize("１１０１０５　ｘ") == "110105X"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Enter the number"),
        ("   ", "Enter the number"),
        ("12345", "has 18 characters"),
        ("11010519491231002X9", "has 18 characters"),
        ("X1010519491231002X", "has 18 characters"),
        ("110105194912310021", "typing error"),
        (number(birth="19900230"), "no possible birth date"),
        (number(birth="20230229"), "no possible birth date"),
        (number(birth="20261123"), "no possible birth date"),
        (number(birth="18991231"), "no possible birth date"),
        (number(birth="00000000"), "no possible birth date"),
    ],
)
def test_a_wrong_resident_number_is_refused_with_its_reason(text, reason):
    assert reason in refusal(IdKind.RESIDENT, text)


def test_someone_born_today_or_on_29_february_has_a_possible_birth_date():
    assert parse_id(IdKind.RESIDENT, number(birth="20261122"), TODAY).birth_date == TODAY
    leap = parse_id(IdKind.RESIDENT, number(birth="20080229"), TODAY)
    assert leap.birth_date == date(2008, 2, 29)


@given(st.integers(0, 16), st.integers(1, 9), st.integers(1, 999))
def test_every_single_wrong_digit_is_noticed(position, shift, order):
    right = number(order=f"{order:03d}")
    digit = (int(right[position]) + shift) % 10
    wrong = f"{right[:position]}{digit}{right[position + 1 :]}"
    assert check_digit(wrong[:17]) != wrong[17]


@pytest.mark.parametrize(
    ("kind", "text", "clean"),
    [
        (IdKind.HK_MACAO_PERMIT, "h 12345678", "H12345678"),
        (IdKind.HK_MACAO_PERMIT, "M1234567801", "M1234567801"),
        (IdKind.TAIWAN_PERMIT, "12345678", "12345678"),
        (IdKind.PASSPORT, "e12345678", "E12345678"),
        (IdKind.FOREIGN_RESIDENT, "FIN110099010101", "FIN110099010101"),
    ],
)
def test_other_documents_are_checked_by_shape(kind, text, clean):
    found = parse_id(kind, text, TODAY)
    assert (found.kind, found.normalized, found.birth_date) == (kind, clean, None)


def test_the_new_card_of_a_foreign_resident_carries_birth_date_and_check_digit():
    text = number(area="911330", birth="19810305", order="123")
    assert parse_id(IdKind.FOREIGN_RESIDENT, text, TODAY).birth_date == date(1981, 3, 5)
    wrong = text[:-1] + ("1" if text[-1] != "1" else "2")
    assert "typing error" in refusal(IdKind.FOREIGN_RESIDENT, wrong)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (IdKind.HK_MACAO_PERMIT, "A12345678"),
        (IdKind.TAIWAN_PERMIT, "1234567"),
        (IdKind.PASSPORT, "E1"),
        (IdKind.PASSPORT, "PASSPORT"),
        (IdKind.PASSPORT, "E1234<678"),
    ],
)
def test_a_wrong_shape_is_refused(kind, text):
    assert "not a number of such a document" in refusal(kind, text)


def test_a_mask_keeps_the_length_and_hides_birth_date_and_order():
    assert mask_id("110105194912310021") == "110*************21"
    assert mask_id("E12345678") == "E*******8"
    assert mask_id("1234") == "****"
    assert mask_id("") == ""


def test_a_unit_code_is_checked_by_its_last_character():
    code = "91330282MA2AXXXX1"
    whole = code + unit_code_check(code)
    assert parse_unit_code(whole.lower()) == whole
    wrong = code + ("0" if whole[-1] != "0" else "1")
    with pytest.raises(Refused, match="typing error"):
        parse_unit_code(wrong)


def test_a_published_unit_code_is_right():
    # A company's own, as it stands on its public papers.
    assert parse_unit_code("914403001922038216") == "914403001922038216"


def test_a_unit_code_that_begins_with_a_letter_is_taken_by_its_shape():
    assert parse_unit_code("N2330282MF12345670") == "N2330282MF12345670"


@pytest.mark.parametrize("text", ["", "9133", "91330282MA2AIIII10", "91330282MA2AXXXX100"])
def test_a_unit_code_of_the_wrong_shape_is_refused(text):
    with pytest.raises(Refused, match="18 characters"):
        parse_unit_code(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("138 0574 1234", "13805741234"),
        ("+86 138-0574-1234", "13805741234"),
        ("１３８０５７４１２３４", "13805741234"),
        ("0574-63812345", "0574-63812345"),
        ("（0574）63812345", "0574-63812345"),
        ("010 62345678", "01062345678"),
    ],
)
def test_phone_numbers_pass_clean(text, clean):
    assert parse_phone(text) == clean


@pytest.mark.parametrize("text", ["", "12345678901", "1380574123", "138057412345", "phone"])
def test_what_is_no_phone_number_is_refused(text):
    with pytest.raises(Refused, match="Enter a mobile number"):
        parse_phone(text)
