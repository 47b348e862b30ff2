"""Sheets of a panel: marks, totals with the trim, quorum, flags and places."""

from decimal import Decimal

import pytest

from rules.refusals import Refused
from rules.selection_reviews import (
    SheetTotal,
    missing_lines,
    ranks_of,
    read_mark,
    sheet_sum,
    sheet_total,
    sheets_needed,
)
from rules.selection_rounds import Review, SheetItem

SHEET = (
    SheetItem(key="skill", title="技艺水平", maximum=Decimal(60)),
    SheetItem(key="work", title="创新业绩", maximum=Decimal(40)),
)
REVIEW = Review(reviewers=5, sheet=SHEET)


def sheets(*totals: int) -> dict[int, dict[str, str]]:
    """Signed sheets with these totals."""
    return {n: {"skill": str(total - 30), "work": "30"} for n, total in enumerate(totals, 1)}


def test_the_best_and_the_worst_sheet_do_not_count() -> None:
    found = sheet_total(REVIEW, sheets(80, 70, 90, 85, 75))
    assert isinstance(found, SheetTotal)
    assert found.total == Decimal("80.00")
    assert [one.reviewer for one in found.sheets if one.dropped] == [2, 3]
    assert (found.apart, found.flagged) == (Decimal(20), True)


def test_fewer_sheets_count_down_to_the_quorum() -> None:
    assert sheets_needed(REVIEW) == 4
    four = sheet_total(REVIEW, sheets(80, 70, 90, 85))
    assert isinstance(four, SheetTotal) and four.total == Decimal("82.50")
    three = sheet_total(REVIEW, sheets(80, 70, 90))
    assert isinstance(three, Refused) and three.params == {"count": 3, "needed": 4}


def test_one_of_equal_best_sheets_is_dropped() -> None:
    found = sheet_total(REVIEW, sheets(90, 90, 80, 80, 80))
    assert isinstance(found, SheetTotal)
    assert found.total == Decimal("83.33")
    assert sum(one.dropped for one in found.sheets) == 2


@pytest.mark.parametrize("text", ["61", "-1", "0.3", "viele", "", "NaN"])
def test_marks_that_the_sheet_does_not_know_are_refused(text: str) -> None:
    assert isinstance(read_mark(REVIEW, "skill", text), Refused)


def test_marks_are_read_and_summed() -> None:
    assert read_mark(REVIEW, "skill", " 59.5 ") == Decimal("59.5")
    assert isinstance(read_mark(REVIEW, "other", "1"), Refused)
    assert sheet_sum(REVIEW, {"skill": "59.5", "work": "x"}) == Decimal("59.5")
    assert missing_lines(REVIEW, {"skill": "59.5", "work": "x"}) == ["work"]


def test_equal_totals_share_a_place() -> None:
    totals = {1: Decimal(80), 2: Decimal(90), 3: Decimal(80), 4: Decimal(70)}
    assert ranks_of(totals) == {2: 1, 1: 2, 3: 2, 4: 4}
