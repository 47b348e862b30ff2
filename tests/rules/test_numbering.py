"""Numbers can be read out, typed again and checked; codes tell nothing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.numbering import check_number, codes, entry_number
from rules.numbering_schemes import NumberFacts, NumberScheme

FACTS = NumberFacts("CX", 2026, "JS", "A", "0301", "1")
NUMBER = NumberScheme().number(FACTS, 7)


def changed(text, position, character):
    return text[:position] + character + text[position + 1 :]


def test_a_certificate_number_names_its_parts_and_ends_with_two_check_characters():
    assert NUMBER[:-2] == "CX-2026-JS-0301-1-0007-"
    assert check_number(NUMBER)


def test_the_example_of_the_standard_is_right():
    # ISO 7064, MOD 1271-36.
    assert check_number("ISO793W")


def test_blanks_case_hyphens_and_full_width_do_not_matter():
    assert check_number(NUMBER.replace("-", ""))
    assert check_number(f"  {NUMBER.lower().replace('-', ' – ')} ")
    assert check_number(NUMBER.replace("CX", "ＣＸ"))


@pytest.mark.parametrize("text", ["", "K7", "证书", "CX-2026-JS-0301-1-0007", "CX_2026", "-"])
def test_what_is_no_number_is_not_taken_for_one(text):
    assert not check_number(text)


@given(
    st.integers(1, 99999),
    st.integers(0, 22),
    st.sampled_from(string.digits + string.ascii_uppercase),
)
def test_every_single_wrong_character_is_noticed(serial, position, character):
    number = NumberScheme().number(FACTS, serial).replace("-", "")
    position %= len(number)
    assert check_number(changed(number, position, character)) == (number[position] == character)


@given(st.integers(1, 99999), st.integers(0, 22))
def test_every_swap_of_neighbours_is_noticed(serial, position):
    number = NumberScheme().number(FACTS, serial).replace("-", "")
    position %= len(number) - 1
    one, two = number[position], number[position + 1]
    swapped = changed(changed(number, position, two), position + 1, one)
    assert check_number(swapped) == (one == two)


def test_numbers_of_different_certificates_differ():
    found = {NumberScheme().number(FACTS, n) for n in range(1, 500)}
    assert len(found) == 499


@pytest.mark.parametrize(
    "parts",
    [
        ("cx", 2026, "JS", "A", "0301", "1", 1),
        ("CX", 2026, "技能", "A", "0301", "1", 1),
        ("CX", 26, "JS", "A", "0301", "1", 1),
        ("CX", 2026, "JS", "A", "", "1", 1),
        ("CX", 2026, "JS", "A", "0301", "1", 0),
        ("CX", 2026, "JS", "A", "0301", "1", 1_000_000),
    ],
)
def test_parts_that_cannot_stand_in_a_number_are_an_error(parts):
    with pytest.raises(ValueError, match="not a"):
        NumberScheme().number(NumberFacts(*parts[:-1]), parts[-1])


def test_entries_are_numbered_within_their_event():
    assert entry_number("0301", 12) == "0301-012"
    assert entry_number("0301", 1234) == "0301-1234"


def test_codes_are_different_short_and_free_of_look_alikes():
    found = codes(2000, "seed")
    assert len(set(found)) == 2000
    assert {len(code) for code in found} == {4}
    assert not set("".join(found)) & set("01258OILZSBUV")


def test_a_large_event_gets_longer_codes():
    assert len(codes(3000, 1)[0]) == 5


def test_the_same_seed_gives_the_same_codes_and_another_seed_others():
    assert codes(5, "a") == codes(5, "a") == codes(9, "a")[:5]
    assert not set(codes(5, "a")) & set(codes(5, "b"))
    assert codes(0, "a") == []


def test_codes_are_the_same_on_every_machine():
    assert codes(3, 2026) == ["H6D9", "4TJN", "6JC9"]
