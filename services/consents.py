"""Consents of winners, and what employers fetch by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.awards import Award
from models.certificates import Certificate
from models.consents import Consent
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from rules.certificate_kinds import CertificateKind, given_by
from rules.consents import check_until
from rules.refusals import Missing, Refused
from rules.states import CertificateState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page
from services.transaction import transaction

VALID = Certificate.state == CertificateState.ISSUED


@transaction
def give(by: Actor, person_id: int, employer_id: int, until: date, words: str) -> int:
    """Let an employer fetch one's certificates until a day; the words agreed to are kept."""
    check_until(until, by.today)
    if employer_id not in {key for key, _title in employers_of(person_id)}:
        raise Refused(N_("Choose an employer who entered you, or for whom you work."), "employer")
    for old in db.session.scalars(_standing_with(person_id, employer_id).with_for_update()):
        old.withdrawn_at = by.now
    db.session.flush()
    made = Consent(
        person_id=person_id, employer_id=employer_id, words=words, until=until, given_at=by.now
    )
    db.session.add(made)
    db.session.flush()
    after = {"person": person_id, "employer": employer_id, "until": until}
    audits.record(by, "give", "consent", made.id, after=after)
    return made.id


@transaction
def withdraw(by: Actor, person_id: int, consent_id: int) -> int:
    """Withdraw a consent of one's own; the employer fetches nothing from this moment."""
    consent = db.session.get(Consent, consent_id, with_for_update=True, populate_existing=True)
    if consent is None or consent.person_id != person_id:
        raise Missing(consent_id)
    if consent.withdrawn_at is not None:
        raise Refused(N_("This consent is withdrawn already."))
    consent.withdrawn_at = by.now
    audits.record(by, "withdraw", "consent", consent_id)
    return consent_id


def _standing_with(person_id: int, employer_id: int) -> Select[Consent]:
    return select(Consent).where(
        Consent.person_id == person_id,
        Consent.employer_id == employer_id,
        Consent.withdrawn_at.is_(None),
    )


def list_own(person_id: int) -> Sequence[Consent]:
    """List a person's consents that are not withdrawn, with their employers."""
    query = select(Consent).options(joinedload(Consent.employer))
    query = query.where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(Consent.id)).all()


def employers_of(person_id: int) -> list[tuple[int, str]]:
    """List the employers who entered a person, and the one for whom he works."""
    entered = select(Entry.employer_id).join(EntryMember, EntryMember.entry_id == Entry.id)
    works = select(Person.employer_id).where(Person.id == person_id)
    query = select(Employer.id, Employer.title).where(
        or_(
            Employer.id.in_(entered.where(EntryMember.person_id == person_id)),
            Employer.id.in_(works),
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Employer.title))]


@dataclass(frozen=True)
class Staff:
    """A page of an employer's people: with consent their certificates, without their names."""

    agreed: Sequence[tuple[Person, date, Sequence[Certificate]]]
    others: Page["Named"]


class Named(NamedTuple):
    """What the official results say of somebody without consent."""

    name: str
    event: str
    award: str
    edition: str


def _agreed(employer_id: int, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Consent.employer_id == employer_id,
        Consent.withdrawn_at.is_(None),
        Consent.until >= today,
    )


def staff_of(employer_id: int, today: date, page: int = 1) -> Staff:
    """List what an employer may see of its people."""
    query = select(Consent).join(Consent.person).options(contains_eager(Consent.person))
    query = query.where(*_agreed(employer_id, today)).order_by(Person.name_key, Person.id)
    consents = db.session.scalars(query).all()
    papers: dict[int, list[Certificate]] = {}
    for one in db.session.scalars(_fetchable(employer_id, today)):
        papers.setdefault(one.person_id or 0, []).append(one)
    agreed = [(one.person, one.until, papers.get(one.person_id, [])) for one in consents]
    return Staff(agreed, _others(employer_id, today, page))


def _fetchable(employer_id: int, today: date) -> Select[Certificate]:
    people = select(Consent.person_id).where(*_agreed(employer_id, today))
    return (
        select(Certificate)
        .where(VALID, Certificate.person_id.in_(people))
        .order_by(Certificate.issued_at.desc(), Certificate.id)
    )


def _others(employer_id: int, today: date, page: int) -> Page[Named]:
    """List, from official results, the winners whom the employer entered without a consent."""
    agreed = select(Consent.person_id).where(*_agreed(employer_id, today))
    query = (
        select(Certificate.facts)
        .join(Award, Award.id == Certificate.award_id)
        .join(Entry, Entry.id == Award.entry_id)
        .where(VALID, Certificate.kind == CertificateKind.HONOUR)
        .where(Entry.employer_id == employer_id, Certificate.person_id.not_in(agreed))
        .order_by(Certificate.issued_at.desc(), Certificate.id)
    )
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    # Certificates of selections name no event.
    found = [
        Named(one["name"], one.get("event", ""), given_by(one), one["edition"]) for one in rows
    ]
    return Page(found, total or 0, page, PAGE_SIZE)


def fetchable_ids(employer_id: int, today: date, number: str | None = None) -> list[int]:
    """List the certificates that an employer may fetch, or the one of this number."""
    query = _fetchable(employer_id, today).with_only_columns(Certificate.id)
    if number is not None:
        query = query.where(Certificate.number == number)
    return list(db.session.scalars(query))


@transaction
def record_fetch(by: Actor, employer_id: int, certificate_ids: Sequence[int]) -> None:
    """Write down that an employer fetched certificates, one record each."""
    after = {"employer": employer_id}
    audits.record_many(by, "fetch", "certificate", certificate_ids, after=after)
