"""The audit record: one row beside every write, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from models.accounts import Account
from models.audits import AuditRecord
from models.database import db
from services.acting import Actor
from services.pages import Page, page_of

FRESH_KEY = "request key not yet recorded"
_ADD = insert(cast(Table, AuditRecord.__table__))


def record(
    by: Actor,
    action: str,
    subject: str,
    subject_id: int | None,
    *,
    contest_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add the record of an act; the first of a transaction carries the request key.

    Identity numbers, phones and passwords never go into ``before`` or ``after``.
    """
    row = {
        "at": by.now,
        "account_id": by.account_id,
        "action": action,
        "subject": subject,
        "subject_id": subject_id,
        "contest_id": contest_id,
        "before": plain(before),
        "after": plain(after),
        "request_id": by.request_id,
        "request_key": _unused_key(by),
    }
    db.session.flush()
    db.session.execute(_ADD, row)


def record_many(
    by: Actor,
    action: str,
    subject: str,
    subject_ids: Sequence[int],
    *,
    contest_id: int | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add the same record for many things in one statement; it never carries the request key."""
    common = {
        "at": by.now,
        "account_id": by.account_id,
        "action": action,
        "subject": subject,
        "contest_id": contest_id,
        "after": plain(after),
        "request_id": by.request_id,
    }
    if subject_ids:
        rows = [{"subject_id": subject_id, **common} for subject_id in subject_ids]
        db.session.execute(_ADD, rows)


def _unused_key(by: Actor) -> str | None:
    """Return the request key for the first record of a transaction, None for the others."""
    return db.session.info.pop(FRESH_KEY, None) and by.request_key


def plain(values: Mapping[str, object] | None) -> dict[str, Any] | None:
    """Turn values into what JSON can hold, exactly."""
    return None if values is None else {key: _plain(value) for key, value in values.items()}


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value


@dataclass(frozen=True)
class Wanted:
    """Which records are asked for; None as contests means no limit."""

    action: str = ""
    subject: str = ""
    subject_id: int | None = None
    contest_id: int | None = None
    username: str = ""
    contests: frozenset[int] | None = None


def list_records(wanted: Wanted, page: int = 1) -> Page[AuditRecord]:
    """List records, newest first."""
    query = select(AuditRecord).options(_WHO).where(*_conditions(wanted))
    return page_of(query.order_by(AuditRecord.at.desc(), AuditRecord.id.desc()), page)


def list_latest(count: int, subject: str = "", subject_id: int | None = None) -> list[AuditRecord]:
    """List the newest records, of one thing if it is named; without one, sign-ins are left out."""
    found = _conditions(Wanted(subject=subject, subject_id=subject_id))
    if not subject:
        found.append(AuditRecord.action != "sign_in")
    query = select(AuditRecord).options(_WHO).where(*found)
    newest = query.order_by(AuditRecord.at.desc(), AuditRecord.id.desc())
    return list(db.session.scalars(newest.limit(count)))


_WHO = joinedload(AuditRecord.account).options(
    load_only(Account.username, Account.title), lazyload(Account.grants)
)


def _conditions(wanted: Wanted) -> list[Any]:
    exact = (
        (AuditRecord.action, wanted.action or None),
        (AuditRecord.subject, wanted.subject or None),
        (AuditRecord.subject_id, wanted.subject_id),
        (AuditRecord.contest_id, wanted.contest_id),
    )
    found: list[Any] = [column == value for column, value in exact if value is not None]
    if wanted.username:
        found.append(AuditRecord.account.has(Account.username == wanted.username))
    if wanted.contests is not None:
        found.append(AuditRecord.contest_id.in_(wanted.contests))
    return found


def count_records() -> int:
    """Count all records."""
    return db.session.scalar(select(func.count()).select_from(AuditRecord)) or 0
