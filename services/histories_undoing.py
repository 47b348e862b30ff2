"""Everything that a list of the past brought is taken back out, unless later acts build on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, select

from models.database import Base, db
from models.histories import (
    HistoryEdition,
    HistoryEntry,
    HistoryEvent,
    HistoryImport,
    HistoryMember,
)
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Employer, Person
from rules.refusals import Refused
from rules.states import HonourState
from rules.texts import N_
from services.people import chunks, table_of

BUILT_ON = N_("List no. %(number)s adds to editions of this one. Undo that one first.")
CHANGED = N_("An honour of this list was revoked or replaced since: %(title)s of %(year)s.")
HONOUR_USED = N_("Something builds on an honour of this list: %(title)s of %(year)s.")
LEVEL_USED = N_("Something builds on a level of this list: %(occupation)s, level %(level)s.")


def check_free(batch: HistoryImport) -> None:
    """Part: refuse to undo a list on which something builds, and say what."""
    other = select(HistoryEntry.import_id).join(
        HistoryEvent, HistoryEvent.id == HistoryEntry.event_id
    )
    other = other.join(HistoryEdition, HistoryEdition.id == HistoryEvent.edition_id).where(
        (HistoryEvent.import_id == batch.id) | (HistoryEdition.import_id == batch.id),
        HistoryEntry.import_id != batch.id,
    )
    number = db.session.scalar(other.limit(1))
    if number is not None:
        raise Refused(BUILT_ON, number=number)
    honours = batch.made.get("honours", [])
    for chunk in chunks(honours):
        query = select(Honour).where(Honour.id.in_(chunk), Honour.state != HonourState.STANDING)
        changed = db.session.scalar(query.limit(1))
        if changed is not None:
            raise Refused(CHANGED, title=changed.title, year=changed.year)
    used = next(iter(referred(Honour, honours)), None)
    if used is not None:
        honour = db.session.get_one(Honour, used)
        raise Refused(HONOUR_USED, title=honour.title, year=honour.year)
    _check_levels(batch)


def _check_levels(batch: HistoryImport) -> None:
    levels = batch.made.get("levels", [])
    used = set(referred(PersonLevel, levels, without=(table_of(HistoryMember),)))
    for chunk in chunks(levels):
        query = (
            select(HistoryMember.level_id)
            .join(HistoryEntry, HistoryEntry.id == HistoryMember.entry_id)
            .where(HistoryMember.level_id.in_(chunk), HistoryEntry.import_id != batch.id)
        )
        used |= {key for key in db.session.scalars(query) if key is not None}
    if used:
        level = db.session.get_one(PersonLevel, min(used))
        raise Refused(LEVEL_USED, occupation=level.occupation, level=level.level)


def take_out(batch: HistoryImport) -> dict[str, int]:
    """Part: delete what a list brought; people and employers stay where anything names them."""
    made = batch.made
    entries = select(HistoryEntry.id).where(HistoryEntry.import_id == batch.id)
    db.session.execute(delete(HistoryMember).where(HistoryMember.entry_id.in_(entries)))
    for told in (HistoryEntry, HistoryEvent, HistoryEdition):
        db.session.execute(delete(told).where(told.import_id == batch.id))
    gone = {}
    granted: tuple[tuple[type[Base], str], ...] = ((Honour, "honours"), (PersonLevel, "levels"))
    for model, name in granted:
        delete_rows(model, made.get(name, []))
        gone[name] = len(made.get(name, []))
    gone |= take_out_named(made)
    db.session.expire_all()
    return gone


def take_out_named(made: Mapping[str, Any]) -> dict[str, int]:
    """Part: delete the people and employers that a list brought and that nothing else names."""
    gone = {}
    # An employer is free only after the people who go.
    named: tuple[tuple[type[Base], str], ...] = ((Person, "people"), (Employer, "employers"))
    for model, name in named:
        ids = made.get(name, [])
        free = sorted(set(ids) - set(referred(model, ids)))
        delete_rows(model, free)
        gone[name] = len(free)
    return gone


def delete_rows(model: type[Base], ids: Sequence[int]) -> None:
    """Part: delete rows by their ids."""
    table = table_of(model)
    for chunk in chunks(ids):
        db.session.execute(delete(table).where(table.c.id.in_(chunk)))


def referred(model: type[Base], ids: Sequence[int], without: Iterable[Table] = ()) -> Iterable[int]:
    """Yield those ids of a table that rows of any other table name."""
    skipped = set(without)
    for column in _references(table_of(model)):
        if column.table in skipped:
            continue
        for chunk in chunks(ids):
            query = select(column).where(column.in_(chunk)).distinct()
            yield from (key for key in db.session.scalars(query) if key is not None)


def _references(table: Table) -> list[Column[Any]]:
    """List the columns of all tables that point to a table."""
    return [
        key.parent
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table
    ]
