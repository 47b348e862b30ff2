"""Keys that sign statements, status lists and badges: made, rotated, reported as compromised.

All signatures are ECDSA on P-256 with SHA-256 (ES256) and deterministic (RFC 6979): the same
certificate has the same statement on every day and machine.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sqlalchemy import select

from models.database import db
from models.statements import StatementKey
from rules.refusals import Missing, Refused
from rules.states import STATEMENT_KEY_MOVES, StatementKeyState, moved
from rules.texts import N_
from services import audits
from services.acting import ZONE, Actor
from services.transaction import transaction

_KEY_ID = 8  # so many hex digits of the thumbprint (RFC 7638) name a key
_HALF = 32


@transaction
def make_key(by: Actor) -> int:
    """Make the pair of keys that signs from now on; the one before is retired, not removed."""
    before = active_key(lock=True)
    if before is not None:
        before.state = moved(STATEMENT_KEY_MOVES, before.state, StatementKeyState.RETIRED)
        before.valid_until = by.now
        db.session.flush()
    made = _new_key(by)
    db.session.add(made)
    db.session.flush()
    after = {"kid": made.kid, "in_place_of": before.kid if before is not None else ""}
    audits.record(by, "make_key", "statement_key", made.id, after=after)
    return made.id


def _drawn() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _new_key(by: Actor) -> StatementKey:
    private = _drawn()
    jwk = _jwk(private.public_key())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return StatementKey(
        kid=thumbprint(jwk).hex()[:_KEY_ID],
        public=public.decode(),
        private=secret.decode(),
        state=StatementKeyState.ACTIVE,
        valid_from=by.now,
        made_by_id=by.account_id,
    )


@transaction
def report_compromise(by: Actor, key_id: int, *, since: date, reason: str) -> int:
    """Record that others may have had a key since a day; it signs nothing more."""
    key = db.session.get(StatementKey, key_id, with_for_update=True, populate_existing=True)
    if key is None:
        raise Missing(key_id)
    if since > by.today:
        raise Refused(N_("This day is still to come."), "since")
    key.state = moved(STATEMENT_KEY_MOVES, key.state, StatementKeyState.COMPROMISED)
    key.compromised_at = datetime.combine(since, time(), ZONE)
    key.valid_until = key.valid_until or by.now
    key.reason = reason
    after = {"kid": key.kid, "since": since.isoformat(), "reason": reason}
    audits.record(by, "report_compromise", "statement_key", key.id, after=after)
    return key.id


def active_key(*, lock: bool = False) -> StatementKey | None:
    """Return the key that signs now; None before an administrator has made one."""
    query = select(StatementKey).where(StatementKey.state == StatementKeyState.ACTIVE)
    return db.session.scalar(query.with_for_update() if lock else query)


def list_keys() -> list[StatementKey]:
    """List all keys, the newest first."""
    return list(db.session.scalars(select(StatementKey).order_by(StatementKey.id.desc())))


def list_trusted() -> list[StatementKey]:
    """List the keys that others may rely on, without those that somebody else may have."""
    return [key for key in list_keys() if key.state is not StatementKeyState.COMPROMISED]


def find_key(kid: str) -> StatementKey | None:
    """Find a key by its name."""
    return db.session.scalar(select(StatementKey).where(StatementKey.kid == kid))


def sign(key: StatementKey, data: bytes) -> bytes:
    """Sign bytes; return r and s, 32 bytes each."""
    der = _private(key.private).sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def is_signed(key: StatementKey, data: bytes, signature: bytes) -> bool:
    """Say whether a signature is of this key over these bytes."""
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    try:
        der = encode_dss_signature(r, s)
        _public(key.public).verify(der, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def compact(key: StatementKey, header: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    """Return signed data as a compact JWS; a library's signature would differ every time."""
    words = [_part(_json({"alg": "ES256", **header})), _part(_json(payload))]
    signature = sign(key, ".".join(words).encode())
    return ".".join((*words, _part(signature)))


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwk_of(key: StatementKey) -> dict[str, str]:
    """Return the public key as JWK."""
    return _jwk(_public(key.public))


def _jwk(public: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    x, y = (_part(number.to_bytes(_HALF, "big")) for number in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def thumbprint(jwk: Mapping[str, str]) -> bytes:
    """Return the SHA-256 by which a key is named (RFC 7638)."""
    return hashlib.sha256(_json(dict(sorted(jwk.items())))).digest()


@lru_cache(maxsize=2)
def _private(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


@lru_cache(maxsize=16)
def _public(pem: str) -> ec.EllipticCurvePublicKey:
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key
