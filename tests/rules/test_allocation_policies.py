"""Ties at a cut-off, medals by tolerance, singles, money and budgets."""

from decimal import Decimal as D
from fractions import Fraction

import pytest

from rules.allocation import AwardPlan, Standing, Tier, allocate
from rules.allocation_bands import medal_groups
from rules.allocation_money import Prize, cost, highest_only, split, within_budget
from rules.data import InvalidRules
from rules.decisions import Decision, Undecided
from rules.refusals import Refused

FIRST = Tier(key="1", name="First", amount=D(100), places=1)
SECOND = Tier(key="2", name="Second", amount=D(50), places=2)
THIRD = Tier(key="3", name="Third", amount=D(20), places=3)


def standings(*ranks):
    return [Standing(n, rank, D(100 - rank)) for n, rank in enumerate(ranks, 1)]


def given(plan, found, **how):
    return {a.entry_id: (a.tier.key, a.amount) for a in allocate(plan, found, **how)}


def test_those_who_split_share_the_money_of_the_places_they_fill():
    plan = AwardPlan(tiers=(FIRST, SECOND, THIRD), ties="split")
    assert given(plan, standings(1, 1, 3, 4, 5)) == {
        1: ("1", 75),
        2: ("1", 75),
        3: ("2", 50),
        4: ("3", 20),
        5: ("3", 20),
    }
    # Places 2 to 4: 50 + 50 + 20.
    assert given(plan, standings(1, 2, 2, 2, 5))[3] == ("2", 40)


def test_places_below_the_last_tier_bring_no_money_to_a_split():
    plan = AwardPlan(tiers=(FIRST,), ties="split")
    assert given(plan, standings(1, 1, 1)) == {n: ("1", D("33.33")) for n in (1, 2, 3)}
    up = AwardPlan(tiers=(FIRST.model_copy(update={"amount": D(200)}),), ties="split")
    up = up.model_copy(update={"split_rounding": "half_up"})
    assert given(up, standings(1, 1, 1))[1] == ("1", D("66.67"))


def test_a_tie_at_a_cut_off_waits_for_a_decision_and_follows_it():
    plan = AwardPlan(tiers=(FIRST, SECOND), ties="decide")
    tied = standings(1, 2, 2, 2)
    with pytest.raises(Undecided) as undecided:
        allocate(plan, tied)
    assert (undecided.value.about, undecided.value.groups) == ("2", ((2, 3, 4),))
    decision = Decision(
        kind="award", about="2", order=(4, 2, 3), reason="jury", decided_by="Chief judge"
    )
    assert given(plan, tied, decisions=[decision]) == {1: ("1", 100), 4: ("2", 50), 2: ("2", 50)}


def test_a_tie_that_fits_into_its_tier_needs_no_decision():
    plan = AwardPlan(tiers=(FIRST, SECOND), ties="decide")
    assert given(plan, standings(1, 2, 2)) == {1: ("1", 100), 2: ("2", 50), 3: ("2", 50)}


@pytest.mark.parametrize(
    ("size", "tiers"), [(6, ["g", "s", "b"]), (5, ["g", "s"]), (4, ["g"]), (3, [])]
)
def test_small_fields_give_fewer_medals(size, tiers):
    plan = AwardPlan(
        minimum_field=4,
        tiers=(
            Tier(key="g", name="Gold", places=1),
            Tier(key="s", name="Silver", places=1, minimum_field=5),
            Tier(key="b", name="Bronze", places=1, minimum_field=6),
        ),
    )
    found = allocate(plan, standings(*range(1, size + 1)))
    assert [a.tier.key for a in found] == tiers


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ([540, 530, 520, 510], ([540], [530], [520])),
        ([540, 538, 530, 528, 527], ([540, 538], [], [530, 528])),
        ([540, 537, 535, 534, 530], ([540], [537, 535], [534])),
        ([540, 537, 535, 532, 530], ([540], [537, 535], [])),
        ([540, 539, 538, 536, 535], ([540, 539, 538], [], [536])),
        ([540, 530, 528, 526], ([540], [530, 528], [526])),
        ([540, 530, 520, 519, 518, 517], ([540], [530], [520, 519, 518])),
        ([540], ([540], [], [])),
        ([510, 540, 530], ([540], [530], [510])),
        ([], ([], [], [])),
    ],
)
def test_medals_go_to_all_within_the_tolerance_of_the_best_of_a_group(values, groups):
    found = medal_groups([Fraction(value) for value in values], Fraction(2))
    assert tuple([values[index] for index in group] for group in found) == groups


