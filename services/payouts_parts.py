"""Pieces that all acts of payment orders share: locks, moves, holds, digests."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.contests import Contest
from models.database import db
from models.entries import Entry
from models.payouts import (
    PayoutClaim,
    PayoutLine,
    PayoutOrder,
    PayoutRecovery,
    PayoutSeries,
)
from models.results import Revision
from rules.refusals import Missing, Refused
from rules.states import (
    PAYOUT_LINE_MOVES,
    PAYOUT_MOVES,
    PayoutLineState,
    PayoutState,
    RevisionState,
    moved,
)
from rules.texts import N_
from services import appeals_holds, audits, objections_holds
from services.acting import Actor

_SUPERSEDED = N_("The results behind these lines were replaced: %(names)s. Take the lines out.")


def stop(line: PayoutLine, reason: str) -> None:
    """Part: stop a line that has not gone to the bank; its claim is free for another order."""
    line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.STOPPED)
    line.live, line.reason = False, reason


def move_order(
    by: Actor,
    order: PayoutOrder,
    state: PayoutState,
    action: str,
    more: Mapping[str, object] | None = None,
) -> None:
    """Part: move an order on and record it."""
    before = {"state": order.state}
    order.state = moved(PAYOUT_MOVES, order.state, state)
    after = {"state": state, **(more or {})}
    audits.record(by, action, "payout_order", order.id, contest_id=order.contest_id,
                  before=before, after=after)  # fmt: skip


def record_line(
    by: Actor,
    action: str,
    line: PayoutLine,
    more: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    """Part: record what was done to one line of an order."""
    after = {"line": line.id, **more}
    audits.record(by, action, "payout_order", line.order_id, contest_id=line.order.contest_id,
                  before=before, after=after)  # fmt: skip


def live_lines(order: PayoutOrder) -> list[PayoutLine]:
    """Part: return the lines of an order that count, locked."""
    query = select(PayoutLine).where(PayoutLine.order_id == order.id, PayoutLine.live)
    return list(db.session.scalars(query.order_by(PayoutLine.id).with_for_update()))


def check_results(order: PayoutOrder) -> None:
    """Refuse an order with unsent lines whose results were replaced since."""
    query = _replaced_lines(order.id).where(
        PayoutLine.live, PayoutLine.state.in_((PayoutLineState.ORDERED, PayoutLineState.HELD))
    )
    names = [row.payee for row in db.session.execute(query)]
    if names:
        raise Refused(_SUPERSEDED, names="、".join(names))


def _replaced_lines(order_id: int) -> Any:
    return (
        select(PayoutLine.id, PayoutLine.payee)
        .join(Revision, Revision.id == PayoutLine.revision_id)
        .where(PayoutLine.order_id == order_id, Revision.state != RevisionState.SIGNED)
        .order_by(PayoutLine.id)
    )


def replaced_lines(order_id: int) -> set[int]:
    """Return the lines of an order, sent ones too, whose results were replaced since."""
    return {row.id for row in db.session.execute(_replaced_lines(order_id))}


def refresh_holds(order: PayoutOrder) -> None:
    """Part: hold the unsent lines of people under an appeal or objection, let the others go."""
    db.session.flush()
    held = set(db.session.scalars(_held_lines(order.id)))
    for line in live_lines(order):
        if line.state is PayoutLineState.ORDERED and line.id in held:
            line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.HELD)
        elif line.state is PayoutLineState.HELD and line.id not in held:
            line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.ORDERED)
    db.session.flush()


def _held_lines(order_id: int) -> Any:
    return (
        select(PayoutLine.id)
        .join(PayoutClaim, PayoutClaim.id == PayoutLine.claim_id)
        .join(Entry, Entry.id == PayoutClaim.entry_id)
        .where(PayoutLine.order_id == order_id)
        .where(appeals_holds.is_contested() | objections_holds.is_held(PayoutClaim.person_id))
    )


def held_lines(order_id: int) -> set[int]:
    """Return the lines of an order whose people are under an appeal or objection now."""
    return set(db.session.scalars(_held_lines(order_id)))


def digest_of(order: PayoutOrder) -> str:
    """Return the SHA-256 of what was approved: to whom, how much, to which account."""
    query = (
        select(
            PayoutLine.claim_id,
            PayoutLine.part,
            PayoutLine.gross,
            PayoutLine.tax,
            PayoutLine.net,
            PayoutLine.account_id,
        )
        .where(PayoutLine.order_id == order.id, PayoutLine.approved)
        .order_by(PayoutLine.id)
    )
    rows = [[str(value) for value in row] for row in db.session.execute(query)]
    return hashlib.sha256(json.dumps([order.number, rows]).encode()).hexdigest()


def locked_contest(contest_id: int) -> Contest:
    """Part: lock a contest, so that its orders are numbered and its purses counted in turn."""
    found = db.session.get(Contest, contest_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(contest_id)
    return found


def locked_series(series_id: int) -> PayoutSeries:
    """Part: lock a series, so that its orders are numbered and its purse counted in turn."""
    found = db.session.get(PayoutSeries, series_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(series_id)
    return found


def locked_source(order: PayoutOrder) -> Contest | PayoutSeries:
    """Part: lock the contest or series that an order pays for."""
    if order.series_id is not None:
        return locked_series(order.series_id)
    assert order.contest_id is not None
    return locked_contest(order.contest_id)


def of_source(table: type[PayoutOrder | PayoutRecovery], order: PayoutOrder) -> Any:
    """Return the condition for rows of the same contest or series as an order."""
    if order.series_id is not None:
        return table.series_id == order.series_id
    return table.contest_id == order.contest_id


def locked_order(order_id: int) -> PayoutOrder:
    """Part: lock an order; raise Missing."""
    found = db.session.get(PayoutOrder, order_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(order_id)
    return found


def locked_line(line_id: int) -> PayoutLine:
    """Part: lock a line and its order; raise Missing."""
    line = db.session.get(PayoutLine, line_id)
    if line is None:
        raise Missing(line_id)
    locked_order(line.order_id)
    db.session.refresh(line, with_for_update={"of": PayoutLine})
    return line


def get_order(order_id: int) -> PayoutOrder:
    """Return an order; raise Missing."""
    found = db.session.get(PayoutOrder, order_id)
    if found is None:
        raise Missing(order_id)
    return found


def get_line(line_id: int) -> PayoutLine:
    """Return a line with its order and account; raise Missing."""
    whole = (joinedload(PayoutLine.order), joinedload(PayoutLine.account))
    found = db.session.scalar(select(PayoutLine).options(*whole).where(PayoutLine.id == line_id))
    if found is None:
        raise Missing(line_id)
    return found
