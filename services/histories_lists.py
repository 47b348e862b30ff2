"""All lists of past years that were brought in, of every kind, and what one of ours holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.histories import (
    HistoryEdition,
    HistoryEntry,
    HistoryEvent,
    HistoryImport,
    HistoryMember,
)
from models.mentorships import MentorshipImport
from models.provincial import ProvincialImport
from models.selection_checks import SelectionImport
from models.workshops import WorkshopImport
from rules.histories import HistoryState
from rules.histories_matches import HistoryMatch
from rules.provincial import ProvincialImportKind
from services.histories_held import not_held_here
from services.pages import Page

MOST = 100


class HistorySubject(StrEnum):
    """What a list of past years tells of, and so on which pages it is brought in."""

    EDITIONS = "editions"
    HONOURS = "honours"
    HOLDERS = "holders"
    WORKSHOPS = "workshops"
    MENTORSHIPS = "mentorships"
    PROVINCIAL = "provincial"


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of past years."""

    subject: HistorySubject
    id: int
    filename: str
    created_at: datetime
    state: Enum
    rows: int | None


def list_all() -> Sequence[Listed]:
    """List the latest lists of all kinds that were not forgotten, the newest first."""
    found = [*_own(), *_others()]
    return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)[:MOST]


def _own() -> Iterator[Listed]:
    query = select(HistoryImport).where(HistoryImport.state != HistoryState.DISCARDED)
    for row in db.session.scalars(query.order_by(HistoryImport.id.desc()).limit(MOST)):
        count = row.counts.get("rows")
        yield Listed(
            HistorySubject(row.kind.value), row.id, row.filename, row.created_at, row.state, count
        )


def _others() -> Iterator[Listed]:
    holders = SelectionImport.round_id.is_(None)
    past = ProvincialImport.kind == ProvincialImportKind.HISTORY
    tables: tuple[tuple[HistorySubject, Any, Any, tuple[Any, ...]], ...] = (
        (HistorySubject.HOLDERS, SelectionImport, SelectionImport.row_count, (holders,)),
        (HistorySubject.WORKSHOPS, WorkshopImport, None, ()),
        (HistorySubject.MENTORSHIPS, MentorshipImport, MentorshipImport.counts, ()),
        (HistorySubject.PROVINCIAL, ProvincialImport, ProvincialImport.row_count, (past,)),
    )
    for subject, model, count, only in tables:
        columns = [model.id, model.filename, model.created_at, model.state]
        query = select(*columns, *([] if count is None else [count])).where(*only)
        for key, name, at, state, *rest in db.session.execute(
            query.order_by(model.id.desc()).limit(MOST)
        ):
            if state.value != "discarded":
                yield Listed(subject, key, name, at, state, _count(rest))


def _count(rest: Sequence[Any]) -> int | None:
    found = rest[0] if rest else None
    return found.get("rows") if isinstance(found, dict) else found


class Shown(StrEnum):
    """Which rows of a preview are shown."""

    ALL = "all"
    PROBLEMS = "problems"
    OPEN = "open"
    DECIDED = "decided"


def page_of_rows(row: HistoryImport, shown: Shown, number: int, size: int) -> Page[dict[str, Any]]:
    """Return a page of the rows of a preview: with problems and undecided ones first."""
    found = [one for one in row.rows or [] if _fits(one, shown)]
    found.sort(key=lambda one: (not one["problems"], one["match"] != "open", one["number"]))
    number = max(1, min(number, -(-len(found) // size) or 1))
    return Page(found[(number - 1) * size : number * size], len(found), number, size)


def _fits(row: dict[str, Any], shown: Shown) -> bool:
    if shown is Shown.PROBLEMS:
        return bool(row["problems"])
    if shown is Shown.OPEN:
        return bool(row["match"] == str(HistoryMatch.OPEN))
    if shown is Shown.DECIDED:
        return bool(row["candidates"]) and row["match"] != str(HistoryMatch.OPEN)
    return True


@dataclass(frozen=True, slots=True)
class EditionLine:
    """What the register holds of a past edition; `counts`: it was not held here as well."""

    title: str
    year: int
    level: str
    events: int
    entries: int
    entrants: int
    prizes: int
    counts: bool


def editions_of(import_id: int) -> list[EditionLine]:
    """List the editions to which a list added entries, with what the register holds of each."""
    mine = (
        select(HistoryEvent.edition_id)
        .join(HistoryEntry, HistoryEntry.event_id == HistoryEvent.id)
        .where(HistoryEntry.import_id == import_id)
    )
    query = (
        select(
            HistoryEdition.title,
            HistoryEdition.year,
            HistoryEdition.level,
            func.count(func.distinct(HistoryEvent.id)),
            func.count(func.distinct(HistoryEntry.id)),
            func.count(HistoryMember.id),
            func.count(HistoryMember.id).filter(HistoryEntry.prize != ""),
            not_held_here(),
        )
        .join(HistoryEvent, HistoryEvent.edition_id == HistoryEdition.id)
        .join(HistoryEntry, HistoryEntry.event_id == HistoryEvent.id)
        .join(HistoryMember, HistoryMember.entry_id == HistoryEntry.id)
        .where(HistoryEdition.id.in_(mine))
        .group_by(
            HistoryEdition.id, HistoryEdition.title, HistoryEdition.year, HistoryEdition.level
        )
        .order_by(HistoryEdition.year, HistoryEdition.title)
    )
    return [EditionLine(*row) for row in db.session.execute(query)]