def test_medals_by_tolerance_on_the_scale_then_excellence_for_all_at_the_middle():
    plan = AwardPlan(
        scale="500",
        tolerance=D(2),
        tiers=(
            Tier(key="g", name="Gold"),
            Tier(key="s", name="Silver"),
            Tier(key="b", name="Bronze"),
            Tier(key="x", name="Medallion", floor=D(500)),
        ),
    )
    scores = (540, 538, 530, 500, 499)
    found = [Standing(n, n, D(0), scale=score) for n, score in enumerate(scores, 1)]
    assert {n: key for n, (key, _) in given(plan, found).items()} == {
        1: "g",
        2: "g",
        3: "b",
        4: "x",
    }
    with pytest.raises(ValueError, match="no place on the scale"):
        allocate(plan, standings(1))


MEDALS = tuple(Tier(key=key, name=key) for key in "gsb")
NO_NUMBERS = "With a tolerance the first three tiers are medals without a number of places."


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"tolerance": D(2), "tiers": (FIRST, *MEDALS)}, [NO_NUMBERS]),
        ({"tolerance": D(2), "tiers": MEDALS[:2]}, [NO_NUMBERS]),
        (
            {"tolerance": D(2), "tiers": (*MEDALS[:2], Tier(key="b", name="b", share=D(9)))},
            [NO_NUMBERS],
        ),
        (
            {"tolerance": D(2), "tiers": (Tier(key="x", name="x", single=D(9)), *MEDALS[:2])},
            [NO_NUMBERS],
        ),
        ({"tolerance": D(-1), "tiers": MEDALS}, ["The tolerance cannot be below 0."]),
        ({"tiers": (FIRST, FIRST)}, ["Two award tiers have the same key."]),
        (
            {"tiers": (Tier(key="a", name="A", amount=D(-1), places=-1, share=D(101)),)},
            [
                "The amount of A cannot be below 0.",
                "The places of A cannot be below 0.",
                "The share of A must lie between 0 and 100 percent.",
            ],
        ),
        (
            {"tiers": (Tier(key="a", name="A", share=D(-1)),)},
            ["The share of A must lie between 0 and 100 percent."],
        ),
    ],
)
def test_a_plan_that_contradicts_itself_says_why(plan, said):
    with pytest.raises(InvalidRules) as refused:
        AwardPlan(**plan)
    assert [str(problem) for problem in refused.value.problems] == said
    keys = {"tolerance", "tiers", "a"}
    assert {problem.field for problem in refused.value.problems} <= keys


def test_the_limits_of_a_plan_are_allowed():
    AwardPlan(tolerance=D(0), tiers=(*MEDALS, FIRST))
    AwardPlan(tiers=(Tier(key="a", name="A", amount=D(0), places=0, share=D(0)),))
    AwardPlan(tiers=(Tier(key="a", name="A", share=D(100)),))
    plan = AwardPlan(tiers=(FIRST, SECOND))
    assert plan.tier("2") is SECOND


