"""Pay-backs (追回): opened when money falls away, received in parts, or waived by two people."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, load_only

from models.accounts import Account
from models.database import db
from models.payouts import PayoutLine, PayoutRecovery
from rules.payouts import Price
from rules.refusals import Missing, Refused, check_reason
from rules.states import (
    PAYOUT_LINE_MOVES,
    RECOVERY_MOVES,
    PayoutLineState,
    RecoveryState,
    moved,
)
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.pages import PAGE_SIZE, Page, page_of
from services.payouts_parts import locked_source, of_source
from services.transaction import transaction

_OVER = N_("Not more than %(left)s yuan are to come back.")
_OWN_WAIVER = N_("Somebody else must agree: you have proposed to waive the money.")
_NO_WAIVER = N_("Nobody has proposed to waive this money.")


def open_recovery(by: Actor, line: PayoutLine, price: Price, reason: str) -> PayoutRecovery:
    """Part: let money of a paid line come back."""
    locked_source(line.order)
    last = select(func.max(PayoutRecovery.number)).where(of_source(PayoutRecovery, line.order))
    made = PayoutRecovery(
        contest_id=line.order.contest_id,
        series_id=line.order.series_id,
        number=(db.session.scalar(last) or 0) + 1,
        line_id=line.id,
        gross=price.gross,
        net=price.net,
        reason=reason,
        opened_at=by.now,
        opened_by_id=by.account_id,
    )
    if line.state is PayoutLineState.PAID:
        line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.RECOVERING)
    db.session.add(made)
    db.session.flush()
    _record(by, "open_recovery", made, {"amount": price.net, "reason": reason})
    return made


def drop_recovery(by: Actor, recovery: PayoutRecovery, reason: str) -> None:
    """Part: let a pay-back fall to which nothing has come in."""
    recovery.state = moved(RECOVERY_MOVES, recovery.state, RecoveryState.CANCELLED)
    recovery.closed_at = by.now
    _settle_line(recovery.line)
    _record(by, "drop_recovery", recovery, {"reason": reason})


@transaction
def receive_money(by: Actor, recovery_id: int, *, amount: Decimal, version: int | None) -> int:
    """Record money that came back; all of it closes the pay-back."""
    found = _locked(recovery_id)
    _check_version(found, version)
    left = found.net - found.received
    if found.state is not RecoveryState.OPEN or not 0 < amount <= left:
        raise Refused(_OVER, field="amount", left=f"{left:.2f}")
    found.received += amount
    if found.received == found.net:
        found.state = moved(RECOVERY_MOVES, found.state, RecoveryState.RECEIVED)
        found.closed_at = by.now
        _settle_line(found.line)
    _record(by, "receive_money", found, {"amount": amount, "state": found.state})
    return recovery_id


@transaction
def propose_waiver(by: Actor, recovery_id: int, *, reason: str) -> int:
    """Propose to waive what has not come back, with the reason; a second person agrees."""
    found = _locked(recovery_id)
    check_reason(reason)
    if found.state is not RecoveryState.OPEN:
        raise Refused(N_("This pay-back is closed."))
    found.waiver_reason, found.waiver_by_id = reason, by.account_id
    _record(by, "propose_waiver", found, {"reason": reason})
    return recovery_id


@transaction
def agree_waiver(by: Actor, recovery_id: int) -> int:
    """Agree as a second person to waive what has not come back."""
    found = _locked(recovery_id)
    if found.waiver_by_id is None:
        raise Refused(_NO_WAIVER)
    if by.account_id is None or by.account_id == found.waiver_by_id:
        raise Refused(_OWN_WAIVER)
    found.state = moved(RECOVERY_MOVES, found.state, RecoveryState.WAIVED)
    found.waived_by_id, found.closed_at = by.account_id, by.now
    _settle_line(found.line)
    waived = found.net - found.received
    _record(by, "agree_waiver", found, {"amount": waived, "state": found.state})
    return recovery_id


def _settle_line(line: PayoutLine) -> None:
    """Say of a line whose pay-backs are closed whether it is still paid, if only in part."""
    db.session.flush()
    query = select(PayoutRecovery.state, PayoutRecovery.gross).where(
        PayoutRecovery.line_id == line.id
    )
    rows = db.session.execute(query).all()
    if any(state is RecoveryState.OPEN for state, _ in rows):
        return
    back = sum((gross for state, gross in rows if state is RecoveryState.RECEIVED), Decimal(0))
    if back >= line.gross:
        line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.PAID_BACK)
        line.live = False
    else:
        line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.PAID)


def _check_version(found: PayoutRecovery, version: int | None) -> None:
    if version != found.version:
        raise Refused(N_("Somebody else has changed this meanwhile. Load the page anew."))


def _record(by: Actor, action: str, found: PayoutRecovery, after: dict[str, object]) -> None:
    audits.record(by, action, "recovery", found.id, contest_id=found.contest_id, after=after)


def _locked(recovery_id: int) -> PayoutRecovery:
    found = db.session.get(
        PayoutRecovery, recovery_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise Missing(recovery_id)
    return found


_WHOLE = (
    joinedload(PayoutRecovery.line).options(
        joinedload(PayoutLine.order), joinedload(PayoutLine.account)
    ),
    joinedload(PayoutRecovery.contest),
    joinedload(PayoutRecovery.series),
)


def get_recovery(recovery_id: int) -> PayoutRecovery:
    """Return a pay-back with its line; raise Missing."""
    query = select(PayoutRecovery).options(*_WHOLE)
    found = db.session.scalar(query.where(PayoutRecovery.id == recovery_id))
    if found is None:
        raise Missing(recovery_id)
    return found


def list_recoveries(
    contests: frozenset[int] | None, page: int = 1, size: int = PAGE_SIZE
) -> Page[PayoutRecovery]:
    """List pay-backs, the open ones first."""
    query = select(PayoutRecovery).options(*_WHOLE)
    if contests is not None:
        query = query.where(PayoutRecovery.contest_id.in_(contests))
    is_open = (PayoutRecovery.state == RecoveryState.OPEN).desc()
    return page_of(query.order_by(is_open, PayoutRecovery.id.desc()), page, size)


def people_of(found: PayoutRecovery) -> dict[int, str]:
    """Name those who proposed and agreed to waive a pay-back."""
    ids = [one for one in (found.waiver_by_id, found.waived_by_id) if one]
    query = select(Account).where(Account.id.in_(ids)).options(load_only(Account.title))
    return {row.id: row.title for row in db.session.scalars(query)}
