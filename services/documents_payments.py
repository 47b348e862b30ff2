"""The payment order (奖金发放单) as a document: approved orders only, without account numbers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models.database import db
from models.entries import Entry
from models.payouts import PayoutClaim, PayoutLine, PayoutOrder
from models.results import Revision
from rules.documents import LeftOutFor
from rules.refusals import Refused
from rules.states import PayoutLineState, PayoutState, RevisionState
from services import appeals_holds, objections_holds
from services.documents_filling import clean
from services.documents_parts import ALONE, NOTHING, Gathered, LeftOut, Source, Words
from services.payouts_papers import capitals, order_number

_APPROVED = (PayoutState.APPROVED, PayoutState.SENT, PayoutState.SETTLED)
_NOT_PAID = (PayoutLineState.STOPPED, PayoutLineState.FAILED)


def payable_orders(contest_id: int) -> list[Source]:
    """List the approved payment orders of a contest whose results still stand."""
    replaced = (
        select(PayoutLine.id)
        .join(PayoutLine.revision)
        .where(PayoutLine.order_id == PayoutOrder.id, PayoutLine.state.not_in(_NOT_PAID))
        .where(Revision.state != RevisionState.SIGNED)
        .exists()
    )
    query = select(PayoutOrder).where(PayoutOrder.contest_id == contest_id, ~replaced)
    query = query.where(PayoutOrder.state.in_(_APPROVED)).order_by(PayoutOrder.number)
    return [Source(one.id, order_number(one)) for one in db.session.scalars(query)]


def ordered_payments(orders: Sequence[int], words: Words) -> Gathered:
    """Gather the lines of an approved order; who is held back is left out and named to staff."""
    order = db.session.get_one(PayoutOrder, orders[0])
    rows = db.session.execute(_lines(order.id)).all()
    found = [(row.PayoutLine, _why(row)) for row in rows]
    kept = [line for line, why in found if why is None]
    if not kept:
        raise Refused(NOTHING)
    gross, tax, net = (
        sum((getattr(line, name) for line in kept), Decimal(0)) for name in ("gross", "tax", "net")
    )
    parts = {
        "order": order_number(order),
        "lines": [_row(place, line, words) for place, line in enumerate(kept, start=1)],
        "people": str(len(kept)),
        "gross": _money(gross),
        "tax": _money(tax),
        "net": _money(net),
        "gross_capitals": capitals(gross),
        "net_capitals": capitals(net),
    }
    revisions = sorted({line.revision_id for line, _ in found if line.revision_id is not None})
    left_out = [LeftOut(line.payee, line.event, why) for line, why in found if why is not None]
    return Gathered(parts, revisions, left_out)


def _lines(order_id: int) -> Any:
    return (
        select(
            PayoutLine,
            func.coalesce(appeals_holds.is_contested(), False).label("is_contested"),
            func.coalesce(objections_holds.is_held(), False).label("is_held"),
        )
        .join(PayoutLine.claim)
        .outerjoin(Entry, Entry.id == PayoutClaim.entry_id)
        .where(PayoutLine.order_id == order_id, PayoutLine.state.not_in(_NOT_PAID))
        .order_by(PayoutLine.id)
    )


def _why(row: Any) -> LeftOutFor | None:
    if row.is_contested:
        return LeftOutFor.APPEAL
    if row.is_held:
        return LeftOutFor.OBJECTION
    return LeftOutFor.HELD if row.PayoutLine.state is PayoutLineState.HELD else None


def _row(place: int, line: PayoutLine, words: Words) -> dict[str, str]:
    return {
        "order": str(place),
        "name": clean(line.payee),
        "unit": clean(line.unit or ALONE),
        "event": clean(line.event),
        "award": clean(words.say(line.award)),
        "gross": _money(line.gross),
        "tax": _money(line.tax),
        "net": _money(line.net),
    }


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
