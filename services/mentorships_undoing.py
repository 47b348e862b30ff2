"""An old register of mentorships is taken back out whole, unless later acts build on it."""

from typing import Any

from sqlalchemy import delete, select

from models.database import db
from models.mentorships import Acceptance, Mentorship
from rules.refusals import Refused, check_reason
from rules.states import RETURN_MOVES, ReturnState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.histories_undoing import delete_rows, referred, take_out_named
from services.mentorships_imports import locked_import
from services.mentorships_parts import lock_checks
from services.people import chunks, table_of
from services.transaction import transaction

USED = N_("Something builds on a pair of this list by now: %(number)s")


@transaction
def undo(by: Actor, import_id: int, *, reason: str) -> int:
    """Take the pairs of a list back out, with the people and employers it alone brought."""
    check_reason(reason)
    lock_checks()
    row = locked_import(import_id)
    row.state = moved(RETURN_MOVES, row.state, ReturnState.UNDONE)
    ids = row.made.get("pairs", [])
    used = _used(ids, row.confirmed_at)
    if used:
        raise Refused(USED, number=db.session.get_one(Mentorship, min(used)).number)
    for chunk in chunks(ids):
        db.session.execute(delete(Acceptance).where(Acceptance.mentorship_id.in_(chunk)))
    delete_rows(Mentorship, ids)
    gone = {"pairs": len(ids), **take_out_named(row.made)}
    db.session.expire_all()
    row.made, row.undone_at, row.reason = {}, by.now, reason.strip()
    after: dict[str, Any] = {**gone, "reason": row.reason}
    audits.record(by, "undo", "mentorship_import", row.id, after=after)
    return row.id


def _used(ids: list[int], confirmed_at: Any) -> set[int]:
    """Return the pairs that something names, that were changed, or whose outcome came later."""
    found = set(referred(Mentorship, ids, without=(table_of(Acceptance),)))
    for chunk in chunks(ids):
        changed = select(Mentorship.id).where(Mentorship.id.in_(chunk), Mentorship.version > 1)
        later = select(Acceptance.mentorship_id).where(
            Acceptance.mentorship_id.in_(chunk), Acceptance.recorded_at > confirmed_at
        )
        found |= set(db.session.scalars(changed)) | set(db.session.scalars(later))
    return found
