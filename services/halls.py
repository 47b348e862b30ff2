"""The hall of an event: its layout, and the turns of its contestants as the acts find them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.entries import Entry
from models.halls import Hall, Turn
from rules.data import InvalidRules
from rules.days import DayRules
from rules.halls import HallRules, hall_problems
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.states import EntryState, EventState, TurnState
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.contests import check_version
from services.draws import lock_event
from services.transaction import transaction

# From the last entry until the marks are confirmed; before publication there is nobody to come.
OPEN_STATES = frozenset({EventState.REGISTERING, EventState.DRAWN, EventState.SCORING})


def find_hall(event_id: int) -> Hall | None:
    """Return the stored layout of an event's hall; None before anybody set one."""
    return db.session.get(Hall, event_id)


def hall_of(event_id: int) -> HallRules:
    """Return the layout of an event's hall; without one, all compete at once without stations."""
    stored = find_hall(event_id)
    return HallRules() if stored is None else HallRules.model_validate(stored.rules)


def day_of(event_id: int) -> DayRules:
    """Return the rules of the day that count for an event."""
    return contests.rules_of(contests.get_event(event_id).contest).day


def refuse_closed(state: EventState) -> None:
    """Part: refuse what belongs to the day while the event takes no contestants in."""
    if state not in OPEN_STATES:
        raise Refused(
            N_("The hall is open from the publication of the event until marks are confirmed.")
        )


@transaction
def edit_hall(by: Actor, event_id: int, version: int | None, rules: HallRules) -> int:
    """Lay out the hall of an event; what was drawn already keeps its place."""
    event = lock_event(event_id)
    refuse_closed(event.state)
    problems = hall_problems(rules)
    if problems:
        raise InvalidRules(problems)
    _refuse_lost_places(event_id, rules)
    stored = find_hall(event_id)
    check_version(stored.version if stored else 0, version)
    before = stored.rules if stored else {}
    after = rules.model_dump(mode="json")
    if stored is None:
        db.session.add(Hall(event_id=event_id, rules=after))
    else:
        stored.rules = after
    audits.record(
        by,
        "edit_hall",
        "event",
        event_id,
        contest_id=event.contest_id,
        before={"rules": before},
        after={"rules": after},
    )
    return event_id


def _refuse_lost_places(event_id: int, rules: HallRules) -> None:
    """Refuse to take away a batch, station or paper that somebody has drawn."""
    query = select(Turn.batch, Turn.station, Turn.paper).where(Turn.event_id == event_id)
    for batch, station, paper in db.session.execute(query.distinct()):
        if batch is not None and batch > rules.batch_count:
            raise Refused(N_("Somebody is drawn to a batch that you removed."), "batches")
        if station is not None and station not in rules.stations:
            raise Refused(N_("Somebody is drawn to a station that you removed."), "stations")
        if paper is not None and paper not in rules.papers:
            raise Refused(N_("A paper that you removed is drawn already."), "papers")


def competing_entries(event_id: int) -> list[Entry]:
    """List the accepted entries that are not out, by number, with their employers."""
    query = (
        select(Entry)
        .options(joinedload(Entry.employer))
        .where(
            Entry.event_id == event_id,
            Entry.state == EntryState.ACCEPTED,
            Entry.status == EntryStatus.COMPETED,
        )
        .order_by(Entry.number)
    )
    return list(db.session.scalars(query))


def turns_of(event_id: int) -> dict[int, Turn]:
    """Return the turns of an event by entry; whoever has none is waiting."""
    query = select(Turn).where(Turn.event_id == event_id)
    return {turn.entry_id: turn for turn in db.session.scalars(query)}


def made_turns(event_id: int, entry_ids: Iterable[int]) -> dict[int, Turn]:
    """Part: return the turns of these entries, made where there are none; the event is locked."""
    there = turns_of(event_id)
    for entry_id in entry_ids:
        if entry_id not in there:
            turn = Turn(event_id=event_id, entry_id=entry_id, state=TurnState.WAITING, given_back=0)
            db.session.add(turn)
            there[entry_id] = turn
    db.session.flush()
    return there


def get_turn_entry(entry_id: int) -> Entry:
    """Return an accepted entry of a hall; raise Missing."""
    query = select(Entry).options(joinedload(Entry.event)).where(Entry.id == entry_id)
    entry = db.session.scalar(query)
    if entry is None or entry.state is not EntryState.ACCEPTED:
        raise Missing(entry_id)
    return entry
