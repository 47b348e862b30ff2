"""Score sheets as their judges see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, case, exists, func, insert, literal, or_, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.works import Work
from rules.judges import SeatAnswer, SeatDuty
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.schemes import Scheme, read_scheme
from rules.seats import Layout, Line, bench_of, benches, place_of
from rules.sheets import fits_table, running_total
from rules.states import EntryState, EventState, SheetState
from rules.texts import N_
from services import contests

# Only works of these entries are marked and counted (R2.20). While the codes are sealed nobody
# knows the entry: then the work's own status decides. Needs Work, and Entry outer-joined to it.
COMPETING = (
    Work.status == EntryStatus.COMPETED,
    or_(
        Work.entry_id.is_(None),
        and_(Entry.state == EntryState.ACCEPTED, Entry.status == EntryStatus.COMPETED),
    ),
)

# Of a seat: whoever sits there gets sheets; a reserve judge only by stepping in.
MARKING = (
    PanelSeat.duty.in_((SeatDuty.MEMBER, SeatDuty.TRAINEE)),
    PanelSeat.answer != SeatAnswer.DECLINED,
)
# Of a sheet and its seat: its marks can count. Those of trainees and of who stepped back never do.
COUNTING = (PanelSeat.duty != SeatDuty.TRAINEE, Sheet.state != SheetState.EXCUSED)


@dataclass(frozen=True)
class StoredMark:
    """A mark as stored, with its version."""

    value: Decimal
    version: int


@dataclass(frozen=True)
class SeatProgress:
    """How far one seat is with its sheets."""

    seat: PanelSeat
    event: Event
    part_title: str
    sheets: int
    signed: int


@dataclass(frozen=True)
class SheetLine:
    """One sheet in a judge's list."""

    id: int
    code: str
    state: SheetState
    marked: int


@dataclass(frozen=True)
class SheetView:
    """One sheet with all that its page shows."""

    sheet: Sheet
    event: Event
    scheme: Scheme
    layout: Layout
    code: str
    marks: dict[str, StoredMark]
    neighbours: list[tuple[int, SheetState]]
    locked: Refused | None

    @property
    def total(self) -> Decimal:
        """Return the sum of the marks so far."""
        values = {aspect: mark.value for aspect, mark in self.marks.items()}
        return running_total(self.layout, values, self.scheme.digits, self.scheme.rounding)

    @property
    def counted(self) -> int:
        """Return how many lines the sheet counts: all, of a recorder's those that are needed."""
        return len(self.layout.needed if self.layout.is_record else self.layout.lines)

    @property
    def marked(self) -> int:
        """Return how many of them are filled."""
        counted = self.layout.needed if self.layout.is_record else self.marks.keys()
        return len(counted & self.marks.keys())

    @property
    def position(self) -> int | None:
        """Return the place among the seat's sheets, from 0; None if it is not there."""
        ids = [sheet_id for sheet_id, _ in self.neighbours]
        return ids.index(self.sheet.id) if self.sheet.id in ids else None

    def beside(self, steps: int) -> int | None:
        """Return the id of the sheet so many places on; None at the end."""
        place = None if self.position is None else self.position + steps
        inside = place is not None and 0 <= place < len(self.neighbours)
        return self.neighbours[place][0] if place is not None and inside else None

    def next_open(self) -> int | None:
        """Return the id of the next sheet that is not signed, from here round to here."""
        here = 0 if self.position is None else self.position + 1
        ring = self.neighbours[here:] + self.neighbours[:here]
        return next(
            (key for key, state in ring if state is SheetState.OPEN and key != self.sheet.id), None
        )


def list_own(account_id: int) -> list[SeatProgress]:
    """List the seats of a judge with the count of sheets, those at work first."""
    signed = func.sum(case((Sheet.state == SheetState.SIGNED, 1), else_=0))
    counts = (
        select(Sheet.seat_id, func.count().label("sheets"), signed.label("signed"))
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(*COMPETING, Sheet.state != SheetState.EXCUSED)
        .group_by(Sheet.seat_id)
        .subquery()
    )
    query = (
        select(PanelSeat, Event, counts.c.sheets, counts.c.signed)
        .join(Event, Event.id == PanelSeat.event_id)
        .outerjoin(counts, counts.c.seat_id == PanelSeat.id)
        .options(joinedload(Event.contest))
        .where(PanelSeat.account_id == account_id, Event.state != EventState.CANCELLED)
        .order_by(Event.state != EventState.SCORING, Event.id.desc(), PanelSeat.id)
    )
    return [
        SeatProgress(
            seat, event, place_of(event.scheme, seat.part)[0], sheets or 0, signed_count or 0
        )
        for seat, event, sheets, signed_count in db.session.execute(query)
    ]


