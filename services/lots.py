"""Lots: batches, stations, order and papers are drawn once, from a seed that nobody can choose."""

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, raiseload

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.halls import Turn
from models.lots import Lot
from models.passes import Arrival
from models.people import Employer
from rules.days import MOST_LAYERS
from rules.draws import LotKind, LotSheet, Ticket, assign, commitment_of, heard, seed_of
from rules.halls import HallRules
from rules.refusals import Missing, Refused
from rules.states import LOT_MOVES, LotState, TurnState, moved
from rules.texts import N_
from services import audits, contests
from services.acting import ZONE, Actor
from services.draws import count_entries, lock_event
from services.halls import competing_entries, hall_of, made_turns, refuse_closed, turns_of
from services.transaction import transaction

SECRET_BYTES = 32
BEFORE_START = frozenset(
    {TurnState.WAITING, TurnState.CALLED, TurnState.PREPARING, TurnState.READY, TurnState.ABSENT}
)


def get_lot(lot_id: int) -> Lot:
    """Return a draw with its event and who prepared, drew and reset it; raise Missing."""
    query = select(Lot).options(
        joinedload(Lot.event).joinedload(Event.contest),
        joinedload(Lot.committed_by),
        joinedload(Lot.drawn_by),
        joinedload(Lot.reset_by),
    )
    lot = db.session.scalar(query.where(Lot.id == lot_id))
    if lot is None:
        raise Missing(lot_id)
    return lot


def list_lots(event_id: int) -> list[Lot]:
    """List all draws of an event, those that were reset too, newest first."""
    query = select(Lot).options(raiseload("*")).where(Lot.event_id == event_id)
    return list(db.session.scalars(query.order_by(Lot.id.desc())))


def seed_of_lot(lot: Lot) -> str:
    """Return the seed of a draw; empty before the figures were said."""
    return "" if lot.spoken is None else seed_of(lot.secret, lot.spoken)


def is_true(lot: Lot) -> bool:
    """Say whether commitment and outcome still are what secret, figures and list give."""
    sheet = LotSheet.read(lot.sheet)
    held = commitment_of(lot.secret) == lot.commitment
    return held and (lot.outcome is None or lot.outcome == assign(sheet, seed_of_lot(lot)))


@transaction
def commit_lot(by: Actor, event_id: int, kind: LotKind, batch: int = 0) -> int:
    """Close the list of a draw and commit to its secret; the figures are said afterwards."""
    event = lock_event(event_id)
    refuse_closed(event.state)
    sheet = _sheet(event, kind, batch)
    standing = _numbers(event_id, kind, batch)
    if standing.standing:
        raise Refused(N_("This draw has been made already; only the chief judge can reset it."))
    lot = _promised(by, event_id, sheet, batch, standing.count + 1)
    after = {
        "kind": kind.value,
        "batch": batch,
        "digest": lot.commitment,
        "count": len(sheet.tickets),
    }
    _record(by, "commit_lot", lot, event, after)
    return lot.id


def _promised(by: Actor, event_id: int, sheet: LotSheet, batch: int, number: int) -> Lot:
    secret = secrets.token_hex(SECRET_BYTES)
    lot = Lot(
        event_id=event_id,
        kind=sheet.kind,
        batch=batch,
        number=number,
        sheet=sheet.plain(),
        secret=secret,
        commitment=commitment_of(secret),
        committed_at=by.now,
        committed_by_id=by.account_id,
    )
    db.session.add(lot)
    db.session.flush()
    return lot


class _Numbers:
    """How many draws of a kind there were, and whether one stands."""

    def __init__(self, states: Sequence[LotState]) -> None:
        self.count = len(states)
        self.standing = any(state is not LotState.RESET for state in states)


def _numbers(event_id: int, kind: LotKind, batch: int) -> _Numbers:
    query = select(Lot.state).where(Lot.event_id == event_id, Lot.kind == kind, Lot.batch == batch)
    return _Numbers(db.session.scalars(query).all())


def _sheet(event: Event, kind: LotKind, batch: int) -> LotSheet:
    """Return the list of a draw, or refuse what cannot be drawn now."""
    rules = hall_of(event.id)
    if kind is LotKind.BATCH:
        return _batch_sheet(event, rules)
    if not 1 <= batch <= rules.batch_count:
        raise Missing(batch)
    if kind is LotKind.PAPER:
        return _paper_sheet(event.id, rules, batch)
    return _place_sheet(event, kind, rules, batch)


