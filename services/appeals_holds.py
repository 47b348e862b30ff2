"""What open appeals hold back, and which revision carries out a ruling.

A revision places everybody of an event in one list under one digest, so an open appeal holds back
its signature and its notice as a whole; the other events of the contest go on. What belongs to one
person, a certificate, waits for the appeals about that person only (R3.06).
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import joinedload

from models.appeals import Appeal, Ruling
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.results import Revision
from rules.appeals import Effect
from rules.refusals import Refused
from rules.states import AppealState, RevisionState
from rules.texts import N_

OPEN = (AppealState.FILED, AppealState.HEARING)


def number_of(event: Event, number: int) -> str:
    """Write the number of an appeal as its letters carry it: the event's code and a serial."""
    return f"{event.code}-A{number:02d}"


def result_problem(event: Event, revision_id: int | None = None) -> Refused | None:
    """Say why the results of an event cannot be signed or posted, or None.

    For a signature the revision that is to be signed may be the one that names the rulings.
    """
    return open_problem(event) or _ruling_problem(event, revision_id)


def open_problem(event: Event) -> Refused | None:
    """Say which appeals of an event the arbitration group has still to answer, or None."""
    query = select(Appeal.number).where(Appeal.event_id == event.id, Appeal.state.in_(OPEN))
    numbers = _listed(event, db.session.scalars(query.order_by(Appeal.number)).all())
    if not numbers:
        return None
    return Refused(N_("Appeals are open, answer them first: %(numbers)s."), numbers=numbers)


def _ruling_problem(event: Event, revision_id: int | None) -> Refused | None:
    rows = db.session.execute(
        select(Appeal.number, Ruling.done_at, Ruling.revision_id, Revision.signed_at)
        .join(Appeal, Appeal.id == Ruling.appeal_id)
        .outerjoin(Revision, Revision.id == Ruling.revision_id)
        .where(Ruling.event_id == event.id, Ruling.effect != Effect.NONE)
        .order_by(Appeal.number)
    ).all()
    waiting = _listed(event, [row.number for row in rows if row.done_at is None])
    if waiting:
        return Refused(N_("These rulings are not carried out yet: %(numbers)s."), numbers=waiting)
    unnamed = [
        row.number
        for row in rows
        if row.signed_at is None and (revision_id is None or row.revision_id != revision_id)
    ]
    if unnamed:
        return Refused(
            N_("Compute the results again, so that they follow these rulings: %(numbers)s."),
            numbers=_listed(event, unnamed),
        )
    return None


def _listed(event: Event, numbers: Sequence[int]) -> str:
    return "、".join(number_of(event, number) for number in dict.fromkeys(numbers))


def name_rulings(event: Event, revision_id: int) -> list[str]:
    """Part: let a new revision name the rulings that were carried out and that none signed names.

    Returns the numbers of their appeals.
    """
    signed = select(Revision.id).where(Revision.signed_at.is_not(None))
    rows = db.session.execute(
        select(Ruling.id, Appeal.number)
        .join(Appeal, Appeal.id == Ruling.appeal_id)
        .where(Ruling.event_id == event.id, Ruling.effect != Effect.NONE)
        .where(Ruling.done_at.is_not(None))
        .where(Ruling.revision_id.is_(None) | Ruling.revision_id.not_in(signed))
        .order_by(Appeal.number)
    ).all()
    ids = [ruling_id for ruling_id, _ in rows]
    if ids:
        db.session.execute(update(Ruling).where(Ruling.id.in_(ids)).values(revision_id=revision_id))
    return [number_of(event, number) for _, number in rows]


def list_named(revision: Revision) -> list[str]:
    """List the numbers of the appeals whose rulings a revision follows."""
    query = select(Appeal.number).join(Ruling, Ruling.appeal_id == Appeal.id)
    query = query.where(Ruling.revision_id == revision.id).order_by(Appeal.number)
    return [number_of(revision.event, number) for number in db.session.scalars(query)]


def is_contested() -> ColumnElement[bool]:
    """Return the condition that an appeal about an entry is open."""
    return exists().where(Appeal.entry_id == Entry.id, Appeal.state.in_(OPEN)).correlate(Entry)


def orders_of(event_id: int) -> Sequence[Ruling]:
    """List the rulings of an event that change something, those still to be carried out first."""
    query = (
        select(Ruling)
        .options(joinedload(Ruling.appeal).load_only(Appeal.number), joinedload(Ruling.revision))
        .where(Ruling.event_id == event_id, Ruling.effect != Effect.NONE)
        .order_by(Ruling.done_at.is_not(None), Ruling.id)
    )
    return db.session.scalars(query).all()


def is_final(revision: Revision | None) -> bool:
    """Say whether a ruling's revision was signed."""
    return revision is not None and revision.state is not RevisionState.DRAFT
