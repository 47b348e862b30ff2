"""Certificate numbers that come back from the assessment body: read, matched, confirmed, undone."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from models.database import db
from models.levels import LevelLine, LevelList, LevelReturn, PersonLevel
from models.people import Person
from rules.level_layouts import Layout, LevelField
from rules.level_returns import Line, Returned, matched
from rules.refusals import Missing, Refused
from rules.states import (
    LEVEL_LIST_MOVES,
    RETURN_MOVES,
    LevelListState,
    ReturnState,
    moved,
)
from rules.texts import N_
from services import audits, levels, levels_export
from services.acting import Actor
from services.people import person_index
from services.transaction import transaction
from services.workbooks import Column, Row, read_table

_OPEN = (LevelListState.SENT, LevelListState.CLOSED)
# What bodies write above these columns, beside the headings of the list's own layout.
_TITLES = {
    LevelField.NAME: ("姓名", "Name"),
    LevelField.ID_NUMBER: ("证件号码", "身份证号", "身份证号码", "Identity number"),
    LevelField.OCCUPATION: ("职业（工种）名称", "职业（工种）", "职业", "职业名称", "Occupation"),
    LevelField.LEVEL: ("技能等级", "等级", "级别", "Level"),
    LevelField.CERTIFICATE_NUMBER: ("证书编号", "证书号码", "证书号", "Certificate number"),
    LevelField.CERTIFIED_ON: ("发证日期", "颁证日期", "发证时间", "Certified on"),
}
_NEEDED = (LevelField.NAME, LevelField.ID_NUMBER)
_LEVELS = (
    (1, ("高级技师", "一级")),
    (2, ("技师", "二级")),
    (3, ("高级工", "三级")),
    (4, ("中级工", "四级")),
    (5, ("初级工", "五级")),
)


@dataclass(frozen=True)
class Reading:
    """A file as read: its rows, or why it cannot be read at all."""

    rows: tuple[Returned, ...] = ()
    problems: tuple[Refused, ...] = ()


def columns_of(layout: Layout) -> list[Column]:
    """Return the columns to look for: those of a list's own layout, and the usual headings."""
    found = []
    for field, usual in _TITLES.items():
        own = [one.heading for one in layout.columns if one.field is field]
        titles = tuple(dict.fromkeys([*own, *usual]))
        kind = "date" if field is LevelField.CERTIFIED_ON else "text"
        kind = "digits" if field is LevelField.ID_NUMBER else kind
        found.append(Column(field.value, titles, required=field in _NEEDED, kind=kind))  # type: ignore[arg-type]
    return found


def read_file(data: bytes, filename: str, layout: Layout) -> Reading:
    """Read a returned file; every problem stands at its row, nothing is stored."""
    table = read_table(data, filename, columns_of(layout))
    if table.problems:
        return Reading(problems=tuple(table.problems))
    return Reading(tuple(_returned(row) for row in table.rows))


def _returned(row: Row) -> Returned:
    text = {key: str(value or "").strip() for key, value in row.values.items()}
    number = unicodedata.normalize("NFKC", text["certificate_number"]).replace(" ", "")
    day = row.values["certified_on"]
    return Returned(
        row.number,
        text["name"],
        person_index(text["id_number"]) if text["id_number"] else "",
        text["occupation"],
        level_of(text["level"]),
        number,
        day.isoformat() if isinstance(day, date) else "",
        tuple(str(problem) for problem in row.problems),
    )