def test_one_full_mark_earns_a_mention_to_those_without_a_medal():
    plan = AwardPlan(
        tiers=(
            Tier(key="gold", name="Gold", floor=D(30)),
            Tier(key="mention", name="Mention", single=D(7), single_below="paper"),
        )
    )
    found = [
        Standing(1, 1, D(40), singles={"paper": D(7)}),
        Standing(2, 2, D(20), singles={"paper": D(6)}),
        Standing(3, 3, D(10), singles={"paper": D(7)}),
        Standing(4, 4, D(9)),
        Standing(5, None, D(9), singles={"paper": D(7)}),
    ]
    assert {n: key for n, (key, _) in given(plan, found).items()} == {1: "gold", 3: "mention"}


def test_one_person_keeps_the_highest_prize_only():
    prizes = [
        Prize(1, "welding", "third", D(3000)),
        Prize(2, "welding", "first", D(10000)),
        Prize(1, "baking", "first", D(10000)),
        Prize(2, "baking", "first", D(10000), order=1),
    ]
    assert highest_only(prizes) == [prizes[1], prizes[2]]


def test_a_net_promise_costs_its_tax_too():
    assert cost([D(10000)], "net", exempt=False) == 12500
    assert cost([D(10000)], "gross", exempt=False) == 10000
    assert cost([D(10000)], "net", exempt=True) == 10000


def test_a_list_above_the_budget_is_refused_or_reduced():
    prizes = [Prize(1, "a", "first", D(100)), Prize(2, "a", "second", D(50))]
    assert within_budget(prizes, D(150), "gross", False) == prizes
    with pytest.raises(Refused, match="cost 150, but the budget is 100"):
        within_budget(prizes, D(100), "gross", False)
    reduced = within_budget(prizes, D(100), "gross", False, "reduce")
    assert [prize.amount for prize in reduced] == [D("66.66"), D("33.33")]


def test_a_split_never_pays_more_than_there_is():
    assert split([D(100), D(50)], 4, "floor") == D("37.50")
    assert split([], 3, "floor") == 0


def test_a_reduced_net_promise_stays_within_the_budget_with_its_tax():
    prizes = [Prize(n, "a", "first", D("33.33")) for n in range(3)]
    reduced = within_budget(prizes, D("100.01"), "net", False, "reduce")
    assert cost((prize.amount for prize in reduced), "net", False) <= D("100.01")
    assert reduced[0].amount == D("26.66")


def test_of_two_equal_prizes_the_higher_place_stays():
    prizes = [Prize(1, "a", "x", D(10), order=2), Prize(1, "b", "y", D(10), order=1)]
    assert highest_only(prizes) == [prizes[1]]
    assert highest_only(prizes[::-1]) == [prizes[1]]
    same = [Prize(1, "a", "x", D(10)), Prize(1, "b", "y", D(10))]
    assert highest_only(same) == same[:1]


def test_an_exempt_list_costs_no_tax_and_a_sum_of_nothing_is_an_amount():
    prizes = [Prize(1, "a", "first", D(100))]
    assert within_budget(prizes, D(100), "net", True) == prizes
    (reduced,) = within_budget(prizes, D(50), "net", True, "reduce")
    assert reduced.amount == D("50.00")
    assert isinstance(cost([], "gross", False), D)
    with pytest.raises(Refused) as refused:
        within_budget(prizes, D("50.00"), "gross", False)
    assert str(refused.value) == "The awards cost 100, but the budget is 50."


def test_a_split_rounds_half_a_fen_as_it_is_told():
    assert split([D("0.01")], 2, "half_up") == D("0.01")
    assert split([D("0.01")], 2, "floor") == D("0.00")


def test_a_split_goes_on_in_the_next_tiers_and_skips_one_that_is_too_good():
    high = Tier(key="h", name="High", amount=D(30), places=1, floor=D(99))
    plan = AwardPlan(tiers=(FIRST, SECOND, high, THIRD), ties="split")
    # Places 1 to 5: 100, 50, 50, then 20 twice; the high tier is not reached by 98.
    five = [Standing(n, 1, D(98)) for n in range(5)]
    assert {amount for _, amount in given(plan, five).values()} == {D(48)}
    unlimited = AwardPlan(tiers=(FIRST, Tier(key="x", name="X", amount=D(10))), ties="split")
    assert given(unlimited, standings(1, 1, 1, 4))[3] == ("1", 40)
    assert given(unlimited, standings(1, 1, 1, 4))[4] == ("x", 10)


