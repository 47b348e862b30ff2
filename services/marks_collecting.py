"""All marks of an event as the computation takes them."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    join,
    select,
    type_coerce,
)

from models.database import db
from models.entries import Entry
from models.judging import MARK_PLACES, Mark, PanelSeat, Sheet
from models.works import Work
from rules.judges import SeatDuty
from rules.marking import WHOLE, JudgeMarks
from rules.ranking import EntryStatus
from rules.seats import RECORDER, is_whole
from rules.states import EntryState, SheetState

MarksOfParts = dict[str, list[JudgeMarks]]


def collect_marks(event_id: int) -> dict[int, MarksOfParts]:
    """Return all marks of the accepted entries that competed: entry, part, judges by seat number.

    Seat 0 holds what is agreed or recorded once; under WHOLE stands what belongs to no part. An
    entry without marks is there too, so that nobody is forgotten when results are made (R2.16).
    """
    entry, work = Entry.__table__.c, Work.__table__.c
    start = join(Entry.__table__, Work.__table__, work.entry_id == entry.id, isouter=True)
    query = _marks_from(entry.id, start).where(
        entry.event_id == event_id,
        entry.state == EntryState.ACCEPTED,
        entry.status == EntryStatus.COMPETED,
    )
    return _grouped(db.session.execute(query))


def collect_sealed_marks(event_id: int) -> dict[int, MarksOfParts]:
    """Return all marks of the works that competed, by work: the entries are not known (R2.06)."""
    work = Work.__table__.c
    query = _marks_from(work.id, Work.__table__).where(
        work.event_id == event_id, work.status == EntryStatus.COMPETED
    )
    return _grouped(db.session.execute(query))


def _marks_from(key: ColumnElement[int], start: FromClause) -> Select[Any]:
    # Plain tables and whole numbers: 30,000 rows pass without objects, and each of the few
    # different values becomes a decimal once.
    work, sheet = Work.__table__.c, Sheet.__table__.c
    seat, mark = PanelSeat.__table__.c, Mark.__table__.c
    value = type_coerce(mark.value, BigInteger)
    return (
        select(key, seat.part, seat.number, sheet.state, mark.aspect, value)
        .select_from(start)
        .outerjoin(
            Sheet.__table__,
            and_(sheet.work_id == work.id, sheet.state != SheetState.EXCUSED),
        )
        # Sheets of trainees get no seat here, and what has no seat is passed over.
        .outerjoin(
            PanelSeat.__table__,
            and_(seat.id == sheet.seat_id, seat.duty != SeatDuty.TRAINEE),
        )
        .outerjoin(Mark.__table__, mark.sheet_id == sheet.id)
    )


def leave_out(
    marks: Mapping[int, MarksOfParts], left_out: Mapping[int, Collection[tuple[str, int]]]
) -> dict[int, MarksOfParts]:
    """Return the marks without those of some seats on some entries (R1.13)."""
    return {
        entry_id: {
            part: [one for one in sheets if (part, one.judge) not in left_out.get(entry_id, ())]
            for part, sheets in parts.items()
        }
        for entry_id, parts in marks.items()
    }


def _grouped(rows: Iterable[Any]) -> dict[int, MarksOfParts]:
    values: dict[int, Decimal] = {}
    sheets: dict[int, dict[tuple[str, int], dict[str, Decimal]]] = {}
    for entry_id, part, number, state, aspect, raw in rows:
        of_entry = sheets.setdefault(entry_id, {})
        # A sheet that was signed empty says that there was nothing to mark or to record.
        if part is None or (aspect is None and (state is SheetState.SIGNED or not number)):
            continue
        marks = of_entry.setdefault((part, number), {})
        if aspect is None:
            continue
        if raw not in values:
            values[raw] = Decimal(raw).scaleb(-MARK_PLACES)
        marks[aspect] = values[raw]
    return {entry_id: _by_part(sheets[entry_id]) for entry_id in sorted(sheets)}


def _by_part(sheets: dict[tuple[str, int], dict[str, Decimal]]) -> MarksOfParts:
    parts: MarksOfParts = {}
    whole: dict[str, Decimal] = {}
    for (part, number), marks in sorted(sheets.items()):
        if is_whole(part):
            whole |= marks
        else:
            parts.setdefault(part, []).append(JudgeMarks(number, marks))
    if whole:
        parts[WHOLE] = [JudgeMarks(RECORDER, whole)]
    return parts
