"""Certificates found, listed and counted."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from models.awards import Award, LevelGrant
from models.certificates import Certificate
from models.contests import Contest
from models.database import db
from models.levels import LevelLine
from rules.certificate_kinds import CertificateKind
from rules.refusals import Missing
from rules.states import CertificateState, RevisionState
from services.certificates_winners import facts_query, has_certificate
from services.pages import PAGE_SIZE, Page, page_of

# What says whether a paper was replaced.
SOURCES = (
    joinedload(Certificate.award).joinedload(Award.revision),
    joinedload(Certificate.line).joinedload(LevelLine.grant).joinedload(LevelGrant.revision),
)


def get_certificate(certificate_id: int) -> Certificate:
    """Return a certificate; raise Missing."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise Missing(certificate_id)
    return certificate


def is_replaced(certificate: Certificate) -> bool:
    """Say whether what a certificate was issued for was replaced, or fell away, since."""
    if certificate.award is not None:
        return certificate.award.revision.state is RevisionState.SUPERSEDED
    if certificate.line is not None:
        line = certificate.line
        return not line.active or line.grant.revision.state is RevisionState.SUPERSEDED
    return False


@dataclass(frozen=True)
class Wanted:
    """Which certificates are asked for; None as contests or person means no limit.

    With a person or an account only what belongs to one of the two is listed.
    """

    contests: frozenset[int] | None = None
    person_id: int | None = None
    contest_id: int | None = None
    event_id: int | None = None
    state: CertificateState | None = None
    kind: CertificateKind | None = None
    account_id: int | None = None
    q: str = ""


def list_certificates(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[Certificate]:
    """List certificates, the newest first."""
    query = select(Certificate).options(*SOURCES).where(*_conditions(wanted))
    return page_of(query.order_by(Certificate.issued_at.desc(), Certificate.id), page, size)


def _conditions(wanted: Wanted) -> list[Any]:
    exact = (
        (Certificate.contest_id, wanted.contest_id),
        (Certificate.event_id, wanted.event_id),
        (Certificate.state, wanted.state),
        (Certificate.kind, wanted.kind),
    )
    found: list[Any] = [column == value for column, value in exact if value is not None]
    if wanted.person_id is not None or wanted.account_id is not None:
        # 0 is nobody's: who has no person of his own finds no papers without a person
        own = Certificate.person_id == (wanted.person_id or 0)
        found.append(own | (Certificate.account_id == (wanted.account_id or 0)))
    if wanted.contests is not None:
        found.append(Certificate.contest_id.in_(wanted.contests))
    if wanted.q:
        found.append(
            or_(
                Certificate.name.contains(wanted.q, autoescape=True),
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


class Papers(NamedTuple):
    """How many valid papers of a kind there are, and how many honours they are for."""

    kind: CertificateKind
    number: int
    honours: int


def count_papers(contest_id: int) -> list[Papers]:
    """Count the valid papers of a contest by kind; an honour of a team is counted once."""
    query = (
        select(Certificate.kind, func.count(), func.count(Certificate.award_id.distinct()))
        .where(Certificate.contest_id == contest_id)
        .where(Certificate.state == CertificateState.ISSUED)
        .group_by(Certificate.kind)
    )
    found = {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
    return [Papers(kind, *found.get(kind, (0, 0))) for kind in CertificateKind]


def count_honours(contest_id: int) -> int:
    """Count the honours of a contest, each once, whoever else has a paper for it."""
    query = select(func.count(Certificate.award_id.distinct())).where(
        Certificate.contest_id == contest_id,
        Certificate.kind.in_((CertificateKind.HONOUR, CertificateKind.TEAM)),
        Certificate.state == CertificateState.ISSUED,
    )
    return db.session.scalar(query) or 0


def list_contests(contests: frozenset[int] | None) -> list[tuple[int, str]]:
    """List the contests that have certificates, for the filter."""
    query = (
        select(Contest.id, Contest.title)
        .where(select(Certificate.id).where(Certificate.contest_id == Contest.id).exists())
        .order_by(Contest.id.desc())
    )
    if contests is not None:
        query = query.where(Contest.id.in_(contests))
    return [(row[0], row[1]) for row in db.session.execute(query)]
