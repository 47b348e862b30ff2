"""A panel is drawn, marks in secret, and its marks become a proposal that a second one approves."""

from decimal import Decimal
from typing import Any

import pytest

from models.accounts import Account
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionRecusal, SelectionSheet
from rules.decisions import Decision, Undecided
from rules.refusals import Missing, Refused
from rules.selection_conditions import Works
from rules.selection_rounds import Quota
from rules.selections import ApplicationState, Post, ProposalState, RoundState
from services import selection_reviews as panels
from services import selection_reviews_proposals as proposals
from services import selection_reviews_sheets as sheets
from services.acting import Actor
from services.selection_reviews_blockers import Blocked
from tests.builders import Builder
from tests.selection_reviewing import AFTER, Reviewing
from tests.selection_story import at


@pytest.fixture
def reviewing(build: Builder) -> Reviewing:
    return Reviewing(build)


def test_a_panel_is_drawn_by_a_seed_and_reserves_move_up(reviewing: Reviewing) -> None:
    reviewing.apply()
    panels.draw_panel(reviewing.one(), reviewing.round_id, "2026 04 10")
    seats = panels.panel_of(reviewing.round_id)
    assert [(one.number, one.reserve) for one in seats] == [
        (1, False),
        (2, False),
        (3, False),
        (4, True),
    ]
    (draw,) = panels.list_draws(reviewing.round_id)
    assert panels.is_true(draw)
    with pytest.raises(Refused, match="No seat"):
        panels.draw_panel(reviewing.one(), reviewing.round_id)
    reserve = seats[3].account_id
    with pytest.raises(Missing):
        panels.decline_seat(Actor(reserve, at(AFTER)), seats[1].id, reason="出差")
    panels.decline_seat(reviewing.by(seats[1]), seats[1].id, reason="出差")
    now = panels.panel_of(reviewing.round_id)
    assert [(one.number, one.reserve) for one in now] == [(1, False), (2, False), (3, False)]
    assert now[1].account_id == reserve
    draw.protocol = draw.protocol | {"placed": []}
    assert not panels.is_true(draw)


def test_candidates_are_not_drawn_and_colleagues_step_aside(reviewing: Reviewing) -> None:
    applicant = reviewing.apply()
    other = reviewing.apply()
    himself: Account = reviewing.reviewers[0]
    himself.person_id = applicant.person_id
    for one in reviewing.reviewers[1:]:
        one.employer_id = other.employer_id
    db.session.commit()
    known = {one.id: one for one in panels.pool_of(reviewing.round_id)}
    assert known[himself.id].barred
    assert not any(known[one.id].barred for one in reviewing.reviewers[1:])
    panels.draw_panel(reviewing.one(), reviewing.round_id, "seed")
    seats = panels.panel_of(reviewing.round_id)
    assert himself.id not in {one.account_id for one in seats}
    recused = db.session.query(SelectionRecusal).all()
    assert {(one.reviewer_id, one.application_id) for one in recused} >= {
        (one.id, other.id) for one in seats if one.account.employer_id == other.employer_id
    }


def test_a_review_waits_for_the_deadline_the_panel_and_the_chain(reviewing: Reviewing) -> None:
    reviewing.apply()
    with pytest.raises(Refused, match="come in until"):
        panels.start_review(reviewing.story.first(), reviewing.round_id)
    with pytest.raises(Refused, match="Draw the panel"):
        panels.start_review(reviewing.one(), reviewing.round_id)
    panels.draw_panel(reviewing.one(), reviewing.round_id)
    reviewing.apply(state=ApplicationState.CHECKING)
    with pytest.raises(Refused, match="still being checked"):
        panels.start_review(reviewing.one(), reviewing.round_id)
    panels.start_review(reviewing.one(), reviewing.round_id, reason="评审会已定")
    assert reviewing.story.round.state is RoundState.REVIEW


def test_sheets_are_saved_as_typed_signed_and_opened_with_a_reason(reviewing: Reviewing) -> None:
    first, second = reviewing.apply(), reviewing.apply()
    panels.draw_panel(reviewing.one(), reviewing.round_id)
    panels.start_review(reviewing.one(), reviewing.round_id)
    seat = reviewing.panel()[0]
    by = reviewing.by(seat)
    with pytest.raises(Refused, match="Promise secrecy"):
        sheets.save_sheet(by, first.id, {"skill": "50"})
    panels.pledge(by, reviewing.round_id, [second.id])
    with pytest.raises(Missing):
        sheets.save_sheet(by, second.id, {"skill": "50"})
    with pytest.raises(Refused):
        sheets.save_sheet(by, first.id, {"skill": "61"})
    version = sheets.save_sheet(by, first.id, {"skill": "50", "work": ""}, "手艺扎实")
    with pytest.raises(Refused, match="Not marked yet"):
        sheets.sign_sheet(by, first.id)
    with pytest.raises(Refused):
        sheets.save_sheet(by, first.id, {"skill": "51"}, version=version - 1)
    sheets.save_sheet(by, first.id, {"skill": "50", "work": "30.5"}, version=version)
    own = sheets.list_own(seat.account_id, reviewing.round_id)
    assert [(one.state, one.total) for one in own.rows] == [
        ("complete", Decimal("80.5")),
        ("recused", None),
    ]
    sheet_id = sheets.sign_sheet(by, first.id)
    with pytest.raises(Refused, match="signed"):
        sheets.save_sheet(by, first.id, {"skill": "10"})
    sheets.reopen_sheet(reviewing.one(), sheet_id, reason="录入有误")
    sheets.save_sheet(by, first.id, {"skill": "49", "work": "30.5"})
    row = db.session.get_one(SelectionSheet, sheet_id)
    assert (row.signed_at, row.reopened_reason) == (None, "录入有误")


