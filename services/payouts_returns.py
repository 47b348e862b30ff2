"""The bank's answers: read, matched to the lines that were sent, confirmed, undone."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.database import db
from models.payouts import BankAccount, PayoutLine, PayoutOrder, PayoutRecovery, PayoutReturn
from rules.payees import end_of
from rules.payout_layouts import PayoutColumns, PayoutField
from rules.payout_returns import Answer, Matched, PayMatch, SentLine, matched, result_of
from rules.refusals import Missing, Refused, check_reason
from rules.states import (
    PAYOUT_LINE_MOVES,
    RETURN_MOVES,
    PayoutLineState,
    PayoutState,
    ReturnState,
    moved,
)
from rules.texts import N_
from services import audits, payouts_batches, payouts_changes
from services.acting import ZONE, Actor
from services.payouts_parts import locked_order, move_order
from services.payouts_sources import follow_payments
from services.transaction import transaction
from services.workbooks import Column, Row, read_table

_OPEN = (PayoutState.SENT, PayoutState.SETTLED)
REFERENCE, ACCOUNT, AMOUNT, RESULT, REASON, DAY = (
    "reference",
    "account",
    "amount",
    "result",
    "reason",
    "day",
)
# What banks write above these columns, beside the headings of the order's own layout.
_TITLES: dict[str, tuple[str, ...]] = {
    REFERENCE: ("业务参考号", "参考号", "客户参考号", "企业流水号", "附言", "Reference"),
    ACCOUNT: ("收款账号", "收款人账号", "账号", "卡号", "收款卡号", "Account"),
    AMOUNT: ("金额", "交易金额", "实发金额", "Amount"),
    RESULT: ("处理结果", "交易结果", "交易状态", "状态", "结果", "Result"),
    REASON: ("失败原因", "退回原因", "原因", "备注", "Reason"),
    DAY: ("交易日期", "入账日期", "付款日期", "处理日期", "Paid on"),
}
_FIELDS = {
    REFERENCE: PayoutField.REFERENCE,
    ACCOUNT: PayoutField.ACCOUNT,
    AMOUNT: PayoutField.AMOUNT,
}
_NEEDED = (REFERENCE, ACCOUNT, AMOUNT, RESULT)


def columns_of(layout: PayoutColumns) -> list[Column]:
    """Return the columns to look for: those of the order's layout, and the usual headings."""
    found = []
    for key, usual in _TITLES.items():
        own = [one.heading for one in layout.columns if one.field is _FIELDS.get(key)]
        titles = tuple(dict.fromkeys([*own, *usual]))
        kind: Any = {ACCOUNT: "digits", DAY: "date"}.get(key, "text")
        found.append(Column(key, titles, required=key in _NEEDED, kind=kind))
    return found


@transaction
def receive(by: Actor, order_id: int, data: bytes, filename: str) -> int:
    """Keep what the bank's file says until somebody confirms it; return its id.

    Of account numbers the last four digits alone are kept.
    """
    order = locked_order(order_id)
    if order.state not in _OPEN:
        raise Refused(N_("The bank answers orders that were sent."))
    stored = None if order.layout_id is None else payouts_batches.get_layout(order.layout_id)
    table = read_table(data, filename, columns_of(payouts_batches.columns_of(stored)))
    if table.problems:
        raise table.problems[0]
    rows = [_answer(row) for row in table.rows]
    made = PayoutReturn(
        order_id=order_id,
        filename=filename[:200],
        rows=[_stored(row, day) for row, day in rows],
        account_id=by.account_id,
        created_at=by.now,
    )
    db.session.add(made)
    db.session.flush()
    after = {"return": made.id, "rows": len(rows)}
    audits.record(by, "receive", "payout_order", order_id, contest_id=order.contest_id, after=after)
    return made.id


def _answer(row: Row) -> tuple[Answer, str]:
    text = {key: str(value or "").strip() for key, value in row.values.items()}
    number = re.sub(r"\D", "", unicodedata.normalize("NFKC", text[ACCOUNT]))
    day = row.values[DAY]
    answer = Answer(
        row.number,
        text[REFERENCE],
        text[AMOUNT],
        end_of(number),
        result_of(text[RESULT]),
        (text[REASON] or text[RESULT])[:200],
        tuple(str(problem) for problem in row.problems),
    )
    return answer, day.isoformat() if isinstance(day, date) else ""


def _stored(answer: Answer, day: str) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in Answer.__slots__} | {"day": day}


def rows_of(stored: PayoutReturn) -> list[Answer]:
    """Read the stored rows."""
    return [
        Answer(
            **{name: one[name] for name in Answer.__slots__ if name != "problems"},
            problems=tuple(one["problems"]),
        )
        for one in stored.rows
    ]


def report(stored: PayoutReturn) -> list[Matched]:
    """Match a file to its order as both are now."""
    return matched(rows_of(stored), _sent_lines(stored.order_id))


def _sent_lines(order_id: int) -> list[SentLine]:
    query = (
        select(
            PayoutLine.id,
            PayoutLine.payee,
            PayoutLine.net,
            BankAccount.last_four,
            PayoutLine.state,
        )
        .join(BankAccount, BankAccount.id == PayoutLine.account_id)
        .where(PayoutLine.order_id == order_id, PayoutLine.batch.is_not(None))
        .order_by(PayoutLine.id)
    )
    return [SentLine(*row) for row in db.session.execute(query)]


