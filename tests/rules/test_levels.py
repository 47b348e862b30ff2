"""Passers get the base level, the top places the top level, and what is held already counts."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from rules.levels import (
    ONE_HIGHER,
    PASSED,
    TOP_PLACE,
    Candidate,
    LevelRule,
    grants,
    passes,
    top_cut,
)

RULE = LevelRule(needs=("theory", "practical"))


def levels(rule, *candidates, field=51):
    return [(grant.person_id, grant.level) for grant in grants(rule, candidates, field)]


@pytest.mark.parametrize(("field", "cut"), [(24, 2), (51, 3), (30, 3), (29, 2), (9, 0), (0, 0)])
def test_t1_the_top_cut_is_three_but_not_more_than_ten_percent(field, cut):
    assert top_cut(RULE, field) == cut


def test_t1_in_a_field_of_24_the_third_place_gets_the_base_level_only():
    candidates = [Candidate(n, n, n, passed=True) for n in (1, 2, 3, 4)]
    assert levels(RULE, *candidates, field=24) == [(1, 2), (2, 2), (3, 3), (4, 3)]


def test_every_passer_gets_the_base_level_and_who_failed_gets_nothing():
    found = grants(
        RULE, [Candidate(1, 1, 1, True), Candidate(2, 2, 2, False), Candidate(3, 3, 9, True)], 51
    )
    assert [(g.person_id, g.level, g.reason) for g in found] == [(1, 2, TOP_PLACE), (3, 3, PASSED)]


def test_out_of_competition_a_passer_still_gets_the_base_level():
    assert levels(RULE, Candidate(1, 1, None, passed=True)) == [(1, 3)]


def test_both_members_of_a_pair_get_the_level_of_their_entry():
    pair = [Candidate(1, 7, 1, True), Candidate(2, 7, 1, True, held_level=2)]
    assert levels(RULE, *pair) == [(1, 2)]


@pytest.mark.parametrize(
    ("if_held", "cap", "held", "level"),
    [
        ("none", None, 4, 3),
        ("none", None, 3, None),
        ("none", None, 1, None),
        ("plus_one", None, 3, 2),
        ("plus_one", None, 2, None),
        ("plus_one_capped", 2, 3, 2),
        ("plus_one_capped", 3, 3, None),
        ("plus_one_capped", None, 3, None),
    ],
)
def test_a_level_that_is_held_already_is_treated_as_the_rule_says(if_held, cap, held, level):
    rule = LevelRule(if_already_held=if_held, cap=cap)
    found = grants(rule, [Candidate(1, 1, 20, True, held)], 51)
    assert [grant.level for grant in found] == ([level] if level else [])


def test_one_level_more_is_given_with_its_own_reason():
    (grant,) = grants(LevelRule(if_already_held="plus_one"), [Candidate(1, 1, 1, True, 2)], 51)
    assert (grant.level, grant.reason) == (1, ONE_HIGHER)


def test_nobody_rises_above_the_highest_level():
    rule = LevelRule(top_level=1, if_already_held="plus_one")
    assert levels(rule, Candidate(1, 1, 1, True, held_level=1)) == []


def test_theory_and_practical_must_both_be_passed():
    assert passes(RULE, {"theory": True, "practical": True})
    assert not passes(RULE, {"theory": True, "practical": False})
    assert not passes(RULE, {"theory": True, "practical": None})
    assert not passes(RULE, {"theory": True})


def test_there_are_five_levels():
    with pytest.raises(ValidationError):
        LevelRule(base_level=6)
    with pytest.raises(ValidationError):
        LevelRule(top_share=Decimal(101))
