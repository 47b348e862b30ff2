"""Keys of those who seal: made from a passphrase that is kept nowhere, opened with it only."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from sqlalchemy import or_, select, update

from models.accounts import Account
from models.contests import Event
from models.database import db
from models.layers import Keyholder, SealedLayer, Sealing
from rules.layers import check_passphrase, normal_passphrase
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import transaction

# Argon2id: three passes over 64 MiB, above what the OWASP cheat sheet asks for. Kept with each
# key, so that a stronger setting later leaves old keys readable.
OPERATIONS, MEMORY = 3, 64 * 2**20
FREE_ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)


@dataclass(frozen=True)
class MadeKey:
    """A new pair of keys, the secret one locked."""

    public_key: str
    secret_box: str
    salt: str
    operations: int = OPERATIONS
    memory: int = MEMORY


@dataclass(frozen=True)
class HeldKey:
    """A key as its owner sees it: `layers` names what it can open."""

    key: Keyholder
    fingerprint: str
    layers: tuple[tuple[Event, int, bool], ...]


def fingerprint(key: Keyholder) -> str:
    """Return the public key in a form to be compared by eye."""
    text = key.public_key[:16].upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def lock_up(passphrase: str) -> MadeKey:
    """Make a pair of keys whose secret one opens with this passphrase only; takes a while."""
    pair, salt = PrivateKey.generate(), secrets.token_bytes(argon2id.SALTBYTES)
    box = SecretBox(_stretched(passphrase, salt, OPERATIONS, MEMORY)).encrypt(bytes(pair))
    public = pair.public_key.encode(HexEncoder).decode()
    return MadeKey(public, bytes(box).hex(), salt.hex())


def _stretched(passphrase: str, salt: bytes, operations: int, memory: int) -> bytes:
    text = normal_passphrase(passphrase).encode()
    size = SecretBox.KEY_SIZE
    return bytes(argon2id.kdf(size, text, salt, opslimit=operations, memlimit=memory))


def make_key(by: Actor, passphrase: str) -> int:
    """Give somebody a new pair of keys; the passphrase is checked, used and forgotten."""
    account = db.session.get(Account, by.account_id)
    if account is None:
        raise Missing(by.account_id)
    check_passphrase(passphrase, account.username)
    return store_key(by, lock_up(passphrase))


@transaction
def store_key(by: Actor, made: MadeKey) -> int:
    """Store a pair of keys in place of the present one; return its id."""
    account = db.session.get(Account, by.account_id, with_for_update=True)
    if account is None:
        raise Missing(by.account_id)
    present = (Keyholder.account_id == account.id, Keyholder.replaced_at.is_(None))
    db.session.execute(update(Keyholder).where(*present).values(replaced_at=by.now))
    key = Keyholder(account_id=account.id, made_at=by.now, **vars(made))
    db.session.add(key)
    db.session.flush()
    audits.record(by, "make_key", "key", key.id, after={"fingerprint": fingerprint(key)})
    return key.id


def unlock(by: Actor, key_id: int, passphrase: str) -> PrivateKey:
    """Open somebody's own secret key; wrong passphrases are counted before they are tried."""
    key = begin_attempt(by, key_id)
    salt, box = bytes.fromhex(key.salt), bytes.fromhex(key.secret_box)
    try:
        opened = SecretBox(_stretched(passphrase, salt, key.operations, key.memory)).decrypt(box)
    except CryptoError:
        opened = None
    # The key of the request belongs to the act that the passphrase is for.
    settle_attempt(replace(by, request_key=None), key_id, opened is not None)
    if opened is None:
        raise Refused(N_("This is not the passphrase of your key."), field="passphrase")
    return PrivateKey(opened)


def check_own_key(by: Actor, key_id: int, passphrase: str) -> int:
    """Try a passphrase on one's own key; refuse when it is wrong."""
    unlock(by, key_id, passphrase)
    return key_id