def level_of(text: str) -> int | None:
    """Read a level as bodies write it: 三级/高级工, 高级工, 3; None where none is named."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("级")
    if plain in ("1", "2", "3", "4", "5"):
        return int(plain)
    return next((level for level, words in _LEVELS if any(word in text for word in words)), None)


@transaction
def receive(by: Actor, list_id: int, data: bytes, filename: str) -> int:
    """Keep what a returned file says until somebody confirms it; return its id."""
    found = levels.locked_list(list_id)
    if found.state not in _OPEN:
        raise Refused(N_("Numbers come back for lists that were sent."))
    stored = None if found.layout_id is None else levels.get_layout(found.layout_id)
    reading = read_file(data, filename, levels_export.layout_of(stored))
    if reading.problems:
        raise reading.problems[0]
    made = LevelReturn(
        list_id=list_id,
        filename=filename[:200],
        rows=[vars_of(one) for one in reading.rows],
        account_id=by.account_id,
        created_at=by.now,
    )
    db.session.add(made)
    db.session.flush()
    after = {"return": made.id, "rows": len(reading.rows)}
    audits.record(by, "receive", "level_list", list_id, contest_id=found.contest_id, after=after)
    return made.id


def vars_of(one: Returned) -> dict[str, Any]:
    """Write a row so that it can be stored."""
    return {name: getattr(one, name) for name in Returned.__slots__}


def rows_of(stored: LevelReturn) -> list[Returned]:
    """Read the stored rows."""
    return [Returned(**one | {"problems": tuple(one["problems"])}) for one in stored.rows]


def lines_of(list_id: int) -> list[Line]:
    """Read the active lines of a list as numbers are matched to them."""
    query = (
        select(
            LevelLine.id,
            Person.name,
            Person.id_index,
            LevelLine.occupation,
            LevelLine.level,
            PersonLevel.certificate_number,
        )
        .join(Person, Person.id == LevelLine.person_id)
        .outerjoin(PersonLevel, PersonLevel.line_id == LevelLine.id)
        .where(LevelLine.list_id == list_id, LevelLine.active)
        .order_by(LevelLine.id)
    )
    return [Line(*row) for row in db.session.execute(query)]


def taken_numbers(list_id: int, numbers: Iterable[str]) -> set[str]:
    """Return which of these numbers somebody outside the list has already."""
    wanted = [one for one in {*numbers} if one]
    query = (
        select(PersonLevel.certificate_number)
        .outerjoin(LevelLine, LevelLine.id == PersonLevel.line_id)
        .where(func.coalesce(LevelLine.list_id, 0) != list_id)
        .where(PersonLevel.certificate_number.in_(wanted))
    )
    return {number for number in db.session.scalars(query) if number}


def report(stored: LevelReturn) -> list[Any]:
    """Match a returned file to its list as both are now."""
    rows = rows_of(stored)
    taken = taken_numbers(stored.list_id, (one.certificate_number for one in rows))
    return matched(rows, lines_of(stored.list_id), taken)


@transaction
def confirm(by: Actor, return_id: int) -> int:
    """Take over the numbers of all rows that match; return the list's id.

    Whoever holds a certificate now holds the level in the occupation; what did not match stays
    without a number, for a second file.
    """
    stored = locked_return(return_id)
    found = levels.locked_list(stored.list_id)
    stored.state = moved(RETURN_MOVES, stored.state, ReturnState.CONFIRMED)
    stored.confirmed_at = by.now
    good = [one for one in report(stored) if one.line_id is not None and one.is_good]
    if not good:
        raise Refused(N_("No row of this file matches the list."))
    _store(by, {one.line_id: one.row for one in good})
    _settle_state(found)
    after = {"return": return_id, "numbers": len(good), "state": found.state}
    audits.record(by, "confirm_return", "level_list", found.id, contest_id=found.contest_id,
                  after=after)  # fmt: skip
    return found.id


def _store(by: Actor, rows: Mapping[int, Returned]) -> None:
    lines = {
        line.id: line
        for line in db.session.scalars(select(LevelLine).where(LevelLine.id.in_(rows.keys())))
    }
    held = {
        one.line_id: one
        for one in db.session.scalars(
            select(PersonLevel).where(PersonLevel.line_id.in_(rows.keys()))
        )
    }
    for line_id, row in rows.items():
        line = lines[line_id]
        level = held.get(line_id) or PersonLevel(
            person_id=line.person_id,
            occupation=line.occupation,
            level=line.level,
            line_id=line_id,
            recorded_at=by.now,
        )
        level.certificate_number = row.certificate_number
        level.granted_on = date.fromisoformat(row.certified_on) if row.certified_on else None
        db.session.add(level)
    db.session.flush()
    refresh_held({line.person_id for line in lines.values()})


def refresh_held(people: Iterable[int]) -> None:
    """Part: let the level that people are said to hold follow from their certificates.

    A level that an entry named and no certificate bears out is kept where it is higher.
    """
    people = [*people]
    query = select(PersonLevel.person_id, func.min(PersonLevel.level)).where(
        PersonLevel.person_id.in_(people)
    )
    best = {row[0]: row[1] for row in db.session.execute(query.group_by(PersonLevel.person_id))}
    for person in db.session.scalars(select(Person).where(Person.id.in_(people))):
        level = best.get(person.id)
        if level is not None and (person.held_level is None or level < person.held_level):
            person.held_level = level


def _settle_state(found: LevelList) -> None:
    db.session.flush()
    missing = any(one.certificate_number is None for one in lines_of(found.id))
    wanted = LevelListState.SENT if missing else LevelListState.CLOSED
    if found.state is not wanted:
        found.state = moved(LEVEL_LIST_MOVES, found.state, wanted)


@transaction
def discard(by: Actor, return_id: int) -> int:
    """Put a returned file away that was not confirmed; return the list's id."""
    stored = locked_return(return_id)
    stored.state = moved(RETURN_MOVES, stored.state, ReturnState.DISCARDED)
    stored.rows = []
    found = stored.list
    after = {"return": return_id}
    audits.record(by, "discard_return", "level_list", found.id, contest_id=found.contest_id,
                  after=after)  # fmt: skip
    return found.id


