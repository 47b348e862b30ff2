"""Check-in at the door: who stands there, whether he may come in, and that he has come (R2.01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.halls import Turn
from models.passes import Arrival, Pass
from models.people import Employer, Person
from rules.days import DayRules
from rules.halls import ARRIVING, AtTheDoor, HallRules, door_problem, minutes_late, state_now
from rules.identity import mask_id
from rules.refusals import Missing, Refused
from rules.states import EntryState, TurnState
from services import audits, contests
from services.acting import ZONE, Actor
from services.draws import lock_event
from services.halls import hall_of, made_turns, refuse_closed
from services.halls_turns import write_step
from services.passes import TOKEN_LENGTH, token_of
from services.transaction import transaction

MOST_FOUND = 12


@dataclass(frozen=True)
class Candidate:
    """Somebody at the door, as staff may see him: the document number masked."""

    entry_id: int
    person_id: int
    token: str
    name: str
    document: str
    employer: str
    number: str
    event_id: int
    event_title: str
    batch: str
    station: str
    problem: Refused | None


@dataclass(frozen=True)
class _Frame:
    """What the door of one event goes by."""

    event: Event
    rules: HallRules
    day: DayRules
    now: datetime


def _frame(event_id: int, now: datetime) -> _Frame:
    event = contests.get_event(event_id)
    return _Frame(event, hall_of(event_id), contests.rules_of(event.contest).day, now)


def look_up(event_id: int, typed: str, now: datetime) -> list[Candidate]:
    """Find who is meant: the token of a pass, an entry number, or a part of a name.

    A pass finds its owner in whatever event it is for; numbers and names only in this one.
    """
    text = typed.strip()
    frame = _frame(event_id, now)
    token = token_of(text)
    if len(token) == TOKEN_LENGTH:
        by_token = _candidates(frame, Pass.token == token, token)
        if by_token:
            return by_token
    if not text:
        return []
    here = Entry.event_id == event_id
    by_number = _candidates(frame, here & (func.upper(Entry.number) == text.upper()))
    return by_number or _candidates(frame, here & Person.name.icontains(text, autoescape=True))


def _candidates(frame: _Frame, where: ColumnElement[bool], token: str = "") -> list[Candidate]:
    query = (
        select(Entry, Person, Employer.title, Turn, Arrival.at)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(Turn, Turn.entry_id == Entry.id)
        .options(joinedload(Entry.event))
    )
    if token:
        # The pass may be older than a change of members: then its owner is no member any more.
        query = query.join(Pass, Pass.entry_id == Entry.id)
        query = query.join(Person, Person.id == Pass.person_id)
        query = query.add_columns(Pass.voided_at)
    else:
        query = query.join(EntryMember, EntryMember.entry_id == Entry.id)
        query = query.join(Person, Person.id == EntryMember.person_id)
    came = (Arrival.event_id == Entry.event_id) & (Arrival.person_id == Person.id)
    rows = db.session.execute(
        query.outerjoin(Arrival, came).where(where).order_by(Entry.number).limit(MOST_FOUND)
    )
    return [_candidate(frame, tuple(row), token) for row in rows]


def _candidate(frame: _Frame, row: tuple[Any, ...], token: str) -> Candidate:
    entry, person, employer, turn, _, *_ = row
    batch = turn.batch if turn else None
    own = entry.event_id == frame.event.id
    return Candidate(
        entry.id,
        person.id,
        token,
        person.name,
        mask_id(person.id_number),
        employer or "",
        entry.number,
        entry.event_id,
        entry.event.title,
        frame.rules.title_of(batch) if own else "",
        (turn.station or "") if turn and own else "",
        door_problem(_at_the_door(frame, row, token)),
    )


def _at_the_door(frame: _Frame, row: tuple[Any, ...], token: str) -> AtTheDoor:
    entry, person, _, turn, came_at, *voided = row
    return AtTheDoor(
        event_title=entry.event.title,
        is_this_event=entry.event_id == frame.event.id,
        entry_state=entry.state,
        turn_state=_stands(turn, entry),
        here_since=f"{came_at.astimezone(ZONE):%H:%M}" if came_at else "",
        pass_voided=bool(voided and voided[0] is not None),
        still_member=not token or _is_member(entry.id, person.id),
        days=_days(frame, turn.batch if turn else None),
        today=frame.now.astimezone(ZONE).date(),
        late_by=minutes_late(turn.called_at, frame.now) if turn else 0,
        late_limit=frame.day.late_minutes,
    )


def _stands(turn: Turn | None, entry: Entry) -> TurnState:
    if turn is None:
        return state_now(TurnState.WAITING, entry.status, False)
    return state_now(turn.state, entry.status, turn.started_at is not None)


def _is_member(entry_id: int, person_id: int) -> bool:
    query = select(EntryMember.id).where(
        EntryMember.entry_id == entry_id, EntryMember.person_id == person_id
    )
    return db.session.scalar(query) is not None


def _days(frame: _Frame, batch: int | None) -> tuple[date, ...]:
    """Return the days on which somebody may come: that of his batch, or that of the event."""
    starts = frame.rules.start_of(batch)
    if starts is not None:
        return (starts.astimezone(ZONE).date(),)
    if batch is None:
        known = [one.starts_at for one in frame.rules.batches if one.starts_at is not None]
        if known:
            return tuple(sorted({one.astimezone(ZONE).date() for one in known}))
    return (frame.event.held_on,) if frame.event.held_on else ()


@transaction
def check_in(
    by: Actor, event_id: int, entry_id: int, person_id: int, token: str = "", late_reason: str = ""
) -> int:
    """Let somebody in whose identity was checked; return the arrival's id.

    Whoever is later than the rules allow comes in only with the reason somebody gave (R2.05).
    """
    event = lock_event(event_id)
    refuse_closed(event.state)
    frame = _frame(event_id, by.now)
    where = (Entry.id == entry_id) & (Person.id == person_id)
    if token:
        where &= Pass.token == token
    found = _candidates(frame, where, token)
    if not found:
        raise Missing(entry_id)
    problem = found[0].problem
    if problem is not None and not (problem.field == "late_reason" and late_reason.strip()):
        raise problem
    arrival = _arrived(by, found[0])
    _prepare(by, event_id, entry_id, late_reason.strip() if problem else "")
    after = {"number": found[0].number, "reason": late_reason.strip() if problem else ""}
    audits.record(by, "check_in", "entry", entry_id, contest_id=event.contest_id, after=after)
    return arrival.id


def _arrived(by: Actor, person: Candidate) -> Arrival:
    arrival = Arrival(
        event_id=person.event_id,
        entry_id=person.entry_id,
        person_id=person.person_id,
        at=by.now,
        account_id=by.account_id,
        by_pass=bool(person.token),
    )
    db.session.add(arrival)
    db.session.flush()  # here the database lets nobody in twice
    return arrival


def _prepare(by: Actor, event_id: int, entry_id: int, remark: str) -> None:
    """Move an entry on once all its members have come."""
    came = select(Arrival.id).where(Arrival.person_id == EntryMember.person_id)
    missing = select(EntryMember.id).where(
        EntryMember.entry_id == entry_id,
        EntryMember.active,
        ~came.where(Arrival.entry_id == entry_id).exists(),
    )
    turn = made_turns(event_id, [entry_id])[entry_id]
    if turn.state in ARRIVING and db.session.scalar(missing.limit(1)) is None:
        old, turn.state = turn.state, TurnState.PREPARING
        write_step(by, turn, old, remark)


def find_arrival(event_id: int, arrival_id: int) -> Candidate | None:
    """Return who has just come in, for the green answer; None for a foreign or unknown one."""
    query = (
        select(Arrival, Employer.title, Turn)
        .join(Entry, Entry.id == Arrival.entry_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(Turn, Turn.entry_id == Arrival.entry_id)
        .options(joinedload(Arrival.entry).joinedload(Entry.event), joinedload(Arrival.person))
        .where(Arrival.id == arrival_id, Arrival.event_id == event_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    arrival, employer, turn = row
    rules = hall_of(event_id)
    return Candidate(
        arrival.entry_id,
        arrival.person_id,
        "",
        arrival.person.name,
        mask_id(arrival.person.id_number),
        employer or "",
        arrival.entry.number,
        event_id,
        arrival.entry.event.title,
        rules.title_of(turn.batch) if turn else "",
        (turn.station or "") if turn else "",
        None,
    )


def count_arrivals(event_id: int) -> tuple[int, int]:
    """Return how many people have come, and how many are expected."""
    came = select(func.count()).select_from(Arrival).where(Arrival.event_id == event_id)
    expected = (
        select(func.count())
        .select_from(EntryMember)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED, EntryMember.active)
    )
    return db.session.scalar(came) or 0, db.session.scalar(expected) or 0


def list_arrivals(event_id: int, most: int = 8) -> Sequence[Arrival]:
    """List who came last, newest first."""
    query = (
        select(Arrival)
        .options(joinedload(Arrival.entry), joinedload(Arrival.person).load_only(Person.name))
        .where(Arrival.event_id == event_id)
    )
    return db.session.scalars(query.order_by(Arrival.id.desc()).limit(most)).all()
