"""Judging as a whole: open scoring, watch it, confirm the marks, open them again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, exists, select

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet, Spread
from models.results import Revision
from models.signoffs import Reopening
from models.works import Work
from rules.judges import SeatAnswer, SeatDuty
from rules.marking import IncompleteMarks
from rules.refusals import Missing, Refused, check_reason
from rules.schemes import Scheme, Stage
from rules.seats import benches
from rules.signoffs import Step
from rules.stages import score_contest
from rules.states import (
    EVENT_MOVES,
    REVISION_MOVES,
    SHEET_MOVES,
    EventState,
    ReopeningState,
    RevisionState,
    SheetState,
    moved,
)
from rules.texts import N_
from services import (
    audits,
    awards_limits,
    contests,
    papers,
    payouts_changes,
    results_computing,
    results_decisions,
    signoffs,
)
from services.acting import Actor
from services.draws import lock_event
from services.judges_conflicts import write_left_out
from services.panels import list_seats, panel_problems
from services.results_computing import Field, TiesOpen
from services.sheets import COMPETING, add_sheets, present_stage
from services.spreads import list_spreads, refresh_spreads
from services.transaction import transaction


@dataclass(frozen=True)
class Cell:
    """One seat's sheet for one entry, as the chief judge's table shows it."""

    sheet_id: int
    signed: bool
    started: bool
    excused: bool = False


@dataclass(frozen=True)
class Row:
    """The sheets of one code by seat, those of all stages."""

    code: str
    cells: dict[int, Cell]

    @property
    def done(self) -> bool:
        """Say whether all sheets of the entry are signed."""
        return all(cell.signed for cell in self.cells.values())


@dataclass(frozen=True)
class SeatColumn:
    """One seat, with the count of its sheets."""

    seat: PanelSeat
    part_title: str
    stage: str
    sheets: int
    signed: int

    @property
    def open(self) -> int:
        """Return how many sheets are not signed."""
        return self.sheets - self.signed


@dataclass(frozen=True)
class SpreadLine:
    """Sheets of one entry that lie too far apart, with the titles of part and aspect."""

    code: str
    part_title: str
    aspect_title: str | None
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class Progress:
    """How far the marking of an event is, without names or numbers of entries (R2.06)."""

    event: Event
    columns: list[SeatColumn]
    rows: list[Row]
    blockers: list[Refused]
    spreads: list[SpreadLine]
    present: Stage
    following: Stage | None

    @property
    def sheets(self) -> int:
        """Return how many sheets there are."""
        return sum(column.sheets for column in self.columns)

    @property
    def signed(self) -> int:
        """Return how many sheets are signed."""
        return sum(column.signed for column in self.columns)


@transaction
def open_scoring(by: Actor, event_id: int) -> int:
    """Make a sheet for each competing entry and seat of the first stage; the judges begin."""
    event = lock_event(event_id)
    if event.state is not EventState.DRAWN:
        raise Refused(N_("Scoring is opened once, after the draw."))
    scheme = contests.scheme_of(event)
    for problem in panel_problems(event, scheme):
        raise problem
    event.state = moved(EVENT_MOVES, event.state, EventState.SCORING)
    write_left_out(event)
    add_sheets(event_id, scheme)
    after = {"sheets": sum(len(row.cells) for row in _rows(event_id))}
    audits.record(by, "open_scoring", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


@transaction
def confirm(by: Actor, event_id: int, early: str | None = None) -> int:
    """Confirm the marks once every sheet of a competing entry is signed (R2.23).

    Before the last stage is over ``early`` must say why the event ends here.
    """
    event = lock_event(event_id)
    if event.state is not EventState.SCORING:
        raise Refused(N_("Marks are confirmed while scoring is open."))
    found = get_progress(event_id)
    for problem in found.blockers:
        raise problem
    if found.following is not None:
        if early is None:
            raise Refused(_NOT_OVER, stage=found.following.title)
        check_reason(early)
    signoffs.sign_as_chief(by, event)
    event.state = moved(EVENT_MOVES, event.state, EventState.REVIEW)
    after = None if found.following is None else {"stage": found.present.title, "reason": early}
    audits.record(by, "confirm", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


_NOT_OVER = N_("%(stage)s has not been held yet. Open it, or end the event early with a reason.")


@transaction
def reopen(by: Actor, event_id: int, reason: str) -> int:
    """Take confirmed marks back to scoring; revisions made from them are superseded (R2.15)."""
    event = lock_event(event_id)
    if event.state not in {EventState.REVIEW, EventState.SIGNED}:
        raise Refused(N_("Only confirmed marks that are not in public notice can be opened again."))
    check_reason(reason)
    if contests.rules_of(event.contest).day.reopening_people > 1:
        raise Refused(N_("In this edition two people open marks again: propose it to another one."))
    before = {"state": event.state}
    superseded = take_back(by, event)
    _add_reopening(by, event_id, reason)
    audits.record(
        by,
        "reopen",
        "event",
        event_id,
        contest_id=event.contest_id,
        before=before,
        after={"reason": reason, "superseded": superseded},
    )
    return event_id


def take_back(by: Actor, event: Event) -> list[int]:
    """Part: take confirmed marks back to scoring; return the revisions that are superseded."""
    event.state = moved(EVENT_MOVES, event.state, EventState.SCORING)
    signoffs.void_from(by, event.id, Step.CHIEF)
    superseded = supersede(event.id)
    db.session.flush()
    payouts_changes.stop_replaced(by, event.id)
    awards_limits.settle_contest(event.contest_id)
    return superseded


def _add_reopening(by: Actor, event_id: int, reason: str) -> None:
    db.session.add(
        Reopening(
            event_id=event_id,
            state=ReopeningState.AGREED,
            reason=reason.strip(),
            proposed_at=by.now,
            proposed_by_id=by.account_id,
            answered_at=by.now,
        )
    )


def supersede(event_id: int) -> list[int]:
    """Part: supersede the revisions of an event that count; return their numbers."""
    query = select(Revision).where(
        Revision.event_id == event_id, Revision.state != RevisionState.SUPERSEDED
    )
    revisions = db.session.scalars(query.with_for_update()).all()
    for revision in revisions:
        revision.state = moved(REVISION_MOVES, revision.state, RevisionState.SUPERSEDED)
    return [revision.number for revision in revisions]


@transaction
def reopen_sheet(by: Actor, sheet_id: int, reason: str) -> int:
    """Open a signed sheet again (R2.16); return the event's id."""
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None:
        raise Missing(sheet_id)
    event = lock_event(sheet.event_id)
    db.session.refresh(sheet, with_for_update={"of": Sheet})
    if event.state is not EventState.SCORING:
        raise Refused(N_("The marks are confirmed. Open the scoring of the event again first."))
    if sheet.state is not SheetState.SIGNED:
        raise Refused(N_("This sheet is open already."))
    check_reason(reason)
    sheet.state = moved(SHEET_MOVES, sheet.state, SheetState.OPEN)
    sheet.signed_at = None
    sheet.version += 1
    refresh_spreads(contests.scheme_of(event), sheet.seat.part, [sheet.work_id])
    after = {"reason": reason}
    audits.record(by, "reopen", "sheet", sheet_id, contest_id=event.contest_id, after=after)
    return event.id


