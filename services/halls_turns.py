"""The day of a contestant, step by step: called, competing, interrupted, over (R2.03, R2.04)."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, load_only

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry
from models.halls import Turn, TurnStep
from models.passes import Arrival
from rules.halls import (
    OUT,
    HallRules,
    TurnClock,
    entry_status,
    needs_reason,
    next_moves,
    pause_of,
    state_now,
)
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import TURN_MOVES, EntryState, TurnState, moved
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.attendance import set_status
from services.draws import lock_event
from services.halls import get_turn_entry, hall_of, made_turns, refuse_closed, turns_of
from services.transaction import transaction
from services.violations_evidence import add_evidence, list_evidence_keys, read_evidence

# What the whole of a batch can do at once, and from where.
TOGETHER = {
    TurnState.CALLED: TurnState.WAITING,
    TurnState.READY: TurnState.PREPARING,
    TurnState.COMPETING: TurnState.READY,
    TurnState.FINISHED: TurnState.COMPETING,
}
LONGEST_GIFT = 6 * 60  # minutes given back at once; more is a typing error


def clock_of(turn: Turn) -> TurnClock:
    """Return the times of a turn as the rules count them."""
    return TurnClock(turn.started_at, turn.interrupted_at, turn.ended_at, turn.given_back)


def find_turn(entry_id: int) -> Turn | None:
    """Return the turn of an entry; None while nothing of its day is recorded."""
    return db.session.scalar(select(Turn).where(Turn.entry_id == entry_id))


def stands_at(turn: Turn | None, entry: Entry) -> TurnState:
    """Return where a contestant stands."""
    if turn is None:
        return state_now(TurnState.WAITING, entry.status, False)
    return state_now(turn.state, entry.status, turn.started_at is not None)


def list_steps(entry_id: int) -> list[TurnStep]:
    """List the steps of a contestant's day, newest first, with who recorded them."""
    query = (
        select(TurnStep)
        .options(joinedload(TurnStep.account).load_only(Account.username, Account.title))
        .join(Turn, Turn.id == TurnStep.turn_id)
        .where(Turn.entry_id == entry_id)
    )
    return list(db.session.scalars(query.order_by(TurnStep.id.desc())))


@transaction
def move_turn(
    by: Actor,
    entry_id: int,
    state: TurnState,
    remark: str = "",
    *,
    evidence: bytes = b"",
    folder: Path | None = None,
) -> int:
    """Record the next step of a contestant, with a file that proves it; return the entry's id."""
    event, entry, turn = _locked(entry_id)
    old = stands_at(turn, entry)
    moved(TURN_MOVES, old, state)
    if state not in next_moves(old, turn.started_at is not None):
        raise Refused(N_("Check in at the door."), field="state")
    if old is TurnState.INTERRUPTED and state is TurnState.COMPETING:
        raise Refused(N_("Say how much time is given back."), field="minutes")
    if needs_reason(old, state) and not remark.strip():
        raise Refused(N_("Write the reason."), field="remark")
    with files.keeping(folder or Path()) as keep:
        step = _step(by, event, entry, turn, state, remark.strip())
        add_evidence(step, evidence, keep)
        db.session.flush()
    return entry_id


def list_keys() -> set[str]:
    """List the keys of all kept evidence, so that none of it is swept away."""
    return list_evidence_keys(TurnStep)


def get_evidence(step_id: int, folder: Path) -> tuple[bytes, str, str]:
    """Return the file that proves a step, with its ending and media type; raise Missing."""
    step = db.session.get(TurnStep, step_id)
    if step is None:
        raise Missing(step_id)
    return read_evidence(step, folder)


def _locked(entry_id: int) -> tuple[Event, Entry, Turn]:
    event = lock_event(get_turn_entry(entry_id).event_id)
    refuse_closed(event.state)
    entry = get_turn_entry(entry_id)
    return event, entry, made_turns(event.id, [entry_id])[entry_id]


def _step(
    by: Actor, event: Event, entry: Entry, turn: Turn, state: TurnState, remark: str
) -> TurnStep:
    old = stands_at(turn, entry)
    if old in OUT or state in OUT:
        set_status(by, event, [entry], entry_status(state), remark if state in OUT else "")
    _EFFECTS.get(state, _nothing)(by, turn, old)
    turn.state = state
    step = write_step(by, turn, old, remark)
    after = {"state": state.value, "remark": remark, "number": entry.number}
    before = {"state": old.value}
    audits.record(
        by, "move_turn", "entry", entry.id, contest_id=event.contest_id, before=before, after=after
    )
    return step


def write_step(
    by: Actor, turn: Turn, old: TurnState, remark: str, pause: int = 0, given_back: int = 0
) -> TurnStep:
    """Part: keep one step in the log of the day."""
    step = TurnStep(
        turn_id=turn.id,
        at=by.now,
        account_id=by.account_id,
        old_state=old,
        new_state=turn.state,
        remark=remark,
        used=clock_of(turn).used(by.now),
        pause=pause,
        given_back=given_back,
    )
    db.session.add(step)
    return step


def _nothing(_by: Actor, _turn: Turn, _old: TurnState) -> None:
    """Most steps only change the state."""


def _wait(_by: Actor, turn: Turn, _old: TurnState) -> None:
    turn.called_at = None
    db.session.execute(delete(Arrival).where(Arrival.entry_id == turn.entry_id))


def _call(by: Actor, turn: Turn, _old: TurnState) -> None:
    turn.called_at = by.now


