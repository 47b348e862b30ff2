"""The few small statements by which marks that devices send are read and written.

Every mark of a contest comes this way, often a hundred a second, so it loads no whole objects and
builds its statements once.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, Text, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy import cast as sql_cast

from models.contests import Event
from models.control import Remark
from models.database import db
from models.entries import Entry
from models.judging import Mark, PanelSeat, Sheet
from models.receipts import SentMark
from models.works import Work
from rules.access import Place
from rules.refusals import Missing, Refused
from rules.schemes import read_scheme
from rules.seats import Layout, bench_of
from services import places
from services.acting import Actor
from services.sheets import lock_problem, standing_of

MARKS, SENT, SHEETS = (cast(Table, one.__table__) for one in (Mark, SentMark, Sheet))


@dataclass(frozen=True)
class OpenSheet:
    """A locked sheet of the actor's: what it asks for, and why it is closed if it is."""

    id: int
    contest_id: int
    version: int
    layout: Layout
    closed: Refused | None
    is_asked_again: bool


class StoredRow(NamedTuple):
    """A mark as its row holds it."""

    id: int
    value: Decimal
    version: int


class Taken(NamedTuple):
    """What is remembered of a mark that was sent."""

    account_id: int
    key: str
    sheet_id: int
    aspect: str
    device: str
    sequence: int
    value: str
    outcome: Any
    version: int


# The event is held first and only shared: all its judges write at once, nobody closes it meanwhile.
_EVENT = (
    select(Event.id, Event.contest_id, Event.state, sql_cast(Event.scheme, Text).label("scheme"))
    .join(Sheet, Sheet.event_id == Event.id)
    .where(Sheet.id == bindparam("sheet_id"))
    .with_for_update(read=True, of=Event)
    .cte("held_event")
)
_ASKED_AGAIN = (
    select(Remark.id).where(Remark.sheet_id == Sheet.id, Remark.answered_at.is_(None)).exists()
)
_SHEET = (
    select(
        *_EVENT.c,
        Sheet.version,
        Sheet.state,
        PanelSeat.account_id,
        PanelSeat.part,
        PanelSeat.number,
        Work.status,
        Entry.state,
        Entry.status,
        _ASKED_AGAIN,
    )
    .select_from(_EVENT)
    .join(Sheet, Sheet.event_id == _EVENT.c.id)
    .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
    .join(Work, Work.id == Sheet.work_id)
    .outerjoin(Entry, Entry.id == Work.entry_id)
    .where(Sheet.id == bindparam("sheet_id"))
    .with_for_update(of=Sheet)
)
_MARKS = select(Mark.aspect, Mark.id, Mark.value, Mark.version).where(
    Mark.sheet_id == bindparam("sheet_id"),
    Mark.aspect.in_(bindparam("aspects", expanding=True)),
)
_TAKEN = (
    select(
        SentMark.account_id,
        SentMark.key,
        SentMark.sheet_id,
        SentMark.aspect,
        SentMark.device,
        SentMark.sequence,
        SentMark.value,
        SentMark.outcome,
        SentMark.version,
    )
    .where(
        or_(
            and_(
                SentMark.account_id == bindparam("account_id"),
                SentMark.key.in_(bindparam("keys", expanding=True)),
            ),
            and_(
                SentMark.sheet_id == bindparam("sheet_id"),
                SentMark.device == bindparam("device"),
                SentMark.aspect.in_(bindparam("aspects", expanding=True)),
            ),
        )
    )
    .order_by(SentMark.sequence)
)
_ADD_SENT, _ADD_MARK = insert(SENT), insert(MARKS)
_RAISE = (
    update(SHEETS)
    .where(SHEETS.c.id == bindparam("sheet_id"))
    .values(version=bindparam("new_version"))
)
_CHANGE = (
    update(MARKS)
    .where(MARKS.c.id == bindparam("mark_id"))
    .values(
        value=bindparam("new_value"),
        version=bindparam("new_version"),
        updated_at=bindparam("now"),
    )
)
_TAKE_AWAY = delete(MARKS).where(MARKS.c.id.in_(bindparam("mark_ids", expanding=True)))


def lock_sheet(by: Actor, sheet_id: int) -> tuple[OpenSheet, Place]:
    """Part: lock a sheet of the actor's and keep its event's state; also say where it belongs.

    Raises Missing for an unknown sheet and for somebody else's.
    """
    row = db.session.execute(_SHEET, {"sheet_id": sheet_id}).first()
    if row is None or row.account_id != by.account_id:
        raise Missing(sheet_id)
    event_id, contest_id, event_state, scheme, version, state, account_id, part, number = row[:9]
    work_status, entry_state, entry_status, again = row[9:]
    status = standing_of(work_status, entry_state, entry_status)
    found = OpenSheet(
        sheet_id,
        contest_id,
        version,
        _layout(scheme, part, number),
        lock_problem(event_state, status, state),
        again,
    )
    return found, places.seat_place(contest_id, event_id, account_id)


@lru_cache(maxsize=512)
def _layout(scheme: str, part: str, number: int) -> Layout:
    """Return what a seat's sheets ask for; the same scheme, letter by letter, is read once."""
    return bench_of(read_scheme(json.loads(scheme)), part).layout(number)


def stored_rows(sheet_id: int, aspects: Collection[str]) -> dict[str, StoredRow]:
    """Return what is stored for some lines of a sheet."""
    rows = db.session.execute(_MARKS, {"sheet_id": sheet_id, "aspects": [*aspects]})
    return {row[0]: StoredRow(*row[1:]) for row in rows}


def taken_before(
    by: Actor, sheet_id: int, device: str, keys: Collection[str], aspects: Collection[str]
) -> list[Taken]:
    """List what came before under these keys, and from this device for these lines, in order."""
    values = {"account_id": by.account_id, "sheet_id": sheet_id, "device": device}
    rows = db.session.execute(_TAKEN, values | {"keys": [*keys], "aspects": [*aspects]})
    return [Taken(*row) for row in rows]


def write_marks(
    by: Actor,
    sheet_id: int,
    version: int,
    stored: Mapping[str, StoredRow],
    changed: Mapping[str, Decimal | None],
) -> None:
    """Part: write the changed marks of a locked sheet under its new version; None takes away."""
    common = {"new_version": version, "now": by.now}
    new = [
        {"sheet_id": sheet_id, "aspect": key, "value": value, "version": version}
        | {"updated_at": by.now}
        for key, value in changed.items()
        if value is not None and key not in stored
    ]
    other = [
        {"mark_id": stored[key].id, "new_value": value} | common
        for key, value in changed.items()
        if value is not None and key in stored
    ]
    gone = [stored[key].id for key, value in changed.items() if value is None and key in stored]
    db.session.execute(_RAISE, {"sheet_id": sheet_id, "new_version": version})
    if new:
        db.session.execute(_ADD_MARK, new)
    if other:
        db.session.connection().execute(_CHANGE, other)
    if gone:
        db.session.execute(_TAKE_AWAY, {"mark_ids": gone})


def keep_sent(rows: Sequence[Mapping[str, Any]]) -> None:
    """Part: remember for good what was sent."""
    if rows:
        db.session.execute(_ADD_SENT, list(rows))
