"""Entries from a spreadsheet: read, preview, and on confirmation all at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from models.contests import Contest, Event
from models.database import db
from models.entries import ImportBatch
from rules.plans import EditionRules
from rules.refusals import Missing, Refused
from rules.states import IMPORT_MOVES, EntryState, ImportState, moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.entries import Standing, window_of
from services.entries_bulk import NewEntry, add_entries, people_entered
from services.entries_rows import (
    KEYS,
    EntryRow,
    EventFacts,
    Frame,
    block_teams,
    check_rows,
    check_stored,
    columns,
    read_row,
)
from services.pages import PAGE_SIZE, Page
from services.people import bulk_people, entry_title, known_people
from services.people_employers import bulk_employers, employer_choices, tidy_title, title_key
from services.transaction import transaction
from services.workbooks import Column, read_table
from services.workbooks_writing import write_table

CHANGED = N_("Rows have errors. Correct the file, or import only the good rows.")
NO_GOOD_ROWS = N_("No row is without an error.")


@dataclass(frozen=True)
class Upload:
    """What a file says: its rows, checked, or what is wrong with the file as a whole."""

    filename: str
    rows: Sequence[EntryRow] = ()
    problems: Sequence[Refused] = ()
    ignored: Sequence[str] = ()


@dataclass(frozen=True)
class Preview:
    """An import as it is shown: a page of its rows, those with errors first."""

    batch: ImportBatch
    page: Page[EntryRow]
    new_employers: Sequence[str] = ()

    @property
    def good(self) -> int:
        """Return how many rows have no error."""
        return self.page.total - self.batch.problem_count


@dataclass
class _Ready:
    """The rows of an import after the check, by entry."""

    frame: Frame
    groups: list[list[EntryRow]] = field(default_factory=list)


def template(
    contest: Contest, is_official: bool, chinese: bool, say: Callable[[str], str] = str
) -> bytes:
    """Write the empty spreadsheet of a contest, with its events and divisions to choose from."""
    events = [event.title for event in contest.events]
    divisions = dict.fromkeys(d.title for event in contest.events for d in event.divisions)
    choices = {"event": events, "division": list(divisions)}
    shape = columns(chinese, is_official, choices, say)
    return write_table(shape, [], say(N_("Entries")), [contest.title, say(NOTE)], say(N_("Help")))


NOTE = N_("One row for each person. Do not merge cells, and leave the headings as they are.")


def read_upload(
    contest: Contest, standing: Standing, data: bytes, filename: str, today: date, chinese: bool
) -> Upload:
    """Read and check an uploaded file; nothing is stored, and nothing reaches the disk."""
    table = read_table(data, filename, columns(chinese, standing.is_official))
    if table.problems:
        return Upload(filename, problems=table.problems)
    rows = [read_row(row) for row in table.rows]
    _check(contest, standing, rows, today)
    return Upload(filename, rows, ignored=table.ignored)


@transaction
def preview(by: Actor, contest_id: int, standing: Standing, upload: Upload) -> int:
    """Keep a read file for confirmation; earlier ones of the same account are forgotten."""
    if by.account_id is None:
        raise Missing(contest_id)
    _discard_older(by.account_id, contest_id)
    batch = ImportBatch(
        contest_id=contest_id,
        employer_id=standing.employer_id,
        account_id=by.account_id,
        filename=_safe_name(upload.filename),
        rows=_packed_rows(upload.rows, standing),
        row_count=len(upload.rows),
        problem_count=sum(bool(row.problems) for row in upload.rows),
        created_at=by.now,
    )
    db.session.add(batch)
    db.session.flush()
    after = {"rows": batch.row_count, "problems": batch.problem_count}
    audits.record(by, "preview", "import", batch.id, contest_id=contest_id, after=after)
    return batch.id


@transaction
def confirm(by: Actor, import_id: int, standing: Standing, only_good: bool = False) -> int:
    """Import a previewed file: all rows are checked once more, then all are stored together."""
    batch = _locked_batch(import_id)
    state = moved(IMPORT_MOVES, batch.state, ImportState.CONFIRMED)
    _lock_events(batch.contest_id)
    rows = _unpacked_rows(batch)
    ready = _check(batch.contest, standing, rows, by.today)
    groups = [group for group in ready.groups if not any(row.problems for row in group)]
    if not groups:
        raise Refused(NO_GOOD_ROWS)
    if len(groups) < len(ready.groups) and not only_good:
        raise Refused(CHANGED)
    batch.state, batch.rows = state, []
    batch.row_count = sum(len(group) for group in groups)
    batch.problem_count = len(rows) - batch.row_count
    after = {"rows": batch.row_count, "entries": len(groups)}
    contest_id = batch.contest_id
    audits.record(by, "confirm", "import", import_id, contest_id=contest_id, after=after)
    ids = _store(by, ready.frame, groups)
    audits.record_many(
        by, "enter", "entry", ids, contest_id=contest_id, after={"import": import_id}
    )
    return import_id


@transaction
def check_again(by: Actor, import_id: int, standing: Standing) -> int:
    """Check a preview against what is stored by now, so that it shows why it cannot be imported."""
    batch = _locked_batch(import_id)
    if batch.state is ImportState.PREVIEWED:
        rows = _unpacked_rows(batch)
        _check(batch.contest, standing, rows, by.today)
        batch.rows = _packed_rows(rows, standing)
        batch.problem_count = sum(bool(row.problems) for row in rows)
        after = {"problems": batch.problem_count}
        contest_id = batch.contest_id
        audits.record(by, "check", "import", import_id, contest_id=contest_id, after=after)
    return import_id


@transaction
def discard(by: Actor, import_id: int) -> int:
    """Forget a previewed file."""
    batch = _locked_batch(import_id)
    batch.state, batch.rows = moved(IMPORT_MOVES, batch.state, ImportState.DISCARDED), []
    audits.record(by, "discard", "import", import_id, contest_id=batch.contest_id)
    return import_id


@transaction
def forget_stale(by: Actor, before: datetime) -> int:
    """Forget previews that nobody confirmed: they hold identity numbers. Return how many."""
    waiting = ImportBatch.state == ImportState.PREVIEWED
    query = select(ImportBatch).where(waiting, ImportBatch.created_at < before)
    stale = db.session.scalars(query.with_for_update()).all()
    for batch in stale:
        batch.state, batch.rows = moved(IMPORT_MOVES, batch.state, ImportState.DISCARDED), []
        audits.record(by, "discard", "import", batch.id, contest_id=batch.contest_id)
    return len(stale)


def get_batch(import_id: int) -> ImportBatch:
    """Return an import with its contest; raise Missing."""
    query = select(ImportBatch).options(joinedload(ImportBatch.contest))
    batch = db.session.scalar(query.where(ImportBatch.id == import_id))
    if batch is None:
        raise Missing(import_id)
    return batch


def get_preview(import_id: int, number: int = 1, size: int = PAGE_SIZE) -> Preview:
    """Return an import with one page of its rows; raise Missing."""
    batch = get_batch(import_id)
    stored = batch.rows or _NOTHING
    total = len(stored["rows"])
    number = max(1, min(number, -(-total // size) or 1))
    part = stored["rows"][(number - 1) * size : number * size]
    page = Page([_unpacked(packed) for packed in part], total, number, size)
    return Preview(batch, page, stored["new_employers"])


def problem_sheet(batch: ImportBatch, chinese: bool, say: Callable[[Refused], str]) -> bytes:
    """Write the rows with errors as a spreadsheet that can be corrected and uploaded."""
    shape = columns(chinese, batch.employer_id is None)
    title = "错误说明" if chinese else "Errors"
    rows = (
        {**row.texts, "problems": " ".join(say(problem) for problem in row.problems)}
        for row in _unpacked_rows(batch)
        if row.problems
    )
    as_text = [replace(column, kind="text") for column in shape]
    return write_table([*as_text, Column("problems", (title,))], rows, title)


def _check(contest: Contest, standing: Standing, rows: Sequence[EntryRow], today: date) -> _Ready:
    frame = _frame(contest, standing, today)
    ready = _Ready(frame, check_rows(rows, frame))
    known = known_people(row.index for row in rows if row.facts)
    events = {event.id for event in frame.events.values()}
    entered = people_entered(events, [person.id for person in known.values()])
    check_stored(rows, known, entered)
    block_teams(ready.groups)
    return ready


def _frame(contest: Contest, standing: Standing, today: date) -> Frame:
    events: dict[str, EventFacts] = {}
    for event in contest.events:
        facts = _event_facts(event, standing, today)
        events |= {title_key(event.code): facts, title_key(event.title): facts}
    rules = EditionRules.model_validate(contest.rules)
    return Frame(rules, today, events, standing.is_official, standing.employer_id)


def _event_facts(event: Event, standing: Standing, today: date) -> EventFacts:
    divisions = {title_key(d.code): d.id for d in event.divisions}
    divisions |= {title_key(d.title): d.id for d in event.divisions}
    is_open = window_of(event, standing.is_official).problem(today) is None
    return EventFacts(event.id, event.code, event.title, event.team_size, is_open, divisions)


def _store(by: Actor, frame: Frame, groups: Sequence[Sequence[EntryRow]]) -> list[int]:
    employers = _employers(by, frame, groups)
    typed = [
        (row.facts, employers[title_key(row.texts["employer"])])
        for group in groups
        for row in group
        if row.facts is not None
    ]
    people = iter(bulk_people(by, typed))
    codes = {event.id: event.code for event in frame.events.values()}
    return add_entries(by, codes, [_entry(group, people, employers) for group in groups])


def _employers(
    by: Actor, frame: Frame, groups: Sequence[Sequence[EntryRow]]
) -> Mapping[str, int | None]:
    """Return the employer of every text that stands in the employer column."""
    texts = {row.texts["employer"] for group in groups for row in group}
    if not frame.takes_employers:
        return {title_key(text): frame.own_employer for text in texts}
    known = bulk_employers(by, [text for text in texts if text])
    return {title_key(text): known[title_key(text)] if text else None for text in texts}


def _entry(group: Sequence[EntryRow], people: Any, employers: Mapping[str, int | None]) -> NewEntry:
    first = group[0]
    if first.event is None or first.division_id is None:
        raise ValueError("a row without an error has an event and a division")
    title = entry_title(row.facts.name for row in group if row.facts is not None)
    ids = tuple(next(people) for _ in group)
    employer_id = employers[title_key(first.texts["employer"])]
    return NewEntry(
        first.event.id, first.division_id, employer_id, title, ids, EntryState.SUBMITTED
    )


def _locked_batch(import_id: int) -> ImportBatch:
    batch = db.session.get(ImportBatch, import_id, with_for_update=True)
    if batch is None:
        raise Missing(import_id)
    return batch


def _lock_events(contest_id: int) -> None:
    query = select(Event.id).where(Event.contest_id == contest_id).order_by(Event.id)
    db.session.execute(query.with_for_update()).all()


def _discard_older(account_id: int, contest_id: int) -> None:
    """Forget previews that were never confirmed: they hold personal data."""
    db.session.execute(
        update(ImportBatch)
        .where(
            ImportBatch.account_id == account_id,
            ImportBatch.contest_id == contest_id,
            ImportBatch.state == ImportState.PREVIEWED,
        )
        .values(state=ImportState.DISCARDED, rows=[])
    )


def _safe_name(filename: str) -> str:
    """Keep the name of a file without a number that may be somebody's identity."""
    plain = re.sub(r"[\x00-\x1f]", "", filename.replace("\\", "/").rpartition("/")[2])
    return re.sub(r"\d{12,}[Xx]?", "…", plain)[:200]


