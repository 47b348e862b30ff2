"""Lists of entries: of a contest, of an employer or contestant, and what is open today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from rules.editions import ContestKind
from rules.states import ContestState, EntryState, EventState
from services.contests import LIGHT, OUTLINE
from services.entries import Standing
from services.pages import PAGE_SIZE, Page, ordered, page_of
from services.people import escaped, matches_name, matches_title


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """What a reader asks of a list of entries."""

    q: str = ""
    event_id: int | None = None
    division: str = ""
    state: EntryState | None = None
    employer_id: int | None = None
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZE


FIRST = aliased(EntryMember)
SORTS = {
    "number": Entry.number,
    "name": Person.name_key,
    "employer": Employer.title,
    "event": Event.position,
    "state": Entry.state,
    "submitted": Entry.submitted_at,
}
# Marking schemes are long and stand in no list.
# What needs doing comes first.
_URGENCY = case(
    (Entry.state == EntryState.RETURNED, 0),
    (Entry.state == EntryState.SUBMITTED, 1),
    (Entry.state == EntryState.ACCEPTED, 2),
    else_=3,
)


def list_entries(
    contest_id: int, asked: EntryQuery, standing: Standing | None = None
) -> Page[Entry]:
    """List the entries of a contest; only one's own for those who are no officials."""
    query = _asked(asked).where(Event.contest_id == contest_id)
    if standing is not None and not standing.is_official:
        query = query.where(_owned(standing))
    query = ordered(query, SORTS, asked.sort or "number", asked.descending, Entry.id)
    return _loaded(query, asked.page, asked.size)


def list_own(standing: Standing, asked: EntryQuery) -> Page[Entry]:
    """List the entries of an employer or contestant; first what he has to mend."""
    query = _asked(asked).where(_owned(standing))
    query = query.order_by(_URGENCY, Entry.submitted_at.desc(), Entry.id.desc())
    return _loaded(query, asked.page, asked.size)


def _asked(asked: EntryQuery) -> Select[int]:
    """Return a query of the ids of entries, with the tables that its order and filter need."""
    query = select(Entry.id).join(Entry.event)
    if asked.sort == "name":
        query = query.outerjoin(FIRST, and_(FIRST.entry_id == Entry.id, FIRST.position == 1))
        query = query.outerjoin(Person, Person.id == FIRST.person_id)
    if asked.q or asked.sort == "employer":
        query = query.outerjoin(Entry.employer)
    return query.where(*_conditions(asked))


def _loaded(query: Select[int], number: int, size: int) -> Page[Entry]:
    """Count and cut by the ids alone, then load the few entries of the page in their order."""
    ids = page_of(query, number, size)
    entries = {
        entry.id: entry for entry in db.session.scalars(_whole().where(Entry.id.in_(ids.items)))
    }
    return Page([entries[key] for key in ids.items], ids.total, ids.number, ids.size)


def _whole() -> Select[Entry]:
    """Return a query of entries with all that a line of a list shows."""
    return select(Entry).options(
        joinedload(Entry.event).options(*LIGHT, joinedload(Event.contest)),
        joinedload(Entry.division),
        joinedload(Entry.employer),
    )


def _owned(standing: Standing) -> Any:
    if standing.employer_id is not None:
        return Entry.employer_id == standing.employer_id
    mine = EntryMember.person_id == (standing.person_id or 0)
    return select(EntryMember.id).where(EntryMember.entry_id == Entry.id, mine).exists()


def _conditions(asked: EntryQuery) -> list[Any]:
    conditions: list[Any] = []
    if asked.event_id is not None:
        conditions.append(Entry.event_id == asked.event_id)
    if asked.division:
        conditions.append(Entry.division.has(Division.title == asked.division))
    if asked.state is not None:
        conditions.append(Entry.state == asked.state)
    if asked.employer_id is not None:
        conditions.append(Entry.employer_id == asked.employer_id)
    if asked.q:
        conditions.append(_search(asked.q))
    return conditions


