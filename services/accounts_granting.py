"""Create accounts, hand out roles and one-time links, close and unlock."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from models.accounts import Account, Invitation, RoleGrant
from models.contests import Event
from models.database import db
from models.people import Employer
from rules import access
from rules.access import Grant, Holder, Role
from rules.identity import IdKind, parse_id, parse_phone
from rules.refusals import Missing, Refused
from rules.texts import N_
from services import accounts, audits
from services.acting import Actor
from services.people import find_person
from services.people_employers import find_employers, tidy_title, title_key
from services.transaction import transaction

_USERNAME = re.compile(r"[\w.@+-]{3,64}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
LONGEST_TITLE = 60

BAD_USERNAME = N_("A user name has 3 to 64 letters, digits or the characters . _ - @ +")
NO_TITLE = N_("Enter the name to show, at most 60 characters.")
BAD_EMAIL = N_("This is not an e-mail address.")
NO_ROLE = N_("Choose at least one role.")
BAD_SCOPE = N_("Choose where the role holds.")
NOT_YOURS = N_(
    "You can hand out roles only where you are organizer yourself, never that of administrator."
)
NO_EMPLOYER = N_("An account with the role employer needs its employer.")
UNKNOWN_EMPLOYER = N_("No employer with this name is registered.")
UNKNOWN_PERSON = N_("No person with this ID number is registered.")
FOREIGN_ACCOUNT = N_("This account holds roles beyond yours; only an administrator changes it.")
LAST_ADMINISTRATOR = N_("This is the last administrator; name another one first.")
OWN_ACCOUNT = N_("You cannot close your own account.")


@dataclass(frozen=True)
class NewAccount:
    """What somebody asked for; employer and person are still as typed."""

    username: str
    title: str
    grants: tuple[Grant, ...]
    email: str = ""
    phone: str = ""
    employer: str = ""
    id_number: str = ""


@dataclass(frozen=True)
class Link:
    """A one-time link that was just made; its secret is stored nowhere."""

    account_id: int
    username: str
    title: str
    token: str = field(repr=False)
    expires_at: datetime
    employer: str = ""
    note: str = ""


def grant_of(role: Role, scope: str) -> Grant:
    """Read a scope such as "all", "c:3" or "e:17"; refuse one that is not there."""
    kind, _, number = scope.partition(":")
    if scope == "all" or role is Role.ADMINISTRATOR:
        return Grant(role)
    if not number.isdecimal() or len(number) > 9 or kind not in {"c", "e"}:
        raise Refused(BAD_SCOPE, "roles")
    if kind == "c":
        return Grant(role, int(number))
    contest_id = db.session.scalar(select(Event.contest_id).where(Event.id == int(number)))
    if contest_id is None:
        raise Refused(BAD_SCOPE, "roles")
    return Grant(role, contest_id, int(number))


def holder_of(by: Actor) -> Holder:
    """Return the holder who acts; nobody may not manage accounts."""
    if by.account_id is None:
        raise Missing(by.account_id)
    return accounts.get_account(by.account_id).holder()


def add_new(by: Actor, new: NewAccount) -> Account:
    """Part: check what was asked for and add the account with its roles."""
    check_words(new)
    if not new.grants:
        raise Refused(NO_ROLE, "roles")
    check_grants(holder_of(by), new.grants)
    employer = find_employer(new.employer)
    if employer is None and any(grant.role is Role.EMPLOYER for grant in new.grants):
        raise Refused(NO_EMPLOYER, "employer")
    account = accounts.add_account(
        by,
        new.username,
        new.title,
        email=new.email or None,
        phone=parse_phone(new.phone) if new.phone else None,
        employer_id=employer.id if employer else None,
        person_id=find_person_id(new.id_number, by.today),
    )
    for grant in new.grants:
        accounts.add_grant(account, grant.role, grant.contest_id, grant.event_id)
    return account


def check_words(new: NewAccount) -> None:
    """Refuse a user name, a title, an address or a phone that cannot be one."""
    if not _USERNAME.fullmatch(accounts.normal_name(new.username)):
        raise Refused(BAD_USERNAME, "username")
    if not 1 <= len(new.title) <= LONGEST_TITLE:
        raise Refused(NO_TITLE, "title")
    if new.email and not _EMAIL.fullmatch(new.email):
        raise Refused(BAD_EMAIL, "email")
    if new.phone:
        parse_phone(new.phone)


def check_grants(holder: Holder, grants: tuple[Grant, ...]) -> None:
    """Refuse roles that this account may not hand out."""
    if not access.may_manage(holder, grants):
        raise Refused(NOT_YOURS, "roles")


def find_employer(title: str) -> Employer | None:
    """Find an employer by its name; refuse an unknown one."""
    if not title:
        return None
    spelled = Employer.title.in_({title, tidy_title(title)})
    found = db.session.scalar(select(Employer).where(spelled).limit(1))
    found = found or find_employers([title]).get(title_key(title))
    if found is None:
        raise Refused(UNKNOWN_EMPLOYER, "employer")
    return found


def find_person_id(id_number: str, today: date) -> int | None:
    """Find a person by the typed identity number; refuse an unknown one."""
    if not id_number:
        return None
    person = find_person(parse_id(IdKind.RESIDENT, id_number, today).normalized)
    if person is None:
        raise Refused(UNKNOWN_PERSON, "id_number")
    return person.id


def link_for(by: Actor, account: Account, days: int, employer: str = "", note: str = "") -> Link:
    """Part: make a one-time link; older ones of the account end."""
    _end_links(by, account.id)
    expires_at = by.now + timedelta(days=days)
    token = accounts.add_invitation(account, expires_at)
    return Link(account.id, account.username, account.title, token, expires_at, employer, note)


def said(grants: tuple[Grant, ...]) -> list[dict[str, object]]:
    """Say roles for the audit record."""
    return [
        {"role": grant.role.value, "contest_id": grant.contest_id, "event_id": grant.event_id}
        for grant in grants
    ]


@transaction
def create(by: Actor, new: NewAccount, days: int) -> Link:
    """Create an account and its first one-time link."""
    account = add_new(by, new)
    _record_new(by, account, new.grants)
    return link_for(by, account, days, new.employer)


@transaction
def create_many(by: Actor, wanted: list[NewAccount], days: int) -> list[Link]:
    """Create all accounts of a confirmed list, or none."""
    links = []
    for new in wanted:
        account = add_new(by, new)
        _record_new(by, account, new.grants)
        links.append(link_for(by, account, days, new.employer))
    return links


@transaction
def create_administrator(by: Actor, username: str, days: int) -> Link:
    """Create an account that may do everything an administrator does; asked for on the machine."""
    new = NewAccount(username, username, (Grant(Role.ADMINISTRATOR),))
    check_words(new)
    account = accounts.add_account(by, username, username)
    accounts.add_grant(account, Role.ADMINISTRATOR)
    _record_new(by, account, new.grants)
    return link_for(by, account, days)


@transaction
def grant(by: Actor, account_id: int, role: Role, scope: str) -> int:
    """Hand out one more role."""
    account = _managed(by, account_id)
    wanted = grant_of(role, scope)
    check_grants(holder_of(by), (wanted,))
    if role is Role.EMPLOYER and account.employer_id is None:
        raise Refused(NO_EMPLOYER, "role")
    accounts.add_grant(account, wanted.role, wanted.contest_id, wanted.event_id)
    audits.record(by, "grant", "account", account_id, after=said((wanted,))[0])
    return account_id


@transaction
def revoke(by: Actor, account_id: int, grant_id: int) -> int:
    """Take a role back; the last administrator stays."""
    account = _managed(by, account_id)
    row = next((row for row in account.grants if row.id == grant_id), None)
    if row is None:
        raise Missing(grant_id)
    if row.role is Role.ADMINISTRATOR:
        _keep_an_administrator(account_id)
    lost = Grant(row.role, row.contest_id, row.event_id)
    account.grants.remove(row)
    audits.record(by, "revoke", "account", account_id, before=said((lost,))[0])
    return account_id


@transaction
def close(by: Actor, account_id: int) -> int:
    """Close an account: its sessions and its links end; a new link opens it again."""
    if account_id == by.account_id:
        raise Refused(OWN_ACCOUNT)
    account = _managed(by, account_id)
    if account.holder().has(Role.ADMINISTRATOR):
        _keep_an_administrator(account_id)
    account.active, account.fs_uniquifier = False, secrets.token_hex(16)
    _end_links(by, account_id)
    audits.record(by, "close", "account", account_id)
    return account_id


@transaction
def renew_link(by: Actor, account_id: int, days: int) -> Link:
    """Make a new one-time link, for a first password or for a forgotten one."""
    account = _managed(by, account_id)
    audits.record(by, "renew_link", "account", account_id)
    employer = account.employer.title if account.employer else ""
    return link_for(by, account, days, employer)


@transaction
def unlock(by: Actor, account_id: int) -> int:
    """Let somebody sign in again after too many wrong passwords."""
    account = _managed(by, account_id)
    account.failures, account.locked_until = 0, None
    audits.record(by, "unlock", "account", account_id)
    return account_id


def _managed(by: Actor, account_id: int) -> Account:
    """Lock and return an account whose roles all lie within those of the one who acts."""
    query = select(Account).options(joinedload(Account.employer)).where(Account.id == account_id)
    account = db.session.scalar(query.with_for_update(of=Account))
    if account is None:
        raise Missing(account_id)
    if not access.may_manage(holder_of(by), account.holder().grants):
        raise Refused(FOREIGN_ACCOUNT)
    return account


def _keep_an_administrator(account_id: int) -> None:
    """Refuse when no other open account could administrate; their roles are locked meanwhile."""
    others = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR).with_for_update()
    db.session.execute(others)
    query = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Account.id != account_id, Account.active)
    )
    if not db.session.scalar(query):
        raise Refused(LAST_ADMINISTRATOR)


def _end_links(by: Actor, account_id: int) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.account_id == account_id, Invitation.used_at.is_(None))
        .values(used_at=by.now)
    )


def _record_new(by: Actor, account: Account, grants: tuple[Grant, ...]) -> None:
    after = {"username": account.username, "roles": said(grants)}
    audits.record(by, "create", "account", account.id, after=after)
