"""People: found by identity number, shown without it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, func, insert, or_, select, update
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import Base, db
from models.encryption import keyring
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from rules.identity import parse_phone
from rules.people import LEVELS, PersonFacts, parse_name
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, ordered, page_of
from services.people_names import name_key, search_key
from services.transaction import transaction

CHUNK = 500
OTHER_NAME = N_(
    "This ID number is registered with another name. Check both; if both are right, "
    "ask the organizer."
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of somebody, as far as a check needs it."""

    id: int
    name: str


def person_index(id_number: str) -> str:
    """Return the keyed hash under which an identity number is found."""
    return keyring.index(id_number, "person.id_number")


def find_person(id_number: str) -> Person | None:
    """Find a person by the normalised identity number."""
    return db.session.scalar(select(Person).where(Person.id_index == person_index(id_number)))


def get_person(person_id: int) -> Person:
    """Return a person with the employer; raise Missing."""
    query = select(Person).options(joinedload(Person.employer)).where(Person.id == person_id)
    person = db.session.scalar(query)
    if person is None:
        raise Missing(person_id)
    return person


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Cut a long list of values into pieces that a statement can take."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def known_people(indexes: Iterable[str]) -> dict[str, Known]:
    """Return id and name of everybody who is stored under these hashes."""
    found: dict[str, Known] = {}
    for chunk in chunks(list(dict.fromkeys(indexes))):
        query = select(Person.id_index, Person.id, Person.name).where(Person.id_index.in_(chunk))
        found |= {index: Known(key, name) for index, key, name in db.session.execute(query)}
    return found


def table_of(model: type[Base]) -> Table:
    """Return the bare table of a model, into which many rows go without objects."""
    return cast(Table, model.__table__)


def add_person(by: Actor, facts: PersonFacts, employer_id: int | None = None) -> int:
    """Part: store a person, or bring a known one up to date; return the id."""
    return bulk_people(by, [(facts, employer_id)])[0]


def bulk_people(by: Actor, rows: Sequence[tuple[PersonFacts, int | None]]) -> list[int]:
    """Part: store many people with their employers; return the ids in the same order.

    Known ones get the new phone, level and employer where these are given; names stay.
    """
    indexes = [person_index(facts.id_number) for facts, _ in rows]
    last = dict(zip(indexes, rows, strict=True))
    known = known_people(last)
    new = [_new(by, index, *row) for index, row in last.items() if index not in known]
    if new:
        db.session.execute(insert(table_of(Person)), new)
    _refresh([(known[index].id, *row) for index, row in last.items() if index in known])
    ids = {index: person.id for index, person in known.items()}
    ids |= {i: person.id for i, person in known_people(n["id_index"] for n in new).items()}
    return [ids[index] for index in indexes]


def _new(by: Actor, index: str, facts: PersonFacts, employer_id: int | None) -> dict[str, Any]:
    return {
        "name": facts.name,
        "name_key": name_key(facts.name),
        "id_kind": str(facts.id_kind),
        "id_number": facts.id_number,
        "id_index": index,
        "birth_date": facts.birth_date,
        "sex": facts.sex,
        "phone": facts.phone,
        "held_level": facts.held_level,
        "employer_id": employer_id,
        "created_at": by.now,
    }


def _refresh(rows: Sequence[tuple[int, PersonFacts, int | None]]) -> None:
    """Bring known people up to date, one statement for each set of columns that is given."""
    batches: dict[frozenset[str], list[dict[str, Any]]] = {}
    for person_id, facts, employer_id in rows:
        given = {
            "phone": facts.phone,
            "held_level": facts.held_level,
            "employer_id": employer_id,
        }
        changes = {key: value for key, value in given.items() if value is not None}
        if changes:
            batches.setdefault(frozenset(changes), []).append({"id": person_id, **changes})
    for batch in batches.values():
        db.session.execute(update(Person), batch)


@transaction
def edit_person(by: Actor, person_id: int, name: str, phone: str, held_level: int | None) -> int:
    """Correct what is stored of a person; the identity number never changes."""
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise Missing(person_id)
    if held_level is not None and held_level not in LEVELS:
        raise Refused(N_("Choose a skill level from 1 to 5, or none."), "held_level")
    before = {"name": person.name, "held_level": person.held_level}
    person.name, person.held_level = parse_name(name), held_level
    person.name_key = name_key(person.name)
    person.phone = parse_phone(phone) if phone.strip() else None
    _rename_entries(person)
    after = {"name": person.name, "held_level": person.held_level}
    audits.record(by, "edit", "person", person_id, before=before, after=after)
    return person_id


def _rename_entries(person: Person) -> None:
    """Write the new name into the titles of the person's entries."""
    query = select(Entry).where(Entry.members.any(EntryMember.person_id == person.id))
    for entry in db.session.scalars(query):
        entry.title = entry_title([member.person.name for member in entry.members])


def entry_title(names: Iterable[str]) -> str:
    """Return under what an entry is listed: its members' names."""
    return "、".join(names)[:200]


def likeness(text: str) -> str:
    """Return a pattern for LIKE that finds the text anywhere; its own wildcards mean themselves."""
    return f"%{escaped(text)}%"


def escaped(text: str) -> str:
    """Make the wildcards of LIKE mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_NARROW = str.maketrans("（）", "()")
_WIDE = str.maketrans("()", "（）")


def matches_title(column: Any, text: str) -> Any:
    """Return the condition that a title holds a text, whichever brackets either is written with."""
    spellings = dict.fromkeys((text, text.translate(_NARROW), text.translate(_WIDE)))
    return or_(*(column.like(likeness(spelling), escape="\\") for spelling in spellings))


def matches_name(text: str) -> Any:
    """Return the condition that a name holds a text, or that its Latin spelling begins with it."""
    key = search_key(text)
    if not key:
        return Person.name.like(likeness(text), escape="\\")
    begins = (Person.name_key.like(f"{key}%"), Person.name_key.like(f"% {key}%"))
    return or_(*begins, Person.name.ilike(likeness(text), escape="\\"))


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """What a reader asks of the list of people."""

    q: str = ""
    employer_id: int | None = None
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZE


SORTS = {
    "name": Person.name_key,
    "employer": Employer.title,
    "created": Person.created_at,
}


def list_people(asked: PersonQuery, contests: frozenset[int] | None = None) -> Page[Person]:
    """List people by name; limited to those entered in some contests unless None."""
    query = select(Person).outerjoin(Person.employer).options(joinedload(Person.employer))
    if contests is not None:
        entered = EntryMember.entry.has(Entry.event.has(Event.contest_id.in_(contests)))
        query = query.where(
            select(EntryMember.id).where(EntryMember.person_id == Person.id, entered).exists()
        )
    if asked.employer_id is not None:
        query = query.where(Person.employer_id == asked.employer_id)
    if asked.q:
        employer = matches_title(Employer.title, asked.q)
        query = query.where(or_(matches_name(asked.q), employer))
    query = ordered(query, SORTS, asked.sort or "name", asked.descending, Person.id)
    return page_of(query, asked.page, asked.size)


def count_entries(people: Iterable[Person]) -> dict[int, int]:
    """Count the entries of each of these people."""
    wanted = [person.id for person in people]
    query = select(EntryMember.person_id, func.count()).where(EntryMember.person_id.in_(wanted))
    rows = db.session.execute(query.group_by(EntryMember.person_id)).all()
    return {person_id: count for person_id, count in rows}
