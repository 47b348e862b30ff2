"""Spot checks of entered marks (R2.25)."""

import hashlib
from decimal import Decimal

import pytest

from rules.draws import seed_of
from rules.refusals import Refused
from rules.sampling import (
    drawn,
    marks_digest,
    needs_full_check,
    read_figures,
    share_of,
    sheet_digest,
    top_of,
    uncovered,
)


@pytest.mark.parametrize(("wrong", "full"), [(0, False), (2, False), (3, True), (40, True)])
def test_t10_two_wrong_of_forty_is_not_over_five_percent_but_three_are(wrong, full):
    assert needs_full_check(40, wrong) is full


@pytest.mark.parametrize(("lines", "wrong"), [(40, 41), (40, -1)])
def test_more_errors_than_lines_cannot_be(lines, wrong):
    with pytest.raises(ValueError, match="wrong of"):
        needs_full_check(lines, wrong)


def test_all_that_are_equal_at_the_end_of_the_top_belong_to_it() -> None:
    totals = {"A": Decimal(90), "B": Decimal(80), "C": Decimal(80), "D": Decimal(70)}
    assert top_of(totals, Decimal(50)) == {"A", "B", "C"}
    assert top_of(totals, Decimal(1)) == {"A"}
    assert top_of(totals, Decimal(0)) == frozenset() == top_of({}, Decimal(30))


def test_a_share_is_never_less_than_its_percentage() -> None:
    assert [share_of(n, Decimal(15)) for n in (0, 1, 20, 21)] == [0, 1, 3, 4]


def test_the_draw_can_be_repeated_with_the_seed_alone() -> None:
    seed = seed_of("d" * 64, "314159")
    assert seed == hashlib.sha256(f"{'d' * 64}:314159".encode()).hexdigest()
    codes = [f"C{n}" for n in range(50)]
    first = drawn(codes, 8, seed)
    assert first == drawn(reversed(codes), 8, seed) == drawn(codes, 20, seed)[:8]
    assert first != drawn(codes, 8, seed_of("d" * 64, "314158"))


@pytest.mark.parametrize("text", ["", "12345", "abc", "１２３４５６", "1" * 61])
def test_too_few_figures_make_no_seed(text: str) -> None:
    with pytest.raises(Refused):
        read_figures(text)


def test_figures_are_read_with_whatever_stands_between_them() -> None:
    assert read_figures("3-1-4, 1 5 9") == "314159"


def test_a_digest_tells_every_change_of_marks() -> None:
    plain = sheet_digest(True, [("A1", "5"), ("A2", "6")])
    assert plain == sheet_digest(True, [("A2", "6"), ("A1", "5")])
    others = {
        sheet_digest(False, [("A1", "5"), ("A2", "6")]),
        sheet_digest(True, [("A1", "5")]),
        sheet_digest(True, [("A1", "6"), ("A2", "5")]),
        sheet_digest(True, [("A1", "5"), ("A2", "6.5")]),
    }
    assert len(others | {plain}) == 5
    assert marks_digest({"1": plain, "2": "x"}) == marks_digest({"2": "x", "1": plain})
    assert marks_digest({"1": plain}) != marks_digest({"2": plain})


def test_corrections_of_what_was_found_do_not_undo_a_check() -> None:
    basis, now = {"1": "a", "2": "b", "3": "c"}, {"1": "a", "2": "B", "4": "d"}
    assert uncovered(basis, now, ["2"]) == {"3", "4"}
    assert not uncovered(basis, basis, [])
