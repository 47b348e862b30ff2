"""Ballots with more candidates than places, their count and their run-offs."""

from decimal import Decimal
from random import Random

import pytest

from rules.selection_ballots import (
    candidate_problem,
    count_papers,
    quorum_of,
    quorum_problem,
    run_off,
    surplus_of,
)
from rules.selection_rounds import Review

HALF = Decimal(50)
REVIEW = Review(method="ballot", surplus_percent=Decimal(20), quorum_percent=Decimal("66.66"))


@pytest.mark.parametrize(
    ("places", "percent", "more"),
    [(10, 20, 2), (7, 20, 2), (1, 10, 1), (3, 0, 0), (5, 100, 5), (10, "0.1", 1)],
)
def test_the_surplus_is_rounded_up(places: int, percent: object, more: int) -> None:
    assert surplus_of(places, Decimal(str(percent))) == more


def test_a_ballot_needs_more_candidates_than_places() -> None:
    assert candidate_problem(REVIEW, 5, 6) is None
    refused = candidate_problem(REVIEW, 5, 5)
    assert refused is not None and refused.params == {"places": 5, "least": 6, "found": 5}


def test_two_thirds_of_the_panel_make_a_quorum() -> None:
    assert [quorum_of(REVIEW, seats) for seats in (3, 5, 7, 9)] == [2, 4, 5, 6]
    assert quorum_problem(REVIEW, 5, 4) is None
    refused = quorum_problem(REVIEW, 5, 3)
    assert refused is not None and refused.params["least"] == 4
    assert quorum_problem(REVIEW, 0, 0) is not None


def test_who_has_more_than_half_of_all_papers_is_elected() -> None:
    papers = [{1, 2}, {1, 2}, {1, 3}, {1}, {3}]
    found = count_papers([1, 2, 3], 2, papers, HALF)
    assert found.votes == {1: 4, 2: 2, 3: 2} and found.needed == 3
    assert found.elected == (1,) and found.open_places == 1 and not found.tied


def test_half_is_not_more_than_half() -> None:
    assert count_papers([1, 2], 1, [{1}, {1}, {2}, {2}], HALF).elected == ()


def test_a_paper_with_too_many_names_is_spoiled_and_counts_among_those_cast() -> None:
    found = count_papers([1, 2, 3], 1, [{1, 2}, {1}, {1}, set(), {9}], HALF)
    assert (found.cast, found.spoiled, found.blank, found.needed) == (5, 2, 1, 3)
    assert found.votes[1] == 2 and found.elected == ()


def test_equal_votes_at_the_last_place_elect_none_of_the_equals() -> None:
    papers = [{1, 2}, {1, 3}, {2, 3}, {1, 2}, {1, 3}]
    found = count_papers([1, 2, 3, 4], 2, papers, HALF)
    assert found.elected == (1,) and set(found.tied) == {2, 3} and found.open_places == 1
    assert run_off(REVIEW, found) == found.tied


def test_a_run_off_takes_those_with_most_votes_and_their_equals() -> None:
    papers = [{1}, {1}, {2}, {3}, {4}]
    found = count_papers([1, 2, 3, 4, 5], 1, papers, HALF)
    assert found.elected == () and found.open_places == 1
    assert run_off(REVIEW, found) == (1, 2, 3, 4)
    nobody_more = count_papers([1, 2], 2, [{1}, {1}, {1}], HALF)
    assert nobody_more.open_places == 1 and run_off(REVIEW, nobody_more) == ()
    filled = count_papers([1, 2], 1, [{1}, {1}, {2}], HALF)
    assert run_off(REVIEW, filled) == ()


def test_counts_agree_with_a_slow_count_for_random_papers() -> None:
    random = Random(7)
    for _ in range(2000):
        names = list(range(1, random.randint(2, 9)))
        places = random.randint(1, len(names))
        papers = [
            set(random.sample(names, random.randint(0, len(names))))
            for _ in range(random.randint(1, 9))
        ]
        found = count_papers(names, places, papers, HALF)
        good = [paper for paper in papers if len(paper) <= places]
        for name in names:
            assert found.votes[name] == sum(name in paper for paper in good)
        assert len(found.elected) + found.open_places == places
        worst = min((found.votes[name] for name in found.elected), default=len(papers))
        assert all(found.votes[name] * 2 > len(papers) for name in found.elected)
        others = [name for name in names if name not in found.elected]
        for name in others:
            if found.votes[name] * 2 > len(papers):
                assert found.votes[name] < worst or name in found.tied
        assert not found.tied or len(found.tied) > found.open_places
