"""Marks given anew: the chief judge asks, only these lines open, both versions are kept (R2.15)."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.accounts import Account
from models.control import Remark
from models.database import db
from models.judging import Mark, PanelSeat, Sheet
from rules.data import plain
from rules.refusals import Missing, Refused, check_reason
from rules.scheme_nodes import Aspect
from rules.seats import bench_of
from rules.states import SHEET_MOVES, EventState, SheetState, moved
from rules.texts import N_
from services import audits, contests
from services.acting import Actor
from services.draws import lock_event
from services.spreads import refresh_spreads
from services.transaction import transaction

ONLY_ASKED = N_("Only the lines that the chief judge asked about are open.")


@transaction
def ask_again(
    by: Actor, sheet_id: int, aspects: Collection[str], reason: str, panel: bool = False
) -> int:
    """Ask a judge, or the whole panel, to look at some lines of one work again (R2.14).

    Only these lines of the sheet open; what they held is kept. Returns the event's id.
    """
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None:
        raise Missing(sheet_id)
    event = lock_event(sheet.event_id)
    if event.state is not EventState.SCORING:
        raise Refused(N_("The marks are confirmed. Open the scoring of the event again first."))
    scheme = contests.scheme_of(event)
    bench = bench_of(scheme, sheet.seat.part)
    _check(aspects, reason, bench.layout(sheet.seat.number).lines)
    chosen = _chosen(sheet, panel)
    for one in chosen:
        marked = {line.key for line in bench.layout(one.seat.number).lines}
        if marked & {*aspects}:  # not every seat of a panel marks every line
            _open(by, one, sorted(marked & {*aspects}), reason)
    refresh_spreads(scheme, sheet.seat.part, [sheet.work_id])
    after = {
        "aspects": sorted(aspects),
        "reason": reason,
        "sheets": [one.id for one in chosen],
    }
    audits.record(by, "ask_again", "sheet", sheet_id, contest_id=event.contest_id, after=after)
    return event.id


def _check(aspects: Collection[str], reason: str, lines: Iterable[object]) -> None:
    if not aspects:
        raise Refused(N_("Tick at least one line."), field="aspects")
    if not {*aspects} <= {line.key for line in lines if isinstance(line, Aspect)}:
        raise Missing("aspect")
    check_reason(reason)


def _chosen(sheet: Sheet, panel: bool) -> Sequence[Sheet]:
    """Lock the sheets that open: signed ones, and those that are open for such a question."""
    query = select(Sheet).join(PanelSeat, PanelSeat.id == Sheet.seat_id)
    if panel:
        query = query.where(Sheet.work_id == sheet.work_id, PanelSeat.part == sheet.seat.part)
        query = query.where(PanelSeat.number > 0)
    else:
        query = query.where(Sheet.id == sheet.id)
    query = query.order_by(Sheet.id).with_for_update(of=Sheet)
    found = db.session.scalars(query.execution_options(populate_existing=True)).all()
    asked = open_lines([one.id for one in found])
    chosen = [one for one in found if one.state is SheetState.SIGNED or one.id in asked]
    if not chosen:
        raise Refused(N_("This sheet is not signed: its judge can still change every mark."))
    return chosen


def _open(by: Actor, sheet: Sheet, aspects: list[str], reason: str) -> None:
    if sheet.state is SheetState.SIGNED:
        sheet.state = moved(SHEET_MOVES, sheet.state, SheetState.OPEN)
        sheet.signed_at = None
    sheet.version += 1
    db.session.add(
        Remark(
            sheet_id=sheet.id,
            aspects=aspects,
            reason=reason,
            asked_by_id=by.account_id,
            asked_at=by.now,
            before=_marks(sheet.id, aspects),
        )
    )


def _marks(sheet_id: int, aspects: Collection[str]) -> dict[str, str]:
    query = select(Mark.aspect, Mark.value).where(Mark.sheet_id == sheet_id)
    rows = db.session.execute(query.where(Mark.aspect.in_(aspects)))
    return {aspect: plain(value) for aspect, value in rows}


def open_lines(sheet_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return which lines alone are open, for sheets that were asked for again."""
    if not sheet_ids:
        return {}
    query = select(Remark.sheet_id, Remark.aspects).where(
        Remark.sheet_id.in_(sheet_ids), Remark.answered_at.is_(None)
    )
    found: dict[int, frozenset[str]] = {}
    for sheet_id, aspects in db.session.execute(query):
        found[sheet_id] = found.get(sheet_id, frozenset()) | {*aspects}
    return found


def answer(by: Actor, sheet_ids: Collection[int]) -> None:
    """Part: keep the later version of the lines that were asked for, now that it is signed."""
    db.session.flush()
    query = select(Remark).where(Remark.sheet_id.in_(sheet_ids), Remark.answered_at.is_(None))
    for remark in db.session.scalars(query):
        remark.after = _marks(remark.sheet_id, remark.aspects)
        remark.answered_at = by.now


def list_open(sheet_id: int) -> Sequence[Remark]:
    """List what a sheet's judge is asked to look at again."""
    query = select(Remark).where(Remark.sheet_id == sheet_id, Remark.answered_at.is_(None))
    return db.session.scalars(query.order_by(Remark.id)).all()


def list_of_work(work_id: int, part: str) -> Sequence[Remark]:
    """List all marks of a work and part that were asked for again, with both versions."""
    seat = joinedload(Remark.sheet).joinedload(Sheet.seat)
    query = (
        select(Remark)
        .join(Sheet, Sheet.id == Remark.sheet_id)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .options(seat.joinedload(PanelSeat.account).lazyload(Account.grants))
        .options(joinedload(Remark.asked_by).lazyload(Account.grants))
        .where(Sheet.work_id == work_id, PanelSeat.part == part)
        .order_by(Remark.id)
    )
    return db.session.scalars(query).all()
