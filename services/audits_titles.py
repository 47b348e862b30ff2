"""What keys in audit records stand for: parts, aspects, sheets and accounts by their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models.accounts import Account
from models.audits import AuditRecord
from models.contests import Event
from models.database import db
from models.judging import PanelSeat, Sheet
from models.works import Work
from rules.seats import titles_of


@dataclass(frozen=True)
class Titles:
    """Names by key: of the parts, of all else in the scheme, and the codes of sheets by id."""

    parts: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)


def list_titles(records: Sequence[AuditRecord]) -> dict[int, Titles]:
    """Return by record what its keys stand for, always with four statements."""
    sheets = _sheets({*_ids(records, "sheet"), *_sheets_in_tables(records)})
    query = select(PanelSeat.id, PanelSeat.event_id).where(PanelSeat.id.in_(_ids(records, "seat")))
    seats = {seat: event for seat, event in db.session.execute(query)}
    events = {record.id: _event_of(record, sheets, seats) for record in records}
    codes = {str(sheet): code for sheet, (_, code) in sheets.items() if code}
    known = _schemes({event for event in events.values() if event is not None})
    accounts = _accounts(records)
    nothing: tuple[dict[str, str], dict[str, str]] = ({}, {})
    return {
        record: Titles(*known.get(event, nothing), codes, accounts)
        for record, event in events.items()
    }


def _accounts(records: Iterable[AuditRecord]) -> dict[str, str]:
    """Return the names of the accounts that are named as values, by their ids as text."""
    values = ((side or {}).get("account") for r in records for side in (r.before, r.after))
    ids = {value for value in values if isinstance(value, int)}
    query = select(Account.id, Account.title).where(Account.id.in_(ids))
    return {str(account): title for account, title in db.session.execute(query)}


def _ids(records: Iterable[AuditRecord], subject: str) -> set[int]:
    return {r.subject_id for r in records if r.subject == subject and r.subject_id is not None}


def _sheets_in_tables(records: Iterable[AuditRecord]) -> Iterator[int]:
    """Yield the sheets of a whole table: its record holds the marks by sheet."""
    for record in records:
        if record.subject == "seat":
            for key in {**(record.before or {}), **(record.after or {})}:
                if key.isdecimal() and len(key) < 10:
                    yield int(key)


def _sheets(ids: set[int]) -> dict[int, tuple[int, str | None]]:
    query = (
        select(Sheet.id, Sheet.event_id, Work.code)
        .join(Work, Work.id == Sheet.work_id)
        .where(Sheet.id.in_(ids))
    )
    return {sheet: (event, code) for sheet, event, code in db.session.execute(query)}


def _event_of(
    record: AuditRecord,
    sheets: Mapping[int, tuple[int, str | None]],
    seats: Mapping[int, int],
) -> int | None:
    if record.subject_id is None:
        return None
    if record.subject == "sheet":
        return sheets.get(record.subject_id, (None, None))[0]
    if record.subject == "seat":
        return seats.get(record.subject_id)
    return record.subject_id if record.subject == "event" else None


def _schemes(ids: set[int]) -> dict[int | None, tuple[dict[str, str], dict[str, str]]]:
    query = select(Event.id, Event.scheme).where(Event.id.in_(ids))
    return {event: _named(scheme) for event, scheme in db.session.execute(query)}


def _named(scheme: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Read the titles from the stored scheme as it is; checking it anew would take long."""
    return titles_of(scheme), dict(_titled(scheme))


def _titled(data: object) -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        # The aspects of a section stand after the section itself, and are what marks name.
        if "key" in data and "title" in data:
            yield str(data["key"]), str(data["title"])
        data = list(data.values())
    if isinstance(data, list):
        for one in data:
            yield from _titled(one)
