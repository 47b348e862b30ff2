"""The sheets of an event line by line, its seats, and the pace of each judge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.works import Work
from rules.judges import SeatDuty
from rules.paces import Pace, Signed
from rules.schemes import Scheme
from rules.seats import Bench, Layout, benches
from rules.states import SheetState
from services.control_memory import EventMemory, SheetFacts, SheetOfWork
from services.panels import list_seats
from services.sheets import COMPETING


class Line(NamedTuple):
    """One sheet with its state."""

    id: int
    code: str
    seat_id: int
    state: SheetState
    version: int
    signed_at: datetime | None


@dataclass(frozen=True)
class Seated:
    """One seat with what its sheets ask for."""

    seat: PanelSeat
    bench: Bench
    layout: Layout
    # Whether its marks count and can be compared: members, not recorders, reserves or trainees.
    compared: bool


def list_seated(event_id: int, scheme: Scheme) -> dict[int, Seated]:
    """Return the seats of an event in the order of their benches, the recorder's last."""
    found = {bench.key: (place, bench) for place, bench in enumerate(benches(scheme))}
    seats = [seat for seat in list_seats(event_id) if seat.part in found]
    seats.sort(key=lambda seat: (found[seat.part][0], not seat.number, seat.number))
    judges = {key: bench.judges for key, (_, bench) in found.items()}
    made: dict[int, Seated] = {}
    for seat in seats:
        bench = found[seat.part][1]
        compared = 1 <= seat.number <= judges[seat.part]
        made[seat.id] = Seated(seat, bench, bench.layout(seat.number), compared)
    return made


def list_lines(event_id: int) -> list[Line]:
    """List the sheets of the competing works by code."""
    names = (Sheet.id, Work.code, Sheet.seat_id, Sheet.state, Sheet.version, Sheet.signed_at)
    query = (
        select(*names)
        .join(Work, Work.id == Sheet.work_id)
        .outerjoin(Entry, Entry.id == Work.entry_id)
        .where(Sheet.event_id == event_id, *COMPETING)
        .order_by(Work.code)
    )
    return [Line(*row) for row in db.session.execute(query)]


def list_compared(lines: Iterable[Line], seated: Mapping[int, Seated]) -> Iterator[SheetOfWork]:
    """Yield the judges' sheets that are compared: those of members that are not excused."""
    for line in lines:
        one = seated[line.seat_id]
        if one.compared and line.state is not SheetState.EXCUSED:
            yield SheetOfWork(line.id, line.code, one.bench.key, one.seat.number)


def paces_of(
    memory: EventMemory, lines: Sequence[Line], seated: Mapping[int, Seated]
) -> dict[int, Pace]:
    """Return by seat how far and how fast each judge is."""
    mine: dict[int, list[Line]] = {seat_id: [] for seat_id in seated}
    for line in lines:
        if line.state is not SheetState.EXCUSED:
            mine[line.seat_id].append(line)
    return {
        seat_id: _pace(seated[seat_id], own, [memory.sheets[line.id] for line in own])
        for seat_id, own in mine.items()
    }


def _pace(one: Seated, lines: Sequence[Line], facts: Sequence[SheetFacts]) -> Pace:
    signatures = sorted(line.signed_at for line in lines if line.signed_at is not None)
    last = [fact.last for fact in facts if fact.last is not None] + signatures[-1:]
    return Pace(
        one.seat.part,
        one.seat.number,
        len(lines),
        sum(
            bool(fact.marks) or line.state is SheetState.SIGNED
            for line, fact in zip(lines, facts, strict=True)
        ),
        sum(line.state is SheetState.SIGNED for line in lines),
        min((fact.first for fact in facts if fact.first is not None), default=None),
        max(last, default=None),
        signatures,
        one.seat.duty is not SeatDuty.MEMBER,
    )


def signing_times(
    lines: Sequence[Line], seated: Mapping[int, Seated]
) -> dict[str, dict[tuple[str, int], datetime]]:
    """Return when each sheet was signed, by part, work and seat."""
    found: dict[str, dict[tuple[str, int], datetime]] = {
        one.bench.key: {} for one in seated.values()
    }
    for line in lines:
        seat = seated[line.seat_id].seat
        if line.signed_at is not None:
            found[seat.part][line.code, seat.number] = line.signed_at
    return found


def signed_works(lines: Sequence[Line], seated: Mapping[int, Seated]) -> list[Signed]:
    """List by work and part when each judge signed."""
    found: dict[tuple[str, str], dict[int, datetime | None]] = {}
    for line in lines:
        one = seated[line.seat_id]
        if one.compared and line.state is not SheetState.EXCUSED:
            at = line.signed_at if line.state is SheetState.SIGNED else None
            found.setdefault((line.code, one.bench.key), {})[one.seat.number] = at
    return [Signed(code, part, at) for (code, part), at in found.items()]
