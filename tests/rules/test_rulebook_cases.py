"""The ready cases of the rulebook's section 12, in its own words: numbers found in real rules."""

from datetime import date
from decimal import Decimal

import pytest

from rules.allocation import AwardPlan, Tier, tier_places
from rules.levels import Candidate, LevelRule, grants, top_cut
from rules.marking import JudgeMarks, score_entry, spread_alerts
from rules.plans import DEFAULT_PANEL, default_event_plan, default_scheme
from rules.ranking import Place, Ranked, places
from rules.sampling import needs_full_check
from rules.schemes import Panel, Scheme
from rules.taxes import tax_on
from rules.workdays import Calendar, notice_end


def _practical(*marks: str) -> list[JudgeMarks]:
    given = enumerate(marks, start=1)
    return [JudgeMarks(judge, {"practical_mark": Decimal(mark)}) for judge, mark in given]


@pytest.mark.parametrize(("field", "cut"), [(24, 2), (51, 3)])
def test_t1_the_first_cut_is_the_smaller_of_three_and_ten_percent(field: int, cut: int) -> None:
    """Final n = 24: min(3, floor(2.4)) = 2 技师, though rank 3 exists (R4.08). n = 51: 3."""
    rule = LevelRule()
    assert top_cut(rule, field) == cut
    everybody = [Candidate(rank, rank, rank, passed=True) for rank in range(1, field + 1)]
    technicians = [grant for grant in grants(rule, everybody, field) if grant.level == 2]
    assert [grant.person_id for grant in technicians] == [*range(1, cut + 1)]


@pytest.mark.parametrize(
    ("rounding", "found"),
    [("floor", [3, 7, 10]), ("half_up", [4, 7, 11]), ("ceiling", [4, 7, 11])],
)
def test_t2_shares_of_35_need_a_named_rounding(rounding: str, found: list[int]) -> None:
    """10/20/30 % of 35: 3.5 / 7 / 10.5: the rounding setting must be visible (R4.01)."""
    tiers = [Tier(key=str(share), name=str(share), share=Decimal(share)) for share in (10, 20, 30)]
    plan = AwardPlan.model_validate({"tiers": tiers, "share_rounding": rounding})
    assert list(tier_places(plan, 35).values()) == found
    assert "share_rounding" in plan.model_dump()


def test_t3_one_highest_and_one_lowest_mark_are_dropped() -> None:
    """Marks 90, 90, 85, 80, 70: drop one 90 and 70 -> mean 85.00 (R2.13)."""
    scheme = default_scheme(theory_weight=Decimal(0), practical_weight=Decimal(100))
    assert scheme.part("practical").panel == DEFAULT_PANEL
    score = score_entry(scheme, {"practical": _practical("90", "90", "85", "80", "70")})
    assert str(score.total) == "85.00"
    dropped = [one.total for one in score.parts["practical"].judges if one.dropped]
    assert sorted(dropped) == [70, 90]


@pytest.mark.parametrize(("second", "flagged"), [("72", True), ("72.5", False), ("71.5", True)])
def test_t4_a_difference_of_exactly_10_is_flagged(second: str, flagged: bool) -> None:
    """Two judges 82.0 and 72.0: difference exactly 10 -> flagged (>=, R2.15)."""
    scheme = default_scheme(panel=Panel(judges=2, minimum=2, max_spread=Decimal(10)))
    found = spread_alerts(scheme, "practical", _practical("82", second))
    assert [(alert.lowest, alert.highest) for alert in found] == (
        [(Decimal(second), 82)] if flagged else []
    )


@pytest.mark.parametrize(
    ("start", "first_counts", "end"),
    [
        (date(2025, 4, 14), False, date(2025, 4, 21)),
        (date(2025, 4, 14), True, date(2025, 4, 18)),
        (date(2021, 9, 14), True, date(2021, 9, 18)),
    ],
)
def test_t5_a_notice_ends_by_the_counting_habit(start: date, first_counts: bool, end: date) -> None:
    """Notice issued 2025-04-14, first day not counted: ends 2025-04-21; counted: 2025-04-18.

    2021-09-14 counted: ends Sat 2021-09-18 (R3.02-03), a make-up Saturday before 中秋.
    """
    calendar = Calendar(
        years=frozenset({2021, 2025}),
        off=frozenset({date(2021, 9, 20), date(2021, 9, 21)}),
        working=frozenset({date(2021, 9, 18)}),
    )
    assert notice_end(start, 5, first_counts, calendar) == end


def _entry(number: int, theory: int, practical: int) -> Ranked:
    total = Decimal(theory) * Decimal("0.2") + Decimal(practical) * Decimal("0.8")
    scores = {"theory": Decimal(theory), "practical": Decimal(practical)}
    return Ranked(number, total, scores=scores)


