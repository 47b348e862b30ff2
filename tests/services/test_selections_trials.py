"""Rules that are tried on the candidates of the last review."""

from models.database import db
from rules.selection_conditions import Works
from rules.selection_rounds import Quota
from rules.selections import Post
from services import selection_reviews as panels
from services import selection_reviews_proposals as proposals
from services import selection_reviews_sheets as sheets
from services import selections, selections_rounds, selections_trials
from services.selections import RoundFacts
from tests.builders import Builder
from tests.selection_reviewing import AFTER, Reviewing


def decided(build: Builder) -> Reviewing:
    """A round with an approved proposal: one gold, two silver, of four who were marked."""
    room = Reviewing(build)
    posts = [Post.TECHNICIAN, Post.MANAGER, Post.MANAGER, Post.FRONT_LINE]
    for post in posts:
        room.apply(post)
    panels.draw_panel(room.one(), room.round_id, "2026 04 10")
    panels.start_review(room.one(), room.round_id)
    for seat in room.panel():
        panels.pledge(room.by(seat), room.round_id)
        for place, key in enumerate(room.applications):
            marks = {"skill": str(50 - 5 * place), "work": "30"}
            sheets.save_sheet(room.by(seat), key, marks, "", None)
        sheets.sign_finished(room.by(seat), room.round_id)
    key = proposals.make_proposal(room.one(), room.round_id)
    proposals.approve(room.two(), key)
    return room


def test_the_same_rules_choose_the_same_people(build: Builder) -> None:
    room = decided(build)
    row = _next(room)
    found = selections_trials.choose_on_last(row, selections.rules_of(row))
    assert found is not None and not found.moved
    assert found.given == {"gold": 1, "silver": 2}


def test_a_floor_that_the_next_round_asks_for_moves_somebody(build: Builder) -> None:
    room = decided(build)
    row = _next(room)
    floor = Quota(
        key="line", title="一线职工", all_of=(Works(posts=(Post.FRONT_LINE,)),), at_least="1"
    )
    rules = selections.rules_of(row).model_copy(update={"quotas": (floor,)})
    found = selections_trials.choose_on_last(row, rules)
    assert found is not None
    assert {(one.before, one.now) for one in found.moved} == {("银匠", ""), ("", "银匠")}
    (reached,) = found.quotas
    assert (reached.limit, reached.reached, reached.of) == (1, 1, 3)
    assert proposals.latest(room.round_id) is not None, "nothing is written by a trial"
    assert selections_trials.choose_on_last(row, rules) == found


def test_without_a_last_proposal_nothing_is_tried(build: Builder) -> None:
    room = Reviewing(build)
    row = selections.get_round(room.round_id)
    assert selections_trials.choose_on_last(row, selections.rules_of(row)) is None


def _next(room: Reviewing) -> selections.SelectionRound:
    facts = RoundFacts(code="NEXT", year=AFTER.year + 1, title="下一届评选")
    key = selections_rounds.copy_round(room.two(), room.round_id, facts)
    db.session.commit()
    return selections.get_round(key)
