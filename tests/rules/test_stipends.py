"""Stipends by hand: months, successes, factors, caps, exclusions, advances, corrections."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from rules.data import InvalidRules
from rules.stipend_items import End, OtherSubsidy, Pair, Reached, anniversary, years_of
from rules.stipend_scales import (
    Achievement,
    Apprenticeship,
    BreakOff,
    Combination,
    Exclusions,
    Factor,
    Outcome,
    Part,
    Scale,
    SubsidyKind,
    Success,
    scale_on,
)
from rules.stipends import Cause, Line, LineKind, added, settle

START = date(2025, 1, 1)
JUNE, DECEMBER = date(2025, 6, 30), date(2025, 12, 31)
MONTHS = frozenset(date(2025, month, 1) for month in range(1, 7))


def scale(**more: Any) -> Scale:
    facts: dict[str, Any] = {"title": "慈溪导师津贴办法", "starts_on": START, "monthly": 200}
    return Scale(**facts | more)


def pair(key: int = 1, **more: Any) -> Pair:
    facts: dict[str, Any] = {
        "mentor": 1,
        "apprentice": 100 + key,
        "employer": 9,
        "occupation": "焊工",
        "signed_on": START,
        "starts_on": START,
        "ends_on": date(2026, 12, 31),
        "safe_on": date(2025, 2, 1),
        "months": MONTHS,
    }
    return Pair(key, **facts | more)


def run(
    scales: Scale | list[Scale],
    *pairs: Pair,
    until: date = JUNE,
    settled: dict[tuple[int, str], Decimal] | None = None,
    through: date | None = None,
    others: dict[int, list[OtherSubsidy]] | None = None,
) -> list[Line]:
    listed = scales if isinstance(scales, list) else [scales]
    return settle(listed, pairs, others or {}, settled or {}, until, through)


def amounts(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.kind.value, f"{line.amount:.2f}") for line in lines]


def said(lines: list[Line]) -> str:
    return "\n".join(words.text % words.values for line in lines for words in line.words)


def test_months_are_paid_by_the_month() -> None:
    lines = run(scale(), pair())
    assert amounts(lines) == [("month", "1200.00")]
    assert "6 months × 200.00 yuan × factor 1 = 1200.00 yuan" in said(lines)
    assert "2025-01, 2025-02" in said(lines)


def test_a_factor_counts_between_its_days() -> None:
    factor = Factor(factor="1.30", from_on=date(2025, 3, 1), to_on=date(2025, 4, 1))
    lines = run(scale(factors=[factor]), pair())
    assert amounts(lines) == [("month", "1320.00")]
    assert "2025-03, 2025-04: 2 months × 200.00 yuan × factor 1.3 = 520.00 yuan" in said(lines)


def test_each_month_is_rounded_by_itself() -> None:
    factor = Factor(factor="1.333", from_on=START, to_on=DECEMBER)
    assert amounts(run(scale(monthly="33.33", factors=[factor]), pair())) == [("month", "266.58")]
    whole = scale(monthly="33.33", factors=[factor], rounding="yuan_down")
    assert amounts(run(whole, pair())) == [("month", "264.00")]


def test_an_event_is_paid_by_the_scale_of_its_day() -> None:
    later = scale(title="新办法", starts_on=date(2025, 4, 1), monthly=300)
    lines = run([later, scale()], pair())
    assert amounts(lines) == [("month", "1500.00")]
    assert "3 months × 300.00 yuan" in said(lines)
    ended = scale(ends_on=date(2025, 3, 31))
    assert amounts(run(ended, pair())) == [("month", "600.00")]
    assert scale_on([ended], date(2025, 4, 1)) is None
    assert scale_on([ended], date(2025, 3, 31)) is ended
    assert scale_on([ended], date(2024, 12, 31)) is None


def test_months_outside_the_term_or_within_a_pause_do_not_count() -> None:
    paused = pair(pauses=((date(2025, 2, 1), date(2025, 4, 15)),))
    assert amounts(run(scale(), paused)) == [("month", "800.00")]
    assert amounts(run(scale(), pair(pauses=((date(2025, 5, 1), None),)))) == [("month", "800.00")]
    late = pair(starts_on=date(2025, 3, 31))
    assert amounts(run(scale(), late)) == [("month", "800.00")]


SUCCESS = Success(amount=2000)


def reached(day: date, kind: Achievement = Achievement.LEVEL, level: int | None = 2) -> Reached:
    return Reached(kind, day, level)


def test_a_success_counts_once_and_within_three_years() -> None:
    paid = scale(monthly=None, success=SUCCESS)
    until = date(2029, 1, 1)
    last = date(2028, 1, 1)
    one = pair(reached=(reached(last), reached(last, Achievement.RANK, None)))
    assert amounts(run(paid, one, until=until)) == [("success", "2000.00")]
    assert run(paid, pair(reached=(reached(date(2028, 1, 2)),)), until=until) == []
    assert run(paid, pair(reached=(reached(last, level=3),)), until=until) == []
    assert anniversary(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_several_apprentices_add_up_and_one_is_rewarded_once() -> None:
    paid = scale(monthly=None, success=SUCCESS)
    day = date(2025, 5, 1)
    pairs = [pair(key, reached=(reached(day),)) for key in (1, 2)]
    assert sum(line.amount for line in run(paid, *pairs)) == 4000
    same = [replace(one, apprentice=7) for one in pairs]
    lines = run(paid, *same)
    assert amounts(lines) == [("success", "2000.00"), ("success", "0.00")]
    assert "rewarded before" in said(lines[1:])
    each = scale(monthly=None, success=Success(amount=2000, once_per="pair"))
    assert sum(line.amount for line in run(each, *same)) == 4000


def test_the_higher_of_months_and_success() -> None:
    either = scale(success=SUCCESS, combine=Combination.MAX)
    lines = run(either, pair(reached=(reached(date(2025, 5, 1)),)))
    assert sorted(amounts(lines)) == [("month", "0.00"), ("success", "2000.00")]
    both = scale(success=SUCCESS)
    lines = run(both, pair(reached=(reached(date(2025, 5, 1)),)))
    assert sum(line.amount for line in lines) == 3200


def test_caps_cut_what_comes_last() -> None:
    lines = run(scale(mentor_year_cap=2000), pair(1), pair(2))
    assert amounts(lines) == [("month", "1000.00"), ("month", "1000.00")]
    assert "The cap of 2000.00 yuan for a mentor and year cuts off 200.00 yuan" in said(lines)
    lines = run(scale(pair_cap=500), pair())
    assert amounts(lines) == [("month", "500.00")]
    assert "cap of 500.00 yuan for a pair cuts off 700.00 yuan (2025-03, 2025-04" in said(lines)


def test_a_cap_of_a_year_begins_anew() -> None:
    months = frozenset(date(year, month, 1) for year in (2025, 2026) for month in (1, 2))
    lines = run(scale(mentor_year_cap=300), pair(months=months), until=date(2026, 3, 1))
    assert [(line.year, line.amount) for line in lines] == [(2025, 300), (2026, 300)]


WUHAN = Apprenticeship(
    by_level=(Outcome(level=4, amount=5000), Outcome(level=3, amount=6000)),
    without_certificate=4000,
    advance=2500,
)


@pytest.mark.parametrize(
    ("end", "level", "expected"),
    [
        (End.PASSED, 4, ["10000.00", "-2500.00"]),
        (End.PASSED, 3, ["12000.00", "-2500.00"]),
        (End.PASSED, None, ["8000.00", "-2500.00"]),
        (End.FAILED, None, ["-2500.00"]),
        (End.BROKEN_OFF, None, ["-2500.00"]),
    ],
)
def test_the_subsidy_follows_the_outcome(end: End, level: int | None, expected: list[str]) -> None:
    paid = scale(monthly=None, apprenticeship=WUHAN)
    first = run(paid, pair())
    assert amounts(first) == [("advance", "2500.00")]
    assert first[0].employer == 9
    ended = pair(end=end, ended_on=date(2026, 12, 31), level_gained=level)
    second = run(paid, ended, until=date(2026, 12, 31), settled=added({}, first), through=JUNE)
    assert sorted(f"{line.amount:.2f}" for line in second) == sorted(expected)
    back = next(line for line in second if line.amount < 0)
    assert back.kind is (LineKind.CLAW_BACK if end is End.BROKEN_OFF else LineKind.OFFSET)


def test_years_of_a_term() -> None:
    assert years_of(pair()) == 2
    assert years_of(pair(ends_on=date(2025, 12, 31))) == 1
    assert years_of(pair(ends_on=date(2026, 12, 30))) == 1
    assert years_of(pair(ends_on=date(2025, 3, 1))) == 1


def other(kind: str, day: date, level: int | None = None) -> OtherSubsidy:
    return OtherSubsidy(SubsidyKind(kind), "焊工", level, day)


def test_other_subsidies_stand_against_it() -> None:
    rule = Exclusions(
        applies_to=(Part.MONTH,), trainings_a_year=3, same_level_once=True, kinds=("pre_job",)
    )
    paid = scale(exclusions=rule)
    three = [other("other", date(2025, 3, day)) for day in (2, 3, 4)]
    lines = run(paid, pair(), others={101: three})
    assert amounts(lines) == [("month", "600.00")]
    assert "as many subsidised trainings" in said(lines)
    assert amounts(run(paid, pair(), others={101: three[:2]})) == [("month", "1200.00")]
    same = [other("other", date(2024, 3, 1), 4)]
    passed = pair(level_gained=4)
    assert amounts(run(paid, passed, others={101: same})) == [("month", "0.00")]
    assert amounts(run(paid, pair(), others={101: same})) == [("month", "1200.00")]
    before = [other("pre_job", date(2024, 12, 31))]
    assert amounts(run(paid, pair(), others={101: before})) == [("month", "1200.00")]
    within = [other("pre_job", date(2025, 6, 1))]
    assert amounts(run(paid, pair(), others={101: within})) == [("month", "0.00")]


def test_an_advance_is_earned_month_by_month() -> None:
    paid = scale(advance=1000)
    two = pair(months=frozenset([*sorted(MONTHS)][:2]))
    first = run(paid, two, until=date(2025, 2, 28))
    assert amounts(first) == [("advance", "600.00"), ("month", "400.00")]
    settled = added({}, first)
    second = run(paid, pair(), settled=settled, through=date(2025, 2, 28))
    assert amounts(second) == [("month", "800.00"), ("offset", "-600.00")]
    assert sum(line.amount for line in first + second) == 1200
    assert "1000.00 yuan of the advance are earned by now" in said(second)


def test_late_evidence_makes_a_correction_line() -> None:
    early = pair(months=MONTHS - {date(2025, 3, 1)})
    first = run(scale(), early)
    second = run(scale(), pair(), until=date(2025, 9, 30), settled=added({}, first), through=JUNE)
    assert amounts(second) == [("correction", "200.00")]
    assert second[0].cause is Cause.LATE
    assert run(scale(), pair(), settled=added(added({}, first), second), through=JUNE) == []


def test_a_withdrawn_month_is_taken_back() -> None:
    settled = added({}, run(scale(), pair()))
    less = pair(months=MONTHS - {date(2025, 3, 1)})
    lines = run(scale(), less, settled=settled, through=JUNE)
    assert amounts(lines) == [("correction", "-200.00")]
    assert lines[0].cause is Cause.CHANGED
    assert "There is no valid evidence any more for 2025-03." in said(lines)
    assert "2025-03: 200.00 yuan were settled before, 0.00 yuan are due by now" in said(lines)


def test_a_shift_within_a_cap_is_said_although_nothing_is_paid() -> None:
    capped = scale(pair_cap=1000)
    settled = added({}, run(capped, pair(months=MONTHS - {START})))
    lines = run(capped, pair(), settled=settled, through=JUNE)
    assert amounts(lines) == [("correction", "-200.00"), ("correction", "200.00")]
    assert run(capped, pair(), settled=added(settled, lines), through=JUNE) == []


def test_a_break_off_takes_all_back_or_what_the_case_decides() -> None:
    settled = added({}, run(scale(), pair()))
    broken = pair(end=End.BROKEN_OFF, ended_on=date(2025, 6, 15))
    lines = run(scale(), broken, settled=settled, through=JUNE)
    assert amounts(lines) == [("claw_back", "-1200.00")]
    assert lines[0].cause is Cause.BROKEN_OFF
    by_case = scale(break_off=BreakOff.CASE)
    assert run(by_case, broken, settled=settled, through=JUNE) == []
    half = replace(broken, kept=Decimal("0.5"))
    assert amounts(run(by_case, half, settled=settled, through=JUNE)) == [("claw_back", "-600.00")]
    # Before the break-off the run of an earlier period takes nothing back.
    assert run(scale(), broken, settled=settled, through=JUNE, until=date(2025, 6, 14)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"monthly": None},
        {"ends_on": date(2024, 1, 1)},
        {"monthly": "200.005"},
        {"advance": 500, "pair_cap": 400},
        {"factors": [Factor(factor=2, from_on=JUNE, to_on=START)]},
        {
            "factors": [
                Factor(factor=2, from_on=START, to_on=JUNE),
                Factor(factor=3, from_on=JUNE, to_on=DECEMBER),
            ]
        },
    ],
)
def test_a_scale_that_contradicts_itself_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises((InvalidRules, ValidationError)):
        scale(**more)


def test_a_scale_comes_back_from_its_json_with_the_same_digest() -> None:
    full = scale(success=SUCCESS, apprenticeship=WUHAN, mentor_year_cap=10000)
    again = Scale.model_validate(full.model_dump(mode="json"))
    assert again == full
    assert again.digest() == full.digest()


def test_the_example_of_the_manual() -> None:
    factor = Factor(factor="1.30", from_on=date(2025, 3, 1), to_on=JUNE)
    paid = scale(factors=[factor], success=SUCCESS, mentor_year_cap=3000)
    first = run(paid, pair())
    assert amounts(first) == [("month", "1440.00")]
    later = pair(months=MONTHS - {date(2025, 2, 1)}, reached=(reached(date(2025, 8, 5)),))
    second = run(paid, later, until=DECEMBER, settled=added({}, first), through=JUNE)
    assert sorted(amounts(second)) == [("correction", "-200.00"), ("success", "1760.00")]
    assert sum(line.amount for line in first + second) == 3000
