"""A title taken back by two people: the paper falls, money stops or comes back (R5.17, R4.26)."""

from datetime import date

from sqlalchemy import select

from models.database import db
from models.payouts import PayoutClaim, PayoutLine
from models.selection_holders import SelectionBenefit, SelectionHolder
from models.selections import SelectionRound
from rules.payouts import SPENT, SeriesKind
from rules.refusals import Refused, check_reason
from rules.selection_holders import barred_until
from rules.selection_rounds import After
from rules.selections import BenefitState, HolderState
from rules.texts import N_
from services import audits, honours, payouts_changes, selection_holders_terms, selections
from services.acting import Actor
from services.payouts_parts import stop
from services.selection_holders import lock_holder
from services.transaction import transaction


@transaction
def propose_revocation(by: Actor, holder_id: int, *, reason: str) -> int:
    """Propose that a title is taken back; it stands until a second person agrees."""
    check_reason(reason)
    row = lock_holder(holder_id)
    if row.state is HolderState.REVOKED:
        raise Refused(N_("This title is revoked already."))
    if row.revoking_at is not None:
        raise Refused(N_("A revocation is proposed already."))
    row.revoking_at, row.revoking_by_id = by.now, by.account_id
    row.revoking_reason = reason.strip()
    after = {"reason": row.revoking_reason}
    audits.record(by, "propose_revocation", "selection_holder", row.id, after=after)
    return holder_id


@transaction
def drop_revocation(by: Actor, holder_id: int) -> int:
    """Let a proposed revocation fall; the title stands as before."""
    row = lock_holder(holder_id)
    _check_proposed(row)
    before = {"reason": row.revoking_reason}
    row.revoking_at, row.revoking_by_id, row.revoking_reason = None, None, ""
    audits.record(by, "drop_revocation", "selection_holder", row.id, before=before)
    return holder_id


@transaction
def confirm_revocation(by: Actor, holder_id: int) -> int:
    """Take a title back as the second person: honour, certificate, money, benefits, and the bar."""
    row = lock_holder(holder_id)
    _check_proposed(row)
    if by.account_id is None or row.revoking_by_id == by.account_id:
        raise Refused(N_("Somebody else must agree: you have proposed it."))
    after = _after(row)
    selection_holders_terms.end(row, by.today, row.revoking_reason, revoked=True)
    row.revoked_by_id = by.account_id
    row.barred_until = barred_until(by.today, after)
    honours.revoke_part(
        by, row.honour_id, reason=row.revoking_reason, whole=True, pay_back=after.pay_back
    )
    _stop_allowances(by, row, after.pay_back)
    record = {"reason": row.revoking_reason, "until": row.barred_until}
    audits.record(by, "confirm_revocation", "selection_holder", row.id, after=record)
    return holder_id


def _check_proposed(row: SelectionHolder) -> None:
    if row.revoking_at is None or row.state is HolderState.REVOKED:
        raise Refused(N_("No revocation is proposed."))


def _after(row: SelectionHolder) -> After:
    """Return the rules that hold for a title: of its round, or of the programme's last round."""
    query = select(SelectionRound).where(SelectionRound.programme_id == row.programme_id)
    if row.round_id is not None:
        query = query.where(SelectionRound.id == row.round_id)
    found = db.session.scalar(query.order_by(SelectionRound.year.desc(), SelectionRound.id.desc()))
    return After(report_due="") if found is None else selections.rules_of(found).after


def _stop_allowances(by: Actor, row: SelectionHolder, pay_back: bool) -> None:
    """Stop allowances that are on their way; those paid from the day of the deed stay the city's.

    Allowances of the past were earned; only what was paid for the running year comes back.
    """
    benefits = db.session.scalars(
        select(SelectionBenefit).where(
            SelectionBenefit.holder_id == row.id,
            SelectionBenefit.state.in_((BenefitState.ORDERED, BenefitState.GIVEN)),
        )
    ).all()
    keys = {f"{SeriesKind.BENEFITS}-{one.id}": one for one in benefits}
    query = (
        select(PayoutLine)
        .join(PayoutClaim, PayoutClaim.id == PayoutLine.claim_id)
        .where(PayoutClaim.key.in_(keys), PayoutLine.live)
        .order_by(PayoutLine.id)
        .with_for_update(of=PayoutLine)
    )
    for line in db.session.scalars(query).all():
        benefit = keys[line.claim.key]
        if line.state not in SPENT:
            line.claim.barred_at, line.claim.barred_reason = by.now, row.revoking_reason
            if line.state in payouts_changes.UNSENT:
                stop(line, row.revoking_reason)
                benefit.state, benefit.note = BenefitState.CANCELLED, row.revoking_reason
        elif pay_back and _is_of_year(benefit, by.today):
            payouts_changes.recover_whole(by, line, row.revoking_reason)
    db.session.flush()


def _is_of_year(benefit: SelectionBenefit, today: date) -> bool:
    return benefit.year == today.year
