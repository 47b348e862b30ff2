"""Holders of past years from a spreadsheet: read, looked at, brought in as a whole, undone (R5.03).

People are matched by their identity numbers. Rules of today do not bind the past.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import defer

from models.database import db
from models.honours import Honour
from models.selection_checks import SelectionImport
from models.selection_holders import SelectionBenefit, SelectionHolder, SelectionReport
from models.selections import SelectionProgramme
from rules.honours import HonourKind, HonourSource, HonourVia
from rules.people import same_name
from rules.refusals import Missing, Refused, check_reason
from rules.selection_history import PastHolder, read_past_holder
from rules.selections import BenefitState, HolderState
from rules.states import HONOUR_MOVES, HonourState, ReturnState, moved
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.pages import PAGE_SIZE, Page
from services.people import OTHER_NAME, Known, bulk_people, known_people, person_index
from services.people_employers import bulk_employers, title_key
from services.transaction import transaction
from services.workbooks import Column, Row, read_table
from services.workbooks_writing import write_table

COLUMNS = (
    Column("name", ("姓名", "Name"), required=True),
    Column("id_number", ("身份证号", "Identity number"), True, "digits"),
    Column("employer", ("单位", "单位名称", "Employer"), required=True),
    Column("title", ("称号", "等次", "Title"), required=True),
    Column("year", ("年度", "Year"), True, "integer"),
    Column("starts_on", ("命名日期", "First day"), True, "date"),
    Column("ends_on", ("任期届满日", "Last day"), kind="date"),
    Column("document", ("文号", "Document")),
    Column("of_company", ("企业职工", "是否企业职工", "Company staff")),
)
Packed = dict[str, Any]


@dataclass
class Line:
    """One row of an upload: what was read, as it is stored, and what is wrong in it."""

    number: int
    texts: dict[str, str]
    past: PastHolder | None = None
    problems: list[Refused] = field(default_factory=list)
    # Whom the register knows already.
    known: bool = False


@dataclass(frozen=True)
class Upload:
    """What a file says, or what is wrong with it as a whole."""

    filename: str
    lines: Sequence[Line] = ()
    problems: Sequence[Refused] = ()


def template() -> bytes:
    """Write the empty spreadsheet."""
    return write_table(COLUMNS, [], "历年称号人员")


def read_upload(data: bytes, filename: str, programme_id: int, today: date) -> Upload:
    """Read and check an uploaded list; nothing is stored."""
    table = read_table(data, filename, COLUMNS)
    if table.problems:
        return Upload(filename, problems=table.problems)
    lines = [_line(row, today) for row in table.rows]
    check_lines(lines, programme_id)
    return Upload(filename, lines)


def _line(row: Row, today: date) -> Line:
    line = Line(row.number, {key: str(text) for key, text in row.texts.items()})
    line.problems += row.problems
    if not row.problems:
        line.past, problems = read_past_holder(row.values, today)
        line.problems += problems
    return line


def check_lines(lines: Sequence[Line], programme_id: int) -> None:
    """Check all rows against each other and against what the register holds."""
    good = [line for line in lines if line.past is not None and not line.problems]
    known = known_people(person_index(line.past.person.id_number) for line in good if line.past)
    held = _held(programme_id, {one.id: key for key, one in known.items()})
    names: dict[str, str] = {}
    seen: dict[tuple[str, str, int], int] = {}
    for line in good:
        past = line.past
        assert past is not None
        index = person_index(past.person.id_number)
        line.known = index in known
        line.problems += _line_problems(past, index, known, names)
        key = (index, past.title, past.year)
        if key in held:
            line.problems.append(Refused(N_("The register holds this title already."), "title"))
        elif key in seen:
            text = N_("Row %(number)s says the same.")
            line.problems.append(Refused(text, "title", number=seen[key]))
        seen.setdefault(key, line.number)


def _line_problems(
    past: PastHolder, index: str, known: Mapping[str, Known], names: dict[str, str]
) -> list[Refused]:
    name = known[index].name if index in known else names.setdefault(index, past.person.name)
    same = same_name(name, past.person.name)
    return [] if same else [Refused(OTHER_NAME, "id_number")]


def _held(programme_id: int, indexes: Mapping[int, str]) -> set[tuple[str, str, int]]:
    query = (
        select(SelectionHolder.person_id, Honour.title, SelectionHolder.year)
        .join(Honour, Honour.id == SelectionHolder.honour_id)
        .where(SelectionHolder.programme_id == programme_id)
    )
    return {
        (indexes[person], title, year)
        for person, title, year in db.session.execute(query)
        if person in indexes
    }


@transaction
def preview(by: Actor, programme_id: int, upload: Upload) -> int:
    """Keep a read list for confirmation; earlier ones of the same account are forgotten."""
    programme = selections.get_programme(programme_id)
    db.session.execute(
        update(SelectionImport)
        .where(
            SelectionImport.account_id == by.account_id,
            SelectionImport.round_id.is_(None),
            SelectionImport.state == ReturnState.PREVIEWED,
        )
        .values(state=ReturnState.DISCARDED, rows=[])
    )
    row = SelectionImport(
        programme_id=programme.id,
        filename=upload.filename[:200],
        rows=[_packed(line) for line in upload.lines],
        row_count=len(upload.lines),
        problem_count=sum(bool(line.problems) for line in upload.lines),
        account_id=by.account_id,
        created_at=by.now,
        state=ReturnState.PREVIEWED,
    )
    db.session.add(row)
    db.session.flush()
    after = {"rows": row.row_count, "problems": row.problem_count}
    audits.record(by, "preview", "selection_import", row.id, after=after)
    return row.id


def _packed(line: Line) -> Packed:
    problems = [[one.message, one.field, audits.plain(one.params)] for one in line.problems]
    return {
        "number": line.number, "texts": line.texts, "problems": problems, "known": line.known,
    }  # fmt: skip


@transaction
def confirm(by: Actor, import_id: int, *, only_good: bool = False) -> int:
    """Bring a list in: all rows are checked once more, then stored together."""
    row = _locked(import_id, ReturnState.PREVIEWED)
    programme = selections.lock_programme(row.programme_id)
    lines = [_again(packed, by.today) for packed in row.rows]
    check_lines(lines, programme.id)
    good = [line.past for line in lines if line.past is not None and not line.problems]
    if len(good) < len(lines) and not only_good:
        raise Refused(N_("Rows have errors. Correct the file, or import only the good rows."))
    if not good:
        raise Refused(N_("No row is without an error."))
    row.made = _store(by, row, programme, good)
    row.rows, row.problem_count = [], len(lines) - len(good)
    row.state, row.confirmed_at = ReturnState.CONFIRMED, by.now
    after = {"rows": len(good), "problems": row.problem_count}
    audits.record(by, "confirm", "selection_import", import_id, after=after)
    return import_id


def _again(packed: Packed, today: date) -> Line:
    """Read a stored row anew; what could not be read then cannot be read now."""
    line = Line(packed["number"], packed["texts"])
    stored = [Refused(text, place, **more) for text, place, more in packed["problems"]]
    try:
        line.past, line.problems = read_past_holder(_typed(line.texts), today)
    except (ValueError, KeyError, TypeError):
        line.problems = stored
    return line


def _typed(texts: Mapping[str, str]) -> dict[str, Any]:
    """Turn the texts of a row that was read without a problem into its values."""
    values: dict[str, Any] = dict(texts)
    for column in COLUMNS:
        text = texts.get(column.key, "")
        if column.kind == "date":
            values[column.key] = date.fromisoformat(text) if text else None
        elif column.kind == "integer":
            values[column.key] = int(text) if text else None
    return values


def _store(
    by: Actor, row: SelectionImport, programme: SelectionProgramme, good: Sequence[PastHolder]
) -> list[int]:
    employers = bulk_employers(by, dict.fromkeys(one.employer for one in good))
    people = _person_ids(by, good, employers)
    honours = [
        _honour(by, programme, one, people[person_index(one.person.id_number)]) for one in good
    ]
    db.session.add_all(honours)
    db.session.flush()
    holders = [_holder(by, row, one, honour) for one, honour in zip(good, honours, strict=True)]
    db.session.add_all(holders)
    db.session.flush()
    return [one.id for one in holders]


def _person_ids(
    by: Actor, good: Sequence[PastHolder], employers: Mapping[str, int]
) -> dict[str, int]:
    """Register who is not known yet; of people who are known nothing is changed."""
    facts = {person_index(one.person.id_number): one for one in good}
    known = {index: one.id for index, one in known_people(facts).items()}
    new = {index: one for index, one in facts.items() if index not in known}
    made = bulk_people(
        by, [(one.person, employers[title_key(one.employer)]) for one in new.values()]
    )
    return known | dict(zip(new, made, strict=True))


def _honour(by: Actor, programme: SelectionProgramme, one: PastHolder, person_id: int) -> Honour:
    return Honour(
        person_id=person_id,
        title=one.title,
        kind=HonourKind.TITLE,
        level=programme.level,
        granted_by=programme.organiser,
        granted_on=one.starts_on,
        programme=programme.title,
        year=one.year,
        via=HonourVia.SELECTION,
        source=HonourSource.HISTORY,
        document=one.document,
        employer=one.employer,
        of_company=one.of_company,
        state=HonourState.STANDING,
        recorded_at=by.now,
        recorded_by_id=by.account_id,
    )


def _holder(by: Actor, row: SelectionImport, one: PastHolder, honour: Honour) -> SelectionHolder:
    over = one.ends_on is not None and one.ends_on < by.today
    return SelectionHolder(
        programme_id=row.programme_id,
        honour_id=honour.id,
        person_id=honour.person_id,
        tier="",
        year=one.year,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        state=HolderState.ENDED if over else HolderState.RUNNING,
        ended_on=one.ends_on if over else None,
        import_id=row.id,
    )


@transaction
def discard(by: Actor, import_id: int) -> int:
    """Forget a list that was looked at."""
    row = _locked(import_id, ReturnState.PREVIEWED)
    row.state, row.rows = ReturnState.DISCARDED, []
    audits.record(by, "discard", "selection_import", import_id)
    return import_id


@transaction
def undo(by: Actor, import_id: int, *, reason: str) -> int:
    """Take a whole list back out, unless something was built on it since; people stay."""
    check_reason(reason)
    row = _locked(import_id, ReturnState.CONFIRMED)
    query = select(SelectionHolder).where(SelectionHolder.import_id == import_id)
    holders = db.session.scalars(query.with_for_update(of=SelectionHolder)).all()
    ids = [one.id for one in holders]
    if any(one.state is HolderState.REVOKED or one.revoking_at for one in holders) or _used(ids):
        raise Refused(N_("Titles of this list have reports, benefits or a revocation; it stays."))
    for holder in holders:
        honour = db.session.get_one(Honour, holder.honour_id, with_for_update=True)
        honour.state = moved(HONOUR_MOVES, honour.state, HonourState.SUPERSEDED)
        honour.changed_at, honour.reason = by.now, reason.strip()
        db.session.delete(holder)
    row.state = ReturnState.UNDONE
    after = {"rows": len(ids), "reason": reason.strip()}
    audits.record(by, "undo", "selection_import", import_id, after=after)
    return import_id


def _used(ids: Sequence[int]) -> bool:
    report = exists().where(SelectionReport.holder_id.in_(ids))
    benefit = exists().where(
        SelectionBenefit.holder_id.in_(ids), SelectionBenefit.state != BenefitState.CANCELLED
    )
    return bool(db.session.scalar(select(report | benefit)))


def _locked(import_id: int, state: ReturnState) -> SelectionImport:
    row = db.session.get(SelectionImport, import_id, with_for_update=True, populate_existing=True)
    if row is None or row.round_id is not None:
        raise Missing(import_id)
    if row.state is not state:
        raise Refused(N_("This step is not possible in the present state."))
    return row


def get_import(import_id: int) -> SelectionImport:
    """Return an uploaded list of holders; raise Missing."""
    row = db.session.get(SelectionImport, import_id)
    if row is None or row.round_id is not None:
        raise Missing(import_id)
    return row


def list_imports() -> Sequence[tuple[SelectionImport, str]]:
    """List the latest lists that were not forgotten, with their programmes."""
    query = (
        select(SelectionImport, SelectionProgramme.title)
        .join(SelectionProgramme, SelectionProgramme.id == SelectionImport.programme_id)
        .options(defer(SelectionImport.rows))
        .where(SelectionImport.round_id.is_(None))
        .where(SelectionImport.state != ReturnState.DISCARDED)
        .order_by(SelectionImport.id.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(query.limit(20))]


def lines_of(row: SelectionImport, number: int = 1) -> Page[Line]:
    """Return a page of the rows of an upload, those with problems first."""
    packed = sorted(row.rows or [], key=lambda one: (not one["problems"], one["number"]))
    shown = [
        Line(
            one["number"],
            one["texts"],
            problems=[Refused(text, place, **more) for text, place, more in one["problems"]],
            known=one.get("known", False),
        )
        for one in packed[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    ]
    return Page(shown, len(packed), number, PAGE_SIZE)
