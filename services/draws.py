"""The draw of work codes, and the list that ties them to the entries."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.draws import Draw
from models.entries import Entry
from rules.numbering import codes
from rules.refusals import Missing, Refused
from rules.states import EVENT_MOVES, EntryState, EventState, moved
from rules.texts import N_
from services import audits, contests, works
from services.acting import Actor
from services.transaction import transaction


@dataclass(frozen=True)
class EntryCounts:
    """How far the entries of an event are, as the draw asks."""

    accepted: int
    waiting: int
    returned: int


def lock_event(event_id: int) -> Event:
    """Part: return an event for a change; whoever moves or marks it waits until the act is over."""
    event = db.session.get(Event, event_id, with_for_update=True, populate_existing=True)
    if event is None:
        raise Missing(event_id)
    return event


@transaction
def draw(by: Actor, event_id: int, early: bool = False) -> int:
    """Give each accepted entry its work code, once (R2.02, R2.06); return the event's id.

    While entries can still come in, ``early`` must say that the organizer means it.
    """
    event = lock_event(event_id)
    if contests.rules_of(event.contest).day.code_layers:
        raise Refused(N_("The codes of this edition are sealed in layers, not drawn openly."))
    check_draw(by, event, early)
    entry_ids = _accepted_ids(event_id)
    if not entry_ids:
        raise Refused(N_("There are no accepted entries to draw codes for."))
    seed = new_seed()
    db.session.add(Draw(event_id=event_id, seed=seed, drawn_at=by.now, drawn_by_id=by.account_id))
    _write_codes(entry_ids, codes(len(entry_ids), seed))
    works.add_works(event_id, contests.scheme_of(event).levels[0][0].key, entry_ids)
    event.state = moved(EVENT_MOVES, event.state, EventState.DRAWN)
    # The seed would tell whose work is whose, so it stays out of the record.
    after = {"entries": len(entry_ids), "early": early}
    audits.record(by, "draw", "event", event_id, contest_id=event.contest_id, after=after)
    return event_id


def new_seed() -> str:
    """Return 256 bits that nobody can foresee, as hex digits."""
    return secrets.token_hex(32)


def check_draw(by: Actor, event: Event, early: bool) -> None:
    """Part: refuse a draw while the event is not ready for it."""
    if event.state is not EventState.REGISTERING:
        raise Refused(N_("Codes are drawn once, while the event takes entries."))
    waiting = count_entries(event.id).waiting
    if waiting:
        raise Refused(
            N_("Entries that still wait for review: %(count)s. Accept or reject them first."),
            count=waiting,
        )
    if not early and by.today <= event.contest.entry_closes_on:
        raise Refused(
            N_("Entries are open until %(day)s. Tick the box if you want to draw now."),
            field="early",
            day=event.contest.entry_closes_on.isoformat(),
        )


def _accepted_ids(event_id: int) -> Sequence[int]:
    query = select(Entry.id).where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED)
    return db.session.scalars(query.order_by(Entry.id)).all()


def _write_codes(entry_ids: Sequence[int], drawn: Sequence[str]) -> None:
    table = Entry.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("entry_id"))
        .values(code=bindparam("drawn"), version=table.c.version + 1)
    )
    rows = [
        {"entry_id": entry_id, "drawn": code}
        for entry_id, code in zip(entry_ids, drawn, strict=True)
    ]
    db.session.connection().execute(statement, rows)
    db.session.expire_all()


def count_entries(event_id: int) -> EntryCounts:
    """Count the entries of an event by what the draw needs to know."""
    query = (
        select(Entry.state, func.count()).where(Entry.event_id == event_id).group_by(Entry.state)
    )
    found = {state: count for state, count in db.session.execute(query)}
    return EntryCounts(
        found.get(EntryState.ACCEPTED, 0),
        found.get(EntryState.SUBMITTED, 0),
        found.get(EntryState.RETURNED, 0),
    )


def find_draw(event_id: int) -> Draw | None:
    """Return the draw of an event; None before it."""
    return db.session.scalar(select(Draw).where(Draw.event_id == event_id))


def is_true(event_id: int) -> bool:
    """Say whether the codes are still those that the stored seed gives."""
    drawn = find_draw(event_id)
    query = select(Entry.code).where(Entry.event_id == event_id, Entry.code.is_not(None))
    found = db.session.scalars(query.order_by(Entry.id)).all()
    return drawn is not None and list(found) == codes(len(found), drawn.seed)


def list_drawn(event_id: int) -> Sequence[Entry]:
    """List the coded entries by entry number, for the draw's protocol."""
    query = (
        select(Entry)
        .options(joinedload(Entry.division), joinedload(Entry.employer))
        .where(Entry.event_id == event_id, Entry.code.is_not(None))
    )
    return db.session.scalars(query.order_by(Entry.number)).all()
