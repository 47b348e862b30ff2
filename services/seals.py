"""Pictures of seals: uploaded by one person, approved by another, drawn on what is issued.

The picture itself leaves this program only on certificates, and for those who manage seals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.database import db
from models.seals import SealPicture
from rules.certificate_layouts import DraftLayout, Sealing
from rules.certificate_preflight import missing_seal
from rules.refusals import Missing, Refused, check_reason
from rules.states import SEAL_MOVES, SealState, moved
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.certificates_seals import Seal, read_seal
from services.files import StoredFile
from services.transaction import transaction

_OWN = N_("Somebody else must approve a seal: you have uploaded it.")
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Validity:
    """Whose seal it is, and on which days."""

    body: str
    valid_from: date
    valid_until: date | None = None


def upload(by: Actor, validity: Validity, data: bytes, folder: Path) -> int:
    """Check a picture and keep it encrypted; it waits for a second person."""
    if validity.valid_until is not None and validity.valid_until < validity.valid_from:
        raise Refused(N_("The last day comes before the first."), "valid_until")
    if len(data) > LARGEST:
        raise Refused(N_("The picture is larger than %(most)s MB."), "file", most=LARGEST >> 20)
    seal = read_seal(data)
    with files.keeping(folder) as keep:
        return add_seal(by, validity, seal, keep(data))


@transaction
def add_seal(by: Actor, validity: Validity, seal: Seal, stored: StoredFile) -> int:
    """Add the row of a seal whose bytes are kept."""
    made = SealPicture(
        body=validity.body,
        valid_from=validity.valid_from,
        valid_until=validity.valid_until,
        width=seal.width,
        height=seal.height,
        transparent=seal.is_transparent,
        size=stored.size,
        file_key=stored.key,
        file_sha256=stored.sha256,
        uploaded_at=by.now,
        uploaded_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    _record(by, "add_seal", made, digest=stored.sha256)
    return made.id


@transaction
def approve_seal(by: Actor, seal_id: int) -> int:
    """Approve a seal as a second person."""
    found = _locked(seal_id)
    if by.account_id == found.uploaded_by_id:
        raise Refused(_OWN)
    found.state = moved(SEAL_MOVES, found.state, SealState.APPROVED)
    found.approved_at, found.approved_by_id = by.now, by.account_id
    _record(by, "approve_seal", found, digest=found.file_sha256)
    return seal_id


@transaction
def withdraw_seal(by: Actor, seal_id: int, reason: str) -> int:
    """Withdraw a seal: nothing new is sealed with it; what was issued keeps it."""
    check_reason(reason)
    found = _locked(seal_id)
    found.state = moved(SEAL_MOVES, found.state, SealState.WITHDRAWN)
    found.withdrawn_at, found.withdrawn_by_id, found.reason = by.now, by.account_id, reason
    _record(by, "withdraw_seal", found, reason=reason)
    return seal_id


@transaction
def take_copy(by: Actor, seal_id: int) -> int:
    """Record that somebody takes the picture itself, before it goes out."""
    found = _locked(seal_id)
    _record(by, "take_copy", found, digest=found.file_sha256)
    return seal_id


def _locked(seal_id: int) -> SealPicture:
    found = db.session.get(SealPicture, seal_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(seal_id)
    return found


def _record(by: Actor, action: str, found: SealPicture, **after: Any) -> None:
    after = {"body": found.body, "state": found.state, **after}
    audits.record(by, action, "seal_picture", found.id, after=after)


def get_seal(seal_id: int) -> SealPicture:
    """Return a seal; raise Missing."""
    found = db.session.get(SealPicture, seal_id)
    if found is None:
        raise Missing(seal_id)
    return found


def bytes_of(found: SealPicture, folder: Path) -> bytes:
    """Return the picture itself."""
    return files.read(folder, found.file_key, found.file_sha256)


def list_seals() -> Sequence[SealPicture]:
    """List the seals by body, the newest first."""
    people = (SealPicture.uploaded_by, SealPicture.approved_by)
    query = select(SealPicture).options(
        *(joinedload(who).load_only(Account.title).lazyload(Account.grants) for who in people)
    )
    order = (SealPicture.state == SealState.WITHDRAWN, SealPicture.body, SealPicture.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def list_bodies() -> list[str]:
    """List the bodies of which there is an approved seal."""
    query = select(SealPicture.body).where(SealPicture.state == SealState.APPROVED).distinct()
    return list(db.session.scalars(query.order_by(SealPicture.body)))


def body_for(layout: DraftLayout, issuers: Sequence[str]) -> str:
    """Return whose seal a layout asks for; empty when it is stamped by hand, or has no place."""
    if layout.seal is None or layout.sealing is Sealing.HAND:
        return ""
    return layout.seal_body or (issuers[0] if issuers else "")


def valid_seal(body: str, day: date) -> SealPicture | None:
    """Return the seal of a body that is valid on a day, the last approved of several."""
    query = (
        select(SealPicture)
        .where(SealPicture.body == body, SealPicture.state == SealState.APPROVED)
        .where(SealPicture.valid_from <= day)
        .where(or_(SealPicture.valid_until.is_(None), SealPicture.valid_until >= day))
        .order_by(SealPicture.approved_at.desc(), SealPicture.id.desc())
    )
    return db.session.scalar(query.limit(1))


@dataclass(frozen=True)
class Sealed:
    """What is frozen about the seal of papers that are issued, and what is missing."""

    facts: Mapping[str, str]
    missing: Refused | None = None


def sealed(layout: DraftLayout, issuers: Sequence[str], day: date) -> Sealed:
    """Find the seal that papers of a day are printed with; its digest is one of their facts."""
    if layout.seal is None or layout.sealing is Sealing.HAND:
        return Sealed({})
    body = body_for(layout, issuers)
    found = valid_seal(body, day) if body else None
    if found is None:
        return Sealed({}, missing_seal(body))
    return Sealed({"seal": found.file_sha256})


def seal_of(facts: Mapping[str, Any], folder: Path) -> Seal | None:
    """Return the very seal that a certificate was issued with, withdrawn or not."""
    sha256 = facts.get("seal")
    if not sha256:
        return None
    query = select(SealPicture.file_key).where(SealPicture.file_sha256 == sha256)
    key = db.session.scalar(query.order_by(SealPicture.id).limit(1))
    if key is None:
        raise Missing(sha256)
    return _read(folder, key, sha256)


@lru_cache(maxsize=8)
def _read(folder: Path, key: str, sha256: str) -> Seal:
    """Read a seal once a process: whoever prints many finds it packed."""
    return read_seal(files.read(folder, key, sha256))


def list_keys() -> set[str]:
    """List the keys of all kept seals, so that none of them is swept away."""
    return set(db.session.scalars(select(SealPicture.file_key)))