def get_progress(event_id: int) -> Progress:
    """Return how far each seat is with each coded entry, and what keeps the marks open."""
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    stages = [stage for stage, _ in scheme.levels]
    index = present_stage(event_id, scheme)
    rows = _rows(event_id)
    columns = _columns(event_id, scheme, rows, index)
    blockers = [*_blockers(event, scheme, rows, columns)]
    return Progress(
        event,
        columns,
        rows,
        blockers or [*_mark_problems(event, scheme)],
        [_spread_line(scheme, code, spread) for code, spread in list_spreads(event_id)],
        stages[index],
        stages[index + 1] if index + 1 < len(stages) else None,
    )


def list_sheet_blockers(event: Event, scheme: Scheme, index: int) -> list[Refused]:
    """List which sheets are not signed up to a stage."""
    rows = _rows(event.id)
    return [*_blockers(event, scheme, rows, _columns(event.id, scheme, rows, index))]


def list_mark_problems(event: Event) -> list[Refused]:
    """List why signed sheets make no result: paper that differs, judges who are far apart."""
    scheme = contests.scheme_of(event)
    return [*papers.list_blockers(event, scheme)] or [*_mark_problems(event, scheme)]


def _rows(event_id: int) -> list[Row]:
    """List the competing works by code, those without a sheet too."""
    started = exists().where(Mark.sheet_id == Sheet.id)
    trainees = select(PanelSeat.id).where(
        PanelSeat.event_id == event_id, PanelSeat.duty == SeatDuty.TRAINEE
    )
    query = (
        select(Work.code, Sheet.seat_id, Sheet.id, Sheet.state, started)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .outerjoin(Sheet, and_(Sheet.work_id == Work.id, Sheet.seat_id.not_in(trainees)))
        .where(Work.event_id == event_id, *COMPETING)
        .order_by(Work.code)
    )
    rows: dict[str, Row] = {}
    for code, seat_id, sheet_id, state, is_started in db.session.execute(query):
        row = rows.setdefault(code, Row(code, {}))
        if seat_id is not None:
            done, excused = state is not SheetState.OPEN, state is SheetState.EXCUSED
            row.cells[seat_id] = Cell(sheet_id, done, is_started, excused)
    return list(rows.values())


