"""Account numbers: their form, the check digit of cards, typed twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.payees import (
    AccountKind,
    bank_code_problem,
    end_of,
    number_problem,
    passes_luhn,
    tidy_number,
)


def with_check_digit(first: str) -> str:
    return next(first + digit for digit in "0123456789" if passes_luhn(first + digit))


@given(st.text("0123456789", min_size=15, max_size=18))
def test_a_card_has_one_check_digit_and_one_wrong_digit_is_found(first: str) -> None:
    good = with_check_digit(first)
    assert sum(passes_luhn(first + digit) for digit in "0123456789") == 1
    assert number_problem(AccountKind.CARD, good, good) is None
    wrong = str((int(good[3]) + 1) % 10)
    bad = good[:3] + wrong + good[4:]
    problem = number_problem(AccountKind.CARD, bad, bad)
    assert problem is not None and problem.field == "number"


def test_a_known_card_passes() -> None:
    assert passes_luhn("4111111111111111") and not passes_luhn("4111111111111112")


@pytest.mark.parametrize(
    ("kind", "number", "fits"),
    [
        (AccountKind.CARD, "411111111111111", False),
        (AccountKind.CARD, with_check_digit("4" * 19), False),
        (AccountKind.COMPANY, "12345678", True),
        (AccountKind.COMPANY, "1" * 32, True),
        (AccountKind.COMPANY, "1234567", False),
        (AccountKind.COMPANY, "1" * 33, False),
        (AccountKind.COMPANY, "1234567A", False),
        (AccountKind.BOOK, "123456789012", True),
        (AccountKind.BOOK, "12345678901", False),
        (AccountKind.CARD, "", False),
    ],
)
def test_each_kind_has_its_form(kind: AccountKind, number: str, fits: bool) -> None:
    assert (number_problem(kind, number, number) is None) is fits


def test_both_numbers_must_be_the_same_whatever_the_spaces() -> None:
    good = with_check_digit("622202000000000001")
    spaced = " ".join(good[at : at + 4] for at in range(0, len(good), 4))
    full_width = good.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    assert number_problem(AccountKind.CARD, spaced, full_width) is None
    assert tidy_number(spaced) == tidy_number(full_width) == good
    other = with_check_digit("622202000000000002")
    problem = number_problem(AccountKind.CARD, good, other)
    assert problem is not None and problem.field == "again"


def test_a_bank_code_has_twelve_digits_or_is_left_out() -> None:
    assert bank_code_problem("") is None and bank_code_problem("102332000012") is None
    problem = bank_code_problem("10233200001")
    assert problem is not None and problem.field == "bank_code"


def test_four_digits_are_shown() -> None:
    assert end_of("6222020000000001234") == "1234"
