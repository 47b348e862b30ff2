"""What pages show of payment orders: lists with their sums, lines, and who had a part."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from models.accounts import Account
from models.contests import Contest
from models.database import db
from models.payouts import PayoutLine, PayoutOrder, PayoutSeries
from rules.payouts import Sums
from rules.states import PayoutLineState, PayoutState
from services.pages import PAGE_SIZE, Page, page_of

# A stopped or failed line is not part of what an order comes to.
_COUNTED = PayoutLine.state.not_in((PayoutLineState.STOPPED, PayoutLineState.FAILED))


@dataclass(frozen=True)
class Wanted:
    """Which orders are asked for; None as contests means no limit."""

    contests: frozenset[int] | None = None
    contest_id: int | None = None
    state: PayoutState | None = None
    series_id: int | None = None


def list_orders(wanted: Wanted, page: int = 1, size: int = PAGE_SIZE) -> Page[PayoutOrder]:
    """List payment orders, the newest first."""
    query = (
        select(PayoutOrder)
        .outerjoin(PayoutOrder.contest)
        .outerjoin(PayoutOrder.series)
        .options(
            contains_eager(PayoutOrder.contest).load_only(Contest.title, Contest.code),
            contains_eager(PayoutOrder.series),
        )
    )
    if wanted.contests is not None:
        query = query.where(PayoutOrder.contest_id.in_(wanted.contests))
    for column, value in (
        (PayoutOrder.contest_id, wanted.contest_id),
        (PayoutOrder.series_id, wanted.series_id),
        (PayoutOrder.state, wanted.state),
    ):
        if value is not None:
            query = query.where(column == value)
    return page_of(query.order_by(PayoutOrder.id.desc()), page, size)


def sums_of(order_ids: Sequence[int]) -> dict[int, Sums]:
    """Add up the lines that count of some orders."""
    query = (
        select(
            PayoutLine.order_id,
            PayoutLine.budget_line,
            func.count(),
            func.sum(PayoutLine.gross),
            func.sum(PayoutLine.tax),
            func.sum(PayoutLine.net),
        )
        .where(PayoutLine.order_id.in_(order_ids), _COUNTED)
        .group_by(PayoutLine.order_id, PayoutLine.budget_line)
        .order_by(PayoutLine.budget_line)
    )
    found = {key: Sums() for key in order_ids}
    for key, code, count, gross, tax, net in db.session.execute(query):
        old = found[key]
        found[key] = Sums(
            old.count + count,
            old.gross + gross,
            old.tax + tax,
            old.net + net,
            {**old.by_line, code: gross},
        )
    return found


def list_lines(order_id: int, page: int = 1, size: int = PAGE_SIZE) -> Page[PayoutLine]:
    """List the lines of an order with their accounts."""
    query = (
        select(PayoutLine)
        .options(joinedload(PayoutLine.account), joinedload(PayoutLine.claim))
        .where(PayoutLine.order_id == order_id)
        .order_by(PayoutLine.id)
    )
    return page_of(query, page, size)


def people_of(order: PayoutOrder) -> dict[int, str]:
    """Name those who prepared, handed in and approved an order."""
    ids = [order.prepared_by_id, order.submitted_by_id, order.approved_by_id]
    query = select(Account).where(Account.id.in_([one for one in ids if one]))
    rows = db.session.scalars(query.options(load_only(Account.title)))
    return {row.id: row.title for row in rows}


class Open(NamedTuple):
    """An order that waits for somebody."""

    order_id: int
    contest_id: int | None
    contest: str
    number: int
    state: PayoutState
    gross: Decimal


def waiting_orders(contests: frozenset[int] | None) -> list[Open]:
    """List the orders that wait for somebody; None is every contest."""
    done = (PayoutState.SETTLED, PayoutState.CANCELLED)
    gross = func.coalesce(func.sum(case((_COUNTED, PayoutLine.gross), else_=None)), 0)
    query = (
        select(
            PayoutOrder.id,
            PayoutOrder.contest_id,
            func.coalesce(Contest.title, PayoutSeries.title),
            PayoutOrder.number,
            PayoutOrder.state,
            gross,
        )
        .outerjoin(Contest, Contest.id == PayoutOrder.contest_id)
        .outerjoin(PayoutSeries, PayoutSeries.id == PayoutOrder.series_id)
        .outerjoin(PayoutLine, PayoutLine.order_id == PayoutOrder.id)
        .where(PayoutOrder.state.not_in(done))
        .group_by(PayoutOrder.id, Contest.id, PayoutSeries.id)
        .order_by(PayoutOrder.id)
        .limit(50)
    )
    if contests is not None:
        query = query.where(PayoutOrder.contest_id.in_(contests))
    return [Open(*row) for row in db.session.execute(query)]


class Counted(NamedTuple):
    """How many lines of an order are in each state."""

    state: PayoutLineState
    number: int
    net: Decimal


def states_of(order_id: int) -> list[Counted]:
    """Count the lines of an order by state."""
    query = select(PayoutLine.state, func.count(), func.sum(PayoutLine.net)).where(
        PayoutLine.order_id == order_id
    )
    found = {row[0]: Counted(*row) for row in db.session.execute(query.group_by(PayoutLine.state))}
    return [found[state] for state in PayoutLineState if state in found]
