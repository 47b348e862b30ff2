"""Status lists as everybody reads them: W3C Bitstring Status List v1.0, signed as VC-JWT."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select

from models.awards import Award
from models.certificates import Certificate
from models.database import db
from models.levels import LevelLine
from models.results import Revision
from models.statements import StatusList
from rules.badges import CREDENTIALS, Site, instant, vc_header
from rules.refusals import Missing
from rules.states import CertificateState, RevisionState
from rules.status_lists import SIZE, Purpose, encoded
from services.statements import active_key, compact, find_key

TTL = 5 * 60 * 1000  # milliseconds for which a reader may keep a list


@dataclass(frozen=True)
class Published:
    """A signed status list, and the mark by which a reader knows that it has not changed."""

    token: str
    digest: str


def publish(site: Site, number: int, purpose: Purpose, now: datetime) -> Published:
    """Return a status list as of this hour; what was revoked a moment ago is in it."""
    found = db.session.scalar(select(StatusList).where(StatusList.number == number))
    key = active_key()
    if found is None or key is None:
        raise Missing(number)
    rows = db.session.execute(_set_in(found, purpose)).all()
    hour = now.replace(minute=0, second=0, microsecond=0)
    changes = [row.revoked_at for row in rows if row.revoked_at is not None]
    since = max(hour, found.made_at, key.valid_from, *changes)
    places = tuple(row.status_index for row in rows)
    return _published(_List(site, number, purpose, since, places), key.kid)


class Filling(NamedTuple):
    """How full a status list is; a new one begins at three quarters."""

    number: int
    taken: int
    size: int = SIZE


def list_fillings() -> list[Filling]:
    """List the status lists, the first one first."""
    query = (
        select(StatusList.number, func.count(Certificate.id))
        .outerjoin(Certificate, Certificate.status_list_id == StatusList.id)
        .group_by(StatusList.number)
        .order_by(StatusList.number)
    )
    return [Filling(number, taken) for number, taken in db.session.execute(query)]


def list_numbers() -> list[int]:
    """List the numbers of the status lists."""
    return list(db.session.scalars(select(StatusList.number).order_by(StatusList.number)))


def _set_in(found: StatusList, purpose: Purpose) -> Select[int | None, datetime | None]:
    query = select(Certificate.status_index, Certificate.revoked_at)
    query = query.where(Certificate.status_list_id == found.id).order_by(Certificate.status_index)
    if purpose is Purpose.REVOCATION:
        return query.where(Certificate.state == CertificateState.REVOKED)
    # Newer results replaced those behind it, and nobody has said yet what becomes of it.
    replaced = select(Award.id).join(Revision, Revision.id == Award.revision_id)
    replaced = replaced.where(Revision.state == RevisionState.SUPERSEDED)
    gone = select(LevelLine.id).where(~LevelLine.active)
    fallen = or_(Certificate.award_id.in_(replaced), Certificate.line_id.in_(gone))
    return query.where(Certificate.state == CertificateState.ISSUED, fallen)


@dataclass(frozen=True)
class _List:
    """What is said in a list; the same has the same bytes in every process."""

    site: Site
    number: int
    purpose: Purpose
    since: datetime
    places: tuple[int, ...]


@lru_cache(maxsize=32)
def _published(said: _List, kid: str) -> Published:
    key = find_key(kid)
    if key is None:
        raise Missing(kid)
    address = said.site.status_list(said.number, said.purpose)
    token = compact(key, vc_header(said.site, kid), _credential(said, address))
    return Published(token, hashlib.sha256(token.encode()).hexdigest())


def _credential(said: _List, address: str) -> dict[str, Any]:
    """Write the list as a credential."""
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": said.site.did,
        "validFrom": instant(said.since),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": said.purpose.value,
            "encodedList": encoded(said.places),
            "ttl": TTL,
        },
        "iss": said.site.did,
        "jti": address,
        "nbf": int(said.since.timestamp()),
    }
