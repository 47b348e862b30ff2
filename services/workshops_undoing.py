"""A register of workshops that was brought in is taken back out, unless later acts build on it."""

from typing import Any

from sqlalchemy import delete, func, select

from models.database import db
from models.workshops import Workshop, WorkshopMaster, WorkshopTerm
from rules.refusals import Refused, check_reason
from rules.states import RETURN_MOVES, ReturnState, moved
from rules.texts import N_
from rules.workshops import WorkshopState
from services import audits
from services.acting import Actor
from services.histories_undoing import delete_rows, referred, take_out_named
from services.people import chunks, table_of
from services.transaction import transaction
from services.workshops_imports import locked_import

USED = N_("Something builds on a workshop of this list by now: %(title)s")
CHANGED = N_("A workshop of this list has a further term or master by now: %(title)s")


@transaction
def undo_register(by: Actor, import_id: int, *, reason: str) -> int:
    """Take the workshops of a list back out, with the people and employers it alone brought."""
    check_reason(reason)
    row = locked_import(import_id)
    row.state = moved(RETURN_MOVES, row.state, ReturnState.UNDONE)
    ids = row.made.get("workshops", [])
    _check(ids)
    for chunk in chunks(ids):
        for told in (WorkshopMaster, WorkshopTerm):
            db.session.execute(delete(told).where(told.workshop_id.in_(chunk)))
    delete_rows(Workshop, ids)
    gone = {"workshops": len(ids), **take_out_named(row.made)}
    db.session.expire_all()
    row.made, row.undone_at, row.reason = {}, by.now, reason.strip()
    after: dict[str, Any] = {**gone, "reason": row.reason}
    audits.record(by, "undo", "workshop_import", row.id, after=after)
    return row.id


def _check(ids: list[int]) -> None:
    """Refuse where a workshop is used, closed, or lives on in a further term."""
    own = (table_of(WorkshopTerm), table_of(WorkshopMaster))
    used = set(referred(Workshop, ids, without=own))
    terms: dict[int, int] = {}
    changed: set[int] = set()
    for chunk in chunks(ids):
        query = select(WorkshopTerm.id, WorkshopTerm.workshop_id)
        terms |= {key: owner for key, owner in db.session.execute(
            query.where(WorkshopTerm.workshop_id.in_(chunk))
        )}  # fmt: skip
        changed |= _changed(chunk)
    used |= {terms[key] for key in referred(WorkshopTerm, list(terms))}
    for text, found in ((USED, used), (CHANGED, changed)):
        if found:
            raise Refused(text, title=db.session.get_one(Workshop, min(found)).title)


def _changed(ids: Any) -> set[int]:
    """Return the workshops that are no longer as a list brings them: one term, one master."""
    found = set()
    for told in (WorkshopTerm, WorkshopMaster):
        query = select(told.workshop_id).where(told.workshop_id.in_(ids))
        more = query.group_by(told.workshop_id).having(func.count() > 1)
        found |= set(db.session.scalars(more))
    closed = select(Workshop.id).where(
        Workshop.id.in_(ids), Workshop.state != WorkshopState.STANDING
    )
    return found | set(db.session.scalars(closed))
