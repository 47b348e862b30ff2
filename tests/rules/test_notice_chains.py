"""The chain of notices: unit, county, city; each level after the one before (R3.07)."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.data import RuleData
from rules.editions import rule_problems
from rules.notice_chains import (
    LevelFacts,
    LevelStanding,
    NoticeLevel,
    Posted,
    Span,
    Standing,
    chain_problems,
    due_days,
    next_posted,
    posting_problems,
    proof_problems,
    standings,
)
from rules.plans import EditionRules
from rules.workdays import Calendar

UNIT = NoticeLevel(code="unit", title="本单位公示", posted="outside", proof="employer")
COUNTY = NoticeLevel(code="county", title="县级公示", working_days=3, posted="here")
CITY = NoticeLevel(code="city", title="市级公示")
LEVELS = (UNIT, COUNTY, CITY)
# 2021-09-18 is a worked Saturday, the 20th and 21st are free.
CALENDAR = Calendar(
    years=frozenset({2021}),
    off=frozenset({date(2021, 9, 20), date(2021, 9, 21)}),
    working=frozenset({date(2021, 9, 18)}),
)
OWED = {"employer:1": "甲厂", "employer:2": "乙厂"}
EARLY, LATER = Span(date(2021, 9, 1), date(2021, 9, 8)), Span(date(2021, 9, 2), date(2021, 9, 9))


def chain(**facts: LevelFacts) -> list[LevelStanding]:
    return standings(LEVELS, facts)


def said(problems: Sequence[Exception]) -> list[str]:
    return [str(problem) for problem in problems]


def test_nothing_is_done_before_anything_came():
    steps = chain(unit=LevelFacts(OWED))
    assert [one.standing for one in steps] == [Standing.PROOFS, Standing.WAITING, Standing.WAITING]
    assert list(steps[0].missing.values()) == ["甲厂", "乙厂"] and steps[0].span is None
    assert next_posted(steps) == COUNTY


def test_every_employer_on_the_list_owes_its_proof():
    one = chain(unit=LevelFacts(OWED, {"employer:2": LATER, "employer:9": EARLY}))[0]
    assert (one.standing, dict(one.missing)) == (Standing.PROOFS, {"employer:1": "甲厂"})
    both = chain(unit=LevelFacts(OWED, {"employer:1": EARLY, "employer:2": LATER}))[0]
    assert (both.standing, both.span) == (Standing.DONE, Span(date(2021, 9, 1), date(2021, 9, 9)))
    assert chain(unit=LevelFacts({}))[0].standing is Standing.DONE


def test_a_notice_is_done_when_closed_without_open_objections():
    posted = (date(2021, 9, 10), date(2021, 9, 15))
    for is_closed, objections, standing in (
        (False, (), Standing.RUNNING),
        (False, (1,), Standing.RUNNING),
        (True, (1, 3), Standing.OBJECTED),
        (True, (), Standing.DONE),
    ):
        step = chain(county=LevelFacts(notice=Posted(*posted, is_closed, objections)))[1]
        assert (step.standing, step.objections) == (standing, objections)


def test_posting_is_refused_with_every_reason():
    steps = chain(
        unit=LevelFacts(OWED, {"employer:1": EARLY}),
        county=LevelFacts(notice=Posted(date(2021, 9, 10), date(2021, 9, 15), True, (2, 5))),
    )
    assert next_posted(steps) == CITY
    assert said(posting_problems(steps, "city", date(2021, 9, 15))) == [
        "本单位公示: the proof is missing of 乙厂.",
        "县级公示: these objections are open: 2、5.",
        "县级公示 stands until 2021-09-15; the next notice starts after it.",
    ]
    assert said(posting_problems(steps, "county", date(2021, 9, 9))) == [
        "本单位公示: the proof is missing of 乙厂."
    ]
    bare = chain(unit=LevelFacts(OWED, {"employer:1": EARLY, "employer:2": LATER}))
    assert said(posting_problems(bare, "city", date(2021, 10, 8))) == [
        "县级公示 was not posted yet."
    ]
    assert posting_problems(bare, "county", date(2021, 9, 10)) == []
    assert len(posting_problems(bare, "county", date(2021, 9, 9))) == 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2021, 9, 14), date(2021, 9, 22), None),
        (date(2021, 9, 14), date(2021, 9, 21), "ends_on"),
        (date(2021, 9, 13), date(2021, 9, 18), None),
        (date(2021, 9, 22), date(2021, 9, 21), "ends_on"),
        (date(2021, 9, 14), date(2021, 9, 30), "ends_on"),
        (date(2021, 9, 8), date(2021, 9, 22), "starts_on"),
    ],
)
def test_days_of_a_notice_elsewhere_are_counted_by_the_same_table(first, last, field):
    earlier = chain(unit=LevelFacts(OWED, {"employer:1": EARLY}))[:1]
    level = UNIT.model_copy(update={"code": "town"})
    found = proof_problems(level, Span(first, last), earlier, date(2021, 9, 30), CALENDAR)
    assert [problem.field for problem in found] == ([field] if field else [])


def test_the_first_day_counts_where_the_level_says_so():
    level = UNIT.model_copy(update={"count_first_day": True})
    span = Span(date(2021, 9, 14), date(2021, 9, 18))
    assert list(proof_problems(level, span, (), date(2021, 9, 30), CALENDAR)) == []
    assert len(list(proof_problems(UNIT, span, (), date(2021, 9, 30), CALENDAR))) == 1


def test_the_earliest_ends_are_counted_one_after_the_other_and_never_guessed():
    county, city = date(2021, 9, 23), date(2021, 10, 1)
    done = chain(unit=LevelFacts({}))
    assert due_days(done, date(2021, 9, 16), CALENDAR) == {"county": county, "city": city}
    running = LevelFacts(notice=Posted(date(2021, 9, 14), date(2021, 9, 17)))
    steps = chain(unit=LevelFacts({}), county=running)
    assert due_days(steps, date(2021, 9, 16), CALENDAR) == {"city": date(2021, 9, 28)}
    assert due_days(done, date(2021, 12, 24), CALENDAR) == {"county": date(2021, 12, 29)}
    assert due_days(done, date(2021, 12, 30), CALENDAR) == {}


def test_a_chain_ends_here_and_names_each_level_once():
    twice = [CITY, CITY, UNIT]
    assert said(list(chain_problems(twice))) == [
        "Two levels have the code city.",
        "The last level is posted here: it makes the results final.",
    ]
    many = [CITY.model_copy(update={"code": f"c{n}"}) for n in range(7)]
    assert said(list(chain_problems(many))) == ["A chain has at most 6 levels."]
    assert list(chain_problems(())) == list(chain_problems(LEVELS)) == []
    rules = EditionRules(notice_levels=(UNIT,))
    assert [problem.field for problem in rule_problems(rules)] == ["notice_levels"]


def test_editions_without_a_chain_keep_their_digest():
    assert isinstance(CITY, RuleData)
    assert EditionRules().digest() == EditionRules(notice_levels=()).digest()
    assert EditionRules().digest() != EditionRules(notice_levels=LEVELS).digest()


posted = st.builds(
    Posted,
    st.just(date(2021, 9, 10)),
    st.just(date(2021, 9, 15)),
    st.booleans(),
    st.lists(st.integers(1, 9), max_size=2).map(tuple),
)
some_facts = st.builds(
    LevelFacts,
    st.dictionaries(st.sampled_from(sorted(OWED)), st.just("甲"), max_size=2),
    st.dictionaries(st.sampled_from(sorted(OWED)), st.just(EARLY), max_size=2),
    st.one_of(st.none(), posted),
)


@given(some_facts, some_facts)
def test_the_last_level_is_free_exactly_when_all_before_are_done(unit, county):
    steps = chain(unit=unit, county=county)
    free = not posting_problems(steps, "city", date(2021, 10, 8))
    assert free == all(one.standing is Standing.DONE for one in steps[:2])
