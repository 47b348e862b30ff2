"""Marks: entered one by one, as a whole sheet or as a table, and signed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from models.contests import Event
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from models.works import Work
from rules.refusals import Missing, Refused
from rules.schemes import Scheme
from rules.seats import Layout, bench_of
from rules.sheets import fits_table, read_mark, running_total
from rules.states import SHEET_MOVES, SheetState, moved
from rules.texts import N_
from services import audits, contests, remarks
from services.acting import Actor
from services.receipts import add_receipt
from services.sheets import StoredMark, lock_reason, stored_marks
from services.spreads import refresh_spreads
from services.transaction import transaction


@dataclass(frozen=True)
class Typed:
    """A mark as typed, and the version of the mark that the page showed (0: none)."""

    sheet_id: int
    aspect: str
    text: str
    base: int = 0


class RefusedMarks(Refused):
    """Marks that cannot be saved or signed: every problem by sheet and aspect, nothing is kept.

    ``stored`` holds what somebody else wrote meanwhile, None for a mark taken away.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.problems: dict[tuple[int, str], Refused] = {}
        self.stored: dict[tuple[int, str], StoredMark | None] = {}


NOT_SAVED = N_("Nothing was saved. Look at the marked fields.")
NOT_SIGNED = N_("Not signed: some marks are missing. Look at the marked fields.")
CHANGED = N_(
    "Changed elsewhere meanwhile: %(stored)s is stored, you entered %(typed)s. "
    "Save again to keep yours."
)
TAKEN_AWAY = N_("Taken away elsewhere meanwhile; you entered %(typed)s. Save again to keep yours.")
NO_MARK = N_("No mark yet.")


@transaction
def enter_marks(by: Actor, sheet_id: int, typed: Iterable[Typed]) -> int:
    """Save marks of one's own sheet, all or none; return the sheet's id."""
    sheet, event = own_sheet(by, sheet_id)
    layout = layout_of(contests.scheme_of(event), sheet.seat)
    before, after = _write_marks(by, event, layout, [sheet], typed)
    if after:
        audits.record(
            by,
            "enter_mark",
            "sheet",
            sheet_id,
            contest_id=event.contest_id,
            before=before[sheet_id],
            after=after[sheet_id],
        )
    return sheet_id


@transaction
def sign_sheet(by: Actor, sheet_id: int, typed: Iterable[Typed] = ()) -> int:
    """Save what the page shows and sign the sheet; refused while marks are missing (R2.16)."""
    sheet, event = own_sheet(by, sheet_id)
    scheme = contests.scheme_of(event)
    layout = layout_of(scheme, sheet.seat)
    _write_marks(by, event, layout, [sheet], typed)
    values = _check_complete(layout, [sheet])[sheet_id]
    _mark_signed(by, [sheet])
    add_receipt(by, sheet, sheet.work.code, scheme, values)
    refresh_spreads(scheme, sheet.seat.part, [sheet.work_id])
    after: dict[str, object] = {"marks": values}
    if not layout.is_record:
        after["total"] = running_total(layout, values, scheme.digits, scheme.rounding)
    audits.record(
        by,
        "sign",
        "sheet",
        sheet_id,
        contest_id=event.contest_id,
        after=after,
    )
    return sheet_id


@transaction
def enter_table(by: Actor, seat_id: int, typed: Iterable[Typed]) -> int:
    """Save the marks typed into the table of one's own seat, all or none; return the seat's id."""
    seat, event = _own_seat(by, seat_id)
    layout = layout_of(contests.scheme_of(event), seat)
    before, after = _write_marks(by, event, layout, _seat_sheets(seat_id), typed)
    if after:
        _record_table(by, "enter_mark", event, seat_id, before, after)
    return seat_id


@transaction
def sign_table(by: Actor, seat_id: int, typed: Iterable[Typed] = ()) -> int:
    """Save the table and sign all its sheets; refused while marks are missing (R2.16)."""
    seat, event = _own_seat(by, seat_id)
    scheme = contests.scheme_of(event)
    layout = layout_of(scheme, seat)
    sheets = _seat_sheets(seat_id)
    before, _after = _write_marks(by, event, layout, sheets, typed)
    waiting = [one for one in sheets if lock_reason(event.state, one) is None]
    if not waiting:
        raise Refused(N_("There is no sheet left to sign."))
    complete = _check_complete(layout, waiting)
    _mark_signed(by, waiting)
    for sheet in waiting:
        add_receipt(by, sheet, sheet.work.code, scheme, complete[sheet.id])
    refresh_spreads(scheme, seat.part, [sheet.work_id for sheet in waiting])
    _record_table(by, "sign", event, seat_id, before, complete)
    return seat_id


