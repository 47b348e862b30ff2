"""Months, pauses, objections and acceptance within a term."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.mentorship_agreements import (
    Agreement,
    PlanItem,
    agreement_problems,
    amended,
    changes_of,
    check_name,
)
from rules.mentorship_terms import (
    acceptance_problems,
    check_month,
    check_objection,
    is_paused,
    months_of,
    objection_end,
    open_months,
    pause_problems,
    success_until,
)
from rules.mentorships import MentorshipLimits
from rules.refusals import Refused

START, END = date(2026, 3, 10), date(2027, 3, 9)


def agreement(**more: object) -> Agreement:
    facts: dict[str, object] = {
        "number": "师徒2026-00001",
        "mentor": "王师傅",
        "apprentice": "陈徒弟",
        "employer": "慈溪机械有限公司",
        "occupation": "钳工",
        "skill": "模具装配与调试",
        "target": "取得高级工",
        "plan": (PlanItem(what="识图", until=date(2026, 6, 30), degree="独立完成"),),
        "assessment": "每季一次",
        "safeguards": "每周半天",
        "starts_on": START,
        "ends_on": END,
    }
    return Agreement.model_validate(facts | more)


def test_months_touch_the_term() -> None:
    assert months_of(START, END)[0] == date(2026, 3, 1)
    assert len(months_of(START, END)) == 13


def test_a_month_opens_on_its_25th_day() -> None:
    march = date(2026, 3, 1)
    assert open_months(START, END, [], date(2026, 3, 24)) == []
    assert open_months(START, END, [], date(2026, 3, 25)) == [march]
    check_month(march, START, END, [], date(2026, 3, 25))
    for month, today in ((march, date(2026, 3, 24)), (date(2026, 2, 1), date(2026, 5, 1))):
        with pytest.raises(Refused):
            check_month(month, START, END, [], today)


def test_the_last_month_opens_with_the_end_of_the_term() -> None:
    assert date(2027, 3, 1) in open_months(START, END, [], END)
    assert date(2027, 3, 1) not in open_months(START, END, [], END - timedelta(days=1))


def test_only_a_month_that_rested_wholly_does_not_count() -> None:
    whole = [(date(2026, 4, 1), date(2026, 4, 30))]
    assert is_paused(date(2026, 4, 1), START, END, whole)
    assert not is_paused(date(2026, 5, 1), START, END, whole)
    assert not is_paused(date(2026, 4, 1), START, END, [(date(2026, 4, 2), None)])
    with pytest.raises(Refused, match="paused"):
        check_month(date(2026, 4, 1), START, END, whole, date(2026, 5, 1))


def test_objections_run_a_month_from_the_start_or_the_later_signing() -> None:
    limits = MentorshipLimits()
    assert objection_end(limits, START, date(2026, 3, 1)) == date(2026, 4, 10)
    until = objection_end(limits, START, date(2026, 3, 31))
    assert until == date(2026, 4, 30)
    check_objection(until, until)
    with pytest.raises(Refused):
        check_objection(until, until + timedelta(days=1))


def test_success_counts_within_three_years_of_signing() -> None:
    assert success_until(MentorshipLimits(), date(2026, 2, 28)) == date(2029, 2, 28)


def test_acceptance_as_typed() -> None:
    assert list(acceptance_problems(END, START, Decimal(85), END)) == []
    found = list(acceptance_problems(START - timedelta(days=1), START, Decimal(101), END))
    assert [one.field for one in found] == ["held_on", "test_mark"]
    assert list(acceptance_problems(END, START, None, START)) != []


def test_pauses_do_not_overlap() -> None:
    before = [(date(2026, 4, 1), date(2026, 4, 30))]
    assert list(pause_problems(date(2026, 5, 1), START, END, before, date(2026, 6, 1))) == []
    assert list(pause_problems(date(2026, 4, 30), START, END, before, date(2026, 6, 1))) != []
    assert list(pause_problems(date(2026, 2, 1), START, END, [], date(2026, 1, 1))) != []


def test_every_missing_field_is_told() -> None:
    assert list(agreement_problems(agreement())) == []
    bare = agreement(skill="", target="", plan=(), assessment="", safeguards="")
    found = [one.field for one in agreement_problems(bare)]
    assert found == ["skill", "target", "plan", "assessment", "safeguards"]
    late = agreement(plan=(PlanItem(what="太晚", until=END + timedelta(days=1)),))
    assert [str(one) for one in agreement_problems(late)] == [
        "太晚: the day lies outside the term."
    ]


def test_an_amendment_changes_what_may_change_and_every_word_changes_the_digest() -> None:
    old = agreement()
    new = agreement(target="取得技师", ends_on=END + timedelta(days=30), mentor="别人")
    changes = changes_of(old, new)
    assert set(changes) == {"target", "ends_on"}
    after = amended(old, changes)
    assert (after.target, after.mentor) == ("取得技师", "王师傅")
    assert after.digest() != old.digest()


def test_a_signature_needs_the_own_name() -> None:
    check_name(" 王师傅 ", "王师傅")
    for typed in ("", "王师", "陈徒弟"):
        with pytest.raises(Refused):
            check_name(typed, "王师傅")
