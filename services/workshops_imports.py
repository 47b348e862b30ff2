"""Existing workshops from a spreadsheet: read, previewed, and on confirmation all at once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.workshops import Workshop, WorkshopImport, WorkshopPolicy
from rules.refusals import Missing, Refused
from rules.states import RETURN_MOVES, ReturnState, moved
from rules.texts import N_
from rules.workshop_policies import add_years
from rules.workshops import WorkshopState
from services import audits
from services.acting import Actor
from services.histories_newcomers import Newcomers
from services.people import bulk_people
from services.people_employers import bulk_employers, title_key
from services.transaction import transaction
from services.workbooks import Row, read_table
from services.workbooks_writing import write_table
from services.workshops import begin_term
from services.workshops_founding import add_masters
from services.workshops_policies import policy_on, rules_of
from services.workshops_rows import COLUMNS, WorkshopRow, check_together, read_row

KINDS = {column.key: column.kind for column in COLUMNS}


@dataclass(frozen=True)
class Upload:
    """What a file says: its rows, or what is wrong with it as a whole."""

    filename: str
    rows: Sequence[WorkshopRow] = ()
    problems: Sequence[Refused] = ()


def template(say: Callable[[str], str] = str) -> bytes:
    """Write the empty spreadsheet."""
    return write_table(list(COLUMNS), [], say(N_("Workshops")))


def read_upload(data: bytes, filename: str, today: date) -> Upload:
    """Read and check an uploaded file; nothing is stored."""
    table = read_table(data, filename, COLUMNS)
    if table.problems:
        return Upload(filename, problems=table.problems)
    return Upload(filename, _checked(table.rows, today))


def _checked(rows: Sequence[Row], today: date) -> list[WorkshopRow]:
    found = [read_row(row, today) for row in rows]
    titles = set(db.session.scalars(select(Workshop.title)))
    plaques = {text for text in db.session.scalars(select(Workshop.plaque_number)) if text}
    check_together(found, titles, plaques)
    return found


@transaction
def preview_register(by: Actor, upload: Upload) -> int:
    """Keep a read file for confirmation."""
    if by.account_id is None:
        raise Missing(0)
    row = WorkshopImport(
        filename=_safe_name(upload.filename),
        rows=[_packed(one) for one in upload.rows],
        state=ReturnState.PREVIEWED,
        account_id=by.account_id,
        created_at=by.now,
    )
    db.session.add(row)
    db.session.flush()
    after = {"rows": len(upload.rows), "problems": sum(bool(one.problems) for one in upload.rows)}
    audits.record(by, "preview", "workshop_import", row.id, after=after)
    return row.id


@transaction
def confirm_register(by: Actor, import_id: int, *, only_good: bool = False) -> int:
    """Take the workshops of a previewed file into the register; all rows are checked once more."""
    row = locked_import(import_id)
    state = moved(RETURN_MOVES, row.state, ReturnState.CONFIRMED)
    rows = rows_of(row, by.today)
    good = [one for one in rows if not one.problems]
    if not good:
        raise Refused(N_("No row is without an error."))
    if len(good) < len(rows) and not only_good:
        raise Refused(N_("Rows have errors. Correct the file, or import only the good rows."))
    row.made = _store(by, good)
    row.state, row.rows, row.confirmed_at = state, [], by.now
    after = {"workshops": len(good), "left_out": len(rows) - len(good)}
    audits.record(by, "confirm", "workshop_import", row.id, after=after)
    return row.id


def _store(by: Actor, rows: Sequence[WorkshopRow]) -> dict[str, list[int]]:
    """Store workshops with their first term; return the ids of all that is new, by kind."""
    new = Newcomers((row.leader for row in rows), [row.facts["employer"] for row in rows])
    employers = bulk_employers(by, [row.facts["employer"] for row in rows])
    hosts = [employers[title_key(row.facts["employer"])] for row in rows]
    typed = [
        (row.leader, host) for row, host in zip(rows, hosts, strict=True) if row.leader is not None
    ]
    people = bulk_people(by, typed)
    policies: dict[date, WorkshopPolicy] = {}
    workshops = []
    for row, host, leader in zip(rows, hosts, people, strict=True):
        workshop = _workshop(by, row.facts, host, leader)
        starts_on = row.facts["term_from"] or _present_term(row.facts["founded_on"], by.today)
        if starts_on not in policies:
            policies[starts_on] = policy_on(starts_on)
        begin_term(workshop, starts_on, policies[starts_on])
        workshops.append(workshop.id)
    return {"workshops": workshops, **new.made()}


def _present_term(founded_on: date, today: date) -> date:
    """Return when the present term began, where terms have followed each other since."""
    years = rules_of(policy_on(founded_on)).term_years
    start = founded_on
    while add_years(start, years) <= today:
        start = add_years(start, years)
    return start


def _workshop(by: Actor, facts: dict[str, Any], host: int, leader: int) -> Workshop:
    workshop = Workshop(
        title=facts["title"],
        level=facts["level"],
        recognised_by=facts["recognised_by"],
        naming=facts["naming"],
        state=WorkshopState.STANDING,
        leader_id=leader,
        employer_id=host,
        host_kind=facts["host_kind"],
        district=facts["district"],
        occupation=facts["occupation"],
        cluster=facts["cluster"],
        plaque_number=facts["plaque"] or None,
        founded_on=facts["founded_on"],
        taught_before=facts["taught"],
        about=facts["about"],
        imported=True,
        recorded_at=by.now,
    )
    db.session.add(workshop)
    db.session.flush()
    add_masters(workshop, [], facts["founded_on"])
    return workshop


@transaction
def discard_register(by: Actor, import_id: int) -> int:
    """Forget a previewed file."""
    row = locked_import(import_id)
    row.state, row.rows = moved(RETURN_MOVES, row.state, ReturnState.DISCARDED), []
    audits.record(by, "discard", "workshop_import", row.id)
    return row.id


@transaction
def forget_registers(by: Actor, before: datetime) -> int:
    """Forget previews that nobody confirmed: they hold identity numbers. Return how many."""
    query = select(WorkshopImport).where(
        WorkshopImport.state == ReturnState.PREVIEWED, WorkshopImport.created_at < before
    )
    stale = db.session.scalars(query.with_for_update()).all()
    for row in stale:
        row.state, row.rows = moved(RETURN_MOVES, row.state, ReturnState.DISCARDED), []
        audits.record(by, "discard", "workshop_import", row.id)
    return len(stale)


def locked_import(import_id: int) -> WorkshopImport:
    """Part: lock an import; raise Missing."""
    row = db.session.get(WorkshopImport, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(import_id)
    return row


def get_import(import_id: int) -> WorkshopImport:
    """Return an import; raise Missing."""
    query = select(WorkshopImport).options(joinedload(WorkshopImport.account))
    row = db.session.scalar(query.where(WorkshopImport.id == import_id))
    if row is None:
        raise Missing(import_id)
    return row


def waiting_imports(account_id: int) -> Sequence[WorkshopImport]:
    """List the previews of somebody that wait to be confirmed, the newest first."""
    query = select(WorkshopImport).where(
        WorkshopImport.account_id == account_id, WorkshopImport.state == ReturnState.PREVIEWED
    )
    return db.session.scalars(query.order_by(WorkshopImport.id.desc())).all()


def rows_of(row: WorkshopImport, today: date) -> list[WorkshopRow]:
    """Return the rows of a preview, checked against what is stored by now."""
    return _checked([_unpacked(packed) for packed in row.rows], today)


def _packed(row: WorkshopRow) -> list[Any]:
    reading = [[one.message, one.field, audits.plain(one.params)] for one in row.reading]
    days = {key: day and day.isoformat() for key, day in _days(row).items()}
    return [row.number, row.texts, reading, days, row.facts["taught"]]


def _days(row: WorkshopRow) -> dict[str, date | None]:
    return {key: row.facts[key] for key in ("founded_on", "term_from")}


def _unpacked(packed: Sequence[Any]) -> Row:
    number, texts, reading, days, taught = packed
    values: dict[str, Any] = dict(texts)
    values |= {key: day and date.fromisoformat(day) for key, day in days.items()}
    values["taught"] = taught
    problems = [Refused(message, place, **params) for message, place, params in reading]
    return Row(number, values, problems, dict(texts))


def _safe_name(filename: str) -> str:
    """Keep the name of a file without a number that may be somebody's identity."""
    plain = re.sub(r"[\x00-\x1f]", "", filename.replace("\\", "/").rpartition("/")[2])
    return re.sub(r"\d{12,}[Xx]?", "…", plain)[:200]
