"""Certificates found, listed and counted."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from models.awards import Award
from models.certificates import Certificate
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry
from models.people import Person
from models.results import Revision
from rules.refusals import Missing
from rules.states import CertificateState, RevisionState
from services import contests
from services.certificates_issuing import facts_query, has_certificate
from services.pages import PAGE_SIZE, Page, page_of


def find_certificate(typed: str) -> Certificate | None:
    """Find a certificate by its number or check code, however it is typed; None when unknown."""
    text = re.sub(r"[\s\-‐‑–—−]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not re.fullmatch(r"[0-9A-Z]{8,40}", text):
        return None
    plain_number = func.replace(Certificate.number, "-", "")
    query = select(Certificate).where(or_(Certificate.check_code == text, plain_number == text))
    return db.session.scalar(query.options(joinedload(Certificate.award)))


def find_by_code(code: str) -> Certificate | None:
    """Find a certificate by its check code alone."""
    return db.session.scalar(select(Certificate).where(Certificate.check_code == code.upper()))


def get_certificate(certificate_id: int) -> Certificate:
    """Return a certificate; raise Missing."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise Missing(certificate_id)
    return certificate


def is_replaced(certificate: Certificate) -> bool:
    """Say whether the results behind a certificate were replaced since."""
    query = select(Revision.state).join(Award, Award.revision_id == Revision.id)
    state = db.session.scalar(query.where(Award.id == certificate.award_id))
    return state is RevisionState.SUPERSEDED


@dataclass(frozen=True)
class Wanted:
    """Which certificates are asked for; None as contests or person means no limit."""

    contests: frozenset[int] | None = None
    person_id: int | None = None
    contest_id: int | None = None
    event_id: int | None = None
    state: CertificateState | None = None
    q: str = ""


def list_certificates(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[Certificate]:
    """List certificates, the newest first."""
    query = (
        select(Certificate)
        .join(Certificate.award)
        .join(Award.entry)
        .join(Entry.event)
        .join(Event.contest)
        .join(Certificate.person)
        .options(
            contains_eager(Certificate.person),
            contains_eager(Certificate.award).joinedload(Award.revision),
            contains_eager(Certificate.award)
            .contains_eager(Award.entry)
            .contains_eager(Entry.event)
            .options(*contests.LIGHT, contains_eager(Event.contest)),
        )
        .where(*_conditions(wanted))
    )
    return page_of(query.order_by(Certificate.issued_at.desc(), Certificate.id), page, size)


def _conditions(wanted: Wanted) -> list[Any]:
    exact = (
        (Certificate.person_id, wanted.person_id),
        (Contest.id, wanted.contest_id),
        (Event.id, wanted.event_id),
        (Certificate.state, wanted.state),
    )
    found: list[Any] = [column == value for column, value in exact if value is not None]
    if wanted.contests is not None:
        found.append(Contest.id.in_(wanted.contests))
    if wanted.q:
        found.append(
            or_(
                Person.name.contains(wanted.q, autoescape=True),
                Certificate.number.contains(wanted.q.upper(), autoescape=True),
            )
        )
    return found


class Waiting(NamedTuple):
    """A contest and how many certificates are still to be issued in it."""

    contest_id: int
    title: str
    number: int


def count_waiting(contests: frozenset[int] | None = None) -> list[Waiting]:
    """Count, contest by contest, the awards of final events that have no certificate."""
    inner = facts_query().where(~has_certificate()).order_by(None)
    inner = inner.with_only_columns(Contest.id, Contest.title)
    if contests is not None:
        inner = inner.where(Contest.id.in_(contests))
    found = inner.subquery()
    key, title = found.c
    query = select(key, title, func.count()).group_by(key, title).order_by(key.desc())
    return [Waiting(*row) for row in db.session.execute(query)]


def list_contests(contests: frozenset[int] | None) -> list[tuple[int, str]]:
    """List the contests that have certificates, for the filter."""
    query = (
        select(Contest.id, Contest.title)
        .where(
            select(Certificate.id)
            .join(Certificate.award)
            .join(Award.entry)
            .join(Event, and_(Event.id == Entry.event_id, Event.contest_id == Contest.id))
            .exists()
        )
        .order_by(Contest.id.desc())
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [(row[0], row[1]) for row in db.session.execute(query)]