@transaction
def undo(by: Actor, return_id: int, *, reason: str) -> int:
    """Take back the numbers that a confirmed file brought; return the list's id.

    Numbers that a later file changed stay as that file has them.
    """
    stored = locked_return(return_id)
    found = levels.locked_list(stored.list_id)
    stored.state = moved(RETURN_MOVES, stored.state, ReturnState.UNDONE)
    numbers = [one.certificate_number for one in rows_of(stored) if one.certificate_number]
    ours = select(LevelLine.id).where(LevelLine.list_id == found.id)
    gone = db.session.scalars(
        select(PersonLevel).where(
            PersonLevel.line_id.in_(ours), PersonLevel.certificate_number.in_(numbers)
        )
    ).all()
    db.session.execute(delete(PersonLevel).where(PersonLevel.id.in_([one.id for one in gone])))
    _lower_held(gone)
    _settle_state(found)
    after = {"return": return_id, "numbers": len(gone), "reason": reason}
    audits.record(by, "undo_return", "level_list", found.id, contest_id=found.contest_id,
                  after=after)  # fmt: skip
    return found.id


def _lower_held(gone: Sequence[PersonLevel]) -> None:
    """Take the level back from those whose only ground for it was the certificate undone."""
    lost = {one.person_id: one.level for one in gone}
    for person in db.session.scalars(select(Person).where(Person.id.in_(lost.keys()))):
        if person.held_level == lost[person.id]:
            person.held_level = None
    db.session.flush()
    refresh_held(lost.keys())


def locked_return(return_id: int) -> LevelReturn:
    """Part: lock a returned file; raise Missing."""
    found = db.session.get(LevelReturn, return_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(return_id)
    return found


def get_return(return_id: int) -> LevelReturn:
    """Return a file that came back; raise Missing."""
    found = db.session.get(LevelReturn, return_id)
    if found is None:
        raise Missing(return_id)
    return found


def list_returns(list_id: int) -> Sequence[LevelReturn]:
    """List the files that came back for a list, the newest first."""
    query = select(LevelReturn).where(LevelReturn.list_id == list_id)
    return db.session.scalars(query.order_by(LevelReturn.id.desc())).all()
