"""Consents: an employer fetches what a winner allows, until a day, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.audits import AuditRecord
from models.consents import Consent
from models.database import db
from models.people import Employer, Person
from rules.refusals import Missing, Refused
from services import certificates, consents
from services.acting import Actor
from tests.builders import Builder
from tests.results_story import AFTER, Story

TODAY = date(2026, 10, 15)
UNTIL = TODAY + timedelta(days=30)
BY = Actor(None, AFTER)


@pytest.fixture
def employer(build: Builder) -> Employer:
    """Somebody's employer."""
    return build.employer()  # type: ignore[no-any-return]


@pytest.fixture
def winner(build: Builder, employer: Employer) -> Person:
    """A winner whom the employer entered, beside another one."""
    story, person = Story(build), build.person()
    story.entry("90", "90", person=person, employer_id=employer.id)
    story.entry("80", "80", employer_id=employer.id)
    story.issued()
    return person  # type: ignore[no-any-return]


def give(person: Person, employer: Employer, until: date = UNTIL) -> int:
    return consents.give(BY, person.id, employer.id, until, "这些话")


def test_only_who_agreed_is_fetched_and_only_until_the_day(
    winner: Person, employer: Employer, build: Builder
) -> None:
    assert consents.fetchable_ids(employer.id, TODAY) == []
    before = consents.staff_of(employer.id, TODAY)
    assert not before.agreed and len(before.others.items) == 2
    give(winner, employer)
    staff = consents.staff_of(employer.id, TODAY)
    ((person, until, papers),) = staff.agreed
    assert (person.id, until, len(papers)) == (winner.id, UNTIL, 1)
    assert winner.name not in [one.name for one in staff.others.items]
    assert consents.fetchable_ids(employer.id, UNTIL) == [papers[0].id]
    assert consents.fetchable_ids(employer.id, UNTIL, papers[0].number) == [papers[0].id]
    assert consents.fetchable_ids(employer.id, UNTIL, "another") == []
    assert consents.fetchable_ids(employer.id, UNTIL + timedelta(days=1)) == []
    assert consents.fetchable_ids(build.employer().id, TODAY) == []
    certificates.revoke(build.actor(now=AFTER), papers[0].id, reason="姓名有误")
    assert consents.fetchable_ids(employer.id, TODAY) == []


def test_a_consent_is_withdrawn_by_its_giver_alone(
    winner: Person, employer: Employer, build: Builder
) -> None:
    key = give(winner, employer)
    with pytest.raises(Missing):
        consents.withdraw(BY, build.person().id, key)
    consents.withdraw(BY, winner.id, key)
    with pytest.raises(Refused, match="withdrawn already"):
        consents.withdraw(BY, winner.id, key)
    assert consents.fetchable_ids(employer.id, TODAY) == [] and consents.list_own(winner.id) == []
    kept = db.session.scalars(select(Consent)).one()
    assert (kept.words, kept.given_at, kept.withdrawn_at) == ("这些话", AFTER, AFTER)


def test_a_newer_consent_takes_the_place_of_the_older(winner: Person, employer: Employer) -> None:
    give(winner, employer)
    give(winner, employer, TODAY)
    (standing,) = consents.list_own(winner.id)
    assert standing.until == TODAY


def test_who_has_nothing_to_do_with_an_employer_gives_it_nothing(
    winner: Person, employer: Employer, build: Builder
) -> None:
    with pytest.raises(Refused, match="employer who entered you"):
        give(winner, build.employer())
    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=1200)):
        with pytest.raises(Refused, match="three years"):
            give(winner, employer, until)
    works_for = build.employer()
    winner.employer_id = works_for.id
    db.session.commit()
    assert {key for key, _ in consents.employers_of(winner.id)} == {employer.id, works_for.id}


def test_each_fetch_is_recorded(winner: Person, employer: Employer, build: Builder) -> None:
    give(winner, employer)
    by = replace(build.actor(build.account("employer", employer_id=employer.id)), now=AFTER)
    ids = consents.fetchable_ids(employer.id, TODAY)
    consents.record_fetch(by, employer.id, ids)
    query = select(AuditRecord).where(AuditRecord.action == "fetch")
    (record,) = db.session.scalars(query)
    assert (record.subject, record.subject_id, record.account_id) == (
        "certificate",
        ids[0],
        by.account_id,
    )
    assert record.after == {"employer": employer.id}
