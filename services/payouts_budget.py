"""Budget lines of a contest or series: what submitted orders reserve and what is spent."""

from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from models.contests import Contest
from models.database import db
from models.payouts import PayoutLine, PayoutOrder, PayoutRecovery, PayoutSeries
from rules.payouts import RESERVING, SPENT, Purse
from rules.plans import EditionRules
from rules.states import PayoutState, RecoveryState

# An order reserves its money from the moment it is handed in.
COUNTING = (
    PayoutState.SUBMITTED,
    PayoutState.APPROVED,
    PayoutState.SENT,
    PayoutState.SETTLED,
)
NOTHING = Decimal("0.00")


def read_purses(contest_id: int, edition: EditionRules) -> dict[str, Purse]:
    """Return the budget lines of an edition by code, and money without a line under ""."""
    mine = PayoutOrder.contest_id == contest_id
    sums = {row[0]: (row[1] or NOTHING, row[2] or NOTHING) for row in _sums(mine)}
    within = PayoutRecovery.contest_id == contest_id
    back = {row[0]: row[1] or NOTHING for row in _back(within)}
    found: dict[str, Purse] = {}
    for line in edition.budget_lines:
        reserved, spent = sums.pop(line.code, (NOTHING, NOTHING))
        spent -= back.get(line.code, NOTHING)
        found[line.code] = Purse(line.code, line.title, line.ceiling, reserved, spent)
    for code, (reserved, spent) in sums.items():
        found[code] = Purse(code, code, None, reserved, spent - back.get(code, NOTHING))
    return found


def purses_of(source: Contest | PayoutSeries) -> dict[str, Purse]:
    """Return the budget lines of a contest, or the one of a series."""
    if isinstance(source, Contest):
        return read_purses(source.id, EditionRules.model_validate(source.rules))
    within, back = PayoutOrder.series_id == source.id, PayoutRecovery.series_id == source.id
    rows = [*_sums(within)]
    reserved = sum((row[1] or NOTHING for row in rows), NOTHING)
    spent = sum((row[2] or NOTHING for row in rows), NOTHING)
    spent -= sum((row[1] or NOTHING for row in _back(back)), NOTHING)
    code = source.budget_line
    return {code: Purse(code, source.title, source.ceiling, reserved, spent)}


def _sums(within: Any) -> Any:
    def total(states: Any) -> Any:
        return func.sum(case((PayoutLine.state.in_(states), PayoutLine.gross), else_=None))

    query = (
        select(PayoutLine.budget_line, total(RESERVING), total(SPENT))
        .join(PayoutOrder, PayoutOrder.id == PayoutLine.order_id)
        .where(within, PayoutOrder.state.in_(COUNTING))
        .where(PayoutLine.live)
        .group_by(PayoutLine.budget_line)
    )
    return db.session.execute(query)


def _back(within: Any) -> Any:
    """Add up what came back of lines that stand as paid."""
    query = (
        select(PayoutLine.budget_line, func.sum(PayoutRecovery.gross))
        .join(PayoutLine, PayoutLine.id == PayoutRecovery.line_id)
        .where(within, PayoutLine.live)
        .where(PayoutRecovery.state == RecoveryState.RECEIVED)
        .group_by(PayoutLine.budget_line)
    )
    return db.session.execute(query)
