"""Secret ballots of a panel: opened, voted, counted, and their run-offs (R5.15)."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom

from sqlalchemy import ColumnElement, delete, func, select

from models.database import db
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import (
    SelectionBallot,
    SelectionReviewer,
    SelectionVote,
    SelectionVoter,
)
from models.selections import SelectionRound
from rules.refusals import Missing, Refused, check_reason
from rules.selection_ballots import (
    Outcome,
    candidate_problem,
    count_papers,
    quorum_problem,
    run_off,
)
from rules.selection_rounds import RoundRules
from rules.selections import BallotState, ReviewerState
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.selection_reviews import own_seat, voters_of
from services.selection_reviews_seats import (
    check_pledged,
    check_reviewing,
    spared_of,
)
from services.selection_reviews_sheets import REVIEWED
from services.transaction import transaction

METHODS = ("ballot", "sheet_and_ballot")
_RANDOM = SystemRandom()


@transaction
def open_ballot(
    by: Actor, round_id: int, *, tier: str, places: int, application_ids: Collection[int]
) -> int:
    """Open a ballot for places of a tier, with more candidates than places; return its id."""
    row = selections.lock_round(round_id)
    rules = _ballot_rules(row)
    if tier and tier not in {one.key for one in rules.tiers}:
        raise Refused(N_("Choose one of the tiers."), "tier")
    if places < 1:
        raise Refused(N_("A ballot has at least one place."), "places")
    wanted = sorted(set(application_ids))
    if not set(wanted) <= candidates_of(round_id).keys():
        raise Refused(N_("Only qualified candidates of this round can stand."), "candidates")
    if (problem := candidate_problem(rules.review, places, len(wanted))) is not None:
        raise problem
    return _add(by, round_id, tier, places, wanted, None)


@transaction
def open_run_off(by: Actor, ballot_id: int) -> int:
    """Open the run-off for the places that a counted ballot left open."""
    first = _locked(ballot_id)
    row = selections.lock_round(first.round_id)
    rules = _ballot_rules(row)
    if first.state is not BallotState.COUNTED:
        raise Refused(N_("Count the ballot first."))
    if _later(first.id) is not None:
        raise Refused(N_("The run-off of this ballot is there already."))
    if _length(first) >= rules.review.most_ballots:
        raise Refused(
            N_("The rules allow %(most)s ballots; places that are left stay open."),
            most=rules.review.most_ballots,
        )
    outcome = outcome_of(first)
    standing = [one for one in run_off(rules.review, outcome) if one in candidates_of(row.id)]
    if len(standing) <= outcome.open_places:
        raise Refused(N_("No run-off is possible: no place is open, or too few can stand."))
    return _add(by, row.id, first.tier, outcome.open_places, standing, first.id)


def _ballot_rules(row: SelectionRound) -> RoundRules:
    check_reviewing(row)
    rules = selections.rules_of(row)
    if rules.review.method not in METHODS:
        raise Refused(N_("This round is reviewed without ballots."))
    if not voters_of(row.id):
        raise Refused(N_("The panel has no reviewer yet."))
    open_one = select(SelectionBallot.number).where(
        SelectionBallot.round_id == row.id, SelectionBallot.state == BallotState.OPEN
    )
    if (number := db.session.scalar(open_one.limit(1))) is not None:
        raise Refused(N_("Ballot %(number)s is open: count or void it first."), number=number)
    return rules


def _add(
    by: Actor,
    round_id: int,
    tier: str,
    places: int,
    wanted: Sequence[int],
    follows_id: int | None,
) -> int:
    last = select(func.max(SelectionBallot.number)).where(SelectionBallot.round_id == round_id)
    ballot = SelectionBallot(
        round_id=round_id,
        number=(db.session.scalar(last) or 0) + 1,
        tier=tier,
        follows_id=follows_id,
        places=places,
        candidates=list(wanted),
        outcome={},
        state=BallotState.OPEN,
        opened_at=by.now,
        opened_by_id=by.account_id,
    )
    db.session.add(ballot)
    db.session.flush()
    after = {"number": ballot.number, "tier": tier, "places": places, "candidates": list(wanted)}
    audits.record(by, "open_ballot", "selection_ballot", ballot.id, after=after)
    return ballot.id


@transaction
def vote(by: Actor, ballot_id: int, chosen: Collection[int]) -> int:
    """Cast a secret paper; none chosen is a blank one. Return the ballot's id.

    All papers of the ballot are shuffled anew with each one cast: where they lie in the database,
    and which act wrote them last, says nothing about whose they are.
    """
    ballot = _locked(ballot_id)
    seat = own_seat(by.account_id, ballot.round_id)
    check_pledged(seat)
    if ballot.state is not BallotState.OPEN:
        raise Refused(N_("This ballot is closed."))
    if _has_voted(ballot_id, seat.id):
        raise Refused(N_("You have voted in this ballot."))
    names = set(chosen)
    if not names <= set(ballot.candidates):
        raise Refused(N_("Choose among the candidates of this ballot."), "chosen")
    if len(names) > ballot.places:
        raise Refused(N_("Choose at most %(places)s."), "chosen", places=ballot.places)
    if names & spared_of([seat.id])[seat.id]:
        raise Refused(N_("You are kept from one of these candidates by a conflict."), "chosen")
    db.session.add(SelectionVoter(ballot_id=ballot_id, reviewer_id=seat.id))
    _shuffle_in(ballot_id, sorted(names))
    audits.record(by, "vote", "selection_ballot", ballot_id, after={"number": ballot.number})
    return ballot_id


def _shuffle_in(ballot_id: int, paper: list[int]) -> None:
    papers = [*_papers(ballot_id), paper]
    db.session.execute(delete(SelectionVote).where(SelectionVote.ballot_id == ballot_id))
    _RANDOM.shuffle(papers)
    db.session.add_all(
        SelectionVote(key=secrets.token_hex(16), ballot_id=ballot_id, chosen=one) for one in papers
    )
    db.session.flush()


def _papers(ballot_id: int) -> list[list[int]]:
    query = select(SelectionVote.chosen).where(SelectionVote.ballot_id == ballot_id)
    return [list(one) for one in db.session.scalars(query.order_by(SelectionVote.key))]


@transaction
def count_ballot(by: Actor, ballot_id: int) -> int:
    """Count a ballot once enough of the panel have voted; nobody votes in it afterwards."""
    ballot = _locked(ballot_id)
    if ballot.state is not BallotState.OPEN:
        raise Refused(N_("This ballot is closed."))
    review = selections.rules_of(selections.get_round(ballot.round_id)).review
    papers = _papers(ballot_id)
    seats = len(voters_of(ballot.round_id))
    if (problem := quorum_problem(review, seats, len(papers))) is not None:
        raise problem
    found = count_papers(ballot.candidates, ballot.places, papers, review.majority_percent)
    ballot.outcome = _stored(found)
    ballot.state, ballot.counted_at = BallotState.COUNTED, by.now
    after = {"number": ballot.number, "cast": found.cast, "elected": list(found.elected)}
    audits.record(by, "count_ballot", "selection_ballot", ballot_id, after=after)
    return ballot_id


@transaction
def void_ballot(by: Actor, ballot_id: int, *, reason: str) -> int:
    """Void a ballot that went wrong; it stays in the record, and counts for nothing."""
    check_reason(reason)
    ballot = _locked(ballot_id)
    check_reviewing(selections.lock_round(ballot.round_id))
    if ballot.state is BallotState.VOID:
        raise Refused(N_("This ballot is void already."))
    if _later(ballot.id) is not None:
        raise Refused(N_("Void its run-off first."))
    before = {"state": ballot.state}
    ballot.state, ballot.reason = BallotState.VOID, reason.strip()
    after = {"number": ballot.number, "state": ballot.state, "reason": ballot.reason}
    audits.record(by, "void_ballot", "selection_ballot", ballot_id, before=before, after=after)
    return ballot_id


def _stored(found: Outcome) -> dict[str, object]:
    return {
        "votes": {str(key): value for key, value in found.votes.items()},
        "elected": list(found.elected),
        "tied": list(found.tied),
        "open_places": found.open_places,
        "cast": found.cast,
        "spoiled": found.spoiled,
        "blank": found.blank,
        "needed": found.needed,
    }


def outcome_of(ballot: SelectionBallot) -> Outcome:
    """Return the count of a ballot as it was stored."""
    own = ballot.outcome
    return Outcome(
        votes={int(key): value for key, value in own["votes"].items()},
        elected=tuple(own["elected"]),
        tied=tuple(own["tied"]),
        open_places=own["open_places"],
        cast=own["cast"],
        spoiled=own["spoiled"],
        blank=own["blank"],
        needed=own["needed"],
    )


def _locked(ballot_id: int) -> SelectionBallot:
    found = db.session.get(SelectionBallot, ballot_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(ballot_id)
    return found


def _has_voted(ballot_id: int, reviewer_id: int) -> bool:
    query = select(SelectionVoter.id).where(
        SelectionVoter.ballot_id == ballot_id, SelectionVoter.reviewer_id == reviewer_id
    )
    return db.session.scalar(query) is not None


def _later(ballot_id: int) -> int | None:
    query = select(SelectionBallot.id).where(
        SelectionBallot.follows_id == ballot_id, SelectionBallot.state != BallotState.VOID
    )
    return db.session.scalar(query.limit(1))


def _length(ballot: SelectionBallot) -> int:
    """Return how many ballots a chain has up to this one."""
    length, one = 1, ballot
    while one.follows_id is not None:
        length, one = length + 1, db.session.get_one(SelectionBallot, one.follows_id)
    return length


def get_ballot(ballot_id: int) -> SelectionBallot:
    """Return a ballot; raise Missing."""
    found = db.session.get(SelectionBallot, ballot_id)
    if found is None:
        raise Missing(ballot_id)
    return found


def list_ballots(round_id: int) -> Sequence[SelectionBallot]:
    """List the ballots of a round, the first one first."""
    query = select(SelectionBallot).where(SelectionBallot.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionBallot.number)).all()


@dataclass(frozen=True)
class Name:
    """A candidate as a ballot names him."""

    number: int | None
    name: str
    unit: str
    tier: str


def candidates_of(round_id: int) -> dict[int, Name]:
    """Return the candidates who can stand in a round, in the order of their numbers."""
    own = SelectionApplication
    return _names(own.round_id == round_id, own.state.in_(REVIEWED))


def names_of(ids: Collection[int]) -> dict[int, Name]:
    """Return how these applications are named, whatever became of them."""
    return _names(SelectionApplication.id.in_(ids))


def _names(*where: ColumnElement[bool]) -> dict[int, Name]:
    own = SelectionApplication
    query = (
        select(own.id, own.number, Person.name, Employer.title, own.tier)
        .join(Person, Person.id == own.person_id)
        .outerjoin(Employer, Employer.id == own.employer_id)
        .where(*where)
        .order_by(own.number, own.id)
    )
    return {key: Name(number, name, unit or "", tier)
            for key, number, name, unit, tier in db.session.execute(query)}  # fmt: skip


def turnout(ballot_ids: Collection[int]) -> dict[int, int]:
    """Return how many have voted in each ballot."""
    query = (
        select(SelectionVoter.ballot_id, func.count())
        .where(SelectionVoter.ballot_id.in_(ballot_ids))
        .group_by(SelectionVoter.ballot_id)
    )
    return {ballot_id: count for ballot_id, count in db.session.execute(query)}


def voters(ballot_id: int) -> set[int]:
    """Return the reviewers who have voted; what they voted nobody can say."""
    query = select(SelectionVoter.reviewer_id).where(SelectionVoter.ballot_id == ballot_id)
    return set(db.session.scalars(query))


def waiting_for(account_id: int) -> Sequence[SelectionBallot]:
    """List the open ballots in which an account has not voted yet."""
    voted = select(SelectionVoter.ballot_id).where(
        SelectionVoter.reviewer_id == SelectionReviewer.id,
        SelectionVoter.ballot_id == SelectionBallot.id,
    )
    query = (
        select(SelectionBallot)
        .join(SelectionReviewer, SelectionReviewer.round_id == SelectionBallot.round_id)
        .where(SelectionReviewer.account_id == account_id, ~SelectionReviewer.reserve)
        .where(
            SelectionReviewer.state == ReviewerState.SEATED,
            SelectionBallot.state == BallotState.OPEN,
        )
        .where(~voted.exists())
    )
    return db.session.scalars(query.order_by(SelectionBallot.id)).all()


@dataclass(frozen=True)
class Elected:
    """What the ballots of a round say of a candidate: the tier, and votes in the last ballot."""

    tier: str
    number: int
    votes: int


def elected_of(round_id: int) -> Mapping[int, Elected]:
    """Return who is elected by the counted ballots of a round, the first ballots first."""
    found: dict[int, Elected] = {}
    for ballot in list_ballots(round_id):
        if ballot.state is BallotState.COUNTED:
            own = outcome_of(ballot)
            for one in own.elected:
                found.setdefault(one, Elected(ballot.tier, ballot.number, own.votes[one]))
    return found