def _batch_sheet(event: Event, rules: HallRules) -> LotSheet:
    if rules.batch_count < 2:
        raise Refused(N_("This event has one batch only; there is nothing to draw."))
    waiting = count_entries(event.id).waiting
    if waiting:
        raise Refused(
            N_("Entries that still wait for review: %(count)s. Accept or reject them first."),
            count=waiting,
        )
    entries = competing_entries(event.id)
    if rules.stations:
        _refuse_crowd(-(-len(entries) // rules.batch_count), len(rules.stations))
    slots = tuple(str(number) for number in range(1, rules.batch_count + 1))
    return LotSheet(LotKind.BATCH, _tickets(entries), slots, _spreads(event))


def _paper_sheet(event_id: int, rules: HallRules, batch: int) -> LotSheet:
    if len(rules.papers) < 2:
        raise Refused(N_("Name at least two papers in the layout of the hall first."))
    entries_of_batch(event_id, rules, batch)  # no paper for a batch that nobody is in yet
    used = {turn.paper for turn in turns_of(event_id).values() if turn.batch != batch}
    fresh = tuple(paper for paper in rules.papers if paper not in used)
    # Another batch may tell what it had; only when all papers are used do they come again.
    slots = fresh or rules.papers
    return LotSheet(LotKind.PAPER, (Ticket(f"batch {batch}"),), slots)


def _place_sheet(event: Event, kind: LotKind, rules: HallRules, batch: int) -> LotSheet:
    day = contests.rules_of(event.contest).day
    if kind is LotKind.STATION and day.code_layers == MOST_LAYERS:
        raise Refused(
            N_("The stations of this event are one of its sealed layers; a sealer draws them.")
        )
    entries = entries_of_batch(event.id, rules, batch)
    if day.draw_among == "checked_in":
        here = _arrived(event.id)
        entries = [entry for entry in entries if entry.id in here]
    if kind is LotKind.STATION:
        if not rules.stations:
            raise Refused(N_("Name the stations in the layout of the hall first."))
        _refuse_crowd(len(entries), len(rules.stations))
        slots = rules.stations
    else:
        slots = tuple(str(number) for number in range(1, len(entries) + 1))
    return LotSheet(kind, _tickets(entries), slots, _spreads(event))


def entries_of_batch(event_id: int, rules: HallRules, batch: int) -> list[Entry]:
    """List the entries of a batch; with one batch only, all of the event."""
    entries = competing_entries(event_id)
    if rules.batch_count == 1:
        return entries
    turns = turns_of(event_id)
    own = [entry for entry in entries if entry.id in turns and turns[entry.id].batch == batch]
    if not own:
        raise Refused(N_("Draw the batches first."))
    return own


def _arrived(event_id: int) -> set[int]:
    return set(db.session.scalars(select(Arrival.entry_id).where(Arrival.event_id == event_id)))


def _refuse_crowd(people: int, stations: int) -> None:
    if people > stations:
        raise Refused(
            N_("%(people)s entries in a batch, but only %(stations)s stations. Add batches."),
            people=people,
            stations=stations,
        )


def _spreads(event: Event) -> bool:
    return contests.rules_of(event.contest).day.spread_employers


def _tickets(entries: Sequence[Entry]) -> tuple[Ticket, ...]:
    """Return the list of a draw; employers are numbered, for everybody may read it."""
    if not entries:
        raise Refused(N_("There is nobody to draw for yet."))
    groups: dict[int, str] = {}
    tickets = []
    for entry in entries:
        group = ""
        if entry.employer_id is not None:
            group = groups.setdefault(entry.employer_id, f"E{len(groups) + 1}")
        tickets.append(Ticket(entry.number, group))
    return tuple(tickets)


@transaction
def draw_lot(by: Actor, lot_id: int, spoken: str) -> int:
    """Draw with the figures that the hall has said aloud; return the draw's id."""
    lot, event = _locked(lot_id)
    refuse_closed(event.state)
    state = moved(LOT_MOVES, lot.state, LotState.DRAWN)
    figures = heard(spoken)
    sheet = LotSheet.read(lot.sheet)
    outcome = assign(sheet, seed_of(lot.secret, figures))
    lot.state, lot.spoken, lot.outcome = state, figures, outcome
    lot.drawn_at, lot.drawn_by_id = by.now, by.account_id
    _write(lot, outcome)
    _record(by, "draw_lot", lot, event, {"figures": figures, "digest": sheet.digest()})
    return lot.id


def _locked(lot_id: int) -> tuple[Lot, Event]:
    event_id = db.session.scalar(select(Lot.event_id).where(Lot.id == lot_id))
    if event_id is None:
        raise Missing(lot_id)
    event = lock_event(event_id)
    lot = db.session.get(Lot, lot_id, populate_existing=True)
    assert lot is not None
    return lot, event


def _write(lot: Lot, outcome: dict[str, str]) -> None:
    """Give the turns what was drawn for them."""
    rules = hall_of(lot.event_id)
    if lot.kind is LotKind.PAPER:
        entries = entries_of_batch(lot.event_id, rules, lot.batch)
        drawn = {entry.id: next(iter(outcome.values())) for entry in entries}
    else:
        query = select(Entry.number, Entry.id).where(
            Entry.event_id == lot.event_id, Entry.number.in_(outcome)
        )
        drawn = {entry_id: outcome[number] for number, entry_id in db.session.execute(query)}
    turns = made_turns(lot.event_id, drawn)
    for entry_id, value in drawn.items():
        _give(turns[entry_id], lot, value)


def _give(turn: Turn, lot: Lot, value: str) -> None:
    if lot.kind is LotKind.BATCH:
        turn.batch = int(value)
        return
    turn.batch = lot.batch
    if lot.kind is LotKind.STATION:
        turn.station = value
    elif lot.kind is LotKind.ORDER:
        turn.place = int(value)
    else:
        turn.paper = value


@transaction
def cancel_lot(by: Actor, lot_id: int, reason: str) -> int:
    """Drop a prepared draw whose list was closed too early; nothing was drawn yet."""
    lot, event = _locked(lot_id)
    if lot.state is not LotState.COMMITTED:
        raise Refused(N_("This is drawn already; only the chief judge can reset it."))
    _reset(by, lot, reason)
    _record(by, "cancel_lot", lot, event, {"reason": reason})
    return lot.id


@transaction
def reset_lot(by: Actor, lot_id: int, reason: str) -> int:
    """Reset a draw for a reason (R2.02); it stays on record, and a new one can be prepared."""
    lot, event = _locked(lot_id)
    refuse_closed(event.state)
    if lot.state is LotState.DRAWN:
        _refuse_started(lot)
        _take_back(lot)
    _reset(by, lot, reason)
    _record(by, "reset_lot", lot, event, {"reason": reason})
    return lot.id


def _reset(by: Actor, lot: Lot, reason: str) -> None:
    if not reason.strip():
        raise Refused(N_("Write the reason."), field="reason")
    lot.state = moved(LOT_MOVES, lot.state, LotState.RESET)
    lot.reset_at, lot.reset_by_id, lot.reset_reason = by.now, by.account_id, reason.strip()


def _own_turns(lot: Lot) -> list[Turn]:
    turns = turns_of(lot.event_id).values()
    return [turn for turn in turns if lot.kind is LotKind.BATCH or turn.batch == lot.batch]


def _refuse_started(lot: Lot) -> None:
    if any(turn.state not in BEFORE_START for turn in _own_turns(lot)):
        raise Refused(N_("Somebody has begun to compete; this draw stands."))
    if lot.kind is LotKind.BATCH:
        later = select(func.count()).where(
            Lot.event_id == lot.event_id,
            Lot.kind != LotKind.BATCH,
            Lot.state != LotState.RESET,
        )
        if db.session.scalar(later):
            raise Refused(N_("Reset the draws inside the batches first."))


def _take_back(lot: Lot) -> None:
    names = {
        LotKind.BATCH: "batch",
        LotKind.STATION: "station",
        LotKind.ORDER: "place",
        LotKind.PAPER: "paper",
    }
    for turn in _own_turns(lot):
        setattr(turn, names[lot.kind], None)


def _record(by: Actor, action: str, lot: Lot, event: Event, after: Mapping[str, object]) -> None:
    audits.record(by, action, "lot", lot.id, contest_id=event.contest_id, after=after)


def possible_lots(event: Event, rules: HallRules) -> list[tuple[LotKind, int]]:
    """List the draws that the layout of a hall asks for, batch by batch."""
    day = contests.rules_of(event.contest).day
    found = [(LotKind.BATCH, 0)] if rules.batch_count > 1 else []
    for batch in range(1, rules.batch_count + 1):
        if rules.stations and day.code_layers != MOST_LAYERS:
            found.append((LotKind.STATION, batch))
        if not rules.stations:
            found.append((LotKind.ORDER, batch))
        if len(rules.papers) > 1:
            found.append((LotKind.PAPER, batch))
    return found


def names_of(lot: Lot) -> dict[str, tuple[str, str]]:
    """Return name and employer of each entry number of a draw, for staff and the protocol."""
    query = (
        select(Entry.number, Entry.title, Employer.title)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(Entry.event_id == lot.event_id)
    )
    return {
        number: (title, employer or "") for number, title, employer in db.session.execute(query)
    }


def times_of(lot: Lot) -> dict[str, str]:
    """Return the times of a draw as they stand on paper, in China."""
    times = {"committed": lot.committed_at, "drawn": lot.drawn_at, "reset": lot.reset_at}
    return {
        name: "" if time is None else f"{time.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
        for name, time in times.items()
    }
