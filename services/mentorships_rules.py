"""The limits of mentorships as dated data: proposed by one person, approved by a second."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.mentorships import MentorshipRules
from rules.mentorships import LIMITS_MOVES, LimitsState, MentorshipLimits
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.transaction import transaction


@transaction
def propose_rules(by: Actor, from_on: date, limits: MentorshipLimits, basis: str) -> int:
    """Propose limits that hold from a day on, with the paper they rest on."""
    if not basis.strip():
        raise Refused(N_("Name the paper on which the limits rest."), "basis")
    row = MentorshipRules(
        from_on=from_on,
        rules=limits.model_dump(mode="json"),
        digest=limits.digest(),
        basis=basis.strip(),
        state=LimitsState.PROPOSED,
        proposed_at=by.now,
        proposed_by_id=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    after = {"from_on": from_on, "digest": row.digest}
    audits.record(by, "propose", "mentorship_rules", row.id, after=after)
    return row.id


@transaction
def approve_rules(by: Actor, rules_id: int) -> int:
    """Put limits into force, as a second person; pairs keep those of their first day."""
    row = _locked(rules_id)
    if row.proposed_by_id == by.account_id:
        raise Refused(N_("Somebody else must approve this: you have proposed it."))
    same_day = select(MentorshipRules.id).where(
        MentorshipRules.from_on == row.from_on, MentorshipRules.state == LimitsState.APPROVED
    )
    if db.session.scalar(same_day) is not None:
        raise Refused(N_("Other limits hold from this day already."))
    _decide(by, row, LimitsState.APPROVED, "approve")
    return rules_id


@transaction
def reject_rules(by: Actor, rules_id: int, *, reason: str) -> int:
    """Reject proposed limits."""
    check_reason(reason)
    _decide(by, _locked(rules_id), LimitsState.REJECTED, "reject", reason=reason)
    return rules_id


def _decide(
    by: Actor, row: MentorshipRules, state: LimitsState, action: str, **more: object
) -> None:
    row.state = moved(LIMITS_MOVES, row.state, state)
    row.decided_at = by.now
    # Whoever has proposed limits may take them back himself, but never approve them.
    row.decided_by_id = None if by.account_id == row.proposed_by_id else by.account_id
    audits.record(by, action, "mentorship_rules", row.id, after={"digest": row.digest, **more})


def _locked(rules_id: int) -> MentorshipRules:
    row = db.session.get(MentorshipRules, rules_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(rules_id)
    return row


def list_rules() -> Sequence[MentorshipRules]:
    """List all versions of the limits, the latest first."""
    query = select(MentorshipRules).options(
        joinedload(MentorshipRules.proposed_by), joinedload(MentorshipRules.decided_by)
    )
    order = (MentorshipRules.from_on.desc(), MentorshipRules.id.desc())
    return db.session.scalars(query.order_by(*order)).all()


def limits_as_data(row: MentorshipRules) -> MentorshipLimits:
    """Return one version of the limits as rule data."""
    return MentorshipLimits.model_validate(row.rules)
