"""Claims: ID number, phone and a one-time code open a short session on one's own honours.

Whatever is typed, the same is done: as many statements, a code drawn, a message written. The
answer tells nobody whether such a person is known; only the phone on record gets the code.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Select, case, delete, func, or_, select

from models.claims import Claim
from models.database import db
from models.encryption import keyring
from models.people import Person
from rules.claims import (
    CODE_DIGITS,
    CODE_LIFE,
    MOST_PER_ADDRESS,
    MOST_PER_NUMBER,
    MOST_PER_PHONE,
    MOST_TRIES,
    OPEN_FOR,
    WINDOW,
    claim_code,
    claim_number,
    claim_phone,
)
from rules.messages import MessageChannel
from rules.refusals import Refused
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.messages import Draft, add_messages
from services.people import person_index
from services.transaction import transaction

TOO_OFTEN = N_(
    "Codes were asked for too often with this number, phone or connection. Try again tomorrow, or "
    "ask the organizer."
)
KEY_BYTES = 24


@dataclass(frozen=True)
class Asked:
    """What was typed, and from which address of the network it came."""

    id_number: str
    phone: str
    address: str = ""


class Wrong(int):
    """A code that is not right: how many more tries there are."""


def new_key() -> str:
    """Draw the key under which one browser asks for a code."""
    return secrets.token_urlsafe(KEY_BYTES)


@transaction
def begin(by: Actor, key: str, asked: Asked, wording: Callable[[str], str]) -> int:
    """Send a code to the phone on record if number and phone belong together."""
    number, phone = claim_number(asked.id_number), claim_phone(asked.phone)
    claim = Claim(
        number_index=person_index(number),
        phone_index=keyring.index(phone, "claim.phone"),
        address_index=keyring.index(asked.address, "claim.address"),
        asked_at=by.now,
    )
    _refuse_flood(by, claim)
    claim.person_id = _person_of(claim.number_index, phone)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    claim.key_hash, claim.code_hash = _hashed(key), _code_hash(key, code)
    db.session.add(claim)
    db.session.flush()
    draft = Draft(
        MessageChannel.SMS,
        phone,
        "",
        wording(code),
        "claim",
        expires_at=by.now + CODE_LIFE,
        # Written for strangers too, so that neither clock nor disk tells them apart.
        withheld=claim.person_id is None,
    )
    add_messages(by, [draft])
    audits.record(by, "begin", "claim", claim.id)
    return claim.id


def _refuse_flood(by: Actor, claim: Claim) -> None:
    limits = (
        (Claim.number_index == claim.number_index, MOST_PER_NUMBER),
        (Claim.phone_index == claim.phone_index, MOST_PER_PHONE),
        (Claim.address_index == claim.address_index, MOST_PER_ADDRESS),
    )
    counts = [func.coalesce(func.sum(case((same, 1), else_=0)), 0) for same, _ in limits]
    recent = (Claim.asked_at > by.now - WINDOW, or_(*(same for same, _ in limits)))
    found = db.session.execute(select(*counts).where(*recent)).one()
    if any(count >= most for count, (_, most) in zip(found, limits, strict=True)):
        raise Refused(TOO_OFTEN)


def _person_of(index: str, phone: str) -> int | None:
    """Return the person of this number if the phone is the one on record."""
    query = select(Person.id, Person.phone).where(Person.id_index == index)
    row = db.session.execute(query).first()
    stored = _decoy() if row is None else (row.phone or "")
    same = hmac.compare_digest(stored.encode(), phone.encode())
    return row.id if row is not None and same else None


def _decoy() -> str:
    """Return a phone that nobody has, read from what is encrypted as a real one is."""
    return keyring.open(keyring.seal("10000000000", "person.phone"), "person.phone")


@transaction
def enter(by: Actor, key: str, typed: str) -> str | Wrong:
    """Open a session with the code; return its key, or how many tries are left."""
    query = select(Claim).where(Claim.key_hash == _hashed(key)).order_by(Claim.id.desc())
    claim = db.session.scalars(query.limit(1).with_for_update()).first()
    if claim is None or claim.asked_at + CODE_LIFE <= by.now or claim.tries >= MOST_TRIES:
        return Wrong(0)
    claim.tries += 1
    right = hmac.compare_digest(claim.code_hash, _code_hash(key, claim_code(typed)))
    if not right or claim.person_id is None:
        return Wrong(MOST_TRIES - claim.tries)
    opened = new_key()
    claim.session_hash, claim.opened_at = _hashed(opened), by.now
    audits.record(by, "open", "claim", claim.id, after={"person": claim.person_id})
    return opened


@transaction
def leave(by: Actor, session_key: str) -> None:
    """End a session."""
    claim = db.session.scalar(_session(session_key).with_for_update())
    if claim is not None:
        claim.session_hash, claim.tries = None, MOST_TRIES
        audits.record(by, "leave", "claim", claim.id)


def find_person(session_key: str, now: datetime) -> int | None:
    """Return whose session this is; None when it has ended."""
    claim = db.session.scalar(_session(session_key))
    if claim is None or claim.opened_at is None or claim.opened_at + OPEN_FOR <= now:
        return None
    return claim.person_id


def _session(session_key: str) -> Select[Claim]:
    return select(Claim).where(Claim.session_hash == _hashed(session_key))


@transaction
def forget_old(by: Actor) -> int:
    """Forget claims that count for nothing any more; return how many (R9.01)."""
    old = Claim.asked_at < by.now - WINDOW - timedelta(hours=1)
    number = db.session.scalar(select(func.count()).select_from(Claim).where(old)) or 0
    db.session.execute(delete(Claim).where(old))
    if number:
        audits.record(by, "forget_old", "claim", None, after={"number": number})
    return number


def _hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _code_hash(key: str, code: str) -> str:
    """Hash a code under the browser's key, which is stored nowhere: six digits alone are few."""
    return keyring.sign(f"{key} {code}", "claim code")
