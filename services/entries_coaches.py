"""The coaches of an entry: who trained it, named by name and ID number (R4.21)."""

from collections.abc import Sequence
from datetime import date

from models.database import db
from models.entries import Entry, EntryCoach
from models.people import Person
from rules.identity import IdKind, parse_id
from rules.people import SEX_OF, PersonFacts, TypedPerson, parse_name, same_name
from rules.refusals import Refused
from rules.texts import N_
from services.acting import Actor
from services.people import OTHER_NAME, bulk_people, known_people, person_index

MOST_COACHES = 3


def set_coaches(by: Actor, entry: Entry, typed: Sequence[TypedPerson]) -> None:
    """Part: name the coaches of an entry; without a number the one who stands there stays."""
    stored = [coach.person for coach in entry.coaches]
    found: list[int] = []
    members = {member.person_id for member in entry.members}
    for place, each in enumerate(typed):
        if not each.name.strip() and not each.id_number.strip():
            continue
        person = _person(by, place, each, stored)
        if person in members or person in found:
            text = N_("A member of the entry, or somebody named twice, cannot be its coach.")
            raise Refused(text, f"coaches-{place}-name")
        found.append(person)
    if found == [person.id for person in stored]:
        return
    entry.coaches.clear()
    db.session.flush()  # the old rows go first: two coaches may change places
    entry.coaches.extend(
        EntryCoach(person_id=person, position=place) for place, person in enumerate(found, start=1)
    )
    db.session.flush()


def _person(by: Actor, place: int, typed: TypedPerson, stored: Sequence[Person]) -> int:
    stays = place < len(stored) and same_name(typed.name, stored[place].name)
    if stays and not typed.id_number.strip():
        return stored[place].id
    try:
        facts = _facts(typed, by.today)
    except Refused as problem:
        raise Refused(
            problem.message, f"coaches-{place}-{problem.field}", **problem.params
        ) from None
    known = known_people([person_index(facts.id_number)])
    if any(not same_name(facts.name, one.name) for one in known.values()):
        raise Refused(OTHER_NAME, f"coaches-{place}-name")
    return bulk_people(by, [(facts, None)])[0]


def _facts(typed: TypedPerson, today: date) -> PersonFacts:
    name = parse_name(typed.name)
    number = parse_id(IdKind.RESIDENT, typed.id_number, today)
    birth_date, sex = number.birth_date, SEX_OF[number.sex]
    return PersonFacts(name, IdKind.RESIDENT, number.normalized, birth_date=birth_date, sex=sex)
