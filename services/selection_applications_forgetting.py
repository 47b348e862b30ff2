"""What was written for those who were not chosen is forgotten; that they applied stays (R9.01)."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from models.database import db
from models.selection_applications import (
    SelectionApplication,
    SelectionEvidence,
    SelectionFile,
)
from models.selections import SelectionRound
from rules.selections import ApplicationState, EvidenceSource, RoundState
from services import audits, files
from services.acting import ZONE, Actor
from services.transaction import transaction

SLICE = 200  # so many at a time, so that nobody waits for the lock


def forget_applications(by: Actor, days: int, folder: Path) -> int:
    """Forget answers, details and files of those not chosen; return of how many.

    The bytes go after the rows: what a broken run leaves on the disk is swept away.
    """
    count = 0
    while keys := forget_slice(by, days):
        count += len(keys)
        for group in keys.values():
            for key in group:
                files.delete(folder, key)
    return count


@transaction
def forget_slice(by: Actor, days: int) -> dict[int, list[str]]:
    """Forget some applications; return their ids, with the keys of their files."""
    query = (
        select(SelectionApplication.id)
        .join(SelectionRound, SelectionRound.id == SelectionApplication.round_id)
        .where(
            SelectionApplication.forgotten_at.is_(None),
            SelectionApplication.state != ApplicationState.CHOSEN,
            _is_over(by, days),
        )
        .order_by(SelectionApplication.id)
        .limit(SLICE)
        .with_for_update(of=SelectionApplication)
    )
    found: dict[int, list[str]] = {key: [] for key in db.session.scalars(query)}
    if not found:
        return found
    mine = (SelectionFile.holder == "application") & SelectionFile.holder_id.in_(found)
    rows = db.session.execute(select(SelectionFile.holder_id, SelectionFile.file_key).where(mine))
    for holder_id, key in rows:
        found[holder_id].append(key)
    db.session.execute(delete(SelectionFile).where(mine))
    _empty(by, list(found))
    for application_id, keys in found.items():
        after = {"files": len(keys)}
        audits.record(by, "forget", "selection_application", application_id, after=after)
    return found


def _is_over(by: Actor, days: int) -> ColumnElement[bool]:
    """Return the condition that a round was decided, or cancelled, long enough ago."""
    day = by.now.astimezone(ZONE).date() - timedelta(days=days)
    decided = and_(
        SelectionRound.state == RoundState.DECIDED,
        SelectionRound.decided_on.is_not(None),
        SelectionRound.decided_on <= day,
    )
    cancelled = and_(
        SelectionRound.state == RoundState.CANCELLED,
        SelectionRound.closes_at <= by.now - timedelta(days=days),
    )
    return or_(decided, cancelled)


def _empty(by: Actor, ids: list[int]) -> None:
    typed = SelectionEvidence.source == EvidenceSource.TYPED
    mine = SelectionEvidence.application_id.in_(ids)
    db.session.execute(delete(SelectionEvidence).where(mine, typed))
    db.session.execute(update(SelectionEvidence).where(mine).values(detail="", number=""))
    db.session.execute(
        update(SelectionApplication)
        .where(SelectionApplication.id.in_(ids))
        .values(
            answers={},
            trade_since=None,
            local_since=None,
            retires_on=None,
            support_percent=None,
            forgotten_at=by.now,
            version=SelectionApplication.version + 1,
        )
    )