Packed = tuple[int, Sequence[str], Sequence[Any], Sequence[Any]]


_NOTHING: dict[str, list[Any]] = {"rows": [], "new_employers": []}


def _packed_rows(rows: Sequence[EntryRow], standing: Standing) -> dict[str, list[Any]]:
    """Put rows with errors first, and name the employers that the import would register."""
    ordered = sorted(rows, key=lambda row: (not row.problems, row.number))
    new = _new_employers(rows) if standing.is_official else []
    return {"rows": [_packed(row) for row in ordered], "new_employers": new}


def _new_employers(rows: Sequence[EntryRow]) -> list[str]:
    known = {title_key(title) for _, title in employer_choices()}
    typed = {title_key(row.texts["employer"]): row.texts["employer"] for row in rows}
    return [tidy_title(text) for key, text in typed.items() if text and key not in known]


def _unpacked_rows(batch: ImportBatch) -> list[EntryRow]:
    """Return the rows in the order of the file."""
    rows = [_unpacked(packed) for packed in (batch.rows or _NOTHING)["rows"]]
    return sorted(rows, key=lambda row: row.number)


def _packed(row: EntryRow) -> Packed:
    texts = [row.texts[key] for key in KEYS]
    reading = [_packed_problem(problem) for problem in row.reading]
    return (row.number, texts, reading, [_packed_problem(problem) for problem in row.problems])


def _packed_problem(problem: Refused) -> list[Any]:
    return [problem.message, problem.field, audits.plain(problem.params)]


def _unpacked(packed: Packed) -> EntryRow:
    number, texts, reading, problems = packed
    row = EntryRow(number, dict(zip(KEYS, texts, strict=True)))
    row.reading = [Refused(message, place, **params) for message, place, params in reading]
    row.problems = [Refused(message, place, **params) for message, place, params in problems]
    return row
