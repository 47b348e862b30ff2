"""Awards go by place, and a shared place takes the places of one tier only."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.allocation import AwardPlan, Standing, Tier, allocate, tier_places
from rules.data import InvalidRules


def tier(key, places=None, share=None, floor=None):
    share = None if share is None else Decimal(share)
    floor = None if floor is None else Decimal(floor)
    return Tier(key=key, name=key, places=places, share=share, floor=floor)


FIXED = (tier("first", 1), tier("second", 2), tier("third", 3))
SHARES = (tier("first", share=10), tier("second", share=20), tier("third", share=30))


def standings(*ranks, totals=None):
    totals = totals or [100 - (rank or 0) for rank in ranks]
    return [
        Standing(n, rank, Decimal(total))
        for n, (rank, total) in enumerate(zip(ranks, totals, strict=True), 1)
    ]


def given_to(plan, found, **settings):
    return [(a.entry_id, a.tier.key) for a in allocate(plan, found, **settings)]


def counts(plan, found):
    return dict(Counter(a.tier.key for a in allocate(plan, found)))


def test_fixed_places_are_given_from_the_best_place_down():
    found = given_to(AwardPlan(tiers=FIXED), standings(*range(1, 9)))
    assert found == [
        (1, "first"),
        (2, "second"),
        (3, "second"),
        (4, "third"),
        (5, "third"),
        (6, "third"),
    ]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [("floor", (3, 7, 10)), ("half_up", (4, 7, 11)), ("ceiling", (4, 7, 11))],
)
def test_t2_shares_of_35_are_rounded_as_the_plan_says(rounding, expected):
    plan = AwardPlan(tiers=SHARES, share_rounding=rounding)
    assert tuple(tier_places(plan, 35).values()) == expected


def test_with_places_and_a_share_the_smaller_counts():
    both = AwardPlan(tiers=(tier("first", 3, 10), tier("rest")))
    assert tier_places(both, 24) == {"first": 2, "rest": None}
    assert tier_places(both, 51) == {"first": 3, "rest": None}


def test_two_who_share_the_first_place_leave_the_second_tier_its_full_number():
    found = standings(1, 1, 3, 4, 5, 6, 7, 8)
    assert counts(AwardPlan(tiers=FIXED), found) == {"first": 2, "second": 2, "third": 3}


def test_with_skip_next_the_second_tier_gives_up_as_many_as_the_first_gave_too_many():
    plan = AwardPlan(tiers=FIXED, ties="skip_next")
    assert counts(plan, standings(1, 1, 3, 4, 5, 6, 7, 8)) == {"first": 2, "second": 1, "third": 3}
    assert counts(plan, standings(1, 1, 1, 4, 5, 6, 7)) == {"first": 3, "third": 3}
    assert counts(plan, standings(1, 1, 1, 1, 5, 6, 7)) == {"first": 4, "third": 2}


def test_a_shared_place_inside_a_tier_takes_as_many_places_as_people():
    found = allocate(AwardPlan(tiers=FIXED), standings(1, 2, 2, 4))
    assert [(a.tier.key, a.shared) for a in found] == [
        ("first", False),
        ("second", True),
        ("second", True),
        ("third", False),
    ]


def test_those_out_of_competition_get_nothing_and_fill_no_field():
    found = standings(None, 1, 2)
    assert given_to(AwardPlan(tiers=FIXED), found) == [(2, "first"), (3, "second")]
    half = AwardPlan(tiers=(tier("half", share=50),))
    assert given_to(half, found) == [(2, "half")]


def test_below_its_floor_an_award_stays_empty():
    plan = AwardPlan(tiers=(tier("first", 1, floor=85), tier("second", 2, floor=60)))
    assert given_to(plan, standings(1, 2, 3, totals=[80, 70, 60])) == [(1, "second"), (2, "second")]
    assert given_to(plan, standings(1, 2, totals=[59, 50])) == []
    assert given_to(plan, standings(1, 2, totals=[85, 60])) == [(1, "first"), (2, "second")]


def test_too_small_a_field_gets_no_awards():
    plan = AwardPlan(tiers=FIXED, minimum_field=5)
    assert allocate(plan, standings(1, 2, 3, 4)) == []
    assert len(allocate(plan, standings(1, 2, 3, 4), field_size=5)) == 4


def test_a_share_that_comes_to_nothing_is_passed_over():
    assert given_to(AwardPlan(tiers=SHARES), standings(1, 2, 3, 4, 5)) == [
        (1, "second"),
        (2, "third"),
    ]


def test_nobody_gets_an_award_without_tiers_or_standings():
    assert allocate(AwardPlan(), standings(1, 2)) == allocate(AwardPlan(tiers=FIXED), []) == []


def test_a_plan_that_cannot_work_says_all_its_reasons():
    bad = Tier(key="a", name="A", amount=Decimal(-1), places=-1, share=Decimal(101))
    with pytest.raises(InvalidRules) as refused:
        AwardPlan(tiers=(bad, tier("a", 1)))
    assert [str(problem) for problem in refused.value.problems] == [
        "The amount of A cannot be below 0.",
        "The places of A cannot be below 0.",
        "The share of A must lie between 0 and 100 percent.",
        "Two award tiers have the same key.",
    ]


def test_a_tier_is_found_by_its_key():
    assert AwardPlan(tiers=FIXED).tier("second").places == 2


@st.composite
def ranked_fields(draw):
    totals = sorted(draw(st.lists(st.integers(0, 12), max_size=15)), reverse=True)
    return [Standing(n, totals.index(t) + 1, Decimal(t)) for n, t in enumerate(totals)]


@st.composite
def plans(draw, ties):
    numbers = draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))
    return AwardPlan(tiers=tuple(tier(f"t{i}", n) for i, n in enumerate(numbers)), ties=ties)


@given(plans("extend"), ranked_fields(), st.randoms(use_true_random=False))
def test_awards_follow_the_places_and_equal_places_get_equal_awards(plan, found, random):
    order = [t.key for t in plan.tiers]
    given_tiers = {a.entry_id: order.index(a.tier.key) for a in allocate(plan, found)}
    levels = [given_tiers.get(s.entry_id, len(order)) for s in found]
    assert levels == sorted(levels)
    assert len({(s.award_rank, level) for s, level in zip(found, levels, strict=True)}) == len(
        {s.award_rank for s in found}
    )
    assert allocate(plan, random.sample(found, len(found))) == allocate(plan, found)


@given(plans("extend"), ranked_fields())
def test_extended_tiers_are_full_before_the_next_begins(plan, found):
    taken = Counter(a.tier.key for a in allocate(plan, found))
    reached = [t for t in plan.tiers if taken[t.key]]
    assert all(taken[t.key] >= t.places for t in reached[:-1])


@given(plans("skip_next"), ranked_fields())
def test_with_skip_next_the_tier_follows_from_the_place_alone(plan, found):
    bounds, last = [], 0
    for step in plan.tiers:
        last += step.places
        bounds.append((step.key, last))
    expected = {
        s.entry_id: next((key for key, bound in bounds if s.award_rank <= bound), None)
        for s in found
    }
    got = {a.entry_id: a.tier.key for a in allocate(plan, found)}
    assert got == {entry: key for entry, key in expected.items() if key}
