"""Conflicts of judges with the entries of an event, and the marks that will be left out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.entries import Entry, EntryMember
from models.judges import Judge, LeftOut
from models.judging import PanelSeat
from models.people import Employer, Person
from rules.conflicts import (
    BarredFrom,
    Conflict,
    ConflictKind,
    EntryFacts,
    JudgeFacts,
    conflicts,
    hardest,
    spared_entries,
)
from rules.judges import SeatAnswer, SeatDuty
from rules.states import EntryState, EventState
from services import contests
from services.judges_relations import ties_of

LIVE = (EntryState.SUBMITTED, EntryState.ACCEPTED)


@dataclass(frozen=True)
class ConflictLine:
    """One conflict in words that only the organizer and the supervisor may read."""

    kind: ConflictKind
    entry_title: str
    employer: str


def barred_from(event: Event) -> BarredFrom:
    """Return what a conflict keeps a judge from in this event.

    Who goes on to a next stage is seen before the codes are opened. Were marks left out only then,
    the field of the final would be another one; so in stages a conflict bars from all of it.
    """
    setting = contests.rules_of(event.contest).day.conflicts
    return "event" if len(event.scheme.get("stages") or ()) > 1 else setting


def find_conflicts(event: Event, account_ids: Collection[int]) -> dict[int, tuple[Conflict, ...]]:
    """Find the conflicts of some accounts with the entries of an event, in six statements."""
    entries = _entries(event.id)
    setting = barred_from(event)
    return {judge.account_id: conflicts(judge, entries, setting) for judge in _judges(account_ids)}


def _judges(account_ids: Collection[int]) -> list[JudgeFacts]:
    ties = ties_of(account_ids)
    query = (
        select(Account.id, Account.person_id, Account.employer_id, Judge.employer_id)
        .outerjoin(Judge, Judge.account_id == Account.id)
        .where(Account.id.in_(account_ids))
    )
    return [
        JudgeFacts(
            key,
            person_id,
            frozenset(one for one in (own, pooled) if one is not None),
            ties.get(key, ()),
        )
        for key, person_id, own, pooled in db.session.execute(query)
    ]


def _entries(event_id: int) -> list[EntryFacts]:
    query = (
        select(Entry.id, Entry.employer_id, Employer.title)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(Entry.event_id == event_id, Entry.state.in_(LIVE))
        .order_by(Entry.id)
    )
    members: dict[int, dict[int, str]] = {}
    people = (
        select(EntryMember.entry_id, Person.id, Person.name)
        .join(Person, Person.id == EntryMember.person_id)
        .where(EntryMember.event_id == event_id, EntryMember.active)
    )
    for entry_id, person_id, name in db.session.execute(people):
        members.setdefault(entry_id, {})[person_id] = name
    return [
        EntryFacts(key, employer_id, title or "", members.get(key, {}))
        for key, employer_id, title in db.session.execute(query)
    ]


def lines_of(found: Iterable[Conflict]) -> list[ConflictLine]:
    """Say conflicts with the names of the entries; for those only who may know them."""
    listed = list(found)
    query = (
        select(Entry.id, Entry.title, Employer.title)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .where(Entry.id.in_({one.entry_id for one in listed}))
    )
    names = {key: (title, employer or "") for key, title, employer in db.session.execute(query)}
    return [ConflictLine(one.kind, *names[one.entry_id]) for one in listed]


def write_left_out(event: Event, seats: Iterable[PanelSeat] | None = None) -> int:
    """Part: write down before the scoring whose marks on which entries won't count (R1.13).

    Later declarations change nothing here: nobody can have a mark left out that he has seen.
    """
    if seats is None:
        query = select(PanelSeat).where(PanelSeat.event_id == event.id)
        seats = db.session.scalars(
            query.where(PanelSeat.duty == SeatDuty.MEMBER, PanelSeat.answer != SeatAnswer.DECLINED)
        ).all()
    marking = [one for one in seats if one.number]
    db.session.execute(delete(LeftOut).where(LeftOut.seat_id.in_([one.id for one in marking])))
    found = find_conflicts(event, {one.account_id for one in marking})
    rows = [
        LeftOut(seat_id=seat.id, entry_id=entry_id, kind=_kind(found[seat.account_id], entry_id))
        for seat in marking
        for entry_id in sorted(spared_entries(found[seat.account_id]))
    ]
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def _kind(found: Iterable[Conflict], entry_id: int) -> ConflictKind:
    worst = hardest([one for one in found if one.entry_id == entry_id])
    assert worst is not None
    return worst.kind


def marks_left_out(event_id: int) -> dict[int, set[tuple[str, int]]]:
    """Return by entry the part and number of the seats whose marks on it don't count.

    While scoring goes on there are none: what is missing then is shown to the chief judge, and
    would tell which code is whose.
    """
    query = (
        select(LeftOut.entry_id, PanelSeat.part, PanelSeat.number)
        .join(PanelSeat, PanelSeat.id == LeftOut.seat_id)
        .join(Event, Event.id == PanelSeat.event_id)
        .where(PanelSeat.event_id == event_id, Event.state != EventState.SCORING)
    )
    found: dict[int, set[tuple[str, int]]] = {}
    for entry_id, part, number in db.session.execute(query):
        found.setdefault(entry_id, set()).add((part, number))
    return found
