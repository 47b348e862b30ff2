"""Works: the codes under which judges see entries, and who stands behind them once known."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, insert, literal, select

from models.database import db
from models.entries import Entry
from models.works import Work
from rules.ranking import EntryStatus, stricter


def add_works(event_id: int, stage: str, entry_ids: Collection[int]) -> None:
    """Part: make the works of one stage for coded entries, under the codes that they have."""
    names = (Entry.event_id, Entry.division_id, Entry.code, Entry.id.label("entry_id"))
    coded = (
        select(*names, literal(stage).label("stage"))
        .where(Entry.event_id == event_id, Entry.id.in_(entry_ids), Entry.code.is_not(None))
        .order_by(Entry.code)
    )
    db.session.flush()
    _insert([dict(row) for row in db.session.execute(coded).mappings()])


def add_sealed_works(event_id: int, stage: str, divisions: Mapping[str, int]) -> None:
    """Part: make the works of one stage from codes and their divisions alone (R2.06).

    They are written in the order of the codes, so that their ids tell nothing.
    """
    where = {"event_id": event_id, "stage": stage}
    _insert([where | {"division_id": divisions[code], "code": code} for code in sorted(divisions)])


def _insert(rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(Work), rows)


def is_sealed(event_id: int) -> bool:
    """Say whether some code of the event is not yet tied to its entry."""
    sealed = exists().where(Work.event_id == event_id, Work.entry_id.is_(None))
    return bool(db.session.scalar(select(sealed)))


def link_works(event_id: int, stage: str, entries: Mapping[str, int]) -> None:
    """Part: tie the codes of one stage to their entries, and tell each entry its code (R2.08).

    What was recorded by code while nobody knew the name now holds for the entry too; of two
    statuses the stricter one holds (R2.20). Raises KeyError for a code that is not in the table.
    """
    works = db.session.scalars(
        select(Work).where(Work.event_id == event_id, Work.stage == stage).with_for_update()
    ).all()
    found = {
        entry.id: entry
        for entry in db.session.scalars(
            select(Entry).where(Entry.id.in_([*entries.values()])).with_for_update()
        )
    }
    for work in works:
        entry = found[entries[work.code]]
        work.entry_id, entry.code = entry.id, work.code
        if stricter(work.status, entry.status) is not entry.status:
            entry.status, entry.remark = work.status, work.remark
        work.status, work.remark = EntryStatus.COMPETED, ""  # from now on the entry says it
    db.session.flush()
