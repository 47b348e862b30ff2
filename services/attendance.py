"""Attendance: what became of each entry on the day (R2.03, R2.20)."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from models.contests import Event
from models.database import db
from models.entries import Entry
from models.works import Work
from rules.ranking import EntryStatus
from rules.refusals import Missing, Refused
from rules.scheme_nodes import Stage
from rules.states import EntryState, EventState
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.draws import lock_event
from services.pages import Page, page_of
from services.sheets import add_sheets, present_stage
from services.transaction import transaction

PAGE_SIZE = 100


@transaction
def record_attendance(
    by: Actor, event_id: int, entry_ids: Collection[int], status: EntryStatus, reason: str = ""
) -> int:
    """Record one status for some entries, with its reason; return the event's id."""
    event = lock_event(event_id)
    entries = _chosen(event_id, entry_ids)
    _check(event, entries, status, reason)
    set_status(by, event, entries, status, reason)
    return event_id


def set_status(
    by: Actor, event: Event, entries: Sequence[Entry], status: EntryStatus, reason: str
) -> None:
    """Part: write what became of entries; whoever was absent by mistake gets his sheets."""
    after = {"status": status, "remark": reason}
    for entry in entries:
        before = {"status": entry.status, "remark": entry.remark}
        if before != after:
            entry.status, entry.remark = status, reason
            _record(by, event, entry, before, after)
    if event.state is EventState.SCORING:
        add_sheets(event.id, contests.scheme_of(event))


@transaction
def record_stage_status(
    by: Actor, event_id: int, entry_ids: Collection[int], status: EntryStatus, reason: str = ""
) -> int:
    """Record what became of some entries in the present stage, a later one; return the event's id.

    They went on to it; whether they keep the place of the stage before is a matter of the scheme
    (R1.22).
    """
    event = lock_event(event_id)
    scheme = contests.scheme_of(event)
    index = present_stage(event_id, scheme)
    if event.state is not EventState.SCORING or not index:
        raise Refused(N_("No later stage of this event is being judged."))
    stage = scheme.stages[index]
    entries = _chosen(event_id, entry_ids, stage.key)
    _check(event, entries, status, reason)
    there = _stage_rows(stage.key, [entry.id for entry in entries])
    after = {"status": status, "remark": reason}
    for entry in entries:
        row = there[entry.id]
        before = {"status": row.status, "remark": row.remark}
        if before != after:
            row.status, row.remark = status, reason
            named = {"stage": stage.title}
            _record(by, event, entry, named | before, named | after)
    return event_id


@transaction
def record_work_status(
    by: Actor, event_id: int, codes: Collection[str], status: EntryStatus, reason: str
) -> int:
    """Record what became of some sealed works, by code (R2.20); return the event's id.

    Whoever stands behind them learns of it when the codes are opened.
    """
    event = lock_event(event_id)
    if event.state is not EventState.SCORING:
        raise Refused(N_("What became of a work is recorded by its code while scoring is open."))
    query = select(Work).where(Work.event_id == event_id, Work.code.in_(codes))
    works = db.session.scalars(query.order_by(Work.code).with_for_update()).all()
    if len(works) < len({*codes}) or any(work.entry_id is not None for work in works):
        raise Missing("work")
    _check(event, works, status, reason)
    for work in works:
        before = {"status": work.status, "remark": work.remark}
        after = {"status": status, "remark": reason}
        if before != after:
            work.status, work.remark = status, reason
            audits.record(
                by,
                "attend",
                "work",
                work.id,
                contest_id=event.contest_id,
                before=before,
                after={"code": work.code} | after,
            )
    add_sheets(event_id, contests.scheme_of(event))
    return event_id


