"""Judges who step back while the scoring goes on: from one work, or from all of them (R1.13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judges import Recusal
from models.judging import PanelSeat, Sheet
from models.works import Work
from rules.judges import SeatAnswer, SeatDuty
from rules.refusals import Missing, Refused, check_reason
from rules.seats import Bench, next_number, titles_of
from rules.states import SHEET_MOVES, EventState, SheetState, moved
from rules.texts import N_
from services import audits, contests, panels
from services.acting import Actor
from services.draws import lock_event
from services.judges_conflicts import write_left_out
from services.panels_answers import may_sit
from services.sheets import COMPETING, add_sheets, present_stage
from services.spreads import refresh_spreads
from services.transaction import transaction

_FEWER = N_("Without this judge too few are left. Call a reserve judge.")


@dataclass(frozen=True)
class RecusalLine:
    """One recusal; the reason only for those who may know it."""

    recusal: Recusal
    part_title: str
    code: str | None


@dataclass(frozen=True)
class SeatOnPanel:
    """A seat whose judge can be excused, with the sheets that this can be from."""

    seat: PanelSeat
    part_title: str
    sheets: list[tuple[int, str]]
    reserves: int


@transaction
def recuse(
    by: Actor,
    seat_id: int,
    reason: str,
    sheet_id: int | None = None,
    with_reserve: bool = False,
) -> int:
    """Excuse a judge from one work or from all; what was marked there no longer counts (R1.13).

    The rest of the panel is counted as the scheme says of absent judges; where it would be too
    small, a reserve judge steps in, or the act is refused. Return the event's id.
    """
    seat = panels.get_seat(seat_id)
    event = lock_event(seat.event_id)
    db.session.refresh(seat)
    _check(event, seat, reason)
    sheets = _sheets_of(seat, sheet_id)
    before = seat.number
    excuse_sheets(sheets)
    reserve = _next_reserve(event, seat, sheet_id, by.today) if with_reserve else None
    reserve_id = None if reserve is None else reserve.account_id
    if sheet_id is None:
        _leave(event, seat, reserve)
    elif reserve is not None:
        _mark_instead(event, reserve, sheets)
    check_minimum(event, panels.find_bench(event, seat.part))
    refresh_spreads(contests.scheme_of(event), seat.part, [one.work_id for one in sheets])
    kept = Recusal(seat_id=seat.id, sheet_id=sheet_id, reserve_id=reserve_id)
    kept.reason, kept.recorded_at, kept.recorded_by_id = reason.strip(), by.now, by.account_id
    db.session.add(kept)
    after = {"part": seat.part, "number": before, "sheets": len(sheets)}
    _record(by, event, seat.account_id, kept, after)
    return event.id


def _record(
    by: Actor, event: Event, account_id: int, kept: Recusal, after: Mapping[str, object]
) -> None:
    # Why somebody steps back may be private: the record says only that and who stepped in.
    told = {"account": account_id, "reserve": kept.reserve_id, **after}
    kind, key = ("seat", kept.seat_id) if kept.sheet_id is None else ("sheet", kept.sheet_id)
    audits.record(by, "recuse", kind, key, contest_id=event.contest_id, after=told)


def excuse_sheets(sheets: Iterable[Sheet]) -> None:
    """Part: leave sheets out; the rest of the panel is counted (R1.13)."""
    for sheet in sheets:
        sheet.state = moved(SHEET_MOVES, sheet.state, SheetState.EXCUSED)
        sheet.version += 1


def _check(event: Event, seat: PanelSeat, reason: str) -> None:
    if event.state is not EventState.SCORING:
        raise Refused(N_("Judges are excused while scoring is open."))
    if seat.duty is SeatDuty.RECUSED:
        raise Refused(N_("This judge is excused already."))
    check_reason(reason)


def _sheets_of(seat: PanelSeat, sheet_id: int | None) -> list[Sheet]:
    query = select(Sheet).where(Sheet.seat_id == seat.id).with_for_update()
    if sheet_id is not None:
        query = query.where(Sheet.id == sheet_id)
    query = query.order_by(Sheet.id).execution_options(populate_existing=True)
    found = db.session.scalars(query).all()
    if sheet_id is not None and not found:
        raise Missing(sheet_id)
    open_ones = [one for one in found if one.state is not SheetState.EXCUSED]
    if sheet_id is not None and not open_ones:
        raise Refused(N_("This judge is excused from this work already."))
    return open_ones


def _next_reserve(event: Event, seat: PanelSeat, sheet_id: int | None, today: date) -> PanelSeat:
    """Return the first reserve judge who may sit there and does not mark this work already."""
    work_id = None if sheet_id is None else db.session.get_one(Sheet, sheet_id).work_id
    busy = set(
        db.session.scalars(
            select(Sheet.seat_id).where(Sheet.event_id == event.id, Sheet.work_id == work_id)
        )
    )
    ready = [
        one
        for one in panels.list_seats(event.id)
        if one.part == seat.part
        and one.duty is SeatDuty.RESERVE
        and one.answer is not SeatAnswer.DECLINED
        and one.id not in busy
    ]
    for one in sorted(ready, key=lambda found: found.number):
        if may_sit(event, one, seat, today):
            return one
    raise Refused(N_("No reserve judge of this part is free to step in."), field="with_reserve")


def _leave(event: Event, seat: PanelSeat, reserve: PanelSeat | None) -> None:
    """Take a judge off the panel; a reserve judge takes the number and gets all sheets."""
    number, was_member = seat.number, seat.duty is SeatDuty.MEMBER
    taken = [one.number for one in panels.list_seats(event.id) if one.part == seat.part]
    seat.number, seat.duty = next_number(taken, SeatDuty.RECUSED), SeatDuty.RECUSED
    db.session.flush()  # the number must be free before somebody else has it
    if reserve is None or not was_member:
        return
    reserve.number, reserve.duty = number, SeatDuty.MEMBER
    db.session.flush()
    write_left_out(event, [reserve])
    scheme = contests.scheme_of(event)
    for index in range(present_stage(event.id, scheme) + 1):
        add_sheets(event.id, scheme, index)


def _mark_instead(event: Event, reserve: PanelSeat, sheets: Iterable[Sheet]) -> None:
    """Give a reserve judge the sheets of a work from which somebody stepped back."""
    for one in sheets:
        db.session.add(
            Sheet(
                event_id=event.id,
                work_id=one.work_id,
                seat_id=reserve.id,
                stage=one.stage,
                state=SheetState.OPEN,
            )
        )
    db.session.flush()
    write_left_out(event, [reserve])


def check_minimum(event: Event, bench: Bench) -> None:
    """Refuse when some work is left with fewer judges than its panel needs (R2.16)."""
    members = {
        one.number
        for one in panels.list_seats(event.id)
        if one.part == bench.key
        and one.duty is SeatDuty.MEMBER
        and one.answer is not SeatAnswer.DECLINED
    }
    rooms = _seats_by_work(event.id, bench.key)
    for marking, excused in {*rooms.values()} or {(frozenset(members), frozenset[int]())}:
        standing_in = sum(number not in bench.seats for number in marking)
        filled = marking | set(sorted(excused)[:standing_in])
        for _problem in bench.problems(filled):
            raise Refused(_FEWER, field="with_reserve")


def _seats_by_work(event_id: int, part: str) -> dict[int, tuple[frozenset[int], frozenset[int]]]:
    """Return by work the seats that mark it and those that are excused from it.

    Whoever left the panel has given the number back: a place that nobody has taken is free.
    """
    query = (
        select(Sheet.work_id, PanelSeat.number, Sheet.state)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Sheet.event_id == event_id, PanelSeat.part == part, *COMPETING)
        .where(PanelSeat.duty.in_((SeatDuty.MEMBER, SeatDuty.RESERVE)))
    )
    marking: dict[int, set[int]] = {}
    excused: dict[int, set[int]] = {}
    for work_id, number, state in db.session.execute(query):
        where = excused if state is SheetState.EXCUSED else marking
        where.setdefault(work_id, set()).add(number)
    return {
        work_id: (
            frozenset(marking.get(work_id, ())),
            frozenset(excused.get(work_id, ())),
        )
        for work_id in {*marking, *excused}
    }


def list_recusals(event: Event) -> list[RecusalLine]:
    """List who stepped back in an event, the latest first."""
    titles = titles_of(event.scheme)
    person = (load_only(Account.title, Account.username), lazyload(Account.grants))
    query = (
        select(Recusal)
        .join(PanelSeat, PanelSeat.id == Recusal.seat_id)
        .options(
            joinedload(Recusal.seat).joinedload(PanelSeat.account).options(*person),
            joinedload(Recusal.reserve).options(*person),
            joinedload(Recusal.recorded_by).options(*person),
            joinedload(Recusal.sheet).joinedload(Sheet.work),
        )
        .where(PanelSeat.event_id == event.id)
        .order_by(Recusal.id.desc())
    )
    return [
        RecusalLine(
            one,
            titles.get(one.seat.part, one.seat.part),
            one.sheet.work.code if one.sheet else None,
        )
        for one in db.session.scalars(query)
    ]


def get_seat_on_panel(seat_id: int) -> SeatOnPanel:
    """Return a seat with the sheets from which its judge can be excused."""
    seat = panels.get_seat(seat_id)
    event = contests.get_event(seat.event_id)
    query = (
        select(Sheet.id, Work.code)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Sheet.seat_id == seat_id, Sheet.state != SheetState.EXCUSED, *COMPETING)
        .order_by(Work.code)
    )
    sheets = [(key, code) for key, code in db.session.execute(query)]
    title = titles_of(event.scheme).get(seat.part, seat.part)
    return SeatOnPanel(seat, title, sheets, count_reserves(event.id, seat.part))


def count_reserves(event_id: int, part: str) -> int:
    """Count the reserve judges of a part who did not decline."""
    return sum(
        one.part == part and one.duty is SeatDuty.RESERVE and one.answer is not SeatAnswer.DECLINED
        for one in panels.list_seats(event_id)
    )


def list_excusable(event_id: int) -> Sequence[PanelSeat]:
    """List the seats whose judges can be excused."""
    return [
        one
        for one in panels.list_seats(event_id)
        if one.number and one.duty in {SeatDuty.MEMBER, SeatDuty.TRAINEE}
    ]
