"""Lists of the past: uploaded, columns chosen, looked at, brought in as a whole, undone (issue 9).

Nothing of a list counts before somebody confirms it.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.database import db
from models.histories import HistoryImport
from rules.histories import HISTORY_MOVES, HistoryKind, HistoryState
from rules.histories_matches import NOBODY
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits, histories_lines, histories_undoing
from services.acting import Actor
from services.histories_columns import (
    COLUMNS,
    Choice,
    Choices,
    check_choices,
    headings_of,
    packed_grid,
    read_rows,
    unpacked_grid,
)
from services.histories_lines import Line, counts_of, packed
from services.histories_storing import store
from services.transaction import transaction
from services.workbooks import find_headings, read_grid

SUBJECT = "history_import"
SAME_FILE = N_("This file was brought in already.")
NOT_SETTLED = N_("Rows have errors or wait for a decision. Settle them, or leave them out.")
WAITS = (HistoryState.UPLOADED, HistoryState.PREVIEWED)


@transaction
def upload(by: Actor, kind: HistoryKind, data: bytes, filename: str) -> int:
    """Read the cells of a list, propose its columns, and keep both until they are confirmed."""
    digest = hashlib.sha256(data).hexdigest()
    same = select(HistoryImport.id).where(
        HistoryImport.digest == digest, HistoryImport.state == HistoryState.CONFIRMED
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused(SAME_FILE, "file")
    grid = read_grid(data)
    header, found = find_headings(grid, COLUMNS[kind])
    row = HistoryImport(
        kind=kind,
        filename=_safe_name(filename),
        digest=digest,
        header_row=header,
        headings=[list(one) for one in headings_of(grid, header)],
        columns={key: [place, ""] for key, place in found.items()},
        cells=packed_grid(grid),
        rows=[],
        decisions={},
        counts={},
        made={},
        account_id=by.account_id,
        created_at=by.now,
    )
    db.session.add(row)
    db.session.flush()
    audits.record(by, "upload_history", SUBJECT, row.id, after={"kind": kind, "digest": digest})
    return row.id


def _safe_name(filename: str) -> str:
    """Keep the name of a file without a number that may be somebody's identity."""
    plain = re.sub(r"[\x00-\x1f]", "", filename.replace("\\", "/").rpartition("/")[2])
    return re.sub(r"\d{12,}[Xx]?", "…", plain)[:200]


@transaction
def choose_columns(by: Actor, import_id: int, choices: Choices) -> int:
    """Say where each column stands, and read the rows by it."""
    row = locked(import_id)
    row.state = moved(HISTORY_MOVES, row.state, HistoryState.PREVIEWED)
    check_choices(row.kind, choices, row.headings)
    row.columns = {key: [one.place, one.text] for key, one in choices.items()}
    row.decisions = {}
    _look(by, row)
    audits.record(by, "preview", SUBJECT, row.id, after=row.counts)
    return row.id


def choices_of(row: HistoryImport) -> dict[str, Choice]:
    """Return the columns as they were chosen or proposed."""
    return {key: Choice(place, text) for key, (place, text) in row.columns.items()}


def _look(by: Actor, row: HistoryImport) -> list[Line]:
    """Read all rows anew and keep what the page shows of them."""
    grid = unpacked_grid(row.cells)
    table = read_rows(row.kind, grid, row.header_row, choices_of(row))
    if table.problems:
        raise table.problems[0]
    decisions = {int(number): key for number, key in row.decisions.items()}
    lines = histories_lines.read_lines(row.kind, table.rows, decisions, by.today)
    row.rows = [packed(line) for line in lines]
    row.counts = counts_of(lines)
    return lines


