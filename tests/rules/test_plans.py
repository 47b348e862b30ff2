"""The usual rules of an event and an edition, and that they can be stored and read again."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from rules.allocation import Standing, allocate
from rules.marking import JudgeMarks, score_entry
from rules.plans import EditionRules, EventPlan, default_event_plan, default_scheme
from rules.schemes import Aspect, Panel, Section


def test_the_usual_scheme_weighs_theory_20_and_practical_80():
    scheme = default_scheme(panel=Panel())
    marks = {
        "theory": [JudgeMarks(0, {"theory_mark": Decimal(70)})],
        "practical": [JudgeMarks(1, {"practical_mark": Decimal(90)})],
    }
    score = score_entry(scheme, marks)
    assert (score.total, score.passed) == (86, True)
    assert scheme.part("theory").entered_by == "clerk"


def test_the_usual_panel_has_five_judges_and_drops_one_mark_at_each_end():
    panel = default_scheme().part("practical").panel
    assert (panel.minimum, panel.drop_high, panel.drop_low, panel.max_spread) == (5, 1, 1, 10)


def test_own_criteria_replace_the_single_practical_mark():
    aspect = Aspect(key="a", title="Fit", maximum=Decimal(40))
    section = Section(key="A", title="Fitting", aspects=(aspect,))
    assert default_scheme(sections=[section]).part("practical").aspects == (aspect,)


def test_an_event_without_theory_has_the_practical_part_alone():
    scheme = default_scheme(Decimal(0), Decimal(100))
    assert [part.key for part in scheme.parts] == ["practical"]


def test_the_usual_plan_gives_one_first_two_second_and_three_third_prizes():
    standings = [Standing(n, n, Decimal(100 - n)) for n in range(1, 10)]
    tiers = [a.tier.key for a in allocate(default_event_plan().awards, standings)]
    assert tiers == ["first", "second", "second", "third", "third", "third"]


def test_only_the_first_prize_carries_the_title():
    tiers = default_event_plan().awards.tiers
    assert [tier.honours for tier in tiers] == [("Skills Star",), (), ()]


def test_a_plan_survives_being_stored_as_json():
    plan = default_event_plan()
    assert EventPlan.model_validate_json(plan.model_dump_json()) == plan
    assert EventPlan.model_validate(plan.model_dump(mode="json")).digest() == plan.digest()


def test_the_usual_edition_posts_notices_for_five_working_days_not_counting_the_first():
    rules = EditionRules()
    assert (rules.notice_working_days, rules.count_first_day) == (5, False)
    assert (rules.appeal_minutes, rules.minimum_age, rules.tax_exempt) == (120, 16, False)


def test_a_notice_of_no_days_is_refused():
    with pytest.raises(ValidationError):
        EditionRules(notice_working_days=0)
