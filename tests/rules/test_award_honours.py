"""Honours that depend on age, sex, division, place, and where the contest was filed."""

from datetime import date
from typing import Any

import pytest

from rules.award_honours import ConditionalHonour, Winner, honour_reason, read_reason

DAY = date(2026, 10, 20)
YOUTH, WOMEN = "共青团慈溪市委", "慈溪市妇联"


def reason(honour: dict[str, Any], *filed: str, **winner: Any) -> str | None:
    facts = {"tier": "first", "rank": 1, "division": "staff"} | winner
    made = ConditionalHonour.model_validate({"title": "荣誉"} | honour)
    return honour_reason(made, Winner(**facts), filed, DAY)


def test_an_honour_without_conditions_goes_to_every_winner() -> None:
    assert reason({}) == ""


@pytest.mark.parametrize(
    ("birth", "given"),
    [(date(1991, 10, 20), True), (date(1990, 10, 21), True), (date(1990, 10, 20), False)],
)
def test_young_experts_are_at_most_35_on_the_day(birth: date, given: bool) -> None:
    """青年岗位能手 (R4.20)."""
    honour = {"oldest": 35, "filed_with": YOUTH}
    assert (reason(honour, YOUTH, birth_date=birth) is not None) is given


def test_the_honour_may_name_its_own_day() -> None:
    honour = {"oldest": 35, "age_on": date(2026, 1, 1)}
    assert reason(honour, birth_date=date(1990, 10, 20)) == "age=35"


def test_a_person_of_unknown_age_is_not_guessed_young() -> None:
    assert reason({"oldest": 35}) is None


def test_women_honours_go_to_women_if_the_contest_was_filed() -> None:
    """巾帼标兵 (R4.20)."""
    honour = {"sex": "F", "filed_with": WOMEN}
    assert reason(honour, WOMEN, sex="F") == f"sex=F;filed={WOMEN}"
    assert reason(honour, sex="F") is None
    assert reason(honour, YOUTH, sex="F") is None
    assert reason(honour, WOMEN, sex="M") is None


def test_a_provincial_title_is_for_staff_alone() -> None:
    """省技术能手: students get the level, not the title (R4.17)."""
    honour = {"divisions": ["staff"], "top": 3}
    assert reason(honour, rank=3) == "rank=3;division=staff"
    assert reason(honour, rank=4) is None
    assert reason(honour, division="student") is None


def test_an_honour_may_go_with_some_awards_only() -> None:
    assert reason({"tiers": ["second"]}) is None
    assert reason({"tiers": ["first", "second"]}) == ""


def test_a_recorded_award_without_a_place_has_no_top() -> None:
    assert reason({"top": 3}, rank=None) is None


def test_a_reason_is_read_back() -> None:
    assert read_reason("rank=1;age=34") == [("rank", "1"), ("age", "34")]
    assert read_reason("") == []
