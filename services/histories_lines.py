"""Rows of a list of the past: read, matched to people, and checked against the register."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from models.database import db
from models.histories import HistoryEdition, HistoryEntry, HistoryEvent, HistoryMember
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Employer, Person
from rules.histories import HistoryKind, Past, PastEntrant, PastHonour, Who, read_past
from rules.histories_matches import (
    NOBODY,
    Candidate,
    HistoryMatch,
    candidates_of,
    matched,
    proposed,
)
from rules.people import same_name
from rules.refusals import Refused
from rules.states import HonourState
from rules.texts import N_
from rules.titles import bare_title
from services.audits import plain
from services.histories_held import editions_held
from services.people import OTHER_NAME, Known, chunks, known_people, person_index
from services.people_employers import title_key
from services.workbooks import Row

HELD_HERE = N_("This edition was held here, so its results are known already.")
KNOWN_ALREADY = N_("The register holds this already.")
SAID_TWICE = N_("Row %(number)s says the same.")
NEEDS_PERSON = N_("An honour needs a person: give the identity number, or choose who is meant.")
TAKEN_NUMBER = N_("This certificate number belongs to another level.")


@dataclass
class Line:
    """One row: what stands in it, what it says, who is meant, and what is wrong."""

    number: int
    texts: dict[str, str]
    past: Past | None = None
    problems: list[Refused] = field(default_factory=list)
    match: HistoryMatch | None = None
    person_id: int | None = None
    candidates: list[Candidate] = field(default_factory=list)
    is_double: bool = False

    @property
    def index(self) -> str:
        """Return the keyed hash of the identity number, or nothing."""
        facts = self.past.who.facts if self.past is not None else None
        return "" if facts is None else person_index(facts.id_number)

    @property
    def is_good(self) -> bool:
        """Say whether it can be brought in."""
        return self.past is not None and not self.problems and self.match is not HistoryMatch.OPEN

    def who_key(self) -> tuple[Any, ...]:
        """Return under what the same person is found again in the list."""
        if self.person_id is not None:
            return ("person", self.person_id)
        who = self.who()
        return ("number", self.index) if self.index else ("name", who.name, title_key(who.employer))

    def who(self) -> Who:
        """Return whom the row names."""
        assert self.past is not None
        return self.past.who


def read_lines(
    kind: HistoryKind, rows: Iterable[Row], decisions: Mapping[int, int], today: date
) -> list[Line]:
    """Read all rows of a list and check them; nothing is stored."""
    lines = [_line(kind, row, today) for row in rows]
    good = [line for line in lines if line.past is not None]
    _match(good, decisions)
    for line in good:
        if kind is HistoryKind.HONOURS and line.match is HistoryMatch.NAME_ONLY:
            line.problems.append(Refused(NEEDS_PERSON, "id_number"))
    if kind is HistoryKind.EDITIONS:
        _check_entrants(good)
    else:
        _check_honours(good)
    return lines


def _line(kind: HistoryKind, row: Row, today: date) -> Line:
    line = Line(row.number, {key: str(text) for key, text in row.texts.items()})
    line.problems += row.problems
    if not row.problems:
        line.past, problems = read_past(kind, row.values, today)
        line.problems += problems
    return line


def _match(lines: Sequence[Line], decisions: Mapping[int, int]) -> None:
    known = known_people(line.index for line in lines if line.index)
    nameless = [line for line in lines if not line.index]
    people = _named(line.who().name for line in nameless)
    names: dict[str, str] = {}
    for line in lines:
        if line.index:
            _match_number(line, known, names)
            continue
        line.candidates = candidates_of(line.who(), people.get(line.who().name, []))
        line.match, line.person_id = matched(line.number, line.candidates, decisions)


def _match_number(line: Line, known: Mapping[str, Known], names: dict[str, str]) -> None:
    one = known.get(line.index)
    line.match = HistoryMatch.NEW if one is None else HistoryMatch.KNOWN
    line.person_id = None if one is None else one.id
    name = names.setdefault(line.index, line.who().name) if one is None else one.name
    if not same_name(name, line.who().name):
        line.problems.append(Refused(OTHER_NAME, "id_number"))


def _named(names: Iterable[str]) -> dict[str, list[Candidate]]:
    """Return the people of the register who bear one of these names."""
    found: dict[str, list[Candidate]] = {}
    for chunk in chunks(list(dict.fromkeys(names))):
        query = select(Person.id, Person.name, Employer.title, Person.birth_date)
        query = query.outerjoin(Employer, Employer.id == Person.employer_id)
        for key, name, employer, born in db.session.execute(query.where(Person.name.in_(chunk))):
            found.setdefault(name, []).append(Candidate(key, name, employer or "", born))
    return found


def _check_entrants(lines: Sequence[Line]) -> None:
    pasts = [(line, line.past) for line in lines if isinstance(line.past, PastEntrant)]
    years = {past.year for _line, past in pasts}
    here = editions_held(years)
    stored = _entrants_of(years)
    numbers = _certificates(past.certificate for _line, past in pasts if past.certificate)
    seen: dict[tuple[Any, ...], int] = {}
    for line, past in pasts:
        edition = (title_key(past.contest), past.year)
        if (bare_title(past.contest), past.year) in here:
            line.problems.append(Refused(HELD_HERE, "contest"))
        key = (*edition, title_key(past.event), line.who_key())
        _note_double(line, key in stored, seen, key)
        owner = numbers.get(past.certificate) if past.skill else None
        if owner is not None and owner != (line.person_id, past.occupation, past.skill):
            line.problems.append(Refused(TAKEN_NUMBER, "certificate"))


def _note_double(
    line: Line, is_stored: bool, seen: dict[tuple[Any, ...], int], key: tuple[Any, ...]
) -> None:
    if is_stored:
        line.is_double = True
        line.problems.append(Refused(KNOWN_ALREADY, "name"))
    elif key in seen:
        line.is_double = True
        line.problems.append(Refused(SAID_TWICE, "name", number=seen[key]))
    seen.setdefault(key, line.number)


def _entrants_of(years: Iterable[int]) -> set[tuple[Any, ...]]:
    """Return who is known of past editions of these years already."""
    query = (
        select(
            HistoryEdition.title,
            HistoryEdition.year,
            HistoryEvent.title,
            HistoryMember.person_id,
            HistoryMember.name,
            Employer.title,
        )
        .select_from(HistoryMember)
        .join(HistoryEntry, HistoryEntry.id == HistoryMember.entry_id)
        .join(HistoryEvent, HistoryEvent.id == HistoryEntry.event_id)
        .join(HistoryEdition, HistoryEdition.id == HistoryEvent.edition_id)
        .outerjoin(Employer, Employer.id == HistoryEntry.employer_id)
        .where(HistoryEdition.year.in_(list(years)))
    )
    return {
        (title_key(edition), year, title_key(event), _stored_key(person, name, employer))
        for edition, year, event, person, name, employer in db.session.execute(query)
    }


def _stored_key(person: int | None, name: str, employer: str | None) -> tuple[Any, ...]:
    return ("name", name, title_key(employer or "")) if person is None else ("person", person)


def _certificates(numbers: Iterable[str]) -> dict[str, tuple[int, str, int]]:
    found: dict[str, tuple[int, str, int]] = {}
    for chunk in chunks(list(dict.fromkeys(numbers))):
        query = select(
            PersonLevel.certificate_number,
            PersonLevel.person_id,
            PersonLevel.occupation,
            PersonLevel.level,
        ).where(PersonLevel.certificate_number.in_(chunk))
        found |= {
            str(number): (person, occupation, level)
            for number, person, occupation, level in db.session.execute(query)
        }
    return found


def _check_honours(lines: Sequence[Line]) -> None:
    pasts = [(line, line.past) for line in lines if isinstance(line.past, PastHonour)]
    people = {line.person_id for line in lines if line.person_id is not None}
    held = honours_of(people)
    seen: dict[tuple[Any, ...], int] = {}
    for line, past in pasts:
        is_held = (line.person_id, past.title, past.year) in held
        _note_double(line, is_held, seen, (line.who_key(), past.title, past.year))


def honours_of(people: Iterable[int]) -> set[tuple[int | None, str, int]]:
    """Return person, title and year of the standing honours of these people."""
    found: set[tuple[int | None, str, int]] = set()
    for chunk in chunks(sorted(people)):
        query = select(Honour.person_id, Honour.title, Honour.year).where(
            Honour.person_id.in_(chunk), Honour.state == HonourState.STANDING
        )
        found |= {(person, title, year) for person, title, year in db.session.execute(query)}
    return found


def counts_of(lines: Sequence[Line]) -> dict[str, int]:
    """Count what a list brings, for its page and the audit record."""
    good = [line for line in lines if line.is_good]
    matches = [line.match for line in lines]
    entrants = [line.past for line in good if isinstance(line.past, PastEntrant)]
    return {
        "rows": len(lines),
        "good": len(good),
        "problems": sum(bool(line.problems) for line in lines),
        "doubles": sum(line.is_double for line in lines),
        "open": sum(one is HistoryMatch.OPEN for one in matches),
        "proposed": sum(proposed(line.candidates) is not None for line in lines
                        if line.match is HistoryMatch.OPEN),
        "known": sum(one in (HistoryMatch.KNOWN, HistoryMatch.DECIDED) for one in matches),
        "new": len({line.index for line in good if line.match is HistoryMatch.NEW}),
        "name_only": sum(line.match is HistoryMatch.NAME_ONLY for line in good),
        "editions": len({(title_key(one.contest), one.year) for one in entrants}),
        "events": len(
            {(title_key(one.contest), one.year, title_key(one.event)) for one in entrants}
        ),
        "prizes": sum(bool(one.prize) for one in entrants),
        "levels": sum(bool(one.skill) for one in entrants),
    }  # fmt: skip


Packed = dict[str, Any]


def packed(line: Line) -> Packed:
    """Write a line as JSON data, for its page."""
    return {
        "number": line.number,
        "texts": line.texts,
        "problems": [[one.message, one.field, plain(one.params)] for one in line.problems],
        "match": line.match.value if line.match else "",
        "person": line.person_id,
        "double": line.is_double,
        "candidates": [
            [one.id, one.name, one.employer, str(one.birth_date.year) if one.birth_date else "",
             one.same_employer, one.same_birth_date]
            for one in line.candidates[:8]
        ],
    }  # fmt: skip


def proposals(rows: Iterable[Packed]) -> Iterator[tuple[int, int]]:
    """Yield row and person where only one candidate has more than the name in common."""
    for row in rows:
        likely = [one for one in row["candidates"] if one[4] or one[5]]
        if row["match"] == HistoryMatch.OPEN.value and len(likely) == 1:
            yield row["number"], likely[0][0]


__all__ = ["NOBODY", "Line", "counts_of", "honours_of", "packed", "proposals", "read_lines"]
