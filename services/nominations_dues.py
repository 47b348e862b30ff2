"""What is due of nominations today, the most overdue first; reminders are made from it (R8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.nominations import Nomination, NominationCall, NominationObjection
from rules.nomination_dues import OF_EMPLOYERS, NominationDueDate, OpenCall, UnderWay, dues_of
from rules.nominations import UNDER_WAY, CallState, NominationObjectionState, ProposedBy
from services.nominations import open_calls

AHEAD = 30


@dataclass(frozen=True)
class DueLine:
    """Something due with its call and candidate; ``employer_id`` where an employer has to act."""

    due: NominationDueDate
    call: NominationCall
    nomination: Nomination | None
    employer_id: int | None
    is_overdue: bool
    days_left: int


def due_list(today: date, ahead: int = AHEAD, employer_id: int | None = None) -> list[DueLine]:
    """List what is due today or within so many days, in two statements."""
    calls = {one.id: one for one in open_calls()}
    found_rows = _rows()
    rows = {row.id: row for row, _ in found_rows}
    facts = {one.id: _call(one) for one in calls.values()}
    under_way = [_fact(row, facts[row.call_id], objected) for row, objected in found_rows]
    lines = [
        _line(due, calls[due.call_id], rows.get(due.nomination_id or 0), today)
        for due in dues_of(facts.values(), under_way)
    ]
    found = [line for line in lines if line.days_left <= ahead]
    if employer_id is not None:
        found = [line for line in found if line.employer_id == employer_id]
    return sorted(found, key=lambda line: (line.due.due_on, line.due.call_id, line.due.kind))


def _rows() -> Sequence[tuple[Nomination, bool]]:
    open_one = exists().where(
        and_(
            NominationObjection.nomination_id == Nomination.id,
            NominationObjection.state == NominationObjectionState.OPEN,
        )
    )
    query = (
        select(Nomination, open_one)
        .join(NominationCall, NominationCall.id == Nomination.call_id)
        .options(
            joinedload(Nomination.person),
            joinedload(Nomination.employer),
            joinedload(Nomination.notice),
        )
        .where(Nomination.state.in_(UNDER_WAY), NominationCall.state == CallState.OPEN)
    )
    return [(row, bool(objected)) for row, objected in db.session.execute(query)]


def _call(row: NominationCall) -> OpenCall:
    return OpenCall(row.id, row.own_until, row.superior_until)


def _fact(row: Nomination, call: OpenCall, objected: bool) -> UnderWay:
    ends = None if row.notice is None else row.notice.ends_on
    return UnderWay(row.id, call, row.state, row.complete_until, ends, objected)


def fact_of(row: Nomination, objected: bool = False) -> UnderWay:
    """Return one nomination as far as its dates are concerned."""
    return _fact(row, _call(row.call), objected)


def _line(
    due: NominationDueDate, call: NominationCall, row: Nomination | None, today: date
) -> DueLine:
    of_employer = (
        row is not None and row.proposed_by is ProposedBy.EMPLOYER and due.kind in OF_EMPLOYERS
    )
    return DueLine(
        due,
        call,
        row,
        row.employer_id if row is not None and of_employer else None,
        due.is_overdue(today),
        due.days_left(today),
    )