def _search(text: str) -> Any:
    """Find by number, by the name or Latin spelling of any member, or by employer."""
    members = select(EntryMember.entry_id).join(EntryMember.person).where(matches_name(text))
    return or_(
        Entry.number.like(f"{escaped(text)}%", escape="\\"),
        matches_title(Employer.title, text),
        Entry.id.in_(members),
    )


def next_waiting(contest_id: int, after_id: int) -> int | None:
    """Return the next entry of the contest that waits for review, round and round."""
    query = (
        select(Entry.id)
        .join(Entry.event)
        .where(
            Event.contest_id == contest_id,
            Event.state == EventState.REGISTERING,
            Entry.state == EntryState.SUBMITTED,
            Entry.id != after_id,
        )
        .order_by(Entry.id <= after_id, Entry.id)
    )
    return db.session.scalar(query.limit(1))


def count_states(contest_id: int, standing: Standing | None = None) -> dict[EntryState, int]:
    """Count the entries of a contest by state; only one's own for those who are no officials."""
    query = select(Entry.state, func.count()).join(Entry.event)
    query = query.where(Event.contest_id == contest_id).group_by(Entry.state)
    if standing is not None and not standing.is_official:
        query = query.where(_owned(standing))
    counted = {state: count for state, count in db.session.execute(query)}
    return {state: counted.get(state, 0) for state in EntryState}


def count_own(standing: Standing) -> dict[EntryState, int]:
    """Count the entries of an employer or contestant by state."""
    query = select(Entry.state, func.count()).where(_owned(standing)).group_by(Entry.state)
    counted = {state: count for state, count in db.session.execute(query)}
    return {state: counted.get(state, 0) for state in EntryState}


def list_open(
    today: date, contests: frozenset[int] | None = None, officials: frozenset[int] | None = None
) -> list[Contest]:
    """List the contests that take entries today, with their events; officials also see them early.

    ``contests`` limits the list, ``officials`` are the contests whose dates do not bind the reader
    (None: all of them).
    """
    in_time = and_(Contest.entry_opens_on <= today, today <= Contest.entry_closes_on)
    free = true() if officials is None else Contest.id.in_(officials)
    query = (
        select(Contest)
        .options(OUTLINE)
        .where(Contest.state == ContestState.PUBLISHED, or_(in_time, free))
        .where(Contest.kind == ContestKind.CONTEST)
        .where(Contest.events.any(Event.state == EventState.REGISTERING))
        .order_by(Contest.entry_closes_on, Contest.id)
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return list(db.session.scalars(query))


def count_events(event_ids: Iterable[int], standing: Standing | None = None) -> dict[int, int]:
    """Count the living entries of events: all of them, or one's own."""
    dead = (EntryState.WITHDRAWN, EntryState.REJECTED)
    query = select(Entry.event_id, func.count()).group_by(Entry.event_id)
    query = query.where(Entry.event_id.in_(list(event_ids)), Entry.state.not_in(dead))
    if standing is not None and not standing.is_official:
        query = query.where(_owned(standing))
    return {event_id: count for event_id, count in db.session.execute(query)}


def list_for_person(person_id: int, contests: frozenset[int] | None = None) -> Sequence[Entry]:
    """List the entries of a person, newest first; in some contests only unless None."""
    mine = Entry.members.any(EntryMember.person_id == person_id)
    query = _whole().where(mine, _within(contests))
    return db.session.scalars(query.order_by(*_NEWEST)).all()


def list_for_employer(
    employer_id: int, contests: frozenset[int] | None = None, page: int = 1, size: int = PAGE_SIZE
) -> Page[Entry]:
    """List the entries of an employer, newest first; in some contests only unless None."""
    query = select(Entry.id).where(Entry.employer_id == employer_id, _within(contests))
    return _loaded(query.order_by(*_NEWEST), page, size)


_NEWEST = (Entry.submitted_at.desc(), Entry.id.desc())


def _within(contests: frozenset[int] | None) -> Any:
    """Return the condition of an entry in a contest; a place on a selection's list is none."""
    own = Event.contest.has(Contest.kind == ContestKind.CONTEST)
    return Entry.event.has(own if contests is None else and_(own, Event.contest_id.in_(contests)))
