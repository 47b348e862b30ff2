"""Awards down to a part of the field, crowded places, passed parts, awards that people decide."""

from decimal import Decimal as D

import pytest
from pydantic import ValidationError

from rules.allocation import AwardPlan, Standing, Tier, allocate, portion, tier_places
from rules.data import InvalidRules
from rules.decisions import Decision, Undecided

MEDALS = (
    Tier(key="g", name="Gold", down_to="1/12"),
    Tier(key="s", name="Silver", down_to="1/4"),
    Tier(key="b", name="Bronze", down_to="1/2"),
)


def standings(*ranks):
    return [Standing(n, rank, D(100 - rank)) for n, rank in enumerate(ranks, 1)]


def letters(plan, found, **how):
    return "".join(a.tier.key for a in allocate(plan, found, **how))


def grant(about, *order):
    return Decision(kind="grant", about=about, order=order, reason="assembly", decided_by="chair")


def test_medals_for_half_of_the_field_in_the_ratio_one_to_two_to_three():
    plan = AwardPlan(tiers=MEDALS, share_rounding="ceiling")
    assert letters(plan, standings(*range(1, 25))) == "gg" + "ssss" + "bbbbbb"
    # 25: 2.08, 6.25 and 12.5 of the field, upwards.
    assert letters(plan, standings(*range(1, 26))) == "ggg" + "ssss" + "bbbbbb"
    assert tier_places(plan, 25) == {"g": 3, "s": 4, "b": 6}
    # A tier of two places that is too small a part of the field, and one without a limit above.
    odd = (Tier(key="a", name="A"), Tier(key="b", name="B", places=3), *MEDALS[:1])
    assert tier_places(AwardPlan(tiers=odd), 60) == {"a": None, "b": 3, "g": 2}
    assert tier_places(AwardPlan(tiers=odd), 24) == {"a": None, "b": 3, "g": 0}
    floors = AwardPlan(tiers=MEDALS)
    assert letters(floors, standings(*range(1, 26))) == "gg" + "ssss" + "bbbbbb"


def test_whoever_ties_at_a_cut_is_in_and_the_next_cut_stays_where_it_is():
    plan = AwardPlan(tiers=MEDALS)
    # Two golds are due and four are tied; silver still ends with the sixth of 24.
    assert letters(plan, standings(1, 1, 1, 1, *range(5, 25))) == "gggg" + "ss" + "bbbbbb"
    # Seven golds are more than all golds and silvers that are due.
    assert letters(plan, standings(*[1] * 7, *range(8, 25))) == "ggggggg" + "bbbbb"


def test_three_medals_and_then_excellence_down_to_half_of_the_field():
    tiers = (
        *(Tier(key=key, name=key, places=1) for key in "123"),
        Tier(key="e", name="Excellence", down_to="50%"),
    )
    assert letters(AwardPlan(tiers=tiers), standings(*range(1, 12))) == "123ee"
    assert letters(AwardPlan(tiers=tiers), standings(1, 2)) == "12"
    within = AwardPlan(tiers=tiers, tolerance=None, ties="split")
    assert letters(within, standings(*range(1, 12))) == "123ee"


def test_places_and_a_part_of_the_field_whichever_is_less():
    tier = Tier(key="x", name="X", places=3, down_to="10 %")
    assert letters(AwardPlan(tiers=(tier,)), standings(*range(1, 25))) == "xx"
    assert letters(AwardPlan(tiers=(tier,)), standings(*range(1, 52))) == "xxx"
    assert tier_places(AwardPlan(tiers=(tier,)), 51) == {"x": 3}


def test_the_money_of_places_that_a_cut_takes_away_is_not_shared():
    tiers = (
        Tier(key="1", name="First", amount=D(100), places=1),
        Tier(key="2", name="Second", amount=D(50), down_to="1/2"),
    )
    plan = AwardPlan(tiers=tiers, ties="split")
    # Of four two have an award: 100 + 50, shared by three.
    (one, *_) = allocate(plan, standings(1, 1, 1, 4))
    assert one.amount == 50


