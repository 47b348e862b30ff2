"""A judge who is absent from now on: what is signed counts, what is open is excused (R2.16)."""

from dataclasses import dataclass

from sqlalchemy import select

from models.contests import Event
from models.database import db
from models.judging import PanelSeat, Sheet
from rules.judges import SeatDuty
from rules.refusals import Refused, check_reason
from rules.seats import RECORDER, titles_of
from rules.states import EventState, SheetState
from rules.texts import N_
from services import audits, contests, panels
from services.acting import Actor
from services.draws import lock_event
from services.judges_recusals import check_minimum, excuse_sheets
from services.spreads import refresh_spreads
from services.transaction import transaction


@dataclass(frozen=True)
class Absence:
    """A seat whose judge may be absent, with the count of sheets that would be left out."""

    seat: PanelSeat
    event: Event
    part_title: str
    open: int
    signed: int


@transaction
def excuse_absent(by: Actor, seat_id: int, reason: str) -> int:
    """Excuse a judge from every sheet that is not signed; the signed ones count as before.

    Refused where a panel would become too small: then a reserve judge must step in. Returns the
    event's id.
    """
    seat = panels.get_seat(seat_id)
    event = lock_event(seat.event_id)
    db.session.refresh(seat)
    _check(event, seat, reason)
    query = select(Sheet).where(Sheet.seat_id == seat_id, Sheet.state == SheetState.OPEN)
    query = query.order_by(Sheet.id).with_for_update()
    sheets = db.session.scalars(query.execution_options(populate_existing=True)).all()
    if not sheets:
        raise Refused(N_("This judge has no open sheet."))
    excuse_sheets(sheets)
    db.session.flush()
    check_minimum(event, panels.find_bench(event, seat.part))
    refresh_spreads(contests.scheme_of(event), seat.part, [one.work_id for one in sheets])
    after = {"part": seat.part, "number": seat.number, "sheets": len(sheets), "reason": reason}
    audits.record(by, "excuse_absent", "seat", seat_id, contest_id=event.contest_id, after=after)
    return event.id


def _check(event: Event, seat: PanelSeat, reason: str) -> None:
    if event.state is not EventState.SCORING:
        raise Refused(N_("Judges are excused while scoring is open."))
    if seat.number == RECORDER or seat.duty is not SeatDuty.MEMBER:
        raise Refused(N_("Only a judge of the panel can be absent. Replace a recorder."))
    check_reason(reason)


def get_absence(seat_id: int) -> Absence:
    """Return how many sheets a judge would leave; raise Missing."""
    seat = panels.get_seat(seat_id)
    event = contests.get_event(seat.event_id)
    states = db.session.scalars(select(Sheet.state).where(Sheet.seat_id == seat_id)).all()
    return Absence(
        seat,
        event,
        titles_of(event.scheme)[seat.part],
        states.count(SheetState.OPEN),
        states.count(SheetState.SIGNED),
    )