def list_sheets(event_id: int, account_id: int) -> dict[int, list[SheetLine]]:
    """List a judge's sheets of one event by seat and work code, with the count of marks."""
    query = (
        select(Sheet.seat_id, Sheet.id, Work.code, Sheet.state, func.count(Mark.id))
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .outerjoin(Mark, Mark.sheet_id == Sheet.id)
        .where(PanelSeat.event_id == event_id, PanelSeat.account_id == account_id)
        .where(*COMPETING)
        .group_by(Sheet.seat_id, Sheet.id, Work.code, Sheet.state)
        .order_by(Work.code)
    )
    found: dict[int, list[SheetLine]] = {}
    for seat_id, sheet_id, code, state, marked in db.session.execute(query):
        found.setdefault(seat_id, []).append(SheetLine(sheet_id, code, state, marked))
    return found


def get_sheet(sheet_id: int) -> SheetView:
    """Return a sheet with its marks and its neighbours by work code; raise Missing."""
    work = joinedload(Sheet.work).joinedload(Work.entry)
    query = select(Sheet).options(work, joinedload(Sheet.seat))
    sheet = db.session.scalar(query.where(Sheet.id == sheet_id))
    if sheet is None:
        raise Missing(sheet_id)
    event = contests.get_event(sheet.event_id)
    scheme = contests.scheme_of(event)
    return SheetView(
        sheet,
        event,
        scheme,
        bench_of(scheme, sheet.seat.part).layout(sheet.seat.number),
        sheet.work.code,
        stored_marks([sheet_id]).get(sheet_id, {}),
        _neighbours(sheet.seat_id),
        lock_reason(event.state, sheet),
    )


def get_saved(sheet_id: int, key: str) -> tuple[Line, StoredMark | None]:
    """Return one line of a sheet with what is stored for it; raise Missing."""
    query = select(PanelSeat.part, PanelSeat.number, Event.scheme).join(
        Event, Event.id == PanelSeat.event_id
    )
    row = db.session.execute(
        query.join(Sheet, Sheet.seat_id == PanelSeat.id).where(Sheet.id == sheet_id)
    ).one_or_none()
    if row is None:
        raise Missing(sheet_id)
    layout = bench_of(read_scheme(row.scheme), row.part).layout(row.number)
    return layout.line(key), stored_marks([sheet_id]).get(sheet_id, {}).get(key)


def _neighbours(seat_id: int) -> list[tuple[int, SheetState]]:
    query = (
        select(Sheet.id, Sheet.state)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Sheet.seat_id == seat_id, *COMPETING)
        .order_by(Work.code)
    )
    return [(sheet_id, state) for sheet_id, state in db.session.execute(query)]


@dataclass(frozen=True)
class TableRow:
    """One coded entry in the table of a seat."""

    sheet_id: int
    code: str
    signed: bool
    marks: dict[str, StoredMark]


@dataclass(frozen=True)
class TableView:
    """All sheets of one seat as one table."""

    seat: PanelSeat
    event: Event
    layout: Layout
    rows: list[TableRow]

    @property
    def open(self) -> int:
        """Return how many rows are not signed."""
        return sum(not row.signed for row in self.rows)

    @property
    def locked(self) -> Refused | None:
        """Say why the whole table is locked, or None when it is not."""
        return scoring_closed(self.event.state)


def get_table(seat_id: int) -> TableView:
    """Return the table of a seat whose sheets have few lines; raise Missing."""
    query = select(PanelSeat).options(joinedload(PanelSeat.account).lazyload(Account.grants))
    seat = db.session.scalar(query.where(PanelSeat.id == seat_id))
    if seat is None:
        raise Missing(seat_id)
    event = contests.get_event(seat.event_id)
    layout = bench_of(contests.scheme_of(event), seat.part).layout(seat.number)
    if not fits_table(layout):
        raise Missing(seat_id)
    return TableView(seat, event, layout, _table_rows(seat_id))


