"""Candidates compared two by two."""

from fractions import Fraction
from itertools import combinations
from random import Random

from rules.selection_pairs import Preference, open_pairs, pair_standings, pairs_for


def test_the_majority_of_reviewers_decides_a_pair() -> None:
    said = [Preference(1, 1, 2, 1), Preference(2, 1, 2, 1), Preference(3, 1, 2, -1)]
    first, second = pair_standings([1, 2], said)
    assert (first.candidate, first.rank, first.points) == (1, 1, 1)
    assert (second.candidate, second.rank, second.points) == (2, 2, 0)
    assert (first.preferences, second.preferences) == (2, 1)


def test_equal_points_are_parted_by_single_preferences_and_then_shared() -> None:
    circle = [Preference(1, 1, 2, 1), Preference(1, 2, 3, 1), Preference(1, 1, 3, -1)]
    assert [one.rank for one in pair_standings([1, 2, 3], circle)] == [1, 1, 1]
    more = [*circle, Preference(2, 1, 2, 1), Preference(2, 2, 3, 0)]
    found = pair_standings([1, 2, 3], more)
    assert [(one.candidate, one.rank) for one in found] == [(1, 1), (2, 2), (3, 2)]


def test_a_draw_gives_half_a_point_to_both() -> None:
    found = pair_standings([1, 2], [Preference(1, 2, 1, 0)])
    assert {one.points for one in found} == {Fraction(1, 2)}


def test_the_order_in_which_a_pair_is_named_says_nothing() -> None:
    turned = pair_standings([1, 2], [Preference(1, 2, 1, -1)])
    assert turned == pair_standings([1, 2], [Preference(1, 1, 2, 1)])


def test_who_beats_everybody_comes_first_whatever_the_rest() -> None:
    random = Random(3)
    for _ in range(300):
        names = list(range(1, 7))
        best = random.choice(names)
        said = []
        for reviewer in range(5):
            for first, second in combinations(names, 2):
                wins = 1 if first == best else -1 if second == best else random.choice((-1, 0, 1))
                said.append(Preference(reviewer, first, second, wins))
        found = pair_standings(names, said)
        assert found[0].candidate == best and found[0].rank == 1 and found[1].rank > 1
        assert sum(one.points for one in found) == len(list(combinations(names, 2)))


def test_each_reviewer_has_all_pairs_in_an_order_of_his_own_without_those_spared() -> None:
    names = [5, 3, 8, 1]
    orders = [pairs_for(reviewer, names) for reviewer in range(6)]
    assert all(sorted(order) == sorted(combinations(sorted(names), 2)) for order in orders)
    assert len({tuple(order) for order in orders}) > 3
    assert all(3 not in pair for pair in pairs_for(1, names, [3]))
    done = orders[1][:2]
    assert list(open_pairs(1, names, (), done)) == orders[1][2:]
