"""Prizes of employers, by entrants, awards or points."""

from decimal import Decimal
from typing import Any

import pytest

from rules.decisions import Undecided
from rules.organisation_prizes import Employed, OrganisationPrize, organisation_winners

FIELD = [
    Employed(1, 30, {"一等奖": 1}),
    Employed(2, 30, {"三等奖": 4}),
    Employed(3, 12, {"一等奖": 1, "二等奖": 1}),
    Employed(4, 0),
]


def winners(chosen: tuple[int, ...] = (), **prize: Any) -> list[int]:
    made = OrganisationPrize.model_validate({"key": "org", "title": "优秀组织奖"} | prize)
    return [one.employer_id for one in organisation_winners(made, FIELD, chosen)]


def test_the_most_entrants_win() -> None:
    assert winners(winners=2) == [1, 2]
    assert winners(winners=5) == [1, 2, 3]


def test_the_most_awards_win() -> None:
    assert winners(measure="awards", winners=1) == [2]


def test_awards_may_count_by_points() -> None:
    points = {"一等奖": Decimal(5), "二等奖": Decimal(3), "三等奖": Decimal(1)}
    assert winners(measure="points", points=points, winners=2) == [3, 1]


def test_below_a_minimum_nobody_wins() -> None:
    assert winners(minimum=31) == []


def test_equal_employers_all_win() -> None:
    assert winners(winners=1) == [1, 2]


def test_or_a_decision_parts_them() -> None:
    with pytest.raises(Undecided) as undecided:
        winners(winners=1, ties="decide")
    assert undecided.value.groups == ((1, 2),)
    assert winners((2,), winners=1, ties="decide") == [2]
    with pytest.raises(Undecided):
        winners((1, 2), winners=1, ties="decide")