@transaction
def begin_attempt(by: Actor, key_id: int) -> MadeKey:
    """Count an attempt, and refuse it while too many wrong ones make the owner wait.

    Counting comes first: many attempts at once are as slow as one after the other.
    """
    key = db.session.get(Keyholder, key_id, with_for_update=True, populate_existing=True)
    if key is None or key.account_id != by.account_id:
        raise Missing(key_id)
    if key.locked_until is not None and key.locked_until > by.now:
        seconds = -((by.now - key.locked_until) // timedelta(seconds=1))
        raise Refused(
            N_("Too many wrong passphrases. Try again in %(seconds)s seconds."),
            field="passphrase",
            seconds=seconds,
        )
    key.failures += 1
    key.locked_until = _wait_until(key.failures, by.now)
    return MadeKey(key.public_key, key.secret_box, key.salt, key.operations, key.memory)


def _wait_until(failures: int, now: datetime) -> datetime | None:
    beyond = failures - FREE_ATTEMPTS
    if beyond < 0:
        return None
    doublings = min(beyond, 20)
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@transaction
def settle_attempt(by: Actor, key_id: int, is_right: bool) -> None:
    """Forget the count after a right passphrase; record a wrong one."""
    key = db.session.get_one(Keyholder, key_id, with_for_update=True, populate_existing=True)
    if is_right:
        key.failures, key.locked_until, key.tested_at = 0, None, by.now
        return
    audits.record(by, "mistype", "key", key_id, after={"count": key.failures})


def box_for(key: Keyholder, data: bytes) -> str:
    """Encrypt for the holder of a key; nobody else can read it, the program neither."""
    return bytes(SealedBox(PublicKey(key.public_key.encode(), HexEncoder)).encrypt(data)).hex()


def open_box(secret: PrivateKey, box: str) -> bytes:
    """Decrypt what was encrypted for the holder of this key."""
    return bytes(SealedBox(secret).decrypt(bytes.fromhex(box)))


def find_key(account_id: int | None) -> Keyholder | None:
    """Return the present key of an account, if it has one."""
    return db.session.scalar(
        select(Keyholder).where(Keyholder.account_id == account_id, Keyholder.replaced_at.is_(None))
    )


def list_keys(account_id: int) -> list[HeldKey]:
    """List the keys of an account, the present one first, with the layers that they open."""
    keys = db.session.scalars(
        select(Keyholder).where(Keyholder.account_id == account_id).order_by(Keyholder.id.desc())
    ).all()
    ids = [key.id for key in keys]
    held = or_(SealedLayer.keyholder_id.in_(ids), SealedLayer.escrow_keyholder_id.in_(ids))
    query = (
        select(SealedLayer, Event)
        .join(Event, Event.id == SealedLayer.event_id)
        .where(held)
        .order_by(Event.id, SealedLayer.number)
    )
    rows = [(layer, event) for layer, event in db.session.execute(query)]
    return [HeldKey(key, fingerprint(key), _layers_of(key, rows)) for key in keys]


def _layers_of(
    key: Keyholder, rows: Sequence[tuple[SealedLayer, Event]]
) -> tuple[tuple[Event, int, bool], ...]:
    return tuple(
        (event, layer.number, layer.keyholder_id != key.id)
        for layer, event in rows
        if key.id in {layer.keyholder_id, layer.escrow_keyholder_id}
    )


def is_sealer(event_id: int, account_id: int | None) -> bool:
    """Say whether an account has sealed, or can open, a layer of an event: it may not score."""
    escrows = select(Keyholder.id).where(Keyholder.account_id == account_id)
    mine = or_(SealedLayer.sealer_id == account_id, SealedLayer.escrow_keyholder_id.in_(escrows))
    found = select(SealedLayer.id).where(SealedLayer.event_id == event_id, mine)
    return db.session.scalar(found.limit(1)) is not None


def find_sealing(event_id: int) -> Sealing | None:
    """Return what is sealed of an event; None before the list of entries is closed for it."""
    return db.session.scalar(select(Sealing).where(Sealing.event_id == event_id))
