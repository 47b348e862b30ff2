"""The control room: every sheet of an event by work and seat, and what deserves a second look."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.contests import Event
from models.control import LONGEST_NOTE, Dismissal, Remark
from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.works import Work
from rules.alarms import Alarm, AlarmRules, in_order
from rules.habits import own_people, ways
from rules.paces import Pace
from rules.ranking import EntryStatus
from rules.refusals import Refused
from rules.schemes import Scheme
from rules.seats import Bench, Layout, benches
from rules.spreads import SpreadAlert
from rules.states import EventState, SheetState
from rules.texts import N_
from rules.watching import mark_alarms, spread_alarm, time_alarms
from services import audits, contests, control_memory
from services.acting import Actor
from services.control_lines import (
    Line,
    Seated,
    list_compared,
    list_lines,
    list_seated,
    paces_of,
    signed_works,
    signing_times,
)
from services.control_memory import EventMemory, SheetFacts, WorkFacts
from services.draws import lock_event
from services.spreads import list_spreads
from services.transaction import transaction

RULES = AlarmRules()
# From here on it is known, and no secret, who stands behind a code.
DECODED = frozenset({EventState.SIGNED, EventState.NOTICE, EventState.FINAL})


class CellState(StrEnum):
    """How far one sheet is."""

    EMPTY = "empty"
    BEGUN = "begun"
    COMPLETE = "complete"
    SIGNED = "signed"
    EXCUSED = "excused"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Cell:
    """One sheet as the grid shows it."""

    sheet_id: int
    state: CellState
    marked: int
    lines: int


@dataclass(frozen=True)
class Column:
    """One seat with the pace of its judge."""

    seat: PanelSeat
    bench: Bench
    pace: Pace
    alarms: int

    @property
    def open(self) -> int:
        """Return how many sheets are not signed."""
        return self.pace.sheets - self.pace.signed


@dataclass(frozen=True)
class Row:
    """The sheets of one code by seat."""

    code: str
    cells: Mapping[int, Cell]
    alarms: int

    @property
    def done(self) -> bool:
        """Say whether nothing of this work is open."""
        closed = (CellState.SIGNED, CellState.EXCUSED)
        return all(cell.state in closed for cell in self.cells.values())


@dataclass(frozen=True)
class Found:
    """An alarm with what its line shows: titles, the sheet to look at, the note if put aside."""

    alarm: Alarm
    part_title: str
    aspect_title: str
    judge: str
    sheet_id: int | None
    dismissal: Dismissal | None


@dataclass(frozen=True)
class Room:
    """Everything that the control room shows, without a name or number of an entry (R2.06)."""

    event: Event
    columns: Sequence[Column]
    rows: Sequence[Row]
    found: Sequence[Found]

    @property
    def alarms(self) -> list[Found]:
        """Return what nobody has put aside."""
        return [one for one in self.found if one.dismissal is None]

    @property
    def sheets(self) -> int:
        """Return how many sheets there are."""
        return sum(column.pace.sheets for column in self.columns)

    @property
    def signed(self) -> int:
        """Return how many of them are signed."""
        return sum(column.pace.signed for column in self.columns)


def find_token(event_id: int, now: datetime) -> str:
    """Return what changes whenever the control room would look different: one cheap statement.

    While marks are given the minute is part of it, for who is idle is a matter of time.
    """
    there = Sheet.event_id == event_id
    of_event = Entry.event_id == event_id
    competing = case((Work.status == EntryStatus.COMPETED, Work.id), else_=0)
    query = select(
        Event.version,
        Event.state,
        select(func.count()).select_from(Sheet).where(there).scalar_subquery(),
        select(func.sum(Sheet.version)).where(there).scalar_subquery(),
        select(func.sum(Entry.version)).where(of_event).scalar_subquery(),
        select(func.sum(competing)).where(Work.event_id == event_id).scalar_subquery(),
        select(func.sum(PanelSeat.account_id))
        .where(PanelSeat.event_id == event_id)
        .scalar_subquery(),
        select(func.count())
        .select_from(Dismissal)
        .where(Dismissal.event_id == event_id)
        .scalar_subquery(),
    ).where(Event.id == event_id)
    row = db.session.execute(query).one()
    minute = now.replace(second=0, microsecond=0) if row.state is EventState.SCORING else None
    words = "|".join(map(str, (event_id, *row, minute)))
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def get_room(event_id: int, now: datetime, decoded: bool = False) -> Room:
    """Return the whole control room; `decoded` also looks at the judges' own people."""
    token = find_token(event_id, now)
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    seated = list_seated(event_id, scheme)
    memory = control_memory.memory_of(event_id, scheme)
    lines = [line for line in list_lines(event_id) if line.seat_id in seated]
    control_memory.refresh_sheets(memory, event_id, {line.id: line.version for line in lines})
    paces = paces_of(memory, lines, seated)
    works = control_memory.compared_works(memory, list_compared(lines, seated))
    if memory.alarms[0] != token:
        alarms = [*_alarms(memory, event, scheme, lines, seated, works, paces, now)]
        memory.alarms = (token, sorted(alarms, key=in_order))
    alarms = list(memory.alarms[1])
    if decoded and event.state in DECODED:
        alarms += _own_alarms(event_id, lines, seated, works)
    return _room(event, scheme, lines, seated, memory, paces, alarms)


