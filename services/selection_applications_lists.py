"""Lists from which an application begins: the people of a unit."""

from sqlalchemy import select

from models.database import db
from models.people import Person

MOST = 2000


def staff_of(employer_id: int | None) -> list[tuple[int, str]]:
    """List id and name of an employer's people, by name."""
    if employer_id is None:
        return []
    query = (
        select(Person.id, Person.name)
        .where(Person.employer_id == employer_id)
        .order_by(Person.name_key, Person.id)
        .limit(MOST)
    )
    return [(key, name) for key, name in db.session.execute(query)]