def _columns(event_id: int, scheme: Scheme, rows: list[Row], index: int) -> list[SeatColumn]:
    opened = {stage.key for stage, _ in scheme.levels[: index + 1]}
    found = benches(scheme)
    order = {bench.key: place for place, bench in enumerate(found)}
    of_seat = {bench.key: bench for bench in found}
    seats = sorted(
        list_seats(event_id),
        key=lambda seat: (order.get(seat.part, 99), not seat.number, seat.number),
    )
    sheets = Counter(seat_id for row in rows for seat_id in row.cells)
    signed = Counter(seat_id for row in rows for seat_id, cell in row.cells.items() if cell.signed)
    return [
        SeatColumn(
            seat,
            of_seat[seat.part].title,
            of_seat[seat.part].stage,
            sheets[seat.id],
            signed[seat.id],
        )
        for seat in seats
        if seat.part in of_seat
        and of_seat[seat.part].stage in opened
        and (_is_member(seat) or sheets[seat.id])
    ]


def _is_member(seat: PanelSeat) -> bool:
    """Say whether every work needs a sheet of this seat; others may have some."""
    return seat.duty is SeatDuty.MEMBER and seat.answer is not SeatAnswer.DECLINED


def _blockers(
    event: Event, scheme: Scheme, rows: list[Row], columns: list[SeatColumn]
) -> Iterator[Refused]:
    """Yield in words what must happen before the marks can be confirmed."""
    if event.state is EventState.DRAWN:
        yield from panel_problems(event, scheme)
    if event.state is not EventState.SCORING:
        return
    if not rows:
        yield Refused(N_("No entry competes. Check the attendance."))
    for column in columns:
        if column.open:
            yield Refused(
                _SHEETS_MISSING if column.seat.number else _RECORDS_MISSING,
                part=column.part_title,
                number=column.seat.number,
                judge=column.seat.account.title,
                count=column.open,
            )
    first = {
        column.seat.id
        for column in columns
        if column.stage == scheme.levels[0][0].key and _is_member(column.seat)
    }
    if any(not first <= row.cells.keys() for row in rows):
        yield Refused(N_("Some entries have no sheets yet. Record their attendance again."))
    yield from papers.list_blockers(event, scheme)


_SHEETS_MISSING = N_("%(part)s, seat %(number)s (%(judge)s): sheets not signed yet: %(count)s.")


def _mark_problems(event: Event, scheme: Scheme) -> Iterator[Refused]:
    """Yield why signed sheets make no result yet, such as judges who are too far apart (R2.15)."""
    if event.state is not EventState.SCORING:
        return
    fields = results_computing.read_fields(event.id)
    decisions = results_decisions.decisions_of(event.id)
    try:
        results_computing.each_field(
            fields, lambda field: score_contest(scheme, field.starters, decisions)
        )
    except TiesOpen:
        return  # decided later, or before the next stage is opened
    except IncompleteMarks as incomplete:
        yield from coded_problems(fields, incomplete)


def coded_problems(fields: Sequence[Field], incomplete: IncompleteMarks) -> Iterator[Refused]:
    """Yield every reason why marks make no result, with the work code of the entry."""
    for code, problems in results_computing.blockers_of(fields, incomplete).items():
        for problem in problems:
            yield Refused(N_("%(code)s: %(problem)s"), code=code, problem=problem)


_RECORDS_MISSING = N_("%(part)s, recorder (%(judge)s): sheets not signed yet: %(count)s.")


def _spread_line(scheme: Scheme, code: str, spread: Spread) -> SpreadLine:
    part = scheme.part(spread.part)
    title = next((node.title for node in part.nodes if node.key == spread.aspect), None)
    return SpreadLine(code, part.title, title, spread.lowest, spread.highest)
