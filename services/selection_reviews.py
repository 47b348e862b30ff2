"""The panel of a selection: drawn by lot, replaced, pledged; the start of the review (R5.15)."""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account, RoleGrant
from models.database import db
from models.mentorships import Mentorship
from models.people import Employer, Person
from models.selection_applications import SelectionApplication
from models.selection_reviews import SelectionDraw, SelectionRecusal, SelectionReviewer
from models.selections import SelectionRound
from rules.access import Role
from rules.conflicts import (
    Conflict,
    ConflictKind,
    EntryFacts,
    JudgeFacts,
    Tie,
    bars_event,
    conflicts,
    hardest,
)
from rules.refusals import Missing, Refused, check_reason
from rules.seatings import Chair, Lot, draw_seats
from rules.selections import ROUND_MOVES, ApplicationState, ReviewerState, RoundState
from rules.states import moved
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.judges_relations import ties_of
from services.transaction import transaction

POOL = "reviewer"
_SEED = re.compile(r"[0-9A-Za-z .:\-]{4,64}")
_SEATING = (RoundState.OPEN, RoundState.REVIEW)
IN_CHAIN = (ApplicationState.CHECKING, ApplicationState.RETURNED)
_WHO = (load_only(Account.title, Account.username), lazyload(Account.grants))


@dataclass(frozen=True)
class PanelMember:
    """Somebody of the pool, with the applications that he may not review."""

    id: int
    title: str
    unit: str
    employer_id: int | None
    conflicts: tuple[Conflict, ...]

    @property
    def barred(self) -> bool:
        """Say whether this person cannot sit on the panel at all: a candidate himself."""
        return bars_event(self.conflicts)


def pool_of(round_id: int) -> list[PanelMember]:
    """List the accounts that can be drawn as reviewers, with their conflicts, by name."""
    query = (
        select(Account.id, Account.title, Account.employer_id, Employer.title)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Employer, Employer.id == Account.employer_id)
        .where(RoleGrant.role == Role.REVIEWER, Account.active)
        .distinct()
        .order_by(Account.title, Account.id)
    )
    rows = db.session.execute(query).all()
    found = find_conflicts(round_id, [row[0] for row in rows])
    return [PanelMember(row[0], row[1], row[3] or "", row[2], found[row[0]]) for row in rows]


def find_conflicts(round_id: int, account_ids: Collection[int]) -> dict[int, tuple[Conflict, ...]]:
    """Find the conflicts of accounts with the applications of a round, in five statements."""
    applications = _applications(round_id)
    people = {person for one in applications for person in one.members or {}}
    return {
        one.account_id: conflicts(one, applications, "entry") for one in _facts(account_ids, people)
    }


def _facts(account_ids: Collection[int], people: Collection[int]) -> list[JudgeFacts]:
    query = select(Account.id, Account.person_id, Account.employer_id, Person.employer_id)
    query = query.outerjoin(Person, Person.id == Account.person_id)
    rows = db.session.execute(query.where(Account.id.in_(account_ids))).all()
    declared = ties_of(account_ids)
    taught = _taught({row[1] for row in rows if row[1] is not None}, people)
    return [
        JudgeFacts(
            key,
            person,
            frozenset(one for one in (own, works) if one is not None),
            # An entry that somebody declared is one of a contest, not an application.
            (*(t for t in declared.get(key, ()) if t.entry_id is None), *taught.get(person, ())),
        )
        for key, person, own, works in rows
    ]


def _taught(own: Collection[int], people: Collection[int]) -> dict[int | None, list[Tie]]:
    """Return masters and apprentices of some people, as the register knows them."""
    query = select(Mentorship.mentor_id, Mentorship.apprentice_id).where(
        Mentorship.mentor_id.in_(own) | Mentorship.apprentice_id.in_(own)
    )
    found: dict[int | None, list[Tie]] = {}
    for mentor, apprentice in db.session.execute(query):
        for one, other in ((mentor, apprentice), (apprentice, mentor)):
            if one in own and other in people:
                found.setdefault(one, []).append(Tie(ConflictKind.MENTOR, person_id=other))
    return found


def _applications(round_id: int) -> list[EntryFacts]:
    states = (*IN_CHAIN, ApplicationState.QUALIFIED)
    query = (
        select(
            SelectionApplication.id,
            SelectionApplication.employer_id,
            Employer.title,
            Person.id,
            Person.name,
        )
        .join(Person, Person.id == SelectionApplication.person_id)
        .outerjoin(Employer, Employer.id == SelectionApplication.employer_id)
        .where(SelectionApplication.round_id == round_id, SelectionApplication.state.in_(states))
        .order_by(SelectionApplication.id)
    )
    return [
        EntryFacts(key, employer_id, employer or "", {person_id: name})
        for key, employer_id, employer, person_id, name in db.session.execute(query)
    ]


