"""The order that ballots alone give: who is elected to which tier, by ballot and votes (R5.15)."""

from decimal import Decimal

import pytest

from rules.selection_rounds import Review
from services import selection_reviews_ballots, selection_reviews_proposals
from services.selection_reviews_blockers import Blocked
from tests.builders import Builder
from tests.selection_rows import is_given
from tests.selection_whole import Candidate, WholeRound


@pytest.fixture
def story(build: Builder) -> WholeRound:
    """A round of masters that ballots alone decide, with one gold and two silver places."""
    story = WholeRound(build, "SLMJ")
    places = {"gold": 1, "silver": 2, "craftsman": 0}
    tiers = tuple(
        one.model_copy(update={"places": places[one.key], "least_score": None})
        for one in story.shipped.rules.tiers
    )
    review = Review(method="ballot", reviewers=3, reserves=0, surplus_percent=Decimal(20))
    story.called(tiers=tiers, places=3, quotas=(), review=review, opinions=(), chain=())
    story.group = [story.works(name) for name in ("甲", "乙", "丙", "丁", "戊")]
    for one in story.group:
        is_given(build, one.person)
        story.applies(one)
    return story


def ballot(story: WholeRound, tier: str, places: int, *papers: list[Candidate]) -> int:
    """A ballot for a tier among all who are not elected yet."""
    elected = selection_reviews_ballots.elected_of(story.round_id)
    standing = [one.key for one in story.group if one.key not in elected]
    key = selection_reviews_ballots.open_ballot(
        story.first(story.day(7)), story.round_id, tier=tier, places=places,
        application_ids=standing,
    )  # fmt: skip
    return story._cast(key, papers)


def test_ballots_alone_elect_to_their_tier(story: WholeRound) -> None:
    first, _, third, fourth, last = story.group
    story.drawn()
    with pytest.raises(Blocked) as waiting:
        story.proposed(story.met())
    assert "No ballot has been counted yet." in [str(one.message) for one in waiting.value.problems]
    ballot(story, "gold", 1, [third], [third], [first])
    ballot(story, "silver", 2, [first, last], [first, last], [first, fourth])
    tiers = story.proposed(story.met(11), 11)
    assert tiers == {"丙": "gold", "甲": "silver", "戊": "silver", "乙": "", "丁": ""}
    assert [one.rank for one in story.lines()] == [1, 2, 3, 4, 4]
    assert story.why("乙") == story.why("丁") == [("not_elected", (), ())]
    assert [one.score for one in story.lines()] == [""] * 5


def test_a_proposal_waits_for_an_open_ballot(story: WholeRound) -> None:
    first, *_ = story.group
    story.drawn()
    ballot(story, "gold", 1, [first])
    selection_reviews_ballots.open_ballot(
        story.first(story.day(7)), story.round_id, tier="silver", places=2,
        application_ids=[one.key for one in story.group[1:]],
    )  # fmt: skip
    with pytest.raises(Blocked) as waiting:
        selection_reviews_proposals.make_proposal(story.first(story.day(9)), story.round_id)
    (problem,) = waiting.value.problems
    assert (problem.message, problem.params) == (
        "Ballot %(number)s is open: count or void it first.", {"number": 2},
    )  # fmt: skip
