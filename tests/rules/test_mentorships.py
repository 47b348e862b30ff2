"""Mentorships: everything that forbids a pair is told at once, and no circle comes about."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.data import InvalidRules
from rules.mentorships import (
    MENTORSHIP_MOVES,
    Learner,
    MentorshipLimits,
    MentorshipState,
    Pair,
    Teacher,
    after_months,
    at_one_time,
    circle_length,
    class_problems,
    impossible,
    last_day,
    pair_problems,
)

LIMITS = MentorshipLimits()
START = date(2026, 3, 1)
END = date(2027, 2, 28)
BORN = date(1990, 5, 17)
MENTOR, APPRENTICE = Teacher(level=2, employer_id=1), Learner(4, BORN, 1)


def pair(mentor: int = 1, apprentice: int = 2, start: date = START, end: date = END) -> Pair:
    return Pair(mentor, apprentice, start, end)


def said(limits: MentorshipLimits = LIMITS, one: Pair | None = None, *others: Pair,
         mentor: Teacher = MENTOR, apprentice: Learner = APPRENTICE,
         new_kind: bool = False) -> list[str]:  # fmt: skip
    found = pair_problems(limits, one or pair(), mentor, apprentice, others, new_kind=new_kind)
    return [str(problem) for problem in found]


def test_a_usual_pair_has_nothing_against_it() -> None:
    assert said() == []


def test_all_reasons_are_told_at_once() -> None:
    limits = MentorshipLimits(same_employer=True, level_gap=2, pairs_per_mentor=1)
    young = Learner(3, START.replace(year=2011), 2)
    found = said(
        limits,
        pair(end=START + timedelta(days=30)),
        pair(1, 3),
        pair(4, 2),
        pair(2, 1),
        mentor=Teacher(4, employer_id=1),
        apprentice=young,
    )
    assert found == [
        "An apprentice must be at least 16 years old when the term starts.",
        "The mentor is the apprentice's own apprentice at that time.",
        "A term has at least 12 months.",
        "The mentor's level is too low.",
        "The mentor must stand at least 2 levels above the apprentice.",
        "Mentor and apprentice must have the same employer.",
        "The mentor would have more than 1 apprentices at one time.",
        "The apprentice has an agreement with another mentor for some of these days.",
    ]


def test_dates_reversed_and_a_mentor_of_himself() -> None:
    found = said(LIMITS, Pair(7, 7, END, START))
    assert found == ["The term ends before it starts.", "Nobody is a mentor of himself."]


@pytest.mark.parametrize(
    ("end", "new_kind", "problem"),
    [
        (last_day(START, 12), False, None),
        (last_day(START, 12) - timedelta(days=1), False, "A term has at least 12 months."),
        (last_day(START, 24), False, None),
        (last_day(START, 24) + timedelta(days=1), False, "A term has at most 24 months."),
        (last_day(START, 36), True, None),
        (last_day(START, 36) + timedelta(days=1), True, "A term has at most 36 months."),
    ],
)
def test_the_term(end: date, new_kind: bool, problem: str | None) -> None:
    found = said(LIMITS, pair(end=end), new_kind=new_kind)
    assert found == ([problem] if problem else [])


def test_the_apprentice_is_sixteen_on_the_first_day() -> None:
    birthday = START.replace(year=START.year - 16)
    assert said(apprentice=Learner(None, birthday, 1)) == []
    assert said(apprentice=Learner(None, birthday + timedelta(days=1), 1)) != []


def test_a_title_stands_in_for_a_level() -> None:
    limits = MentorshipLimits(mentor_titles=("慈溪工匠",), level_gap=1)
    assert said(limits, mentor=Teacher(None, "慈溪工匠")) == []
    assert len(said(limits, mentor=Teacher(None, "别的"))) == 2


def test_the_same_two_have_one_agreement_at_a_time() -> None:
    assert "already" in said(LIMITS, None, pair(start=END, end=END + timedelta(days=400)))[0]
    later = END + timedelta(days=1)
    assert said(LIMITS, None, pair(start=later, end=later + timedelta(days=400))) == []


def test_pairs_count_by_day_not_by_sum() -> None:
    half = START + timedelta(days=180)
    one_after_the_other = [pair(1, 3, START, half), pair(1, 4, half + timedelta(days=1), END)]
    assert at_one_time(pair(), one_after_the_other) == 2
    assert at_one_time(pair(), [pair(1, 3, START, half), pair(1, 4, half, END)]) == 3


def test_circles_count_only_when_all_run_on_one_day() -> None:
    others = [pair(2, 3), pair(3, 1)]
    assert circle_length(pair(1, 2), others) == 3
    half = START + timedelta(days=180)
    apart = [pair(2, 3, START, half), pair(3, 1, half + timedelta(days=1), END)]
    assert circle_length(pair(1, 2), apart) is None
    assert [str(one) for one in impossible(pair(1, 2), APPRENTICE, others, 16)] == [
        "This would close a circle of 3 mentors."
    ]


PEOPLE = st.integers(1, 5)
DAYS = st.integers(0, 6)


@st.composite
def short_pair(draw: st.DrawFn) -> Pair:
    mentor = draw(PEOPLE)
    apprentice = draw(PEOPLE.filter(lambda one: one != mentor))
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Pair(mentor, apprentice, START + timedelta(days=first), START + timedelta(days=last))


def has_circle_on(pairs: list[Pair], day: date) -> bool:
    """Take away, again and again, whoever teaches nobody who is left."""
    edges = {(one.mentor_id, one.apprentice_id) for one in pairs if one.covers(day)}
    while True:
        teachers = {mentor for mentor, _ in edges}
        kept = {(mentor, apprentice) for mentor, apprentice in edges if apprentice in teachers}
        if kept == edges:
            return bool(edges)
        edges = kept


@given(st.lists(short_pair(), max_size=25))
def test_pairs_that_are_let_in_never_form_a_circle(wanted: list[Pair]) -> None:
    """And who is kept out would have closed one: an independent count says both."""
    kept: list[Pair] = []
    for one in wanted:
        days = [START + timedelta(days=number) for number in range(7)]
        closes = any(has_circle_on([*kept, one], day) for day in days)
        assert (circle_length(one, kept) is not None) == closes
        if not closes:
            kept.append(one)


@given(st.integers(2, 12))
def test_a_circle_of_any_length_is_found_with_its_length(count: int) -> None:
    chain = [pair(one, one + 1) for one in range(1, count)]
    assert circle_length(pair(count, 1), chain) == count
    assert circle_length(pair(count, count + 1), chain) is None


@given(short_pair(), st.lists(short_pair(), max_size=12))
def test_the_most_at_one_time_is_that_of_the_fullest_day(one: Pair, others: list[Pair]) -> None:
    days = [START + timedelta(days=number) for number in range(7)]
    fullest = max(sum(other.covers(day) for other in others) for day in days if one.covers(day))
    assert at_one_time(one, others) == 1 + fullest


def test_months_end_with_shorter_months() -> None:
    assert after_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert after_months(date(2026, 12, 5), 13) == date(2028, 1, 5)


def test_a_class_has_three_mentors_and_a_technician_leads() -> None:
    assert class_problems(LIMITS, 1, {1: 2, 2: 3, 3: None}) == []
    few = class_problems(LIMITS, 2, {1: 2, 2: 3})
    assert [one.field for one in few] == ["mentors", "leader"]
    (stranger,) = class_problems(LIMITS, 9, {1: 2, 2: 2, 3: 2})
    assert "among" in stranger.message


def test_limits_hold_together() -> None:
    with pytest.raises((InvalidRules, ValidationError)):
        MentorshipLimits(least_months=25)
    assert MentorshipLimits().digest() != MentorshipLimits(pairs_per_mentor=5).digest()


def test_no_state_comes_back_after_the_end() -> None:
    over = [one for one in MentorshipState if not MENTORSHIP_MOVES[one]]
    assert set(over) == {
        MentorshipState.ACCEPTED, MentorshipState.FAILED, MentorshipState.BROKEN_OFF,
        MentorshipState.TRANSFERRED, MentorshipState.CANCELLED,
    }  # fmt: skip
    for old, new in product(MentorshipState, over):
        assert new not in MENTORSHIP_MOVES[new], old
