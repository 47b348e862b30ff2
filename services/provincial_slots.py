"""Candidates of an event: from the city's final results or by hand, trained, withdrawn (R1.29)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models.contests import Division
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Person
from models.provincial import (
    ProvincialCoach,
    ProvincialContest,
    ProvincialEvent,
    ProvincialLink,
    ProvincialSlot,
    ProvincialSlotMember,
)
from models.results import Result, Revision
from rules.provincial import (
    SIZES,
    SLOT_MOVES,
    EntrantStatus,
    ProvincialState,
    SlotSource,
    SlotState,
)
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused, check_reason
from rules.states import EventState, RevisionState, moved
from rules.texts import N_
from services import audits, people, provincial
from services.acting import Actor
from services.transaction import transaction

SUBJECT = "provincial_slot"


@dataclass(frozen=True)
class ByHand:
    """A candidate who does not come from a final result, and why."""

    people: Sequence[int]
    status: EntrantStatus
    of_company: bool | None
    reason: str
    employer_id: int | None = None
    coaches: Sequence[int] = ()


@transaction
def take_candidates(by: Actor, event_id: int) -> int:
    """Take the best of the linked contests' final results as candidates; return the event's id.

    Who was taken before, or is on the way by hand, stays as he is.
    """
    event = provincial.lock_event(event_id)
    _check_open(event.contest)
    size = SIZES[event.format]
    present = _present(event_id)
    added: list[ProvincialSlot] = []
    for link in event.links:
        for result in _best(link):
            entry = result.entry
            own = [one.person_id for one in entry.members]
            fits = event.division in (None, status_of(entry.division.code))
            if not fits or len(own) > size or present & {*own}:
                continue
            present |= {*own}
            added.append(_from_result(by, event, result))
    if not added:
        raise Refused(N_("The linked contests have no final result of anybody new."))
    db.session.flush()
    after = {"candidates": [one.id for one in added]}
    audits.record(by, "take_candidates", "provincial_event", event_id, after=after)
    return event_id


def _check_open(contest: ProvincialContest) -> None:
    if contest.state is not ProvincialState.PREPARING:
        raise Refused(N_("Candidates are chosen before the form is sent."))


def _present(event_id: int) -> set[int]:
    query = select(ProvincialSlotMember.person_id).where(
        ProvincialSlotMember.event_id == event_id, ProvincialSlotMember.active
    )
    return {*db.session.scalars(query)}


def _best(link: ProvincialLink) -> Sequence[Result]:
    """Return the final results of a linked event down to the link's last rank."""
    entry = joinedload(Result.entry)
    query = (
        select(Result)
        .join(Revision, Revision.id == Result.revision_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .where(
            Revision.event_id == link.selecting_id,
            Revision.state == RevisionState.SIGNED,
            Result.status == EntryStatus.COMPETED,
            Result.rank <= link.top,
        )
        .options(
            entry.selectinload(Entry.members).joinedload(EntryMember.person),
            entry.selectinload(Entry.coaches),
            entry.joinedload(Entry.division),
        )
        .order_by(Result.rank, Result.id)
    )
    if link.division:
        query = query.where(Division.code == link.division)
    if link.selecting.state is not EventState.FINAL:
        return []
    return db.session.scalars(query).all()


def _from_result(by: Actor, event: ProvincialEvent, result: Result) -> ProvincialSlot:
    entry = result.entry
    status = status_of(entry.division.code)
    slot = _slot(by, event, [one.person for one in entry.members], SlotSource.SELECTION, status)
    slot.employer_id = entry.employer_id
    slot.of_company = status is EntrantStatus.STAFF and entry.employer_id is not None
    slot.source_entry_id, slot.source_rank = entry.id, result.rank
    slot.coaches = _coaches([one.person_id for one in entry.coaches])
    return slot


def status_of(division: str) -> EntrantStatus:
    """Return what entrants of a division are; all but students and teachers are staff."""
    known = {one.value: one for one in EntrantStatus}
    return known.get(division, EntrantStatus.STAFF)


def _slot(
    by: Actor,
    event: ProvincialEvent,
    members: Sequence[Person],
    source: SlotSource,
    status: EntrantStatus,
) -> ProvincialSlot:
    slot = ProvincialSlot(
        event_id=event.id,
        reference=new_reference(event.contest.code),
        title=people.entry_title(one.name for one in members),
        state=SlotState.SELECTED,
        status=status,
        source=source,
        added_at=by.now,
        added_by_id=by.account_id,
    )
    slot.members = [
        ProvincialSlotMember(event_id=event.id, person_id=one.id, position=place)
        for place, one in enumerate(members, start=1)
    ]
    db.session.add(slot)
    return slot


def new_reference(code: str) -> str:
    """Return a name for an entry that no other installation gives: the contest and 12 letters."""
    return f"{code}-{secrets.token_hex(6)}"


def _coaches(ids: Iterable[int]) -> list[ProvincialCoach]:
    unique = list(dict.fromkeys(ids))
    return [ProvincialCoach(person_id=one, position=n) for n, one in enumerate(unique, start=1)]


@transaction
def add_candidate(by: Actor, event_id: int, wish: ByHand) -> int:
    """Add a candidate by hand, with the reason why without a selection; return the slot's id."""
    event = provincial.lock_event(event_id)
    _check_open(event.contest)
    check_reason(wish.reason)
    members = _people(wish.people)
    if not members or len(members) > SIZES[event.format]:
        raise Refused(N_("The format of the event asks for another number of people."), "people")
    if event.division is not None and wish.status is not event.division:
        raise Refused(N_("This event is for another division."), "status")
    if _present(event_id) & {one.id for one in members}:
        raise Refused(N_("This person is on the way to this event already."), "people")
    slot = _slot(by, event, members, SlotSource.BY_HAND, wish.status)
    slot.reason, slot.of_company, slot.employer_id = wish.reason, wish.of_company, wish.employer_id
    slot.coaches = _coaches(one.id for one in _people(wish.coaches))
    db.session.flush()
    after = {"event": event_id, "reason": wish.reason}
    audits.record(by, "add_candidate", SUBJECT, slot.id, after=after)
    return slot.id


def _people(ids: Sequence[int]) -> list[Person]:
    unique = list(dict.fromkeys(ids))
    found = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(unique)))}
    if len(found) < len(unique):
        raise Missing(next(key for key in unique if key not in found))
    return [found[key] for key in unique]