def _compete(by: Actor, turn: Turn, old: TurnState) -> None:
    turn.ended_at = None
    if old is TurnState.READY:
        turn.started_at = by.now


def _interrupt(by: Actor, turn: Turn, _old: TurnState) -> None:
    # Who was excluded by mistake goes on from the moment at which he was stopped.
    turn.interrupted_at, turn.ended_at = turn.ended_at or by.now, None


def _finish(by: Actor, turn: Turn, _old: TurnState) -> None:
    turn.ended_at, turn.interrupted_at = turn.interrupted_at or by.now, None


def _exclude(by: Actor, turn: Turn, old: TurnState) -> None:
    if turn.started_at is not None and turn.ended_at is None:
        _finish(by, turn, old)


_EFFECTS: dict[TurnState, Callable[[Actor, Turn, TurnState], None]] = {
    TurnState.WAITING: _wait,
    TurnState.CALLED: _call,
    TurnState.COMPETING: _compete,
    TurnState.INTERRUPTED: _interrupt,
    TurnState.FINISHED: _finish,
    TurnState.VIOLATION: _exclude,
}


@transaction
def resume(by: Actor, entry_id: int, minutes: int | None = None, remark: str = "") -> int:
    """Let an interrupted contestant go on; None gives the whole interruption back (R2.04)."""
    event, entry, turn = _locked(entry_id)
    old = stands_at(turn, entry)
    if old is not TurnState.INTERRUPTED or turn.interrupted_at is None:
        raise Refused(N_("This step is not possible in the present state."))
    if minutes is not None and not 0 <= minutes <= LONGEST_GIFT:
        raise Refused(N_("Between 0 and %(most)s minutes."), field="minutes", most=LONGEST_GIFT)
    pause = pause_of(turn.interrupted_at, by.now)
    given_back = pause if minutes is None else minutes * 60
    turn.given_back += given_back
    turn.interrupted_at, turn.state = None, TurnState.COMPETING
    write_step(by, turn, old, remark.strip(), pause, given_back)
    after = {"number": entry.number, "seconds": given_back, "remark": remark.strip()}
    audits.record(by, "resume", "entry", entry_id, contest_id=event.contest_id, after=after)
    return entry_id


@transaction
def move_batch(by: Actor, event_id: int, batch: int, state: TurnState) -> int:
    """Take the same step with everybody of a batch who stands before it; return the event's id."""
    event = lock_event(event_id)
    refuse_closed(event.state)
    if state not in TOGETHER:
        raise Missing(state)
    entries = _of_batch(event_id, hall_of(event_id), batch)
    turns = made_turns(event_id, entries)
    ready = [one for one in entries if stands_at(turns[one], entries[one]) is TOGETHER[state]]
    if not ready:
        raise Refused(N_("Nobody of this batch stands before this step."))
    for entry_id in ready:
        turn, old = turns[entry_id], TOGETHER[state]
        _EFFECTS.get(state, _nothing)(by, turn, old)
        turn.state = state
        write_step(by, turn, old, "")
    after = {"batch": batch, "state": state.value, "count": len(ready)}
    audits.record(by, "move_batch", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def _of_batch(event_id: int, rules: HallRules, batch: int) -> dict[int, Entry]:
    """Return the competing entries of a batch; with one batch only, all of the event."""
    if not 1 <= batch <= rules.batch_count:
        raise Missing(batch)
    query = (
        select(Entry)
        .options(load_only(Entry.id, Entry.status, Entry.state, Entry.version))
        .where(Entry.event_id == event_id, Entry.status == EntryStatus.COMPETED)
        .where(Entry.state == EntryState.ACCEPTED)
    )
    entries = {entry.id: entry for entry in db.session.scalars(query)}
    if rules.batch_count == 1:
        return entries
    turns = turns_of(event_id)
    return {key: one for key, one in entries.items() if key in turns and turns[key].batch == batch}


@transaction
def reseat(by: Actor, entry_id: int, batch: int, station: str, reason: str) -> int:
    """Give a contestant another batch or station for a reason (R2.04); a drawn one stands else."""
    event, entry, turn = _locked(entry_id)
    rules = hall_of(event.id)
    _check_seat(rules, turn, batch, station, reason)
    if stands_at(turn, entry) in _SEATED:
        raise Refused(N_("Interrupt the working time first."))
    before = {"batch": turn.batch, "station": turn.station}
    turn.batch, turn.station = batch, station or None
    if before["batch"] != batch:
        turn.place = None
    write_step(by, turn, turn.state, reason.strip())
    after = {"batch": batch, "station": station, "reason": reason.strip(), "number": entry.number}
    audits.record(
        by, "reseat", "entry", entry_id, contest_id=event.contest_id, before=before, after=after
    )
    return entry_id


_SEATED = frozenset({TurnState.COMPETING, TurnState.FINISHED, *OUT})


def _check_seat(rules: HallRules, turn: Turn, batch: int, station: str, reason: str) -> None:
    if not reason.strip():
        raise Refused(N_("Write the reason."), field="reason")
    if not 1 <= batch <= rules.batch_count:
        raise Refused(N_("There is no such batch."), field="batch")
    if station and station not in rules.stations:
        raise Refused(N_("There is no such station."), field="station")
    taken = select(Turn.id).where(
        Turn.event_id == turn.event_id,
        Turn.batch == batch,
        Turn.station == station,
        Turn.id != turn.id,
    )
    if station and db.session.scalar(taken) is not None:
        raise Refused(N_("This station is taken."), field="station")
