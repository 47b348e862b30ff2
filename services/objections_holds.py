"""What objections hold back: the person they are about, and nobody else (R3.06).

An objection holds from its arrival until it is settled: answered as not upheld, or carried out and
followed by a signed revision where it changes results. It also says which revision follows it.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.notices import Notice
from models.objections import Objection, ObjectionEffect
from models.results import Revision
from rules.refusals import Refused
from rules.states import ObjectionState
from rules.texts import N_
from services import audits
from services.acting import Actor

OPEN = (ObjectionState.FILED, ObjectionState.IN_HAND)
HOLDING = (*OPEN, ObjectionState.ANSWERED)


def is_held(person: InstrumentedAttribute[int | None] | None = None) -> ColumnElement[bool]:
    """Return the condition that an objection holds an entry back (R3.06).

    One about an entry holds that entry. One about a person as such holds each entry of the edition
    in which that person competes, and no other of the team mates. Who only trained an entry is
    held in what comes to that very person: name the column of it.
    """
    member, event = aliased(EntryMember), aliased(Event)
    competes = exists().where(member.entry_id == Entry.id, member.person_id == Objection.person_id)
    same_edition = exists().where(event.id == Entry.event_id, event.contest_id == Notice.contest_id)
    whose = [competes.correlate(Entry, Objection)]
    outside: list[Any] = [Entry]
    if person is not None:
        whose.append(Objection.person_id == person)  # type: ignore[arg-type]
        outside.append(person.class_)
    of_person = and_(or_(*whose), same_edition.correlate(Entry, Notice))
    query = select(Objection.id).join(Notice, Notice.id == Objection.notice_id)
    query = query.where(Objection.state.in_(HOLDING))
    query = query.where(or_(Objection.entry_id == Entry.id, of_person))
    return query.correlate(*outside).exists()


def held_problem(entry_id: int) -> Refused | None:
    """Say that an entry is held back, or None."""
    query = select(Entry.id).where(Entry.id == entry_id, is_held())
    if db.session.scalar(query) is None:
        return None
    return Refused(N_("An objection about this person is open; wait until it is settled."))


def closing_problem(notice: Notice) -> Refused | None:
    """Say why a notice cannot be closed: an answer that changes its list is not carried out."""
    query = select(Objection.number).where(
        Objection.notice_id == notice.id,
        Objection.state == ObjectionState.ANSWERED,
        Objection.carried_out_at.is_(None),
    )
    numbers = db.session.scalars(query.order_by(Objection.number)).all()
    if not numbers:
        return None
    return Refused(
        N_("These objections were upheld, carry them out first: %(numbers)s."),
        numbers="、".join(map(str, numbers)),
    )


def number_of(notice_id: int, number: int) -> str:
    """Write the number of an objection: its notice and a serial."""
    return f"{notice_id}-{number:02d}"


def _listed(rows: Iterable[Any]) -> list[str]:
    pairs = dict.fromkeys((row[0], row[1]) for row in rows)
    return [number_of(notice_id, number) for notice_id, number in pairs]


_SIGNED = select(Revision.id).where(Revision.signed_at.is_not(None))
_UNNAMED = or_(ObjectionEffect.revision_id.is_(None), ObjectionEffect.revision_id.not_in(_SIGNED))


def result_problem(event: Event, revision_id: int) -> Refused | None:
    """Say which upheld objections a revision that is to be signed does not follow, or None."""
    query = (
        select(Objection.notice_id, Objection.number)
        .join(ObjectionEffect, ObjectionEffect.objection_id == Objection.id)
        .where(ObjectionEffect.event_id == event.id, _UNNAMED)
        .where(func.coalesce(ObjectionEffect.revision_id, 0) != revision_id)
        .order_by(Objection.id)
    )
    numbers = _listed(db.session.execute(query))
    if not numbers:
        return None
    return Refused(
        N_("Compute the results again, so that they follow these objections: %(numbers)s."),
        numbers="、".join(numbers),
    )


def name_objections(event_id: int, revision_id: int) -> list[str]:
    """Part: let a new revision name the objections that it follows; return their numbers."""
    rows = db.session.execute(
        select(ObjectionEffect.id, Objection.notice_id, Objection.number)
        .join(Objection, Objection.id == ObjectionEffect.objection_id)
        .where(ObjectionEffect.event_id == event_id, _UNNAMED)
        .order_by(Objection.id)
    ).all()
    if rows:
        wanted = ObjectionEffect.id.in_([row[0] for row in rows])
        db.session.execute(update(ObjectionEffect).where(wanted).values(revision_id=revision_id))
    return _listed((row[1], row[2]) for row in rows)


def list_named(revision: Revision) -> list[str]:
    """List the numbers of the objections that a revision follows."""
    query = (
        select(Objection.notice_id, Objection.number)
        .join(ObjectionEffect, ObjectionEffect.objection_id == Objection.id)
        .where(ObjectionEffect.revision_id == revision.id)
        .order_by(Objection.id)
    )
    return _listed(db.session.execute(query))


def settle_named(by: Actor, revision_id: int) -> None:
    """Part: settle the objections of which a signed revision carries out what was left."""
    waits = exists().where(ObjectionEffect.objection_id == Objection.id, _UNNAMED)
    named = select(ObjectionEffect.objection_id).where(ObjectionEffect.revision_id == revision_id)
    query = select(Objection).where(
        Objection.id.in_(named), Objection.state == ObjectionState.ANSWERED, ~waits
    )
    for row in db.session.scalars(query.order_by(Objection.id)):
        row.state, row.settled_at = ObjectionState.SETTLED, by.now
        contest_id = db.session.scalar(select(Notice.contest_id).where(Notice.id == row.notice_id))
        after = {"number": number_of(row.notice_id, row.number), "state": row.state}
        audits.record(
            by, "settle_objection", "objection", row.id, contest_id=contest_id, after=after
        )


def open_at(notice_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the numbers of the objections that are not settled yet, by notice."""
    query = select(Objection.notice_id, Objection.number)
    query = query.where(Objection.notice_id.in_(notice_ids), Objection.state.in_(HOLDING))
    found: dict[int, list[int]] = {}
    for notice_id, number in db.session.execute(query.order_by(Objection.number)):
        found.setdefault(notice_id, []).append(number)
    return found
