"""The printed payment order: 奖金发放审批表, with its sum in Chinese capitals."""

from collections.abc import Sequence
from typing import Any

import cn2an
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.payouts import PayoutLine, PayoutOrder
from rules.documents_wordings import OF_SERIES, wording_of
from rules.payouts import Purse, Sums, capitals_amount
from rules.plans import BudgetLine
from rules.states import PayoutLineState
from services import contests, documents, payouts_budget, payouts_lists
from services.acting import ZONE
from services.awards_workbooks import Say
from services.payouts_parts import get_order

_LEFT_OUT = (PayoutLineState.STOPPED, PayoutLineState.FAILED)


def capitals(amount: Any) -> str:
    """Write an amount in Chinese capitals (R4.30), such as 壹万贰仟伍佰元整."""
    exact = capitals_amount(amount)
    if not exact:
        return "零元整"
    written: str = cn2an.an2cn(str(exact), "rmb")
    return written


def order_number(order: PayoutOrder) -> str:
    """Return the number of an order as its papers carry it."""
    return f"{order.source.code}-发放{order.number:02d}"


def _purses(order: PayoutOrder) -> Sequence[BudgetLine | Purse]:
    """Return the budget lines that an order can name: those of the edition, or of the series."""
    if order.contest is not None:
        return contests.rules_of(order.contest).budget_lines
    return [*payouts_budget.purses_of(order.source).values()]


def order_pdf(order_id: int, say: Say) -> bytes:
    """Return an order as PDF; of accounts it shows the last four digits only."""
    order = get_order(order_id)
    query = (
        select(PayoutLine)
        .options(joinedload(PayoutLine.account))
        .where(PayoutLine.order_id == order_id, PayoutLine.state.not_in(_LEFT_OUT))
        .order_by(PayoutLine.id)
    )
    lines = db.session.scalars(query).all()
    sums = payouts_lists.sums_of([order_id]).get(order_id, Sums())
    people = payouts_lists.people_of(order)
    return documents.paper_pdf(
        "payout_order",
        contest=order.source.title,
        words=wording_of(order.contest.kind) if order.contest is not None else OF_SERIES,
        number=order_number(order),
        lines=[(line, say(line.award)) for line in lines],
        sums=sums,
        capitals=capitals(sums.net),
        gross_capitals=capitals(sums.gross),
        purses=_purses(order),
        prepared=people.get(order.prepared_by_id, ""),
        approved=people.get(order.approved_by_id or 0, ""),
        approved_on=order.approved_at and f"{order.approved_at.astimezone(ZONE):%Y-%m-%d}",
        day=documents.chinese_date(order.prepared_at.astimezone(ZONE).date()),
        note=order.note,
    )
