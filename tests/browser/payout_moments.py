"""Prizes that the bank has paid: one payment failed, one must come back, a bank's own columns."""

from sqlalchemy import select

from models.database import db
from models.entries import Entry
from models.honours import Honour
from models.payouts import PayoutClaim, PayoutLine, PayoutReturn
from rules.honours import HonourKind
from rules.payout_layouts import usual_columns
from rules.states import PayoutLineState, ReturnState
from services import honours, payouts_batches, payouts_recoveries, payouts_returns
from services.demo_stages import Stage


def be_paid(stage: Stage) -> str:
    """Take over the bank's answer, revoke a prize that was paid, propose to waive it.

    Returns where the account of an employer is typed, who has no prize here and so no link.
    """
    by = stage.by("payer", -1)
    payouts_batches.save_layout(by, None, title="农村商业银行", columns=usual_columns())
    waiting = select(PayoutReturn.id).where(PayoutReturn.state == ReturnState.PREVIEWED)
    payouts_returns.confirm(by, db.session.scalars(waiting).one())
    query = (
        select(Honour.id)
        .join(PayoutClaim, PayoutClaim.entry_id == Honour.entry_id)
        .join(PayoutLine, PayoutLine.claim_id == PayoutClaim.id)
        .where(PayoutLine.state == PayoutLineState.PAID, Honour.kind == HonourKind.PRIZE)
        .order_by(PayoutLine.id.desc())
    )
    honour_id = db.session.scalars(query.limit(1)).one()
    honours.revoke(stage.by("bureau", -1), honour_id, reason="经查实系冒名顶替参赛", whole=True)
    (back,) = payouts_recoveries.list_recoveries(None).items
    payouts_recoveries.propose_waiver(by, back.id, reason="本人无力退还")
    query = (
        select(PayoutClaim.contest_id, Entry.employer_id)
        .join(Entry, Entry.id == PayoutClaim.entry_id)
        .where(Entry.employer_id.is_not(None))
        .order_by(PayoutClaim.id)
    )
    contest_id, employer_id = db.session.execute(query).first() or (0, 0)
    return f"/contests/{contest_id}/paid-employers/{employer_id}"
