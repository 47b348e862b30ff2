"""What an upheld objection changes: entries lose an award or a place, results go back.

Nothing is changed in what was signed. The event goes back to review, also from a notice and after
its end; all that was made from the old revision is superseded, and a new one names the objection.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.notices import Notice, NoticeItem
from models.objections import Objection, ObjectionEffect
from models.results import Revision
from rules.objections import OF_ENTRY, REVISES, Remedy
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.states import (
    EVENT_MOVES,
    EntryState,
    EventState,
    NoticeState,
    ObjectionState,
    RevisionState,
    moved,
)
from rules.texts import N_
from services import (
    attendance,
    awards_limits,
    honours,
    judging,
    objections,
    payouts_changes,
    selections_holds,
)
from services.acting import Actor
from services.draws import lock_event
from services.objections import Facts
from services.objections_handling import in_own_hand
from services.transaction import transaction

LONGEST_NOTE = 400
# Before the draw an entry is reviewed, not disqualified.
_HELD_EVENTS = (
    EventState.DRAWN,
    EventState.SCORING,
    EventState.REVIEW,
    EventState.SIGNED,
    EventState.NOTICE,
    EventState.FINAL,
)
_OFFICIAL = (EventState.SIGNED, EventState.NOTICE, EventState.FINAL)


@dataclass(frozen=True)
class Order:
    """How an upheld objection is carried out; one about a whole notice names its event."""

    note: str
    remedy: Remedy = Remedy.NOTE
    event_id: int | None = None


@transaction
def carry_out(by: Actor, objection_id: int, order: Order) -> int:
    """Carry out an upheld objection; what changes results waits for the revision that names it."""
    row = in_own_hand(by, objection_id)
    _check(row, order)
    row.carried_out_at, row.carried_out_note = by.now, order.note.strip()
    row.remedy = order.remedy
    after: Facts = {"effect": order.remedy, "remark": row.carried_out_note}
    if order.remedy in REVISES:
        after |= _revise(by, row, order)
    else:
        objections.settle(by, row)
    objections.record(by, "carry_out", row, after | {"state": row.state})
    return objection_id


def _check(row: Objection, order: Order) -> None:
    if row.carried_out_at is not None:
        raise Refused(N_("This objection is carried out already."))
    if row.state is not ObjectionState.ANSWERED:
        raise Refused(N_("Only an objection that was upheld changes something."))
    if not order.note.strip() or len(order.note) > LONGEST_NOTE:
        raise Refused(N_("Write what was done."), "reason")
    if row.entry_id is None and order.remedy in OF_ENTRY:
        raise Refused(N_("This objection is about no single entry."), "remedy")
    known = {event.id for event in events_of(row.notice_id)} | {None}
    if order.event_id not in known or (_needs_event(row, order) and order.event_id is None):
        raise Refused(N_("Choose an event of the notice."), "event_id")


def _needs_event(row: Objection, order: Order) -> bool:
    return row.entry_id is None and order.remedy is Remedy.CORRECTION


def events_of(notice_id: int) -> Sequence[Event]:
    """List the events that a notice shows or showed."""
    query = select(Event).join(Revision, Revision.event_id == Event.id)
    query = query.join(NoticeItem, NoticeItem.revision_id == Revision.id)
    query = query.where(NoticeItem.notice_id == notice_id).order_by(Event.position, Event.id)
    return db.session.scalars(query).unique().all()


def _revise(by: Actor, row: Objection, order: Order) -> Facts:
    entries = _entries(row)
    wanted = {entry.event_id for entry in entries}
    if not entries and order.event_id is not None:
        wanted = {order.event_id}
    numbers: list[int] = []
    for event in [lock_event(key) for key in sorted(wanted)]:
        base_id, superseded = take_out(by, event)
        numbers += superseded
        own = [entry for entry in entries if entry.event_id == event.id]
        _apply(by, event, own, order)
        changed: list[Entry | None] = [*own] or [None]
        for entry in changed:
            effect = ObjectionEffect(objection_id=row.id, event_id=event.id)
            effect.entry_id = None if entry is None else entry.id
            effect.base_revision_id = base_id
            db.session.add(effect)
    db.session.flush()
    return {"entries": [entry.number for entry in entries], "superseded": numbers}


def _entries(row: Objection) -> Sequence[Entry]:
    """List the entries that an objection changes: one, or all of a person who is not eligible."""
    if row.entry_id is None:
        return ()
    wanted = Entry.id == row.entry_id
    if row.person_id is not None:
        own = select(EntryMember.entry_id).where(EntryMember.person_id == row.person_id)
        wanted |= Entry.id.in_(own)
    contest_id = select(Notice.contest_id).where(Notice.id == row.notice_id).scalar_subquery()
    query = (
        select(Entry)
        .join(Event, Event.id == Entry.event_id)
        .where(wanted, Entry.state == EntryState.ACCEPTED)
        .where(Event.contest_id == contest_id, Event.state.in_(_HELD_EVENTS))
    )
    return db.session.scalars(query.order_by(Entry.id)).all()


def _apply(by: Actor, event: Event, entries: Sequence[Entry], order: Order) -> None:
    if order.remedy is Remedy.NO_AWARD:
        for entry in entries:
            entry.in_competition = False
    elif order.remedy is Remedy.DISQUALIFIED:
        attendance.set_status(by, event, entries, EntryStatus.VIOLATION, order.note.strip())


def take_out(by: Actor, event: Event) -> tuple[int | None, list[int]]:
    """Part: take signed results back to review; return the revision and what is superseded.

    The notices that show it keep their page; the event ends with none of them.
    """
    if event.state not in _OFFICIAL:
        return None, []
    query = select(Revision.id).where(
        Revision.event_id == event.id, Revision.state == RevisionState.SIGNED
    )
    base_id = db.session.scalar(query)
    event.state = moved(EVENT_MOVES, event.state, EventState.REVIEW)
    superseded = judging.supersede(event.id)
    posted = select(Notice.id).where(Notice.state != NoticeState.WITHDRAWN)
    db.session.execute(
        update(NoticeItem)
        .where(NoticeItem.revision_id == base_id, NoticeItem.notice_id.in_(posted))
        .values(taken_out_at=by.now)
    )
    db.session.flush()
    payouts_changes.stop_replaced(by, event.id)
    awards_limits.settle_contest(event.contest_id)
    honours.supersede_replaced(by, event.contest_id)
    selections_holds.take_back(by, event.contest_id)
    return base_id, superseded


def list_effects(objection_id: int) -> Sequence[ObjectionEffect]:
    """List what an objection changed, with the revisions that follow it."""
    query = (
        select(ObjectionEffect)
        .options(
            joinedload(ObjectionEffect.event),
            joinedload(ObjectionEffect.entry),
            joinedload(ObjectionEffect.revision),
        )
        .where(ObjectionEffect.objection_id == objection_id)
    )
    return db.session.scalars(query.order_by(ObjectionEffect.id)).all()