def _table_rows(seat_id: int) -> list[TableRow]:
    query = (
        select(Sheet.id, Work.code, Sheet.state, Mark.aspect, Mark.value, Mark.version)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .outerjoin(Mark, Mark.sheet_id == Sheet.id)
        .where(Sheet.seat_id == seat_id, *COMPETING, Sheet.state != SheetState.EXCUSED)
        .order_by(Work.code)
    )
    rows: dict[int, TableRow] = {}
    for key, code, state, aspect, value, version in db.session.execute(query):
        row = rows.setdefault(key, TableRow(key, code, state is SheetState.SIGNED, {}))
        if aspect is not None:
            row.marks[aspect] = StoredMark(value, version)
    return list(rows.values())


def stored_marks(sheet_ids: Sequence[int]) -> dict[int, dict[str, StoredMark]]:
    """Return the stored marks of some sheets."""
    query = select(Mark.sheet_id, Mark.aspect, Mark.value, Mark.version)
    found: dict[int, dict[str, StoredMark]] = {}
    for sheet_id, aspect, value, version in db.session.execute(
        query.where(Mark.sheet_id.in_(sheet_ids))
    ):
        found.setdefault(sheet_id, {})[aspect] = StoredMark(value, version)
    return found


def scoring_closed(event: EventState) -> Refused | None:
    """Say why no mark of an event in this state can change, or None when marks can."""
    if event is EventState.SCORING:
        return None
    early = event in {EventState.DRAFT, EventState.REGISTERING, EventState.DRAWN}
    return Refused(N_("Scoring is not open yet.") if early else _CONFIRMED)


def status_of(work: Work) -> EntryStatus:
    """Return what became of a work: of its entry on the whole, else in the work's own stage."""
    entry = work.entry
    if entry is None:
        return work.status
    return standing_of(work.status, entry.state, entry.status)


def standing_of(
    work: EntryStatus, entry_state: EntryState | None, entry: EntryStatus | None
) -> EntryStatus:
    """Return what became of a work by its own status and that of its entry (None: sealed)."""
    if entry_state is not None and entry_state is not EntryState.ACCEPTED:
        return EntryStatus.WITHDRAWN
    if entry is not None and entry is not EntryStatus.COMPETED:
        return entry
    return work


def lock_reason(event: EventState, sheet: Sheet) -> Refused | None:
    """Say why the marks of a sheet cannot change, or None when they can."""
    return lock_problem(event, status_of(sheet.work), sheet.state)


def lock_problem(event: EventState, status: EntryStatus, sheet: SheetState) -> Refused | None:
    """Say why marks cannot change while event, work and sheet stand like this, or None."""
    closed = scoring_closed(event)
    if closed is not None:
        return closed
    if status is not EntryStatus.COMPETED:
        return Refused(_NOT_MARKED[status])
    if sheet is SheetState.EXCUSED:
        return Refused(N_("You are excused from this work; it is not marked here."))
    if sheet is SheetState.SIGNED:
        return Refused(N_("This sheet is signed. Only the chief judge can open it again."))
    return None


_NOT_MARKED = {
    EntryStatus.ABSENT: N_("This entry is absent; it is not marked."),
    EntryStatus.WITHDRAWN: N_("This entry is withdrawn; it is not marked."),
    EntryStatus.VIOLATION: N_("This entry is excluded for a violation; it is not marked."),
}
_CONFIRMED = N_("The chief judge has confirmed the marks; they can no longer be changed.")


def present_stage(event_id: int, scheme: Scheme) -> int:
    """Return the place of the stage that is being judged: the last one that has sheets."""
    if not scheme.stages:
        return 0
    query = select(Sheet.stage).where(Sheet.event_id == event_id).distinct()
    opened = set(db.session.scalars(query))
    return max((n for n, stage in enumerate(scheme.stages) if stage.key in opened), default=0)


def add_sheets(event_id: int, scheme: Scheme, index: int = 0) -> None:
    """Part: make the sheets of one stage for each seat and competing work that have none."""
    stage = scheme.levels[index][0].key
    keys = [bench.key for bench in benches(scheme) if bench.stage == stage]
    there = exists().where(Sheet.work_id == Work.id, Sheet.seat_id == PanelSeat.id)
    values = (literal(stage), literal(SheetState.OPEN.value), literal(1))
    rows = (
        select(Work.event_id, Work.id, PanelSeat.id, *values)
        .join(PanelSeat, PanelSeat.event_id == Work.event_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Work.event_id == event_id, Work.stage == stage, *COMPETING)
        .where(~there, PanelSeat.part.in_(keys), *MARKING)
        .order_by(Work.code, PanelSeat.id)
    )
    columns = ("event_id", "work_id", "seat_id", "stage", "state", "version")
    db.session.flush()
    db.session.execute(insert(Sheet).from_select(columns, rows))
