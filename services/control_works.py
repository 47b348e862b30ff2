"""One work of one part beside the whole panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.control import Remark
from models.database import db
from models.judging import PanelSeat, Sheet
from rules.refusals import Missing
from rules.scheme_nodes import Aspect
from rules.seats import Layout, Line, bench_of
from rules.states import SheetState
from services import contests, control, remarks
from services.control import Found
from services.sheets import StoredMark, stored_marks


@dataclass(frozen=True)
class WorkView:
    """The marks that all seats of a part gave one work, what is odd, and what was asked again."""

    event: Event
    sheet: Sheet
    layout: Layout
    seats: Sequence[Sheet]
    marks: Mapping[int, Mapping[str, StoredMark]]
    found: Sequence[Found]
    remarks: Sequence[Remark]

    @property
    def code(self) -> str:
        """Return the work's code."""
        return self.sheet.work.code

    @property
    def lines(self) -> list[Line]:
        """Return the lines of the part in the order of the sheet."""
        bench = self.layout.bench
        seen: dict[str, Line] = {}
        for sheet in self.seats:
            seen |= {line.key: line for line in bench.layout(sheet.seat.number).lines}
        return list(seen.values())

    @property
    def keys(self) -> set[str]:
        """Return the aspects of this sheet, about which its judge can be asked."""
        return {line.key for line in self.layout.lines if isinstance(line, Aspect)}

    @property
    def asked(self) -> bool:
        """Say whether this sheet is open because it was asked for again."""
        return any(
            one.sheet_id == self.sheet.id and one.answered_at is None for one in self.remarks
        )

    def is_odd(self, seat: int, aspect: str) -> bool:
        """Say whether an alarm speaks of this very mark."""
        return any((one.alarm.seat, one.alarm.aspect) == (seat, aspect) for one in self.found)


def get_work(sheet_id: int, now: datetime) -> WorkView:
    """Return the work of a sheet beside its panel; raise Missing."""
    query = select(Sheet).options(joinedload(Sheet.work), joinedload(Sheet.seat))
    sheet = db.session.scalar(query.where(Sheet.id == sheet_id))
    if sheet is None:
        raise Missing(sheet_id)
    event = contests.get_event(sheet.event_id)
    layout = bench_of(contests.scheme_of(event), sheet.seat.part).layout(sheet.seat.number)
    seats = _panel(sheet)
    room = control.get_room(event.id, now)
    return WorkView(
        event,
        sheet,
        layout,
        seats,
        stored_marks([one.id for one in seats]),
        [
            one
            for one in room.alarms
            if (one.alarm.work, one.alarm.part) == (sheet.work.code, sheet.seat.part)
        ],
        remarks.list_of_work(sheet.work_id, sheet.seat.part),
    )


def _panel(sheet: Sheet) -> list[Sheet]:
    """List the sheets of the work and part, the judges' before the recorder's."""
    query = (
        select(Sheet)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .options(joinedload(Sheet.seat).joinedload(PanelSeat.account))
        .where(Sheet.work_id == sheet.work_id, PanelSeat.part == sheet.seat.part)
        .where(Sheet.state != SheetState.EXCUSED)
    )
    found = db.session.scalars(query).unique().all()
    return sorted(found, key=lambda one: (not one.seat.number, one.seat.number))