def test_nobody_sees_totals_before_all_have_signed(reviewing: Reviewing) -> None:
    row = reviewing.apply()
    reviewing.begin()
    first, *others = reviewing.panel()
    for seat, total in zip((first, *others), (90, 70, 80), strict=True):
        found = sheets.overview(reviewing.round_id)
        assert found.scored[0].total is None and found.open_sheets
        marks = {"skill": str(total - 40), "work": "40"}
        sheets.save_sheet(reviewing.by(seat), row.id, marks)
        sheets.sign_sheet(reviewing.by(seat), row.id)
    found = sheets.overview(reviewing.round_id)
    total = found.scored[0].total
    assert total is not None and total.total == Decimal("80.00") and total.flagged
    assert (found.scored[0].rank, found.open_sheets) == (1, 0)


def test_a_proposal_keeps_floors_says_why_and_needs_two_people(build: Builder) -> None:
    quota = Quota(
        key="line",
        title="一线职工不少于60%",
        all_of=(Works(posts=(Post.FRONT_LINE,)),),
        at_least="60%",
    )
    reviewing = Reviewing(build, quotas=(quota,))
    offices = [reviewing.apply().id for _ in range(3)]
    lines = [reviewing.apply(Post.FRONT_LINE).id for _ in range(3)]
    reviewing.begin()
    with pytest.raises(Blocked) as blocked:
        proposals.make_proposal(reviewing.one(), reviewing.round_id)
    assert [one.params.get("count") for one in blocked.value.problems] == [18]
    reviewing.mark(dict(zip((*offices, *lines), (95, 90, 85, 80, 75, 70), strict=True)))
    proposal_id = proposals.make_proposal(reviewing.one(), reviewing.round_id)
    proposal = proposals.get_proposal(proposal_id)
    found = {one.id: one for one in proposals.lines_of(proposal)}
    assert {key: one.tier for key, one in found.items() if one.tier} == {
        offices[0]: "gold",
        lines[0]: "silver",
        lines[1]: "silver",
    }
    assert [one.kind for one in found[offices[1]].reasons] == ["out_by_floor", "out_by_places"]
    assert proposal.quotas == [
        {"kind": "floor", "key": "line", "limit": 2, "reached": 2, "of": 3, "short": 0}
    ]
    with pytest.raises(Refused, match="Somebody else"):
        proposals.approve(reviewing.one(), proposal_id)
    proposals.approve(reviewing.two(), proposal_id)
    assert reviewing.story.round.state is RoundState.PROPOSED
    states = {key: db.session.get_one(SelectionApplication, key).state for key in found}
    assert {key for key, state in states.items() if state is ApplicationState.CHOSEN} == {
        offices[0],
        lines[0],
        lines[1],
    }
    assert proposals.get_proposal(proposal_id).revision_id is not None


def test_equal_totals_at_the_edge_are_parted_by_a_decision(reviewing: Reviewing) -> None:
    ids = [reviewing.apply().id for _ in range(4)]
    reviewing.begin()
    reviewing.mark(dict(zip(ids, (90, 85, 80, 80), strict=True)))
    with pytest.raises(Undecided) as tied:
        proposals.make_proposal(reviewing.one(), reviewing.round_id)
    assert tied.value.groups == (tuple(ids[2:]),)
    decision = Decision(
        kind="place", order=(ids[3], ids[2]), reason="评委会复议", decided_by="主任委员"
    )
    first = proposals.make_proposal(reviewing.one(), reviewing.round_id, decisions=[decision])
    second = proposals.make_proposal(reviewing.one(), reviewing.round_id)
    assert proposals.get_proposal(first).state is ProposalState.SUPERSEDED
    found = proposals.lines_of(proposals.get_proposal(second))
    assert {one.id: (one.tier, one.before) for one in found}[ids[3]] == ("silver", "silver")
    reopened = db.session.query(SelectionSheet).first()
    assert reopened is not None
    sheets.reopen_sheet(reviewing.one(), reopened.id, reason="复核")
    with pytest.raises(Blocked):
        proposals.approve(reviewing.two(), second)


def test_lists_take_as_many_statements_for_many_as_for_one(
    reviewing: Reviewing, statements: Any
) -> None:
    reviewing.apply()
    reviewing.begin()
    account_id = reviewing.panel()[0].account_id
    db.session.expunge_all()
    with statements() as few:
        sheets.list_own(account_id, reviewing.round_id)
        sheets.overview(reviewing.round_id)
    for _ in range(3):
        reviewing.apply()
    db.session.expunge_all()
    with statements() as more:
        sheets.list_own(account_id, reviewing.round_id)
        sheets.overview(reviewing.round_id)
    assert len(few) == len(more) <= 12