_Works = Mapping[str, Sequence[WorkFacts]]


def _alarms(
    memory: EventMemory,
    event: Event,
    scheme: Scheme,
    lines: Sequence[Line],
    seated: Mapping[int, Seated],
    works: _Works,
    paces: Mapping[int, Pace],
    now: datetime,
) -> Iterator[Alarm]:
    """Yield all alarms that follow from marks and from time."""
    when = signing_times(lines, seated)
    for part, facts in works.items():
        slips = [slip for fact in facts for slip in fact.slips]
        compared = [fact.compared for fact in facts]
        yield from mark_alarms(memory.gauges[part], compared, slips, when[part], RULES)
    for code, one in list_spreads(event.id):
        alert = SpreadAlert(one.part, one.aspect, one.lowest, one.highest)
        yield spread_alarm(scheme.part(one.part), code, alert)
    if event.state is EventState.SCORING:
        yield from time_alarms([*paces.values()], signed_works(lines, seated), RULES, now)


def _own_alarms(
    event_id: int, lines: Sequence[Line], seated: Mapping[int, Seated], works: _Works
) -> list[Alarm]:
    """Look at the works of the judges' own employers (R1.13)."""
    query = select(Work.code, Entry.employer_id).join(Entry, Entry.id == Work.entry_id)
    employers: dict[int | None, set[str]] = {}
    for code, employer_id in db.session.execute(query.where(Work.event_id == event_id)):
        employers.setdefault(employer_id, set()).add(code)
    when = signing_times(lines, seated)
    judges = {
        (one.seat.part, one.seat.number): one.seat.account.employer_id for one in seated.values()
    }
    return [
        alarm
        for part, facts in works.items()
        for way in ways([fact.compared for fact in facts], when[part])
        if (employer := judges.get((part, way.seat))) is not None
        for alarm in own_people(way, employers.get(employer, set()), RULES)
    ]


def _room(
    event: Event,
    scheme: Scheme,
    lines: Sequence[Line],
    seated: Mapping[int, Seated],
    memory: EventMemory,
    paces: Mapping[int, Pace],
    alarms: Sequence[Alarm],
) -> Room:
    found = [*_found(event.id, scheme, lines, seated, alarms)]
    open_ones = [one.alarm for one in found if one.dismissal is None]
    asked = _asked(event.id)
    cells: dict[str, dict[int, Cell]] = {}
    for line in lines:
        cell = _cell(line, memory.sheets[line.id], seated[line.seat_id].layout, asked)
        cells.setdefault(line.code, {})[line.seat_id] = cell
    columns = [
        Column(one.seat, one.bench, paces[seat_id], _count(open_ones, one))
        for seat_id, one in seated.items()
    ]
    rows = [
        Row(code, of_work, sum(alarm.work == code for alarm in open_ones))
        for code, of_work in cells.items()
    ]
    return Room(event, columns, rows, found)


