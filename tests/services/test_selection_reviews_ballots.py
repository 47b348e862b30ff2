"""Secret ballots of a panel, from the opening to the run-off."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionRecusal, SelectionReviewer, SelectionVote
from rules.refusals import Missing, Refused
from rules.selection_rounds import Review
from rules.selections import BallotState, RoundState
from services import selection_reviews_ballots as ballots
from services.acting import Actor
from tests.builders import Builder
from tests.selection_story import SelectionStory, at, plain_rules

REVIEW = Review(
    method="ballot",
    reviewers=5,
    reserves=0,
    drop_high=0,
    drop_low=0,
    surplus_percent=Decimal(20),
    most_ballots=2,
)


class Room:
    """A round under review by ballot, with five reviewers and six candidates."""

    def __init__(self, build: Builder) -> None:
        self.story = SelectionStory(build)
        self.story.published(plain_rules(review=REVIEW))
        self.candidates = self.story.qualified(*"甲乙丙丁戊己")
        self.panel = self.story.panel(5)
        self.staff = Actor(self.story.one.id, at(self.story.start + timedelta(days=32)))

    def opened(self, places: int = 2, *, of: int = 6) -> int:
        ids = [one.id for one in self.candidates[:of]]
        return ballots.open_ballot(
            self.staff, self.story.round_id, tier="gold", places=places, application_ids=ids
        )

    def vote(self, ballot_id: int, account: Account, *chosen: SelectionApplication) -> None:
        by = self.story.reviewer(account)
        ballots.vote(by, ballot_id, [one.id for one in chosen])


@pytest.fixture
def room(build: Builder) -> Room:
    """A panel that can vote."""
    return Room(build)


def test_two_are_elected_by_more_than_half_and_the_third_place_goes_to_a_run_off(
    room: Room,
) -> None:
    a, b, c, d, *_ = room.candidates
    ballot_id = room.opened(3)
    for account, paper in zip(room.panel, [(a, b), (a, b), (a, b), (a, c), (d,)], strict=True):
        room.vote(ballot_id, account, *paper)
    ballots.count_ballot(room.staff, ballot_id)
    found = ballots.outcome_of(ballots.get_ballot(ballot_id))
    assert found.elected == (a.id, b.id) and found.open_places == 1
    again = ballots.open_run_off(room.staff, ballot_id)
    assert set(ballots.get_ballot(again).candidates) == {c.id, d.id}
    for account, one in zip(room.panel, [c, c, c, d, d], strict=True):
        room.vote(again, account, one)
    ballots.count_ballot(room.staff, again)
    elected = ballots.elected_of(room.story.round_id)
    assert {key: (one.tier, one.number) for key, one in elected.items()} == {
        a.id: ("gold", 1),
        b.id: ("gold", 1),
        c.id: ("gold", 2),
    }
    with pytest.raises(Refused, match="allow 2 ballots"):
        ballots.open_run_off(room.staff, again)


@pytest.mark.parametrize(("places", "of"), [(5, 5), (2, 2), (0, 3)])
def test_a_ballot_without_a_surplus_is_refused(room: Room, places: int, of: int) -> None:
    with pytest.raises(Refused):
        room.opened(places, of=of)


def test_only_one_ballot_is_open_at_a_time(room: Room) -> None:
    room.opened()
    with pytest.raises(Refused, match="Ballot 1 is open"):
        room.opened()


def test_a_reviewer_votes_once_within_the_places_and_among_those_who_stand(room: Room) -> None:
    first, other = room.panel[:2]
    a, b, c, *_ = room.candidates
    ballot_id = room.opened(2, of=5)
    with pytest.raises(Refused, match="at most 2"):
        room.vote(ballot_id, first, a, b, c)
    with pytest.raises(Refused, match="candidates of this ballot"):
        room.vote(ballot_id, first, room.candidates[5])
    room.vote(ballot_id, first)
    with pytest.raises(Refused, match="have voted"):
        room.vote(ballot_id, first, a)
    assert ballots.turnout([ballot_id]) == {ballot_id: 1}
    assert [one.id for one in ballots.waiting_for(other.id)] == [ballot_id]
    assert not ballots.waiting_for(first.id)


def test_who_is_kept_from_a_candidate_cannot_choose_him(room: Room) -> None:
    account, candidate = room.panel[0], room.candidates[0]
    seat = db.session.scalars(
        select(SelectionReviewer).where(SelectionReviewer.account_id == account.id)
    ).one()
    row = SelectionRecusal(reviewer_id=seat.id, application_id=candidate.id, kind="kin")
    row.recorded_at = seat.seated_at
    db.session.add(row)
    db.session.commit()
    ballot_id = room.opened()
    with pytest.raises(Refused, match="conflict"):
        room.vote(ballot_id, account, candidate)
    room.vote(ballot_id, account, room.candidates[1])


def test_nobody_but_the_panel_votes_and_only_after_the_promise(build: Builder) -> None:
    room = Room(build)
    ballot_id = room.opened()
    with pytest.raises(Missing):
        ballots.vote(room.staff, ballot_id, [])
    seat = db.session.scalars(select(SelectionReviewer).order_by(SelectionReviewer.id)).first()
    assert seat is not None
    seat.pledged_at = None
    db.session.commit()
    with pytest.raises(Refused, match="secrecy"):
        room.vote(ballot_id, room.panel[0])


def test_too_few_votes_are_not_counted(room: Room) -> None:
    ballot_id = room.opened()
    for account in room.panel[:3]:
        room.vote(ballot_id, account, room.candidates[0])
    with pytest.raises(Refused, match="4 of 5"):
        ballots.count_ballot(room.staff, ballot_id)
    room.vote(ballot_id, room.panel[3])
    ballots.count_ballot(room.staff, ballot_id)
    with pytest.raises(Refused, match="closed"):
        room.vote(ballot_id, room.panel[4])


def test_a_void_ballot_counts_for_nothing(room: Room) -> None:
    ballot_id = room.opened()
    for account in room.panel:
        room.vote(ballot_id, account, room.candidates[0])
    ballots.count_ballot(room.staff, ballot_id)
    ballots.void_ballot(room.staff, ballot_id, reason="名单有误")
    assert ballots.get_ballot(ballot_id).state is BallotState.VOID
    assert not ballots.elected_of(room.story.round_id)
    with pytest.raises(Refused, match="void already"):
        ballots.void_ballot(room.staff, ballot_id, reason="再次")


def test_no_ballot_outside_the_review(room: Room) -> None:
    room.story.round.state = RoundState.OPEN
    db.session.commit()
    with pytest.raises(Refused, match="under review"):
        room.opened()


def test_nothing_in_the_database_joins_a_paper_to_its_voter(room: Room) -> None:
    """All papers are written anew with each vote; the record and the table tell no name."""
    ballot_id = room.opened()
    keys: set[str] = set()
    for account, candidate in zip(room.panel, room.candidates, strict=False):
        room.vote(ballot_id, account, candidate)
        papers = db.session.scalars(select(SelectionVote)).all()
        assert not keys & {one.key for one in papers}
        keys |= {one.key for one in papers}
    wanted = sorted([one.id] for one in room.candidates[:5])
    assert sorted(one.chosen for one in papers) == wanted
    records = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "vote")).all()
    assert len(records) == 5 and all(one.after == {"number": 1} for one in records)
    assert set(SelectionVote.__table__.columns.keys()) == {"key", "ballot_id", "chosen"}
