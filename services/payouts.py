"""Payment orders: prepared from what is due, handed in, approved by a second person, cancelled."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, false, func, or_, select

from models.accounts import Account
from models.database import db
from models.entries import EntryMember
from models.payouts import BankAccount, PayoutClaim, PayoutLine, PayoutOrder
from rules.award_shares import ShareKind
from rules.payouts import Treatment, as_wages, purse_problem, refusal_of
from rules.refusals import Missing, Refused, check_reason
from rules.states import PayoutState
from rules.texts import N_
from services import audits, payouts_budget
from services.acting import Actor
from services.payouts_dues import Due, read_dues
from services.payouts_parts import (
    check_results,
    digest_of,
    live_lines,
    locked_contest,
    locked_line,
    locked_order,
    locked_source,
    move_order,
    record_line,
    refresh_holds,
    stop,
)
from services.payouts_sources import follow_payments
from services.transaction import transaction

_NOTHING = N_("Nothing can be ordered now.")
_OWN_ORDER = N_("Somebody else must approve an order: you have prepared or handed it in.")
_OWN_MONEY = N_("You are among the payees of this order; somebody else must approve it.")
_NO_ACCOUNT = N_("These payees have no bank account any more: %(names)s.")
_EMPTY = N_("No line of this order is left. Cancel it.")


@transaction
def prepare(
    by: Actor, contest_id: int, *, shares: Collection[int] | None = None, note: str = ""
) -> int:
    """Put what is due into a new order: all of it, or the shares that are named.

    A named share against which something stands is refused (R3.06, R4.26, R4.27).
    """
    locked_contest(contest_id)
    due = pick_dues(read_dues(contest_id, shares or ()), shares)
    return make_order(by, due, note, contest_id=contest_id).id


def make_order(
    by: Actor,
    due: Sequence[Due],
    note: str,
    *,
    contest_id: int | None = None,
    series_id: int | None = None,
) -> PayoutOrder:
    """Part: put dues into a new numbered order of a contest or series, which is locked."""
    if not due:
        raise Refused(_NOTHING)
    mine: Any = PayoutOrder.contest_id == contest_id
    if series_id is not None:
        mine = PayoutOrder.series_id == series_id
    last = select(func.max(PayoutOrder.number)).where(mine)
    order = PayoutOrder(
        contest_id=contest_id,
        series_id=series_id,
        number=(db.session.scalar(last) or 0) + 1,
        note=note,
        prepared_at=by.now,
        prepared_by_id=by.account_id,
    )
    db.session.add(order)
    db.session.flush()
    claims = _claims(due)
    db.session.add_all([_line(order, claims[one.key], one) for one in due])
    db.session.flush()
    total = sum((one.rest.gross for one in due), Decimal(0))
    after = {"number": order.number, "lines": len(due), "amount": total}
    audits.record(by, "prepare", "payout_order", order.id, contest_id=contest_id, after=after)
    return order


def pick_dues(dues: Sequence[Due], shares: Collection[int] | None) -> list[Due]:
    """Part: return all that can be ordered, or what is named; refuse what cannot be."""
    if shares is None:
        return [one for one in dues if one.obstacle is None]
    wanted = {*shares}
    chosen = [one for one in dues if one.share_id in wanted]
    if len(chosen) < len(wanted):
        raise Missing(wanted)
    for one in chosen:
        if one.obstacle is not None:
            raise refusal_of(one.obstacle, one.payee)
    return chosen


def _claims(due: Sequence[Due]) -> dict[str, PayoutClaim]:
    """Return the claims of these shares; who has none gets one for ever."""
    query = select(PayoutClaim).where(PayoutClaim.key.in_([one.key for one in due]))
    found = {claim.key: claim for claim in db.session.scalars(query)}
    for one in due:
        if one.key not in found:
            found[one.key] = new_claim(one)
    db.session.flush()
    return found


def new_claim(one: Due) -> PayoutClaim:
    """Part: add the claim of a share."""
    claim = PayoutClaim(
        key=one.key,
        contest_id=one.contest_id,
        series_id=one.series_id,
        entry_id=one.entry_id,
        kind=one.kind,
        person_id=one.person_id,
        employer_id=one.employer_id,
        title=one.title,
    )
    db.session.add(claim)
    return claim


def _line(order: PayoutOrder, claim: PayoutClaim, one: Due) -> PayoutLine:
    rest = one.rest
    return PayoutLine(
        order_id=order.id,
        claim_id=claim.id,
        revision_id=one.revision_id,
        part=one.part,
        payee=one.payee,
        payee_kind=one.payee_kind,
        unit=one.unit,
        event=one.event,
        award=one.title,
        promised=one.promised,
        gross=rest.gross,
        tax=rest.tax,
        net=rest.net,
        rate=rest.rate,
        treatment=rest.treatment,
        basis=rest.basis,
        budget_line=one.budget_line,
        account_id=one.account_id,
    )


@transaction
def submit(by: Actor, order_id: int) -> int:
    """Hand an order in for approval; from now on its money is reserved."""
    order = locked_order(order_id)
    source = locked_source(order)
    lines = live_lines(order)
    if not lines:
        raise Refused(_EMPTY)
    check_results(order)
    refresh_holds(order)
    _take_present_accounts(lines)
    wanted: dict[str, Decimal] = {}
    for line in lines:
        wanted[line.budget_line] = wanted.get(line.budget_line, Decimal(0)) + line.gross
    problem = purse_problem(payouts_budget.purses_of(source), wanted)
    if problem is not None:
        raise problem
    order.submitted_at, order.submitted_by_id = by.now, by.account_id
    move_order(by, order, PayoutState.SUBMITTED, "submit")
    return order_id


def _take_present_accounts(lines: Sequence[PayoutLine]) -> None:
    """Let lines follow their payees to the accounts that they name by now."""
    olds = {line.account_id for line in lines}
    owners = {
        row.id: (row.person_id, row.employer_id)
        for row in db.session.execute(
            select(BankAccount.id, BankAccount.person_id, BankAccount.employer_id).where(
                BankAccount.id.in_(olds)
            )
        )
    }
    query = (
        select(BankAccount)
        .where(BankAccount.ended_at.is_(None))
        .where(
            or_(
                BankAccount.person_id.in_([one for one, _ in owners.values() if one]),
                BankAccount.employer_id.in_([one for _, one in owners.values() if one]),
            )
        )
    )
    present = {(one.person_id, one.employer_id): one.id for one in db.session.scalars(query)}
    missing = [line.payee for line in lines if owners[line.account_id] not in present]
    if missing:
        raise Refused(_NO_ACCOUNT, names="、".join(missing))
    for line in lines:
        line.account_id = present[owners[line.account_id]]


@transaction
def send_back(by: Actor, order_id: int, *, reason: str) -> int:
    """Give an order back to those who prepared it; its money is free again."""
    order = locked_order(order_id)
    check_reason(reason)
    move_order(by, order, PayoutState.DRAFT, "send_back", {"reason": reason})
    return order_id


@transaction
def approve(by: Actor, order_id: int) -> int:
    """Approve an order as a second person, who is none of its payees."""
    order = locked_order(order_id)
    if by.account_id is None or by.account_id in (order.prepared_by_id, order.submitted_by_id):
        raise Refused(_OWN_ORDER)
    if _is_payee(by.account_id, order_id):
        raise Refused(_OWN_MONEY)
    lines = live_lines(order)
    if not lines:
        raise Refused(_EMPTY)
    check_results(order)
    refresh_holds(order)
    for line in lines:
        line.approved = True
    order.approved_at, order.approved_by_id = by.now, by.account_id
    order.digest = digest_of(order)
    move_order(by, order, PayoutState.APPROVED, "approve", {"digest": order.digest})
    return order_id


def _is_payee(account_id: int, order_id: int) -> bool:
    """Say whether an account belongs to somebody, or to an employer, whom an order pays."""
    account = db.session.get_one(Account, account_id)
    same = []
    if account.person_id is not None:
        member = (
            select(EntryMember.id)
            .where(EntryMember.entry_id == PayoutClaim.entry_id)
            .where(EntryMember.person_id == account.person_id)
            .exists()
        )
        same += [
            PayoutClaim.person_id == account.person_id,
            and_(PayoutClaim.kind == ShareKind.TEAM, member),
        ]
    if account.employer_id is not None:
        same.append(PayoutClaim.employer_id == account.employer_id)
    query = (
        select(PayoutClaim.id)
        .join(PayoutLine, PayoutLine.claim_id == PayoutClaim.id)
        .where(PayoutLine.order_id == order_id, PayoutLine.live, or_(false(), *same))
    )
    return db.session.execute(query.limit(1)).first() is not None


@transaction
def cancel(by: Actor, order_id: int, *, reason: str) -> int:
    """Cancel an order that has not gone to the bank; its lines can be ordered again."""
    order = locked_order(order_id)
    check_reason(reason)
    for line in live_lines(order):
        stop(line, reason)
    follow_payments(order)
    move_order(by, order, PayoutState.CANCELLED, "cancel", {"reason": reason})
    return order_id


@transaction
def stop_line(by: Actor, line_id: int, *, reason: str) -> int:
    """Take a line out of an order before it goes to the bank; return the order."""
    line = locked_line(line_id)
    check_reason(reason)
    stop(line, reason)
    follow_payments(line.order)
    record_line(by, "stop_line", line, {"reason": reason})
    return line.order_id


@transaction
def treat_as_wages(by: Actor, line_id: int, *, reason: str) -> int:
    """Let a line of a draft be wages that the worker's own employer pays (R4.32)."""
    line = locked_line(line_id)
    check_reason(reason)
    if line.order.state is not PayoutState.DRAFT:
        raise Refused(N_("Only a draft can be changed; send the order back first."))
    if line.part or line.treatment is not Treatment.WITHHELD or not line.live:
        raise Refused(N_("Only a taxed first payment can become wages."))
    price = as_wages(line.promised)
    before = {"gross": line.gross, "tax": line.tax, "net": line.net}
    line.gross, line.tax, line.net = price.gross, price.tax, price.net
    line.rate, line.treatment, line.reason = price.rate, price.treatment, reason
    record_line(by, "treat_as_wages", line, {"reason": reason}, before)
    return line.order_id
