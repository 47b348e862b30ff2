"""The certificates that the bureau signs with: known for ever, warned of before their end."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.database import db
from models.signatures import Signer
from rules.personal_data import text_problems
from rules.refusals import Missing, Refused
from rules.states import SIGNER_MOVES, SignerState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor, system
from services.certificates_archiving import signing_of
from services.certificates_cms import Chain
from services.certificates_identity import Identity, Source, identity
from services.certificates_signing import Signing
from services.transaction import transaction

WARNINGS = (7, 30, 60)  # days before the end
_REVOKED = N_("The bureau's signing certificate was revoked. Configure another one.")


@dataclass(frozen=True)
class Present:
    """What is signed with now: an identity, or why there is none that signs."""

    identity: Identity | None
    problem: Refused | None
    days_left: int | None

    @property
    def is_ending(self) -> bool:
        """Say whether the end is near enough for a warning."""
        return self.days_left is not None and self.days_left <= WARNINGS[-1]


def present(source: Source | None, now: datetime) -> Present:
    """Say with what is signed now, and what is wrong with it."""
    if source is None:
        return Present(None, None, None)
    try:
        found = identity(source)
    except Refused as problem:
        return Present(None, problem, None)
    left = days_left(found.until, now)
    try:
        _check(found, now)
    except Refused as problem:
        return Present(found, problem, left)
    return Present(found, None, left)


def days_left(until: datetime, now: datetime) -> int:
    """Count the whole days until an end; none are left after it."""
    return max(0, (until - now) // timedelta(days=1))


def signing(source: Source | None, now: datetime) -> Signing | None:
    """Return what signs now, None without an identity; raise Refused when it must not sign."""
    if source is None:
        return None
    _check(identity(source), now)
    return signing_of(source, now)


def _check(found: Identity, now: datetime) -> None:
    found.check(now)
    query = select(Signer.state).where(Signer.fingerprint == found.chain.fingerprint)
    if db.session.scalar(query) is SignerState.REVOKED:
        raise Refused(_REVOKED)


def signer_part(by: Actor, found: Identity, used: bool = True) -> Signer:
    """Part: return the row of an identity; the first use of it stores it."""
    query = select(Signer).where(Signer.fingerprint == found.chain.fingerprint)
    row = db.session.scalar(query)
    if row is None:
        row = _stored(found) or db.session.scalars(query).one()
    if used and row.first_used_at is None:
        row.first_used_at = by.now
    return row


def _stored(found: Identity) -> Signer | None:
    """Store an identity; return None when another process did it in this very moment."""
    row = Signer(
        fingerprint=found.chain.fingerprint,
        subject=found.subject[:400],
        valid_from=found.since,
        valid_until=found.until,
        chain=[base64.b64encode(one).decode() for one in found.chain.certificates],
        is_trial=found.is_trial,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row


def chain_of(signer: Signer) -> Chain:
    """Return the certificates of a signer."""
    return Chain(tuple(base64.b64decode(one) for one in signer.chain))


def list_signers() -> Sequence[Signer]:
    """List all that was ever signed with, the newest first."""
    by = joinedload(Signer.revoked_by).load_only(Account.title).lazyload(Account.grants)
    return db.session.scalars(select(Signer).options(by).order_by(Signer.id.desc())).all()


@transaction
def revoke_signer(by: Actor, signer_id: int, *, reason: str) -> int:
    """Say that a key is no longer safe: nothing more is signed with it."""
    for problem in text_problems({"reason": reason}, by.today):
        raise problem
    row = db.session.get(Signer, signer_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(signer_id)
    row.state = moved(SIGNER_MOVES, row.state, SignerState.REVOKED)
    row.revoked_at, row.revoked_by_id, row.revoked_reason = by.now, by.account_id, reason
    after = {"fingerprint": row.fingerprint, "reason": reason}
    audits.record(by, "revoke", "signer", row.id, after=after)
    return row.id


def warn_of_end(source: Source | None, now: datetime) -> None:
    """Warn of a key that cannot sign, or soon cannot."""
    found = present(source, now)
    if found.problem is not None:
        structlog.get_logger().warning("certificates cannot be signed", reason=str(found.problem))
    elif found.identity is not None and found.is_ending:
        note_warning(system(now), found.identity)


@transaction
def note_warning(by: Actor, found: Identity) -> int | None:
    """Warn once for each of the last 60, 30 and 7 days; return the signer that was warned of."""
    left = days_left(found.until, by.now)
    step = next((days for days in WARNINGS if left <= days), None)
    row = signer_part(by, found, used=False)
    if step is None or (row.warned_days is not None and row.warned_days <= step):
        return None
    row.warned_days = step
    db.session.flush()
    after = {"fingerprint": row.fingerprint, "days_left": left, "until": row.valid_until}
    audits.record(by, "warn", "signer", row.id, after=after)
    structlog.get_logger().warning("signing certificate ends soon", days_left=left)
    return row.id
