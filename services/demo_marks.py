"""Marks of the demonstration: many at once, as judges would have given them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.works import Work
from rules.plans import THEORY
from rules.schemes import Aspect, AspectKind, Deduction, Given
from rules.seats import Layout, benches
from rules.states import SheetState
from services import audits, contests
from services.acting import Actor
from services.people import chunks, table_of
from services.sheets import COMPETING
from services.spreads import refresh_spreads
from services.transaction import transaction

CHUNK = 20_000


@dataclass(frozen=True)
class Ability:
    """What somebody can do, as shares of the full mark."""

    theory: float
    practical: float


class SheetOfSeat(NamedTuple):
    """A sheet to be filled: its place among the sheets of its seat counts from 0."""

    sheet_id: int
    work_id: int
    entry_id: int
    part: str
    seat: int
    place: int


# How much of a sheet is done: nothing, some of it, or all of it, signed.
OPEN, STARTED, SIGNED = "open", "started", "signed"
Progress = Callable[[SheetOfSeat], str]


def everything(_sheet: SheetOfSeat) -> str:
    """Let every sheet be signed."""
    return SIGNED


def make_ability(random: Random, passes: float) -> Ability:
    """Make up an ability; with the given chance both parts are passed."""
    if random.random() < passes:
        return Ability(_between(random, 0.64, 0.98), _between(random, 0.67, 0.97))
    if random.random() < 0.5:
        return Ability(_between(random, 0.30, 0.58), _between(random, 0.45, 0.85))
    return Ability(_between(random, 0.45, 0.90), _between(random, 0.25, 0.53))


def _between(random: Random, low: float, high: float) -> float:
    return random.triangular(low, high, low + (high - low) * 0.45)


@transaction
def mark_event(
    by: Actor,
    event_id: int,
    random: Random,
    abilities: dict[int, Ability],
    progress: Progress = everything,
) -> int:
    """Fill the sheets of an event and sign those that are done; return the count of marks."""
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    sheets = _sheets_of(event_id)
    done = {sheet.sheet_id: progress(sheet) for sheet in sheets}
    layouts = {
        (bench.key, number): bench.layout(number)
        for bench in benches(scheme)
        for number in bench.seats
    }
    rows = list(_rows(by, random, layouts, abilities, sheets, done))
    for chunk in chunks(rows, CHUNK):
        db.session.execute(insert(table_of(Mark)), list(chunk))
    signed = [sheet.sheet_id for sheet in sheets if done[sheet.sheet_id] == SIGNED]
    _sign(by, signed)
    for part in scheme.parts:
        refresh_spreads(scheme, part.key, sorted({sheet.work_id for sheet in sheets}))
    _record(by, event, len(rows), len(signed))
    return len(rows)


def _sheets_of(event_id: int) -> list[SheetOfSeat]:
    query = (
        select(Sheet.id, Sheet.work_id, Entry.id, PanelSeat.part, PanelSeat.number)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .join(Work, Work.id == Sheet.work_id)
        .join(Entry, Entry.id == Work.entry_id)
        .where(Sheet.event_id == event_id, Sheet.state == SheetState.OPEN, *COMPETING)
        .order_by(PanelSeat.part, PanelSeat.number, Entry.id)  # not by the luck of the draw
    )
    places: dict[tuple[str, int], int] = {}
    found = []
    for sheet_id, work_id, entry_id, part, seat in db.session.execute(query):
        place = places.get((part, seat), 0)
        places[part, seat] = place + 1
        found.append(SheetOfSeat(sheet_id, work_id, entry_id, part, seat, place))
    return found


def _rows(
    by: Actor,
    random: Random,
    layouts: dict[tuple[str, int], Layout],
    abilities: dict[int, Ability],
    sheets: Iterable[SheetOfSeat],
    done: dict[int, str],
) -> Iterator[dict[str, Any]]:
    facts: dict[tuple[int, str], float] = {}
    for sheet in sheets:
        if done[sheet.sheet_id] == OPEN:
            continue
        ability = abilities[sheet.entry_id]
        share = ability.theory if sheet.part == THEORY else ability.practical
        mood = random.gauss(0, 0.012) + (_UNLIKE if _sees_differently(sheet) else 0)
        lines = layouts[sheet.part, sheet.seat].lines
        some = lines if done[sheet.sheet_id] == SIGNED else lines[: (len(lines) + 1) // 2]
        for line in some:
            value = (
                _value(random, line, share + mood, facts, sheet.entry_id)
                if isinstance(line, Aspect)
                else _recorded(random, line)
            )
            if value is None:
                continue
            yield {
                "sheet_id": sheet.sheet_id,
                "aspect": line.key,
                "value": value,
                "version": 1,
                "updated_at": by.now,
            }


# How far off a judge is who sees a work quite differently: the chief judge is told (R2.15).
_UNLIKE = -0.15


def _sees_differently(sheet: SheetOfSeat) -> bool:
    """Say of few sheets, the same ones every time, that their judge differs from the panel."""
    return sheet.part != THEORY and (sheet.place + 7 * sheet.seat) % 29 == 9


def _recorded(random: Random, line: Given | Deduction) -> Decimal | None:
    """Make up what the recorder writes: now and then one breach, else nothing."""
    if isinstance(line, Given):
        return line.maximum
    return line.step if random.random() < 0.08 else None


def _value(
    random: Random,
    aspect: Aspect,
    share: float,
    facts: dict[tuple[int, str], float],
    entry_id: int,
) -> Decimal:
    """Make up a mark; what is measured, and how good a work is at this aspect, all judges share."""
    fact = facts.get((entry_id, aspect.key))
    if fact is None:
        fact = facts[entry_id, aspect.key] = random.gauss(0, 0.03)
    if aspect.kind is AspectKind.MEASUREMENT:
        return Decimal(1) if share + fact * 6 > 0.45 else Decimal(0)
    if aspect.kind is AspectKind.JUDGEMENT:
        return Decimal(min(3, max(0, round((share + fact) * 3))))
    exact = min(1.0, max(0.0, share + fact))
    if aspect.kind is AspectKind.CHOICE:
        return Decimal(_nearest([option.award for option in aspect.options], aspect, exact))
    if aspect.kind is AspectKind.BANDS:
        return _in_band(random, aspect, exact)
    if aspect.kind is AspectKind.DEVIATION:
        return _measured(random, aspect, exact)
    steps = round(exact * float(aspect.maximum / aspect.step))
    return steps * aspect.step


def _nearest(awards: Sequence[Decimal], aspect: Aspect, share: float) -> int:
    """Return the place of the award that is nearest to what somebody can do."""
    wanted = share * float(aspect.maximum)
    return min(range(len(awards)), key=lambda place: abs(float(awards[place]) - wanted))


def _in_band(random: Random, aspect: Aspect, share: float) -> Decimal:
    band = aspect.bands[_nearest([one.award for one in aspect.bands], aspect, share)]
    step = aspect.reading_step or Decimal(1)
    low = band.above if band.above is not None else (band.up_to or Decimal(0)) * 3 / 4
    high = band.up_to if band.up_to is not None else low * 5 / 4
    return step * random.randint(int(low / step) + 1, int(high / step))


def _measured(random: Random, aspect: Aspect, share: float) -> Decimal:
    step = aspect.reading_step or Decimal(1)
    inside = int(aspect.tolerance / step)
    lost = (1 - share) * float(aspect.maximum / aspect.deduction) * float(aspect.difference)
    if share > 0.75:
        return aspect.target + step * random.randint(-inside, inside)
    return aspect.target + aspect.tolerance + step * round(lost / float(step))


def _sign(by: Actor, sheet_ids: list[int]) -> None:
    for chunk in chunks(sheet_ids):
        db.session.execute(
            update(table_of(Sheet))
            .where(Sheet.id.in_(chunk))
            .values(state=SheetState.SIGNED, signed_at=by.now, version=2)
        )


def _record(by: Actor, event: Event, marks: int, sheets: int) -> None:
    after = {"marks": marks, "sheets": sheets}
    audits.record(by, "build_demo", "event", event.id, contest_id=event.contest_id, after=after)
