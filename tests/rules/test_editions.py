"""What keeps an edition from publication, and what is frozen with it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules.editions import (
    EditionOutline,
    EventOutline,
    FrozenRules,
    date_problems,
    fitted,
    next_title,
    plan_problems,
    publication_blockers,
    publication_hints,
    rule_problems,
)
from rules.plans import EditionRules, EventPlan, default_event_plan, default_scheme
from rules.ranking import TieBreak

SCHEME, PLAN = default_scheme(), default_event_plan()
FITTER = EventOutline("钳工", 2, date(2026, 10, 16), "技师学院", SCHEME, PLAN)
EDITION = EditionOutline(
    sponsors="慈溪市人力资源和社会保障局",
    entry_opens_on=date(2026, 9, 1),
    entry_closes_on=date(2026, 9, 30),
    starts_on=date(2026, 10, 15),
    ends_on=date(2026, 10, 20),
    rules=EditionRules(age_on=date(2026, 9, 1)),
    events=(FITTER,),
)
TODAY = date(2026, 8, 20)


def blockers(edition: EditionOutline) -> list[str]:
    return [str(problem) for problem in publication_blockers(edition, TODAY)]


def test_a_complete_edition_has_no_blockers_and_no_hints() -> None:
    assert blockers(EDITION) == []
    assert list(publication_hints(EDITION)) == []


def test_every_blocker_is_named_at_once() -> None:
    bare = replace(FITTER, divisions=0, held_on=date(2026, 12, 1), plan=EventPlan(levels=None))
    edition = replace(EDITION, sponsors=" ", events=(bare,))
    assert blockers(edition) == [
        "No sponsor is named yet.",
        "钳工 has no division.",
        "钳工 is held on 2026-12-01, outside the days of the contest.",
        "钳工 gives neither awards nor levels.",
    ]


def test_an_edition_without_events_or_after_its_entry_window_is_held_back() -> None:
    assert blockers(replace(EDITION, events=())) == ["There is no event yet."]
    late = publication_blockers(EDITION, date(2026, 10, 1))
    assert [problem.field for problem in late] == ["entry_closes_on"]


def test_dates_must_follow_each_other() -> None:
    upside_down = replace(
        EDITION,
        entry_opens_on=date(2026, 11, 2),
        entry_closes_on=date(2026, 11, 1),
        ends_on=date(2026, 10, 14),
    )
    fields = [problem.field for problem in date_problems(upside_down)]
    assert fields == ["entry_closes_on", "ends_on", "entry_closes_on"]


def test_a_tax_exemption_needs_its_legal_basis() -> None:
    assert [p.field for p in rule_problems(EditionRules(tax_exempt=True))] == ["tax_basis"]
    exempt = EditionRules(tax_exempt=True, tax_basis="个人所得税法第四条")
    assert list(rule_problems(exempt)) == []


def test_the_highest_age_lies_above_the_minimum() -> None:
    rules = EditionRules(minimum_age=18, maximum_age=16)
    assert [p.field for p in rule_problems(rules)] == ["maximum_age"]


def test_what_may_be_given_later_is_only_a_hint() -> None:
    open_event = replace(FITTER, held_on=None, venue="")
    edition = replace(EDITION, events=(open_event,), rules=EditionRules())
    assert blockers(edition) == []
    assert len(list(publication_hints(edition))) == 3


def test_a_plan_that_names_parts_the_scheme_lacks_does_not_fit() -> None:
    practical_only = default_scheme(Decimal(0), Decimal(100))
    step = TieBreak(kind="part", key="theory")
    plan = PLAN.model_copy(update={"tie_breaks": (step,)})
    assert len(list(plan_problems(practical_only, plan))) == 2
    mended = fitted(plan, practical_only)
    assert list(plan_problems(practical_only, mended)) == []
    assert mended.levels is not None and mended.levels.needs == ("practical",)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tie_breaks": [{"kind": "node", "key": "nowhere"}]}, "nowhere"),
        ({"tie_breaks": [{"kind": "time", "key": "theory"}]}, "theory"),
        ({"tie_breaks": [{"kind": "best_single", "key": "time"}]}, "time"),
        ({"scale": "500", "awards": {"scale": "700"}}, "award_scale"),
        ({"delegations": {"tier_points": {"gold": 3}}}, "gold"),
    ],
)
def test_a_plan_names_only_what_the_scheme_and_the_plan_have(
    change: dict[str, object], field: str
) -> None:
    plan = EventPlan.model_validate(PLAN.model_dump() | change)
    assert [problem.field for problem in plan_problems(SCHEME, plan)] == [field]


def test_fitting_a_plan_keeps_the_award_for_a_single_value() -> None:
    """Without its condition it would go to everybody; so it is refused, not changed in silence."""
    awards = {"tiers": [{"key": "best", "name": "单项奖", "single": 9, "single_below": "gone"}]}
    steps = [{"kind": "best_single", "key": "practical"}, {"kind": "fact", "key": "time"}]
    plan = EventPlan.model_validate({"awards": awards, "tie_breaks": steps})
    mended = fitted(plan, SCHEME)
    assert [step.key for step in mended.tie_breaks] == ["practical"]
    assert [problem.field for problem in plan_problems(SCHEME, mended)] == ["best"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"top_level": 4}, "top_level"),
        ({"if_already_held": "plus_one_capped"}, "cap"),
    ],
)
def test_level_rules_that_contradict_themselves_do_not_fit(
    change: dict[str, object], field: str
) -> None:
    assert PLAN.levels is not None
    levels = PLAN.levels.model_copy(update=change)
    plan = PLAN.model_copy(update={"levels": levels})
    assert [problem.field for problem in plan_problems(SCHEME, plan)] == [field]


def test_a_part_that_must_be_passed_needs_a_pass_mark() -> None:
    data = SCHEME.model_dump()
    data["parts"][0]["pass_mark"] = None
    scheme = type(SCHEME).model_validate(data)
    assert [problem.field for problem in plan_problems(scheme, PLAN)] == ["needs"]


def test_any_changed_rule_changes_the_digest() -> None:
    frozen = FrozenRules(scheme=SCHEME, plan=PLAN, edition=EditionRules())
    same = FrozenRules.model_validate(frozen.model_dump(mode="json"))
    other = FrozenRules(scheme=SCHEME, plan=PLAN, edition=EditionRules(notice_working_days=7))
    assert frozen.digest() == same.digest() != other.digest()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2024年慈溪市技能之星竞赛", "2026年慈溪市技能之星竞赛"),
        ("第五届技能之星", "第六届技能之星"),
        ("第九届", "第十届"),
        ("第十届", "第十一届"),
        ("第十九届", "第二十届"),
        ("第 18 届", "第19届"),
        ("第十十届", "第十十届"),
    ],
)
def test_the_next_title_is_guessed(title: str, expected: str) -> None:
    assert next_title(title, 2024, 2026) == expected
