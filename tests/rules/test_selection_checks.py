"""Whose turn it is in the chain of checks, and until when."""

from datetime import UTC, date, datetime

import pytest

from rules.refusals import Refused
from rules.selection_checks import STEP_MOVES, due_day, next_step, steps_of
from rules.selection_rounds import RoundRules, RoundTier, Step
from rules.selections import Body, Channel, StepState
from rules.states import moved
from rules.workdays import Calendar


def the_rules(*chain: Step) -> RoundRules:
    return RoundRules.model_validate(
        {
            "opens_at": datetime(2026, 9, 1, tzinfo=UTC),
            "closes_at": datetime(2026, 9, 30, 9, tzinfo=UTC),
            "counts_on": date(2026, 9, 30),
            "tiers": (RoundTier(key="gold", name="上林金匠"),),
            "chain": chain,
            "review": {"method": "ballot"},
        }
    )


EMPLOYER = Step(key="unit", title="单位推荐", body=Body.EMPLOYER, channels=(Channel.EMPLOYER,))
DISTRICT = Step(key="county", title="县区审核", body=Body.DISTRICT)


def test_a_channel_goes_through_its_own_steps_only() -> None:
    rules = the_rules(EMPLOYER, DISTRICT)
    assert steps_of(rules, Channel.EMPLOYER) == (EMPLOYER, DISTRICT)
    assert steps_of(rules, Channel.PERSON) == (DISTRICT,)


def test_the_first_step_that_has_not_passed_comes_next() -> None:
    passed, waiting, returned = StepState.PASSED, StepState.WAITING, StepState.RETURNED
    assert next_step([waiting, waiting]) == 0
    assert next_step([passed, returned, waiting]) == 1
    assert next_step([passed, passed]) is None
    assert next_step([]) is None


def test_a_step_that_passed_is_not_refused_afterwards() -> None:
    with pytest.raises(Refused):
        moved(STEP_MOVES, StepState.PASSED, StepState.REFUSED)


def test_working_days_are_counted_with_make_up_days() -> None:
    """The national holiday of 2026: off until 7 October, 10 October is worked."""
    off = frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7))
    calendar = Calendar(years=frozenset({2026}), off=off, working=frozenset({date(2026, 10, 10)}))
    assert due_day(date(2026, 9, 30), 3, calendar) == date(2026, 10, 10)


def test_a_year_without_a_table_counts_by_its_weekends() -> None:
    assert due_day(date(2026, 12, 31), 2, Calendar(years=frozenset({2026}))) == date(2027, 1, 4)
