"""Lists of levels as the spreadsheet that an assessment body asks for, and its columns."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from models.awards import LevelGrant
from models.contests import Contest, Division, Event
from models.database import db
from models.entries import Entry
from models.levels import LevelLayout, LevelLine, LevelList, PersonLevel
from models.people import Employer, Person
from models.results import Result
from rules.level_layouts import Layout, LayoutColumn, LevelField, usual_layout
from rules.plans import PRACTICAL, THEORY
from rules.refusals import Refused
from rules.states import LEVEL_LIST_MOVES, LevelListState, moved
from rules.texts import N_
from services import audits, levels
from services.acting import Actor
from services.saved_columns import save_columns
from services.transaction import transaction
from services.workbooks import Column
from services.workbooks_cells import Kind
from services.workbooks_writing import write_table

Say = Callable[[str], str]

_KINDS: dict[LevelField, Kind] = {
    LevelField.SERIAL: "integer",
    LevelField.ID_NUMBER: "digits",
    LevelField.PHONE: "digits",
    LevelField.BIRTH_DATE: "date",
    LevelField.CERTIFIED_ON: "date",
    LevelField.CERTIFICATE_NUMBER: "digits",
    LevelField.LEVEL_NUMBER: "integer",
    LevelField.THEORY: "decimal",
    LevelField.PRACTICAL: "decimal",
    LevelField.TOTAL: "decimal",
    LevelField.RANK: "integer",
}


class Words(NamedTuple):
    """How the program says coded values in the language of the file."""

    say: Say
    level: Callable[[int | None], str]
    sex: Callable[[str | None], str]
    id_kind: Callable[[str], str]


@transaction
def save_layout(
    by: Actor, layout_id: int | None, *, title: str, layout: Layout, version: int | None = None
) -> int:
    """Store the columns of an assessment body under a title, as new or in place of the old."""
    found = LevelLayout() if layout_id is None else levels.get_layout(layout_id)
    return save_columns(by, found, title, layout.model_dump(mode="json")["columns"], version)


def list_layouts() -> Sequence[LevelLayout]:
    """List the saved columns by title."""
    return db.session.scalars(select(LevelLayout).order_by(LevelLayout.title)).all()


def layout_of(stored: LevelLayout | None) -> Layout:
    """Return saved columns, or the usual ones."""
    if stored is None:
        return usual_layout()
    return Layout.model_validate({"columns": stored.columns})


@transaction
def export(by: Actor, list_id: int, layout_id: int | None, words: Words) -> bytes:
    """Write an approved list with identity numbers; the first time it counts as sent.

    The record says how many rows went out and the digest of the file, never what stood in it.
    """
    found = levels.locked_list(list_id)
    sent = (LevelListState.SENT, LevelListState.CLOSED)
    if found.state not in (LevelListState.APPROVED, *sent):
        raise Refused(N_("A list goes to the assessment body once it is approved."))
    levels.check_standing(found)
    if levels.digest_of(found) != found.digest:
        raise Refused(N_("This list is no longer what was approved."))
    stored = None if layout_id is None else levels.get_layout(layout_id)
    made, count = write_list(found, layout_of(stored), words)
    if found.state is LevelListState.APPROVED:
        found.state = moved(LEVEL_LIST_MOVES, found.state, LevelListState.SENT)
        found.sent_at = by.now
    found.layout_id = layout_id
    after = {"rows": count, "sha256": hashlib.sha256(made).hexdigest(), "layout": layout_id}
    audits.record(by, "export", "level_list", list_id, contest_id=found.contest_id, after=after)
    return made


def write_list(found: LevelList, layout: Layout, words: Words) -> tuple[bytes, int]:
    """Write the active lines of a list in these columns; return the file and how many there are."""
    columns = [_column(place, one) for place, one in enumerate(layout.columns)]
    rows = [
        _cells(layout.columns, number, row, words)
        for number, row in enumerate(db.session.execute(_lines(found.id)), start=1)
    ]
    title = words.say(N_("Level list"))
    return write_table(columns, rows, f"{title} {found.number}"), len(rows)


def _column(place: int, one: LayoutColumn) -> Column:
    return Column(f"c{place}", (one.heading,), kind=_KINDS.get(one.field, "text"))


def _lines(list_id: int) -> Any:
    return (
        select(
            LevelLine.level,
            LevelLine.occupation,
            LevelGrant.reason,
            Person,
            Employer.title.label("employer"),
            Event.title.label("event"),
            Contest.title.label("contest"),
            Division.title.label("division"),
            Result.total,
            Result.rank,
            Result.parts,
            PersonLevel.certificate_number,
            PersonLevel.granted_on,
        )
        .join(LevelGrant, LevelGrant.id == LevelLine.grant_id)
        .join(Person, Person.id == LevelLine.person_id)
        .join(Entry, Entry.id == LevelGrant.entry_id)
        .join(Division, Division.id == Entry.division_id)
        .join(Event, Event.id == Entry.event_id)
        .join(Contest, Contest.id == Event.contest_id)
        .join(
            Result,
            (Result.revision_id == LevelGrant.revision_id)
            & (Result.entry_id == LevelGrant.entry_id),
        )
        .outerjoin(Employer, Employer.id == Entry.employer_id)
        .outerjoin(PersonLevel, PersonLevel.line_id == LevelLine.id)
        .where(LevelLine.list_id == list_id, LevelLine.active)
        .order_by(LevelLine.id)
    )


def _cells(
    columns: Sequence[LayoutColumn], number: int, row: Any, words: Words
) -> Mapping[str, object]:
    return {
        f"c{place}": one.text
        if one.field is LevelField.CONSTANT
        else _READ[one.field](number, row, words)
        for place, one in enumerate(columns)
    }


def _score(row: Any, part: str) -> Decimal | None:
    return Decimal(row.parts[part]["score"]) if part in row.parts else None


_READ: dict[LevelField, Callable[[int, Any, Words], object]] = {
    LevelField.SERIAL: lambda number, row, words: number,
    LevelField.NAME: lambda number, row, words: row.Person.name,
    LevelField.SEX: lambda number, row, words: words.sex(row.Person.sex),
    LevelField.ID_KIND: lambda number, row, words: words.id_kind(row.Person.id_kind),
    LevelField.ID_NUMBER: lambda number, row, words: row.Person.id_number,
    LevelField.BIRTH_DATE: lambda number, row, words: row.Person.birth_date,
    LevelField.PHONE: lambda number, row, words: row.Person.phone,
    LevelField.EMPLOYER: lambda number, row, words: row.employer,
    LevelField.CONTEST: lambda number, row, words: row.contest,
    LevelField.EVENT: lambda number, row, words: row.event,
    LevelField.DIVISION: lambda number, row, words: words.say(row.division),
    LevelField.OCCUPATION: lambda number, row, words: row.occupation,
    LevelField.LEVEL: lambda number, row, words: words.level(row.level),
    LevelField.LEVEL_NUMBER: lambda number, row, words: row.level,
    LevelField.THEORY: lambda number, row, words: _score(row, THEORY),
    LevelField.PRACTICAL: lambda number, row, words: _score(row, PRACTICAL),
    LevelField.TOTAL: lambda number, row, words: row.total,
    LevelField.RANK: lambda number, row, words: row.rank,
    LevelField.HELD: lambda number, row, words: words.level(row.Person.held_level),
    LevelField.REASON: lambda number, row, words: words.say(row.reason),
    LevelField.CERTIFICATE_NUMBER: lambda number, row, words: row.certificate_number,
    LevelField.CERTIFIED_ON: lambda number, row, words: row.granted_on,
}
