"""Old registers of mentorships: read from a spreadsheet, looked at, and brought in as a whole.

Each row is one person-time (R7.12). Limits of today do not bind the past; what no city can allow
is refused there, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import defer

from models.database import db
from models.mentorships import Acceptance, Mentorship, MentorshipImport
from models.workshops import Workshop
from rules.mentorship_registers import Past, PastIndex, read_past
from rules.mentorships import COUNTED, MentorshipState, Outcome, Pair
from rules.people import same_name
from rules.refusals import Missing, Refused
from rules.states import ReturnState
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.histories_newcomers import Newcomers
from services.mentorships import next_numbers
from services.mentorships_parts import last_day_column, lock_checks
from services.pages import PAGE_SIZE, Page
from services.people import OTHER_NAME, bulk_people, chunks, known_people, person_index, table_of
from services.people_employers import bulk_employers, title_key
from services.transaction import transaction
from services.workbooks import Column, Row, read_table
from services.workbooks_writing import write_table

COLUMNS = (
    Column("mentor", ("师傅姓名", "师傅", "Mentor"), required=True),
    Column("mentor_id", ("师傅身份证号", "Identity number of the mentor"), True, "digits"),
    Column("mentor_level", ("师傅等级", "Level of the mentor"), kind="integer"),
    Column("apprentice", ("徒弟姓名", "徒弟", "Apprentice"), required=True),
    Column("apprentice_id", ("徒弟身份证号", "Identity number of the apprentice"), True, "digits"),
    Column("apprentice_level", ("徒弟等级", "Level of the apprentice"), kind="integer"),
    Column("employer", ("单位", "单位名称", "Employer"), required=True),
    Column("occupation", ("职业（工种）", "工种", "Occupation"), required=True),
    Column("skill", ("传授技能", "Skill")),
    Column("workshop", ("工作室", "Workshop")),
    Column("starts_on", ("开始日期", "First day"), True, "date"),
    Column("ends_on", ("结束日期", "Last day"), True, "date"),
    Column("outcome", ("结果", "Outcome")),
    Column("level_gained", ("取得等级", "Level gained"), kind="integer"),
)
Packed = dict[str, Any]


@dataclass
class Line:
    """One row of an upload: what was read, as it is stored, and what is wrong in it."""

    number: int
    texts: dict[str, str]
    past: Past | None = None
    problems: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Upload:
    """What a file says, or what is wrong with it as a whole."""

    filename: str
    lines: Sequence[Line] = ()
    problems: Sequence[Refused] = ()


def template() -> bytes:
    """Write the empty spreadsheet."""
    return write_table(COLUMNS, [], "师带徒台账")


def read_upload(data: bytes, filename: str, today: date) -> Upload:
    """Read and check an uploaded register; nothing is stored."""
    table = read_table(data, filename, COLUMNS)
    if table.problems:
        return Upload(filename, problems=table.problems)
    lines = [_line(row, today) for row in table.rows]
    check_lines(lines)
    return Upload(filename, lines)


def _line(row: Row, today: date) -> Line:
    line = Line(row.number, {key: str(text) for key, text in row.texts.items()})
    line.problems += row.problems
    if not row.problems:
        line.past, problems = read_past(row.values, today)
        line.problems += problems
    return line


def check_lines(lines: Sequence[Line]) -> None:
    """Check all rows against each other and against what the register holds."""
    good = [line for line in lines if line.past is not None and not line.problems]
    known = known_people(person_index(facts.id_number) for line in good for facts in _people(line))
    workshops = _workshops()
    index = PastIndex(_stored({one.id: key for key, one in known.items()}))
    names: dict[str, str] = {}
    for line in good:
        past = line.past
        assert past is not None
        if past.workshop and title_key(past.workshop) not in workshops:
            text = N_("No workshop of this name is registered: %(title)s")
            line.problems.append(Refused(text, "workshop", title=past.workshop))
        for facts in _people(line):
            key = person_index(facts.id_number)
            name = known[key].name if key in known else names.setdefault(key, facts.name)
            if not same_name(name, facts.name):
                line.problems.append(Refused(OTHER_NAME, "id_number"))
        if not line.problems:
            line.problems += index.add(past, line.number, person_index)


def _people(line: Line) -> tuple[Any, Any]:
    assert line.past is not None
    return line.past.mentor, line.past.apprentice


def _workshops() -> dict[str, int]:
    rows = db.session.execute(select(Workshop.title, Workshop.id))
    return {title_key(title): key for title, key in rows}


def _stored(indexes: Mapping[int, str]) -> list[tuple[str, str, Pair]]:
    """Load all counted pairs, each side by its hash where the file names the person."""
    columns = (Mentorship.mentor_id, Mentorship.apprentice_id, Mentorship.starts_on)
    query = select(*columns, last_day_column()).where(Mentorship.state.in_(COUNTED))
    return [
        (indexes.get(a, f"#{a}"), indexes.get(b, f"#{b}"), Pair(a, b, first, last))
        for a, b, first, last in db.session.execute(query)
    ]


@transaction
def preview(by: Actor, upload: Upload) -> int:
    """Keep a read register for confirmation; earlier ones of the same account are forgotten."""
    db.session.execute(
        update(MentorshipImport)
        .where(
            MentorshipImport.account_id == by.account_id,
            MentorshipImport.state == ReturnState.PREVIEWED,
        )
        .values(state=ReturnState.DISCARDED, rows=[])
    )
    row = MentorshipImport(
        filename=upload.filename[:200],
        rows=[_packed(line) for line in upload.lines],
        counts=_counts(upload.lines),
        account_id=by.account_id,
        created_at=by.now,
        state=ReturnState.PREVIEWED,
    )
    db.session.add(row)
    db.session.flush()
    audits.record(by, "preview", "mentorship_import", row.id, after=row.counts)
    return row.id


def _counts(lines: Sequence[Line]) -> dict[str, int]:
    """Count person-times, and persons once each."""
    good = [line.past for line in lines if line.past is not None and not line.problems]
    return {
        "rows": len(lines),
        "problems": sum(bool(line.problems) for line in lines),
        "times": len(good),
        "apprentices": len({one.apprentice.id_number for one in good}),
        "mentors": len({one.mentor.id_number for one in good}),
    }


def _packed(line: Line) -> Packed:
    problems = [[one.message, one.field, audits.plain(one.params)] for one in line.problems]
    return {"number": line.number, "texts": line.texts, "problems": problems}


@transaction
def confirm(by: Actor, import_id: int, *, only_good: bool = False) -> int:
    """Bring a register in: all rows are checked once more, then stored together."""
    lock_checks()
    row = _previewed(import_id)
    lines = [_again(packed, by.today) for packed in row.rows]
    check_lines(lines)
    good = [line for line in lines if not line.problems]
    if len(good) < len(lines) and not only_good:
        raise Refused(N_("Rows have errors. Correct the file, or import only the good rows."))
    if not good:
        raise Refused(N_("No row is without an error."))
    row.made = _store(by, [line.past for line in good if line.past is not None])
    row.counts, row.rows = _counts(lines), []
    row.state, row.confirmed_at = ReturnState.CONFIRMED, by.now
    audits.record(by, "confirm", "mentorship_import", import_id, after=row.counts)
    return import_id


def _again(packed: Packed, today: date) -> Line:
    """Read a stored row anew; what could not be read then cannot be read now."""
    line = Line(packed["number"], packed["texts"])
    line.problems = [Refused(text, place, **more) for text, place, more in packed["problems"]]
    if not line.problems:
        line.past, line.problems = read_past(_typed(line.texts), today)
    return line


def _typed(texts: Mapping[str, str]) -> dict[str, Any]:
    """Turn the texts of a row that was read without a problem into its values."""
    values: dict[str, Any] = dict(texts)
    for column in COLUMNS:
        text = texts.get(column.key, "")
        if column.kind == "date":
            values[column.key] = date.fromisoformat(text)
        elif column.kind == "integer":
            values[column.key] = int(text) if text else None
    return values


def _store(by: Actor, rows: Sequence[Past]) -> dict[str, list[int]]:
    """Store pairs with their outcomes; return the ids of all that is new, by kind."""
    new = Newcomers(
        (person for row in rows for person in (row.mentor, row.apprentice)),
        [row.employer for row in rows],
    )
    people = _person_ids(by, rows)
    employers = bulk_employers(by, dict.fromkeys(row.employer for row in rows))
    workshops = _workshops()
    numbers: dict[int, list[str]] = {}
    for row in rows:
        numbers.setdefault(row.starts_on.year, []).append("")
    numbered = {year: iter(next_numbers(year, len(found))) for year, found in numbers.items()}
    made = [
        _values(by.now, by.account_id, row, next(numbered[row.starts_on.year]))
        | {
            "mentor_id": people[person_index(row.mentor.id_number)],
            "apprentice_id": people[person_index(row.apprentice.id_number)],
            "employer_id": employers[title_key(row.employer)],
            "workshop_id": workshops.get(title_key(row.workshop)) if row.workshop else None,
        }
        for row in rows
    ]
    for chunk in chunks(made):
        db.session.execute(insert(table_of(Mentorship)), list(chunk))
    ids = _store_outcomes(by, {one["number"]: row for one, row in zip(made, rows, strict=True)})
    return {"pairs": sorted(ids.values()), **new.made()}


def _person_ids(by: Actor, rows: Sequence[Past]) -> dict[str, int]:
    """Register who is not known yet; of people who are known nothing is changed."""
    facts = {person_index(p.id_number): p for row in rows for p in (row.mentor, row.apprentice)}
    known = {index: one.id for index, one in known_people(facts).items()}
    new = {index: one for index, one in facts.items() if index not in known}
    made = bulk_people(by, [(one, None) for one in new.values()])
    return known | dict(zip(new, made, strict=True))


def _values(now: datetime, account_id: int | None, row: Past, number: str) -> dict[str, Any]:
    return {
        "number": number,
        "occupation": row.occupation,
        "skill": row.skill or row.occupation,
        "target": "",
        "plan": [],
        "assessment": "",
        "safeguards": "",
        "mentor_level": row.mentor_level,
        "mentor_title": "",
        "apprentice_level": row.apprentice_level,
        "new_kind": False,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "signed_on": row.starts_on,
        "ended_on": None if row.state is MentorshipState.RUNNING else row.ends_on,
        "state": row.state,
        "digest": "",
        "imported": True,
        "created_at": now,
        "created_by_id": account_id,
        "version": 1,
    }


def _store_outcomes(by: Actor, rows: Mapping[str, Past]) -> dict[str, int]:
    """Keep the outcome of pairs that came to their end; return the ids of all by their number."""
    ids: dict[str, int] = {}
    for chunk in chunks(list(rows)):
        query = select(Mentorship.number, Mentorship.id).where(Mentorship.number.in_(chunk))
        ids |= {number: key for number, key in db.session.execute(query)}
    checked = {MentorshipState.ACCEPTED: Outcome.PASSED, MentorshipState.FAILED: Outcome.FAILED}
    made = [
        {
            "mentorship_id": ids[number],
            "held_on": row.ends_on,
            "level_gained": row.level_gained,
            "contest_rank": "",
            "proposed": checked[row.state],
            "recorded_at": by.now,
            "recorded_by_id": by.account_id,
            "outcome": checked[row.state],
            "decided_on": row.ends_on,
        }
        for number, row in rows.items()
        if row.state in checked
    ]
    for chunk in chunks(made):
        db.session.execute(insert(table_of(Acceptance)), list(chunk))
    return ids


@transaction
def discard(by: Actor, import_id: int) -> int:
    """Forget a register that was looked at."""
    row = _previewed(import_id)
    row.state, row.rows = ReturnState.DISCARDED, []
    audits.record(by, "discard", "mentorship_import", import_id)
    return import_id


def locked_import(import_id: int) -> MentorshipImport:
    """Part: lock an import; raise Missing."""
    row = db.session.get(MentorshipImport, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(import_id)
    return row


def _previewed(import_id: int) -> MentorshipImport:
    row = locked_import(import_id)
    if row.state is not ReturnState.PREVIEWED:
        raise Refused(N_("This step is not possible in the present state."))
    return row


def get_import(import_id: int) -> MentorshipImport:
    """Return an upload; raise Missing."""
    row = db.session.get(MentorshipImport, import_id)
    if row is None:
        raise Missing(import_id)
    return row


def list_imports() -> Sequence[MentorshipImport]:
    """List the latest uploads that were not forgotten."""
    query = (
        select(MentorshipImport)
        .options(defer(MentorshipImport.rows))
        .where(MentorshipImport.state != ReturnState.DISCARDED)
        .order_by(MentorshipImport.id.desc())
    )
    return db.session.scalars(query.limit(10)).all()


def lines_of(row: MentorshipImport, number: int = 1) -> Page[Line]:
    """Return a page of the rows of an upload, those with problems first."""
    packed = sorted(row.rows or [], key=lambda one: (not one["problems"], one["number"]))
    shown = [
        Line(
            one["number"],
            one["texts"],
            problems=[Refused(text, place, **more) for text, place, more in one["problems"]],
        )
        for one in packed[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    ]
    return Page(shown, len(packed), number, PAGE_SIZE)