def _own_seat(by: Actor, seat_id: int) -> tuple[PanelSeat, Event]:
    """Return a seat of the actor's whose marks fit a table, with its event; the state is kept."""
    seat = db.session.get(PanelSeat, seat_id)
    if seat is None or seat.account_id != by.account_id:
        raise Missing(seat_id)
    event = share_event(seat.event_id)
    if not fits_table(layout_of(contests.scheme_of(event), seat)):
        raise Missing(seat_id)
    return seat, event


def layout_of(scheme: Scheme, seat: PanelSeat) -> Layout:
    """Return what the sheets of a seat ask for."""
    return bench_of(scheme, seat.part).layout(seat.number)


def _seat_sheets(seat_id: int) -> Sequence[Sheet]:
    query = (
        select(Sheet)
        .join(Sheet.work)
        .outerjoin(Work.entry)
        .options(contains_eager(Sheet.work).contains_eager(Work.entry))
        .where(Sheet.seat_id == seat_id)
        .order_by(Sheet.id)
        .with_for_update(of=Sheet)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def _record_table(
    by: Actor,
    action: str,
    event: Event,
    seat_id: int,
    before: Mapping[int, object],
    after: Mapping[int, object],
) -> None:
    audits.record(  # one record for the whole table: by sheet, by aspect
        by,
        action,
        "seat",
        seat_id,
        contest_id=event.contest_id,
        before={str(key): marks for key, marks in before.items()},
        after={str(key): marks for key, marks in after.items()},
    )


def own_sheet(by: Actor, sheet_id: int) -> tuple[Sheet, Event]:
    """Lock an open sheet of the actor's; somebody else's does not exist for him."""
    event = db.session.scalar(
        select(Event)
        .join(Sheet, Sheet.event_id == Event.id)
        .where(Sheet.id == sheet_id)
        .with_for_update(read=True, of=Event)
        .execution_options(populate_existing=True)
    )
    sheet = db.session.scalar(
        select(Sheet)
        .options(joinedload(Sheet.seat), joinedload(Sheet.work).joinedload(Work.entry))
        .where(Sheet.id == sheet_id)
        .with_for_update(of=Sheet)
        .execution_options(populate_existing=True)
    )
    if event is None or sheet is None or sheet.seat.account_id != by.account_id:
        raise Missing(sheet_id)
    reason = lock_reason(event.state, sheet)
    if reason is not None:
        raise reason
    return sheet, event


def share_event(event_id: int | None) -> Event:
    """Part: keep the state of an event as it is until the act is over; others may do so too."""
    event = event_id and db.session.get(
        Event, event_id, with_for_update={"read": True}, populate_existing=True
    )
    if not event:
        raise Missing(event_id)
    return event


_Values = dict[int, dict[str, Decimal | None]]


def _write_marks(
    by: Actor, event: Event, layout: Layout, sheets: Sequence[Sheet], typed: Iterable[Typed]
) -> tuple[_Values, _Values]:
    """Write the typed marks that differ; return the values before and after, by sheet."""
    by_id = {sheet.id: sheet for sheet in sheets}
    typed = list(typed)
    if any(one.sheet_id not in by_id for one in typed):
        raise Missing("sheet")
    stored = mark_rows([*by_id])
    changes = _changes(layout, stored, typed)
    _check_open(event, by_id, changes)
    before: _Values = {}
    after: _Values = {}
    for (sheet_id, aspect), value in changes.items():
        sheet, row = by_id[sheet_id], stored.get((sheet_id, aspect))
        sheet.version += sheet_id not in after
        before.setdefault(sheet_id, {})[aspect] = None if row is None else row.value
        after.setdefault(sheet_id, {})[aspect] = value
        write_mark(by, sheet, row, aspect, value)
    return before, after


def _check_open(
    event: Event, sheets: Mapping[int, Sheet], changes: Collection[tuple[int, str]]
) -> None:
    refused = RefusedMarks(NOT_SAVED)
    asked = remarks.open_lines({sheet_id for sheet_id, _ in changes})
    for sheet_id, aspect in changes:
        reason = lock_reason(event.state, sheets[sheet_id])
        if reason is None and aspect not in asked.get(sheet_id, {aspect}):
            reason = Refused(remarks.ONLY_ASKED, field=aspect)
        if reason is not None:
            refused.problems[sheet_id, aspect] = reason
    if refused.problems:
        raise refused


def mark_rows(sheet_ids: Sequence[int]) -> dict[tuple[int, str], Mark]:
    """Return the marks of some sheets, to be changed."""
    rows = db.session.scalars(select(Mark).where(Mark.sheet_id.in_(sheet_ids)))
    return {(row.sheet_id, row.aspect): row for row in rows}


def write_mark(
    by: Actor, sheet: Sheet, row: Mark | None, aspect: str, value: Decimal | None
) -> Mark | None:
    """Part: write one mark of a locked sheet, or take it away; return what stands there now."""
    if value is None:
        db.session.delete(row)
        db.session.flush()  # it must be gone before it can be given again
        return None
    if row is None:
        row = Mark(sheet_id=sheet.id, aspect=aspect)
        db.session.add(row)
    # The sheet's version, not a count of its own: a mark taken away and given again
    # must not look like the one before.
    row.value, row.version, row.updated_at = value, sheet.version, by.now
    return row


def _changes(
    layout: Layout, stored: dict[tuple[int, str], Mark], typed: Iterable[Typed]
) -> dict[tuple[int, str], Decimal | None]:
    """Return what differs from the stored marks; raise RefusedMarks with every problem."""
    refused = RefusedMarks(NOT_SAVED)
    changes: dict[tuple[int, str], Decimal | None] = {}
    for one in typed:
        key = (one.sheet_id, one.aspect)
        row = stored.get(key)
        try:
            value = read_mark(layout.line(one.aspect), one.text)
        except KeyError:
            raise Missing(one.aspect) from None
        except Refused as problem:
            refused.problems[key] = problem
            continue
        if value == (None if row is None else row.value):
            continue
        if one.base == (0 if row is None else row.version):
            changes[key] = value
        elif value is not None or one.base:
            _note_change(refused, key, row, one)
    if refused.problems:
        raise refused
    return changes


def _note_change(refused: RefusedMarks, key: tuple[int, str], row: Mark | None, one: Typed) -> None:
    stored = None if row is None else StoredMark(row.value, row.version)
    refused.stored[key] = stored
    message = TAKEN_AWAY if stored is None else CHANGED
    shown = None if stored is None else stored.value
    refused.problems[key] = Refused(message, field=one.aspect, stored=shown, typed=one.text or "–")


def _check_complete(layout: Layout, sheets: Sequence[Sheet]) -> dict[int, dict[str, Decimal]]:
    """Return the marks of sheets that can be signed; raise RefusedMarks with what is missing."""
    db.session.flush()
    stored = stored_marks([sheet.id for sheet in sheets])
    refused = RefusedMarks(NOT_SIGNED)
    complete: dict[int, dict[str, Decimal]] = {}
    for sheet in sheets:
        marks = stored.get(sheet.id, {})
        values = {aspect: mark.value for aspect, mark in marks.items()}
        complete[sheet.id] = values
        for line in layout.missing(values.keys()):
            refused.problems[sheet.id, line.key] = Refused(NO_MARK, field=line.key)
    if refused.problems:
        raise refused
    return complete


def _mark_signed(by: Actor, sheets: Sequence[Sheet]) -> None:
    """Sign sheets that are complete."""
    for sheet in sheets:
        sheet.state = moved(SHEET_MOVES, sheet.state, SheetState.SIGNED)
        sheet.signed_at = by.now
        sheet.version += 1
    remarks.answer(by, [sheet.id for sheet in sheets])


def adopt_marks(
    by: Actor,
    event: Event,
    scheme: Scheme,
    sheet: Sheet,
    values: Mapping[str, Decimal | None],
    sign: bool,
) -> None:
    """Part: let values that were agreed on from the paper be the marks of a sheet (R2.24).

    What is adopted was checked line by line; the judge's signature is on the paper.
    """
    stored = mark_rows([sheet.id])
    before = {key: row.value for (_, key), row in stored.items()}
    changed = {key: value for key, value in values.items() if value != before.get(key)}
    sheet.version += bool(changed)
    for key, value in changed.items():
        write_mark(by, sheet, stored.get((sheet.id, key)), key, value)
    if sign:
        _mark_signed(by, [sheet])
    if sheet.state is SheetState.SIGNED:
        refresh_spreads(scheme, sheet.seat.part, [sheet.work_id])
    if changed or sign:
        audits.record(
            by,
            "adopt",
            "sheet",
            sheet.id,
            contest_id=event.contest_id,
            before={"marks": {key: before.get(key) for key in changed}},
            after={"marks": changed, "state": sheet.state},
        )
