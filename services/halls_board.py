"""What the board of the hall and its big screen show: everybody of an event in two statements."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.halls import Turn
from models.people import Employer
from rules.days import DayRules
from rules.halls import (
    ARRIVING,
    HallRules,
    TurnClock,
    has_forfeited,
    masked_name,
    minutes_late,
    state_now,
)
from rules.states import EntryState, TurnState

OVER = frozenset({TurnState.FINISHED, TurnState.ABSENT, TurnState.VIOLATION})


@dataclass(frozen=True)
class Place:
    """One entry as the board shows it."""

    entry_id: int
    number: str
    title: str
    employer: str
    state: TurnState
    batch: int | None
    station: str
    place: int | None
    paper: str
    called_at: datetime | None
    clock: TurnClock
    late_by: int
    forfeits: bool

    @property
    def where(self) -> str:
        """Say station or place in the order."""
        return self.station or (str(self.place) if self.place is not None else "")


@dataclass(frozen=True)
class BatchOnBoard:
    """A batch with its people; number 0 holds those who are in none yet."""

    number: int
    title: str
    starts_at: datetime | None
    places: Sequence[Place]

    def count(self, *states: TurnState) -> int:
        """Count the people of the batch who stand there."""
        return sum(1 for place in self.places if place.state in states)

    @property
    def is_over(self) -> bool:
        """Say whether nobody of the batch has anything left to do."""
        return bool(self.places) and all(place.state in OVER for place in self.places)


_COLUMNS = (
    Entry.id,
    Entry.number,
    Entry.title,
    Entry.status,
    Employer.title,
    Turn.state,
    Turn.batch,
    Turn.station,
    Turn.place,
    Turn.paper,
    Turn.called_at,
    Turn.started_at,
    Turn.interrupted_at,
    Turn.ended_at,
    Turn.given_back,
)


def list_places(event_id: int, rules: HallRules, day: DayRules, now: datetime) -> list[Place]:
    """List the accepted entries of an event with where they are, by batch, station and number."""
    query = (
        select(*_COLUMNS)
        .select_from(Entry)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(Turn, Turn.entry_id == Entry.id)
        .where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.number)
    )
    places = [_place(tuple(row), rules, day, now) for row in db.session.execute(query)]
    order = {station: number for number, station in enumerate(rules.stations)}
    return sorted(
        places,
        key=lambda one: (
            one.batch or 0,
            order.get(one.station, len(order)),
            one.place or 0,
            one.number,
        ),
    )


def _place(row: tuple[Any, ...], rules: HallRules, day: DayRules, now: datetime) -> Place:
    key, number, title, status, employer, state, batch, station, place, paper, called, *times = row
    started, interrupted, ended, given_back = times
    stands = state_now(state or TurnState.WAITING, status, started is not None)
    arriving = stands in ARRIVING
    return Place(
        entry_id=key,
        number=number,
        title=title,
        employer=employer or "",
        state=stands,
        batch=batch or (1 if rules.batch_count == 1 else None),
        station=station or "",
        place=place,
        paper=paper or "",
        called_at=called,
        clock=TurnClock(started, interrupted, ended, given_back or 0),
        late_by=minutes_late(called, now) if arriving else 0,
        forfeits=arriving and has_forfeited(called, now, day.late_minutes),
    )


def mark_of(places: Sequence[Place]) -> str:
    """Return a mark that is another one after any step of anybody."""
    steps = [(one.entry_id, one.state, one.where) for one in places]
    return hashlib.sha256(repr(steps).encode()).hexdigest()


def list_batches(places: Sequence[Place], rules: HallRules) -> list[BatchOnBoard]:
    """Sort people into their batches; those without one come last, under no name."""
    found = [
        BatchOnBoard(
            number,
            rules.title_of(number),
            rules.start_of(number),
            [place for place in places if place.batch == number],
        )
        for number in range(1, rules.batch_count + 1)
    ]
    loose = [place for place in places if place.batch is None]
    return [*found, BatchOnBoard(0, "", None, loose)] if loose else found


def present_batch(batches: Sequence[BatchOnBoard]) -> BatchOnBoard | None:
    """Return the batch that is at work or comes next: the first that is not over."""
    named = [batch for batch in batches if batch.number]
    return next((batch for batch in named if batch.places and not batch.is_over), None)


def following_batch(
    batches: Sequence[BatchOnBoard], present: BatchOnBoard | None
) -> BatchOnBoard | None:
    """Return the batch after the present one."""
    if present is None:
        return None
    return next((one for one in batches if one.number > present.number and one.places), None)


def name_on_screen(place: Place, day: DayRules) -> str:
    """Return the name that the hall may read; none where codes are sealed."""
    if day.code_layers or day.screen_names == "none":
        return ""
    return place.title if day.screen_names == "full" else masked_name(place.title)


def employer_on_screen(place: Place, day: DayRules) -> str:
    """Return the employer that the hall may read; none where codes are sealed."""
    return "" if day.code_layers else place.employer
