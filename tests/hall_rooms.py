"""Halls for tests: an event with accepted entries of some employers, laid out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.people import Employer
from rules.days import DayRules
from rules.draws import LotKind
from rules.halls import Batch, HallRules
from rules.plans import EditionRules
from rules.states import ContestState, EventState
from services import halls, lots
from services.acting import Actor
from tests.builders import Builder

MORNING = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)  # nine o'clock in China
TWO_BATCHES = (Batch(title="第一场", starts_at=MORNING), Batch(title="第二场"))


def contest_with(build: Builder, **day: Any) -> Contest:
    """Return a published contest with these rules of the day."""
    rules = EditionRules(day=DayRules(**day))
    return build.contest(ContestState.PUBLISHED, rules=rules.model_dump(mode="json"))


def filled_event(
    build: Builder, employers: str = "aabbc", state: EventState = EventState.DRAWN, **day: Any
) -> Event:
    """Return an event with an entry for each letter; equal letters are one employer."""
    event: Event = build.event(contest_with(build, **day), state)
    known: dict[str, Employer] = {}
    for letter in employers:
        employer = known.setdefault(letter, build.employer())
        build.entry(event, employer_id=employer.id)
    return event


def entries_of(event: Event) -> list[Entry]:
    """List the entries of an event by number, read anew."""
    db.session.expire_all()
    return halls.competing_entries(event.id)


def laid_out(
    by: Actor,
    event: Event,
    stations: Sequence[str] = tuple("ABCDEF"),
    batches: tuple[Batch, ...] = (),
    papers: Sequence[str] = (),
    minutes: int = 120,
) -> HallRules:
    """Lay out the hall of an event."""
    rules = HallRules(
        batches=batches, stations=tuple(stations), papers=tuple(papers), minutes=minutes
    )
    stored = halls.find_hall(event.id)
    halls.edit_hall(by, event.id, stored.version if stored else 0, rules)
    return rules


def drawn(by: Actor, event: Event, kind: LotKind, batch: int = 0, spoken: str = "123456") -> int:
    """Make a whole draw; return its id."""
    lot_id = lots.commit_lot(by, event.id, kind, batch)
    return lots.draw_lot(by, lot_id, spoken)
