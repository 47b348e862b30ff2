"""The public check: a certificate by its code, or by number and name; what became of it since."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from models.awards import Award
from models.certificates import Certificate
from models.database import db
from models.results import Revision
from models.statements import StatementKey
from rules.certificate_kinds import Said, said_by
from rules.statements import TEXTS, Statement, read, statement_of
from rules.states import CertificateState, RevisionState
from services import statements
from services.certificates_issuing import CLEAR, CODE_LENGTH
from services.certificates_lists import is_replaced

# What a certificate and the one in its place have in common.
_SAME = (
    *("kind", "contest_id", "event_id", "line_id", "entry_id", "account_id", "appointment_id"),
    *("prize", "employer_id", "person_id"),
)


@dataclass(frozen=True)
class Checked:
    """A certificate as the register has it now, and by which key its code is signed."""

    certificate: Certificate
    said: Statement
    lines: Sequence[Said]
    replaced: bool
    replaced_at: datetime | None
    new_number: str | None
    key: StatementKey | None

    @property
    def revoked(self) -> bool:
        """Say whether it no longer counts."""
        return self.certificate.state is CertificateState.REVOKED


def find_by_name(number: str, name: str) -> Certificate | None:
    """Find a certificate whose number and name are both right.

    A wrong name and an unknown number take the same way: one row is read and one name compared,
    so that neither the answer nor its time tells which numbers there are.
    """
    plain = _plain_number(number)
    right = func.replace(Certificate.number, "-", "") == plain
    # As largest and least: that reads all numbers, whether there is one or not.
    found = db.session.scalar(select(func.max(Certificate.id)).where(right))
    decoy = db.session.scalar(select(func.min(Certificate.id)))
    certificate = db.session.get(Certificate, found or decoy or 0)
    said = certificate.facts["name"] if certificate is not None else ""
    is_right = hmac.compare_digest(_plain_name(said).encode(), _plain_name(name).encode())
    return certificate if found is not None and is_right else None


def _plain_number(typed: str) -> str:
    return re.sub(r"[\s\-‐‑–—−]", "", unicodedata.normalize("NFKC", typed)).upper()


def _plain_name(typed: str) -> str:
    """Leave out spaces and dots, which people type in many ways."""
    return re.sub(r"[\s·•‧・．.]", "", unicodedata.normalize("NFKC", typed)).casefold()


def is_code(typed: str) -> bool:
    """Say whether a text has the form of a check code."""
    plain = _plain_number(typed)
    return len(plain) == CODE_LENGTH and set(plain) <= set(CLEAR)


def find_by_code(typed: str) -> Certificate | None:
    """Find a certificate by its check code, however it is typed."""
    query = select(Certificate).where(Certificate.check_code == _plain_number(typed))
    return db.session.scalar(query)


def look_up(certificate: Certificate) -> Checked:
    """Say all that the register knows of a certificate."""
    place = certificate.status_list
    index = certificate.status_index
    status = (place.number, index) if place is not None and index is not None else (0, 0)
    kid = _kid_of(certificate)
    said = statement_of(certificate.facts, certificate.digest, kid, status)
    key = statements.find_key(kid) if kid else None
    return Checked(
        certificate,
        said,
        said_by(certificate.facts),
        is_replaced(certificate),
        _replaced_at(certificate),
        _new_number(certificate),
        key,
    )


def _kid_of(certificate: Certificate) -> str:
    return read(certificate.statement)[0].key if certificate.statement else ""


def _replaced_at(certificate: Certificate) -> datetime | None:
    """Say when newer results replaced those behind it; None while they stand."""
    old, new = aliased(Revision), aliased(Revision)
    query = (
        select(func.min(new.computed_at))
        .join(old, (old.event_id == new.event_id) & (new.number > old.number))
        .join(Award, Award.revision_id == old.id)
        .where(Award.id == certificate.award_id, old.state == RevisionState.SUPERSEDED)
    )
    found: datetime | None = db.session.scalar(query)
    return found


def _new_number(certificate: Certificate) -> str | None:
    """Return the number of the valid certificate that came in place of a revoked one."""
    if certificate.state is not CertificateState.REVOKED:
        return None
    same = [
        getattr(Certificate, name).is_not_distinct_from(getattr(certificate, name))
        for name in _SAME
    ]
    # A new revision gives the same entry another award.
    entry = select(Award.entry_id).where(Award.id == certificate.award_id).scalar_subquery()
    query = (
        select(Certificate.number)
        .outerjoin(Award, Award.id == Certificate.award_id)
        .where(*same, Award.entry_id.is_not_distinct_from(entry), Certificate.id > certificate.id)
        .where(Certificate.state == CertificateState.ISSUED)
    )
    return db.session.scalar(query.order_by(Certificate.id.desc()).limit(1))


def register_of(checked: Checked) -> dict[str, str]:
    """Return what a page compares with the code on the paper."""
    said = checked.said
    texts = dict(zip(TEXTS, said.texts(), strict=True))
    return texts | {"date": said.issued_on.isoformat(), "digest": said.digest, "kid": said.key}
