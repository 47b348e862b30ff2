"""Who may apply: the found rules of six cities as data, windows, waivers, ladders, and laws."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.honours import HonourLevel
from rules.selection_conditions import (
    Age,
    Barred,
    Bears,
    BeforeRetirement,
    Came,
    Declares,
    District,
    Holds,
    InTrade,
    Level,
    Local,
    Occupation,
    Placed,
    Sex,
    Shows,
    Supported,
    Taught,
    Works,
)
from rules.selection_eligibility import (
    Apprentice,
    Bar,
    Borne,
    Facts,
    HeldTier,
    Placing,
    Proof,
    Reason,
    ReasonState,
    Verdict,
    evaluate,
    holds,
    tiers_open,
)
from rules.selection_holding import all_of, any_of, full_months, in_window
from rules.selection_rounds import Clause, Eligibility, RoundRules, RoundTier, Waiver
from rules.selections import Channel, EvidenceKind, Post, UnitKind

DAY = date(2026, 9, 30)
NATIONAL, PROVINCE, CITY = HonourLevel.NATIONAL, HonourLevel.PROVINCE, HonourLevel.CITY


def rules(**eligibility: Any) -> RoundRules:
    return RoundRules.model_validate(
        {
            "opens_at": datetime(2026, 9, 1, tzinfo=UTC),
            "closes_at": datetime(2026, 9, 30, 9, tzinfo=UTC),
            "counts_on": DAY,
            "tiers": (
                RoundTier(key="gold", name="金匠"),
                RoundTier(key="silver", name="银匠"),
                RoundTier(key="craftsman", name="工匠"),
            ),
            "eligibility": Eligibility(**eligibility),
            "review": {"method": "ballot"},
        }
    )


def clause(key: str, *asked: Any, text: str = "条件", **more: Any) -> Clause:
    return Clause(key=key, number=more.pop("number", "二"), text=text, all_of=asked, **more)


def of(verdict: Verdict, key: str) -> Reason:
    return next(one for one in verdict.reasons if one.key == key)


def said(verdict: Verdict, key: str) -> list[str]:
    return [str(word) for word in of(verdict, key).words]


TOP = Waiver(
    text="世界、全国技能大赛前三名或省级第一名，年限不限",
    all_of=(Placed(level=NATIONAL, rank=3),),
)
HANGZHOU = rules(
    basics=(
        clause(
            "trade",
            InTrade(years=10),
            number="二（一）",
            text="从事本职业（工种）10年以上",
            waivers=(
                TOP,
                Waiver(text="省级技能大赛第一名", all_of=(Placed(level=PROVINCE, rank=1),)),
            ),
        ),
        clause("local", Local(months=12), number="二（二）", text="在杭全职工作1年以上"),
    )
)


def test_r5_07_hangzhou_says_what_is_missing_with_the_clause_and_both_sides() -> None:
    facts = Facts(trade_since=date(2018, 6, 30), local_since=date(2026, 1, 1))
    verdict = evaluate(HANGZHOU, facts, DAY)
    assert verdict.eligible is False
    trade = of(verdict, "trade")
    assert (trade.number, trade.text) == ("二（一）", "从事本职业（工种）10年以上")
    assert said(verdict, "trade") == ["Needs 10 years in the trade; 8 years and 3 months so far."]
    assert said(verdict, "local") == ["Needs 12 months of work here; 8 so far."]


@pytest.mark.parametrize(
    ("level", "rank", "state"),
    [
        (NATIONAL, 3, ReasonState.WAIVED),
        (NATIONAL, 4, ReasonState.MISSING),
        (PROVINCE, 1, ReasonState.WAIVED),
        (PROVINCE, 2, ReasonState.MISSING),
        (CITY, 1, ReasonState.MISSING),
    ],
)
def test_r5_07_hangzhou_waives_the_years_of_top_places(
    level: HonourLevel, rank: int, state: ReasonState
) -> None:
    facts = Facts(
        trade_since=date(2020, 1, 1),
        local_since=date(2020, 1, 1),
        placings=(Placing(level, rank, date(2024, 5, 1)),),
    )
    verdict = evaluate(HANGZHOU, facts, DAY)
    assert of(verdict, "trade").state is state
    assert verdict.eligible is (state is ReasonState.WAIVED)


def test_what_is_not_known_is_asked_for_and_has_not_failed() -> None:
    verdict = evaluate(HANGZHOU, Facts(), DAY)
    assert verdict.eligible is None
    assert {one.state for one in verdict.reasons if one.key in ("trade", "local")} == {
        ReasonState.UNKNOWN
    }
    assert said(verdict, "trade") == ["Enter since when the trade is practised."]


WENZHOU = rules(
    basics=(
        clause("level", Level(level=3), text="高级工以上"),
        clause("local", Local(months=12), text="全职工作满1年"),
        clause("retirement", BeforeRetirement(years=3), text="距法定退休年龄3年以上"),
    )
)


def test_r5_07_wenzhou_counts_the_years_before_retirement_by_the_day() -> None:
    good = Facts(levels=(3,), local_since=date(2025, 9, 30), retires_on=date(2029, 9, 30))
    assert evaluate(WENZHOU, good, DAY).eligible is True
    late = replace(good, retires_on=date(2029, 9, 29), levels=(4,))
    verdict = evaluate(WENZHOU, late, DAY)
    assert said(verdict, "retirement") == [
        "Needs 3 years before retirement; 2 years and 11 months are left."
    ]
    assert said(verdict, "level") == [
        "Needs “Level 3, senior worker” or higher; "
        "the highest known is “Level 4, intermediate worker”."
    ]


CHIZHOU = rules(
    routes=(
        clause("years", InTrade(years=15), Level(level=2), text="15年以上且具有技师"),
        clause("national", Bears(titles=("全国技术能手",)), text="全国技术能手"),
        clause("patents", Shows(kinds=(EvidenceKind.PATENT,), count=2), text="两项专利"),
    ),
    routes_needed=1,
)


def test_r5_07_chizhou_takes_any_one_of_the_routes() -> None:
    by_title = Facts(honours=(Borne("全国技术能手", NATIONAL, date(2019, 1, 1)),))
    verdict = evaluate(CHIZHOU, by_title, DAY)
    assert (verdict.eligible, verdict.routes_found) == (True, 1)
    assert verdict.blocking == ()  # what other routes would need is nobody's problem
    by_years = Facts(trade_since=date(2011, 9, 30), levels=(2,))
    assert evaluate(CHIZHOU, by_years, DAY).eligible is True
    one_patent = Facts(
        trade_since=date(2020, 1, 1), levels=(2,), evidence=(Proof(EvidenceKind.PATENT),)
    )
    verdict = evaluate(CHIZHOU, one_patent, DAY)
    assert verdict.eligible is False
    assert said(verdict, "patents")[0].endswith("1 so far.")
    assert {one.key for one in verdict.blocking} == {"years", "national", "patents"}


def test_two_of_three_routes_can_be_asked_for() -> None:
    two = CHIZHOU.model_copy(
        update={"eligibility": CHIZHOU.eligibility.model_copy(update={"routes_needed": 2})}
    )
    facts = Facts(
        trade_since=date(2011, 9, 30),
        levels=(2,),
        evidence=(Proof(EvidenceKind.PATENT), Proof(EvidenceKind.PATENT)),
    )
    assert evaluate(two, facts, DAY).eligible is True
    assert evaluate(two, replace(facts, levels=()), DAY).eligible is None
    assert evaluate(two, replace(facts, levels=(3,)), DAY).eligible is False


LONGGANG = rules(
    basics=(
        clause("local", Local(months=24), text="在龙港工作2年以上"),
        clause("level", Level(level=2), text="技师以上"),
        clause(
            "recent",
            Shows(kinds=(EvidenceKind.INNOVATION, EvidenceKind.CONTEST), within_years=5),
            text="近5年取得业绩",
        ),
    ),
    exclusions=(
        clause("official", Works(posts=(Post.OFFICIAL,)), text="公务员"),
        clause("public", Works(units=(UnitKind.GOVERNMENT, UnitKind.INSTITUTION)), text="事业"),
        clause("student", Works(posts=(Post.STUDENT,)), text="学生"),
    ),
)
LOCAL_MASTER = Facts(
    local_since=date(2022, 1, 1),
    levels=(2,),
    post=Post.FRONT_LINE,
    unit_kind=UnitKind.COMPANY,
    evidence=(Proof(EvidenceKind.INNOVATION, date(2021, 9, 30)),),
)


def test_r5_07_longgang_looks_back_five_years_and_r5_08_excludes_by_office() -> None:
    assert evaluate(LONGGANG, LOCAL_MASTER, DAY).eligible is True
    old = replace(LOCAL_MASTER, evidence=(Proof(EvidenceKind.INNOVATION, date(2021, 9, 29)),))
    assert of(evaluate(LONGGANG, old, DAY), "recent").state is ReasonState.MISSING
    undated = replace(LOCAL_MASTER, evidence=(Proof(EvidenceKind.INNOVATION),))
    assert of(evaluate(LONGGANG, undated, DAY), "recent").state is ReasonState.UNKNOWN
    teacher = replace(LOCAL_MASTER, unit_kind=UnitKind.INSTITUTION)
    verdict = evaluate(LONGGANG, teacher, DAY)
    assert (of(verdict, "public").state, verdict.eligible) == (ReasonState.EXCLUDED, False)


CHENGDU = rules(
    exclusions=(
        clause(
            "fields",
            Occupation(
                words=("财务", "管理", "营销", "人力资源", "医", "教师", "传承人", "农", "科研")
            ),
            text="以下人员不列入",
        ),
        clause("retired", Works(posts=(Post.RETIRED,)), text="退休人员（含返聘）"),
    )
)


@pytest.mark.parametrize(
    ("occupation", "post", "state"),
    [
        ("电焊工", Post.FRONT_LINE, True),
        ("人力资源管理师", Post.FRONT_LINE, False),
        ("电焊工", Post.RETIRED, False),
        ("", Post.FRONT_LINE, None),
    ],
)
def test_r5_08_chengdu_excludes_fields_of_work_and_the_retired(
    occupation: str, post: Post, state: bool | None
) -> None:
    facts = Facts(occupation=occupation, post=post)
    assert evaluate(CHENGDU, facts, DAY).eligible is state


def test_r5_10_leaders_need_the_agreement_of_85_percent_of_the_staff() -> None:
    labour = rules(basics=(clause("staff", Supported(percent=Decimal(85)), text="职代会同意"),))
    assert evaluate(labour, Facts(support_percent=Decimal(85)), DAY).eligible is True
    verdict = evaluate(labour, Facts(support_percent=Decimal("84.99")), DAY)
    assert said(verdict, "staff") == ["Needs the agreement of 85 % of the staff; 84.99 % agreed."]


NANTONG = rules(
    routes=(
        clause("national", Placed(level=NATIONAL, rank=6, within_years=5), text="国赛前六"),
        clause("province", Placed(level=PROVINCE, rank=3, within_years=3), text="省赛前三"),
    ),
)


@pytest.mark.parametrize(
    ("level", "rank", "on", "eligible"),
    [
        (NATIONAL, 6, date(2021, 9, 30), True),
        (NATIONAL, 6, date(2021, 9, 29), False),
        (NATIONAL, 7, date(2026, 1, 1), False),
        (PROVINCE, 3, date(2023, 9, 30), True),
        (PROVINCE, 3, date(2023, 9, 29), False),
        (NATIONAL, 3, date(2022, 9, 1), True),
        (NATIONAL, 3, date(2026, 10, 1), False),  # after the day that counts
    ],
)
def test_r5_14_nantong_counts_each_window_by_the_date(
    level: HonourLevel, rank: int, on: date, eligible: bool
) -> None:
    facts = Facts(placings=(Placing(level, rank, on),))
    assert evaluate(NANTONG, facts, DAY).eligible is eligible


def test_a_window_that_begins_on_29_february() -> None:
    assert in_window(date(2023, 2, 28), 1, date(2024, 2, 29)) is True
    assert full_months(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert full_months(date(2026, 1, 31), date(2026, 3, 30)) == 1


HOLDER = Facts(programme="SLM", tiers=(HeldTier("SLM", "silver", date(2022, 1, 1), "上林银匠"),))


def test_r5_11_a_holder_climbs_and_does_not_step_down() -> None:
    plain = rules()
    assert tiers_open(plain, HOLDER, DAY) == {"gold": True, "silver": False, "craftsman": False}
    assert evaluate(plain, HOLDER, DAY).eligible is True  # without a tier: a better one is free
    verdict = evaluate(plain, HOLDER, DAY, "silver")
    assert said(verdict, "again") == ["Bears “上林银匠” since 2022-01-01."]
    best = replace(HOLDER, tiers=(HeldTier("SLM", "gold", date(2022, 1, 1)),))
    assert evaluate(plain, best, DAY).eligible is False
    assert evaluate(rules(again="never"), HOLDER, DAY, "gold").eligible is False
    assert evaluate(rules(again="always"), best, DAY, "gold").eligible is True
    other = replace(HOLDER, tiers=(HeldTier("JSNS", "gold", date(2022, 1, 1)),))
    assert evaluate(plain, other, DAY, "craftsman").eligible is True


def test_r5_04_a_tier_that_the_ladder_has_lost_bars_nobody_but_is_said() -> None:
    youth = replace(HOLDER, tiers=(HeldTier("SLM", "youth", date(2022, 1, 1), "青年工匠"),))
    verdict = evaluate(rules(), youth, DAY, "craftsman")
    assert verdict.eligible is True
    assert said(verdict, "again") == ["Bears “青年工匠” since 2022-01-01."]


def test_title_x_needs_title_y_held_long_enough() -> None:
    need = clause(
        "before", Holds(tiers=("silver", "gold"), years=2), text="银匠满2年", tiers=("gold",)
    )
    asked = rules(basics=(need,))
    assert evaluate(asked, HOLDER, DAY, "gold").eligible is True
    young = replace(HOLDER, tiers=(HeldTier("SLM", "silver", date(2024, 10, 1)),))
    assert evaluate(asked, young, DAY, "gold").eligible is False
    nobody = Facts(programme="SLM")
    assert tiers_open(asked, nobody, DAY) == {"gold": False, "silver": True, "craftsman": True}


def test_a_bar_that_runs_keeps_out_whether_the_call_names_it_or_not() -> None:
    barred = Facts(bars=(Bar(DAY, "上林名匠"),))
    verdict = evaluate(rules(), barred, DAY)
    assert said(verdict, "bar") == ["Barred until 2026-09-30: 上林名匠."]
    assert evaluate(rules(), barred, DAY + timedelta(days=1)).eligible is True
    named = rules(exclusions=(clause("bar5", Barred(), text="处罚期内"),))
    verdict = evaluate(named, barred, DAY)
    assert [one.key for one in verdict.reasons if not one.is_good] == ["bar5"]


def test_a_clause_set_aside_by_two_people_is_named_with_its_reason() -> None:
    facts = Facts(trade_since=date(2018, 1, 1), local_since=date(2020, 1, 1))
    verdict = evaluate(HANGZHOU, facts, DAY, overrides={"trade": "市委会议纪要〔2026〕3号"})
    assert verdict.eligible is True
    assert of(verdict, "trade").state is ReasonState.OVERRIDDEN
    assert of(verdict, "trade").why == "市委会议纪要〔2026〕3号"
    # what is fulfilled anyway is not said to be set aside
    assert of(evaluate(HANGZHOU, facts, DAY, "", {"local": "x"}), "local").state is ReasonState.OK


def test_every_reason_comes_at_once_in_the_order_of_the_call() -> None:
    worst = replace(LOCAL_MASTER, post=Post.STUDENT, levels=(5,), local_since=date(2026, 1, 1))
    verdict = evaluate(LONGGANG, worst, DAY)
    assert [one.key for one in verdict.blocking] == ["local", "level", "student"]


def test_what_was_only_typed_counts_and_is_marked() -> None:
    typed = Facts(placings=(Placing(NATIONAL, 1, date(2025, 1, 1), verified=False),))
    national = of(evaluate(NANTONG, typed, DAY), "national")
    assert (national.state, national.on_word) == (ReasonState.OK, True)
    sure = replace(typed, placings=(Placing(NATIONAL, 1, date(2025, 1, 1)),))
    assert not of(evaluate(NANTONG, sure, DAY), "national").on_word
    level = of(evaluate(WENZHOU, Facts(typed_levels=(2,)), DAY), "level")
    assert (level.state, level.on_word) == (ReasonState.OK, True)


def test_distinct_apprentices_count_once_and_those_who_passed_apart() -> None:
    facts = Facts(
        apprentices=(
            Apprentice(1, date(2023, 1, 1), passed=True),
            Apprentice(1, date(2020, 1, 1)),
            Apprentice(2, date(2024, 1, 1)),
            Apprentice(3, date(2019, 1, 1), passed=True),
        )
    )
    assert holds(Taught(persons=3), facts, DAY) is True
    assert holds(Taught(persons=2, passed=True), facts, DAY) is True
    assert holds(Taught(persons=2, passed=True, within_years=5), facts, DAY) is False
    asked = rules(basics=(clause("taught", Taught(persons=4), text="带徒4人"),))
    assert said(evaluate(asked, facts, DAY), "taught") == [
        "Needs 4 apprentices (at any time); the register knows 3."
    ]


@pytest.mark.parametrize(
    ("asked", "facts", "found"),
    [
        (Age(at_most=40), Facts(birth_date=date(1985, 10, 1)), True),
        (Age(at_most=40), Facts(birth_date=date(1985, 9, 30)), False),
        (Age(at_most=40, on=date(2026, 1, 1)), Facts(birth_date=date(1985, 9, 30)), True),
        (Age(at_least=18), Facts(), None),
        (Sex(sex="F"), Facts(sex="F"), True),
        (Sex(sex="F"), Facts(), None),
        (District(districts=("浒山",)), Facts(district="观海卫"), False),
        (District(districts=("浒山",)), Facts(), None),
        (Came(channels=("expert",)), Facts(channel=Channel.EXPERT), True),
        (Declares(field="clean", answers=("yes",)), Facts(answers={"clean": "no"}), False),
        (Declares(field="clean", answers=("yes",)), Facts(), None),
        (Bears(level=CITY), Facts(honours=(Borne("首席技师", None, None),)), None),
        (Bears(level=CITY), Facts(honours=(Borne("首席技师", HonourLevel.COUNTY, None),)), False),
        (
            Bears(level=CITY, within_years=3),
            Facts(honours=(Borne("首席技师", PROVINCE, date(2024, 1, 1)),)),
            True,
        ),
        (Works(), Facts(), True),
        (Works(posts=(Post.TEACHER,), units=(UnitKind.SCHOOL,)), Facts(post=Post.TEACHER), None),
        (Works(posts=(Post.TEACHER,), units=(UnitKind.SCHOOL,)), Facts(post=Post.MANAGER), False),
    ],
)
def test_each_condition(asked: Any, facts: Facts, found: bool | None) -> None:
    assert holds(asked, facts, DAY) is found


dates = st.dates(date(2000, 1, 1), date(2030, 1, 1))
levels = st.sampled_from(HonourLevel)
some_facts = st.builds(
    Facts,
    programme=st.just("SLM"),
    trade_since=st.none() | dates,
    local_since=st.none() | dates,
    levels=st.lists(st.integers(1, 5), max_size=2).map(tuple),
    post=st.none() | st.sampled_from(Post),
    unit_kind=st.none() | st.sampled_from(UnitKind),
    placings=st.lists(st.builds(Placing, levels, st.integers(1, 9), dates), max_size=3).map(tuple),
    evidence=st.lists(
        st.builds(Proof, st.sampled_from(EvidenceKind), st.none() | dates), max_size=4
    ).map(tuple),
    tiers=st.lists(
        st.builds(HeldTier, st.just("SLM"), st.sampled_from(["gold", "silver", "old"]), dates),
        max_size=2,
    ).map(tuple),
)
calls = st.sampled_from([HANGZHOU, WENZHOU, CHIZHOU, LONGGANG, CHENGDU, NANTONG])
tiers = st.sampled_from(["", "gold", "silver", "craftsman"])


@settings(max_examples=150, deadline=None)
@given(calls, some_facts, dates, tiers)
def test_the_verdict_is_no_more_than_its_reasons(
    call: RoundRules, facts: Facts, day: date, tier: str
) -> None:
    """Eligible: nothing blocks. Not eligible or not known: something does, and in words."""
    verdict = evaluate(call, facts, day, tier)
    assert (verdict.eligible is True) == (verdict.blocking == ())
    for reason in verdict.reasons:
        assert reason.text
        if reason.state in (ReasonState.MISSING, ReasonState.UNKNOWN):
            assert reason.words
            assert all(str(word) for word in reason.words)


@settings(max_examples=150, deadline=None)
@given(calls, some_facts, some_facts, dates, tiers)
def test_more_achievements_never_make_it_worse(
    call: RoundRules, facts: Facts, more: Facts, day: date, tier: str
) -> None:
    richer = replace(
        facts,
        levels=facts.levels + more.levels,
        placings=facts.placings + more.placings,
        evidence=facts.evidence + more.evidence,
    )
    order = [False, None, True]
    before, after = (evaluate(call, one, day, tier).eligible for one in (facts, richer))
    if facts.levels:  # who had no level at all had not failed yet
        assert order.index(after) >= order.index(before)


@settings(max_examples=150, deadline=None)
@given(calls, some_facts, dates, tiers)
def test_setting_all_that_blocks_aside_lets_anybody_in(
    call: RoundRules, facts: Facts, day: date, tier: str
) -> None:
    verdict = evaluate(call, facts, day, tier)
    aside = {one.key: "会议纪要" for one in verdict.blocking}
    after = evaluate(call, facts, day, tier, aside)
    assert after.eligible is True
    assert {one.key for one in after.reasons if one.state is ReasonState.OVERRIDDEN} == set(aside)


@given(st.lists(st.sampled_from([True, False, None])))
def test_three_answers_follow_the_laws_of_and_and_or(answers: list[bool | None]) -> None:
    turned = [None if one is None else not one for one in answers]
    found = any_of(turned)
    assert all_of(answers) == (None if found is None else not found)
