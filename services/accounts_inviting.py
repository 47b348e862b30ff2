"""Accounts for all contestants of a contest at once."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select

from models.accounts import Account, RoleGrant
from models.contests import Contest, Event
from models.database import db
from models.entries import Entry, EntryMember
from models.people import Employer, Person
from rules.access import Grant, Role, may_grant
from rules.refusals import Missing, Refused
from rules.states import EntryState
from rules.texts import N_
from services import accounts, audits
from services.accounts_granting import Link, check_grants, holder_of
from services.acting import Actor
from services.people import chunks, table_of
from services.transaction import transaction

NOBODY = N_("Every accepted contestant of this contest has an account already.")

_ContestantRow = Row[int, str, str, int, str | None, str]


def count_without_account(contest_id: int) -> int:
    """Count the accepted contestants of a contest who have no account."""
    query = _without_account(contest_id).with_only_columns(
        func.count(EntryMember.person_id.distinct())
    )
    return int(db.session.scalar(query.order_by(None)) or 0)


@transaction
def invite_contestants(by: Actor, contest_id: int, days: int) -> list[Link]:
    """Make an account and a one-time link for every accepted contestant who has none."""
    contest = db.session.get(Contest, contest_id, with_for_update=True)
    if contest is None:
        raise Missing(contest_id)
    grant = _grant(by, contest_id)
    rows = _first_rows(db.session.execute(_without_account(contest_id)).all())
    if not rows:
        raise Refused(NOBODY)
    names = _free_names([_name(contest.code, row) for row in rows])
    ids = _add_accounts(by, names, rows, grant)
    expires_at = by.now + timedelta(days=days)
    tokens = accounts.add_invitations(ids, expires_at)
    links = [
        Link(key, name, row[2], token, expires_at, row[4] or "", f"{row[1]} {row[5]}")
        for key, name, token, row in zip(ids, names, tokens, rows, strict=True)
    ]
    after = {"accounts": len(links)}
    audits.record(
        by, "invite_contestants", "contest", contest_id, contest_id=contest_id, after=after
    )
    return links


def _grant(by: Actor, contest_id: int) -> Grant:
    """Return the widest contestant's role that this organizer may hand out."""
    holder = holder_of(by)
    everywhere = Grant(Role.CONTESTANT)
    if may_grant(holder, everywhere):
        return everywhere
    here = Grant(Role.CONTESTANT, contest_id)
    check_grants(holder, (here,))
    return here


def _without_account(contest_id: int) -> Any:
    return (
        select(
            EntryMember.person_id,
            Entry.number,
            Person.name,
            EntryMember.position,
            Employer.title,
            Event.title,
        )
        .join(Entry, Entry.id == EntryMember.entry_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Person, Person.id == EntryMember.person_id)
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(Account, Account.person_id == EntryMember.person_id)
        .where(
            Event.contest_id == contest_id,
            Entry.state == EntryState.ACCEPTED,
            Account.id.is_(None),
        )
        .order_by(Entry.number, EntryMember.position)
    )


def _first_rows(rows: Sequence[_ContestantRow]) -> list[_ContestantRow]:
    """Keep one row a person: who is in two events gets one account."""
    return list({row[0]: row for row in reversed(rows)}.values())[::-1]


def _add_accounts(
    by: Actor, names: Sequence[str], rows: Sequence[_ContestantRow], grant: Grant
) -> list[int]:
    """Add all accounts with their role in a few statements; return the ids in the same order."""
    values = [
        {
            "username": name,
            "title": row[2],
            "active": False,
            "fs_uniquifier": secrets.token_hex(16),
            "person_id": row[0],
            "created_at": by.now,
        }
        for name, row in zip(names, rows, strict=True)
    ]
    db.session.execute(insert(table_of(Account)), values)
    ids = _ids_of(names)
    role = {"role": grant.role, "contest_id": grant.contest_id}
    db.session.execute(insert(table_of(RoleGrant)), [{"account_id": key, **role} for key in ids])
    return ids


def _ids_of(names: Sequence[str]) -> list[int]:
    found: dict[str, int] = {}
    for chunk in chunks(names):
        query = select(Account.username, Account.id).where(Account.username.in_(chunk))
        found |= {name: key for name, key in db.session.execute(query)}
    return [found[name] for name in names]


def _name(contest_code: str, row: _ContestantRow) -> str:
    suffix = f"-{row[3]}" if row[3] > 1 else ""
    return accounts.normal_name(f"{contest_code}-{row[1]}{suffix}")


def _free_names(names: list[str]) -> list[str]:
    """Add a letter where somebody has taken the name already."""
    taken: set[str] = set()
    for chunk in chunks(names):
        taken |= set(
            db.session.scalars(select(Account.username).where(Account.username.in_(chunk)))
        )
    free = []
    for name in names:
        while name in taken:
            name += "x"
        taken.add(name)
        free.append(name)
    return free
