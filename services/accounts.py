"""Accounts: invite, activate, sign in, grant roles."""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import joinedload

from models.accounts import Account, Invitation, RoleGrant
from models.database import db
from rules.access import Role, contests_of
from rules.refusals import Missing, Refused
from rules.states import AccountState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import transaction

FAILURES_ALLOWED = 8
LOCKED_FOR = timedelta(minutes=15)


def normal_name(text: str) -> str:
    """Return the one spelling of a user name: no spaces, no width variants, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def find_account(username: str) -> Account | None:
    """Find the account of a user name, however it is spelled."""
    return db.session.scalar(select(Account).where(Account.username == normal_name(username)))


# Asked before every page and every mark that is sent, so it is one statement and built once.
_SIGNED_IN = (
    select(Account)
    .options(joinedload(Account.grants))
    .where(Account.fs_uniquifier == bindparam("unique"), Account.active)
)


def find_signed_in(unique: str) -> Account | None:
    """Find the open account of a sign-in, with its roles; a closed one is signed out."""
    return db.session.scalars(_SIGNED_IN, {"unique": unique}).unique().one_or_none()


def get_account(account_id: int) -> Account:
    """Return an account; raise Missing."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise Missing(account_id)
    return account


def is_staff(account: Account) -> bool:
    """Say whether an account belongs to the bureau, not only for one contest."""
    return contests_of(account.holder(), {Role.BUREAU_STAFF}) is None


def is_locked(account: Account, now: datetime) -> bool:
    """Say whether too many wrong passwords have locked the account for the moment."""
    return account.locked_until is not None and account.locked_until > now


def state_of(account: Account, now: datetime) -> AccountState:
    """Return how an account stands at this instant."""
    if not account.active:
        return AccountState.CLOSED if account.password else AccountState.WAITING
    return AccountState.LOCKED if is_locked(account, now) else AccountState.OPEN


@transaction
def record_failure(by: Actor, account_id: int) -> None:
    """Count a wrong password; lock the account for a while when there are too many."""
    account = db.session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise Missing(account_id)
    account.failures += 1
    if account.failures >= FAILURES_ALLOWED:
        account.failures, account.locked_until = 0, by.now + LOCKED_FOR
        audits.record(by, "lock", "account", account_id)


@transaction
def record_sign_in(by: Actor, account_id: int) -> None:
    """Remember a successful sign-in."""
    account = get_account(account_id)
    account.failures, account.locked_until, account.signed_in_at = 0, None, by.now
    audits.record(replace(by, account_id=account_id), "sign_in", "account", account_id)


@transaction
def change_password(by: Actor, account_id: int, password_hash: str) -> None:
    """Set a new password and end all other sessions of the account."""
    account = get_account(account_id)
    account.password, account.fs_uniquifier = password_hash, secrets.token_hex(16)
    audits.record(by, "change_password", "account", account_id)


def add_account(
    by: Actor,
    username: str,
    title: str,
    *,
    password_hash: str | None = None,
    employer_id: int | None = None,
    person_id: int | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> Account:
    """Part: add an account; without a password it waits for its activation."""
    account = Account(
        username=normal_name(username),
        title=title,
        password=password_hash,
        active=password_hash is not None,
        fs_uniquifier=secrets.token_hex(16),
        employer_id=employer_id,
        person_id=person_id,
        email=email,
        phone=phone,
        created_at=by.now,
    )
    db.session.add(account)
    db.session.flush()
    return account


def add_grant(
    account: Account, role: Role, contest_id: int | None = None, event_id: int | None = None
) -> None:
    """Part: grant a role once."""
    wanted = (role, contest_id, event_id)
    if wanted not in {(g.role, g.contest_id, g.event_id) for g in account.grants}:
        account.grants.append(RoleGrant(role=role, contest_id=contest_id, event_id=event_id))


def add_invitation(account: Account, expires_at: datetime) -> str:
    """Part: make a one-time link and return its secret, which is stored nowhere."""
    return add_invitations([account.id], expires_at)[0]


def add_invitations(account_ids: Sequence[int], expires_at: datetime) -> list[str]:
    """Part: make a one-time link for each of these accounts; return the secrets in that order."""
    tokens = [secrets.token_urlsafe(24) for _ in account_ids]
    rows = [
        {"account_id": key, "token_hash": _hashed(token), "expires_at": expires_at}
        for key, token in zip(account_ids, tokens, strict=True)
    ]
    db.session.execute(insert(Invitation), rows)
    return tokens


def find_invitation(token: str, now: datetime) -> Invitation | None:
    """Find an invitation that can still be used."""
    found = db.session.scalar(select(Invitation).where(Invitation.token_hash == _hashed(token)))
    return None if found is None or found.used_at or found.expires_at <= now else found


@transaction
def activate(by: Actor, token: str, password_hash: str) -> int:
    """Use a one-time link: set the password, open the account, return its id."""
    query = select(Invitation).where(Invitation.token_hash == _hashed(token)).with_for_update()
    invitation = db.session.scalar(query)
    if invitation is None or invitation.used_at or invitation.expires_at <= by.now:
        raise Refused(N_("This link has been used or is too old. Ask for a new one."))
    invitation.used_at = by.now
    account = invitation.account
    account.password, account.active = password_hash, True
    account.failures, account.locked_until = 0, None
    account.fs_uniquifier = secrets.token_hex(16)
    audits.record(replace(by, account_id=account.id), "activate", "account", account.id)
    return account.id


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