def test_medals_and_mentions_carry_their_money_and_say_what_is_shared():
    gold = Tier(key="g", name="Gold", amount=D(40), minimum_field=4)
    silver = Tier(key="s", name="Silver", amount=D(30), floor=D(50))
    bronze = Tier(key="b", name="Bronze", amount=D(20), floor=D(9))
    mention = Tier(key="m", name="Mention", amount=D(5), minimum_field=4, single=D(7))
    plan = AwardPlan(tolerance=D(1), tiers=(gold, silver, bronze, mention))
    ranks = (1, 2, 3, 3)
    totals = (D(60), D(49), D(9), D(9))
    found = [
        Standing(n, rank, total, singles={"": D(7)})
        for n, (rank, total) in enumerate(zip(ranks, totals, strict=True), 1)
    ]
    given = {a.entry_id: (a.tier.key, a.shared, a.amount) for a in allocate(plan, found)}
    assert given == {
        1: ("g", False, 40),
        2: ("m", False, 5),
        3: ("b", True, 20),
        4: ("b", True, 20),
    }
    tied = [Standing(n, 1, D(8), singles={"": D(7)}) for n in range(3)]
    only = AwardPlan(tiers=(mention.model_copy(update={"minimum_field": 3}),))
    assert {(a.shared, a.amount) for a in allocate(only, tied)} == {(True, D(5))}
    assert allocate(only, tied[:2]) == []
    two = AwardPlan(tiers=(mention.model_copy(update={"minimum_field": 2}),))
    assert {a.shared for a in allocate(two, tied[:2])} == {True}
    pair = [Standing(1, 1, D(60)), Standing(2, 1, D(60)), *found[2:]]
    assert [a.shared for a in allocate(plan, pair)][:2] == [True, True]


def test_a_decision_is_asked_for_with_the_tier_and_only_when_places_run_out():
    plan = AwardPlan(tiers=(FIRST, SECOND, THIRD), ties="decide")
    with pytest.raises(Undecided) as undecided:
        allocate(plan, standings(1, 2, 3, 3))
    assert (undecided.value.kind, undecided.value.about) == ("award", "2")
    assert undecided.value.groups == ((3, 4),)
    with pytest.raises(Undecided):
        allocate(plan, standings(1, 1))
    # The floor closes a tier before its cut-off is looked at; without tiers nothing is decided.
    low = AwardPlan(tiers=(FIRST.model_copy(update={"floor": D(200)}), SECOND), ties="decide")
    assert given(low, standings(1, 1)) == {1: ("2", 50), 2: ("2", 50)}
    assert given(AwardPlan(tiers=(FIRST,), ties="decide"), standings(1, 2, 2)) == {1: ("1", 100)}
    endless = AwardPlan(tiers=(Tier(key="x", name="X"),), ties="decide")
    assert given(endless, standings(1, 1, 1)) == {n: ("x", 0) for n in (1, 2, 3)}


def test_a_split_begins_with_what_is_left_of_the_open_tier():
    plan = AwardPlan(tiers=(FIRST, SECOND, THIRD), ties="split")
    # One second prize is left for places 3 to 5: 50 + 20 + 20.
    assert given(plan, standings(1, 2, 3, 3, 3))[3] == ("2", 30)


def test_a_tier_without_a_limit_takes_no_places_from_the_next():
    best = Tier(key="b", name="Best", floor=D(99))
    plan = AwardPlan(tiers=(best, FIRST), ties="skip_next")
    assert given(plan, standings(1, 2)) == {1: ("b", 0), 2: ("1", 100)}
