"""Whom a reminder reaches: people, those who act for an employer, accounts, the bureau's staff."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from models.accounts import Account, RoleGrant
from models.database import db
from models.people import Person
from rules.access import Role
from rules.messages import MessageChannel

# Hours of the day in China at which somebody may be reminded.
BY_DAY = range(8, 20)


@dataclass(frozen=True)
class Call:
    """Something to say once: to a person, to those who act for an employer, to an account."""

    once: str
    body: str
    person_id: int | None = None
    employer_id: int | None = None
    account_id: int | None = None
    bureau: bool = False


@dataclass(frozen=True)
class Reached:
    """An account that can be told something, and how."""

    account_id: int
    person_id: int | None
    employer_id: int | None
    channel: MessageChannel
    address: str


def step_of(days_left: int, steps: Collection[int]) -> int | None:
    """Return the last step before a day that is reached, or nothing before the first one."""
    return min((one for one in steps if days_left <= one), default=None)


def addressed(calls: Sequence[Call]) -> Iterator[tuple[Call, Reached]]:
    """Yield each call with every account that it goes to and that can be told."""
    people = {one.person_id for one in calls if one.person_id is not None}
    employers = {one.employer_id for one in calls if one.employer_id is not None}
    accounts = {one.account_id for one in calls if one.account_id is not None}
    staff = _staff() if any(one.bureau for one in calls) else set()
    reached = [*_reached(people, employers, accounts | staff)]
    for call in calls:
        yield from ((call, one) for one in reached if _is_meant(call, one, staff))


def _is_meant(call: Call, one: Reached, staff: Collection[int]) -> bool:
    if call.bureau:
        return one.account_id in staff
    if call.account_id is not None:
        return one.account_id == call.account_id
    if call.person_id is not None:
        return one.person_id == call.person_id
    return call.employer_id is not None and one.employer_id == call.employer_id


def _staff() -> set[int]:
    """Return the accounts of the bureau that are limited to no contest."""
    query = select(RoleGrant.account_id).where(
        RoleGrant.role == Role.BUREAU_STAFF, RoleGrant.contest_id.is_(None)
    )
    return set(db.session.scalars(query))


def _reached(
    people: Iterable[int], employers: Iterable[int], accounts: Iterable[int]
) -> Iterator[Reached]:
    query = (
        select(Account, Person.phone)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(
            Account.active.is_(True),
            or_(
                Account.person_id.in_(list(people)),
                Account.employer_id.in_(list(employers)),
                Account.id.in_(list(accounts)),
            ),
        )
        .order_by(Account.id)
    )
    for account, phone in db.session.execute(query):
        way = _way(account, phone)
        if way is not None:
            yield Reached(account.id, account.person_id, account.employer_id, *way)


def _way(account: Any, phone: str | None) -> tuple[MessageChannel, str] | None:
    if account.email:
        return MessageChannel.MAIL, account.email
    number = account.phone or phone
    return (MessageChannel.SMS, number) if number else None
