"""Lists of accounts, and what the pages around them need."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from models.accounts import Account, Invitation, RoleGrant
from models.contests import Contest, Event
from models.database import db
from models.people import Employer
from rules.access import Holder, Role, contests_of
from rules.editions import ContestKind
from rules.refusals import Missing
from rules.states import AccountState, ContestState
from services.accounts import normal_name
from services.pages import Page, ordered, page_of

MANAGERS = (Role.ORGANIZER, Role.ADMINISTRATOR)
SORTABLE = {
    "username": Account.username,
    "title": Account.title,
    "signed_in": Account.signed_in_at,
}


@dataclass(frozen=True)
class Wanted:
    """What a list of accounts is filtered by."""

    text: str = ""
    role: Role | None = None
    contest_id: int | None = None
    state: AccountState | None = None


@dataclass(frozen=True)
class Titles:
    """The titles of contests and events, to say where a role holds."""

    contests: dict[int, str] = field(default_factory=dict)
    events: dict[int, str] = field(default_factory=dict)


def list_accounts(
    holder: Holder,
    now: datetime,
    wanted: Wanted,
    page: int = 1,
    sort: str = "",
    descending: bool = False,
) -> Page[Account]:
    """List the accounts that this holder may manage, filtered and in pages."""
    query = select(Account).options(joinedload(Account.employer))
    query = _limited(query, holder)
    query = _filtered(query, wanted, now)
    return page_of(ordered(query, SORTABLE, sort, descending, Account.id.desc()), page)


def get_with_links(account_id: int) -> Account:
    """Return an account with its employer and person; raise Missing."""
    query = select(Account).options(joinedload(Account.employer), joinedload(Account.person))
    found = db.session.scalar(query.where(Account.id == account_id))
    if found is None:
        raise Missing(account_id)
    return found


def open_link_until(account_id: int, now: datetime) -> datetime | None:
    """Return until when the account's one-time link works; None if there is none."""
    return db.session.scalar(
        select(func.max(Invitation.expires_at)).where(
            Invitation.account_id == account_id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
    )


def titles_of(found: list[Account]) -> Titles:
    """Return the titles that the roles of these accounts name."""
    grants = [grant for account in found for grant in account.grants]
    contests = {grant.contest_id for grant in grants} - {None}
    events = {grant.event_id for grant in grants} - {None}
    return Titles(
        _titles(select(Contest.id, Contest.title).where(Contest.id.in_(contests))),
        _titles(select(Event.id, Event.title).where(Event.id.in_(events))),
    )


def list_scopes(holder: Holder) -> list[tuple[Contest, list[Event]]]:
    """List the contests, with their events, in which the holder may hand out roles."""
    query = select(Contest).where(
        Contest.state != ContestState.ARCHIVED, Contest.kind == ContestKind.CONTEST
    )
    limits = contests_of(holder, MANAGERS)
    if limits is not None:
        query = query.where(Contest.id.in_(limits))
    contests = db.session.scalars(query.order_by(Contest.year.desc(), Contest.id.desc())).all()
    events = db.session.scalars(
        select(Event)
        .where(Event.contest_id.in_([contest.id for contest in contests]))
        .order_by(Event.position, Event.id)
    ).all()
    return [(c, [event for event in events if event.contest_id == c.id]) for c in contests]


def list_employer_titles() -> list[str]:
    """List the names of all employers, for the input's suggestions."""
    return list(db.session.scalars(select(Employer.title).order_by(Employer.title)))


def _titles(query: Select[int, str]) -> dict[int, str]:
    return {key: title for key, title in db.session.execute(query).all()}


def _limited(query: Select[Account], holder: Holder) -> Select[Account]:
    """Keep the accounts whose roles all belong to one contest of the holder's."""
    limits = contests_of(holder, MANAGERS)
    if limits is None:
        return query
    inside = (
        select(RoleGrant.account_id)
        .group_by(RoleGrant.account_id)
        .having(
            func.count() == func.count(RoleGrant.contest_id),
            func.min(RoleGrant.contest_id) == func.max(RoleGrant.contest_id),
            func.min(RoleGrant.contest_id).in_(limits),
        )
    )
    return query.where(Account.id.in_(inside))


def _filtered(query: Select[Account], wanted: Wanted, now: datetime) -> Select[Account]:
    if wanted.text:
        name = normal_name(wanted.text)
        found = or_(
            Account.username.contains(name, autoescape=True),
            Account.title.contains(wanted.text, autoescape=True),
        )
        query = query.where(found)
    if wanted.role is not None or wanted.contest_id is not None:
        query = query.where(_holds(wanted))
    if wanted.state is not None:
        query = query.where(_STATES[wanted.state](now))
    return query


def _holds(wanted: Wanted) -> ColumnElement[bool]:
    matching = [RoleGrant.account_id == Account.id]
    if wanted.role is not None:
        matching.append(RoleGrant.role == wanted.role)
    if wanted.contest_id is not None:
        matching.append(RoleGrant.contest_id == wanted.contest_id)
    return exists().where(*matching)


def _locked(now: datetime) -> ColumnElement[bool]:
    return and_(Account.active, Account.locked_until > now)


_STATES: dict[AccountState, Callable[[datetime], ColumnElement[bool]]] = {
    AccountState.LOCKED: _locked,
    AccountState.OPEN: lambda now: and_(
        Account.active, or_(Account.locked_until.is_(None), Account.locked_until <= now)
    ),
    AccountState.WAITING: lambda now: and_(~Account.active, Account.password.is_(None)),
    AccountState.CLOSED: lambda now: and_(~Account.active, Account.password.is_not(None)),
}