@transaction
def begin_training(by: Actor, event_id: int) -> int:
    """Send all candidates of an event into training; return the event's id."""
    event = provincial.lock_event(event_id)
    _check_open(event.contest)
    rows = locked_slots(event_id, (SlotState.SELECTED,))
    if not rows:
        raise Refused(N_("Nobody waits for the training."))
    for row in rows:
        row.state = moved(SLOT_MOVES, row.state, SlotState.IN_TRAINING)
    after = {"candidates": [row.id for row in rows]}
    audits.record(by, "begin_training", "provincial_event", event_id, after=after)
    return event_id


@transaction
def set_coaches(by: Actor, slot_id: int, coaches: Sequence[int]) -> int:
    """Name who trains a candidate; after the form was sent they stay as sent."""
    slot = lock_slot(slot_id)
    _check_open(slot.event.contest)
    found = _people(coaches)
    if {one.id for one in found} & {one.person_id for one in slot.members}:
        raise Refused(N_("Nobody coaches himself."), "coaches")
    slot.coaches = []
    db.session.flush()
    slot.coaches = _coaches(one.id for one in found)
    audits.record(by, "set_coaches", SUBJECT, slot_id, after={"coaches": [one.id for one in found]})
    return slot_id


@transaction
def give_up(by: Actor, slot_id: int, *, reason: str) -> int:
    """Take a candidate out before the form is sent, by the own wish or another reason."""
    slot = lock_slot(slot_id)
    check_reason(reason)
    if slot.state is SlotState.ENTERED:
        raise Refused(N_("The form was sent: make a change of it."))
    before = {"state": slot.state}
    slot.state = moved(SLOT_MOVES, slot.state, SlotState.WITHDRAWN)
    slot.reason = reason
    set_active(slot, False)
    after = {"state": slot.state, "reason": reason}
    audits.record(by, "give_up", SUBJECT, slot_id, before=before, after=after)
    return slot_id