def panel_of(round_id: int, *, all_of: bool = False) -> Sequence[SelectionReviewer]:
    """List the seats of a panel by number, reserves last; with ``all_of`` those who left too."""
    query = (
        select(SelectionReviewer)
        .options(joinedload(SelectionReviewer.account).options(*_WHO))
        .where(SelectionReviewer.round_id == round_id)
        .order_by(SelectionReviewer.number, SelectionReviewer.id)
    )
    if not all_of:
        query = query.where(SelectionReviewer.state == ReviewerState.SEATED)
    return db.session.scalars(query).all()


@transaction
def draw_panel(by: Actor, round_id: int, seed: str = "") -> int:
    """Fill the free seats and reserves of a panel by lot; return the id of the protocol.

    With the seed everybody gets the same seats again. Candidates are not drawn; who has a conflict
    with some of them is drawn after others, and does not review those.
    """
    row = _locked_for_panel(round_id)
    seed = " ".join(seed.split()) or secrets.token_hex(16)
    if not _SEED.fullmatch(seed):
        raise Refused(N_("A seed has 4 to 64 letters, digits, spaces or hyphens."), field="seed")
    chairs, kept = _chairs(row), {one.account_id for one in panel_of(round_id)}
    if not chairs:
        raise Refused(N_("No seat of the panel is free."))
    pool = [one for one in pool_of(round_id) if not one.barred and one.id not in kept]
    lots = [
        Lot(one.id, POOL, one.employer_id, len({c.entry_id for c in one.conflicts})) for one in pool
    ]
    drawn = draw_seats(chairs, lots, seed).placed
    if not drawn:
        raise Refused(N_("Nobody can be drawn: no reviewer without conflict is free."))
    known = {one.id: one.conflicts for one in pool}
    for chair, account_id in sorted(drawn.items()):
        _seat(by, row, chair.number, account_id, known[account_id])
    return _keep(by, row, seed, chairs, lots, drawn)


def _locked_for_panel(round_id: int) -> SelectionRound:
    row = selections.lock_round(round_id)
    if row.state not in _SEATING:
        raise Refused(N_("The panel is put together while the round is open or under review."))
    return row


def _chairs(row: SelectionRound) -> list[Chair]:
    review = selections.rules_of(row).review
    taken = {one.number for one in panel_of(row.id)}
    numbers = range(1, review.reviewers + review.reserves + 1)
    return [Chair("panel", number, POOL) for number in numbers if number not in taken]


def _seat(
    by: Actor, row: SelectionRound, number: int, account_id: int, found: Iterable[Conflict]
) -> SelectionReviewer:
    seat = SelectionReviewer(
        round_id=row.id,
        account_id=account_id,
        number=number,
        reserve=number > selections.rules_of(row).review.reviewers,
        seated_at=by.now,
    )
    db.session.add(seat)
    db.session.flush()
    _recuse(by, seat, found)
    return seat


def _recuse(by: Actor, seat: SelectionReviewer, found: Iterable[Conflict]) -> int:
    """Part: keep a reviewer from the applications that he has a conflict with; count the new."""
    listed = [*found]
    query = select(SelectionRecusal.application_id)
    known = {*db.session.scalars(query.where(SelectionRecusal.reviewer_id == seat.id))}
    fresh = sorted({one.entry_id for one in listed} - known)
    for key in fresh:
        worst = hardest([one for one in listed if one.entry_id == key])
        assert worst is not None
        db.session.add(
            SelectionRecusal(
                reviewer_id=seat.id, application_id=key, kind=worst.kind, recorded_at=by.now
            )
        )
    return len(fresh)


def _keep(
    by: Actor,
    row: SelectionRound,
    seed: str,
    chairs: Sequence[Chair],
    lots: Sequence[Lot],
    drawn: Mapping[Chair, int],
) -> int:
    protocol = {
        "chairs": [asdict(one) for one in chairs],
        "lots": [asdict(one) for one in lots],
        "placed": [[asdict(chair), account_id] for chair, account_id in sorted(drawn.items())],
    }
    draw = SelectionDraw(
        round_id=row.id,
        seed=seed,
        protocol=protocol,
        digest=_digest(seed, protocol),
        drawn_at=by.now,
        drawn_by_id=by.account_id,
    )
    db.session.add(draw)
    db.session.flush()
    after = {"seed": seed, "seats": len(drawn), "digest": draw.digest}
    audits.record(by, "draw_panel", "selection_round", row.id, after=after)
    return draw.id


