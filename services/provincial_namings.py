"""Who goes: a decision after the training, proposed by one and agreed to by another (R1.29)."""

from collections.abc import Sequence

from sqlalchemy import func, select

from models.database import db
from models.provincial import ProvincialEvent, ProvincialNaming, ProvincialSlot
from rules.provincial import (
    NAMING_MOVES,
    SLOT_MOVES,
    Candidate,
    Naming,
    NamingState,
    ProvincialState,
    SlotState,
    naming_problems,
)
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits, provincial, provincial_camps
from services.acting import Actor
from services.provincial_slots import locked_slots
from services.transaction import transaction

SUBJECT = "provincial_naming"
# Of these a decision must say what becomes; a later one may turn an earlier one around.
DECIDABLE = (
    SlotState.SELECTED,
    SlotState.IN_TRAINING,
    SlotState.NAMED,
    SlotState.RESERVE,
    SlotState.RELEASED,
)


@transaction
def propose_naming(by: Actor, event_id: int, lines: Sequence[Naming], *, reason: str) -> int:
    """Propose who is named, who stays in reserve, who is released; return the decision's id."""
    event = provincial.lock_event(event_id)
    check_reason(reason)
    _check_preparing(event)
    _check_lines(event, lines)
    query = select(ProvincialNaming.id).where(
        ProvincialNaming.event_id == event_id, ProvincialNaming.state == NamingState.PROPOSED
    )
    if db.session.scalar(query) is not None:
        raise Refused(N_("A decision of this event waits for its second person."))
    last = select(func.max(ProvincialNaming.number)).where(ProvincialNaming.event_id == event_id)
    row = ProvincialNaming(
        event_id=event_id,
        number=(db.session.scalar(last) or 0) + 1,
        lines=[{"slot": one.slot_id, "state": one.state, "order": one.order} for one in lines],
        reason=reason,
        proposed_at=by.now,
        proposed_by_id=by.account_id or 0,
    )
    db.session.add(row)
    db.session.flush()
    after = {"event": event_id, "number": row.number, "reason": reason}
    audits.record(by, "propose", SUBJECT, row.id, after=after)
    return row.id


def _check_preparing(event: ProvincialEvent) -> None:
    if event.contest.state is not ProvincialState.PREPARING:
        raise Refused(N_("The form was sent: entrants are changed by a change of the form."))


def _check_lines(event: ProvincialEvent, lines: Sequence[Naming]) -> Sequence[ProvincialSlot]:
    slots = locked_slots(event.id, DECIDABLE)
    needed = provincial.rules_of(event.contest).training_days
    days = provincial_camps.days_of([one.id for one in slots]) if needed else {}
    found = [Candidate(one.id, one.title, one.state, days.get(one.id, 0)) for one in slots]
    for problem in naming_problems(lines, found, event.quota, needed):
        raise problem
    return slots


@transaction
def agree_naming(by: Actor, naming_id: int) -> int:
    """Agree to a decision as a second person: from now on it holds. Return the event's id."""
    row = _locked(naming_id)
    if row.proposed_by_id == by.account_id:
        raise Refused(N_("Somebody else must agree: you have proposed it."))
    event = provincial.lock_event(row.event_id)
    _check_preparing(event)
    lines = lines_of(row)
    slots = {one.id: one for one in _check_lines(event, lines)}
    row.state = moved(NAMING_MOVES, row.state, NamingState.AGREED)
    row.decided_at, row.decided_by_id = by.now, by.account_id
    for line in lines:
        slot = slots[line.slot_id]
        if slot.state is not line.state:
            slot.state = moved(SLOT_MOVES, slot.state, line.state)
        slot.place = line.order or None
    after = {line.slot_id: line.state for line in lines}
    audits.record(by, "agree", SUBJECT, row.id, after={str(key): one for key, one in after.items()})
    return row.event_id


@transaction
def decline_naming(by: Actor, naming_id: int, *, reason: str) -> int:
    """Send a proposed decision back with a reason; return the event's id."""
    row = _locked(naming_id)
    check_reason(reason)
    row.state = moved(NAMING_MOVES, row.state, NamingState.DECLINED)
    row.answer, row.decided_at = reason, by.now
    if row.proposed_by_id != by.account_id:
        row.decided_by_id = by.account_id
    audits.record(by, "decline", SUBJECT, row.id, after={"reason": reason})
    return row.event_id


def _locked(naming_id: int) -> ProvincialNaming:
    row = db.session.get(ProvincialNaming, naming_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(naming_id)
    return row


def get_naming(naming_id: int) -> ProvincialNaming:
    """Return a decision; raise Missing."""
    row = db.session.get(ProvincialNaming, naming_id)
    if row is None:
        raise Missing(naming_id)
    return row


def lines_of(row: ProvincialNaming) -> list[Naming]:
    """Read the lines of a decision."""
    return [Naming(one["slot"], SlotState(one["state"]), one["order"]) for one in row.lines]


def list_namings(event_id: int) -> Sequence[ProvincialNaming]:
    """List the decisions of an event, the newest first."""
    query = select(ProvincialNaming).where(ProvincialNaming.event_id == event_id)
    return db.session.scalars(query.order_by(ProvincialNaming.number.desc())).all()


def count_waiting() -> int:
    """Count the decisions that wait for a second person."""
    query = select(func.count(ProvincialNaming.id)).where(
        ProvincialNaming.state == NamingState.PROPOSED
    )
    return db.session.scalar(query) or 0
