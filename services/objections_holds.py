"""What objections hold back: the person they are about, and nobody else (R3.06).

An objection holds from its arrival until it is answered; where the answer changes something, until
that is carried out.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select

from models.database import db
from models.entries import Entry
from models.notices import Notice
from models.objections import Objection
from rules.objections import CHANGES
from rules.refusals import Refused
from rules.states import ObjectionState
from rules.texts import N_

OPEN = (ObjectionState.FILED, ObjectionState.IN_HAND)


def _holds() -> ColumnElement[bool]:
    waiting = and_(
        Objection.state == ObjectionState.ANSWERED,
        Objection.finding.in_(CHANGES),
        Objection.carried_out_at.is_(None),
    )
    return or_(Objection.state.in_(OPEN), waiting)


def is_held() -> ColumnElement[bool]:
    """Return the condition that an objection about an entry holds it back."""
    return exists().where(Objection.entry_id == Entry.id, _holds()).correlate(Entry)


def held_problem(entry_id: int) -> Refused | None:
    """Say that an entry is held back, or None."""
    query = select(Objection.number).where(Objection.entry_id == entry_id, _holds())
    if db.session.scalar(query.limit(1)) is None:
        return None
    return Refused(N_("An objection about this person is open; wait until it is settled."))


def closing_problem(notice: Notice) -> Refused | None:
    """Say why a notice cannot be closed: an answer that changes its list is not carried out."""
    query = select(Objection.number).where(
        Objection.notice_id == notice.id,
        Objection.state == ObjectionState.ANSWERED,
        Objection.finding.in_(CHANGES),
        Objection.carried_out_at.is_(None),
    )
    numbers = db.session.scalars(query.order_by(Objection.number)).all()
    if not numbers:
        return None
    return Refused(
        N_("These objections were upheld, carry them out first: %(numbers)s."),
        numbers="、".join(map(str, numbers)),
    )


def open_at(notice_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the numbers of the objections that are not settled yet, by notice."""
    query = select(Objection.notice_id, Objection.number)
    query = query.where(Objection.notice_id.in_(notice_ids), _holds())
    found: dict[int, list[int]] = {}
    for notice_id, number in db.session.execute(query.order_by(Objection.number)):
        found.setdefault(notice_id, []).append(number)
    return found
