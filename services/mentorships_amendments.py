"""Changes of running agreements: numbered, on a form, signed by all three (R7.02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from models.database import db
from models.mentorships import Mentorship, MentorshipAmendment, Milestone
from rules.data import InvalidRules
from rules.mentorship_agreements import (
    AMENDABLE,
    Agreement,
    PlanItem,
    agreement_problems,
    amended,
    changes_of,
)
from rules.mentorships import AMENDMENT_MOVES, AmendmentState, MentorshipState, Party
from rules.refusals import Missing, Refused, check_reason
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.mentorships import add_milestones, add_signature, standing_signatures
from services.mentorships_parts import (
    limits_of,
    lock_checks,
    lock_pair,
    managed,
    problems_of,
    spoken_for,
    text_of,
)
from services.transaction import transaction


@dataclass(frozen=True, slots=True)
class Change:
    """What an amendment shall say instead."""

    skill: str
    target: str
    plan: tuple[PlanItem, ...]
    assessment: str
    safeguards: str
    ends_on: date


@transaction
def propose_amendment(by: Actor, mentorship_id: int, change: Change, *, reason: str) -> int:
    """Propose a numbered change of a running agreement; return the mentorship's id."""
    check_reason(reason)
    lock_checks()
    row = managed(by, mentorship_id)
    if row.state is not MentorshipState.RUNNING:
        raise Refused(N_("This agreement does not run."))
    if open_amendment(row.id) is not None:
        raise Refused(N_("Another amendment waits for signatures."))
    old = text_of(row)
    fields = {name: getattr(change, name) for name in AMENDABLE}
    new = old.model_copy(update=fields)
    _check(row, old, new)
    made = MentorshipAmendment(
        mentorship_id=row.id,
        number=_last_number(row.id) + 1,
        reason=reason,
        changes=changes_of(old, new),
        digest="",
        state=AmendmentState.PROPOSED,
        proposed_at=by.now,
        proposed_by_id=by.account_id,
    )
    made.digest = amendment_text(row, made).digest()
    db.session.add(made)
    db.session.flush()
    _record(by, row, made, "propose_amendment")
    return mentorship_id


def _check(row: Mentorship, old: Agreement, new: Agreement) -> None:
    if not changes_of(old, new):
        raise Refused(N_("Nothing is changed."))
    problems = list(agreement_problems(new))
    kept = row.ends_on
    with db.session.no_autoflush:
        row.ends_on = new.ends_on  # only for the check; the old day holds until all have signed
        if new.ends_on != kept:
            problems += problems_of(row, limits_of(row.rules))
        row.ends_on = kept
    if problems:
        raise InvalidRules(problems)


def _last_number(mentorship_id: int) -> int:
    query = select(func.max(MentorshipAmendment.number))
    return db.session.scalar(query.where(MentorshipAmendment.mentorship_id == mentorship_id)) or 0


def amendment_text(row: Mentorship, amendment: MentorshipAmendment) -> Agreement:
    """Return the whole text as the amendment makes it, with its number and reason."""
    text = amended(text_of(row), amendment.changes)
    return text.model_copy(update={"amendment": amendment.number, "reason": amendment.reason})


def open_amendment(mentorship_id: int) -> MentorshipAmendment | None:
    """Return the amendment that waits for signatures, if any."""
    query = select(MentorshipAmendment).where(
        MentorshipAmendment.mentorship_id == mentorship_id,
        MentorshipAmendment.state == AmendmentState.PROPOSED,
    )
    return db.session.scalar(query)


def list_amendments(mentorship_id: int) -> Sequence[MentorshipAmendment]:
    """List the amendments of an agreement in their order."""
    query = select(MentorshipAmendment).where(MentorshipAmendment.mentorship_id == mentorship_id)
    return db.session.scalars(query.order_by(MentorshipAmendment.number)).all()


@transaction
def sign_amendment(by: Actor, mentorship_id: int, party: Party, name: str, digest: str) -> int:
    """Sign the open amendment as one of the three; with the third signature it holds."""
    row = lock_pair(mentorship_id)
    spoken_for(by, row, party)
    amendment = open_amendment(row.id)
    if amendment is None or row.state not in (MentorshipState.RUNNING, MentorshipState.PAUSED):
        raise Refused(N_("This agreement is not open for signatures."))
    add_signature(by, row, party, name, digest, (amendment.digest, amendment.number))
    if len(standing_signatures(row.id, amendment.number)) == len(Party):
        _apply(by, row, amendment)
    return mentorship_id


def _apply(by: Actor, row: Mentorship, amendment: MentorshipAmendment) -> None:
    text = amended(text_of(row), amendment.changes)
    for name in AMENDABLE:
        if name != "plan":
            setattr(row, name, getattr(text, name))
    row.plan = [item.model_dump(mode="json") for item in text.plan]
    if "plan" in amendment.changes:
        _renew_milestones(by, row, text.plan)
    row.digest = text_of(row).digest()
    _decide(by, row, amendment, AmendmentState.IN_FORCE, "put_in_force")


def _renew_milestones(by: Actor, row: Mentorship, plan: Sequence[PlanItem]) -> None:
    """Keep what was confirmed and what the new plan still says; withdraw the rest, add the new."""
    query = select(Milestone).where(Milestone.mentorship_id == row.id)
    found = db.session.scalars(query.order_by(Milestone.position)).all()
    wanted = {(item.what, item.until): item for item in plan}
    for one in found:
        if one.withdrawn_at is not None:
            continue
        said = wanted.pop((one.title, one.due_on), None)
        begun = one.mentor_confirmed_at or one.apprentice_confirmed_at
        if said is not None:
            one.degree = said.degree
        elif begun is None:
            one.withdrawn_at = by.now
    add_milestones(row, list(wanted.values()), max((one.position for one in found), default=0))


@transaction
def withdraw_amendment(by: Actor, mentorship_id: int) -> int:
    """Withdraw the open amendment; the agreement stays as it was."""
    row = managed(by, mentorship_id)
    amendment = open_amendment(row.id)
    if amendment is None:
        raise Missing(mentorship_id)
    _decide(by, row, amendment, AmendmentState.WITHDRAWN, "withdraw_amendment")
    return mentorship_id


def _decide(
    by: Actor, row: Mentorship, amendment: MentorshipAmendment, state: AmendmentState, action: str
) -> None:
    amendment.state = moved(AMENDMENT_MOVES, amendment.state, state)
    amendment.decided_at = by.now
    _record(by, row, amendment, action)


def _record(by: Actor, row: Mentorship, amendment: MentorshipAmendment, action: str) -> None:
    after = {"number": row.number, "amendment": amendment.number, "digest": amendment.digest}
    audits.record(by, action, "mentorship", row.id, after=after)
