"""Lists in pages."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.people import Person
from services.pages import page_of
from tests.builders import Builder


def test_pages_by_key_show_the_same_rows_in_the_same_order(build: Builder) -> None:
    employer = build.employer()
    for number in range(7):
        build.person(name=f"张{number % 3}", employer_id=employer.id if number % 2 else None)
    query = select(Person).options(joinedload(Person.employer))
    query = query.where(Person.name != "张2").order_by(Person.name.desc(), Person.id)
    everything = page_of(query, 1, 50).items
    assert len(everything) == 5
    for number, size in ((1, 2), (2, 2), (3, 2), (9, 2), (1, 50)):
        plain, by_key = (page_of(query, number, size, key) for key in (None, Person.id))
        assert list(by_key.items) == list(plain.items)
        assert (by_key.total, by_key.number) == (plain.total, plain.number)
    assert list(page_of(query, 3, 2, Person.id).items) == list(everything[4:])
