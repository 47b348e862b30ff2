"""Parts that store many entries at once, and the question who is entered already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from models.database import db
from models.entries import Entry, EntryMember
from rules.numbering import entry_number
from rules.states import EntryState
from services.acting import Actor
from services.people import chunks, table_of


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be stored; all in it has been checked."""

    event_id: int
    division_id: int
    employer_id: int | None
    title: str
    person_ids: tuple[int, ...]
    state: EntryState = EntryState.SUBMITTED
    in_competition: bool = True


def add_entries(by: Actor, codes: Mapping[int, str], rows: Sequence[NewEntry]) -> list[int]:
    """Part: store checked entries under the next numbers; return their ids in the same order.

    ``codes`` holds the code of every event by its id; the events' rows are locked by the caller.
    """
    serials = _last_serials(codes)
    values: list[dict[str, Any]] = []
    for row in rows:
        serials[row.event_id] += 1
        number = entry_number(codes[row.event_id], serials[row.event_id])
        values.append(_entry_values(by, row, number))
    db.session.execute(insert(table_of(Entry)), values)
    ids = _ids_of(values)
    members = [
        {"entry_id": entry_id, "event_id": row.event_id, "person_id": person, "position": place}
        for entry_id, row in zip(ids, rows, strict=True)
        for place, person in enumerate(row.person_ids, start=1)
    ]
    db.session.execute(insert(table_of(EntryMember)), members)
    return ids


def _entry_values(by: Actor, row: NewEntry, number: str) -> dict[str, Any]:
    return {
        "event_id": row.event_id,
        "division_id": row.division_id,
        "employer_id": row.employer_id,
        "number": number,
        "title": row.title,
        "state": row.state,
        "in_competition": row.in_competition,
        "submitted_at": by.now,
        "submitted_by_id": by.account_id,
    }


def _last_serials(event_ids: Iterable[int]) -> dict[int, int]:
    """Return the highest number given out in each event; numbers are never used again."""
    last = dict.fromkeys(event_ids, 0)
    query = select(Entry.event_id, Entry.number).where(Entry.event_id.in_(last))
    for event_id, number in db.session.execute(query):
        tail = number.rpartition("-")[2]
        last[event_id] = max(last[event_id], int(tail) if tail.isdecimal() else 0)
    return last


def _ids_of(values: Sequence[Mapping[str, Any]]) -> list[int]:
    events = {value["event_id"] for value in values}
    query = select(Entry.event_id, Entry.number, Entry.id).where(Entry.event_id.in_(events))
    ids = {(event_id, number): key for event_id, number, key in db.session.execute(query)}
    return [ids[value["event_id"], value["number"]] for value in values]


def people_entered(
    event_ids: Iterable[int], person_ids: Sequence[int], but_entry: int | None = None
) -> set[tuple[int, int]]:
    """Return which of these people hold a place in which of these events."""
    events, found = list(event_ids), set()
    for chunk in chunks(person_ids):
        query = select(EntryMember.event_id, EntryMember.person_id).where(
            EntryMember.active,
            EntryMember.event_id.in_(events),
            EntryMember.person_id.in_(chunk),
            EntryMember.entry_id != (but_entry or 0),
        )
        found |= {(event_id, person_id) for event_id, person_id in db.session.execute(query)}
    return found
