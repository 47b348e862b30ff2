"""The draw of work codes."""

from datetime import UTC, datetime

import pytest

from models.audits import AuditRecord
from models.database import db
from models.entries import Entry
from rules.numbering import codes
from rules.refusals import Refused
from rules.states import EntryState, EventState
from services import draws
from services.acting import Actor
from tests.builders import Builder

AFTER = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)


def _codes(event_id: int) -> list[str | None]:
    query = db.select(Entry.code).where(Entry.event_id == event_id).order_by(Entry.id)
    return list(db.session.scalars(query))


def test_each_accepted_entry_gets_a_code_that_the_stored_seed_gives_again(
    build: Builder, by: Actor
) -> None:
    event = build.event(state=EventState.REGISTERING)
    for _ in range(3):
        build.entry(event)
    build.entry(event, state=EntryState.REJECTED)
    draws.draw(build.actor(now=AFTER), event.id)
    found = draws.find_draw(event.id)
    assert found is not None
    assert _codes(event.id) == [*codes(3, found.seed), None]
    assert draws.is_true(event.id)
    assert event.state is EventState.DRAWN
    record = db.session.scalars(db.select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None and record.action == "draw"
    assert found.seed not in str(record.after)


def test_a_changed_code_is_found_out(build: Builder) -> None:
    event = build.event(state=EventState.REGISTERING)
    entry = build.entry(event)
    draws.draw(build.actor(), event.id, early=True)
    entry.code = "XXXX"
    db.session.commit()
    assert not draws.is_true(event.id)


def test_an_early_draw_must_be_meant(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    build.entry(event)
    with pytest.raises(Refused, match="open until") as refused:
        draws.draw(by, event.id)
    assert refused.value.field == "early"
    assert _codes(event.id) == [None]
    draws.draw(by, event.id, early=True)


def test_entries_that_wait_for_review_stop_the_draw(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    build.entry(event)
    build.entry(event, state=EntryState.SUBMITTED)
    with pytest.raises(Refused, match="wait for review: 1"):
        draws.draw(by, event.id, early=True)


def test_without_entries_there_is_nothing_to_draw(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    with pytest.raises(Refused, match="no accepted entries"):
        draws.draw(by, event.id, early=True)


def test_codes_are_drawn_once(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    build.entry(event)
    draws.draw(by, event.id, early=True)
    before = _codes(event.id)
    with pytest.raises(Refused, match="drawn once"):
        draws.draw(by, event.id, early=True)
    assert _codes(event.id) == before


def test_the_list_of_the_draw_names_everybody_in_order(build: Builder, by: Actor) -> None:
    event = build.event(state=EventState.REGISTERING)
    made = [build.entry(event) for _ in range(2)]
    draws.draw(by, event.id, early=True)
    assert [entry.id for entry in draws.list_drawn(event.id)] == [entry.id for entry in made]