@transaction
def bring_back(by: Actor, slot_id: int, *, reason: str) -> int:
    """Take somebody who had withdrawn as a candidate again."""
    slot = lock_slot(slot_id)
    check_reason(reason)
    _check_open(slot.event.contest)
    own = {one.person_id for one in slot.members}
    if _present(slot.event_id) & own:
        raise Refused(N_("This person is on the way to this event already."))
    slot.state = moved(SLOT_MOVES, slot.state, SlotState.SELECTED)
    slot.reason = reason
    set_active(slot, True)
    audits.record(by, "bring_back", SUBJECT, slot_id, after={"reason": reason})
    return slot_id


def set_active(slot: ProvincialSlot, active: bool) -> None:
    """Part: take or free the places of a slot's members."""
    for member in slot.members:
        member.active = active


def lock_slot(slot_id: int) -> ProvincialSlot:
    """Part: lock a slot; raise Missing."""
    row = db.session.get(ProvincialSlot, slot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(slot_id)
    return row


def locked_slots(event_id: int, states: Iterable[SlotState]) -> Sequence[ProvincialSlot]:
    """Part: lock the slots of an event that are in one of these states."""
    query = (
        select(ProvincialSlot)
        .where(ProvincialSlot.event_id == event_id, ProvincialSlot.state.in_([*states]))
        .order_by(ProvincialSlot.id)
        .with_for_update()
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def get_slot(slot_id: int) -> ProvincialSlot:
    """Return a slot with its people; raise Missing."""
    query = select(ProvincialSlot).where(ProvincialSlot.id == slot_id).options(*whole())
    row = db.session.scalar(query)
    if row is None:
        raise Missing(slot_id)
    return row


def whole() -> tuple[ExecutableOption, ...]:
    """Return the options that load slots with event, people, coaches, employer and result."""
    event = joinedload(ProvincialSlot.event)
    return (
        event.joinedload(ProvincialEvent.contest),
        joinedload(ProvincialSlot.employer),
        joinedload(ProvincialSlot.result),
        selectinload(ProvincialSlot.members).joinedload(ProvincialSlotMember.person),
        selectinload(ProvincialSlot.coaches).joinedload(ProvincialCoach.person),
    )


def list_slots(event_ids: Iterable[int], states: Iterable[SlotState] = ()) -> list[ProvincialSlot]:
    """List the slots of events, those of one event by state and place."""
    ids, wanted = [*event_ids], [*states]
    query = select(ProvincialSlot).where(ProvincialSlot.event_id.in_(ids)).options(*whole())
    if wanted:
        query = query.where(ProvincialSlot.state.in_(wanted))
    order = (ProvincialSlot.event_id, ProvincialSlot.place, ProvincialSlot.id)
    return [*db.session.scalars(query.order_by(*order))]


def count_slots(contest_ids: Iterable[int]) -> Mapping[int, Mapping[SlotState, int]]:
    """Count the slots of contests by state."""
    query = (
        select(ProvincialEvent.contest_id, ProvincialSlot.state, func.count(ProvincialSlot.id))
        .join(ProvincialEvent, ProvincialEvent.id == ProvincialSlot.event_id)
        .where(ProvincialEvent.contest_id.in_([*contest_ids]))
        .group_by(ProvincialEvent.contest_id, ProvincialSlot.state)
    )
    found: dict[int, dict[SlotState, int]] = {}
    for contest, state, count in db.session.execute(query):
        found.setdefault(contest, {})[state] = count
    return found
