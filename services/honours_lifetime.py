"""Everything that one person was ever given: certificates and honours over all contests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from models.accounts import Account
from models.awards import Award
from models.certificates import Certificate
from models.database import db
from models.entries import EntryMember
from models.honours import Honour
from models.people import Person
from rules.certificate_kinds import CertificateKind
from rules.states import CertificateState
from services import certificates_lists, honours, people, statements
from services.acting import ZONE
from services.certificates_papers import key_of


class Standing(NamedTuple):
    """A certificate of a lifetime, with what became of it."""

    certificate: Certificate
    issued_on: date
    revoked_on: date | None
    replaced_by: str  # the number of the one that was issued in its place
    superseded: bool  # newer results have replaced those behind it
    badge: bool  # a badge of it can be signed

    @property
    def valid(self) -> bool:
        """Say whether it can be downloaded."""
        return self.certificate.state is CertificateState.ISSUED


@dataclass(frozen=True)
class Lifetime:
    """Certificates by year, the newest first, and the register of honours."""

    person: Person
    years: Sequence[tuple[int, Sequence[Standing]]]
    honours: Sequence[Honour]

    @property
    def valid(self) -> list[Certificate]:
        """List the certificates that can be downloaded."""
        return [
            one.certificate for _year, standings in self.years for one in standings if one.valid
        ]


def lifetime_of(person_id: int) -> Lifetime:
    """Return what a person has; raise Missing."""
    standings = _standings(_certificates(person_id))
    by_year = groupby(standings, lambda one: one.issued_on.year)
    years = [(year, list(of_year)) for year, of_year in by_year]
    return Lifetime(people.get_person(person_id), years, honours.of_person(person_id))


def find_valid(person_id: int, number: str) -> Certificate | None:
    """Find a valid certificate of a person by its number."""
    query = select(Certificate).where(
        is_own(person_id),
        Certificate.number == number,
        Certificate.state == CertificateState.ISSUED,
    )
    return db.session.scalar(query)


def is_own(person_id: int) -> ColumnElement[bool]:
    """Return the condition for papers of a person, and for those of teams that they were in.

    Papers of judges belong to their account.
    """
    accounts = select(Account.id).where(Account.person_id == person_id)
    teams = (
        select(Award.id)
        .join(EntryMember, EntryMember.entry_id == Award.entry_id)
        .where(EntryMember.person_id == person_id)
    )
    return or_(
        Certificate.person_id == person_id,
        Certificate.account_id.in_(accounts),
        and_(Certificate.kind == CertificateKind.TEAM, Certificate.award_id.in_(teams)),
    )


def _certificates(person_id: int) -> Sequence[Certificate]:
    query = select(Certificate).where(is_own(person_id)).options(*certificates_lists.SOURCES)
    return db.session.scalars(
        query.order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    ).all()


def _source(certificate: Certificate) -> tuple[object, ...]:
    """Say what a paper is for: the one in its place is for the same."""
    return certificate.kind, key_of(certificate)


def _standings(found: Sequence[Certificate]) -> Iterable[Standing]:
    valid = {_source(one): one.number for one in found if one.state is CertificateState.ISSUED}
    signing = statements.active_key() is not None
    for one in found:
        ended, standing = one.revoked_at, one.state is CertificateState.ISSUED
        yield Standing(
            one,
            date.fromisoformat(one.facts["date"]),
            None if ended is None else ended.astimezone(ZONE).date(),
            "" if standing else valid.get(_source(one), ""),
            certificates_lists.is_replaced(one),
            standing and signing and one.status_list_id is not None,
        )