def _count(alarms: Iterable[Alarm], one: Seated) -> int:
    place = (one.seat.part, one.seat.number)
    return sum((alarm.part, alarm.seat) == place for alarm in alarms)


def _cell(line: Line, facts: SheetFacts, layout: Layout, asked: set[int]) -> Cell:
    counted = layout.needed if layout.is_record else {one.key for one in layout.lines}
    marked = len(counted & facts.marks.keys())
    state = CellState.EMPTY
    if line.state is not SheetState.OPEN:
        state = CellState(line.state.value)
    elif line.id in asked:
        state = CellState.ASKED
    elif facts.marks:
        state = CellState.BEGUN if layout.missing(facts.marks.keys()) else CellState.COMPLETE
    return Cell(line.id, state, marked, len(counted))


def _asked(event_id: int) -> set[int]:
    query = select(Remark.sheet_id).join(Sheet, Sheet.id == Remark.sheet_id)
    return set(
        db.session.scalars(query.where(Sheet.event_id == event_id, Remark.answered_at.is_(None)))
    )


def _found(
    event_id: int,
    scheme: Scheme,
    lines: Sequence[Line],
    seated: Mapping[int, Seated],
    alarms: Sequence[Alarm],
) -> Iterator[Found]:
    """Yield the alarms with their titles, those put aside with their notes."""
    places = {bench.key: bench for bench in benches(scheme)}
    seats = {(one.seat.part, one.seat.number): one.seat for one in seated.values()}
    sheets: dict[tuple[str, str, int | None], int] = {}
    for line in reversed(lines):
        seat = seated[line.seat_id].seat
        sheets[line.code, seat.part, seat.number] = line.id
        sheets[line.code, seat.part, None] = line.id  # of a spread any sheet shows all
    aside = _dismissals(event_id)
    for alarm in alarms:
        judge = None if alarm.seat is None else seats.get((alarm.part, alarm.seat))
        yield Found(
            alarm,
            places[alarm.part].title,
            _title(places[alarm.part], alarm.aspect),
            "" if judge is None else judge.account.title,
            sheets.get((alarm.work, alarm.part, alarm.seat)),
            aside.get((alarm.key, alarm.mark)),
        )


def _title(bench: Bench, key: str | None) -> str:
    nodes = () if bench.part is None or key is None else bench.part.nodes
    return next((node.title for node in nodes if node.key == key), "")


def _dismissals(event_id: int) -> dict[tuple[str, str], Dismissal]:
    query = (
        select(Dismissal)
        .options(joinedload(Dismissal.account).lazyload(Account.grants))
        .where(Dismissal.event_id == event_id)
    )
    return {(one.alarm, one.mark): one for one in db.session.scalars(query)}


@transaction
def dismiss(by: Actor, event_id: int, alarm: str, mark: str, note: str) -> int:
    """Put an alarm aside with a note; it comes back when its figures change."""
    event = lock_event(event_id)
    if not note.strip():
        raise Refused(N_("Write what you found."), field="note")
    if len(note) > LONGEST_NOTE:
        raise Refused(N_("The note is too long."), field="note")
    known = (Dismissal.event_id == event_id, Dismissal.alarm == alarm, Dismissal.mark == mark)
    if db.session.scalar(select(Dismissal.id).where(*known)) is not None:
        raise Refused(N_("Somebody has put this aside already."))
    made = Dismissal(
        event_id=event_id,
        alarm=alarm,
        mark=mark,
        note=note,
        account_id=by.account_id,
        dismissed_at=by.now,
    )
    db.session.add(made)
    db.session.flush()
    after = {"note": note, "alarm": alarm}
    audits.record(by, "dismiss", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id