def _digest(seed: str, protocol: Mapping[str, object]) -> str:
    text = json.dumps([seed, protocol], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_true(draw: SelectionDraw) -> bool:
    """Draw once more from what the protocol holds, and say whether the same seats come out."""
    chairs = [Chair(**one) for one in draw.protocol["chairs"]]
    lots = [Lot(**one) for one in draw.protocol["lots"]]
    again = draw_seats(chairs, lots, draw.seed).placed
    stored = {Chair(**chair): account_id for chair, account_id in draw.protocol["placed"]}
    return dict(again) == stored and _digest(draw.seed, draw.protocol) == draw.digest


def list_draws(round_id: int) -> Sequence[SelectionDraw]:
    """List the protocols of a panel, the latest first."""
    query = select(SelectionDraw).where(SelectionDraw.round_id == round_id)
    return db.session.scalars(query.order_by(SelectionDraw.id.desc())).all()


@transaction
def replace_reviewer(by: Actor, reviewer_id: int, *, reason: str) -> int:
    """Take somebody off the panel; the first reserve moves up. Return the round's id."""
    check_reason(reason)
    return _leave(by, _locked_seat(reviewer_id), ReviewerState.REPLACED, "replace_reviewer", reason)


@transaction
def decline_seat(by: Actor, reviewer_id: int, *, reason: str) -> int:
    """Decline one's own seat; the first reserve moves up. Return the round's id."""
    check_reason(reason)
    seat = _locked_seat(reviewer_id)
    if seat.account_id != by.account_id:
        raise Missing(reviewer_id)
    return _leave(by, seat, ReviewerState.DECLINED, "decline_seat", reason)


def _leave(
    by: Actor, seat: SelectionReviewer, state: ReviewerState, action: str, reason: str
) -> int:
    row = _locked_for_panel(seat.round_id)
    if seat.state is not ReviewerState.SEATED:
        raise Refused(N_("This seat is free already."))
    seat.state, seat.reason = state, reason
    db.session.flush()
    after: dict[str, object] = {"reason": reason, "number": seat.number}
    if not seat.reserve:
        first = next((one for one in panel_of(row.id) if one.reserve), None)
        if first is not None:
            first.number, first.reserve = seat.number, False
            after["moved_up"] = first.id
    db.session.flush()
    audits.record(by, action, "selection_reviewer", seat.id, after=after)
    return row.id


def _locked_seat(reviewer_id: int) -> SelectionReviewer:
    row = db.session.get(
        SelectionReviewer, reviewer_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Missing(reviewer_id)
    return row


@transaction
def pledge(by: Actor, round_id: int, conflicts_with: Collection[int] = ()) -> int:
    """Promise secrecy and name one's conflicts, before the first dossier is opened."""
    seat = own_seat(by.account_id, round_id)
    if seat.pledged_at is not None:
        raise Refused(N_("You have promised this already."))
    known = {one.entry_id for one in _applications(round_id)}
    if not known >= {*conflicts_with}:
        raise Refused(N_("This application is not in the round."))
    found = [*find_conflicts(round_id, [seat.account_id])[seat.account_id]]
    _recuse(by, seat, found)
    db.session.flush()
    for key in sorted({*conflicts_with} - {one.entry_id for one in found}):
        db.session.add(
            SelectionRecusal(
                reviewer_id=seat.id,
                application_id=key,
                kind=ConflictKind.OTHER,
                declared=True,
                recorded_at=by.now,
            )
        )
    seat.pledged_at = by.now
    after = {"recused": len(found), "declared": len({*conflicts_with})}
    audits.record(by, "pledge", "selection_reviewer", seat.id, after=after)
    return seat.id


def voters_of(round_id: int) -> Sequence[SelectionReviewer]:
    """List the seats of a panel that have a vote, by number."""
    return [one for one in panel_of(round_id) if not one.reserve]


def find_seat(account_id: int | None, round_id: int) -> SelectionReviewer | None:
    """Return the seat with a vote that an account has on the panel of a round, or None."""
    query = select(SelectionReviewer).where(
        SelectionReviewer.round_id == round_id,
        SelectionReviewer.account_id == account_id,
        SelectionReviewer.state == ReviewerState.SEATED,
        ~SelectionReviewer.reserve,
    )
    return db.session.scalar(query)


def own_seat(account_id: int | None, round_id: int) -> SelectionReviewer:
    """Return the seat of an account on the panel of a round; raise Missing without one."""
    found = find_seat(account_id, round_id)
    if found is None:
        raise Missing(round_id)
    return found


@transaction
def start_review(by: Actor, round_id: int, *, reason: str = "") -> int:
    """Begin the review once the deadline has passed and no application is in the chain.

    With a reason it begins although some are: these stay out unless they qualify in time.
    """
    row = selections.lock_round(round_id)
    if by.now < row.closes_at:
        raise Refused(N_("Applications come in until %(end)s."), end=row.closes_at)
    if not voters_of(round_id):
        raise Refused(N_("Draw the panel first."))
    left = in_chain(round_id)
    if left and not reason.strip():
        text = N_("%(count)s applications are still being checked. Write why you don't wait.")
        raise Refused(text, "reason", count=left)
    before = {"state": row.state}
    row.state = moved(ROUND_MOVES, row.state, RoundState.REVIEW)
    after = {"state": row.state, "in_chain": left} | ({"reason": reason} if reason else {})
    audits.record(by, "start_review", "selection_round", row.id, before=before, after=after)
    return row.id


def in_chain(round_id: int) -> int:
    """Count the applications of a round that are still being checked or completed."""
    query = select(func.count()).where(
        SelectionApplication.round_id == round_id, SelectionApplication.state.in_(IN_CHAIN)
    )
    return db.session.scalar(query) or 0
