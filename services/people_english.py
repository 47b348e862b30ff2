"""How somebody's name is spelled in the passport, confirmed by that person or the organizer."""

from models.database import db
from models.people import Person
from rules.english_names import passport_name
from rules.refusals import Missing
from services import audits
from services.acting import Actor
from services.people_names import passport_spelling
from services.transaction import transaction


def proposed(person: Person) -> tuple[str, str]:
    """Return surname and given name: as confirmed, else as they are usually spelled."""
    surname, _, given = (person.name_latin or passport_spelling(person.name)).partition(" ")
    return surname, given


@transaction
def confirm_spelling(by: Actor, person_id: int, surname: str, given: str) -> int:
    """Keep the spelling of a passport; certificates issued from now on carry it."""
    person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise Missing(person_id)
    before = {"name_latin": person.name_latin}
    person.name_latin = passport_name(surname, given)
    after = {"name_latin": person.name_latin}
    audits.record(by, "confirm_spelling", "person", person_id, before=before, after=after)
    return person_id
