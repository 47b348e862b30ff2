"""Which yearly reports of holders are due, and until when."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.selection_holders import SelectionHolder, SelectionReport
from models.selections import SelectionRound
from rules.selection_holders import reports_due as due_of
from rules.selections import HolderReportState, HolderState
from services import selections

DONE = (HolderReportState.SUBMITTED, HolderReportState.ACCEPTED)


class Due(NamedTuple):
    """A report that is not handed in."""

    holder_id: int
    person_id: int
    title: str
    year: int
    due_on: date


def reports_due(today: date, person_id: int | None = None) -> Iterator[Due]:
    """Yield the reports of running titles that are asked for and not handed in."""
    query = (
        select(SelectionHolder, SelectionRound)
        .join(SelectionRound, SelectionRound.id == SelectionHolder.round_id)
        .options(joinedload(SelectionHolder.honour))
        .where(SelectionHolder.state == HolderState.RUNNING)
        .order_by(SelectionHolder.id)
    )
    if person_id is not None:
        query = query.where(SelectionHolder.person_id == person_id)
    rows = db.session.execute(query).all()
    done = _done([one.id for one, _row in rows])
    for one, row in rows:
        after = selections.rules_of(row).after
        for due in due_of(one.starts_on, one.ends_on, after, today):
            if (one.id, due.year) not in done:
                yield Due(one.id, one.person_id, one.honour.title, due.year, due.due_on)


def _done(ids: list[int]) -> set[tuple[int, int]]:
    query = select(SelectionReport.holder_id, SelectionReport.year).where(
        SelectionReport.holder_id.in_(ids), SelectionReport.state.in_(DONE)
    )
    return {(row[0], row[1]) for row in db.session.execute(query)}


def own_reports_due(person_id: int | None, today: date) -> list[Due]:
    """List the reports that somebody has to hand in."""
    return [] if person_id is None else list(reports_due(today, person_id))
