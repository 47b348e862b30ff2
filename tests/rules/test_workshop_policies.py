"""Rules of workshops as data: amounts by day, terms, bars, quotas, windows."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from rules.workshop_policies import (
    GrantLine,
    Policy,
    add_months,
    add_years,
    bar_end,
    duties_of,
    excellent_places,
    grant_amount,
    policy_problems,
    shipped_policy,
    term_end,
    window_problem,
)
from rules.workshops import GrantKind, WorkshopLevel, next_level

POLICY = shipped_policy()
COUNTY, CITY, PROVINCE, NATION = tuple(WorkshopLevel)


def amount(
    kind: GrantKind, level: WorkshopLevel, day: date, from_level: WorkshopLevel | None = None
) -> Decimal | None:
    found = grant_amount(POLICY, kind, level, day, from_level)
    return None if found is None else found.amount


@pytest.mark.parametrize(
    ("level", "day", "wanted"),
    [
        (COUNTY, date(2026, 1, 1), 30_000),
        (CITY, date(2016, 7, 1), 50_000),
        (CITY, date(2018, 12, 31), 50_000),
        (CITY, date(2019, 1, 1), 80_000),
        (PROVINCE, date(2016, 1, 1), 100_000),
        (PROVINCE, date(2019, 1, 1), 200_000),
        (NATION, date(2013, 1, 1), 100_000),
        (NATION, date(2026, 1, 1), 200_000),
        (CITY, date(2011, 12, 31), None),
    ],
)
def test_amounts_of_a_founding(level: WorkshopLevel, day: date, wanted: int | None) -> None:
    assert amount(GrantKind.FOUNDING, level, day) == wanted


def test_a_step_up_brings_its_line_or_the_difference() -> None:
    day = date(2026, 6, 1)
    assert amount(GrantKind.STEP_UP, PROVINCE, day, CITY) == 50_000  # Yiwu
    assert amount(GrantKind.STEP_UP, CITY, day, COUNTY) == 50_000  # 80,000 - 30,000
    assert amount(GrantKind.STEP_UP, NATION, day, PROVINCE) == 200_000
    nothing = POLICY.model_copy(update={"step_up_otherwise": "nothing"})
    assert grant_amount(nothing, GrantKind.STEP_UP, CITY, day, COUNTY) is None
    own = GrantLine(
        kind=GrantKind.STEP_UP, level=PROVINCE, from_level=CITY, amount=Decimal(70_000),
        from_on=date(2013, 1, 1),
    )  # fmt: skip
    named = POLICY.model_copy(update={"grants": (*POLICY.grants, own)})
    found = grant_amount(named, GrantKind.STEP_UP, PROVINCE, day, CITY)
    assert found is not None and found.amount == 70_000


def test_excellent_brings_the_same_at_every_level() -> None:
    found = {amount(GrantKind.EXCELLENT, level, date(2026, 1, 1)) for level in WorkshopLevel}
    assert found == {Decimal(10_000)}


@pytest.mark.parametrize(
    ("graded", "places"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (38, 7)]
)
def test_a_fifth_is_rounded_down(graded: int, places: int) -> None:
    assert excellent_places(POLICY, graded) == places


def test_terms_and_bars_have_a_last_day() -> None:
    assert term_end(POLICY, date(2019, 1, 1)) == date(2021, 12, 31)
    assert term_end(POLICY, date(2024, 2, 29)) == date(2027, 2, 27)
    assert bar_end(POLICY, date(2022, 3, 1)) == date(2028, 2, 29)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 15), 14) == date(2028, 1, 15)


def test_levels_go_up_to_the_nation() -> None:
    assert [next_level(level) for level in WorkshopLevel] == [CITY, PROVINCE, NATION, None]


def test_duties_can_differ_by_level() -> None:
    only = POLICY.duties[0].model_copy(update={"levels": (NATION,)})
    policy = POLICY.model_copy(update={"duties": (only, *POLICY.duties[1:])})
    assert len(duties_of(policy, NATION)) == 3 and len(duties_of(policy, CITY)) == 2


def test_the_window_of_a_year() -> None:
    policy = Policy(apply_from="05-01", apply_until="07-31")
    assert window_problem(POLICY, date(2026, 12, 31)) is None
    assert window_problem(policy, date(2026, 7, 31)) is None
    assert window_problem(policy, date(2026, 8, 1)) is not None


def test_contradictions_are_found() -> None:
    twice = Policy(grants=(POLICY.grants[0], POLICY.grants[0]))
    half = Policy(apply_from="05-01")
    assert len(list(policy_problems(twice))) == len(list(policy_problems(half))) == 1
    assert not list(policy_problems(POLICY))
    with pytest.raises(ValidationError):
        Policy(report_due="02-30")
    with pytest.raises(ValidationError, match="before the first"):
        GrantLine(
            kind=GrantKind.FOUNDING, amount=Decimal(1), from_on=date(2026, 2, 1),
            until=date(2026, 1, 1),
        )  # fmt: skip


def test_a_change_changes_the_digest() -> None:
    again = Policy.model_validate(POLICY.model_dump(mode="json"))
    assert again.digest() == POLICY.digest()
    assert POLICY.model_copy(update={"bar_years": 5}).digest() != POLICY.digest()