def _record(
    by: Actor,
    event: Event,
    entry: Entry,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    audits.record(
        by,
        "attend",
        "entry",
        entry.id,
        contest_id=event.contest_id,
        before=before,
        after=after,
    )


def _stage_rows(stage: str, entry_ids: Collection[int]) -> dict[int, Work]:
    query = select(Work).where(Work.stage == stage, Work.entry_id.in_(entry_ids))
    return {row.entry_id or 0: row for row in db.session.scalars(query)}


def _chosen(event_id: int, entry_ids: Collection[int], stage: str = "") -> Sequence[Entry]:
    query = select(Entry).where(
        Entry.event_id == event_id,
        Entry.id.in_(entry_ids),
        Entry.state == EntryState.ACCEPTED,
    )
    if stage:
        query = query.where(_starts(stage))
    entries = db.session.scalars(query.order_by(Entry.id).with_for_update()).all()
    if len(entries) < len({*entry_ids}):
        raise Missing("entry")
    return entries


def _starts(stage: str) -> ColumnElement[bool]:
    """Say of an entry that it went on to a stage: it has a work there."""
    return exists().where(Work.entry_id == Entry.id, Work.stage == stage)


def _check(event: Event, entries: Sequence[object], status: EntryStatus, reason: str) -> None:
    if event.state not in {EventState.DRAWN, EventState.SCORING}:
        raise Refused(N_("Attendance is recorded from the draw until the marks are confirmed."))
    if not entries:
        raise Refused(N_("Tick at least one entry."), field="entry_ids")
    if status in {EntryStatus.WITHDRAWN, EntryStatus.VIOLATION} and not reason:
        raise Refused(N_("Write the reason."), field="reason")
    if len(reason) > Entry.remark.type.length:
        raise Refused(N_("The reason is too long."), field="reason")


def list_attendance(
    event_id: int,
    page: int = 1,
    text: str = "",
    status: EntryStatus | None = None,
    stage: str = "",
) -> Page[Entry]:
    """List the coded entries of an event, or of one later stage, by number."""
    query = (
        select(Entry)
        .options(joinedload(Entry.division), joinedload(Entry.employer))
        .where(Entry.event_id == event_id, Entry.state == EntryState.ACCEPTED)
    )
    if text:
        columns = (Entry.title, Entry.number, Entry.code)
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in columns)))
    if stage:
        query = query.where(Entry.status == EntryStatus.COMPETED, _starts(stage))
        if status is not None:
            query = query.where(_starts(stage).where(Work.status == status))
    elif status is not None:
        query = query.where(Entry.status == status)
    return page_of(query.order_by(Entry.number, Entry.id), page, PAGE_SIZE)


def find_later_stage(event_id: int) -> Stage | None:
    """Return the stage that is being judged if it is not the first one."""
    event = contests.get_event(event_id)
    if event.state is not EventState.SCORING or not event.scheme.get("stages"):
        return None
    scheme = contests.scheme_of(event)
    index = present_stage(event_id, scheme)
    return scheme.stages[index] if index else None


def statuses_at(stage: str, entry_ids: Collection[int]) -> dict[int, Work]:
    """Return by entry the works of a later stage, with what became of them."""
    return _stage_rows(stage, entry_ids) if stage else {}


def stage_statuses(event_id: int) -> dict[int, dict[str, EntryStatus]]:
    """Return who did not compete in a stage after the first: entry, stage, what became of it."""
    query = (
        select(Work.entry_id, Work.stage, Work.status)
        .where(Work.event_id == event_id, Work.status != EntryStatus.COMPETED)
        .order_by(Work.entry_id, Work.id)
    )
    found: dict[int, dict[str, EntryStatus]] = {}
    for entry_id, stage, status in db.session.execute(query):
        found.setdefault(entry_id or 0, {})[stage] = status
    return found


def count_statuses(event_id: int, stage: str = "") -> dict[EntryStatus, int]:
    """Count the accepted entries, or those of a later stage, by status, each status named."""
    status: ColumnElement[EntryStatus] = Entry.status.expression
    query = select(func.count()).select_from(Entry).where(Entry.event_id == event_id)
    if stage:
        status = Work.status.expression
        query = query.join(Work, Work.entry_id == Entry.id).where(Work.stage == stage)
        query = query.where(
            Entry.state == EntryState.ACCEPTED, Entry.status == EntryStatus.COMPETED
        )
    else:
        query = query.where(Entry.state == EntryState.ACCEPTED)
    rows = db.session.execute(query.add_columns(status).group_by(status))
    found = {EntryStatus(one): count for count, one in rows}
    return {status: found.get(status, 0) for status in EntryStatus}
