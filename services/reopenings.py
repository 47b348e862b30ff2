"""Confirmed marks are opened again: one person proposes it with a reason, another one agrees."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.results import Revision
from models.signoffs import Reopening
from rules.refusals import Missing, Refused, check_reason
from rules.states import REOPENING_MOVES, EventState, ReopeningState, moved
from rules.texts import N_
from services import audits, judging
from services.acting import Actor
from services.draws import lock_event
from services.transaction import transaction

CONFIRMED = frozenset({EventState.REVIEW, EventState.SIGNED})


@transaction
def propose_reopening(by: Actor, event_id: int, reason: str) -> int:
    """Propose to open confirmed marks again; nothing changes until somebody else agrees."""
    event = lock_event(event_id)
    row = add_proposal(by, event, reason)
    _record(by, "propose_reopening", event, row.id, reason)
    return row.id


def add_proposal(by: Actor, event: Event, reason: str) -> Reopening:
    """Part: write the proposal of a reopening, one at a time."""
    if event.state not in CONFIRMED:
        raise Refused(N_("Only confirmed marks that are not in public notice can be opened again."))
    check_reason(reason)
    if find_open(event.id) is not None:
        raise Refused(N_("A reopening of this event is proposed already."))
    row = Reopening(
        event_id=event.id,
        state=ReopeningState.PROPOSED,
        reason=reason.strip(),
        proposed_at=by.now,
        proposed_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


@transaction
def agree_reopening(by: Actor, reopening_id: int) -> int:
    """Agree to a reopening: the marks go back to scoring; return the event's id.

    Nobody agrees to his own proposal, and of two who agree at once one is told.
    """
    row, event = _open_row(reopening_id)
    if by.account_id is None or row.proposed_by_id == by.account_id:
        raise Refused(N_("Somebody else must agree: you have proposed it yourself."))
    _answer(by, row, ReopeningState.AGREED, "")
    superseded = judging.take_back(by, event)
    audits.record(
        by,
        "agree_reopening",
        "reopening",
        row.id,
        contest_id=event.contest_id,
        after={"reason": row.reason, "superseded": superseded},
    )
    return event.id


@transaction
def decline_reopening(by: Actor, reopening_id: int, answer: str) -> int:
    """Decline a reopening with a reason, or take back one's own proposal; return the event's id."""
    row, event = _open_row(reopening_id)
    check_reason(answer)
    _answer(by, row, ReopeningState.DECLINED, answer.strip())
    _record(by, "decline_reopening", event, row.id, answer)
    return event.id


def _open_row(reopening_id: int) -> tuple[Reopening, Event]:
    event = lock_event(event_of(reopening_id))
    row = db.session.get_one(Reopening, reopening_id, populate_existing=True)
    if row.state is not ReopeningState.PROPOSED:
        raise Refused(N_("This proposal is answered already."))
    return row, event


def _answer(by: Actor, row: Reopening, state: ReopeningState, answer: str) -> None:
    row.state = moved(REOPENING_MOVES, row.state, state)
    row.answer, row.answered_at = answer, by.now
    # Who takes his own proposal back is no second person.
    row.answered_by_id = None if row.proposed_by_id == by.account_id else by.account_id


def _record(by: Actor, action: str, event: Event, key: int, reason: str) -> None:
    after = {"reason": reason}
    audits.record(by, action, "reopening", key, contest_id=event.contest_id, after=after)


def event_of(reopening_id: int) -> int:
    """Return the event of a proposal; raise Missing."""
    event_id = db.session.scalar(select(Reopening.event_id).where(Reopening.id == reopening_id))
    if event_id is None:
        raise Missing(reopening_id)
    return event_id


def find_open(event_id: int) -> Reopening | None:
    """Return the proposal that waits for an answer; None without one."""
    return next((row for row in list_reopenings(event_id) if row.state == "proposed"), None)


def list_reopenings(event_id: int) -> Sequence[Reopening]:
    """List the reopenings of an event, the newest first."""
    names = (
        joinedload(person).options(load_only(Account.title), lazyload(Account.grants))
        for person in (Reopening.proposed_by, Reopening.answered_by)
    )
    query = select(Reopening).where(Reopening.event_id == event_id).options(*names)
    return db.session.scalars(query.order_by(Reopening.id.desc())).all()


def reason_of(event_id: int) -> str:
    """Return why the marks were opened since the newest revision; empty when they were not."""
    last = db.session.scalar(
        select(Revision.computed_at)
        .where(Revision.event_id == event_id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    if last is None:
        return ""
    query = select(Reopening.reason).where(
        Reopening.event_id == event_id,
        Reopening.state == ReopeningState.AGREED,
        Reopening.answered_at >= last,
    )
    return db.session.scalar(query.order_by(Reopening.id.desc()).limit(1)) or ""