def test_medals_by_tolerance_count_for_the_part_of_the_field_below_them():
    names = [Tier(key=key, name=key) for key in "gsb"]
    plan = AwardPlan(tiers=(*names, Tier(key="e", name="E", down_to="1/2")), tolerance=D(0))
    assert letters(plan, standings(*range(1, 11))) == "gsbee"


@pytest.mark.parametrize(("text", "parts"), [("1/3", "1/3"), ("30 %", "3/10"), ("12.5%", "1/8")])
def test_a_part_of_the_field_is_exact(text, parts):
    assert str(portion(text)) == parts


def test_a_part_of_the_field_is_no_more_than_all_of_it():
    assert AwardPlan(tiers=(Tier(key="x", name="X", down_to="3/3"),)).tiers
    with pytest.raises(InvalidRules) as refused:
        AwardPlan(tiers=(Tier(key="x", name="Merit", down_to="4/3"),))
    (problem,) = refused.value.problems
    assert (problem.field, str(problem)) == (
        "x", "Merit cannot go down to more than the whole field.",
    )  # fmt: skip
    for text in ("1/0", "half", "0.5", "-1/2", "1000000 %"):
        with pytest.raises(ValidationError):
            Tier(key="x", name="X", down_to=text)


KIDS = AwardPlan(
    tiers=(
        Tier(key="1", name="First", places=1, at_most=2),
        Tier(key="2", name="Second", places=1, at_most=2),
        Tier(key="3", name="Third", places=1, at_most=3),
    )
)


def test_two_firsts_two_seconds_and_three_thirds_may_be_equal_and_no_more():
    assert letters(KIDS, standings(1, 1, 3, 3, 5, 5, 5)) == "1122333"
    assert letters(KIDS, standings(1, 2, 3)) == "123"
    with pytest.raises(Undecided) as open_tie:
        allocate(KIDS, standings(1, 1, 1))
    assert (open_tie.value.kind, open_tie.value.about) == ("award", "1")
    decided = Decision(kind="award", about="1", order=(3, 1, 2), reason="", decided_by="")
    further = Decision(kind="award", about="2", order=(1, 2), reason="", decided_by="")
    found = allocate(KIDS, standings(1, 1, 1), decisions=[decided, further])
    assert {a.entry_id: a.tier.key for a in found} == {3: "1", 1: "2", 2: "3"}


def test_who_did_not_pass_what_is_needed_is_passed_over():
    tiers = (Tier(key="1", name="First", places=1), Tier(key="2", name="Second", places=1))
    plan = AwardPlan(tiers=tiers, needs=("theory", "practical"))
    both = {"theory": True, "practical": True}
    verdicts = [both, both | {"theory": False}, {"practical": True}, both, both]
    found = [Standing(n, n, D(100 - n), passed=passed) for n, passed in enumerate(verdicts, 1)]
    assert {a.entry_id: a.tier.key for a in allocate(plan, found)} == {1: "1", 4: "2"}


def test_people_may_give_an_award_or_take_it_away_with_a_reason():
    plan = AwardPlan(tiers=tuple(Tier(key=k, name=k, places=1, amount=D(9)) for k in "ab"))
    found = standings(1, 2, 3)
    third = allocate(plan, found, decisions=[grant("b", 3)])
    assert [(a.entry_id, a.tier.key, a.amount, a.shared) for a in third] == [
        (1, "a", 9, False), (2, "b", 9, False), (3, "b", 9, False),
    ]  # fmt: skip
    assert [a.entry_id for a in allocate(plan, found, decisions=[grant("", 1)])] == [2]
    # Nobody without a place in the competition can be given one.
    guest = [*found, Standing(4, None, D(100))]
    assert len(allocate(plan, guest, decisions=[grant("a", 4)])) == 2