@transaction
def confirm(by: Actor, return_id: int) -> int:
    """Take over every row that fits: lines are paid, or failed; return the order.

    A failed line can be ordered again under the same claim. What was paid although its honour fell
    meanwhile must come back.
    """
    stored = locked_return(return_id)
    order = locked_order(stored.order_id)
    stored.state = moved(RETURN_MOVES, stored.state, ReturnState.CONFIRMED)
    stored.confirmed_at = by.now
    good = [one for one in report(stored) if one.is_good]
    if not good:
        raise Refused(N_("No row of this file fits the order."))
    days = {one["number"]: one["day"] for one in stored.rows}
    lines = {line.id: line for line in _locked_lines([_key(one) for one in good])}
    paid = [line for one in good if (line := _settled(by, one, lines, days)) is not None]
    stored.settled = [line_id for line_id in lines]
    after: dict[str, object] = {"return": return_id, "paid": len(paid)}
    after["failed"] = len(good) - len(paid)
    audits.record(by, "confirm_answer", "payout_order", order.id, contest_id=order.contest_id,
                  after=after)  # fmt: skip
    db.session.flush()
    payouts_changes.after_payment(by, order.contest_id, paid)
    follow_payments(order)
    settle_order(by, order)
    return order.id


def _key(one: Matched) -> int:
    assert one.line is not None
    return one.line.id


def _settled(
    by: Actor, one: Matched, lines: dict[int, PayoutLine], days: dict[int, str]
) -> PayoutLine | None:
    """Let a line be paid, and return it; or let it fail."""
    assert one.row is not None
    line = lines[_key(one)]
    if one.match is PayMatch.FAILED:
        line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.FAILED)
        line.live, line.reason = False, one.row.text
        return None
    line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.PAID)
    day = days[one.row.number]
    line.paid_at = datetime.combine(date.fromisoformat(day), time(12), ZONE) if day else by.now
    return line


def _locked_lines(line_ids: Sequence[int]) -> Sequence[PayoutLine]:
    query = select(PayoutLine).options(joinedload(PayoutLine.claim))
    query = query.where(PayoutLine.id.in_(line_ids)).order_by(PayoutLine.id)
    return db.session.scalars(query.with_for_update(of=PayoutLine)).all()


def settle_order(by: Actor, order: PayoutOrder) -> None:
    """Part: an order is settled once no line of it waits; it is open again where one does."""
    db.session.flush()
    waiting = (PayoutLineState.ORDERED, PayoutLineState.HELD, PayoutLineState.SENT)
    query = select(func.count()).where(
        PayoutLine.order_id == order.id, PayoutLine.state.in_(waiting)
    )
    is_settled = not db.session.scalar(query)
    if is_settled and order.state is PayoutState.SENT:
        order.settled_at = by.now
        move_order(by, order, PayoutState.SETTLED, "settle")
    elif not is_settled and order.state is PayoutState.SETTLED:
        order.settled_at = None
        move_order(by, order, PayoutState.SENT, "reopen")


@transaction
def discard(by: Actor, return_id: int) -> int:
    """Put a file away that was not confirmed; return the order."""
    stored = locked_return(return_id)
    stored.state = moved(RETURN_MOVES, stored.state, ReturnState.DISCARDED)
    stored.rows = []
    order = stored.order
    audits.record(by, "discard_answer", "payout_order", order.id, contest_id=order.contest_id,
                  after={"return": return_id})  # fmt: skip
    return order.id


@transaction
def undo(by: Actor, return_id: int, *, reason: str) -> int:
    """Take a confirmed file back, as long as nothing follows from it; return the order."""
    stored = locked_return(return_id)
    check_reason(reason)
    order = locked_order(stored.order_id)
    stored.state = moved(RETURN_MOVES, stored.state, ReturnState.UNDONE)
    _check_nothing_follows(stored.settled)
    for line in _locked_lines(stored.settled):
        line.state = moved(PAYOUT_LINE_MOVES, line.state, PayoutLineState.SENT)
        line.live, line.reason, line.paid_at = True, "", None
    after = {"return": return_id, "lines": len(stored.settled), "reason": reason}
    follow_payments(order)
    audits.record(by, "undo_answer", "payout_order", order.id, contest_id=order.contest_id,
                  after=after)  # fmt: skip
    settle_order(by, order)
    return order.id


def _check_nothing_follows(line_ids: Sequence[int]) -> None:
    """Refuse where a failed line was ordered again, or a paid one must come back."""
    other = select(PayoutLine.claim_id).where(PayoutLine.id.in_(line_ids))
    later = select(PayoutLine.id).where(
        PayoutLine.claim_id.in_(other),
        PayoutLine.id.not_in(line_ids),
        PayoutLine.id > min(line_ids),
        PayoutLine.live,
    )
    back = select(PayoutRecovery.id).where(PayoutRecovery.line_id.in_(line_ids))
    if db.session.execute(later.limit(1)).first() or db.session.execute(back.limit(1)).first():
        raise Refused(N_("Something follows from this answer already: a new line or a pay-back."))


def locked_return(return_id: int) -> PayoutReturn:
    """Part: lock an answer of the bank; raise Missing."""
    found = db.session.get(PayoutReturn, return_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(return_id)
    return found


def get_return(return_id: int) -> PayoutReturn:
    """Return an answer of the bank with its order; raise Missing."""
    query = select(PayoutReturn).options(
        joinedload(PayoutReturn.order).joinedload(PayoutOrder.contest)
    )
    found = db.session.scalar(query.where(PayoutReturn.id == return_id))
    if found is None:
        raise Missing(return_id)
    return found


def list_returns(order_id: int) -> Sequence[PayoutReturn]:
    """List the answers to an order, the newest first."""
    query = select(PayoutReturn).where(PayoutReturn.order_id == order_id)
    return db.session.scalars(query.order_by(PayoutReturn.id.desc())).all()
