"""What a list of the past brings, written into the registers as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from models.database import db
from models.histories import (
    HistoryEdition,
    HistoryEntry,
    HistoryEvent,
    HistoryImport,
    HistoryMember,
)
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Employer
from rules.histories import Past, PastEntrant, PastHonour
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.states import HonourState
from services.acting import Actor
from services.histories_lines import Line, honours_of
from services.people import bulk_people, chunks, entry_title, known_people
from services.people_employers import bulk_employers, title_key

STAFF = "职工组"


@dataclass
class Storing:
    """One list on its way into the registers."""

    by: Actor
    batch: HistoryImport
    lines: Sequence[Line]
    employers: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    # Levels that are there by now, by person, occupation and level.
    levels: dict[tuple[int, str, int], PersonLevel] = field(default_factory=dict)
    held: set[tuple[int | None, str, int]] = field(default_factory=set)
    made: dict[str, list[int]] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def keep(self, name: str, row: Any) -> Any:
        """Add a row and remember that this list brought it."""
        db.session.add(row)
        self.rows.setdefault(name, []).append(row)
        return row

    def person_of(self, line: Line) -> int | None:
        """Return who is meant in a row; None where only the name is known."""
        return line.person_id if line.person_id is not None else self.people.get(line.index)

    def employer_of(self, past: Past) -> int | None:
        """Return the employer that a row names."""
        return self.employers.get(title_key(past.who.employer)) if past.who.employer else None


def store(by: Actor, batch: HistoryImport, lines: Sequence[Line]) -> dict[str, list[int]]:
    """Part: write all rows; return the ids of what was made, by its kind."""
    one = Storing(by, batch, lines)
    _register(one)
    _know_levels(one)
    one.held = honours_of({key for key in map(one.person_of, lines) if key is not None})
    entrants = [(line, line.past) for line in lines if isinstance(line.past, PastEntrant)]
    _store_entrants(one, entrants)
    for line in lines:
        if isinstance(line.past, PastHonour):
            _store_honour(one, line, line.past)
    db.session.flush()
    return one.made | {name: [row.id for row in rows] for name, rows in one.rows.items()}


def _register(one: Storing) -> None:
    """Register employers and people who are not known yet; of known ones nothing is changed."""
    pasts = [line.past for line in one.lines if line.past is not None]
    titles = [past.who.employer for past in pasts if past.who.employer]
    last = db.session.scalar(select(Employer.id).order_by(Employer.id.desc()).limit(1)) or 0
    one.employers = bulk_employers(one.by, dict.fromkeys(titles))
    new = {key for key in one.employers.values() if key > last}
    one.made["employers"] = sorted(new)
    _place(one, pasts, new)
    facts = {line.index: line.past for line in one.lines if line.index and line.past is not None}
    known = {index: found.id for index, found in known_people(facts).items()}
    fresh = {index: past for index, past in facts.items() if index not in known}
    rows = [(past.who.facts, one.employer_of(past)) for past in fresh.values() if past.who.facts]
    ids = bulk_people(one.by, rows) if rows else []
    one.made["people"] = ids
    one.people = known | dict(zip(fresh, ids, strict=True))


def _place(one: Storing, pasts: Sequence[Past], new: set[int]) -> None:
    """Write the districts of employers that this list brings."""
    districts = {
        one.employers[title_key(past.who.employer)]: past.who.district
        for past in pasts
        if past.who.employer and past.who.district
    }
    rows = [{"id": key, "district": text} for key, text in districts.items() if key in new]
    if rows:
        db.session.execute(update(Employer), rows)


def _know_levels(one: Storing) -> None:
    people = {key for key in map(one.person_of, one.lines) if key is not None}
    for chunk in chunks(sorted(people)):
        query = select(PersonLevel).where(PersonLevel.person_id.in_(chunk))
        for row in db.session.scalars(query):
            one.levels[row.person_id, row.occupation, row.level] = row


def _store_entrants(one: Storing, entrants: Sequence[tuple[Line, PastEntrant]]) -> None:
    events = _events(one, [past for _line, past in entrants])
    entries: dict[tuple[Any, ...], HistoryEntry] = {}
    names: dict[int, list[str]] = {}
    for line, past in entrants:
        event = events[title_key(past.contest), past.year, title_key(past.event)]
        team = past.team or f"#{line.number}"
        key = (id(event), past.division, team)
        if key not in entries:
            entries[key] = one.keep("entries", _entry(one, event, past))
        entry = entries[key]
        names.setdefault(id(entry), []).append(past.who.name)
        entry.title = entry_title(names[id(entry)])
        person = one.person_of(line)
        level = _level(one, person, past)
        entry.members.append(
            HistoryMember(
                event_id=event.id, person_id=person, name=past.who.name, level=past.skill,
                person_level=level,
            )
        )  # fmt: skip
        if person is not None:
            _prize_honours(one, person, past)


def _events(one: Storing, pasts: Sequence[PastEntrant]) -> dict[tuple[str, int, str], HistoryEvent]:
    """Return the events of all rows; what an earlier list brought is used."""
    years = sorted({past.year for past in pasts})
    stored = db.session.scalars(select(HistoryEdition).where(HistoryEdition.year.in_(years)))
    editions = {(title_key(row.title), row.year): row for row in stored}
    events = {
        (title_key(edition.title), edition.year, title_key(event.title)): event
        for edition in editions.values()
        for event in edition.events
    }
    for past in pasts:
        key = (title_key(past.contest), past.year)
        if key not in editions:
            editions[key] = one.keep("editions", _edition(one, past))
        place = (*key, title_key(past.event))
        if place not in events:
            events[place] = one.keep("events", _event(one, editions[key], past))
    db.session.flush()
    return events


def _edition(one: Storing, past: PastEntrant) -> HistoryEdition:
    return HistoryEdition(
        import_id=one.batch.id,
        title=past.contest,
        year=past.year,
        level=past.level.value,
        organiser=past.organiser,
        document=past.document,
        held_on=past.held_on,
    )


def _event(one: Storing, edition: HistoryEdition, past: PastEntrant) -> HistoryEvent:
    return HistoryEvent(
        import_id=one.batch.id,
        edition=edition,
        title=past.event,
        occupation=past.occupation,
        held_on=past.held_on,
    )


def _entry(one: Storing, event: HistoryEvent, past: PastEntrant) -> HistoryEntry:
    company = past.who.of_company
    return HistoryEntry(
        import_id=one.batch.id,
        event_id=event.id,
        title="",
        division=past.division,
        team=past.team,
        employer_id=one.employer_of(past),
        # Where the list does not say it, the staff of an employer count as they do in editions
        # that are held here.
        of_company=past.division == STAFF and bool(past.who.employer)
        if company is None
        else company,
        status=past.status,
        place=past.rank,
        mark=past.mark,
        prize=past.prize,
        document=past.document,
    )


def _level(one: Storing, person: int | None, past: PastEntrant) -> PersonLevel | None:
    """Return the line of the register of levels that a result gave; somebody may have it."""
    if person is None or past.skill is None:
        return None
    key = (person, past.occupation, past.skill)
    if key not in one.levels:
        one.levels[key] = one.keep(
            "levels",
            PersonLevel(
                person_id=person,
                occupation=past.occupation,
                level=past.skill,
                certificate_number=past.certificate or None,
                granted_on=past.held_on,
                recorded_at=one.by.now,
            ),
        )
    return one.levels[key]


def _prize_honours(one: Storing, person: int, past: PastEntrant) -> None:
    for title, kind in ((past.prize, HonourKind.PRIZE), (past.honour, HonourKind.TITLE)):
        if title:
            facts = {
                "kind": kind, "level": HonourLevel(past.level.value),
                "granted_by": past.organiser, "granted_on": past.held_on,
                "programme": f"{past.contest} {past.event}"[:160], "via": HonourVia.CONTEST,
                "document": past.document,
            }  # fmt: skip
            _keep_honour(one, person, title, past, facts)


def _store_honour(one: Storing, line: Line, past: PastHonour) -> None:
    person = one.person_of(line)
    assert person is not None
    facts = {
        "kind": past.kind, "level": past.level, "granted_by": past.granted_by,
        "granted_on": past.granted_on, "programme": past.programme, "via": past.via,
        "document": past.document,
    }  # fmt: skip
    _keep_honour(one, person, past.title, past, facts)


def _keep_honour(
    one: Storing, person: int, title: str, past: Past, facts: Mapping[str, Any]
) -> None:
    """Write an honour; a title of a year that somebody holds already is not written twice."""
    if facts["kind"] is HonourKind.TITLE:
        if (person, title, past.year) in one.held:
            return
        one.held.add((person, title, past.year))
    one.keep(
        "honours",
        Honour(
            person_id=person,
            title=title,
            year=past.year,
            source=HonourSource.HISTORY,
            employer=past.who.employer,
            of_company=past.who.of_company,
            state=HonourState.STANDING,
            recorded_at=one.by.now,
            recorded_by_id=one.by.account_id,
            **facts,
        ),
    )