@transaction
def decide(by: Actor, import_id: int, decisions: Mapping[int, int | None]) -> int:
    """Say who is meant in rows without an identity number; None takes a decision back."""
    row = _previewed(import_id)
    known = {one["number"]: {found[0] for found in one["candidates"]} for one in row.rows}
    kept = dict(row.decisions)
    for number, person in decisions.items():
        if person is not None and person != NOBODY and person not in known.get(number, ()):
            raise Missing(person)
        if person is None:
            kept.pop(str(number), None)
        else:
            kept[str(number)] = person
    row.decisions = kept
    _look(by, row)
    audits.record(by, "match_history", SUBJECT, row.id, after={"rows": sorted(decisions)})
    return row.id


@transaction
def take_proposals(by: Actor, import_id: int) -> int:
    """Decide all rows in which employer or birth date speak for just one person."""
    row = _previewed(import_id)
    found = {str(number): key for number, key in histories_lines.proposals(row.rows)}
    if not found:
        raise Refused(N_("No row has just one person who fits."))
    row.decisions = row.decisions | found
    _look(by, row)
    audits.record(by, "match_history", SUBJECT, row.id, after={"rows": sorted(map(int, found))})
    return row.id


@transaction
def confirm(by: Actor, import_id: int, *, only_good: bool = False) -> int:
    """Bring a list in: all rows are read and checked once more, then stored together."""
    row = _previewed(import_id)
    lines = _look(by, row)
    good = [line for line in lines if line.is_good]
    if len(good) < len(lines) and not only_good:
        raise Refused(
            N_("Rows have errors or wait for a decision. Settle them, or leave them out.")
        )
    if not good:
        raise Refused(N_("No row is without an error."))
    row.made = store(by, row, good)
    row.state = moved(HISTORY_MOVES, row.state, HistoryState.CONFIRMED)
    row.cells, row.rows, row.decisions = {}, [], {}
    row.settled_at, row.settled_by_id = by.now, by.account_id
    after = row.counts | {f"made_{name}": len(ids) for name, ids in row.made.items()}
    audits.record(by, "confirm", SUBJECT, import_id, after=after)
    return import_id


@transaction
def discard(by: Actor, import_id: int) -> int:
    """Forget a list that was not brought in, with all that it said."""
    row = locked(import_id)
    _forget(by, row)
    return import_id


def _forget(by: Actor, row: HistoryImport) -> None:
    row.state = moved(HISTORY_MOVES, row.state, HistoryState.DISCARDED)
    row.cells, row.rows, row.decisions = {}, [], {}
    audits.record(by, "discard", SUBJECT, row.id)


@transaction
def forget_stale(by: Actor, before: datetime) -> int:
    """Forget lists that nobody confirmed: they hold identity numbers. Return how many."""
    query = select(HistoryImport).where(
        HistoryImport.state.in_(WAITS), HistoryImport.created_at < before
    )
    rows = db.session.scalars(query.with_for_update(of=HistoryImport)).all()
    for row in rows:
        _forget(by, row)
    return len(rows)


@transaction
def undo(by: Actor, import_id: int, *, reason: str) -> int:
    """Take a whole list back out, unless something was built on it since."""
    check_reason(reason)
    row = locked(import_id)
    row.state = moved(HISTORY_MOVES, row.state, HistoryState.UNDONE)
    histories_undoing.check_free(row)
    db.session.flush()
    gone = histories_undoing.take_out(row)
    row.made, row.reason = {}, reason.strip()
    row.settled_at, row.settled_by_id = by.now, by.account_id
    after: dict[str, Any] = {**gone, "reason": reason.strip()}
    audits.record(by, "undo", SUBJECT, import_id, after=after)
    return import_id


def locked(import_id: int) -> HistoryImport:
    """Part: lock a list; raise Missing."""
    row = db.session.get(HistoryImport, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(import_id)
    return row


def _previewed(import_id: int) -> HistoryImport:
    row = locked(import_id)
    if row.state is not HistoryState.PREVIEWED:
        raise Refused(N_("This step is not possible in the present state."))
    return row


def get_import(import_id: int) -> HistoryImport:
    """Return a list; raise Missing."""
    row = db.session.get(HistoryImport, import_id)
    if row is None:
        raise Missing(import_id)
    return row