def _by_entry(entries: list[Ranked]) -> dict[int, Place]:
    found = places(entries, default_event_plan().tie_breaks)
    return {place.entry_id: place for place in found}


def test_t6_equal_totals_go_to_the_better_practical() -> None:
    """Equal totals, practical 88 > 86: first wins (R2.27)."""
    better, weaker = _entry(1, 80, 88), _entry(2, 88, 86)
    assert better.total == weaker.total
    found = _by_entry([weaker, better])
    assert (found[1].rank, found[2].rank) == (1, 2)
    assert found[1].tie_break == "practical"


def test_t6_equal_in_everything_share_the_place_and_the_next_is_skipped() -> None:
    """Equal practical and theory: both rank 2, next rank 4 (R2.29)."""
    found = _by_entry([_entry(1, 95, 95), _entry(2, 80, 88), _entry(3, 80, 88), _entry(4, 70, 70)])
    assert [found[number].rank for number in (1, 2, 3, 4)] == [1, 2, 2, 4]
    assert [found[number].shared for number in (1, 2, 3, 4)] == [False, True, True, False]


def test_t7_a_former_national_expert_keeps_the_rank_and_passes_the_award_on() -> None:
    """Former 全国技术能手 comes 1st: raw rank 1, no award rank; raw 2 becomes award rank 1.

    (R1.26)
    """
    former = Ranked(1, Decimal(99), in_competition=False)
    found = {place.entry_id: place for place in places([former, Ranked(2, Decimal(98))])}
    assert (found[1].rank, found[1].award_rank) == (1, None)
    assert (found[2].rank, found[2].award_rank) == (2, 1)


def test_t8_a_prize_is_taxed_before_or_on_top() -> None:
    """Prize 10,000 by the city: tax 2,000, paid 8,000; net promise 10,000: gross 12,500, tax 2,500.

    (R4.27, R4.31)
    """
    prize = Decimal(10_000)
    assert tax_on(prize, "gross", exempt=False) == (10_000, 2_000, 8_000)
    assert tax_on(prize, "net", exempt=False) == (12_500, 2_500, 10_000)


# The part of the Hangzhou sheet for workshops that counts people: 10 points each, less 1 for every
# apprentice below ten, less 3 for every highly skilled one below three, less 2 without a register.
APPRENTICES = {
    "title": "带徒传艺",
    "combine": "sum",
    "parts": [
        {
            "key": key,
            "title": title,
            "panel": {"judges": 1, "minimum": 1},
            "floor": 0,
            "deductions": [{"key": f"{key}_register", "title": "无台账", "each": 2, "limit": 2}],
            "sections": [
                {
                    "key": f"{key}_section",
                    "title": title,
                    "aspects": [
                        {
                            "key": f"{key}_people",
                            "title": title,
                            "kind": "deviation",
                            "maximum": 10,
                            "target": target,
                            "side": "below",
                            "deduction": each,
                            "reading_step": 1,
                        }
                    ],
                }
            ],
        }
        for key, title, target, each in (
            ("taught", "带徒人数", 10, 1),
            ("skilled", "高技能人才", 3, 3),
        )
    ],
}


@pytest.mark.parametrize(
    ("taught", "skilled", "unlisted", "points"),
    [(7, 2, 0, (7, 7)), (7, 2, 1, (5, 5)), (12, 3, 0, (10, 10)), (0, 0, 1, (0, 0))],
)
def test_t9_a_workshop_s_sheet_counts_who_is_missing(
    taught: int, skilled: int, unlisted: int, points: tuple[int, int]
) -> None:
    """Studio with 7 apprentices, 2 highly skilled, register present: 10-3 = 7 and 10-3 = 7.

    (R6.09)
    """
    scheme = Scheme.model_validate(APPRENTICES)
    counted = {"taught": taught, "skilled": skilled}
    marks = {
        key: [
            JudgeMarks(1, {f"{key}_people": Decimal(people)}),
            JudgeMarks(0, {f"{key}_register": Decimal(unlisted)}),
        ]
        for key, people in counted.items()
    }
    score = score_entry(scheme, marks)
    assert tuple(score.parts[key].score for key in counted) == points


@pytest.mark.parametrize(("wrong", "everything"), [(2, False), (3, True)])
def test_t10_more_than_five_percent_wrong_means_a_full_check(wrong: int, everything: bool) -> None:
    """40 spot-check lines, 2 wrong = 5.0 %: NOT over 5 %; 3 wrong = 7.5 % -> full (R2.25)."""
    assert needs_full_check(40, wrong) is everything
